"""Adds the pieces of a sound plan up, block by block, so that memory does not grow with the film.

Files of PCM in, arrays out; knows no ffmpeg.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pipeline.render.sound import EDGE, Fade, Piece, SoundPlan
from pipeline.timecode import SAMPLE_RATE, Samples

CHANNELS: Final = 2
SAMPLE_BYTES: Final = 4 * CHANNELS
BLOCK: Final[Samples] = 4 * SAMPLE_RATE

Stereo: TypeAlias = NDArray[np.float32]
"""Samples by channels, ±1."""

Positions: TypeAlias = NDArray[np.int64]


def mix_blocks(plan: SoundPlan, locate_pcm: Callable[[Piece], Path]) -> Iterator[Stereo]:
    """The film's sound from its first sample to its last."""
    for start in range(0, plan.samples, BLOCK):
        stop = min(start + BLOCK, plan.samples)
        block = np.zeros((stop - start, CHANNELS), np.float32)
        for piece in plan.pieces:
            begin, end = max(start, piece.start), min(stop, piece.stop)
            if begin < end:
                block[begin - start : end - start] += _play(piece, locate_pcm(piece), np.arange(begin, end))
        yield block


def _play(piece: Piece, pcm_path: Path, at: Positions) -> Stereo:
    """What the piece adds at the film samples `at` (consecutive)."""
    offset = int(at[0]) - piece.start + piece.offset
    read = _read_round if piece.is_looped else _read_once
    gain = (
        10 ** (piece.gain_db / 20) * envelope(at - piece.start, piece.rise) * envelope(piece.stop - 1 - at, piece.fall)
    )
    return read(pcm_path, offset, len(at)) * gain.astype(np.float32)[:, None]


def envelope(away: Positions, fade: Fade) -> NDArray[np.float64]:
    """The gain `away` samples from where the fade is silent; taken at the middle of a sample, so that two fades of
    equal power that cross add up to one power everywhere.
    """
    gain = np.ones(len(away))
    inside = away < fade.samples  # most samples lie in no fade, and sines take long
    gain[inside] = np.sin(np.clip((away[inside] + 0.5) / fade.samples, 0, 1) * (np.pi / 2)) ** fade.power
    return gain


def _read_once(pcm_path: Path, offset: Samples, count: Samples) -> Stereo:
    """`count` samples from `offset`; silence where the media has ended."""
    found = np.fromfile(pcm_path, np.float32, count * CHANNELS, offset=offset * SAMPLE_BYTES).reshape(-1, CHANNELS)
    return np.pad(found, ((0, count - len(found)), (0, 0)))


def _read_round(pcm_path: Path, offset: Samples, count: Samples) -> Stereo:
    """`count` samples from `offset`, beginning again at the end, with a soft edge on both sides of that."""
    length = pcm_path.stat().st_size // SAMPLE_BYTES
    runs = []
    while count > 0:
        begin = offset % length
        run = _read_once(pcm_path, begin, min(count, length - begin))
        inside = np.arange(begin, begin + len(run))
        edges = envelope(inside, Fade(EDGE)) * envelope(length - 1 - inside, Fade(EDGE))
        runs.append(run * edges.astype(np.float32)[:, None])
        offset, count = offset + len(run), count - len(run)
    return np.concatenate(runs)
