"""Scenes and what is in them, as the report says it: ready strings, no markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from pipeline.model.instructions import Mends
from pipeline.model.plan import Decision, Plan, PlannedShot
from pipeline.model.storyboard import Card, Item, Shot
from pipeline.model.take import Take
from pipeline.model.timeline import Timeline
from pipeline.review.facts import ReportFacts
from pipeline.review.phrases import (
    Fact,
    continuation_text,
    count,
    data_address,
    join_text,
    place_text,
    sound_text,
)
from pipeline.review.standing import Standing, Tone, standing_of
from pipeline.review.takes import TakesView, view_takes
from pipeline.review.words import Words, as_words, text_of
from pipeline.safe_text import safe_text
from pipeline.timecode import FrameRange, Frames, clock_time

SCENE_COLOURS: Final = 6
"""How many scenes in a row have a colour of their own; `report.css` holds the colours."""

KINDS: Final = {"shot": "shot", "footage": "own footage", "card": "card"}
PICTURES: Final = {"first": "First picture", "last": "Last picture", "ref": "Reference"}
OWN: Final = Standing("ready", Tone.GOOD)
"""Where footage and cards stand: they are the author's own and need no take."""


class Said(NamedTuple):
    """A caption; `speaker` is empty for what nobody in particular says."""

    speaker: Words
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """One shot, footage or card.

    Attributes:
        place: where it stands in the film, in film frames; None without a timeline.
        seen_from: the first film frame that the join into it leaves as it is.
        thumbnail: a data address; empty for none.
        todo: what to do next, code between backticks; empty if nothing.
    """

    id: str
    number: int
    kind: str
    words: Words
    titles: tuple[Words, ...]
    captions: tuple[Said, ...]
    place: FrameRange | None
    seen_from: Frames | None
    join: str
    thumbnail: str
    standing: str
    tone: Tone
    trouble: str
    todo: str
    facts: tuple[Fact, ...]
    takes: TakesView

    @property
    def texts(self) -> tuple[Words, ...]:
        said = (words for caption in self.captions for words in (caption.speaker, caption.words))
        of_takes = (words for take in self.takes.takes for words in take.texts)
        return self.words, *self.titles, *said, *of_takes, as_words(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneView:
    id: str
    look: Words
    colour: int
    place: str
    items: tuple[ItemView, ...]


def view_scenes(facts: ReportFacts) -> tuple[SceneView, ...]:
    """The scenes that have items, in film order."""
    places = _places(facts.timeline)
    views = [
        (item.scene, _view_item(item, number, facts, places.get(item.id)))
        for number, item in enumerate(facts.storyboard.items, start=1)
    ]
    members = [(scene, tuple(view for name, view in views if name == scene.id)) for scene in facts.storyboard.scenes]
    used = [(scene, items) for scene, items in members if items]
    return tuple(
        SceneView(
            id=scene.id,
            look=as_words(scene.look),
            colour=number % SCENE_COLOURS,
            place=_whole_place(items),
            items=items,
        )
        for number, (scene, items) in enumerate(used)
    )


def _view_item(item: Item, number: int, facts: ReportFacts, place: FrameRange | None) -> ItemView:
    """Args: number: its position in the film, from 1."""
    take, planned = facts.takes.get(item.id), _planned(facts.plan, item.id)
    standing = standing_of(take, planned) if isinstance(item, Shot) else OWN
    trouble = take.trouble if take is not None and standing.tone is not Tone.GOOD else None
    return ItemView(
        id=item.id,
        number=number,
        kind=KINDS[item.kind],
        words=as_words(text_of(item)),
        titles=tuple(as_words(title.text) for title in item.titles),
        captions=tuple(Said(as_words(said.speaker), as_words(said.text)) for said in item.captions),
        place=place,
        seen_from=place.start + (item.join.head if number > 1 else 0) if place is not None else None,
        join=join_text(item.join) if number > 1 else "opens the film",
        thumbnail=data_address(facts.thumbnails.get(item.id, b"")),
        standing=standing.word,
        tone=standing.tone,
        trouble=safe_text(trouble or ""),
        todo=standing.todo_for(facts.storyboard.project, item.id, facts.world),
        facts=(*_place_facts(place), *_take_facts(take, planned), *_written_facts(item)),
        takes=view_takes(item.id, item.prompt, facts) if isinstance(item, Shot) else TakesView(),
    )


def _place_facts(place: FrameRange | None) -> Iterator[Fact]:
    if place is not None:
        yield Fact("In the film", place_text(place))
        yield Fact("Length", f"{clock_time(len(place))} ({count(len(place), 'frame')})")


def _take_facts(take: Take | None, planned: PlannedShot | None) -> Iterator[Fact]:
    if take is not None:
        is_reused = planned is not None and planned.decision is Decision.REUSE
        yield Fact("Take", str(take.slate), is_code=True)
        yield Fact("Task", take.task_id or "none yet", is_code=take.task_id is not None)
        yield Fact("Credits", f"0 (used again; it cost {take.credits})" if is_reused else str(take.credits))
        if take.generation_seconds is not None:
            yield Fact("Generated in", f"{take.generation_seconds:.0f} s")
    elif planned is not None:
        yield Fact("Plan", f"{planned.decision}: {safe_text(planned.why)}")
        yield Fact("Credits", str(planned.credits))


def _written_facts(item: Item) -> Iterator[Fact]:
    if not isinstance(item, Card):
        yield Fact("Sound", sound_text(item.sound))
    if item.lead:
        yield Fact("Heard", f"{count(item.lead, 'frame')} before it is seen")
    if item.lag:
        yield Fact("Sound before it", f"goes on for {count(item.lag, 'frame')}")
    if item.mend != Mends():
        yield Fact("Mends", str(item.mend))
    if isinstance(item, Shot):
        if item.continues:
            yield Fact("Continues", continuation_text(item.continues))
        for image in item.images:
            yield Fact(PICTURES[image.role], safe_text(image.file or image.url), is_code=True)
    yield Fact("Written in", str(item.source), is_code=True)


def _planned(plan: Plan | None, shot: str) -> PlannedShot | None:
    return next((row for row in plan.shots if row.shot == shot), None) if plan is not None else None


def _places(timeline: Timeline | None) -> dict[str, FrameRange]:
    if timeline is None:
        return {}
    return {clip.item: place for clip, place in zip(timeline.clips, timeline.places, strict=True)}


def _whole_place(items: Sequence[ItemView]) -> str:
    places = [item.place for item in items if item.place is not None]
    return place_text(FrameRange(places[0].start, places[-1].stop)) if places else ""
