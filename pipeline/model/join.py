"""Join: how an item follows the one before it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Self

from pydantic import model_validator

from pipeline.model.value import Written
from pipeline.timecode import Frames, parse_frames

_SOFT_FRAMES: Frames = 12
"""The length of a soft join that does not say one: half a second."""


class JoinKind(StrEnum):
    CUT = "cut"
    DISSOLVE = "dissolve"
    HOLD = "hold"
    DIP = "dip"
    WIPE = "wipe"
    SLIDE = "slide"
    PUSH = "push"


class Way(StrEnum):
    """Where the edge of a wipe, the incoming picture of a slide or both pictures of a push go to."""

    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"


class DipColour(StrEnum):
    """What a picture goes through in a dip."""

    BLACK = "black"
    WHITE = "white"


_OVERLAPPING: Final = frozenset({JoinKind.DISSOLVE, JoinKind.WIPE, JoinKind.SLIDE, JoinKind.PUSH})
_HOWS: Final[Mapping[JoinKind, tuple[Way | DipColour, ...]]] = {
    JoinKind.DIP: tuple(DipColour),
    JoinKind.WIPE: tuple(Way),
    JoinKind.SLIDE: tuple(Way),
    JoinKind.PUSH: tuple(Way),
}
"""The words that may follow the length of a join; the first holds where none is said, and is not written."""

_LEAST_FRAMES: Final[Mapping[JoinKind, Frames]] = {JoinKind.DIP: 2}  # one of each side; of all others one in all


class Join(Written):
    """How an item follows the one before it; written the same everywhere: "cut", "dissolve 12", "hold 12", "dip 24",
    "dip 24 white", "wipe 12 left", "slide 12 up", "push 12 right".

    Dissolves, wipes, slides and pushes let both items share `frames`. A hold dissolves the last `frames` of the one
    before into the held first frame of this one, and a dip lets the one before go to a colour and this one come out of
    it, so that in both nothing is shared and nothing is lost.

    Attributes:
        how: the colour of a dip; where a wipe, a slide or a push goes to; None for all others.
    """

    kind: JoinKind = JoinKind.CUT
    frames: Frames = 0
    how: Way | DipColour | None = None

    @model_validator(mode="after")
    def _has_a_way_of_its_kind(self) -> Self:
        if self.how not in _HOWS.get(self.kind, (None,)):
            raise ValueError(f'a {self.kind} does not go "{self.how}"')
        return self

    @classmethod
    def parse(cls, text: str) -> Self:
        kind, _, rest = text.strip().partition(" ")
        if kind not in set(JoinKind):
            kinds = '"cut", "dissolve 12", "hold 12", "dip 24", "wipe 12", "slide 12" or "push 12"'
            raise ValueError(f'"{text}" is no join; write {kinds} (a length in frames)')
        if kind == JoinKind.CUT:
            if rest.strip():
                raise ValueError(f'"{text}": a cut has no length; write "cut", or "dissolve 12" for a soft join')
            return cls()
        how, length = _split_how(JoinKind(kind), rest)
        return cls(kind=JoinKind(kind), frames=_read_length(text, JoinKind(kind), length), how=how)

    def __str__(self) -> str:
        if self.kind is JoinKind.CUT:
            return self.kind
        is_said = self.how is not None and self.how is not _default_how(self.kind)
        return f"{self.kind} {self.frames}" + (f" {self.how}" if is_said else "")

    @property
    def overlap(self) -> Frames:
        """How many frames the two items share on the film's time."""
        return self.frames if self.kind in _OVERLAPPING else 0

    @property
    def tail(self) -> Frames:
        """How many of the last frames of the item before are seen otherwise than they are."""
        return self.frames // 2 if self.kind is JoinKind.DIP else self.frames

    @property
    def head(self) -> Frames:
        """How many of this item's first frames are seen otherwise than they are; in a hold none, though one is held."""
        return self.overlap + self.frames - self.tail


def _default_how(kind: JoinKind) -> Way | DipColour | None:
    return _HOWS[kind][0] if kind in _HOWS else None


def _split_how(kind: JoinKind, rest: str) -> tuple[Way | DipColour | None, str]:
    """What follows the kind of a join, in any order: its colour or where it goes to, and its length as written."""
    words = rest.split()
    for how in _HOWS.get(kind, ()):
        if how in words:
            words.remove(how)
            return how, " ".join(words)
    return _default_how(kind), " ".join(words)


def _read_length(text: str, kind: JoinKind, length: str) -> Frames:
    """The frames of the join `text`, of which `length` says how long it is. Raises ValueError with a sentence."""
    length = length or f"{_SOFT_FRAMES}f"
    try:
        frames = parse_frames(f"{length}f" if length.isdigit() else length)
    except ValueError:
        says = f'"{text}" has no length that can be read; write "{kind} 12" (frames) or "{kind} 0.5s"'
        hows = ", ".join(f'"{how}"' for how in _HOWS.get(kind, ()))
        raise ValueError(says + (f", and behind it one of {hows} if you like" if hows else "")) from None
    least = _LEAST_FRAMES.get(kind, 1)
    if frames < least:
        needs = "one frame" if least == 1 else f"{least} frames"
        raise ValueError(f'"{text}" needs a length of at least {needs}, such as "{kind} 12"')
    return frames
