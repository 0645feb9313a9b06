"""Shots that go on from others: how that is written, whom it means, and that no shot waits for itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.compiler.breach import Breach
from pipeline.compiler.catalogue import Code
from pipeline.compiler.each import meant
from pipeline.compiler.findings import did_you_mean
from pipeline.compiler.outline import Outline
from pipeline.model.instructions import Continuation
from pipeline.model.storyboard import Shot
from pipeline.timecode import Frames

_SWITCHES: Final = {"true": True, "false": False}  # in quotes, too


@dataclass(frozen=True, slots=True)
class GoesOn:
    """What `continues` says.

    Attributes:
        shot: as it is written; empty for the shot before.
        frame: None if it says nothing of it.
    """

    shot: str = ""
    frame: Frames | None = None


def read_continues(value: object) -> GoesOn | None:
    """`true`, "run" or "run -3"; None for `false`. Raises ValueError for what is neither."""
    if isinstance(value, str) and value.strip().lower() in _SWITCHES:
        value = _SWITCHES[value.strip().lower()]
    if isinstance(value, bool):
        return GoesOn() if value else None
    if not isinstance(value, str) or not value.strip():
        raise ValueError('a shot continues another; write continues=true for the one before it, or continues="run"')
    read = Continuation.parse(value)
    return GoesOn(read.shot, read.frame if value.split()[1:] else None)


def continuation(
    asked: GoesOn, own_id: str, parts: Sequence[str], before: str | None, shots: Collection[str], frame: Frames
) -> Continuation:
    """What the shot called `own_id` goes on from.

    Args:
        parts: what `each` adds to its id: "run" means the run of the same item first.
        before: the shot before it, if there is one.
        shots: the ids of all shots.
        frame: for those that do not say which.

    Raises:
        ValueError: there is no such shot.
    """
    if not asked.shot and before is None:
        raise ValueError("there is no shot before this one; name the one that it goes on from")
    shot = meant(asked.shot, parts, shots, but=own_id) if asked.shot else before
    if shot is None and asked.shot == own_id:
        raise ValueError(f"{own_id} cannot go on from itself; name another shot")
    if shot is None:
        others = [shot for shot in shots if shot != own_id]
        near = did_you_mean(asked.shot, others, otherwise="there is no other shot").rstrip(".")
        raise ValueError(f'no shot is called "{asked.shot}"; {near}')
    return Continuation(shot=shot, frame=frame if asked.frame is None else asked.frame)


def no_circles(outline: Outline, _: frozenset[str]) -> Iterator[Breach]:
    """Each shot can be shot after the one that it goes on from."""
    shots = {item.id: item for item in outline.items if isinstance(item, Shot)}
    settled: set[str] = set()
    for shot in shots.values():
        way: dict[str, None] = {}  # the ids that were passed, in order
        at: Shot | None = shot
        while at and at.id not in settled and at.id not in way:
            way[at.id] = None
            at = shots.get(at.continues.shot) if at.continues else None
        if at and at.id in way:
            passed = list(way)
            circle = [*passed[passed.index(at.id) :], at.id]
            says = f"these shots go on from each other in a circle: {' → '.join(reversed(circle))}."
            yield Breach(Code.CONTINUES_IN_CIRCLE, at.source, "continues", says, "Let one of them begin on its own.")
        settled.update(way)


def known_shots(outline: Outline, _: frozenset[str]) -> Iterator[Breach]:
    """What is gone on from is a shot."""
    shots = {item.id for item in outline.items if isinstance(item, Shot)}
    for item in outline.items:
        if isinstance(item, Shot) and item.continues and item.continues.shot not in shots:
            says = f'no shot is called "{item.continues.shot}".'
            advice = did_you_mean(item.continues.shot, shots - {item.id})
            yield Breach(Code.CONTINUES_NOTHING, item.source, "continues", says, advice)
