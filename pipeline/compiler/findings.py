"""Gathers what is wrong, so that all of it can be said at once. Knows nothing about what it is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import SequenceMatcher
from typing import Final

from pipeline.compiler.catalogue import Code
from pipeline.compiler.sources import Sources
from pipeline.errors import StoryboardError
from pipeline.model.finding import Finding, Severity, Source

_MAX_KEPT: Final = 300  # nobody reads more, and a loop can make a hundred thousand
_MAX_SAYS: Final = 1_000  # characters; a value that is quoted may be long
_MAX_EXCERPT: Final = 10_000
_LEAST_STEM: Final = 3  # letters that a word and a name share, if one of them is the other's beginning
_MOST_SLIPS: Final = 40
_MAX_NAME: Final = 200  # letters


class Findings:
    """Findings over one set of sources; what is said twice about one place is kept once, and what goes too far not.

    Its length is the number of errors: warnings stop nothing.
    """

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._kept: dict[tuple[str, int, str], Finding] = {}
        self._errors = 0
        self._allowed: frozenset[Code] = frozenset()

    @property
    def sources(self) -> Sources:
        return self._sources

    def follow(self, sources: Sources) -> None:
        """From here on it is about `sources`: the same texts, but it is known by now which film of them is meant."""
        self._sources = sources

    def __len__(self) -> int:
        return self._errors

    def allow(self, codes: Collection[Code]) -> None:
        """Switch `codes` off for the whole film; to be said before they are looked for."""
        self._allowed |= frozenset(codes)

    def add(self, code: Code, source: Source, says: str, advice: str, allowed: Collection[Code] = ()) -> None:
        """Keep a finding, unless its rule is switched off.

        Args:
            says, advice: a sentence each.
            allowed: the rules that are switched off where this was found, by a shot or a scene.
        """
        says = says if len(says) <= _MAX_SAYS else f"{says[:_MAX_SAYS]}…"
        key = (source.path, source.line, says)
        if code in self._allowed or code in allowed or key in self._kept or len(self._kept) >= _MAX_KEPT:
            return
        line = self._sources.line(source)
        self._kept[key] = Finding(
            code=code,
            severity=code.severity,
            source=source,
            says=says,
            help=advice,
            excerpt=line if len(line) <= _MAX_EXCERPT else "",
        )
        self._errors += code.severity is Severity.ERROR

    def repeat(self, found: Iterable[Finding]) -> None:
        """Keep what was found when the same texts were read before."""
        for each in found:
            self.add(Code(each.code), each.source, each.says, each.help)

    def all(self) -> tuple[Finding, ...]:
        """Errors and warnings, by file and line."""
        return tuple(self._in_order())

    def warnings(self) -> tuple[Finding, ...]:
        """What does not stop a film, by file and line."""
        return tuple(kept for kept in self._in_order() if kept.severity is Severity.WARNING)

    def error(self) -> StoryboardError:
        """All of them, warnings too, by file and line, as the error to raise."""
        return StoryboardError(self._in_order())

    def _in_order(self) -> list[Finding]:
        return sorted(
            self._kept.values(), key=lambda kept: (kept.source.path, kept.source.line, kept.source.column or 0)
        )


def nearest(word: str, known: Iterable[str], otherwise: str = "", nearness: float = 0.6) -> str:
    """A sentence that names what is nearest to `word`, whatever their case, or `otherwise` if nothing is near."""
    folded = word.casefold()
    near = [(_likeness(folded, name.casefold()), name) for name in sorted(known) if _is_near(folded, name.casefold())]
    best = max(near, key=lambda each: each[0], default=(0.0, ""))
    return f'Did you mean "{best[1]}"?' if best[0] >= nearness else otherwise


def _likeness(word: str, name: str) -> float:
    return SequenceMatcher(None, word, name, autojunk=False).ratio()


def _is_near(word: str, name: str) -> bool:
    """Whether `word` is `name` but for a slip of the fingers or its ending: "font" is not meant to be "on"."""
    if min(len(word), len(name)) >= _LEAST_STEM and (word.startswith(name) or name.startswith(word)):
        return True
    return _slips(word, name) <= max(1, max(len(word), len(name)) // 3)


def _slips(word: str, name: str) -> int:
    """How many letters are to be changed, added, left out or swapped with their neighbour to make `name` of `word`."""
    if abs(len(word) - len(name)) > _MOST_SLIPS or max(len(word), len(name)) > _MAX_NAME:
        return max(len(word), len(name))
    before: list[int] = []
    row = list(range(len(name) + 1))
    for down, letter in enumerate(word, 1):
        older, before, row = before, row, [down]
        for across, other in enumerate(name, 1):
            steps = min(before[across] + 1, row[-1] + 1, before[across - 1] + (letter != other))
            if down > 1 and across > 1 and letter == name[across - 2] and word[down - 2] == other:
                steps = min(steps, older[across - 2] + 1)
            row.append(steps)
    return row[-1]


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "", nearness: float = 0.6) -> str:
    """A sentence that names what is nearest to `word`, or all there is, or `otherwise` if there is nothing."""
    names = sorted(known)
    return nearest(word, names, f"There are: {', '.join(names)}." if names else otherwise, nearness)


def sentences(error: Exception) -> tuple[str, str]:
    """What a ValueError of ours says, "what is wrong; what to write", as a clause and a sentence of advice."""
    says, _, advice = str(error).partition("; ")
    return says, f"{advice[:1].upper()}{advice[1:]}{'' if advice.endswith('?') else '.'}" if advice else ""
