"""What changed in a prompt: the values that were written into it, its author's own text, or its look. Pure.

A prompt is its author's own text with values written into it (its ingredients). What is left of it without them tells
the two apart: if that is as it was, only values changed, and each is named with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from pipeline.model.finding import Source
from pipeline.model.storyboard import Ingredient, Shot
from pipeline.model.take import Take
from pipeline.planner.word_difference import WORD

SHORT: Final = 40
"""Characters of old or new words that are still quoted."""

MANY: Final = 3
"""So many changes are told one by one."""

_GAP: Final = "\0"  # stands where an ingredient stood
_TOKEN: Final = re.compile(rf"{WORD}|\s+|.", re.DOTALL)
_KINDS: Final = {".csv": "cell", "bible.yaml": "bible entry"}


def prompt_changes(shot: Shot, older: Take, look: str) -> Iterator[str]:
    """A clause or two about the prompt of `shot` and the one of its older take; none if they are equal.

    Args:
        look: of the shot's scene; where the prompt ends with it, a change there is told as one of the look.
    """
    before, now = older.asked.prompt, shot.prompt
    if before == now:
        return
    is_same_text = _is_refilled(before, older.made_of, now, shot.made_of)
    told = list(dict.fromkeys(_values(older.made_of, shot.made_of, by_place=is_same_text)))
    is_known = bool(older.made_of) or not shot.made_of  # takes of an earlier time kept no ingredients
    look_told = ""
    if is_known and not is_same_text:
        has_look = bool(look) and now.endswith(f"\n\n{look}")
        split = _split_looks(_own_text(before, older.made_of), _own_text(now, shot.made_of), has_look)
        if split.look_was != split.look:
            look_told = f"look changed{_words(split.look_was, split.look)}"
        if split.body_was != split.body:
            told.append(f"its own text, {_line(shot.source)}{_words(split.body_was, split.body)}")
    if told:
        more = f" and {len(told) - MANY} more" if len(told) > MANY else ""
        yield f"prompt changed: {'; '.join(told[:MANY])}{more}"
    if look_told or not told:
        yield look_told or f"prompt changed, {_line(shot.source)}{_words(before, now)}"


def _is_refilled(before: str, was: Sequence[Ingredient], now: str, is_now: Sequence[Ingredient]) -> bool:
    """Whether one text is the other with other values in it; a filter may have changed their case.

    Tried both ways, for a short value is easily found where it was not written.
    """
    if len(was) != len(is_now):
        return False
    ways = ((before, was, now, is_now), (now, is_now, before, was))
    return any(_filled(_pieces(text, own), others) == other.casefold() for text, own, other, others in ways)


def _filled(pieces: Sequence[str], made_of: Sequence[Ingredient]) -> str:
    """The pieces of a text with values in their gaps, caseless; empty if there are not as many gaps as values."""
    if len(pieces) != len(made_of) + 1:
        return ""
    values = (*(ingredient.text for ingredient in made_of), "")
    return "".join(piece + value for piece, value in zip(pieces, values, strict=True)).casefold()


def _own_text(prompt: str, made_of: Sequence[Ingredient]) -> str:
    return _GAP.join(_pieces(prompt, made_of))


def _pieces(prompt: str, made_of: Sequence[Ingredient]) -> list[str]:
    """What is left of the prompt around the ingredients that are found in it, in their order."""
    pieces, at = [], 0
    for ingredient in made_of:
        found = re.compile(re.escape(ingredient.text), re.IGNORECASE).search(prompt, at)
        if found:
            pieces.append(prompt[at : found.start()])
            at = found.end()
    return [*pieces, prompt[at:]]


def _values(before: Sequence[Ingredient], now: Sequence[Ingredient], *, by_place: bool) -> Iterator[str]:
    """The values that are others now: matched by where they stand in the same text, else by their names."""
    known = {ingredient.name: ingredient for ingredient in before}
    by_name = ((known[ingredient.name], ingredient) for ingredient in now if ingredient.name in known)
    for old, new in zip(before, now, strict=True) if by_place else by_name:
        if old.text != new.text:
            yield f"{_kind(new.source)} `{new.name}`, {_line(new.source)}{_words(old.text, new.text)}"


def _kind(source: Source) -> str:
    path = PurePosixPath(source.path)
    return _KINDS.get(path.name) or _KINDS.get(path.suffix) or "variable"


class _Split(NamedTuple):
    body_was: str
    look_was: str
    body: str
    look: str


def _split_looks(was: str, now: str, has_look: bool) -> _Split:
    """Both texts without their looks, which are their last paragraphs."""
    if not has_look:
        return _Split(was, "", now, "")
    body, _, look = now.rpartition("\n\n")
    if was == body:
        return _Split(was, "", body, look)
    body_was, _, look_was = was.rpartition("\n\n")
    return _Split(body_was, look_was, body, look) if body_was else _Split(was, "", body, look)


def _words(before: str, now: str) -> str:
    """The words that differ, if they are few: `: "dawn" → "dusk"`."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(now)
    same = next((n for n, (a, b) in enumerate(zip_longest(old, new)) if a != b), len(old))
    old, new = old[same:], new[same:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    gone, come = _quoted(old), _quoted(new)
    if max(len(gone), len(come)) > SHORT + 2:
        return ""
    if gone and come:
        return f": {gone} → {come}"
    return f": added {come}" if come else f": took out {gone}" if gone else ""


def _quoted(tokens: Sequence[str]) -> str:
    text = " ".join("".join(tokens).replace(_GAP, "…").split())
    return f'"{text}"' if text else ""


def _line(source: Source) -> str:
    return f"{source.path}:{source.line}"
