"""The rules that a film must keep before anything is sent or joined, each a small check over the Outline.

Those of the API come from its contract: unique ids, prompts, images by type (`image_rules`); how many shots there may
be says `count`. Those of joins follow from what is known before shooting: a generated clip has 192 frames, less its
trim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from pipeline.compiler.breach import Breach, Rule
from pipeline.compiler.catalogue import Code
from pipeline.compiler.continuity import known_shots, no_circles
from pipeline.compiler.count import check_count
from pipeline.compiler.findings import Findings, did_you_mean
from pipeline.compiler.image_rules import images_are_there, number_of_images
from pipeline.compiler.outline import Locate, Outline
from pipeline.compiler.pinpoint import words_place
from pipeline.compiler.sound_cuts import Spread, sound_lacks
from pipeline.compiler.sources import Sources
from pipeline.model.finding import Source
from pipeline.model.join import JoinKind
from pipeline.model.storyboard import Caption, Card, Footage, Item, Logo, Music, Narration, Shot, Title
from pipeline.timecode import SHOT_FRAMES, Frames, spoken_time

_OF_ONE_TAG: Final = (
    "Let the items of a loop or of `each` have an `id` that differs; a value stands in brackets: {% shot (name) %}."
)
MAX_SHOWN_LETTERS: Final = 2_000  # of one title, caption or card: a whole page of a book, which still is drawn in time
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def check_rules(outline: Outline, sources: Sources, findings: Findings, locate: Locate) -> None:
    """Hold `outline` against every rule."""
    check_count(outline.items, sources.texts, findings)
    for rule in RULES:
        for breach in rule(outline, sources.files):
            place = locate(breach.source, breach.argument) if breach.argument else breach.source
            if breach.quoted:
                place = words_place(sources.texts, place, f'"{breach.quoted}"')
            findings.add(breach.code, place, breach.says, breach.advice, outline.allowed.get(breach.item, ()))


def length_of(item: Item) -> Frames | None:
    """How many frames of `item` are used; None while its media alone knows."""
    if isinstance(item, Card):
        return item.frames
    if item.trim.stop is not None:
        return item.trim.stop - item.trim.start
    return SHOT_FRAMES - item.trim.start if isinstance(item, Shot) else None


def _unique_ids(outline: Outline, _: frozenset[str]) -> Iterator[Breach]:
    groups: tuple[Iterable[tuple[str, Source]], ...] = (
        [(scene.id, scene.source) for scene in outline.scenes],
        [(item.id, item.source) for item in outline.items],
    )
    for group in groups:
        first: dict[str, Source] = {}
        for name, source in group:
            if name in first:
                is_same_tag = first[name] == source
                where = "this very tag gave it before" if is_same_tag else f"it stands at {first[name]} already"
                says = f'the id "{name}" is taken: {where}.'
                advice = _OF_ONE_TAG if is_same_tag else "Give this one another id."
                yield Breach(Code.ID_TAKEN, source, "", says, advice)
            first.setdefault(name, source)


def _known_scenes(outline: Outline, _: frozenset[str]) -> Iterator[Breach]:
    scenes = {scene.id for scene in outline.scenes}
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
                Code.CONTROL_CHARACTER, shot.source, "prompt", says, "Write that part again; it was most likely pasted."
            )


def _shown_words(outline: Outline, _: frozenset[str]) -> Iterator[Breach]:
    """What is drawn, or read beside the film: of a length that can be, and of letters alone."""
    for item in outline.items:
        words = [(title.text, title.source) for title in item.titles]
        words += [(said, caption.source) for caption in item.captions for said in (caption.text, caption.speaker)]
        words += [(item.text, item.source)] if isinstance(item, Card) else []
        for text, source in words:
            if len(text) > MAX_SHOWN_LETTERS:
                says = f"these words of {item.id} are {len(text):,} letters long, and nobody could read them in time."
                yield Breach(Code.TOO_MUCH, source, "", says, f"Say it in {MAX_SHOWN_LETTERS:,} at most.")
            elif unseen := _UNSEEN.search(text):
                says = f"words of {item.id} hold the control character U+{ord(unseen[0]):04X}."
                yield Breach(Code.CONTROL_CHARACTER, source, "", says, "Write them again; it was most likely pasted.")


def _files(outline: Outline, files: frozenset[str]) -> Iterator[Breach]:
    owners: list[Footage | Narration | Logo | Music] = [item for item in outline.items if isinstance(item, Footage)]
    owners += [*outline.narrations, *outline.logos, *((outline.music,) if outline.music else ())]
    for owner in owners:
        if owner.file and owner.file not in files:
            near = did_you_mean(
                owner.file, (path for path in files if "." in path and not path.endswith((".jinja", ".yaml")))
            )
            says = f'there is no file "{owner.file}" in the project.'
            advice = near if near.startswith("Did") else "Put it there, or leave this out until you have it."
            yield Breach(Code.NO_SUCH_FILE, owner.source, "file", says, advice)


def _logos(outline: Outline, files: frozenset[str]) -> Iterator[Breach]:
    for logo in outline.logos:
        if logo.file in files and not logo.file.lower().endswith(".png"):
            says = f'the logo "{logo.file}" is no PNG.'
            yield Breach(Code.WRONG_ARGUMENT, logo.source, "file", says, "Save it as a PNG, transparent around it.")


def _first_join(outline: Outline, _: frozenset[str]) -> Iterator[Breach]:
    if outline.items and outline.items[0].join.kind is not JoinKind.CUT:
        first = outline.items[0]
        says = f"{first.id} is the film's first item, so there is nothing that it could {first.join.kind} from."
        yield Breach(Code.FIRST_JOIN, first.source, "join", says, "Leave its join out.")


def _first_sound(outline: Outline, _: frozenset[str]) -> Iterator[Breach]:
    first = next(iter(outline.items), None)
    for argument in ("lead", "lag"):
        if first and getattr(first, argument):
            says = f"{first.id} is the film's first item, so there is nothing before it that could sound otherwise."
            yield Breach(Code.FIRST_JOIN, first.source, argument, says, f"Leave its {argument} out.")


def _trims(outline: Outline, _: frozenset[str]) -> Iterator[Breach]:
    for item in outline.items:
        if isinstance(item, Shot):
            start, stop = item.trim.start, SHOT_FRAMES if item.trim.stop is None else item.trim.stop
            if start >= SHOT_FRAMES:
                says = f"the trim of {item.id} begins at {spoken_time(start)}, but a shot has 8 s."
                yield Breach(Code.TRIM, item.source, "trim", says, "Let it begin earlier.")
            elif stop > SHOT_FRAMES:
                says = f"the trim of {item.id} ends at {spoken_time(stop)}, but a shot has 8 s."
                advice = f'Write "{spoken_time(start).replace(" ", "").replace("frames", "f")}-" for all of the rest.'
                yield Breach(Code.TRIM, item.source, "trim", says, advice)


def _joins(outline: Outline, _: frozenset[str]) -> Iterator[Breach]:
    """No join is longer than a clip beside it, and two joins do not meet inside the clip between them."""
    for before, after in pairwise(outline.items):
        for item, asked in ((before, after.join.tail), (after, after.join.head)):
            length = length_of(item)
            if length is not None and asked > length:
                takes = "" if asked == after.join.frames else f", which takes {asked} frames of {item.id}"
                says = f'{after.id} joins by "{after.join}"{takes}, but {item.id} has {length} frames.'
                yield Breach(Code.JOIN_TOO_LONG, after.source, "join", says, "Shorten the join, or use a cut.")
                break
    for item, after in pairwise(outline.items):
        length, head, tail = length_of(item), item.join.head, after.join.tail
        if length is not None and head <= length >= tail and head + tail > length:
            both = f'the joins "{item.join}" and "{after.join}"'
            says = f"{both} take {head + tail} frames of {item.id}, which has {length}."
            yield Breach(Code.JOINS_MEET, after.source, "join", says, "Shorten one of them.")


def _sound_cuts(outline: Outline, _: frozenset[str]) -> Iterator[Breach]:
    for before, item in pairwise(outline.items):
        for lack in sound_lacks(_spread(before), _spread(item)):
            yield Breach(Code.NO_SOUND_LEFT, item.source, lack.argument, lack.says, lack.advice)


def _spread(item: Item) -> Spread:
    if isinstance(item, Card):
        return Spread(item=item, frames=item.frames, before=0, behind=0)
    behind = 0 if item.trim.stop is None else max(0, SHOT_FRAMES - item.trim.stop) if isinstance(item, Shot) else None
    return Spread(item=item, frames=length_of(item), before=item.trim.start, behind=behind)


def _in_time(outline: Outline, _: frozenset[str]) -> Iterator[Breach]:
    """What stands on an item is seen or heard while that item is used."""
    items = {item.id: item for item in outline.items}
    placed: list[tuple[str, str, Title | Caption | Music | Narration | Logo]] = [
        *(("title", item.id, title) for item in outline.items for title in item.titles),
        *(("caption", item.id, caption) for item in outline.items for caption in item.captions),
        *(("music", music.on, music) for music in (outline.music,) if music),
        *(("narration", narration.on, narration) for narration in outline.narrations),
        *(("logo", logo.on, logo) for logo in outline.logos),
    ]
    for kind, on, each in placed:
        length = length_of(items[on]) if on in items else None
        frames = None if isinstance(each, Music | Narration) else each.frames
        if length is None:
            continue
        if each.start >= length:
            says = f"this {kind} begins at {spoken_time(each.start)}, but {on} lasts {spoken_time(length)}."
            yield Breach(Code.WORDS_TOO_LATE, each.source, "from", says, "Let it begin earlier.")
        elif each.start + (frames or 0) > length:
            end = spoken_time(each.start + (frames or 0))
            says = f"this {kind} would end at {end}, but {on} lasts {spoken_time(length)}."
            yield Breach(Code.CUT_SHORT, each.source, "for", says, "Leave `for` out: it then ends with its item.", on)


def _known_items(outline: Outline, _: frozenset[str]) -> Iterator[Breach]:
    ids = {item.id for item in outline.items}
    placed: list[Music | Narration | Logo] = [*outline.narrations, *outline.logos]
    placed += [outline.music] if outline.music else []
    for each in placed:
        if each.on and each.on not in ids:
            says = f'no item is called "{each.on}".'
            yield Breach(Code.NO_SUCH_ITEM, each.source, "on", says, did_you_mean(each.on, ids))


def _something(outline: Outline, _: frozenset[str]) -> Iterator[Breach]:
    if outline.items and not any(isinstance(item, Shot) for item in outline.items):
        yield Breach(
            Code.NO_SHOT, outline.items[0].source, "", "this film has no shot.", "Add at least one {% shot %}."
        )


RULES: Final[tuple[Rule, ...]] = (
    _something,
    _unique_ids,
    _known_scenes,
    _prompts,
    _shown_words,
    number_of_images,
    images_are_there,
    known_shots,
    no_circles,
    _files,
    _logos,
    _first_join,
    _first_sound,
    _trims,
    _joins,
    _sound_cuts,
    _known_items,
    _in_time,
)
