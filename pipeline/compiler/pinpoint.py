"""Finds where in a template something is written, once there is something to say about it.

Findings know the tag or the line that they are about. What is looked up here makes that a column; what cannot be
found, or not for certain, keeps the place that it had.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from pipeline.compiler.marks import Mark, line_start, mark_at, marks_between, nest_marks, place_of, without_texts
from pipeline.compiler.prelex import SEEN_THROUGH
from pipeline.model.finding import Source

_WORD: Final = re.compile(r"\w+(?:[./-]+\w+)*")
_VALUE_OF: Final = re.compile(r"(\w+)\s*[=＝]\s*\Z")
_END: Final = re.compile(r"[{｛][%％][-+]?\s*end(?:shot|scene)\b")
_ARGUMENTS: Final = re.compile(r"\b\w+\s*[=＝]|\b(?:each|when)\b")


def tag_at(texts: Mapping[str, str], source: Source) -> str:
    """The tag that begins at `source`, as it is written; empty if none does."""
    tag = _mark_at(texts, source)
    return tag.text if tag else ""


def tag_head(texts: Mapping[str, str], source: Source) -> str:
    """What stands first in the tag at `source`, before its arguments, with "_" for texts; empty if there is no tag."""
    tag = _mark_at(texts, source)
    return _ARGUMENTS.split(without_texts(tag.rest), maxsplit=1)[0] if tag else ""


def argument_place(texts: Mapping[str, str], source: Source, argument: str) -> Source:
    """Where the value of `argument` is written in the tag at `source`; of `each`, which has none, that word."""
    tag = _mark_at(texts, source)
    if not tag:
        return source
    word = rf"\b{re.escape(argument)}"
    found = re.search(rf"{word}\s*[=＝]\s*|{word}\b(?=[\s\w,，()]+\sin\b)", without_texts(tag.text))
    if not found:
        return source
    return _at(texts, source, tag.start + (found.end() if found[0].strip()[-1] in "=＝" else found.start()))


def argument_name_place(texts: Mapping[str, str], source: Source, argument: str) -> Source:
    """Where the name of `argument` is written in the tag at `source`."""
    tag = _mark_at(texts, source)
    if not tag:
        return source
    found = re.search(rf"\b{re.escape(argument)}\b(?=\s*[=＝]|[\s\w,，()]+\sin\b)", without_texts(tag.text))
    return _at(texts, source, tag.start + found.start()) if found else source


def name_place(texts: Mapping[str, str], source: Source, name: str, *, is_part: bool) -> Source:
    """Where `name` is used in the tags and expressions that begin in the line of `source`.

    The first of several uses; behind a dot (`is_part`) only if there is one, since it may be a part of many things.
    """
    text = texts.get(source.path, "")
    start = line_start(text, source.line)
    stop = text.find("\n", start)
    before = r"(?<=[.])" if is_part else r"(?<![.\w])"
    pattern = re.compile(rf"{before}{re.escape(name)}(?!\w)")
    hits = [
        mark.start + hit.start()
        for mark in marks_between(text, start, len(text) if stop < 0 else stop)
        for hit in pattern.finditer(without_texts(mark.text))
    ]
    return source if not hits or (is_part and len(hits) > 1) else _at(texts, source, hits[0])


def word_at(texts: Mapping[str, str], source: Source) -> tuple[str, str, Source]:
    """What is written around `source` without a blank, what it is the value of, and where it begins.

    Names, dots, hyphens and slashes are a word; it is empty where `source` is but a line.
    """
    text = texts.get(source.path, "")
    start = line_start(text, source.line)
    stop = text.find("\n", start)
    words = _WORD.finditer(text, start, len(text) if stop < 0 else stop)
    at = start + (source.column or 0) - 1
    word = next((word for word in words if word.start() <= at < word.end()), None)
    if not word:
        return "", "", source
    before = _VALUE_OF.search(text, start, word.start())
    return word[0], before[1] if before else "", _at(texts, source, word.start())


def words_place(texts: Mapping[str, str], source: Source, words: str) -> Source:
    """Where `words` stand in the line of `source`, if they stand there once."""
    text = texts.get(source.path, "")
    start = line_start(text, source.line)
    line = text[start:].partition("\n")[0]
    return _at(texts, source, start + line.index(words)) if words and line.count(words) == 1 else source


def only_expression(texts: Mapping[str, str], source: Source) -> Source:
    """Where the only expression of the line of `source` begins."""
    return words_place(texts, source, "{{")


def expression_outside(texts: Mapping[str, str], source: Source) -> Source:
    """Where the first expression behind `source` stands that is in no shot and in nothing that a shot may use.

    One that calls nothing is preferred: calls may write nothing at all.
    """
    text = texts.get(source.path, "")
    start = line_start(text, source.line) + (source.column or 1) - 1
    loose = [
        mark
        for mark in nest_marks(text, source.path)[0]
        if mark.start >= start and mark.text.startswith("{{") and SEEN_THROUGH.issuperset(mark.inside)
    ]
    found = next((mark for mark in loose if "(" not in mark.text), loose[0] if loose else None)
    return _at(texts, source, found.start) if found else source


def text_place(texts: Mapping[str, str], source: Source, words: str) -> Source:
    """Where `words` stand in the text behind the tag at `source`, whatever their case.

    They may have come from a variable or a macro, and then stand nowhere there.
    """
    text = texts.get(source.path, "")
    tag = _mark_at(texts, source)
    end = _END.search(text, tag.stop) if tag else None
    if not tag or not end:
        return source
    border = r"(?<!\w){}(?!\w)" if words.isascii() else "{}"
    found = re.compile(border.format(re.escape(words)), re.IGNORECASE).search(text, tag.stop, end.start())
    return _at(texts, source, found.start()) if found else source


def _mark_at(texts: Mapping[str, str], source: Source) -> Mark | None:
    text = texts.get(source.path, "")
    return mark_at(text, line_start(text, source.line) + (source.column or 1) - 1)


def _at(texts: Mapping[str, str], source: Source, offset: int) -> Source:
    line, column = place_of(texts.get(source.path, ""), offset)
    return Source(path=source.path, line=line, column=column)
