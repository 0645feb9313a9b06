"""Cuts a shipped font down to some letters, for pages that carry their own."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont


def excerpt_of(font: Path, letters: str) -> bytes:
    """A font that draws `letters` as `font` does; what that has not is left out. Equal letters give equal bytes."""
    with TTFont(font, recalcTimestamp=False, lazy=True) as face:
        subsetter = Subsetter(Options(hinting=False))
        subsetter.populate(text=letters)
        subsetter.subset(face)
        kept = BytesIO()
        face.save(kept)
    return kept.getvalue()
