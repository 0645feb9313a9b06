"""Where to look at a film, and which of its stills is worth being the poster. Given pictures, never files."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Final, NamedTuple

import numpy as np
from PIL import Image

from pipeline.model.timeline import Timeline
from pipeline.timecode import FrameRange, Frames

STILLS_A_CLIP: Final = 4
_JPEG_QUALITY: Final = 88
_TOO_DARK, _TOO_BRIGHT, _TOO_FLAT = 28.0, 228.0, 12.0  # mean and spread of luma, of 255
_SCORED_PX: Final = (320, 320)


def clear_ranges(timeline: Timeline) -> tuple[FrameRange, ...]:
    """For each clip the film frames in which it is seen alone; one frame in its middle if its joins leave none."""
    clips, ranges = timeline.clips, []
    for number, (clip, place) in enumerate(zip(clips, timeline.places, strict=True)):
        leaving = clips[number + 1].join.tail if number + 1 < len(clips) else 0  # a hold dissolves the tail too
        start, stop = place.start + (clip.join.head if number else 0), place.stop - leaving
        middle = (place.start + place.stop) // 2
        ranges.append(FrameRange(start, stop) if start < stop else FrameRange(middle, middle + 1))
    return tuple(ranges)


def still_frames(timeline: Timeline, count: int = STILLS_A_CLIP) -> dict[str, tuple[Frames, ...]]:
    """By item id, `count` film frames spread evenly over where it is seen alone, never its very first or last."""
    return {
        clip.item: tuple(clear.start + (2 * n + 1) * len(clear) // (2 * count) for n in range(count))
        for clip, clear in zip(timeline.clips, clear_ranges(timeline), strict=True)
    }


def choose_still(candidates: Sequence[Image.Image]) -> int:
    """Which of `candidates` is worth being the poster: sharp, colourful, of good contrast, neither dark nor blank.

    Each measure ranks all candidates and the ranks are added, so that no measure needs a weight; the earlier of equals.
    """
    measures = [_measure(picture) for picture in candidates]
    usable = [n for n, seen in enumerate(measures) if seen.is_usable] or list(range(len(measures)))
    ranks = dict.fromkeys(usable, 0)
    for values in zip(*(measures[n].merits for n in usable), strict=True):
        for n, value in zip(usable, values, strict=True):
            ranks[n] += sum(other < value for other in values)
    return max(usable, key=lambda n: (ranks[n], -n))


def as_jpeg(picture: Image.Image) -> bytes:
    kept = BytesIO()
    picture.convert("RGB").save(kept, "JPEG", quality=_JPEG_QUALITY, optimize=True, progressive=True)
    return kept.getvalue()


class _Measures(NamedTuple):
    brightness: float
    contrast: float
    sharpness: float
    colourfulness: float

    @property
    def is_usable(self) -> bool:
        return _TOO_DARK < self.brightness < _TOO_BRIGHT and self.contrast > _TOO_FLAT

    @property
    def merits(self) -> tuple[float, float, float]:
        return self.contrast, self.sharpness, self.colourfulness


def _measure(picture: Image.Image) -> _Measures:
    """Colourfulness is that of Hasler and Süsstrunk (2003): spread and mean of the opponent colours."""
    small = picture.convert("RGB")
    small.thumbnail(_SCORED_PX)
    red, green, blue = np.moveaxis(np.asarray(small, dtype=np.float32), 2, 0)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    across, down = np.diff(luma, axis=1), np.diff(luma, axis=0)
    red_green, yellow_blue = red - green, (red + green) / 2 - blue
    spread = np.hypot(red_green.std(), yellow_blue.std())
    mean = np.hypot(red_green.mean(), yellow_blue.mean())
    return _Measures(
        brightness=float(luma.mean()),
        contrast=float(luma.std()),
        sharpness=float(np.abs(across).mean() + np.abs(down).mean()),
        colourfulness=float(spread + 0.3 * mean),
    )
