"""Reads a template as marks: its tags, expressions and comments, with their places and what encloses them.

Jinja's own tokens have lines but no columns, and neither indentation nor the opener of a tag that is never closed can
be told from them. This reading knows nothing about what tags mean; `prelex` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jinja2 import TemplateSyntaxError

from pipeline.compiler.catalogue import Code
from pipeline.compiler.grammar import TAGS
from pipeline.compiler.keyboard import CURLY, STRAIGHT, straightened
from pipeline.model.finding import Source

_QUOTED: Final = f"{STRAIGHT} | {CURLY}"
_OURS: Final = "|".join(TAGS)
_MARK: Final = re.compile(
    rf"""
      \{{\# .*? \#\}}
    | \{{\{{ (?: {_QUOTED} | [^"'}}] | \}}(?!\}}) )*+ \}}\}}
    | (?: \{{% | [{{｛][%％](?=[-+]?\s*(?:end)?(?:{_OURS})\b) ) [-+]? \s* (?P<name>\w+)
      (?P<rest> (?: {_QUOTED} | [^"'%％] | [%％](?![}}｝]) )*+ ) [%％][}}｝]
    """,
    re.VERBOSE | re.DOTALL,
)
_INLINE_SET: Final = re.compile(r"[\s\w.,()]+=(?!=)")
_WITHOUT_STRINGS: Final = re.compile(_QUOTED, re.VERBOSE | re.DOTALL)
_ENCLOSING: Final = frozenset(
    {"autoescape", "block", "call", "filter", "for", "if", "macro", "raw", "set", "with"}
    | {name for name, tag in TAGS.items() if tag.has_body}
)


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


def place_of(text: str, offset: int) -> tuple[int, int]:
    """Line and column of `offset`, from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


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
    for mark in _scan(text):
        if mark.name.startswith("end"):
            errors.extend(_close(mark, openers, path))
        placed = _inside(mark, openers)
        marks.append(placed)
        if mark.is_enclosing:
            openers.append(placed)
    for opener in openers:
        says, advice = f"{{% {opener.name} %}} is never closed.", f"Add {{% end{opener.name} %}} where it ends."
        errors.append(TagError(Code.NEVER_CLOSED, says, advice, opener, path))
    return tuple(marks), tuple(errors)


def straighten(text: str) -> str:
    """`text` with its tags and expressions as they were meant; what stands between them is the author's own."""
    if text.isascii():
        return text
    pieces, offset = [], 0
    for mark in _scan(text):
        if not mark.is_comment:
            pieces += [text[offset : mark.start], straightened(mark.text)]
            offset = mark.stop
    return "".join([*pieces, text[offset:]])


def _scan(text: str) -> Iterator[Mark]:
    offset, line, line_start = 0, 1, 0
    while found := _MARK.search(text, offset):
        newlines = text.count("\n", offset, found.start())
        if newlines:
            line, line_start = line + newlines, text.rfind("\n", offset, found.start()) + 1
        mark = Mark(
            text=found[0],
            start=found.start(),
            stop=found.end(),
            name=found["name"] or "",
            rest=found["rest"] or "",
            name_stop=found.end("name"),
            line=line,
            column=found.start() - line_start + 1,
        )
        yield mark
        next_offset = found.end()
        if mark.name == "raw" or mark.is_verbatim:
            end = re.compile(rf"\{{%[-+]?\s*end{mark.name}\b").search(text, next_offset)
            next_offset = end.start() if end else next_offset
        newlines = text.count("\n", found.start(), next_offset)
        if newlines:
            line, line_start = line + newlines, text.rfind("\n", found.start(), next_offset) + 1
        offset = next_offset


def _inside(mark: Mark, openers: Sequence[Mark]) -> Mark:
    inside = tuple(opener.name for opener in openers)
    return Mark(mark.text, mark.start, mark.stop, mark.name, mark.rest, mark.name_stop, mark.line, mark.column, inside)


def _close(mark: Mark, openers: list[Mark], path: str) -> Iterator[TagError]:
    opened = mark.name.removeprefix("end")
    if opened not in _ENCLOSING:
        return
    if all(opener.name != opened for opener in openers):
        says = f"{{% {mark.name} %}} closes nothing: no {{% {opened} %}} is open here."
        advice = "Take it out, or look for a quote that is left open above."
        yield TagError(Code.CLOSES_NOTHING, says, advice, mark, path)
        return
    while (left := openers.pop()).name != opened:
        says = f"{{% {left.name} %}} is not closed before the {{% {mark.name} %}} of line {mark.line}."
        yield TagError(Code.NEVER_CLOSED, says, f"Add {{% end{left.name} %}} where it ends.", left, path)


def name_place(texts: Mapping[str, str], source: Source, name: str, *, is_part: bool) -> Source:
    """Where `name` is used in the tags and expressions that begin in the line of `source`.

    The first of several uses; behind a dot (`is_part`) only if there is one, since it may be a part of many things.
    That source itself if it is not found.
    """
    text = texts.get(source.path, "")
    offset = _line_start(text, source.line)
    line_stop = text.find("\n", offset)
    before = r"(?<=[.])" if is_part else r"(?<![.\w])"
    name_pattern = re.compile(rf"{before}{re.escape(name)}(?!\w)")
    hits: list[int] = []
    while (mark := _MARK.search(text, offset)) and (line_stop < 0 or mark.start() < line_stop):
        hits += [mark.start() + hit.start() for hit in name_pattern.finditer(_without_strings(mark[0]))]
        offset = mark.end()
    if not hits or (is_part and len(hits) > 1):
        return source
    line, column = place_of(text, hits[0])
    return Source(path=source.path, line=line, column=column)


def argument_place(texts: Mapping[str, str], source: Source, argument: str) -> Source:
    """Where `argument` is written in the tag at `source`; that source itself if it is not written there."""
    text = texts.get(source.path, "")
    tag = _MARK.match(text, _line_start(text, source.line) + (source.column or 1) - 1)
    if not tag:
        return source
    bare = _without_strings(tag[0])
    found = re.search(rf"\b{re.escape(argument)}\s*[=＝]|\b{re.escape(argument)}\b(?=\s+\w+\s+in\b)", bare)
    if not found:
        return source
    line, column = place_of(text, tag.start() + found.start())
    return Source(path=source.path, line=line, column=column)


def _line_start(text: str, line: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return start


def _without_strings(tag: str) -> str:
    """`tag` with "_" for every letter of its texts, so that what is found in it is no text."""
    return _WITHOUT_STRINGS.sub(lambda string: "_" * len(string[0]), tag)
