"""The compiler: a project's texts → Storyboard, or all that is wrong with them.

    project.yaml ┐                ┌ template ─ Drafts ─ assemble ┐
    bible.yaml   ┼ sources ─ texts┤                              ├ Outline ─ rules ─ Storyboard
    storyboard.* ┘                └ document ────────────────────┘

Only `sources` sees a disk; everything else is pure.
"""

from pipeline.compiler.compile import Compiled, compile_storyboard
from pipeline.compiler.sources import Sources, read_sources

__all__ = ["Compiled", "Sources", "compile_storyboard", "read_sources"]
