"""From a storyboard template to a finished film: shots bought once, joined exactly.

The pure stages, for programs that want one of them alone; the command line has all of them. Names are looked up when
they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

_HOMES: Final = {
    "Film": "pipeline.model.delivery",
    "Plan": "pipeline.model.plan",
    "Sources": "pipeline.compiler.sources",
    "Storyboard": "pipeline.model.storyboard",
    "StoryreelError": "pipeline.errors",
    "Take": "pipeline.model.take",
    "Timeline": "pipeline.model.timeline",
    "assemble_timeline": "pipeline.edit",
    "compile_storyboard": "pipeline.compiler",
    "plan_film": "pipeline.planner.plan",
    "plan_spans": "pipeline.render.spans",
    "read_sources": "pipeline.compiler",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
