"""How long a run takes by the vendor's clock, against figures worked out by hand."""

from __future__ import annotations

from datetime import timedelta

from builders import NOON, after

from pipeline.model.storyboard import Resolution
from pipeline.planner.forecast import ExpectedTake, Forecast, Pace, forecast
from pipeline.shoot.policy import Policy, Window


def seconds(
    *takes: ExpectedTake, size: int = 1, shortest: int = 200, longest: int = 200, pace: Pace | None = None
) -> tuple[int, float]:
    """Calls, and seconds until all have landed."""
    played: Forecast = forecast(
        takes,
        shots_per_request=size,
        pace=pace or Pace(),
        shortest=timedelta(seconds=shortest),
        longest=timedelta(seconds=longest),
    )
    return played.calls, played.duration.total_seconds()


def test_nothing_to_do_takes_no_time() -> None:
    """And no call."""
    assert seconds() == (0, 0)


def test_a_shot_has_landed_when_a_poll_finds_it() -> None:
    """The first poll is 90 s after the submit; one that takes 80 s is found by it."""
    assert seconds(ExpectedTake("a"), shortest=80, longest=80) == (1, 90)


def test_shots_of_their_own_requests_are_generated_side_by_side() -> None:
    """Three take as long as one, to the next poll."""
    calls, duration = seconds(ExpectedTake("a"), ExpectedTake("b"), ExpectedTake("c"))
    assert calls == 3 and 200 <= duration < 250


def test_of_many_shots_the_slower_ones_count() -> None:
    """One takes the mean, 210 s of 120–300; of eight the slowest takes 7/8 of the way, 277.5 s."""
    one = seconds(ExpectedTake("a"), shortest=120, longest=300)[1]
    eight = seconds(*(ExpectedTake(name) for name in "abcdefgh"), shortest=120, longest=300)[1]
    assert 210 <= one < 260 and 277.5 <= eight < 330


def test_shots_of_one_request_are_generated_one_after_another() -> None:
    """Three in one request take three times as long."""
    calls, duration = seconds(ExpectedTake("a"), ExpectedTake("b"), ExpectedTake("c"), size=3)
    assert calls == 1 and 600 <= duration < 650


def test_links_of_a_chain_are_shot_one_after_another() -> None:
    """Each is sent when a poll found the one before it."""
    calls, duration = seconds(ExpectedTake("a"), ExpectedTake("b", after="a"), ExpectedTake("c", after="b"))
    assert calls == 3 and 600 <= duration < 750


def test_a_take_on_its_way_costs_no_call() -> None:
    """But its time, for nobody knows how far it is."""
    calls, duration = seconds(ExpectedTake("a", is_sent=True))
    assert calls == 0 and 200 <= duration < 250


def test_a_full_window_makes_the_rest_wait() -> None:
    """Of 14 calls an hour 12 are kept for polls: the third submit waits for the next hour."""
    policy = Policy(window=Window(calls=14))
    calls, duration = seconds(ExpectedTake("a"), ExpectedTake("b"), ExpectedTake("c"), pace=Pace(policy=policy))
    assert calls == 3 and 3800 <= duration < 4200


def test_calls_that_were_made_before_are_waited_for() -> None:
    """78 submits of half an hour ago fill the hour: the next leaves when it is over, after 1,800 s."""
    pace = Pace(now=after(1800), calls=[NOON] * 78)
    calls, duration = seconds(ExpectedTake("a"), pace=pace)
    assert calls == 1 and 1800 + 200 <= duration < 1800 + 300


def test_the_same_jobs_take_the_same_time() -> None:
    """Nothing in it is left to chance."""
    takes = [ExpectedTake(f"shot{n}", after=f"shot{n - 3}" if n > 3 else None) for n in range(21)]
    assert seconds(*takes) == seconds(*takes)


def landed(*takes: ExpectedTake, size: int = 1, pace: Pace | None = None) -> dict[str, float]:
    """Seconds until each is here, of shots that all take 200 s."""
    flat = timedelta(seconds=200)
    played = forecast(takes, shots_per_request=size, pace=pace or Pace(), shortest=flat, longest=flat)
    assert played.duration == max(played.landed.values())
    return {name: at.total_seconds() for name, at in played.landed.items()}


def test_each_take_is_known_to_land_when_a_poll_finds_it() -> None:
    """Two in one request, the second after 400 s, and one that waits for the first."""
    at = landed(ExpectedTake("a"), ExpectedTake("b"), ExpectedTake("c", after="a"), size=2)
    assert 200 <= at["a"] < 250 and 400 <= at["b"] < 450 and at["a"] + 200 <= at["c"] < at["a"] + 250


def test_a_take_that_waited_is_sent_in_its_films_place() -> None:
    """Two requests an hour: a1 and b1 at once, then a2, which goes on from a1, and b2; b3 in the third hour."""
    takes = [ExpectedTake("a1"), ExpectedTake("a2", after="a1"), *map(ExpectedTake, ("b1", "b2", "b3"))]
    at = landed(*takes, pace=Pace(policy=Policy(window=Window(calls=14))))
    assert {name: seconds // 3600 for name, seconds in at.items()} == {"a1": 0, "b1": 0, "a2": 1, "b2": 1, "b3": 2}


def test_shots_share_requests_as_their_resolutions_allow() -> None:
    """Of four at 720p and two at 4k, by threes: two requests and two."""
    takes = [ExpectedTake(name) for name in "abcd"]
    large = [ExpectedTake(name, resolution=Resolution.UHD) for name in "xy"]
    assert seconds(*takes, *large, size=3)[0] == 4


def test_a_season_takes_as_long_as_its_hours_have_submits() -> None:
    """2,100 shots at 78 an hour: the last 72 are sent when the 27th hour begins; the first film is here at once."""
    films = [ExpectedTake(f"{film}.{shot}") for film in range(100) for shot in range(21)]
    at = landed(*films)
    assert 26 * 3600 + 200 <= max(at.values()) < 26.25 * 3600
    assert max(at[f"0.{shot}"] for shot in range(21)) < 600
