"""The page of a series: one HTML file over all its films, like the report of one.

Where they are, how they are, which of their shots they share, what went wrong, and the one command that goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from urllib.parse import quote

from pipeline.model.delivery import Film
from pipeline.project import World
from pipeline.review.one_file import as_one_file
from pipeline.review.page import WORLDS
from pipeline.review.phrases import Fact, count, data_address
from pipeline.review.standing import NEEDS_USER, Standing, Tone
from pipeline.review.words import Words, as_words
from pipeline.safe_text import safe_text
from pipeline.timecode import FRAME_RATE, Frames

__all__ = ["FilmFacts", "SeasonFacts", "ShotFacts", "build_season"]

SHORT: Final = 12
"""Films of a season that is read at a glance; of a longer one, the shots of a finished film are folded away."""


_WORST_FIRST: Final = (Tone.BAD, Tone.ASKS, Tone.BUSY, Tone.IDLE, Tone.GOOD)
_UNMADE: Final = {
    Tone.BAD: ("held up", Tone.BAD),
    Tone.ASKS: ("held up", Tone.ASKS),
    Tone.BUSY: ("under way", Tone.BUSY),
    Tone.IDLE: ("not made yet", Tone.IDLE),
    Tone.GOOD: ("not made yet", Tone.IDLE),  # its shots are here, and nobody has cut them
}
"""A film that is not there, by what is worst about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotFacts:
    """One shot of a film.

    Attributes:
        shot: its id, the episode in front: "s01e01.run.paris".
        slate: of the take that the film uses, or the last one tried; it may be another episode's. Empty for none.
        shared_with: the names of other episodes that use the same clip.
    """

    shot: str
    standing: Standing
    slate: str = ""
    shared_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmFacts:
    """One film of the series, or what became of it so far.

    Attributes:
        episode: its name in the series.
        film: None as long as there is none.
        film_href, report_href: from the page's folder, forward slashes, not percent-encoded; empty for none.
        poster: a small JPEG, for there may be a hundred; empty for none.
        troubles: what holds it up, as sentences that say what to do next.
    """

    episode: str
    title: str
    film: Film | None
    film_href: str = ""
    report_href: str = ""
    poster: bytes = b""
    troubles: tuple[str, ...] = ()
    shots: tuple[ShotFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonFacts:
    """Attributes:
    project: the name of the series' folder.
    made_at: aware, UTC.
    credits_spent, credits_saved, credits_in_doubt: of all films, all runs.
    """

    title: str
    project: str
    world: World
    made_at: datetime
    credits_spent: int
    credits_saved: int
    credits_in_doubt: int
    films: tuple[FilmFacts, ...]


def build_season(facts: SeasonFacts) -> str:
    """The whole page; equal facts give equal text."""
    page = view_season(facts)
    return as_one_file("season", page, page.texts)


class ShotView(NamedTuple):
    """Attributes: todo: what to do next, code between backticks; empty if nothing, or if the film's troubles say it."""

    name: str
    standing: str
    tone: Tone
    slate: str
    shared_with: tuple[str, ...]
    todo: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmView:
    """Attributes: summary: length, size and shots, in a few words."""

    episode: str
    title: Words
    standing: str
    tone: Tone
    film_href: str
    report_href: str
    poster: str
    width_px: int
    height_px: int
    summary: str
    troubles: tuple[str, ...]
    shots: tuple[ShotView, ...]
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonPage:
    """Attributes: goes_on: the command that goes on; empty when every film is there and nothing is wrong."""

    title: Words
    project: str
    headline: str
    world: World
    facts: tuple[Fact, ...]
    goes_on: str
    films: tuple[FilmView, ...]
    made: str

    @property
    def held_up(self) -> tuple[FilmView, ...]:
        """The films that something is wrong with, in their order."""
        return tuple(film for film in self.films if film.tone in NEEDS_USER)

    @property
    def texts(self) -> tuple[Words, ...]:
        """All words of the author's on the page."""
        names = (as_words(shot.name) for film in self.films for shot in film.shots)
        told = (as_words(trouble) for film in self.films for trouble in film.troubles)
        return (self.title, *(film.title for film in self.films), *names, *told)


def view_season(facts: SeasonFacts) -> SeasonPage:
    films = tuple(_view_film(film, facts) for film in facts.films)
    return SeasonPage(
        title=as_words(facts.title or facts.project),
        project=facts.project,
        headline=_headline(films),
        world=facts.world,
        facts=tuple(_facts(facts)),
        goes_on="" if all(map(_is_done, films)) else f"storyreel series render {facts.project}{facts.world.option}",
        films=films,
        made=f"{facts.made_at:%Y-%m-%d %H:%M} UTC",
    )


def _is_done(film: FilmView) -> bool:
    return film.tone is Tone.GOOD


def _headline(films: Sequence[FilmView]) -> str:
    finished, number = sum(map(_is_done, films)), len(films)
    if finished == number:
        return f"All {count(number, 'film')} are finished." if number > 1 else "The film is finished."
    held_up = sum(film.tone in NEEDS_USER for film in films)
    need = {0: "none needs you", 1: "1 needs you"}.get(held_up, f"{held_up} need you")
    return f"{finished} of {count(number, 'film')} finished, {need}."


def _facts(facts: SeasonFacts) -> Iterator[Fact]:
    made = [film.film for film in facts.films if film.film]
    yield Fact("Films", f"{len(made)} of {len(facts.films)}")
    if made:
        yield Fact("Length", f"{_minutes(sum(film.frames for film in made))} in all")
        yield Fact("Files", f"{sum(film.size_bytes for film in made) / 1e6:,.1f} MB")
    yield Fact("Shots", _shots([shot for film in facts.films for shot in film.shots]))
    yield Fact("Credits spent", f"{facts.credits_spent:,}")
    yield Fact("Credits saved", f"{facts.credits_saved:,}" + (", by clips used again" if facts.credits_saved else ""))
    if facts.credits_in_doubt:
        yield Fact("Credits in doubt", f"{facts.credits_in_doubt:,}")
    yield Fact("World", WORLDS[facts.world])


def _shots(shots: Sequence[ShotFacts]) -> str:
    """How many there are, and of how many clips: a clip counts once, whoever uses it."""
    clips = Counter(shot.slate or shot.shot for shot in shots)
    return f"{len(shots):,}, of {count(len(clips), 'clip')}"


def _view_film(film: FilmFacts, season: SeasonFacts) -> FilmView:
    standing, tone = _standing(film)
    shots = tuple(_view_shot(shot, film, season) for shot in film.shots)
    return FilmView(
        episode=film.episode,
        title=as_words(film.title or film.episode),
        standing=standing,
        tone=tone,
        film_href=quote(film.film_href, safe="/") if film.film else "",
        report_href=quote(film.report_href, safe="/"),
        poster=data_address(film.poster),
        width_px=film.film.width_px if film.film else 16,
        height_px=film.film.height_px if film.film else 9,
        summary=", ".join(_summary(film)),
        troubles=tuple(map(safe_text, film.troubles)),
        shots=shots,
        is_open=len(season.films) <= SHORT or tone is not Tone.GOOD,
    )


def _standing(film: FilmFacts) -> tuple[str, Tone]:
    """A film in a word, and the tone of what is worst about it."""
    tones = {shot.standing.tone for shot in film.shots}
    worst = Tone.BAD if film.troubles else next((tone for tone in _WORST_FIRST if tone in tones), Tone.GOOD)
    if film.film:
        return ("finished" if worst is Tone.GOOD else "out of date"), worst
    return _UNMADE[worst]


def _summary(film: FilmFacts) -> Iterator[str]:
    if film.film:
        yield _minutes(film.film.frames)
        yield f"{film.film.size_bytes / 1e6:,.1f} MB"
    shared = sum(bool(shot.shared_with) for shot in film.shots)
    yield count(len(film.shots), "shot") + (f" ({shared} shared)" if shared else "")


def _view_shot(shot: ShotFacts, film: FilmFacts, season: SeasonFacts) -> ShotView:
    standing = shot.standing
    asks = standing.tone in NEEDS_USER
    return ShotView(
        name=shot.shot.removeprefix(f"{film.episode}."),
        standing=standing.word,
        tone=standing.tone,
        slate=shot.slate,
        shared_with=shot.shared_with,
        todo=standing.todo_for(season.project, shot.shot, season.world) if asks else "",
    )


def _minutes(frames: Frames) -> str:
    """Minutes and seconds, rounded: "3:58"."""
    minutes, seconds = divmod(round(frames / FRAME_RATE), 60)
    return f"{minutes}:{seconds:02d}"
