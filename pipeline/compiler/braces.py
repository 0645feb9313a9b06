"""What is wrong with the braces, brackets and quotes of a template, told from its text alone.

Jinja would say it of a later place: what is left open goes on to the next thing that closes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.compiler.catalogue import Code
from pipeline.compiler.keyboard import STRAIGHT
from pipeline.compiler.marks import KNOWN_TAGS, Mark, without_texts

_OPENING: Final = re.compile(r"\{[{%#]")
_NAMELESS: Final = re.compile(r"\{%[-+]?\s*[-+]?%\}")
_OPEN_QUOTE: Final = re.compile(
    rf"""(?: {STRAIGHT} | [^"'] )*? (?P<quote>["']) [^"'\n]* (?: [%}}]\}} | \n | \Z )""", re.VERBOSE
)
_HALF_TAG: Final = re.compile(
    rf"(?:<%|[{{%]\s?%?)\s*(?P<name>(?:end)?(?:{'|'.join(sorted(KNOWN_TAGS))}))\b[^{{}}\n]*?%?[}}>]"
)
_CLOSERS: Final = {"{{": "}}", "{%": "%}", "{#": "#}"}
_BRACKETS: Final = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class SyntaxSlip:
    """One syntax error.

    Attributes:
        offset: where in its text; None if only `line` is known.
        is_open: whether it leaves open what closes what behind it.
    """

    code: Code
    offset: int | None
    says: str
    advice: str
    line: int = 0
    is_open: bool = False


def slips_between(text: str, marks: Sequence[Mark]) -> Iterator[SyntaxSlip]:
    """The braces that open between the marks: were they closed, they would be marks."""
    offset = 0
    for mark in [*marks, None]:
        start = mark.start if mark else len(text)
        if found := _OPENING.search(text, offset, start):
            yield _opened(text, found)
        elif half := _HALF_TAG.search(text, offset, start):
            says, advice = f"this {half['name']} is half a tag.", "A tag begins with {% and ends with %}."
            yield SyntaxSlip(Code.TEMPLATE_SYNTAX, half.start(), says, advice, is_open=True)
        if mark:
            is_letters = mark.name == "raw" or mark.is_verbatim
            end = text.find("{%", mark.stop) if is_letters else mark.stop
            offset = len(text) if end < 0 else end


def slip_in(mark: Mark) -> SyntaxSlip | None:
    """Why `mark`, which Jinja cannot read, ends where it does not mean to, or what is left open in it."""
    if mark.text.startswith("{{{"):
        return SyntaxSlip(Code.TEMPLATE_SYNTAX, mark.start, "there is a brace too many here.", "Write two: {{ … }}.")
    if quote := _OPEN_QUOTE.match(mark.text):
        return _open_quote(mark.start + quote.start("quote"), mark.text[: quote.end("quote")])
    bare = without_texts(mark.text)
    inner = bare.find("{{", 2)
    if mark.name and inner >= 0 and "{%" not in bare[2:]:
        says, advice = "braces stand inside of a tag.", "A name stands there without them."
        return SyntaxSlip(Code.TEMPLATE_SYNTAX, mark.start + inner, says, advice)
    if swallows(mark):
        return _never_closed(mark.start, mark.text[:2])
    return _open_bracket(mark, bare)


def swallows(mark: Mark) -> bool:
    """Whether `mark` was not closed, and so goes on to the end of another."""
    return bool(re.search(r"\{[{%]", without_texts(mark.text)[2:])) and not mark.is_comment


def _opened(text: str, opening: re.Match[str]) -> SyntaxSlip:
    if _NAMELESS.match(text, opening.start()):
        return SyntaxSlip(Code.TEMPLATE_SYNTAX, opening.start(), "this tag has no name.", "Write one, or take it out.")
    line_stop = text.find("\n", opening.end())
    rest = text[opening.end() : len(text) if line_stop < 0 else line_stop]
    quote = _OPEN_QUOTE.match(rest) if opening[0] != "{#" else None
    if quote:
        return _open_quote(opening.end() + quote.start("quote"), opening[0] + rest[: quote.end("quote")])
    return _never_closed(opening.start(), opening[0])


def _never_closed(offset: int, braces: str) -> SyntaxSlip:
    advice = f"Write {_CLOSERS[braces]} where it ends."
    return SyntaxSlip(Code.NEVER_CLOSED, offset, f"this {braces} is never closed.", advice, is_open=True)


def _open_quote(offset: int, before: str) -> SyntaxSlip:
    """A quote that is left open; `before` ends with it."""
    if re.search(r"\{\{[^\"']*\w'$", before):
        says, advice = "this apostrophe opens a text that never ends.", "Words belong outside of the braces."
        return SyntaxSlip(Code.TEMPLATE_SYNTAX, offset, says, advice, is_open=True)
    advice = "Write the same quote where the text ends."
    return SyntaxSlip(Code.TEMPLATE_SYNTAX, offset, "this quote is never closed.", advice, is_open=True)


def _open_bracket(mark: Mark, bare: str) -> SyntaxSlip | None:
    opened: list[int] = []
    for offset, letter in enumerate(bare[2:-2], 2):
        if letter in "([{":
            opened.append(offset)
        elif letter in _BRACKETS:
            if not opened or bare[opened[-1]] != _BRACKETS[letter]:
                break
            opened.pop()
    if not opened:
        return None
    bracket = bare[opened[-1]]
    closer = next(closer for closer, opener in _BRACKETS.items() if opener == bracket)
    says, advice = f'this "{bracket}" is never closed.', f'Write "{closer}" where it ends.'
    return SyntaxSlip(Code.TEMPLATE_SYNTAX, mark.start + opened[-1], says, advice)
