"""The animated preview: seconds of the film as one small picture that plays by itself. Given pictures, never files."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Final

from PIL import Image

from pipeline.model.timeline import Timeline
from pipeline.review.stills import clear_ranges
from pipeline.timecode import FRAME_RATE, FrameRange, Frames

LONG_SIDE_PX: Final = 400
_PICTURES: Final = 48  # 4 s
_STEP: Final[Frames] = 2  # every second frame of the film: motion runs true at half the rate
_RUNS: Final = 6
_QUALITY, _EFFORT = 50, 2  # of libwebp; more effort takes three times as long for a twentieth of the size


def animated_frames(timeline: Timeline) -> tuple[Frames, ...]:
    """The film frames that it shows, ascending: a run out of the middle of up to six clips, clear of soft joins."""
    clear = clear_ranges(timeline)
    count = min(_RUNS, len(clear))
    chosen = [clear[(2 * n + 1) * len(clear) // (2 * count)] for n in range(count)]
    return tuple(frame for place in chosen for frame in _middle(place, _PICTURES // count))


def draw_animation(pictures: Sequence[Image.Image]) -> bytes:
    """A WebP that plays in a loop; equal pictures give equal bytes."""
    kept = BytesIO()
    pictures[0].save(
        kept,
        "WEBP",
        save_all=True,
        append_images=pictures[1:],
        duration=int(1000 * _STEP / FRAME_RATE),
        loop=0,
        quality=_QUALITY,
        method=_EFFORT,
    )
    return kept.getvalue()


def _middle(place: FrameRange, count: int) -> range:
    """At most `count` frames, `_STEP` apart, around the middle of `place`."""
    length = min(count, -(-len(place) // _STEP)) * _STEP
    start = max(place.start, (place.start + place.stop - length) // 2)
    return range(start, min(start + length, place.stop), _STEP)
