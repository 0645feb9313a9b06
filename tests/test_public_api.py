"""What the package promises to programs, pinned."""

from __future__ import annotations

import pipeline


def test_the_public_names_are_these() -> None:
    """A name is added or taken away on purpose."""
    assert pipeline.__all__ == [
        "Film",
        "Plan",
        "Sources",
        "Storyboard",
        "StoryreelError",
        "Take",
        "Timeline",
        "assemble_timeline",
        "compile_storyboard",
        "plan_film",
        "plan_spans",
        "read_sources",
    ]


def test_every_public_name_is_there() -> None:
    """Each can be used from the package itself."""
    assert all(getattr(pipeline, name) is not None for name in pipeline.__all__)
