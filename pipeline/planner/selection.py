"""Which shots of a plan are meant: `--select scene:beach shot:run.* state:stale`, as values of a command line. Pure.

A shot of a series is called by its whole id, or by what it is called in its own film: `shot:run.*` is every episode's.
Several selectors are a union; a comma inside one is an intersection. `+shot:walk` brings what the shot continues along,
`shot:run+` what continues it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from pipeline.errors import UsageError, shortlist
from pipeline.model.plan import PAID, Decision, Plan, PlannedShot
from pipeline.model.storyboard import GenerationType, Shot, Storyboard
from pipeline.model.take import State, Take

KINDS: Final = {
    "text": GenerationType.TEXT,
    "frames": GenerationType.FRAMES,
    "reference": GenerationType.REFERENCE,
}
CONTINUED: Final = "continued"
TROUBLES: Final = {
    "failed": State.FAILED,
    "refused": State.REJECTED,
    "doubtful": State.UNKNOWN,
    "lost": State.LOST,
    "damaged": State.CORRUPT,
}
"""How a take is that ended badly, as `state:` calls it."""


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


def select(
    selection: Selection, films: Mapping[str, Storyboard], plan: Plan, takes: Iterable[Take] = ()
) -> frozenset[str]:
    """The ids of the shots that are meant.

    Args:
        films: by name; "" for one that is alone.
        plan: of all shots; `state:` asks for its decisions.
        takes: `state:` asks for how they are, too.

    Raises:
        UsageError: a selector that cannot be read or names nothing there is, no shot is left, or one of them begins
            where a shot ends that is not meant and has to be shot first.
    """
    there = _There(films, plan, takes)
    wanted = there.union(selection.wanted) if selection.wanted else frozenset(there.shots)
    chosen = wanted - there.union(selection.unwanted)
    if not chosen:
        raise UsageError(f"no shot is left by {selection}. storyreel plan lists the shots and their states.")
    there.check_anchors(chosen)
    return chosen


class _There:
    """The shots of all films, and what selectors ask of them."""

    def __init__(self, films: Mapping[str, Storyboard], plan: Plan, takes: Iterable[Take]) -> None:
        self.films = {shot.id: name for name, storyboard in films.items() for shot in storyboard.shots}
        self.shots: Mapping[str, Shot] = {shot.id: shot for film in films.values() for shot in film.shots}
        self.rows = {row.shot: row for row in plan.shots}
        in_order = sorted(takes, key=lambda take: take.slate.number)
        self.states = {(take.slate.project, take.slate.shot): take.state for take in in_order}  # of the newest take

    def state_of(self, row: PlannedShot) -> State | None:
        """How the newest take is of the shot that pays for this one."""
        project, shot, _ = row.slate.split("/")
        return self.states.get((project, shot))

    def union(self, selectors: Iterable[str]) -> frozenset[str]:
        words = [word for selector in selectors for word in selector.split()]
        return frozenset().union(*(self._intersection(word) for word in words))

    def check_anchors(self, chosen: frozenset[str]) -> None:
        """Raises UsageError if a chosen shot would wait for one that is left out."""
        for shot, row in self.rows.items():
            anchor = row.waits_for if shot in chosen and not row.circled else None
            if anchor and anchor not in chosen and _has_to_be_shot(self.rows[anchor]):
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
        found = METHODS[method](self, pattern)
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


Matcher = Callable[[_There, str], set[str]]


def _by_shot(there: _There, pattern: str) -> set[str]:
    own = {shot: shot.removeprefix(f"{film}.") for shot, film in there.films.items()}
    return _named("shot", pattern, {shot: (shot, own[shot]) for shot in there.shots})


def _by_scene(there: _There, pattern: str) -> set[str]:
    return _named("scene", pattern, {shot.id: (shot.scene,) for shot in there.shots.values()})


def _by_episode(there: _There, pattern: str) -> set[str]:
    if "" in there.films.values():
        raise UsageError(f"episode:{pattern} chooses among the films of a series, and this project has one film.")
    return _named("episode", pattern, {shot: (film,) for shot, film in there.films.items()})


def _by_state(there: _There, pattern: str) -> set[str]:
    """By what is decided about a shot, or by how its newest take has ended."""
    decisions = [decision.value for decision in Decision if decision is not Decision.SKIP]
    word = _one_of("state", pattern, [*decisions, *TROUBLES])
    trouble = TROUBLES.get(word)
    is_in_trouble = {shot for shot, row in there.rows.items() if trouble and there.state_of(row) is trouble}
    return is_in_trouble | {shot for shot, row in there.rows.items() if row.decision == word}


def _by_kind(there: _There, pattern: str) -> set[str]:
    kind, shots = _one_of("kind", pattern, [*KINDS, CONTINUED]), there.shots.values()
    if kind == CONTINUED:
        return {shot.id for shot in shots if shot.continues}
    return {shot.id for shot in shots if shot.generation is KINDS[kind]}


METHODS: Final[Mapping[str, Matcher]] = {
    "shot": _by_shot,
    "scene": _by_scene,
    "episode": _by_episode,
    "state": _by_state,
    "kind": _by_kind,
}

_HOW_TO_WRITE: Final = (
    "Write shot:run, shot:run.*, scene:beach, state:stale, kind:text, or of a series episode:s01e0*; "
    "a comma asks for both."
)


def _named(method: str, pattern: str, names: Mapping[str, Sequence[str]]) -> set[str]:
    """The shots one of whose names matches. A name without its last parts stands for all that `each` made of it."""

    def is_meant(name: str) -> bool:
        return fnmatchcase(name, pattern) or name.startswith(f"{pattern}.")

    found = {shot for shot, called in names.items() if any(map(is_meant, called))}
    if not found:
        there = list(dict.fromkeys(called[0] for called in names.values()))
        raise UsageError(f"{method}:{pattern} matches no {method}. There are: {shortlist(there, 24)}.")
    return found


def _one_of(method: str, word: str, words: Sequence[str]) -> str:
    if word not in words:
        raise UsageError(f'{method}:{word}: there is no {method} "{word}". There are: {", ".join(words)}.')
    return word
