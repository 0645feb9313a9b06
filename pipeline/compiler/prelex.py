"""Prepares a template's text for Jinja, line for line: what Jinja cannot see by itself is written into it.

- Each of our tags is told its column: `{% shot "run" %}` becomes `{% shot 3 "run" %}`.
- The text of a shot loses its common indentation, and a tag or comment alone on a line loses that line.
- The text of a verbatim shot becomes one string, so that no brace in it means anything.
- A child template without blocks becomes the parent's `story` block, behind its leading declarations.

Every line keeps its number, so that Jinja's own messages point at what was written.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.compiler.catalogue import Code
from pipeline.compiler.grammar import NO_ENDS, TAGS
from pipeline.compiler.marks import KNOWN_TAGS, Mark, TagError, place_of, read_marks, straighten

OUR_TAGS: Final = frozenset(TAGS)

_LINE: Final = re.compile(r"(?<=\n)(?P<margin>[ \t]*)(?=(?P<end>\n?))")
_REST_OF_LINE: Final = re.compile(r"[ \t]*\n")

_OPENING: Final = re.compile(r"\{[{%#]")
_BLANKS: Final = " \t"
_FILM_TAGS: Final = frozenset({"scene", "shot", "footage", "card"})
SEEN_THROUGH: Final = frozenset({"block", "for", "if", "scene", "with"})  # text in these would be film text
_DECLARATIONS: Final = frozenset({"extends", "import", "from", "set", "endset", "macro", "endmacro"})


@dataclass(frozen=True, slots=True)
class Prose:
    """Words that no shot would say."""

    words: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class _Edit:
    """Put `text` in place of `start` … `stop`."""

    start: int
    stop: int
    text: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """`text` for Jinja, and the prose outside of shots that was found on the way."""

    text: str
    prose: tuple[Prose, ...]
    edits: tuple[_Edit, ...]

    def origin(self, offset: int) -> int:
        """Where in the text as it was written stands what is at `offset` now."""
        moved = 0  # how far to the right it was
        for edit in self.edits:
            if edit.start - moved + len(edit.text) > offset:
                return min(offset + moved, edit.start)
            moved += edit.stop - edit.start - len(edit.text)
        return offset + moved


def prepare(text: str, path: str) -> Prepared:
    """`text` as Jinja should read it.

    Raises:
        TagError: tags that are not closed, or shots of a child template outside its blocks.
    """
    text = straighten(text)
    marks = read_marks(text, path)
    edits = [_Edit(mark.name_stop, mark.name_stop, f" {mark.column} ") for mark in marks if mark.name in OUR_TAGS]
    for opener, inner, closer in _bodies(marks):
        if opener.is_verbatim:
            edits.append(_Edit(opener.stop, closer.start, _as_string(text[opener.stop : closer.start])))
        else:
            edits.extend(_set_flush(text, opener.stop, closer.start, inner))
    edits.extend(_story_block(text, marks, path))
    edits.sort(key=lambda edit: (edit.start, edit.stop))
    return Prepared(_apply(text, edits), tuple(_prose(text, marks)), tuple(edits))


def _apply(text: str, edits: Sequence[_Edit]) -> str:
    pieces, offset = [], 0
    for edit in edits:
        pieces += [text[offset : edit.start], edit.text]
        offset = edit.stop
    return "".join([*pieces, text[offset:]])


def _bodies(marks: Sequence[Mark]) -> Iterator[tuple[Mark, Sequence[Mark], Mark]]:
    """Each shot that is no part of another: its opener, the marks in its text, and its end."""
    at = 0
    while at < len(marks):
        opener, at = marks[at], at + 1
        if opener.name == "shot":
            first = at
            while marks[at].name != "endshot" or marks[at].inside != opener.inside:
                at += 1
            yield opener, marks[first:at], marks[at]


def _as_string(words: str) -> str:
    """An expression whose value is `words`, set flush, with the same newlines in the same places."""
    first, *others = words.split("\n")
    margin = _shared([line[: len(line) - len(line.lstrip(_BLANKS))] for line in others if line.strip()])
    flush = "\n".join([first, *(line.removeprefix(margin) if line.strip() else "" for line in others)])
    escaped = re.sub(r'[\\"{}%#]', lambda letter: f"\\x{ord(letter[0]):02x}", flush)
    return '{{ "' + escaped + '" }}'


def _set_flush(text: str, start: int, stop: int, marks: Sequence[Mark]) -> Iterator[_Edit]:
    """Take the common indentation off the lines of a shot, and the lines off the tags that stand alone on one."""
    alone: set[int] = set()  # where the lines of such tags begin
    for mark in marks:
        line_start = _start_of_blanks(text, start, mark.start)
        after = _REST_OF_LINE.match(text, mark.stop, stop)
        if text[line_start - 1] != "\n" or not after:
            continue
        if (mark.name or mark.is_comment) and mark.name != "endsay":  # which ends words
            alone.add(line_start)
            yield _Edit(line_start, mark.start, "")
            tail = mark.text[-3:] if mark.text[-3] in "-+" else mark.text[-2:]
            yield _Edit(mark.stop - len(tail), after.end(), "\n" + tail)  # the tag swallows its newline
    starts = [mark.start for mark in marks]
    lines = [
        line
        for line in _LINE.finditer(text, start, stop)
        if line.start() not in alone and not _is_in_mark(line.start(), starts, marks)
    ]
    margin = _shared([line["margin"] for line in lines if not line["end"] and line.end() < stop])
    for line in lines:
        yield _Edit(line.start(), line.start() + len(_shared([margin, line["margin"]])), "")


def _start_of_blanks(text: str, start: int, stop: int) -> int:
    """Where the blanks begin that end at `stop`, at `start` at the earliest."""
    while stop > start and text[stop - 1] in _BLANKS:
        stop -= 1
    return stop


def _is_in_mark(offset: int, starts: Sequence[int], marks: Sequence[Mark]) -> bool:
    """Whether one of `marks`, which begin at `starts`, began before `offset` and goes on there."""
    before = bisect_left(starts, offset)
    return before > 0 and offset < marks[before - 1].stop


def _story_block(text: str, marks: Sequence[Mark], path: str) -> Iterator[_Edit]:
    """Where a child template's `story` block begins and ends, if it has no blocks of its own."""
    extends = next((mark for mark in marks if mark.name == "extends"), None)
    if not extends:
        return
    if extends.inside:  # Jinja would run the shots here first, and the parent's after them
        says = f"this extends stands inside of {{% {extends.inside[-1]} %}}."
        raise TagError(Code.EXTENDS, says, "Put it first; the name may be chosen: {% extends parent %}.", extends, path)
    if any(mark.name == "block" for mark in marks):
        lost = next((mark for mark in marks if mark.name in _FILM_TAGS and not mark.inside), None)
        if lost:
            says = f"this {lost.name} stands outside the blocks of a template that extends another."
            raise TagError(Code.EXTENDS, says, "Move it into {% block story %}.", lost, path)
        return
    start = _declarations_stop(text, marks)
    if text[start:].strip():
        yield _Edit(start, start, "{% block story %}")
        yield _Edit(len(text), len(text), "{% endblock %}")


def _declarations_stop(text: str, marks: Sequence[Mark]) -> int:
    """The offset after the leading `extends`, `import`, `set`, `macro` and comments: these hold for all blocks."""
    stop = 0
    for mark in (mark for mark in marks if not mark.inside):
        is_declaration = mark.is_comment or mark.name in _DECLARATIONS
        in_declaration = mark.name in ("endset", "endmacro")
        if not is_declaration or (text[stop : mark.start].strip() and not in_declaration):
            break
        stop = mark.stop
    return stop


def _prose(text: str, marks: Sequence[Mark]) -> Iterator[Prose]:
    """Each run of words outside shots, macros, calls and blocks that are set.

    Behind a tag that there is not, or that is not closed, nobody can say what is outside.
    """
    offset: int = 0
    inside: tuple[str, ...] = ()
    for mark in [*marks, None]:
        words = text[offset : mark.start if mark else len(text)]
        if _OPENING.search(words):
            return
        is_meant_inside = mark is not None and mark.name in NO_ENDS  # the words of a card, most likely
        if words.strip() and SEEN_THROUGH.issuperset(inside) and not is_meant_inside:
            line, column = place_of(text, offset + len(words) - len(words.lstrip()))
            yield Prose(words.strip(), line, column)
        if mark and mark.name.removeprefix("end") not in (*KNOWN_TAGS, ""):
            return
        if mark:
            offset = mark.stop
            inside = (*mark.inside, mark.name) if mark.is_enclosing else mark.inside


def _shared(margins: Sequence[str]) -> str:
    """The longest beginning that all of `margins` have; empty for none."""
    if not margins:
        return ""
    least, most = min(margins), max(margins)
    return next((least[:at] for at, letter in enumerate(least) if letter != most[at]), least)
