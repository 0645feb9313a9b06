"""Frames, samples and the written times that become them: the only place where seconds turn into frames.

A film runs at 24 frames a second with sound at 48,000 samples a second, which makes 2,000 samples a frame exactly; all
positions are integers of one or the other. Every range is half-open: it holds `start` and not `stop`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

Frames: TypeAlias = int
"""A count or a position in frames at `FRAME_RATE`."""

Samples: TypeAlias = int
"""A count or a position in samples a channel at `SAMPLE_RATE`."""

FRAME_RATE: Final = Fraction(24)
SAMPLE_RATE: Final = 48_000
SAMPLES_PER_FRAME: Final = 2_000
SHOT_FRAMES: Final[Frames] = 192
"""A generated clip: 8 s at 24 frames a second."""

_TIME = re.compile(r"(?P<number>\d+(?:\.\d+)?|\.\d+)\s*(?P<unit>f|frames?|ms|s|sec|seconds?)")


@dataclass(frozen=True, slots=True, order=True)
class FrameRange:
    """The frames `start` … `stop - 1` of whatever the owner says they are counted in."""

    start: Frames
    stop: Frames

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.stop:
            raise ValueError(f"a frame range needs 0 <= start <= stop, not {self.start}..{self.stop}")

    def __len__(self) -> int:
        return self.stop - self.start

    def shifted(self, by: Frames) -> FrameRange:
        return FrameRange(self.start + by, self.stop + by)

    def overlap(self, other: FrameRange) -> FrameRange | None:
        """What both hold, or None when they only touch or stand apart."""
        start, stop = max(self.start, other.start), min(self.stop, other.stop)
        return FrameRange(start, stop) if start < stop else None


@dataclass(frozen=True, slots=True)
class FrameTicks:
    """Turns the time stamps of one stream into frames, in whole numbers: a Fraction for each packet takes longer than
    what is done with the packet.

    Attributes:
        ticks: so many ticks of the stream …
        frames: … are so many frames.
    """

    ticks: int
    frames: int

    @classmethod
    def of(cls, time_base: Fraction) -> FrameTicks:
        """Args: time_base: a tick in seconds."""
        frames = time_base * FRAME_RATE
        return cls(frames.denominator, frames.numerator)

    def exact(self, at: int) -> Frames | None:
        """The frame that begins at this time stamp; None if none does."""
        frame, beyond = divmod(at * self.frames, self.ticks)
        return None if beyond else frame

    def nearest(self, at: int) -> Frames:
        """The frame that begins next to it, the later one of two."""
        return (2 * at * self.frames + self.ticks) // (2 * self.ticks)


def parse_frames(text: str) -> Frames:
    """The frames that "3s", "1.5 s", "250ms" or "36f" stand for, rounded to the nearest (half up).

    Raises:
        ValueError: with a sentence that says how a time is written.
    """
    found = _TIME.fullmatch(text.strip())
    if not found:
        raise ValueError(f'"{text}" is no time; write seconds as "3s" or frames as "72f"')
    number, unit = Fraction(found["number"]), found["unit"]
    if unit.startswith("f"):
        if number.denominator != 1:
            raise ValueError(f'"{text}" is no whole number of frames')
        return int(number)
    seconds = number / 1000 if unit == "ms" else number
    return int(seconds * FRAME_RATE + Fraction(1, 2))


def counted_frames(frames: Frames) -> str:
    """`frames` in words: "1 frame", "12 frames"."""
    return f"{frames} frame{'s' * (frames != 1)}"


def spoken_time(frames: Frames) -> str:
    """`frames` as people say them: "9 s", "2.5 s"; "37 frames" where seconds would not come out even."""
    seconds = frames / FRAME_RATE
    return f"{float(seconds):g} s" if (seconds * 20).denominator == 1 else counted_frames(frames)


def milliseconds_of(frames: Frames) -> int:
    """The last whole millisecond at which frame `frames` is not over the edge: players compare a frame's own instant
    with it, and a time rounded up would be a frame late.
    """
    return int(frames * 1_000 / FRAME_RATE)


def clock_time(frames: Frames) -> str:
    """`frames` as a timecode, `hh:mm:ss:ff`, for people (SMPTE ST 12-1, non-drop)."""
    seconds, left = divmod(frames, int(FRAME_RATE))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}:{left:02d}"
