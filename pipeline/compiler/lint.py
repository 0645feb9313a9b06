"""The linter: what would make a film dearer or worse than it was meant, said before money is spent.

Each rule is a small check, and all of it is advice: warnings stop nothing, and each can be allowed by a shot, a scene
or the project.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

from pipeline.compiler.catalogue import Code
from pipeline.compiler.findings import Findings
from pipeline.compiler.grammar import TAGS
from pipeline.compiler.outline import Locate, Outline
from pipeline.compiler.pinpoint import tag_at, tag_head, text_place
from pipeline.compiler.rules import length_of
from pipeline.compiler.sources import Sources
from pipeline.compiler.speech import frames_to_say
from pipeline.compiler.vocabulary import asks_for_words, is_heard, refused_in, spoken_in, words_of
from pipeline.model.finding import Source
from pipeline.model.storyboard import AspectRatio, Caption, Resolution, Shot, frame_size_px
from pipeline.model.storyboard import Image as Picture
from pipeline.timecode import FRAME_RATE, Frames

MAX_PICTURE_BYTES: Final = 10_000_000
MAX_PICTURE_PX: Final = 4_096
MAX_ASPECT_OFF: Final = 0.1
MAX_HOPS: Final = 3
"""How many shots may go on from one another: each is a little farther from the picture that it all began with."""

_HALF_TAG: Final = re.compile(rf"<%|%\}}|\{{\s?%|\{{\s?(?:end)?(?:{'|'.join(TAGS)})\b(?=[^{{}}\n]*\}})")
_HALF_NAME: Final = re.compile(r"(?<!\{)\{{1,2}\s*(?P<name>[^\W\d]\w*)[\w.]*\s*\}{1,2}(?!\})")
_CALL: Final = re.compile(r"(?<![\w.{])(?P<name>[^\W\d]\w*)\.\w+\([^()\n]*\)")
_NUMBER: Final = re.compile(r"\bloop\s*\.\s*\w+")


@dataclass(frozen=True)
class Study:
    """A shot, and what several rules want to know of it."""

    shot: Shot

    @cached_property
    def words(self) -> frozenset[str]:
        return words_of(self.shot.prompt)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What the rules look at: a film without errors."""

    outline: Outline
    aspect: AspectRatio
    sources: Sources
    shots: tuple[Study, ...]
    names: Collection[str]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something about `shot` that may spoil it.

    Attributes:
        argument: by what it was written: an argument, "prompt", or empty for the tag itself.
        quoted: the words of the prompt that are meant, to point at.
        place: where it is written, if that is known better than by these.
    """

    code: Code
    shot: Shot
    argument: str
    says: str
    advice: str
    quoted: str = ""
    place: Source | None = None


Rule: TypeAlias = Callable[[Scope], Iterator[Doubt]]


def lint(
    outline: Outline,
    aspect: AspectRatio,
    sources: Sources,
    findings: Findings,
    locate: Locate,
    names: Collection[str] = (),
) -> None:
    """Hold `outline` against every rule that is not switched off; `names` are those that its templates know."""
    shots = tuple(Study(item) for item in outline.items if isinstance(item, Shot))
    scope = Scope(outline=outline, aspect=aspect, sources=sources, shots=shots, names=names)
    grouped: dict[tuple[Code, Source, str], list[Doubt]] = {}
    for doubt in (doubt for rule in RULES for doubt in rule(scope)):
        if doubt.code not in outline.allowed.get(doubt.shot.id, frozenset()):
            grouped.setdefault((doubt.code, _place(doubt, sources, locate), doubt.quoted), []).append(doubt)
    for (code, place, _), doubts in grouped.items():
        findings.add(code, place, doubts[0].says, f"{doubts[0].advice}{_others(doubts)}")


def _others(doubts: Sequence[Doubt]) -> str:
    """A sentence that names the other shots of one tag about which the same is to be said."""
    others = list(dict.fromkeys(doubt.shot.id for doubt in doubts))[1:]
    if not others:
        return ""
    more = f" and {len(others) - 2} more" if len(others) > 3 else ""
    return f" The same goes for {', '.join(others[: 2 if more else 3])}{more}."


def _place(doubt: Doubt, sources: Sources, locate: Locate) -> Source:
    if doubt.place:
        return doubt.place
    source = doubt.shot.source
    quoted = text_place(sources.texts, source, doubt.quoted) if doubt.quoted else source
    if quoted != source or not doubt.argument:
        return quoted
    return locate(source, doubt.argument)


def _refused_words(scope: Scope) -> Iterator[Doubt]:
    for study in scope.shots:
        for word, topic in refused_in(study.shot.prompt, study.words):
            says = f'the prompt of {study.shot.id} says "{word}": filters often refuse {topic}.'
            advice = "Describe it in other words; a refused shot is a shot not made."
            yield Doubt(Code.REFUSED_WORDS, study.shot, "prompt", says, advice, quoted=word)


def _words_in_picture(scope: Scope) -> Iterator[Doubt]:
    for study in scope.shots:
        asked = asks_for_words(study.shot.prompt, study.words)
        if asked and not _HALF_TAG.search(study.shot.prompt):  # a title that lacks a brace
            says = f'{study.shot.id} asks for words in the picture ("{asked}"), which come out misspelled.'
            advice = 'Lay them over it: {% title "…" %}.'
            yield Doubt(Code.WORDS_IN_PICTURE, study.shot, "prompt", says, advice, quoted=asked)


def _long_dialogue(scope: Scope) -> Iterator[Doubt]:
    for study in scope.shots:
        length, needed = length_of(study.shot), sum(map(frames_to_say, _spoken(study.shot)))
        if length is not None and needed > length:
            says = f"what is said in {study.shot.id} takes about {_seconds(needed)}, but {_seconds(length)} are seen."
            advice = "Say less, or split it over two shots."
            place = next((line.source for line in _lines(study.shot)), None)
            yield Doubt(Code.DIALOGUE_TOO_LONG, study.shot, "prompt", says, advice, place=place)


def _spoken(shot: Shot) -> list[str]:
    """The words that are said in `shot`: by its captions, or in quotes in its prompt."""
    return [caption.text for caption in _lines(shot)] or [said.words for said in spoken_in(shot.prompt)]


def _lines(shot: Shot) -> list[Caption]:
    return [caption for caption in shot.captions if caption.speaker]


def _seconds(frames: Frames) -> str:
    return f"{float(frames / FRAME_RATE):.1f} s".replace(".0 s", " s")


def _no_sound(scope: Scope) -> Iterator[Doubt]:
    for study in scope.shots:
        if study.shot.sound.gain_db is not None and not is_heard(study.shot.prompt, study.words):
            says = f"{study.shot.id} does not say what is heard, so the model makes something up."
            advice = 'Add a sentence such as "Footsteps and wind.", or mute it: sound="mute".'
            yield Doubt(Code.NO_SOUND, study.shot, "", says, advice)


def _same_prompt(scope: Scope) -> Iterator[Doubt]:
    first: dict[tuple[object, ...], Shot] = {}
    for study in scope.shots:
        shot = study.shot
        other = first.setdefault((shot.prompt, shot.generation, shot.images, shot.continues), shot)
        if other is not shot:
            says = f"{shot.id} asks for the very same as {other.id} ({other.source}): one clip would be seen twice."
            yield Doubt(Code.SAME_PROMPT, shot, "", says, "Say what is different in it.")


def _pictures(scope: Scope) -> Iterator[Doubt]:
    for study in scope.shots:
        for image in study.shot.images:
            if image.file in scope.sources.pictures:
                yield from _picture(scope, study.shot, image)


def _picture(scope: Scope, shot: Shot, image: Picture) -> Iterator[Doubt]:
    argument = {"ref": "refs"}.get(image.role, image.role)
    measured = scope.sources.pictures[image.file]
    if measured is None:
        says, advice = f'"{image.file}" cannot be read as a picture.', "Save it again, as PNG or JPEG."
        yield Doubt(Code.BROKEN_PICTURE, shot, argument, says, advice)
        return
    size = f"{measured.width_px} × {measured.height_px}"
    if max(measured.width_px, measured.height_px) > MAX_PICTURE_PX or measured.size_bytes > MAX_PICTURE_BYTES:
        says = f'"{image.file}" is large ({size}, {measured.size_bytes / 1e6:.3g} MB).'
        advice = f"Make it at most {MAX_PICTURE_PX:,} pixels wide and high, and {MAX_PICTURE_BYTES // 1_000_000} MB."
        yield Doubt(Code.LARGE_PICTURE, shot, argument, says, advice)
    width_px, height_px = frame_size_px(scope.aspect, Resolution.HD)
    off = measured.width_px * height_px / (measured.height_px * width_px)
    if image.role != "ref" and not 1 - MAX_ASPECT_OFF <= off <= 1 + MAX_ASPECT_OFF:
        says = (
            f'"{image.file}" ({size}) is not the shape of the film, {scope.aspect}: it would be cropped or stretched.'
        )
        yield Doubt(Code.PICTURE_ASPECT, shot, argument, says, f"Crop it to {scope.aspect}.")


def _numbered_ids(scope: Scope) -> Iterator[Doubt]:
    first_of_tags = {study.shot.source: study.shot for study in reversed(scope.shots)}
    for source, shot in first_of_tags.items():
        number = _NUMBER.search(tag_head(scope.sources.texts, source))
        if number:
            says = f"the id {shot.id} counts ({number[0]}): an item more in the list changes those behind it."
            yield Doubt(Code.NUMBERED_ID, shot, "", says, 'Let `each` name it: {% shot "run" each city in cities %}.')


def _long_chains(scope: Scope) -> Iterator[Doubt]:
    shots = {study.shot.id: study.shot for study in scope.shots}
    hops: dict[str, int] = {}  # since a picture that the author chose; the order of the film is not that of a chain
    for shot in shots.values():
        way: list[Shot] = []
        at: Shot | None = shot
        while at and at.id not in hops:
            way.append(at)
            at = shots.get(at.continues.shot) if at.continues else None
        for each in reversed(way):
            before = shots.get(each.continues.shot) if each.continues else None
            has_drifted = before is not None and all(image.role != "last" for image in before.images)
            hops[each.id] = (hops[before.id] if before and has_drifted else 0) + (before is not None)
            if hops[each.id] == MAX_HOPS + 1:
                says = f"{each.id} is the {MAX_HOPS + 1}th shot in a row that goes on from the one before."
                advice = (
                    "Faces and colours drift on the way: begin again with refs, or give one of them a last picture."
                )
                yield Doubt(Code.LONG_CHAIN, each, "continues", says, advice)


def _loose_calls(scope: Scope) -> Iterator[Doubt]:
    """Macros that are called without braces, and so are words like any others."""
    for shot in (study.shot for study in scope.shots):
        called = (call for call in _CALL.finditer(shot.prompt) if _is_known(call["name"], scope))
        call = next(called, None)
        if call and not _is_verbatim(shot, scope):
            says = f'"{call[0]}" stands in the prompt of {shot.id} as it is.'
            yield Doubt(Code.HALF_A_TAG, shot, "prompt", says, f"Write {{{{ {call[0]} }}}}.", quoted=call[0])


def _is_known(name: str, scope: Scope) -> bool:
    return name in scope.names or bool({f"{name}.jinja", f"templates/{name}.jinja"} & scope.sources.texts.keys())


def _is_verbatim(shot: Shot, scope: Scope) -> bool:
    return "verbatim" in tag_at(scope.sources.texts, shot.source)


def _loose_speech(scope: Scope) -> Iterator[Doubt]:
    """Words that somebody with a name says in the prose of a shot, and that no caption shows."""
    if not scope.sources.storyboard_path.endswith(".jinja"):
        return  # plain data knows no say
    for shot in (study.shot for study in scope.shots):
        shown = "\n".join(caption.text for caption in shot.captions)
        said = [each for each in spoken_in(shot.prompt) if each.who and each.words.strip() not in shown]
        loose = said[0] if said and not asks_for_words(shot.prompt, words_of(shot.prompt)) else None
        if loose and not _is_verbatim(shot, scope):
            says = f'"{loose.words}" is said in {shot.id}, but no caption shows it.'
            advice = f'Write {{% say "{loose.who}" %}}{loose.words}{{% endsay %}}: that asks for it, too.'
            yield Doubt(Code.LOOSE_SPEECH, shot, "prompt", says, advice, quoted=loose.words)


def _half_tags(scope: Scope) -> Iterator[Doubt]:
    for shot in (study.shot for study in scope.shots):
        names = (name for name in _HALF_NAME.finditer(shot.prompt) if name["name"] in scope.names)
        half = _HALF_TAG.search(shot.prompt) or next(names, None)
        if half is None or _is_verbatim(shot, scope):
            continue
        line_start = shot.prompt.rfind("\n", 0, half.start()) + 1
        line = shot.prompt[line_start:].partition("\n")[0].strip()
        name = half.groupdict().get("name")
        advice = f"A name stands in two braces: {{{{ {name} }}}}." if name else "A tag begins with {% and ends with %}."
        says = f'"{half[0]}" stands in the prompt of {shot.id} as it is.'
        yield Doubt(Code.HALF_A_TAG, shot, "prompt", says, advice, quoted=half[0] if name else line)


RULES: Final[tuple[Rule, ...]] = (
    _refused_words,
    _words_in_picture,
    _long_dialogue,
    _no_sound,
    _same_prompt,
    _pictures,
    _numbered_ids,
    _long_chains,
    _half_tags,
    _loose_calls,
    _loose_speech,
)
