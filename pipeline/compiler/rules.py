"""The rules that a film must keep before anything is sent or joined, each a small check over the Outline.

Those of the API come from its contract: 1–21 shots, unique ids, prompts, images by type and as addresses. Those of
joins follow from what is known before shooting: a generated clip has 192 frames, less its trim.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from pipeline.compiler.catalogue import Code
from pipeline.compiler.findings import Findings, did_you_mean
from pipeline.compiler.outline import Locate, Outline
from pipeline.model.finding import Source
from pipeline.model.storyboard import (
    MAX_SHOTS,
    Card,
    Footage,
    GenerationType,
    Item,
    JoinKind,
    Shot,
)
from pipeline.timecode import SHOT_FRAMES, Frames

_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_IMAGES: Final = {
    GenerationType.TEXT: (0, 0, "no image"),
    GenerationType.FRAMES: (1, 2, "1 or 2 images: first, or first and last"),
    GenerationType.REFERENCE: (1, 3, "1 to 3 images, as refs"),
}


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that is not kept at `source`, by what was written as `argument` if that is known."""

    code: Code
    source: Source
    argument: str
    says: str
    advice: str


Rule: TypeAlias = Callable[[Outline, frozenset[str]], Iterator[Breach]]


def check_rules(outline: Outline, files: frozenset[str], findings: Findings, locate: Locate) -> None:
    """Hold `outline` against every rule; `files` are those of the project."""
    for rule in RULES:
        for breach in rule(outline, files):
            place = locate(breach.source, breach.argument) if breach.argument else breach.source
            findings.add(breach.code, place, breach.says, breach.advice)


def length_of(item: Item) -> Frames | None:
    """How many frames of `item` are used; None while its media alone knows."""
    if isinstance(item, Card):
        return item.frames
    if item.trim.stop is not None:
        return item.trim.stop - item.trim.start
    return SHOT_FRAMES - item.trim.start if isinstance(item, Shot) else None


def _count_of_shots(outline: Outline, _: frozenset[str]) -> Iterator[Breach]:
    shots = [item for item in outline.items if isinstance(item, Shot)]
    if len(shots) > MAX_SHOTS:
        says = f"this is shot {MAX_SHOTS + 1} of {len(shots)}; a film has at most {MAX_SHOTS}."
        yield Breach(Code.TOO_MANY_SHOTS, shots[MAX_SHOTS].source, "", says, "Take some out, or make two films of it.")


def _unique_ids(outline: Outline, _: frozenset[str]) -> Iterator[Breach]:
    groups: tuple[Iterable[tuple[str, Source]], ...] = (
        [(scene.id, scene.source) for scene in outline.scenes],
        [(item.id, item.source) for item in outline.items],
    )
    for group in groups:
        first: dict[str, Source] = {}
        for name, source in group:
            if name in first:
                where = (
                    "this very tag gave it before" if first[name] == source else f"it stands at {first[name]} already"
                )
                says = f'the id "{name}" is taken: {where}.'
                advice = "Give this one another id; items of a loop or of `each` need an `id` that differs."
                yield Breach(Code.ID_TAKEN, source, "", says, advice)
            first.setdefault(name, source)


def _known_scenes(outline: Outline, _: frozenset[str]) -> Iterator[Breach]:
    scenes = [scene.id for scene in outline.scenes]
    for item in outline.items:
        if item.scene and item.scene not in scenes:
            yield Breach(
                Code.NO_SUCH_SCENE,
                item.source,
                "scene",
                f'no scene is called "{item.scene}".',
                did_you_mean(item.scene, scenes),
            )


def _prompts(outline: Outline, _: frozenset[str]) -> Iterator[Breach]:
    for shot in (item for item in outline.items if isinstance(item, Shot)):
        if not shot.prompt.strip():
            yield Breach(
                Code.EMPTY_PROMPT,
                shot.source,
                "prompt",
                f"the shot {shot.id} has an empty prompt.",
                "Say what is to be seen.",
            )
        elif unseen := _UNSEEN.search(shot.prompt):
            says = f"the prompt of {shot.id} holds the control character U+{ord(unseen[0]):04X}."
            yield Breach(
                Code.CONTROL_CHARACTER, shot.source, "prompt", says, "Write that part anew; it was most likely pasted."
            )


def _images(outline: Outline, _: frozenset[str]) -> Iterator[Breach]:
    for shot in (item for item in outline.items if isinstance(item, Shot)):
        roles = [image.role for image in shot.images]
        least, most, wants = _IMAGES[shot.generation]
        right_role = {"ref"} if shot.generation is GenerationType.REFERENCE else {"first", "last"}
        if "ref" in roles and len(set(roles)) > 1:
            says = f"{shot.id} has first or last together with refs."
            yield Breach(Code.FIRST_AND_REFS, shot.source, "refs", says, "Keep the one or the other.")
        elif roles == ["last"]:
            yield Breach(
                Code.LAST_ALONE, shot.source, "last", f"{shot.id} has a last image, but no first.", 'Add first="…".'
            )
        elif not least <= len(roles) <= most or not right_role.issuperset(roles):
            says = (
                f"{shot.id} has {len(roles)} image{'s' * (len(roles) != 1)}; its type {shot.generation} takes {wants}."
            )
            argument = "type" if not roles else {"ref": "refs"}.get(roles[0], "first")
            yield Breach(
                Code.NUMBER_OF_IMAGES,
                shot.source,
                argument,
                says,
                "Change the images, or leave `type` to follow from them.",
            )
        for image in shot.images:
            why = _why_no_address(image.url)
            if why:
                argument = {"ref": "refs"}.get(image.role, image.role)
                yield Breach(Code.NO_ADDRESS, shot.source, argument, why, 'Give a public address: "https://…".')


def _why_no_address(url: str) -> str:
    """What is wrong with an image's address; empty if nothing is."""
    shown = url if len(url) <= 60 else f"{url[:59]}…"
    if url.startswith("data:"):
        return "an image written out as data: is not accepted."
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and not any(c.isspace() for c in url)
    except ValueError:
        is_address = False
    return "" if is_address else f'"{shown}" is no http or https address.'


def _files(outline: Outline, files: frozenset[str]) -> Iterator[Breach]:
    wanted = [(item.file, item.source) for item in outline.items if isinstance(item, Footage)]
    if outline.music:
        wanted.append((outline.music.file, outline.music.source))
    for name, source in wanted:
        if name and name not in files:
            near = did_you_mean(
                name, (path for path in files if "." in path and not path.endswith((".jinja", ".yaml")))
            )
            advice = near if near.startswith("Did") else "Put the file there."
            yield Breach(Code.NO_SUCH_FILE, source, "file", f'there is no file "{name}" in the project.', advice)


def _first_join(outline: Outline, _: frozenset[str]) -> Iterator[Breach]:
    if outline.items and outline.items[0].join.kind is not JoinKind.CUT:
        first = outline.items[0]
        says = f"{first.id} is the film's first item, so there is nothing that it could {first.join.kind} from."
        yield Breach(Code.FIRST_JOIN, first.source, "join", says, "Leave its join out.")


def _trims(outline: Outline, _: frozenset[str]) -> Iterator[Breach]:
    for item in outline.items:
        if isinstance(item, Shot):
            try:
                item.trim.within(SHOT_FRAMES)
            except ValueError as error:
                yield Breach(Code.TRIM, item.source, "trim", f"{item.id}: {error}.", "Trim within its 8 seconds.")


def _joins(outline: Outline, _: frozenset[str]) -> Iterator[Breach]:
    """No join is longer than a clip beside it, and two joins do not meet inside the clip between them."""
    for before, after in pairwise(outline.items):
        asked = [after] if after.join.kind is JoinKind.HOLD else [before, after]
        beside = [before] if after.join.kind is JoinKind.HOLD else asked
        for item in beside:
            length = length_of(item)
            if length is not None and after.join.frames > length:
                says = f'{after.id} joins by "{after.join}", but {item.id} has {length} frames.'
                yield Breach(Code.JOIN_TOO_LONG, after.source, "join", says, "Shorten the join, or use a cut.")
                break
    for item, after in pairwise(outline.items):
        length = length_of(item)
        used = item.join.overlap + after.join.frames
        if length is not None and item.join.overlap <= length >= after.join.frames and used > length:
            says = f'the joins "{item.join}" and "{after.join}" take {used} frames of {item.id}, which has {length}.'
            yield Breach(Code.JOINS_MEET, after.source, "join", says, "Shorten one of them.")


def _titles(outline: Outline, _: frozenset[str]) -> Iterator[Breach]:
    for item in outline.items:
        length = length_of(item)
        for title in item.titles:
            stop = title.start + (title.frames or 1)
            if length is not None and stop > length:
                says = f"this title ends after frame {stop}, but {item.id} has {length} frames."
                yield Breach(
                    Code.WORDS_TOO_LATE,
                    title.source,
                    "for" if title.frames else "from",
                    says,
                    "Let it begin earlier or be shorter.",
                )


def _something(outline: Outline, _: frozenset[str]) -> Iterator[Breach]:
    if outline.items and not any(isinstance(item, Shot) for item in outline.items):
        yield Breach(
            Code.NO_SHOT, outline.items[0].source, "", "this film has no shot.", "Add at least one {% shot %}."
        )


RULES: Final[tuple[Rule, ...]] = (
    _something,
    _count_of_shots,
    _unique_ids,
    _known_scenes,
    _prompts,
    _images,
    _files,
    _first_join,
    _trims,
    _joins,
    _titles,
)
