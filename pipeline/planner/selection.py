"""Which shots of a plan are meant: `--select scene:beach shot:run.* state:stale`, as values of a command line. Pure.

Several selectors are a union; a comma inside one is an intersection. `+shot:walk` brings what the shot continues along,
`shot:run+` what continues it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from pipeline.errors import UsageError
from pipeline.model.plan import PAID, Decision, Plan, PlannedShot
from pipeline.model.storyboard import GenerationType, Shot, Storyboard

KINDS: Final = {
    "text": GenerationType.TEXT,
    "frames": GenerationType.FRAMES,
    "reference": GenerationType.REFERENCE,
}
CONTINUED: Final = "continued"


@dataclass(frozen=True, slots=True)
class Selection:
    """What was asked for on the command line; nothing at all means every shot.

    Attributes:
        wanted, unwanted: selectors as written.
    """

    wanted: Sequence[str] = ()
    unwanted: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.wanted or self.unwanted)

    def __str__(self) -> str:
        wanted = (f"--select {each}" for each in self.wanted)
        return " ".join((*wanted, *(f"--exclude {each}" for each in self.unwanted)))


def select(selection: Selection, storyboard: Storyboard, plan: Plan) -> frozenset[str]:
    """The ids of the shots that are meant.

    Args:
        plan: of all shots; `state:` asks for its decisions.

    Raises:
        UsageError: a selector that cannot be read or names nothing there is, no shot is left, or one of them begins
            where a shot ends that is not meant and has to be shot first.
    """
    film = _Film(storyboard, plan)
    wanted = film.union(selection.wanted) if selection.wanted else frozenset(film.shots)
    chosen = wanted - film.union(selection.unwanted)
    if not chosen:
        raise UsageError(f"no shot is left by {selection}. storyreel plan lists the shots and their states.")
    film.check_anchors(chosen)
    return chosen


class _Film:
    """The shots, and what selectors ask of them."""

    def __init__(self, storyboard: Storyboard, plan: Plan) -> None:
        self.shots: Mapping[str, Shot] = {shot.id: shot for shot in storyboard.shots}
        self._rows = {row.shot: row for row in plan.shots}

    def union(self, selectors: Iterable[str]) -> frozenset[str]:
        words = [word for selector in selectors for word in selector.split()]
        return frozenset().union(*(self._intersection(word) for word in words))

    def check_anchors(self, chosen: frozenset[str]) -> None:
        """Raises UsageError if a chosen shot would wait for one that is left out."""
        for shot in self._rows:
            row = self._rows[shot]
            anchor = row.waits_for if shot in chosen and not row.circled else None
            if anchor and anchor not in chosen and _has_to_be_shot(self._rows[anchor]):
                raise UsageError(
                    f"{shot} goes on from {anchor}, which has to be shot first and is not selected. "
                    f"--select +shot:{shot} brings it along; --exclude shot:{shot} leaves both out."
                )

    def _intersection(self, word: str) -> frozenset[str]:
        parts = [part for part in word.split(",") if part]
        if not parts:
            raise UsageError(f'"{word}" is no selector. {_HOW_TO_WRITE}')
        return frozenset.intersection(*map(self._matching, parts))

    def _matching(self, part: str) -> frozenset[str]:
        core = part.removeprefix("+").removesuffix("+")
        method, colon, pattern = core.partition(":")
        if not colon or not pattern:
            raise UsageError(f'"{part}" is no selector. {_HOW_TO_WRITE}')
        if method not in METHODS:
            raise UsageError(f'"{part}": there is no selector "{method}:". {_HOW_TO_WRITE}')
        found = METHODS[method](self.shots.values(), self._rows, pattern)
        if part.startswith("+"):
            found |= self._anchors_of(found)
        if part.endswith("+"):
            found |= {shot for shot in self.shots if self._anchors_of({shot}) & found}
        return frozenset(found)

    def _anchors_of(self, shots: Iterable[str]) -> set[str]:
        """All that they continue, link by link."""
        anchors: set[str] = set()
        for shot in shots:
            at = self.shots[shot].continues
            while at and at.shot not in anchors:
                anchors.add(at.shot)
                at = self.shots[at.shot].continues
        return anchors


def _has_to_be_shot(row: PlannedShot) -> bool:
    """A retake does not: without it, the shot has its clip."""
    return row.decision in (*PAID, Decision.WAITS) and not row.is_retake


Matcher = Callable[[Iterable[Shot], Mapping[str, PlannedShot], str], set[str]]


def _by_shot(shots: Iterable[Shot], _rows: Mapping[str, PlannedShot], pattern: str) -> set[str]:
    return _named("shot", pattern, {shot.id: shot.id for shot in shots})


def _by_scene(shots: Iterable[Shot], _rows: Mapping[str, PlannedShot], pattern: str) -> set[str]:
    return _named("scene", pattern, {shot.id: shot.scene for shot in shots})


def _by_state(_shots: Iterable[Shot], rows: Mapping[str, PlannedShot], pattern: str) -> set[str]:
    state = _one_of("state", pattern, [decision.value for decision in Decision if decision is not Decision.SKIP])
    return {shot for shot, row in rows.items() if row.decision == state}


def _by_kind(shots: Iterable[Shot], _rows: Mapping[str, PlannedShot], pattern: str) -> set[str]:
    kind = _one_of("kind", pattern, [*KINDS, CONTINUED])
    if kind == CONTINUED:
        return {shot.id for shot in shots if shot.continues}
    return {shot.id for shot in shots if shot.generation is KINDS[kind]}


METHODS: Final[Mapping[str, Matcher]] = {"shot": _by_shot, "scene": _by_scene, "state": _by_state, "kind": _by_kind}

_HOW_TO_WRITE: Final = "Write shot:run, shot:run.*, scene:beach, state:stale or kind:text; a comma asks for both."


def _named(method: str, pattern: str, names: Mapping[str, str]) -> set[str]:
    """The shots whose name matches. A name without its last parts stands for all that `each` made of it."""
    found = {shot for shot, name in names.items() if fnmatchcase(name, pattern) or name.startswith(f"{pattern}.")}
    if not found:
        there = ", ".join(dict.fromkeys(names.values()))
        raise UsageError(f"{method}:{pattern} matches no {method}. There are: {there}.")
    return found


def _one_of(method: str, word: str, words: Sequence[str]) -> str:
    if word not in words:
        raise UsageError(f'{method}:{word}: there is no {method} "{word}". There are: {", ".join(words)}.')
    return word
