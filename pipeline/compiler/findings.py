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

    def raise_if_any(self) -> None:
        """Raises StoryboardError with all of them, by file and line."""
        if self._kept:
            order = sorted(self._kept.values(), key=lambda f: (f.source.path, f.source.line, f.source.column or 0))
            raise StoryboardError(order)


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """A sentence that names what is nearest to `word`, or all there is, or `otherwise` if there is nothing."""
    names = sorted(known)
    near = get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f'Did you mean "{near[0]}"?'
    return f"There are: {', '.join(names)}." if names else otherwise
