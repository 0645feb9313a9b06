"""Builders of what a series' page is made of; every value can be named, the rest is plausible."""

from __future__ import annotations

from typing import Any

from builders_review import NOON, a_film, a_jpeg

from pipeline.model.take import State
from pipeline.project import World
from pipeline.review.season import FilmFacts, SeasonFacts, ShotFacts
from pipeline.review.standing import STANDINGS


def a_season_shot(shot: str = "s01e01.run", state: State = State.VERIFIED, **fields: Any) -> ShotFacts:
    return ShotFacts(**{"shot": shot, "standing": STANDINGS[state], "slate": f"night_shift/{shot}/tk01", **fields})


def a_season_film(episode: str = "s01e01", **fields: Any) -> FilmFacts:
    """A finished film of 40 seconds, unless `fields` say otherwise."""
    made = {
        "title": "The Bakery",
        "film": a_film(960),
        "film_href": f"../out/night_shift-{episode}.mp4",
        "report_href": f"{episode}/report.html",
        "poster": a_jpeg(),
        "shots": (a_season_shot(f"{episode}.run"),),
        **fields,
    }
    return FilmFacts(episode=episode, **made)


def an_unmade_film(episode: str = "s01e01", **fields: Any) -> FilmFacts:
    return a_season_film(episode, **{"film": None, "film_href": "", "report_href": "", "poster": b"", **fields})


def season_of(*films: FilmFacts, **fields: Any) -> SeasonFacts:
    made = {
        "title": "Night Shift",
        "project": "night_shift",
        "world": World.SANDBOX,
        "made_at": NOON,
        "credits_spent": 210,
        "credits_saved": 90,
        "credits_in_doubt": 0,
        **fields,
    }
    return SeasonFacts(films=films or (a_season_film(),), **made)
