"""Decides what is put right in each item's picture before the film is laid out. Pure: equal measures, equal mends.

Sound needs no decision here: its mends follow from the timeline alone, in `render.sound`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.digest import ContentHash
from pipeline.edit.flaws import SIDE, colour_of, find_bars, find_flash, find_repeat
from pipeline.model.instructions import Mend
from pipeline.model.join import JoinKind
from pipeline.model.media import Media
from pipeline.model.seam import ClipMeasures, Colour
from pipeline.model.storyboard import Item, Shot
from pipeline.model.timeline import ColourMatch, Crop
from pipeline.timecode import FrameRange, Frames

Measures = Mapping[ContentHash, ClipMeasures]
"""Of clips, by their content; a clip without is left as it is."""

MAX_GAIN: Final = 1.15
"""The most that a spread is widened; it is narrowed by as much at most."""

MAX_SHIFT: Final = 12.0
"""Levels that a mean is moved by, at most."""

_FLAT: Final = 2.0
"""Levels: a spread below it says nothing."""

_NOT_WORTH_IT: Final = 1.0
"""Levels: a clip that is off by less is not encoded for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mending:
    """What is put right in one item's picture.

    Attributes:
        dropped: first frames that are left out.
    """

    dropped: Frames = 0
    crop: Crop | None = None
    match: ColourMatch | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """An item, the frames of its media that it asks for, and what was measured there.

    Attributes:
        used: in the media's film-rate time, before anything is mended.
        seen: None where there is no media, or nobody has measured it.
    """

    item: Item
    used: FrameRange
    media: Media | None = None
    seen: ClipMeasures | None = None

    @property
    def mends(self) -> frozenset[Mend]:
        return self.item.mend.kept


def lay(items: Sequence[Item], used: Sequence[FrameRange], media: Mapping[str, Media], seen: Measures) -> list[Laid]:
    """Items with what is known of them; measures of another length than the media's are none."""
    laid = []
    for item, frames in zip(items, used, strict=True):
        landed = media.get(item.id)
        measures = seen.get(landed.sha256) if landed else None
        fits = measures is not None and landed is not None and measures.frames == landed.info.film_frames
        laid.append(Laid(item=item, used=frames, media=landed, seen=measures if fits else None))
    return laid


def plan_mends(laid: Sequence[Laid]) -> tuple[Mending, ...]:
    """One for each item, in film order."""
    befores: list[Laid | None] = [None, *laid[:-1]]
    matches = _plan_matches(laid)
    return tuple(
        Mending(dropped=_dropped(each, before), crop=_crop(each), match=matches.get(each.item.id))
        for each, before in zip(laid, befores, strict=True)
    )


def chain_of(right: Laid, left: Laid | None) -> bool:
    """Whether `right` begins with the last used picture of `left`, which stands before it."""
    item = right.item
    return isinstance(item, Shot) and item.continues is not None and left is not None and _is_anchor(item, left)


def _is_anchor(shot: Shot, left: Laid) -> bool:
    return shot.continues is not None and shot.continues.shot == left.item.id and isinstance(left.item, Shot)


def _dropped(each: Laid, before: Laid | None) -> Frames:
    """First frames that are left out; what is trimmed away already counts for them."""
    if not isinstance(each.item, Shot) or each.seen is None:
        return 0
    flash = find_flash(each.seen)
    if flash is not None:
        frames = flash.at.stop if Mend.FLASH in each.mends else 0
        return max(0, min(frames, each.used.stop - 1) - each.used.start)
    return 1 if Mend.REPEAT in each.mends and is_repeated(each, before) and len(each.used) > 1 else 0


def is_repeated(each: Laid, before: Laid | None) -> bool:
    """Whether its first used picture is the last one of the shot before, which it continues, with a cut between."""
    item = each.item
    if before is None or not isinstance(item, Shot) or not chain_of(each, before) or item.join.kind is not JoinKind.CUT:
        return False
    if each.seen is None or before.seen is None or each.used.start:
        return False
    return find_repeat(before.seen, before.used.stop - 1, each.seen, 0) is not None


def _crop(each: Laid) -> Crop | None:
    """The picture without its bars, even in all numbers: chroma has half the pixels."""
    if Mend.BARS not in each.mends or each.seen is None or each.media is None:
        return None
    width_px, height_px = each.media.info.width_px, each.media.info.height_px
    bars = find_bars(each.seen, (width_px, height_px))
    if bars is None:
        return None
    left, top = bars.left + bars.left % 2, bars.top + bars.top % 2
    width, height = width_px - bars.right - left, height_px - bars.bottom - top
    return Crop(left=left, top=top, width=width - width % 2, height=height - height % 2)


def _plan_matches(laid: Sequence[Laid]) -> dict[str, ColourMatch]:
    """By item id, for shots that continue another of their scene.

    Only pictures that show the same are compared: the last of a shot and the first of the one that continues it. What
    that comes to is carried on from the first of the chain, so that all of them have its colours.
    """
    by_id = {each.item.id: each for each in laid}
    matches: dict[str, ColourMatch] = {}
    for each in laid:
        item = each.item
        if not isinstance(item, Shot) or item.continues is None or Mend.COLOUR not in each.mends:
            continue
        anchor = by_id.get(item.continues.shot)
        pair = anchored_colours(each, anchor) if anchor else None
        if anchor is None or pair is None or anchor.item.scene != item.scene:
            continue
        wanted, have = pair
        match = match_colours(matched(wanted, matches.get(anchor.item.id)), have)
        if match is not None:
            matches[item.id] = match
    return matches


def anchored_colours(each: Laid, anchor: Laid) -> tuple[Colour, Colour] | None:
    """Of the anchor where `each` goes on from it, and of `each` where it begins, flash and given picture left out."""
    item = each.item
    if not isinstance(item, Shot) or item.continues is None or not isinstance(anchor.item, Shot):
        return None
    if each.seen is None or anchor.seen is None:
        return None
    last = item.continues.frame_of(anchor.seen.frames, anchor.item.trim) + 1
    flash = find_flash(each.seen)
    first = min(flash.at.stop if flash else 1, each.seen.frames - 1)
    wanted = colour_of(anchor.seen, FrameRange(max(0, last - SIDE), last))
    return wanted, colour_of(each.seen, FrameRange(first, min(each.seen.frames, first + SIDE)))


def matched(colour: Colour, match: ColourMatch | None) -> Colour:
    """What the picture's colour is once it is matched."""
    if match is None:
        return colour
    means = [gain * mean + by for gain, mean, by in zip(match.gains, colour.means, match.offsets, strict=True)]
    spreads = [gain * spread for gain, spread in zip(match.gains, colour.spreads, strict=True)]
    return Colour((means[0], means[1], means[2]), (spreads[0], spreads[1], spreads[2]))


def match_colours(wanted: Colour, have: Colour) -> ColourMatch | None:
    """What brings `have` to `wanted`, within bounds; None if it is not worth an encoding."""
    gains, offsets = [], []
    is_worth_it = False
    for want, mean, want_spread, spread in zip(wanted.means, have.means, wanted.spreads, have.spreads, strict=True):
        gain = want_spread / spread if min(want_spread, spread) >= _FLAT else 1.0
        gain = max(1 / MAX_GAIN, min(MAX_GAIN, gain))
        shift = max(-MAX_SHIFT, min(MAX_SHIFT, want - mean))
        is_worth_it |= abs(shift) >= _NOT_WORTH_IT or abs(gain - 1) * spread >= _NOT_WORTH_IT
        gains.append(round(gain, 4))
        offsets.append(round(mean + shift - round(gain, 4) * mean, 2))
    if not is_worth_it:
        return None
    return ColourMatch(gains=(gains[0], gains[1], gains[2]), offsets=(offsets[0], offsets[1], offsets[2]))
