"""Several films of one project, produced from one plan: what they share, and that none holds up another."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from builders import a_shot, a_storyboard
from studio import Cutter, Set, open_set

from pipeline.cutting import Made
from pipeline.errors import MachineError, MoneyError, NotPublishedError, ShotFailedError
from pipeline.model.instructions import Continuation
from pipeline.model.storyboard import Budget, Image, Shot, Storyboard
from pipeline.model.timeline import Timeline
from pipeline.shoot.policy import Policy, Window

TEN_AN_HOUR = Policy(window=Window(calls=22))  # 12 are for questions
TITLE, ROAD, SEA = "A title, in neon.", "A road at night.", "The sea at night."


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Set]:
    with open_set(tmp_path) as opened:
        opened.film_maker = Cutter()
        yield opened


def a_film(episode: str, **prompts: str) -> Storyboard:
    """Of one shot a prompt, named under the episode."""
    return a_storyboard(*(a_shot(f"{episode}.{shot}", prompt=prompt) for shot, prompt in prompts.items()))


def test_what_two_films_ask_for_is_shot_once(studio: Set) -> None:
    """Four shots, three requests; both films are made, in their order."""
    films = {"e1": a_film("e1", title=TITLE, road=ROAD), "e2": a_film("e2", title=TITLE, sea=SEA)}
    outcomes = studio.produce_films(films)
    assert studio.shots_sent() == ["e1.title", "e1.road", "e2.sea"]
    assert [type(outcome) for outcome in outcomes.values()] == [Made, Made]
    assert studio.film_maker.made == ["demo-e1.mp4", "demo-e2.mp4"]


def test_a_second_run_sends_and_makes_nothing(studio: Set) -> None:
    """All is there: no call, no film."""
    films = {"e1": a_film("e1", title=TITLE), "e2": a_film("e2", title=TITLE, sea=SEA)}
    studio.produce_films(films)
    calls, made = len(studio.vendor.calls), list(studio.film_maker.made)
    studio.produce_films(films)
    assert (len(studio.vendor.calls), studio.film_maker.made) == (calls, made)


def test_a_changed_word_of_one_film_is_all_that_is_done_again(studio: Set) -> None:
    """One shot of e2."""
    films = {"e1": a_film("e1", title=TITLE, road=ROAD), "e2": a_film("e2", title=TITLE, sea=SEA)}
    studio.produce_films(films)
    studio.vendor.calls.clear()
    studio.produce_films({**films, "e2": a_film("e2", title=TITLE, sea="The sea at dawn.")})
    assert studio.shots_sent() == ["e2.sea"]


def test_a_film_is_finished_while_others_are_still_shot(studio: Set) -> None:
    """e2 needs nothing but e1's title: it is there before the last shot of e1 is sent."""
    sent_before: dict[str, int] = {}

    class Noting(Cutter):
        async def finish(self, timeline: Timeline, film_path: Path, on_progress: object) -> Any:
            sent_before[film_path.name] = len(studio.vendor.calls)
            return await super().finish(timeline, film_path, on_progress)

    studio.film_maker = Noting()
    studio.policy = TEN_AN_HOUR
    shots = {"title": TITLE, **{f"s{n}": f"Street {n} at night." for n in range(10)}}
    e1 = a_film("e1", **shots).model_copy(update={"budget": Budget(max_doubt_credits=10)})  # one shot a request
    studio.produce_films({"e1": e1, "e2": a_film("e2", title=TITLE)})
    assert sent_before["demo-e2.mp4"] < len(studio.vendor.calls) == 11


def test_a_shot_that_fails_holds_up_its_own_film_alone(studio: Set) -> None:
    """The vendor fails e1's road; e2 comes out."""
    films = {"e1": a_film("e1", title=TITLE, road=ROAD), "e2": a_film("e2", title=TITLE, sea=SEA)}
    studio.vendor.fails = {"e1.road"}
    outcomes = studio.produce_films(films)
    assert [type(outcome) for outcome in outcomes.values()] == [ShotFailedError, Made]
    assert str(outcomes["e1"]).startswith("e1.road: demo/e1.road/tk01 is failed: no. ")


def test_credits_that_end_leave_the_films_whole_that_have_their_clips(studio: Set) -> None:
    """20 credits are allowed: e1 and its two shots; e2 says what would have to be allowed, e3 shares all with e1."""
    budget = Budget(max_credits=20)
    e1, e2 = a_film("e1", title=TITLE, road=ROAD), a_film("e2", title=TITLE, sea=SEA)
    films = {name: film.model_copy(update={"budget": budget}) for name, film in (("e1", e1), ("e2", e2))}
    films["e3"] = a_film("e3", road=ROAD).model_copy(update={"budget": budget})
    outcomes = studio.produce_films(films)
    assert [type(outcome) for outcome in outcomes.values()] == [Made, MoneyError, Made]


def test_a_picture_without_an_address_holds_up_its_own_film_alone(studio: Set) -> None:
    """Nothing of e1 is paid for, all of e2 is."""
    studio.host.refuses = "picture"
    hero = Image(role="first", file="assets/hero.png")
    e1 = a_storyboard(a_shot("e1.a", images=(hero,)), a_shot("e1.b", prompt=ROAD))
    outcomes = studio.produce_films({"e1": e1, "e2": a_film("e2", sea=SEA)})
    assert studio.shots_sent() == ["e2.sea"]
    assert [type(outcome) for outcome in outcomes.values()] == [NotPublishedError, Made]


def test_what_goes_on_from_a_shared_shot_is_shared_too(studio: Set) -> None:
    """Both films begin with the same two shots, the second of which continues the first."""

    def film(episode: str) -> Storyboard:
        on = a_shot(f"{episode}.on", prompt=ROAD, continues=Continuation(shot=f"{episode}.title"))
        return a_storyboard(a_shot(f"{episode}.title", prompt=TITLE), on)

    outcomes = studio.produce_films({"e1": film("e1"), "e2": film("e2")})
    assert studio.shots_sent() == ["e1.title", "e1.on"]
    assert [type(outcome) for outcome in outcomes.values()] == [Made, Made]


def test_a_film_that_cannot_be_written_loses_no_other(studio: Set) -> None:
    """Its error is its own."""
    studio.film_maker.broken = "demo-e1.mp4"
    outcomes = studio.produce_films({"e1": a_film("e1", title=TITLE), "e2": a_film("e2", title=TITLE)})
    assert [type(outcome) for outcome in outcomes.values()] == [MachineError, Made]


def test_what_is_done_at_a_films_end_is_done_as_soon_as_it_has_ended(studio: Set) -> None:
    """And an error of it is that film's."""
    told: list[str] = []

    async def tell(name: str, _outcome: object) -> None:
        await asyncio.sleep(0)
        told.append(name)
        if name == "e1":
            raise MachineError("The disk is full.")

    films = {"e1": a_film("e1", title=TITLE), "e2": a_film("e2", title=TITLE)}
    studio.open(films)
    studio.production.ended = tell
    outcomes = asyncio.run(studio.production.produce(studio.production.plan()))
    assert sorted(told) == ["e1", "e2"]
    assert [type(outcome) for outcome in outcomes.values()] == [MachineError, Made]


def test_a_shot_that_waited_is_sent_before_those_of_later_films(studio: Set) -> None:
    """e1's second shot waits for its first; it goes before what e2 still has, once the hour has room again."""

    def shots(episode: str, count: int) -> list[Shot]:
        return [a_shot(f"{episode}.s{n}", prompt=f"Street {n} of {episode}.") for n in range(count)]

    studio.policy, budget = TEN_AN_HOUR, Budget(max_doubt_credits=10)  # one shot a request
    on = a_shot("e1.on", prompt=ROAD, continues=Continuation(shot="e1.s0"))
    films = {
        "e1": a_storyboard(*shots("e1", 1), on, budget=budget),
        "e2": a_storyboard(*shots("e2", 12), budget=budget),
    }
    studio.produce_films(films)
    sent = studio.shots_sent()
    assert sent.index("e1.on") == 10
    assert len(sent) == 14
