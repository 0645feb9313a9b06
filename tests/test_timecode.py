"""Where seconds and ticks become frames: 24 a second, nothing rounded that need not be."""

from __future__ import annotations

from fractions import Fraction

import pytest

from pipeline.timecode import FrameTicks, clock_time, milliseconds_of, parse_frames, spoken_time


@pytest.mark.parametrize(
    ("text", "frames"), [("3s", 72), ("1.5 s", 36), ("250ms", 6), ("36f", 36), (".5s", 12), ("0.02083s", 0)]
)
def test_a_written_time_is_the_nearest_frame(text: str, frames: int) -> None:
    """Half a frame is 20.833… ms; what is less is none."""
    assert parse_frames(text) == frames


@pytest.mark.parametrize("text", ["3", "3h", "1.5f", "-1s", "s", ""])
def test_what_is_no_time_is_told_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        parse_frames(text)


@pytest.mark.parametrize(
    ("time_base", "at", "exact", "nearest"),
    [
        (Fraction(1, 12_288), 0, 0, 0),  # 512 ticks a frame
        (Fraction(1, 12_288), 191 * 512, 191, 191),
        (Fraction(1, 12_288), 191 * 512 + 255, None, 191),
        (Fraction(1, 12_288), 191 * 512 + 256, None, 192),
        (Fraction(1, 12_288), -512, -1, -1),
        (Fraction(1, 24), 7, 7, 7),
        (Fraction(1, 1_000), 125, 3, 3),  # 41.666… ms a frame
        (Fraction(1, 1_000), 42, None, 1),
        (Fraction(1, 8), 1, 3, 3),  # three frames a tick
    ],
)
def test_a_time_stamp_is_a_frame_or_lies_between_two(
    time_base: Fraction, at: int, exact: int | None, nearest: int
) -> None:
    ticks = FrameTicks.of(time_base)
    assert (ticks.exact(at), ticks.nearest(at)) == (exact, nearest)


def test_frames_are_told_as_clocks_and_people_do() -> None:
    assert clock_time(24 * 3_661 + 5) == "01:01:01:05"
    assert [spoken_time(frames) for frames in (216, 60, 37, 1)] == ["9 s", "2.5 s", "37 frames", "1 frame"]
    assert milliseconds_of(1) == 41  # 41.666…
