"""Finds flaws in what was measured of clips. Pure; what follows from them is decided in `mends` and `seams`.

Every number was chosen from genuine and painted clips; docs/seams.md says from which figures.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Final

from pipeline.model.seam import Bars, ClipMeasures, Colour, Flaw
from pipeline.timecode import FRAME_RATE, FrameRange, Frames

LIMITS: Final = MappingProxyType(
    {
        Flaw.FLASH: 4.0,  # levels of luma between the last frame of the flash and the next
        Flaw.REPEAT: 2.0,  # levels, at most: what one picture twice differs by; a shift of its brightness left out
        Flaw.STALL: 4.0,  # frames
        Flaw.COLOUR: 4.0,  # levels of mean Y, U or V
        Flaw.LOUDNESS: 10.0,  # LU
        Flaw.CLICK: 0.02,  # of full scale
        Flaw.BARS: 0.02,  # of the picture's width or height, on either side
        Flaw.SILENCE: 24.0,  # frames
        Flaw.INNER_CUT: 18.0,  # levels of luma
        Flaw.FREEZE: 24.0,  # frames
        Flaw.BLACK: 12.0,  # frames
    }
)

MAX_FLASH: Final[Frames] = 3
_CALM_AFTER_FLASH: Final[Frames] = 7
_FLASH_STANDS_OUT: Final = 5.0  # times the largest change of the calm frames after it
_CUT_STANDS_OUT: Final = 4.0  # times the largest change around it
_AROUND_CUT: Final[Frames] = 3
_STILL: Final = 0.01  # levels: what a frozen picture changes by
_STALLED: Final = 0.2  # of how much the clip changes as a rule
_MOVING: Final = 0.3  # levels a frame: a clip that changes less as a rule cannot stall
_STALL_REACH: Final[Frames] = 12
_BLACK_MEAN, _BLACK_SPREAD = 20.0, 3.0  # luma as coded: black is 16
_SILENT_LUFS, _HEARD_LUFS = -60.0, -50.0
_UNEVEN_BARS: Final = 0.01  # of the width or height
SIDE: Final[Frames] = 3
"""Frames of either side whose colours are compared at a join."""
_SECOND: Final[Frames] = int(FRAME_RATE)


@dataclass(frozen=True, slots=True)
class Found:
    """A flaw in frames of a clip's own media, half-open; `measured` is in the unit of its limit."""

    flaw: Flaw
    at: FrameRange
    measured: float


def find_flash(seen: ClipMeasures) -> Found | None:
    """First frames that are another picture: one large change, then calm.

    x a a a a a a …           x: the image that the clip was made from
     ^ 40 levels, and 0.2 after it
    """
    changes = seen.changes
    for last in reversed(range(min(MAX_FLASH, len(changes) - _CALM_AFTER_FLASH))):
        calm = max(changes[last + 1 : last + 1 + _CALM_AFTER_FLASH])
        if changes[last] >= max(LIMITS[Flaw.FLASH], _FLASH_STANDS_OUT * calm):
            return Found(Flaw.FLASH, FrameRange(0, last + 1), changes[last])
    return None


def find_repeat(left: ClipMeasures, left_frame: Frames, right: ClipMeasures, right_frame: Frames) -> Found | None:
    """Whether the two frames are one picture. Measured is what they differ by once most of both is equally bright."""
    steps = [b - a for a, b in zip(left.luma(left_frame), right.luma(right_frame), strict=True)]
    shift = sorted(steps)[len(steps) // 2]
    differs = sum(abs(step - shift) for step in steps) / len(steps)
    if differs > LIMITS[Flaw.REPEAT]:
        return None
    return Found(Flaw.REPEAT, FrameRange(right_frame, right_frame + 1), differs)


def find_stall(left: ClipMeasures, left_used: FrameRange, right: ClipMeasures, right_used: FrameRange) -> Found | None:
    """How long the movement of a chain stands still around its join, if it moves as a rule; `at` is in the right clip.

    The change over the join itself is left out: that is a repeat, or a step of colour.
    """
    before = left.changes[max(left_used.start, left_used.stop - 1 - _STALL_REACH) : left_used.stop - 1]
    after = right.changes[right_used.start : min(right_used.stop - 1, right_used.start + _STALL_REACH)]
    usual = min(_median(left.changes), _median(right.changes))
    if usual < _MOVING:
        return None
    still_before = _leading(list(reversed(before)), _STALLED * usual)
    still_after = _leading(after, _STALLED * usual)
    frames = still_before + still_after
    if frames < LIMITS[Flaw.STALL]:
        return None
    return Found(Flaw.STALL, FrameRange(right_used.start, right_used.start + still_after), frames)


def colour_between(left: Colour, right: Colour) -> float:
    """The largest difference of mean Y, U or V, in levels."""
    return max(abs(a - b) for a, b in zip(left.means, right.means, strict=True))


def colour_of(seen: ClipMeasures, frames: FrameRange) -> Colour:
    """The mean over some frames; at least one."""
    colours = seen.colours[frames.start : frames.stop]
    means = [sum(each) / len(colours) for each in zip(*(colour.means for colour in colours), strict=True)]
    spreads = [sum(each) / len(colours) for each in zip(*(colour.spreads for colour in colours), strict=True)]
    return Colour((means[0], means[1], means[2]), (spreads[0], spreads[1], spreads[2]))


def loudness_of(seen: ClipMeasures, frames: FrameRange) -> float | None:
    """Ungated, in LUFS, of some frames; None where there is nothing to hear."""
    energy = seen.energy[frames.start : frames.stop]
    lufs = _lufs(sum(energy) / len(frames)) if energy else -math.inf
    return lufs if lufs > _SILENT_LUFS else None


def last_second(used: FrameRange) -> FrameRange:
    return FrameRange(max(used.start, used.stop - _SECOND), used.stop)


def first_second(used: FrameRange) -> FrameRange:
    return FrameRange(used.start, min(used.stop, used.start + _SECOND))


def find_bars(seen: ClipMeasures, size_px: tuple[int, int]) -> Bars | None:
    """Bars on two sides that face each other, about equally wide; None for any other darkness at an edge."""
    bars = seen.bars
    columns = _even(bars.left, bars.right, size_px[0])
    rows = _even(bars.top, bars.bottom, size_px[1])
    if not columns and not rows:
        return None
    return Bars(
        left=bars.left if columns else 0,
        right=bars.right if columns else 0,
        top=bars.top if rows else 0,
        bottom=bars.bottom if rows else 0,
    )


def find_inside(seen: ClipMeasures, used: FrameRange, *, is_heard: bool) -> Iterator[Found]:
    """What is wrong within the used frames and cannot be put right; a flash is none of it.

    Args:
        is_heard: whether the clip's own sound is used.
    """
    yield from _inner_cuts(seen, used)
    dark = [mean[0] <= _BLACK_MEAN and spread[0] <= _BLACK_SPREAD for mean, spread in seen.colours]
    yield from _runs(Flaw.BLACK, dark, used)
    still = [change <= _STILL for change in seen.changes]
    lit_and_still = [is_still and not is_dark for is_still, is_dark in zip(still, dark, strict=False)]
    yield from _runs(Flaw.FREEZE, lit_and_still, FrameRange(used.start, max(used.start, used.stop - 1)))
    if is_heard:
        yield from _silent_tail(seen, used)


def _inner_cuts(seen: ClipMeasures, used: FrameRange) -> Iterator[Found]:
    for n in range(max(used.start, MAX_FLASH), used.stop - 1):
        around = (*seen.changes[max(0, n - _AROUND_CUT) : n], *seen.changes[n + 1 : n + 1 + _AROUND_CUT])
        if seen.changes[n] >= max(LIMITS[Flaw.INNER_CUT], _CUT_STANDS_OUT * max(around, default=0.0)):
            yield Found(Flaw.INNER_CUT, FrameRange(n + 1, n + 2), seen.changes[n])


def _runs(flaw: Flaw, is_so: Sequence[bool], within: FrameRange) -> Iterator[Found]:
    """Runs of frames that are so, no shorter than the limit."""
    for is_run, frames in groupby(range(within.start, within.stop), key=lambda n: is_so[n]):
        run = list(frames)
        if is_run and len(run) >= LIMITS[flaw]:
            yield Found(flaw, FrameRange(run[0], run[-1] + 1), len(run))


def _silent_tail(seen: ClipMeasures, used: FrameRange) -> Iterator[Found]:
    heard = [_lufs(energy) for energy in seen.energy[used.start : used.stop]]
    if not heard or max(heard) < _HEARD_LUFS:
        return
    last = max(n for n, lufs in enumerate(heard) if lufs >= _SILENT_LUFS)
    tail = FrameRange(used.start + last + 1, used.stop)
    if len(tail) >= LIMITS[Flaw.SILENCE]:
        yield Found(Flaw.SILENCE, tail, len(tail))


def _lufs(energy: float) -> float:
    """ITU-R BS.1770-4, equation 2."""
    return -0.691 + 10 * math.log10(energy) if energy > 0 else -math.inf


def _even(one: int, other: int, whole: int) -> bool:
    return min(one, other) >= LIMITS[Flaw.BARS] * whole and abs(one - other) <= _UNEVEN_BARS * whole


def _leading(changes: Sequence[float], most: float) -> int:
    """How many at the beginning are no larger than `most`."""
    return next((n for n, change in enumerate(changes) if change > most), len(changes))


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2] if values else 0.0
