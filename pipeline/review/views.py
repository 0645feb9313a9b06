"""ReportFacts → what the page says, as ready strings: every decision about wording and scale, no markup."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import quote

from pipeline.model.plan import Decision, PlannedShot
from pipeline.model.storyboard import Card, Item, Join, JoinKind, Scene, Shot, Sound, frame_size_px
from pipeline.model.take import Take
from pipeline.review.facts import ReportFacts
from pipeline.review.standing import Standing, Tone, standing_of
from pipeline.review.words import Words, show_harmless, text_of, words
from pipeline.timecode import FRAME_RATE, FrameRange, Frames, clock_time

SCENE_COLOURS: Final = 6
"""How many scenes in a row have a colour of their own; `report.css` holds the colours."""

WORLDS: Final = {
    "sandbox": "sandbox: stand-in clips, no money",
    "live": "live: real clips, real credits",
}
KINDS: Final = {"shot": "shot", "footage": "own footage", "card": "card"}


class Fact(NamedTuple):
    label: str
    value: str
    is_code: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """One shot, footage or card.

    Attributes:
        place: where it stands in the film, in film frames; None without a timeline.
        thumbnail: a data address; empty for none.
        todo: what to do next, code between backticks; empty if nothing.
    """

    id: str
    number: int
    kind: str
    words: Words
    titles: tuple[Words, ...]
    place: FrameRange | None
    place_text: str
    join: str
    thumbnail: str
    word: str
    tone: Tone
    trouble: str
    todo: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneView:
    id: str
    look: Words
    colour: int
    place_text: str
    items: tuple[ItemView, ...]


class StripClip(NamedTuple):
    """A clip on the strip; `x` and `width` in per cent of the film."""

    item: ItemView
    colour: int
    x: float
    width: float


class StripJoin(NamedTuple):
    kind: JoinKind
    x: float
    width: float
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """All that the template shows."""

    title: Words
    project: str
    has_film: bool
    headline: str
    world: str
    film_href: str
    poster: str
    width_px: int
    height_px: int
    facts: tuple[Fact, ...]
    scenes: tuple[SceneView, ...]
    clips: tuple[StripClip, ...]
    joins: tuple[StripJoin, ...]
    ticks: tuple[tuple[float, str], ...]
    made: str

    @property
    def asking(self) -> tuple[ItemView, ...]:
        """The items that wait for the user, in film order."""
        return tuple(item for item in self.items if item.tone in (Tone.ASKS, Tone.BAD))

    @property
    def items(self) -> tuple[ItemView, ...]:
        return tuple(item for scene in self.scenes for item in scene.items)


def view_page(facts: ReportFacts) -> Page:
    board = facts.storyboard
    places = _places(facts)
    scenes = tuple(_view_scenes(facts, places))
    width_px, height_px = _size_px(facts)
    return Page(
        title=words(board.title or board.project),
        project=board.project,
        has_film=facts.film is not None,
        headline=_headline(facts, scenes),
        world=facts.world,
        film_href=quote(facts.film_href, safe="/"),
        poster=_data_address(facts.poster),
        width_px=width_px,
        height_px=height_px,
        facts=tuple(_film_facts(facts)),
        scenes=scenes,
        clips=tuple(_strip_clips(scenes, _film_frames(facts))),
        joins=tuple(_strip_joins(facts)),
        ticks=tuple(_ticks(_film_frames(facts))),
        made=f"{facts.made_at:%Y-%m-%d %H:%M} UTC",
    )


# The film as a whole


def _headline(facts: ReportFacts, scenes: Sequence[SceneView]) -> str:
    if facts.film is not None:
        return "The film is finished."
    shots = [item for scene in scenes for item in scene.items if item.kind == KINDS["shot"]]
    landed = sum(item.tone is Tone.GOOD for item in shots)
    asking = sum(item.tone in (Tone.ASKS, Tone.BAD) for item in shots)
    need = {0: "none needs you", 1: "1 needs you"}.get(asking, f"{asking} need you")
    return f"No film yet: {landed} of {len(shots)} shots landed, {need}."


def _film_facts(facts: ReportFacts) -> Iterator[Fact]:
    film, frames = facts.film, _film_frames(facts)
    shots = len(facts.storyboard.shots)
    if frames:
        yield Fact("Length" if film else "Planned length", f"{clock_time(frames)} ({frames:,} frames)")
    yield Fact("Picture", "{} × {}, {} fps".format(*_size_px(facts), FRAME_RATE))
    if film is not None:
        yield Fact("Loudness", _loudness(film.loudness_lufs, film.true_peak_dbtp))
        yield Fact("File", f"{film.size_bytes / 1e6:,.1f} MB")
        yield Fact("Encoded now", f"{film.frames_encoded:,} frames, in {_count(film.spans, 'span')}")
    yield Fact("Shots", f"{shots}, in {_count(len(facts.storyboard.scenes), 'scene')}")
    yield Fact("Credits spent", f"{facts.credits_spent:,}")
    yield Fact("Credits saved", f"{facts.credits_saved:,}, by takes used again")
    yield Fact("World", WORLDS.get(facts.world, facts.world))


def _loudness(lufs: float | None, peak_dbtp: float | None) -> str:
    if lufs is None:
        return "silent"
    peak = "" if peak_dbtp is None else f", peak {_signed(peak_dbtp)} dBTP"
    return f"{_signed(lufs)} LUFS{peak}"


def _film_frames(facts: ReportFacts) -> Frames:
    """Length of the film, as delivered or else as planned; 0 when nobody knows yet."""
    if facts.film is not None:
        return facts.film.frames
    return facts.timeline.frames if facts.timeline is not None else 0


def _size_px(facts: ReportFacts) -> tuple[int, int]:
    if facts.film is not None:
        return facts.film.width_px, facts.film.height_px
    return frame_size_px(facts.storyboard.aspect, facts.storyboard.resolution)


def _places(facts: ReportFacts) -> dict[str, FrameRange]:
    if facts.timeline is None:
        return {}
    clips = facts.timeline.clips
    return {clip.item: place for clip, place in zip(clips, facts.timeline.places, strict=True)}


# Scenes and their items


def _view_scenes(facts: ReportFacts, places: dict[str, FrameRange]) -> Iterator[SceneView]:
    items = tuple(_view_items(facts, places))
    for index, (scene, members) in enumerate(_runs(facts.storyboard.scenes, facts.storyboard.items)):
        views = tuple(items[number] for number in members)
        stands = [view.place for view in views if view.place is not None]
        yield SceneView(
            id=scene.id,
            look=words(scene.look),
            colour=index % SCENE_COLOURS,
            place_text=_place_text(FrameRange(stands[0].start, stands[-1].stop)) if stands else "",
            items=views,
        )


def _runs(scenes: Sequence[Scene], items: Sequence[Item]) -> Iterator[tuple[Scene, list[int]]]:
    """Each scene with the positions of its items; scenes without items are left out."""
    for scene in scenes:
        members = [number for number, item in enumerate(items) if item.scene == scene.id]
        if members:
            yield scene, members


def _view_items(facts: ReportFacts, places: dict[str, FrameRange]) -> Iterator[ItemView]:
    planned = {shot.shot: shot for shot in facts.plan.shots} if facts.plan is not None else {}
    for number, item in enumerate(facts.storyboard.items, start=1):
        take, plan = facts.takes.get(item.id), planned.get(item.id)
        standing = standing_of(take, plan) if isinstance(item, Shot) else Standing("ready", Tone.GOOD)
        place = places.get(item.id)
        yield ItemView(
            id=item.id,
            number=number,
            kind=KINDS[item.kind],
            words=words(text_of(item)),
            titles=tuple(words(title.text) for title in item.titles),
            place=place,
            place_text=_place_text(place) if place else "",
            join=_join_text(item.join) if number > 1 else "opens the film",
            thumbnail=_data_address(facts.thumbnails.get(item.id, b"")),
            word=standing.word,
            tone=standing.tone,
            trouble=show_harmless(take.trouble or "") if take and standing.tone is not Tone.GOOD else "",
            todo=standing.todo.format(project=facts.storyboard.project, shot=item.id),
            facts=tuple(_item_facts(item, take, plan, place)),
        )


def _item_facts(item: Item, take: Take | None, plan: PlannedShot | None, place: FrameRange | None) -> Iterator[Fact]:
    if place is not None:
        yield Fact("In the film", _place_text(place))
        yield Fact("Length", f"{clock_time(len(place))} ({len(place)} frames)")
    if take is not None:
        yield Fact("Take", str(take.slate), is_code=True)
        yield Fact("Task", take.task_id or "none yet", is_code=take.task_id is not None)
        yield Fact("Credits", _credits(take, plan))
        if take.generation_seconds is not None:
            yield Fact("Generated in", f"{take.generation_seconds:.0f} s")
    elif plan is not None:
        yield Fact("Plan", f"{plan.decision}: {show_harmless(plan.why)}")
        yield Fact("Credits", str(plan.credits))
    if not isinstance(item, Card):
        yield Fact("Sound", _sound_text(item.sound))
    if isinstance(item, Shot):
        for image in item.images:
            yield Fact(f"Image, {image.role}", show_harmless(image.url), is_code=True)
    yield Fact("Written in", str(item.source), is_code=True)


def _credits(take: Take, plan: PlannedShot | None) -> str:
    if plan is not None and plan.decision is Decision.REUSE:
        return f"0 (used again; it cost {take.credits})"
    return str(take.credits)


def _place_text(place: FrameRange) -> str:
    return f"{clock_time(place.start)} – {clock_time(place.stop)}"


def _join_text(join: Join) -> str:
    if join.kind is JoinKind.CUT:
        return "cut"
    return f"{join.kind}, {_count(join.frames, 'frame')}"


def _sound_text(sound: Sound) -> str:
    if sound.gain_db is None:
        return "muted"
    return "kept" if sound.gain_db == 0 else f"{_signed(sound.gain_db)} dB"


# The strip: the film drawn to scale, in per cent


def _strip_clips(scenes: Sequence[SceneView], film_frames: Frames) -> Iterator[StripClip]:
    for scene in scenes:
        for item in scene.items:
            if item.place is not None:
                x, width = _share(item.place.start, film_frames), _share(len(item.place), film_frames)
                yield StripClip(item, scene.colour, x, width)


def _strip_joins(facts: ReportFacts) -> Iterator[StripJoin]:
    """Soft joins only; a cut is the edge of its clips.

    dissolve: the shared frames       hold: the last frames of the clip before
    A A A[A A]                        A A A[A A]
         [B B]B B B                             B B B B B
    """
    if facts.timeline is None:
        return
    total, clips = _film_frames(facts), facts.timeline.clips
    for clip, place in list(zip(clips, facts.timeline.places, strict=True))[1:]:
        if clip.join.kind is not JoinKind.CUT:
            start = place.start - (clip.join.frames if clip.join.kind is JoinKind.HOLD else 0)
            says = f"{_join_text(clip.join)} into {clip.item}"
            yield StripJoin(clip.join.kind, _share(start, total), _share(clip.join.frames, total), says)


def _ticks(film_frames: Frames) -> Iterator[tuple[float, str]]:
    """Marks at whole seconds, at most twelve, none so near the end that its label would be cut."""
    step = next((s for s in (1, 2, 5, 10, 15, 30, 60, 120) if film_frames <= s * FRAME_RATE * 12), 300)
    for frame in range(0, film_frames, int(step * FRAME_RATE)):
        if frame <= film_frames * 0.96:
            yield _share(frame, film_frames), clock_time(frame)[:-3]


def _share(frames: Frames, film_frames: Frames) -> float:
    return round(100 * frames / film_frames, 4) if film_frames else 0.0


# Small words


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _signed(number: float) -> str:
    """One decimal, with a true minus."""
    return f"{number:.1f}".replace("-", "−")


def _data_address(jpeg: bytes) -> str:
    return f"data:image/jpeg;base64,{b64encode(jpeg).decode()}" if jpeg else ""
