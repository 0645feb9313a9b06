"""The page of a series: where each film is and how it stands, as things are now."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.app.assignment import Assignment
from pipeline.host import SystemClock, write_whole
from pipeline.model.plan import Plan
from pipeline.model.take import Take

if TYPE_CHECKING:
    from pipeline.app.series import FilmStatus, SeriesStatus
    from pipeline.review.season import FilmFacts, ShotFacts

POSTER_PX: Final = 480
"""The longer side of a poster on the page: there may be a hundred."""


def write_series_page(
    assigned: Assignment,
    standing: SeriesStatus,
    takes: Iterable[Take],
    troubles: Mapping[str, Sequence[str]],
) -> None:
    """Args: troubles: what holds a film up, by its name, as sentences. Raises MachineError."""
    from pipeline.review.season import SeasonFacts, build_season

    by_slate, users = {str(take.slate): take for take in takes}, _users_of_clips(standing.plan)
    facts = SeasonFacts(
        title=standing.series.title,
        project=standing.plan.project,
        world=assigned.access.world,
        made_at=SystemClock().now(),
        credits_spent=standing.account.spent,
        credits_saved=standing.account.saved,
        credits_in_doubt=standing.account.in_doubt,
        films=tuple(
            _film_facts(assigned, film, _shots_of(film, by_slate, users), troubles.get(film.name, ()))
            for film in standing.films
        ),
    )
    write_whole(assigned.project.report_path, build_season(facts).encode())


def _users_of_clips(plan: Plan) -> Mapping[str, list[str]]:
    """The films that use a take's clip, by its slate."""
    films = {shot: film.name for film in plan.films for shot in film.shots}
    users: dict[str, list[str]] = defaultdict(list)
    for row in plan.shots:
        if films[row.shot] not in users[row.film_slate]:
            users[row.film_slate].append(films[row.shot])
    return users


def _shots_of(film: FilmStatus, takes: Mapping[str, Take], users: Mapping[str, Sequence[str]]) -> tuple[ShotFacts, ...]:
    from pipeline.review.season import ShotFacts
    from pipeline.review.standing import standing_of

    rows = film.plan.shots if film.plan else ()
    return tuple(
        ShotFacts(
            shot=row.shot,
            standing=standing_of(takes.get(row.film_slate), row),
            slate=row.film_slate if row.film_slate in takes else "",
            shared_with=tuple(name for name in users[row.film_slate] if name != film.name),
        )
        for row in rows
    )


def _film_facts(
    assigned: Assignment, film: FilmStatus, shots: tuple[ShotFacts, ...], troubles: Sequence[str]
) -> FilmFacts:
    from pipeline.review.season import FilmFacts

    paths, page_dir = assigned.project.film_of(film.name), assigned.project.report_path.parent
    has_report = paths.report_path.is_file()
    return FilmFacts(
        episode=film.name,
        title=film.title,
        film=film.film,
        film_href=os.path.relpath(paths.film_path, page_dir) if film.film else "",
        report_href=os.path.relpath(paths.report_path, page_dir) if has_report else "",
        poster=_poster(paths.poster_path) if film.film else b"",
        troubles=(*troubles, *([film.trouble] if film.trouble else [])),
        shots=shots,
    )


def _poster(path: Path) -> bytes:
    """The film's poster, smaller; empty where there is none."""
    from PIL import Image

    from pipeline.review.stills import as_jpeg

    with suppress(OSError), Image.open(path) as poster:
        poster.thumbnail((POSTER_PX, POSTER_PX))
        return as_jpeg(poster)
    return b""
