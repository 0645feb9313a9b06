"""Draws a seam as the eye cannot see it: the frames around it side by side, as the clips came and as the film has them.

before   a a a | x b b b        x: left out by a mend, dimmed and crossed out
after    a a a |   b b b
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw

from pipeline.errors import MediaError
from pipeline.model.seam import Flaw, ScoreCard, Seam, Standing
from pipeline.model.timeline import Clip, Timeline
from pipeline.review.stills import as_jpeg
from pipeline.timecode import Frames

if TYPE_CHECKING:
    from pipeline.review.looks import ExtractFrames

MAX_STRIPS: Final = 6
"""Each asks for two clips to be decoded to the frame; what is not mended comes first."""

SEEN_FLAWS: Final = frozenset({Flaw.FLASH, Flaw.REPEAT, Flaw.STALL, Flaw.COLOUR, Flaw.BARS})
"""What a strip shows; the others are heard, or are somewhere inside a clip."""

_SIDE: Final[Frames] = 3  # frames that are shown of either side
_WIDTH_PX, _GAP_PX, _JOIN_PX = 200, 4, 16
_GROUND, _CROSS = "#0f1215", "#f0857d"


@dataclass(frozen=True, slots=True)
class SeamStrips:
    """JPEGs; empty where there is nothing to show."""

    before: bytes = b""
    after: bytes = b""


def look_at_seams(
    card: ScoreCard,
    timeline: Timeline,
    film_path: Path | None,
    locate: Callable[[Clip], Path],
    extract: ExtractFrames,
) -> dict[str, SeamStrips]:
    """By the id of the item behind the seam; none of a clip that cannot be read.

    Args:
        film_path: None while there is no film: then a strip shows the clips alone.
    """
    strips = {}
    clips = {clip.item: clip for clip in timeline.clips}
    for seam in seams_to_show(card):
        with suppress(MediaError, OSError):
            left, right = clips.get(seam.left), clips[seam.right]
            before = _before(left, right, locate, extract)
            after = _after(seam, right, timeline, film_path, extract) if film_path else b""
            strips[seam.right] = SeamStrips(before=before, after=after)
    return strips


def seams_to_show(card: ScoreCard) -> list[Seam]:
    """Those with a flaw that can be seen, in film order; if they are too many, those that are not mended."""
    flaws = {
        seam.right: [verdict for verdict in card.of_item(seam.right) if verdict.flaw in SEEN_FLAWS]
        for seam in card.seams
    }
    flawed = [seam for seam in card.seams if flaws[seam.right]]
    urgent = sorted(flawed, key=lambda seam: all(each.standing is Standing.MENDED for each in flaws[seam.right]))
    chosen = {seam.right for seam in urgent[:MAX_STRIPS]}
    return [seam for seam in flawed if seam.right in chosen]


def draw_strip(left: Sequence[Image.Image], right: Sequence[Image.Image], crossed: int = 0) -> bytes:
    """Frames in a row, with a wider gap at the join; the first `crossed` of `right` are not in the film."""
    pictures = [*left, *(_crossed_out(picture) if n < crossed else picture for n, picture in enumerate(right))]
    width = sum(picture.width + _GAP_PX for picture in pictures) + (_JOIN_PX if left and right else 0)
    strip = Image.new("RGB", (width - _GAP_PX, max(picture.height for picture in pictures)), _GROUND)
    x = 0
    for n, picture in enumerate(pictures):
        x += _JOIN_PX if left and n == len(left) else 0
        strip.paste(picture, (x, 0))
        x += picture.width + _GAP_PX
    return as_jpeg(strip)


def _crossed_out(picture: Image.Image) -> Image.Image:
    dimmed = Image.blend(picture.convert("RGB"), Image.new("RGB", picture.size, _GROUND), 0.5)
    pen, (width, height) = ImageDraw.Draw(dimmed), picture.size
    for line in ((0, 0, width, height), (0, height, width, 0)):
        pen.line(line, fill=_CROSS, width=3)
    return dimmed


def _before(left: Clip | None, right: Clip, locate: Callable[[Clip], Path], extract: ExtractFrames) -> bytes:
    shown: Mapping[bool, range] = {
        True: range(max(left.start, left.stop - _SIDE), left.stop) if left and left.media else range(0),
        False: range(right.start - right.dropped, min(right.stop, right.start + _SIDE)) if right.media else range(0),
    }
    sides = {
        is_left: extract(locate(clip), list(frames), _WIDTH_PX) if frames and clip else ()
        for clip, (is_left, frames) in zip((left, right), shown.items(), strict=True)
    }
    if not sides[True] and not sides[False]:
        return b""
    return draw_strip(sides[True], sides[False], right.dropped)


def _after(seam: Seam, right: Clip, timeline: Timeline, film_path: Path, extract: ExtractFrames) -> bytes:
    first = max(0, seam.at - _SIDE)
    stop = min(timeline.frames, seam.at + min(_SIDE, right.frames))
    pictures = list(extract(film_path, list(range(first, stop)), _WIDTH_PX))
    return draw_strip(pictures[: seam.at - first], pictures[seam.at - first :])
