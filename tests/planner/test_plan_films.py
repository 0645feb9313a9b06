"""One plan over several films of a project: what is shot once for all of them, and when each has its clips."""

from __future__ import annotations

import pytest
from builders import a_landed_take, a_shot, a_storyboard, a_take

from pipeline.errors import UsageError
from pipeline.model.instructions import Continuation
from pipeline.model.plan import Decision, Plan
from pipeline.model.storyboard import Budget, Resolution, Shot, Storyboard
from pipeline.model.take import State, Take
from pipeline.planner.on_hand import TakesOnHand
from pipeline.planner.plan import part_of, plan_films
from pipeline.planner.selection import Selection, select

TITLE, ROAD, SEA = "A title, in neon.", "A road at night.", "The sea at night."


def a_film(episode: str, **prompts: str) -> Storyboard:
    """Of one shot a prompt, named under the episode; one shot a request."""
    shots = (a_shot(f"{episode}.{shot}", prompt=prompt) for shot, prompt in prompts.items())
    return a_storyboard(*shots, budget=Budget(max_doubt_credits=10))


TWO = {"e1": a_film("e1", title=TITLE, road=ROAD), "e2": a_film("e2", title=TITLE, sea=SEA)}


def planned(films: dict[str, Storyboard], *takes: Take) -> Plan:
    return plan_films(films, TakesOnHand(takes=takes, has_file=lambda _clip: True))


def test_what_two_films_ask_for_is_planned_once() -> None:
    """The second title stands on the take of the first: three requests, and ten credits saved."""
    plan = planned(TWO)
    assert [(row.shot, row.slate, row.credits) for row in plan.shots] == [
        ("e1.title", "demo/e1.title/tk01", 10),
        ("e1.road", "demo/e1.road/tk01", 10),
        ("e2.title", "demo/e1.title/tk01", 0),
        ("e2.sea", "demo/e2.sea/tk01", 10),
    ]
    assert (plan.credits, plan.credits_saved, plan.calls) == (30, 10, 3)


def test_shots_that_go_on_from_a_shared_one_are_one() -> None:
    """Both wait for the last frame of the same take; what waits for another frame of it is another shot."""

    def film(episode: str, frame: int) -> Storyboard:
        on = a_shot(f"{episode}.on", prompt=ROAD, continues=Continuation(shot=f"{episode}.title", frame=frame))
        return a_storyboard(a_shot(f"{episode}.title", prompt=TITLE), on)

    alike, other = (
        planned({"e1": film("e1", 0), "e2": film("e2", 0)}),
        planned({"e1": film("e1", 0), "e2": film("e2", -2)}),
    )
    assert [row.slate for row in alike.shots if row.decision is Decision.WAITS] == ["demo/e1.on/tk01"] * 2
    assert [row.slate for row in other.shots if row.decision is Decision.WAITS] == [
        "demo/e1.on/tk01",
        "demo/e2.on/tk01",
    ]
    assert (alike.credits, other.credits) == (20, 30)


def test_a_plan_says_when_each_film_has_its_clips() -> None:
    """By the vendor's clock; one that has all of them now, one that waits for a chain of three."""
    chain = [a_shot("e3.a", prompt="A")]
    for name, before in (("b", "a"), ("c", "b")):
        chain.append(a_shot(f"e3.{name}", prompt=name, continues=Continuation(shot=f"e3.{before}")))
    films = {**TWO, "e3": a_storyboard(*chain), "e4": a_film("e4", ready="Here.")}
    plan = planned(films, a_landed_take("e4.ready", prompt="Here."))
    seconds = {film.name: film.seconds_estimated for film in plan.films}
    assert seconds["e4"] == 0
    assert 120 < seconds["e1"] < 400 < seconds["e3"] == plan.seconds_estimated
    assert plan.films[0].shots == ("e1.title", "e1.road")


def test_the_cap_of_a_series_counts_all_its_films() -> None:
    """30 credits where 25 are allowed."""
    capped = {name: film.model_copy(update={"budget": Budget(max_credits=25)}) for name, film in TWO.items()}
    assert planned(capped).credits_over_cap == 5


def test_a_part_of_a_plan_is_one_films() -> None:
    """e2: two rows, ten credits, ten saved."""
    part = part_of(planned(TWO), TWO["e2"])
    assert ([row.shot for row in part.shots], part.credits, part.credits_saved) == (["e2.title", "e2.sea"], 10, 10)


def test_films_of_unlike_resolutions_have_their_own_prices() -> None:
    """10 for 720p and 14 for 1080p: the same words are another request."""
    tall = {"e1": TWO["e1"], "e2": TWO["e2"].model_copy(update={"resolution": Resolution.FULL_HD})}
    assert [row.credits for row in planned(tall).shots] == [10, 10, 14, 14]


def the_shots() -> tuple[dict[str, Storyboard], Plan, tuple[Take, ...]]:
    """Two films; the road has failed, the sea is in doubt."""
    takes = (
        a_take("e1.road", prompt=ROAD, state=State.FAILED),
        a_take("e2.sea", prompt=SEA, state=State.UNKNOWN),
    )
    return TWO, planned(TWO, *takes), takes


@pytest.mark.parametrize(
    ("selector", "shots"),
    [
        ("episode:e1", ["e1.title", "e1.road"]),
        ("episode:e*", ["e1.title", "e1.road", "e2.title", "e2.sea"]),
        ("episode:e2,shot:title", ["e2.title"]),
        ("shot:title", ["e1.title", "e2.title"]),
        ("shot:e1.title", ["e1.title"]),
        ("shot:e1", ["e1.title", "e1.road"]),
        ("state:failed", ["e1.road"]),
        ("state:doubtful", ["e2.sea"]),
        ("state:blocked", ["e1.road", "e2.sea"]),
        ("episode:e2 state:failed", ["e1.road", "e2.title", "e2.sea"]),
    ],
)
def test_a_selector_chooses_among_films(selector: str, shots: list[str]) -> None:
    """By film, by a shot's name in all of them or in one, and by how its take is."""
    films, plan, takes = the_shots()
    meant = select(Selection((selector,)), films, plan, takes)
    assert [row.shot for row in plan.shots if row.shot in meant] == shots


def test_a_shot_that_failed_is_chosen_also_where_it_may_be_shot_again() -> None:
    """The plan then says what its next take will be, which has no state yet."""
    again = {name: film.model_copy(update={"budget": Budget(reshoot_failed=1)}) for name, film in TWO.items()}
    takes = (a_take("e1.road", prompt=ROAD, state=State.FAILED),)
    assert select(Selection(("state:failed",)), again, planned(again, *takes), takes) == {"e1.road"}


def test_a_project_of_one_film_has_no_episodes() -> None:
    """And says so."""
    shot: Shot = a_shot("run")
    film = a_storyboard(shot)
    plan = planned({"": film})
    with pytest.raises(UsageError, match="this project has one film"):
        select(Selection(("episode:e1",)), {"": film}, plan)
