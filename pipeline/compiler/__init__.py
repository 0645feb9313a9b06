"""The compiler: a project's texts → Storyboard, or all that is wrong with them.

    project.yaml  *.csv ─ variables ┐
    bible.yaml ───────────── bible ─┼ names ─ template ─ Drafts ─ assemble ┐
    storyboard.jinja  *.jinja ──────┘                                      ├ Outline ─ rules, lint ─ Storyboard
    storyboard.yaml, .json ─────────────────── document ───────────────────┘

A tag's way: `grammar` knows it, `written` parses it, `tags` makes it a call, `collector` receives it as a draft,
`reading` reads its arguments, `assemble` and `placed` make items of it and what stands on them.

Of a series, `series_file` reads what films are chosen from, `listing` knows the films, and `patched` makes the
project.yaml of one.

Only `sources` sees a disk; everything else is pure. Commands compile in a `cell`, so that this process hardly ever
loads the compiler itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.compiler.compiled import Compiled
from pipeline.compiler.sources import Sources, read_sources

if TYPE_CHECKING:
    from pipeline.compiler.compile import compile_storyboard

__all__ = ["Compiled", "Sources", "compile_storyboard", "read_sources"]


def __getattr__(name: str) -> Any:
    if name != "compile_storyboard":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from pipeline.compiler.compile import compile_storyboard

    return compile_storyboard
