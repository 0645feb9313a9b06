"""Which names a template itself gives, and where they hold: told from its text alone, once there is something to say.

Those of variables, entries of the bible and Jinja are known elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pipeline.compiler.marks import Mark, line_start, nest_marks, without_texts
from pipeline.compiler.pinpoint import tag_at, tag_head
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
_BARE_ID: Final = re.compile(r"\s*(?P<name>[^\W\d]\w*)(?:\.\w+)*\s*")
_TAG_NAME: Final = re.compile(r"\W+(?P<name>\w+)[ \t]*")
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


def word_for_a_value(texts: Mapping[str, str], source: Source) -> tuple[str, str, Source] | None:
    """A value of a loop or a macro that is the bare id of the tag at `source`, what to write, and where.

    What `each` binds makes ids of its own, so that a bare word is meant as it stands there.
    """
    head = _BARE_ID.fullmatch(tag_head(texts, source))
    text = texts.get(source.path, "")
    if not head or not re.search(rf"\b(?:call|for|macro)\b[^%]*\b{head['name']}\b", text):
        return None
    given = names_at(text, source).get(head["name"])
    if not given or given.by not in ("call", "for", "macro"):
        return None
    found = _TAG_NAME.match(tag_at(texts, source))
    if not found or source.column is None:
        return None
    place = Source(path=source.path, line=source.line, column=source.column + found.end())
    tag = found["name"]
    each = f', or {{% {tag} "…" each {given.name} in {given.through} %}}' if given.through else ""
    return given.name, f"Write {{% {tag} ({head[0].strip()}) %}}{each}.", place
