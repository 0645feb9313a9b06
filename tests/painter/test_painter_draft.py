"""Clips for a look in passing."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from pipeline.media.animatic import ClipBrief, paint_clip
from pipeline.timecode import SHOT_FRAMES


def test_a_draft_is_painted_on_twos_and_lasts_as_long(tmp_path: Path) -> None:
    """192 frames, each picture twice: from an even frame to the next hardly a pixel changes, then the scene moves."""
    brief = ClipBrief(shot="run", prompt="A tracking shot of a runner on a beach.", size_px=(320, 180), draft=True)
    paint_clip(brief, tmp_path / "clip.mp4")
    with av.open(str(tmp_path / "clip.mp4")) as clip:
        pictures = np.stack([frame.to_ndarray(format="gray") for frame in clip.decode(video=0)]).astype(np.int16)
    moves = np.abs(np.diff(pictures, axis=0)).mean(axis=(1, 2))
    assert len(pictures) == SHOT_FRAMES
    assert np.median(moves[0::2]) < np.median(moves[1::2]) / 3
