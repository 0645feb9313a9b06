"""A long track that is encoded in parts sounds like one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from cutting_room import Cutting
from footage import sound_of

from pipeline.media.aac import Part, divide, preroll


def test_parts_meet_at_a_packet() -> None:
    """1,000 packets of sound and one of priming: 500 and 501, each heard a second (48 packets) longer before it."""
    assert divide(1_000 * 1_024, 2) == (
        Part(start=0, stop=504 * 1_024, first=0, last=500),
        Part(start=452 * 1_024, stop=1_000 * 1_024, first=48, last=549),
    )


def test_a_short_track_is_one_part() -> None:
    """Ten seconds are not worth a second encoder."""
    assert divide(468 * 1_024, 2) == (Part(start=0, stop=468 * 1_024, first=0, last=469),)


@pytest.mark.parametrize(("samples", "expected"), [(48_000, 128), (1_024, 0), (8_064_000, 0)])
def test_silence_fills_the_last_packet(samples: int, expected: int) -> None:
    """47 × 1,024 = 48,128; 8,064,000 = 7,875 × 1,024."""
    assert preroll(samples) == expected


def test_nothing_is_heard_where_two_parts_meet(tmp_path: Path) -> None:
    """Over 24 s of a tone of 440 Hz no two samples are further apart than its steepest slope, give or take a little."""
    cutting = Cutting(tmp_path)
    cutting.cut(cutting.clip("a", frames=576, hz=440.0))
    heard = sound_of(cutting.film_path)
    assert len(heard) == 1_152_000
    inside = heard[24_000:-24_000]
    steepest = np.abs(inside).max() * 2 * np.pi * 440 / 48_000
    assert np.abs(np.diff(inside)).max() < 1.1 * steepest
