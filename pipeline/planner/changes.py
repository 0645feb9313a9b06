"""Why a shot is shot anew: what its request says now that the request of its older take did not. Pure.

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
from pipeline.model.plan import ImageRef, TakeRequest
from pipeline.model.storyboard import GenerationType, Ingredient, Shot
from pipeline.model.take import Take

SHORT: Final = 40
"""Characters of old or new words that are still quoted."""

MANY: Final = 3
"""So many changes are told one by one."""

_GAP: Final = "\0"  # stands where an ingredient stood
_TOKEN: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+|\s+|.", re.DOTALL)  # Han letters one by one
_TYPE_NAMES: Final = {
    GenerationType.TEXT: "text",
    GenerationType.FRAMES: "frames",
    GenerationType.REFERENCE: "reference",
}
_KINDS: Final = {".csv": "cell", "bible.yaml": "bible entry"}


def what_changed(shot: Shot, request: TakeRequest, older: Take, look: str = "") -> str:
    """Clauses for the person who pays, such as "prompt changed: variable `city`, project.yaml:14: "Rome" → "Oslo"".

    Args:
        look: of the shot's scene; where the prompt ends with it, a change there is told as one of the look.
    """
    clauses = [*_words_changed(shot, request, older, look), *_images(shot, request, older)]
    return "; ".join(clauses) or "its request changed"


def what_changed_so_far(shot: Shot, request: TakeRequest, older: Take, look: str = "") -> str:
    """The same for a request that still waits for its first image; empty if all but that is as it was."""
    return "; ".join(_words_changed(shot, request, older, look))


def _words_changed(shot: Shot, request: TakeRequest, older: Take, look: str) -> Iterator[str]:
    yield from _prompt(shot, request, older, look)
    yield from _settings(request, older.request)


# --- the prompt ----------------------------------------------------------------------------------------------------


def _prompt(shot: Shot, request: TakeRequest, older: Take, look: str) -> Iterator[str]:
    before, now = older.request.prompt, request.prompt
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


# --- what goes with it ----------------------------------------------------------------------------------------------


def _settings(request: TakeRequest, before: TakeRequest) -> Iterator[str]:
    if request.aspect is not before.aspect:
        yield f"aspect ratio changed: {before.aspect} → {request.aspect}"
    if request.resolution is not before.resolution:
        yield f"resolution changed: {before.resolution} → {request.resolution}"
    if request.generation is not before.generation:
        yield f"type changed: {_TYPE_NAMES[before.generation]} → {_TYPE_NAMES[request.generation]}"


def _images(shot: Shot, request: TakeRequest, older: Take) -> Iterator[str]:
    if request.generation is not older.request.generation:
        return
    names = _image_names(shot, request)
    before, now = [_content(image) for image in older.request.images], [_content(image) for image in request.images]
    if before != now and sorted(before) == sorted(now):
        yield "the order of its images changed"
        return
    roles = ("first", "last") if request.generation is GenerationType.FRAMES else ("reference",) * 3
    for role, old, new, name in zip(roles, *_padded(before, now, names), strict=False):
        if old != new and not (role == "reference" and new in before):
            yield _image_clause(role, old, new, name, shot)


def _padded(*lists: Sequence[str]) -> list[list[str]]:
    longest = max(map(len, lists))
    return [[*each, *[""] * (longest - len(each))] for each in lists]


def _image_clause(role: str, old: str, new: str, name: str, shot: Shot) -> str:
    if role == "first" and shot.continues and new:
        return f"first image changed: `{shot.continues.shot}`, which it continues, ends on another picture"
    if not new:
        return f"{role} image taken out"
    return f"{role} image {'changed' if old else 'added'}: {name}"


def _image_names(shot: Shot, request: TakeRequest) -> list[str]:
    own = [image.file or image.url for image in shot.images]
    return [shot.continues.shot, *own] if shot.continues and len(request.images) > len(own) else own


def _content(image: ImageRef) -> str:
    return image.sha256 or image.url
