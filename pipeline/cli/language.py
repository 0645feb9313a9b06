"""`storyreel language`: how a storyboard is written, on one page."""

from __future__ import annotations

from pipeline.cli.printing import print_document


def command() -> None:
    """Print the whole language of storyboards, on one page, for people and for models."""
    from pipeline.shipped import language_path

    print_document(language_path().read_text(encoding="utf-8"))
