"""Reads a template as marks: its tags, expressions and comments, with their places and what encloses them.

Jinja's own tokens have lines but no columns, and neither indentation nor the opener of a tag that is never closed can
be told from them. This reading knows nothing about what tags mean; `prelex` does.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from jinja2 import TemplateSyntaxError

from pipeline.compiler.catalogue import Code
from pipeline.compiler.grammar import TAGS
from pipeline.compiler.keyboard import CURLY, STRAIGHT, straightened

_QUOTED: Final = f"{STRAIGHT} | {CURLY}"
_OURS: Final = "|".join(TAGS)
# A quote can be read in two ways, so what was read once must stay: (?=(?P<x>…))(?P=x) gives nothing back. Python before
# 3.11.5 has errors in *+, which would say the same (python/cpython#106052).
_MARK: Final = re.compile(
    rf"""
      \{{\# .*? \#\}}
    | \{{\{{ (?=(?P<shown> (?: {_QUOTED} | [^"'}}] | \}}(?!\}}) )* ))(?P=shown) \}}\}}
    | (?: \{{% | [{{｛][%％](?=[-+]?\s*(?:end)?(?:{_OURS})\b) ) [-+]? \s* (?P<name>\w+)
      (?=(?P<rest> (?: {_QUOTED} | [^"'%％] | [%％](?![}}｝]) )* ))(?P=rest) [%％][}}｝]
    """,
    re.VERBOSE | re.DOTALL,
)
_OPENER: Final = re.compile(rf"\{{[{{#%]|[{{｛][%％](?=[-+]?\s*(?:end)?(?:{_OURS})\b)")
_MAX_BROKEN: Final = 20  # marks that are never closed; the end of each is looked for as far as a mark may be long
_MAX_MARK: Final = 50_000  # characters
_MAX_DEPTH: Final = 100

_INLINE_SET: Final = re.compile(r"[\s\w.,()]+=(?!=)")
_WITHOUT_STRINGS: Final = re.compile(_QUOTED, re.VERBOSE | re.DOTALL)
_ENCLOSING: Final = frozenset(
    {"autoescape", "block", "call", "filter", "for", "if", "macro", "raw", "set", "with"}
    | {name for name, tag in TAGS.items() if tag.has_body}
)
_NOT_IN_A_SHOT: Final = frozenset({"card", "footage", "scene", "shot"})
KNOWN_TAGS: Final = _ENCLOSING | {"elif", "else", "extends", "from", "import", "include"} | TAGS.keys()


class TagError(TemplateSyntaxError):
    """A syntax error that knows its rule, where in the text it stands, and what to do."""

    def __init__(self, code: Code, message: str, advice: str, mark: Mark, path: str) -> None:
        super().__init__(message, mark.line, path, path)
        self.code = code
        self.offset = mark.start
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Mark:
    """A tag, an expression or a comment, at `start` … `stop` of its text.

    Attributes:
        name: the tag's; empty for expressions and comments.
        rest: the tag's text after its name.
        name_stop: the offset after the tag's name.
        line, column: of its first character, from 1.
        inside: the tags that enclose it, outermost first.
    """

    text: str
    start: int
    stop: int
    name: str
    rest: str
    name_stop: int
    line: int
    column: int
    inside: tuple[str, ...] = ()

    @property
    def is_comment(self) -> bool:
        return self.text.startswith("{#")

    @property
    def is_enclosing(self) -> bool:
        return self.name in _ENCLOSING and not (self.name == "set" and _INLINE_SET.match(self.rest))

    @property
    def is_verbatim(self) -> bool:
        """Whether this is a shot whose text is taken as it is."""
        return self.name == "shot" and bool(re.search(r"\bverbatim\b", _WITHOUT_STRINGS.sub('""', self.rest)))


@lru_cache(maxsize=32)
def _line_starts(text: str) -> tuple[int, ...]:
    """The offset of each line; counting newlines anew for every place would take ages on a long text."""
    return (0, *(newline.end() for newline in re.finditer("\n", text)))


def line_start(text: str, line: int) -> int:
    """The offset of `line`, from 1; the end of `text` if it has not so many."""
    starts = _line_starts(text)
    return starts[line - 1] if line <= len(starts) else len(text)


def place_of(text: str, offset: int) -> tuple[int, int]:
    """Line and column of `offset`, from 1."""
    starts = _line_starts(text)
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1


def read_marks(text: str, path: str) -> tuple[Mark, ...]:
    """The marks of `text` in order; what stands in raw blocks and verbatim shots is not looked into.

    Raises:
        TagError: a tag that is never closed, or closed by another's end.
    """
    marks, errors = nest_marks(text, path)
    if errors:
        raise errors[0]
    return marks


def nest_marks(text: str, path: str) -> tuple[tuple[Mark, ...], tuple[TagError, ...]]:
    """The marks of `text` as `read_marks` gives them, and all that is wrong with how they close."""
    marks: list[Mark] = []
    openers: list[Mark] = []
    errors: list[TagError] = []
    for mark in marks_between(text, 0, len(text)):
        if mark.name.startswith("end"):
            errors.extend(_close(mark, openers, marks, path))
        placed = _inside(mark, openers)
        marks.append(placed)
        if mark.is_enclosing:
            openers.append(placed)
        if len(openers) > _MAX_DEPTH:
            advice = "Make a macro or a template of its own of the inner ones."
            errors.append(TagError(Code.TOO_MUCH, "tags stand too deep in one another here.", advice, mark, path))
            return tuple(marks), tuple(errors)
    for opener in openers:
        says, advice = f"{{% {opener.name} %}} is never closed.", f"Add {{% end{opener.name} %}} where it ends."
        errors.append(TagError(Code.NEVER_CLOSED, says, advice, opener, path))
    return tuple(marks), tuple(errors)


def straighten(text: str) -> str:
    """`text` with its tags and expressions as they were meant; what stands between them is the author's own."""
    if text.isascii():
        return text
    pieces, offset = [], 0
    for mark in marks_between(text, 0, len(text)):
        if not mark.is_comment:
            pieces += [text[offset : mark.start], straightened(mark.text)]
            offset = mark.stop
    return "".join([*pieces, text[offset:]])


def mark_at(text: str, offset: int) -> Mark | None:
    """The mark that begins at `offset`; None if none does, or it never ends."""
    found = _MARK.match(text, offset, offset + _MAX_MARK)
    if not found:
        return None
    line, column = place_of(text, offset)
    return Mark(
        text=found[0],
        start=offset,
        stop=found.end(),
        name=found["name"] or "",
        rest=found["rest"] or "",
        name_stop=found.end("name"),
        line=line,
        column=column,
    )


def marks_between(text: str, start: int, stop: int) -> Iterator[Mark]:
    """The marks that begin from `start` up to `stop`, without what encloses them."""
    offset, broken = start, 0
    while broken <= _MAX_BROKEN and (opener := _OPENER.search(text, offset, stop)):
        mark = mark_at(text, opener.start())
        if mark:
            yield mark
            offset = _verbatim_stop(text, mark)
        else:
            broken, offset = broken + 1, opener.start() + 1


def _verbatim_stop(text: str, mark: Mark) -> int:
    """Where marks are read on behind `mark`: at the end of what is taken as it is."""
    if mark.name != "raw" and not mark.is_verbatim:
        return mark.stop
    end = re.compile(rf"\{{%[-+]?\s*end{mark.name}\b").search(text, mark.stop)
    return end.start() if end else len(text)


def _inside(mark: Mark, openers: Sequence[Mark]) -> Mark:
    inside = tuple(opener.name for opener in openers)
    return Mark(mark.text, mark.start, mark.stop, mark.name, mark.rest, mark.name_stop, mark.line, mark.column, inside)


def _close(mark: Mark, openers: list[Mark], before: Sequence[Mark], path: str) -> Iterator[TagError]:
    opened = mark.name.removeprefix("end")
    if opened not in _ENCLOSING:
        return
    if all(opener.name != opened for opener in openers):
        says = f"{{% {mark.name} %}} closes nothing: no {{% {opened} %}} is open here."
        advice = "Take it out, or look for a quote that is left open above."
        yield TagError(Code.CLOSES_NOTHING, says, advice, mark, path)
        return
    while (left := openers.pop()).name != opened:
        after = (each for each in before if each.start > left.start and each.name in _NOT_IN_A_SHOT)
        seen = next(after, mark) if left.name == "shot" else mark
        says = f"{{% {left.name} %}} is not closed before the {{% {seen.name} %}} of line {seen.line}."
        yield TagError(Code.NEVER_CLOSED, says, f"Add {{% end{left.name} %}} where it ends.", left, path)


def without_texts(tag: str) -> str:
    """`tag` with "_" for every letter of its texts, so that what is found in it is no text."""
    return _WITHOUT_STRINGS.sub(lambda string: "_" * len(string[0]), tag)
