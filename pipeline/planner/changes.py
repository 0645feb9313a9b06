"""Why a shot is shot anew: what its request says now that the request of its older take did not. Pure.

What became of the prompt itself stands in `prompt_changes`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pipeline.model.plan import ImageRef, TakeRequest
from pipeline.model.storyboard import GenerationType, Shot
from pipeline.model.take import Take
from pipeline.planner.prompt_changes import prompt_changes

_TYPE_NAMES: Final = {
    GenerationType.TEXT: "text",
    GenerationType.FRAMES: "frames",
    GenerationType.REFERENCE: "reference",
}


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
    yield from prompt_changes(shot, older, look)
    yield from _settings(shot, request, older.request)


def _settings(shot: Shot, request: TakeRequest, before: TakeRequest) -> Iterator[str]:
    if request.aspect is not before.aspect:
        yield f"aspect ratio changed: {before.aspect} → {request.aspect}"
    if request.resolution is not before.resolution:
        yield f"resolution changed: {before.resolution} → {request.resolution}"
    if request.generation is not before.generation:
        pictures = " and ".join(_image_names(shot))
        by = f", by {pictures}" if pictures else ""
        yield f"type changed: {_TYPE_NAMES[before.generation]} → {_TYPE_NAMES[request.generation]}{by}"


def _images(shot: Shot, request: TakeRequest, older: Take) -> Iterator[str]:
    if request.generation is not older.request.generation:
        return
    names = _image_names(shot)
    before, now = [_content(image) for image in older.request.images], [_content(image) for image in request.images]
    if before != now and sorted(before) == sorted(now):
        yield "the order of its images changed"
        return
    roles = ("first", "last") if request.generation is GenerationType.FRAMES else ("reference",) * 3
    for role, old, new, name in zip(roles, *_padded(before, now, names), strict=False):
        if old != new and not (role == "reference" and new in before):
            yield _image_clause(role, old, new, name)


def _padded(*lists: Sequence[str]) -> list[list[str]]:
    longest = max(map(len, lists))
    return [[*each, *[""] * (longest - len(each))] for each in lists]


def _image_clause(role: str, old: str, new: str, name: str) -> str:
    if not new:
        return f"{role} image taken out"
    return f"{role} image {'changed' if old else 'added'}: {name}"


def _image_names(shot: Shot) -> list[str]:
    own = [image.file or image.url for image in shot.images]
    return [f"the end of `{shot.continues.shot}`", *own] if shot.continues else own


def _content(image: ImageRef) -> str:
    return image.sha256 or image.url
