"""A season in one run: as fast as the window allows, in the order of its films, and at what cost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from long_season import MAY_SHARE, SHOTS, LongSeason, anchor_of, cost_of, film_of, shoot
from tripwire import fast_folder

from pipeline.model.take import State
from pipeline.shoot.policy import Policy


def check_pace(season: LongSeason) -> None:
    """All has landed, as soon as the calls of the hour allow, and nobody ever made more of them."""
    assert set(season.states) == {State.VERIFIED}
    assert season.duration <= 1.1 * season.bound, (season.duration, season.bound)
    assert season.most_calls_in_an_hour() <= 90
    assert season.at_once <= Policy().fetches_at_once


def check_order(season: LongSeason) -> None:
    """No film is sent before one that stands before it, but for shots that could not be sent yet."""
    sent = [name for _, shots in season.vendor.sent for name in shots]
    assert [name for name in sent if not anchor_of(name)] == sorted(name for name in sent if not anchor_of(name))
    assert held_up(season) == []


def held_up(season: LongSeason) -> list[tuple[str, str]]:
    """Shots that go on from another, each with one of a later film that was sent since it could have been."""
    sent_at, began = season.sent_at(), season.vendor.sent[0][0]
    overtaken = []
    for name, at in sent_at.items():
        if anchor := anchor_of(name):
            ready_at = began + season.landed[anchor]
            later = [each for each, its in sent_at.items() if ready_at < its < at and film_of(each) > film_of(name)]
            overtaken += [(name, each) for each in later]
    return overtaken


def told(season: LongSeason) -> str:
    """All figures, in a line."""
    finished, submits = season.finished(), len(season.vendor.sent)
    return (
        f"{len(season.landed)} shots, {season.size} a request: {submits} requests and "
        f"{len(season.vendor.calls) - submits} questions in {season.duration}, {season.duration / season.bound:.2f} of "
        f"the bound; at most {season.most_calls_in_an_hour()} calls in an hour; the first film after {finished[0]}, "
        f"half of them after {sorted(finished)[len(finished) // 2]}"
    )


@pytest.fixture(scope="module")
def few_films() -> Iterator[dict[int, LongSeason]]:
    """Twelve films in one run, by how many shots share a request; one film has a chain of three shots."""
    with fast_folder() as one, fast_folder() as seven:
        yield {1: shoot(one, count=12, size=1), 7: shoot(seven, count=12, size=7)}


@pytest.mark.parametrize("size", [1, 7])
def test_films_in_one_run_are_here_as_soon_as_the_hour_allows(few_films: dict[int, LongSeason], size: int) -> None:
    """252 shots at 78 requests an hour."""
    check_pace(few_films[size])


@pytest.mark.parametrize("size", [1, 7])
def test_films_in_one_run_keep_their_order(few_films: dict[int, LongSeason], size: int) -> None:
    """Shots that can only be sent when another has landed go before later films."""
    check_order(few_films[size])


def test_the_first_film_is_here_before_the_last_is_begun(few_films: dict[int, LongSeason]) -> None:
    """Three hours pass between them."""
    finished, sent_at = few_films[1].finished(), few_films[1].sent_at()
    began = min(sent_at.values())
    assert finished[0] < sent_at["e011.s00"] - began


@pytest.mark.series
@pytest.mark.torture
@pytest.mark.parametrize("size", MAY_SHARE)
def test_a_season_is_here_as_soon_as_the_hour_allows(size: int) -> None:
    """A hundred films of 21 shots: 27 hours one by one, two and a half with 21 shots a request."""
    with fast_folder() as folder:
        season = shoot(folder, count=100, size=size)
    print(told(season))
    check_pace(season)
    check_order(season)


@pytest.mark.series
@pytest.mark.torture
@pytest.mark.parametrize("size", MAY_SHARE)
def test_a_season_costs_the_machine_next_to_nothing(size: int) -> None:
    """5 ms of the processor a shot, the doubles' own included, and no more than twice what one of ten films takes."""
    few, many = (cost_of(count=count, size=size) for count in (10, 100))
    of_few, of_many = few.cpu_seconds / (10 * SHOTS), many.cpu_seconds / (100 * SHOTS)
    told_ms = f"{1000 * of_many:.1f} ms a shot, {1000 * of_few:.1f} of ten films"
    print(f"{size} shots a request: {many.cpu_seconds:.1f} s, {told_ms}, {many.peak_mb:.0f} MB")
    assert of_many <= 2 * of_few
    assert of_many <= 0.005


@pytest.mark.series
@pytest.mark.torture
def test_a_season_on_its_way_weighs_little() -> None:
    """Where the hour takes all requests, 2,100 shots are in flight at once."""
    film, season = (cost_of(count=count, size=21, calls=500) for count in (1, 100))
    print(f"21 shots in flight: {film.peak_mb:.0f} MB; 2,100: {season.peak_mb:.0f} MB")
    assert season.peak_mb - film.peak_mb <= 150
