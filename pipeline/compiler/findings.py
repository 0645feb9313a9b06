"""Gathers what is wrong, so that all of it can be said at once. Knows nothing about what it is told."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from pipeline.compiler.sources import Sources
from pipeline.errors import StoryboardError
from pipeline.model.finding import Finding, Source


class Findings:
    """Findings over one set of sources; what is said twice about one place is kept once."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._kept: dict[tuple[str, int, str], Finding] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def add(self, source: Source, says: str, advice: str) -> None:
        """Keep a finding; `says` and `advice` are a sentence each."""
        kept = Finding(source=source, says=says, help=advice, excerpt=self._sources.line(source))
        self._kept.setdefault((source.path, source.line, says), kept)

    def error(self) -> StoryboardError:
        """All of them, by file and line, as the error to raise."""
        return StoryboardError(
            sorted(self._kept.values(), key=lambda kept: (kept.source.path, kept.source.line, kept.source.column or 0))
        )


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "", nearness: float = 0.6) -> str:
    """A sentence that names what is nearest to `word`, or all there is, or `otherwise` if there is nothing."""
    names = sorted(known)
    near = get_close_matches(word, names, n=1, cutoff=nearness)
    if near:
        return f'Did you mean "{near[0]}"?'
    return f"There are: {', '.join(names)}." if names else otherwise


def sentences(error: Exception) -> tuple[str, str]:
    """What a ValueError of ours says, "what is wrong; what to write", as a clause and a sentence of advice."""
    says, _, advice = str(error).partition("; ")
    return says, f"{advice[:1].upper()}{advice[1:]}." if advice else ""
