"""What a compile comes to; apart from the compiler, so that who has it done elsewhere need not load it."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model.finding import Finding
from pipeline.model.storyboard import Storyboard


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A film that can be made, and what may spoil it."""

    storyboard: Storyboard
    warnings: tuple[Finding, ...] = ()
