"""Which names a template itself gives, and where they hold: told from its text alone, once there is something to say.

Those of variables, entries of the bible and Jinja are known elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pipeline.compiler.marks import Mark, line_start, nest_marks, without_texts
from pipeline.model.finding import Source

_GIVEN_BY: Final = {
    "call": re.compile(r"\s*\((?P<names>[^()]*)\)"),
    "for": re.compile(r"\s*(?P<names>[\w\s,()]+?)\s+in\b\s*(?P<through>[\w.]*)"),
    "from": re.compile(r".*\bimport\b(?P<names>.+)", re.DOTALL),
    "import": re.compile(r".*\bas\s+(?P<names>\w+)", re.DOTALL),
    "macro": re.compile(r"\s*\w+\s*\((?P<names>.*)\)", re.DOTALL),
    "set": re.compile(r"(?P<names>[\w\s,]+?)\s*(?:=|$)"),
}
_EACH: Final = re.compile(r"\beach\s+(?P<names>[\w\s,()]+?)\s+in\b\s*(?P<through>[\w.]*)")
_NAME: Final = re.compile(r"(?:\w+\s+as\s+)?(?P<name>[^\W\d]\w*)(?:\s*=[^,]*)?")
_MACRO_NAME: Final = re.compile(r"\s*(?P<names>\w+)")
_STAYING: Final = frozenset({"from", "import", "set", ""})  # what gives names to all that follows it


@dataclass(frozen=True, slots=True)
class Given:
    """A name, and what gives it.

    Attributes:
        by: the tag; "each" for the names of an `each`, "" for that of a macro itself.
        through: the list that a loop goes through, if that is a plain name.
    """

    name: str
    by: str
    through: str = ""


def names_at(text: str, source: Source) -> dict[str, Given]:
    """The names that the template `text` gives and that hold at `source`, the innermost of each.

    Where only a line is known, they are those of the whole line.
    """
    start = line_start(text, source.line)
    stop = start + source.column if source.column else line_start(text, source.line + 1)
    held: list[tuple[int, Given]] = []  # beside the depth that a mark must reach for the name to hold there
    own: list[tuple[int, Given]] = []  # of the last mark
    for mark in nest_marks(text, source.path)[0]:
        depth = len(mark.inside)
        if mark.start >= stop:
            break
        held = [(least, given) for least, given in [*held, *own] if least <= depth]
        own = [(depth + (given.by not in _STAYING), given) for given in _given_by(mark)]
    return {given.name: given for _, given in [*held, *own]}


def _given_by(mark: Mark) -> Iterator[Given]:
    rest = without_texts(mark.rest)
    if mark.name == "macro" and (own := _MACRO_NAME.match(rest)):
        yield Given(own["names"], "")
    found = _GIVEN_BY[mark.name].match(rest) if mark.name in _GIVEN_BY else None
    for by, names in ((mark.name, found), *(("each", each) for each in _EACH.finditer(rest))):
        if names:
            through = names.groupdict().get("through") or ""
            yield from (Given(name["name"], by, through) for name in _NAME.finditer(names["names"]))
