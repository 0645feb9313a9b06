"""A rule and how it is broken, as values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from pipeline.compiler.catalogue import Code
from pipeline.compiler.outline import Outline
from pipeline.model.finding import Source


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that is not kept at `source`, by what was written as `argument` if that is known.

    Attributes:
        item: the id of the item that it is about, which may allow it; "" for none.
        quoted: the text within that argument that is wrong, where it has several.
    """

    code: Code
    source: Source
    argument: str
    says: str
    advice: str
    item: str = ""
    quoted: str = ""


Rule: TypeAlias = Callable[[Outline, frozenset[str]], Iterator[Breach]]
"""A check over the whole film; it is given the files of the project, too."""
