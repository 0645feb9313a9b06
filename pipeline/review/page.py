"""ReportFacts → what the page says: ready strings, no markup. Scenes and strip have modules of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from pipeline.model.delivery import CaptionStyle, Film
from pipeline.model.storyboard import Storyboard
from pipeline.project import World
from pipeline.review.facts import ReportFacts
from pipeline.review.phrases import Fact, count, data_address, signed
from pipeline.review.scenes import KINDS, ItemView, SceneView, view_scenes
from pipeline.review.seams import SeamsView, view_seams
from pipeline.review.standing import NEEDS_USER, Tone
from pipeline.review.strip import Strip, view_strip
from pipeline.review.words import Words, as_words
from pipeline.safe_text import safe_text
from pipeline.timecode import FRAME_RATE, Frames, clock_time

WORLDS: Final = {
    World.SANDBOX: "sandbox: stand-in clips, no money",
    World.LIVE: "live: real clips, real credits",
}

CAPTIONS_GO: Final = {
    CaptionStyle.FILE: "in files beside the film",
    CaptionStyle.BURN: "in the picture and in files",
    CaptionStyle.NONE: "not delivered",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """All that the template shows."""

    title: Words
    project: str
    goes_on: str
    has_film: bool
    headline: str
    world: World
    film_href: str
    poster: str
    captions: str
    width_px: int
    height_px: int
    facts: tuple[Fact, ...]
    scenes: tuple[SceneView, ...]
    strip: Strip | None
    seams: SeamsView | None
    made: str

    @property
    def is_tall(self) -> bool:
        return self.height_px > self.width_px

    @property
    def asking(self) -> tuple[ItemView, ...]:
        """The items that wait for the user, in film order."""
        return tuple(item for scene in self.scenes for item in scene.items if item.tone in NEEDS_USER)

    @property
    def texts(self) -> tuple[Words, ...]:
        """All words of the author's on the page."""
        scenes = self.scenes
        items = [item for scene in scenes for item in scene.items]
        return (self.title, *(scene.look for scene in scenes), *(text for item in items for text in item.texts))


def view_page(facts: ReportFacts) -> Page:
    board, scenes = facts.storyboard, view_scenes(facts)
    width_px, height_px = _size_px(facts)
    return Page(
        title=as_words(board.title or board.project),
        project=board.project,
        goes_on=f"storyreel render {board.project}{facts.world.option}",
        has_film=facts.film is not None,
        headline=_headline(facts, scenes),
        world=facts.world,
        film_href=quote(facts.film_href, safe="/"),
        poster=data_address(facts.poster),
        captions=data_address(facts.captions.encode(), "text/vtt"),
        width_px=width_px,
        height_px=height_px,
        facts=tuple(_film_facts(facts)),
        scenes=scenes,
        strip=view_strip(facts.timeline, scenes) if facts.timeline is not None else None,
        seams=view_seams(facts.card, facts.seam_strips) if facts.card is not None else None,
        made=f"{facts.made_at:%Y-%m-%d %H:%M} UTC",
    )


def _headline(facts: ReportFacts, scenes: Sequence[SceneView]) -> str:
    if facts.film is not None:
        return "The film is finished."
    shots = [item for scene in scenes for item in scene.items if item.kind == KINDS["shot"]]
    landed = sum(item.tone is Tone.GOOD for item in shots)
    asking = sum(item.tone in NEEDS_USER for item in shots)
    need = {0: "none needs you", 1: "1 needs you"}.get(asking, f"{asking} need you")
    return f"No film yet: {landed} of {count(len(shots), 'shot')} landed, {need}."


def _film_facts(facts: ReportFacts) -> Iterator[Fact]:
    board = facts.storyboard
    yield from _length_facts(facts)
    yield Fact("Picture", "{} × {}, {} fps".format(*_size_px(facts), FRAME_RATE))
    yield from _delivered_facts(facts.film)
    yield from (Fact("Also as", _beside(film)) for film in facts.beside)
    yield Fact("Shots", f"{len(board.shots)}, in {count(len(board.scenes), 'scene')}")
    yield from _beside_facts(board)
    yield Fact("Credits spent", f"{facts.credits_spent:,}")
    yield Fact("Credits saved", f"{facts.credits_saved:,}" + (", by takes used again" if facts.credits_saved else ""))
    yield Fact("World", WORLDS[facts.world])


def _beside_facts(board: Storyboard) -> Iterator[Fact]:
    """What runs beside the clips."""
    captions = sum(len(item.captions) for item in board.items)
    if captions:
        yield Fact("Captions", f"{captions:,}, {CAPTIONS_GO[board.delivery.captions]}")
    tracks = (("Music", [board.music] if board.music else []), ("Narration", board.narrations), ("Logo", board.logos))
    for label, files in tracks:
        if files:
            yield Fact(label, safe_text(", ".join(dict.fromkeys(track.file for track in files))))


def _length_facts(facts: ReportFacts) -> Iterator[Fact]:
    if facts.film is not None:
        yield Fact("Length", _length(facts.film.frames))
    elif facts.timeline is not None:
        yield Fact("Planned length", _length(facts.timeline.frames))


def _delivered_facts(film: Film | None) -> Iterator[Fact]:
    if film is not None:
        yield Fact("Loudness", _loudness(film.loudness_lufs, film.true_peak_dbtp))
        yield Fact("File", f"{film.size_bytes / 1e6:,.1f} MB")
        yield Fact("Encoded now", f"{film.frames_encoded:,} of {count(film.frames, 'frame')}")


def _beside(film: Film) -> str:
    name = film.path.rpartition("/")[2]
    return safe_text(f"{name}, {film.width_px} × {film.height_px}, {film.size_bytes / 1e6:,.1f} MB")


def _length(frames: Frames) -> str:
    return f"{clock_time(frames)} ({count(frames, 'frame')})"


def _loudness(lufs: float | None, peak_dbtp: float | None) -> str:
    if lufs is None:
        return "silent"
    peak = "" if peak_dbtp is None else f", peak {signed(peak_dbtp)} dBTP"
    return f"{signed(lufs)} LUFS{peak}"


def _size_px(facts: ReportFacts) -> tuple[int, int]:
    if facts.film is not None:
        return facts.film.width_px, facts.film.height_px
    return facts.storyboard.films[0].shape.size_px(facts.storyboard.resolution.short_side_px)
