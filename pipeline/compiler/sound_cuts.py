"""Sound that is to be heard beside its own picture (J- and L-cuts), held against what there is of it.

Asked twice: by `rules` with what is known before shooting, by `edit` with the clips that landed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from pipeline.model.storyboard import Card, Item
from pipeline.timecode import Frames, counted_frames

_DOES: Final = {"lead": "come in earlier", "lag": "go on longer"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """An item and how far its clip reaches; lengths are None while the media alone knows them.

    Attributes:
        frames: how many are used.
        before, behind: how many are not, on either side of those.
    """

    item: Item
    frames: Frames | None
    before: Frames | None
    behind: Frames | None


@dataclass(frozen=True, slots=True)
class Lack:
    """Why sound cannot be heard as asked: an argument, a sentence, and what to write instead."""

    argument: Literal["lead", "lag"]
    says: str
    advice: str


def sound_lacks(left: Spread, right: Spread) -> Iterator[Lack]:
    """What is wrong with the lead and the lag of the item `right`, which follows `left`.

    picture   A A A A A A│B B B B B B          lead 2 asks for two unused frames before B, and for two frames of A
    sound of B        b b b b b b b b          that B's own join leaves alone; lag is the same, seen from A's end
    """
    overlap = right.item.join.overlap
    if right.item.lead:
        yield from _lacks("lead", right.item.lead, right, right.before, left, overlap)
    if right.item.lag:
        yield from _lacks("lag", right.item.lag, left, left.behind, right, overlap)


def _lacks(
    argument: Literal["lead", "lag"],
    frames: Frames,
    heard: Spread,
    spare: Frames | None,
    seen: Spread,
    overlap: Frames,
) -> Iterator[Lack]:
    name = heard.item.id
    asked = f"the sound of {name} is to {_DOES[argument]} by {counted_frames(frames)}"
    less = f"let it {argument} by less"
    if isinstance(heard.item, Card):
        yield Lack(argument, f"{asked}, but {name} is a card and has no sound.", f"Leave the {argument} out.")
    elif spare is not None and frames > spare:
        side, edge = ("before", "beginning") if argument == "lead" else ("behind", "end")
        left = f"{counted_frames(spare)} of its clip" if spare else "nothing of its clip"
        says = f"{asked}, but {left} {'lie' if spare > 1 else 'lies'} {side} what is used."
        yield Lack(argument, says, f"Trim {frames} frames or more off its {edge}, or {less}.")
    elif seen.frames is not None and frames + overlap > seen.frames:
        room = counted_frames(max(0, seen.frames - overlap))
        says = f"{asked}, but {seen.item.id}, over which it would be heard, has {room} for it."
        yield Lack(argument, says, f"{less[:1].upper()}{less[1:]}.")
