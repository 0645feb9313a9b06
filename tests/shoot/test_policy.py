"""The times of shooting, against figures worked out by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from builders import NOON, after

from pipeline.model.capabilities import Capabilities
from pipeline.model.storyboard import Resolution
from pipeline.shoot.policy import (
    Policy,
    Window,
    most_in_doubt,
    next_poll,
    requests_wanted,
    room_from,
    throttled_until,
)
from pipeline.shoot.waits import told_wait

POLICY = Policy()


def poll(**facts: object) -> float:
    """Seconds after NOON at which the next poll is due, without jitter."""
    given = {"now": NOON, "last_poll": None, "submitted_at": [NOON], "calls": 0, "submits_waiting": 0, "chance": 0.5}
    due = next_poll(**{"policy": POLICY, **given, **facts})  # type: ignore[arg-type]
    return (due - NOON).total_seconds()


def test_a_task_is_first_asked_about_after_90_seconds() -> None:
    """No clip is done before."""
    assert poll() == 90


def test_a_younger_task_waits_for_the_next_poll() -> None:
    """It is 90 s old at 140 s, but all tasks were asked about at 100 s, and the hour allows a poll in 65 s."""
    assert poll(now=after(100), last_poll=after(100), submitted_at=[after(50)], calls=70) == 165


def test_a_single_film_is_asked_about_as_often_as_the_vendors_page_says() -> None:
    """A film of 21 shots: the youngest is due in 210 s, 57 of 78 calls are left, half of them for that: every 7 s."""
    due = poll(now=after(100), last_poll=after(100), calls=21)
    assert due == pytest.approx(100 + 2 * 210 / 57)


def test_clips_that_should_be_here_are_asked_about_as_often_as_the_hour_can_bear() -> None:
    """After five minutes nobody knows: 72 calls are left of the 78 of an hour that submits may use, too: every 50 s."""
    assert poll(now=after(400), last_poll=after(400), calls=6) == 450


def test_calls_that_are_free_again_soon_are_no_reason_to_hurry() -> None:
    """The hour slides, and its oldest call is always about to leave it: polls would take every call that comes free."""
    assert poll(now=after(3590), last_poll=after(3590), submitted_at=[after(3000)], calls=6) == 3640


def test_polls_are_never_less_than_5_seconds_apart() -> None:
    """Not with calls to spare either: 1,200 an hour would allow one in 3 s."""
    generous = Policy(window=Window(calls=1212))
    assert poll(now=after(100), last_poll=after(100), policy=generous) == 105


def test_polls_make_room_for_submits_that_wait() -> None:
    """The calls of the hour are promised to the submits: one poll in five minutes."""
    assert poll(now=after(100), last_poll=after(100), calls=80, submits_waiting=10) == 400


def test_polls_make_room_for_the_submits_of_other_runs() -> None:
    """Submits stop at 78 of the 90 calls, whoever made them: polls that filled more would let no other run submit."""
    assert poll(now=after(100), last_poll=after(100), calls=78) == 400


def test_the_last_call_of_an_hour_is_not_saved_for_its_end() -> None:
    """An hour for one call would let a clip wait longer than its address may live."""
    assert poll(now=after(400), last_poll=after(400), calls=77) == 700


def test_jitter_moves_a_poll_by_a_tenth_at_most() -> None:
    """±10 % of 50 s."""
    assert poll(now=after(400), last_poll=after(400), calls=6, chance=0.0) == 445


def test_submits_leave_room_for_a_poll_in_five_minutes() -> None:
    """12 of the 90 calls of an hour, at any speed; a tenth earlier than five minutes is not too early for a poll."""
    hour = Window(calls=78, span=timedelta(hours=1), polls=12, polls_apart=timedelta(seconds=270))
    assert POLICY.submit_window == hour
    assert POLICY.scaled(600).submit_window == Window(
        calls=78, span=timedelta(seconds=6), polls=12, polls_apart=timedelta(seconds=0.45)
    )


def submits(count: int, at: float = 0) -> list[tuple[datetime, bool]]:
    return [(after(at), False)] * count


def polls(*at: float) -> list[tuple[datetime, bool]]:
    return [(after(seconds), True) for seconds in at]


EVERY_FIVE_MINUTES = range(300, 3601, 300)


def test_a_poll_in_five_minutes_takes_no_place_of_a_submit() -> None:
    """So an hour after the first 78 submits there is room for 78 more, though 12 polls were made meanwhile."""
    made = [*polls(*EVERY_FIVE_MINUTES), *submits(77, at=3600)]
    assert room_from(made, POLICY.submit_window) is None
    assert room_from([*made, *submits(1, at=3600)], POLICY.submit_window) == after(7200)


def test_polls_that_come_faster_take_the_places_of_submits() -> None:
    """40 within 200 s, of which the first has a place of its own: 39 of 78 are left; the first to leave does at 5 s."""
    made = polls(*range(0, 200, 5))
    assert room_from([*made, *submits(38, at=200)], POLICY.submit_window) is None
    assert room_from([*made, *submits(39, at=200)], POLICY.submit_window) == after(3605)


def test_a_poll_needs_no_more_than_a_place_in_the_hour() -> None:
    """78 submits leave 12 of 90."""
    assert room_from([*submits(78), *polls(*range(11))], POLICY.window) is None
    assert room_from([*submits(78), *polls(*range(12))], POLICY.window) == after(3600)


def test_requests_are_counted_by_what_may_share_them() -> None:
    """Seven at 720p by three, and two that go one by one."""
    assert requests_wanted({Resolution.HD: 7, Resolution.UHD: 2}, 3) == 5


def test_what_is_known_of_the_vendor_changes_the_pace() -> None:
    """Addresses that live for 8 minutes: asked about every 2, 30 an hour, which leaves 60 of 90 calls for submits."""
    known = Policy.for_vendor(Capabilities(address_minutes=8, asks_before_lost=1))
    assert known.poll_while_submits_wait == timedelta(minutes=2)
    assert (known.submit_window.calls, known.unknown_task_asks) == (60, 1)


def test_where_questions_do_not_count_submits_have_the_whole_window() -> None:
    """90, not 78; by default nothing is known."""
    assert Policy.for_vendor(Capabilities(every_call_counts=False)).submit_window.calls == 90
    assert Policy.for_vendor(Capabilities()) == Policy()


def test_a_throttled_take_waits_as_long_as_it_is_told() -> None:
    """Retry-After wins while it is believable; else 60 s, doubled with each strike, 900 s at most."""
    assert throttled_until(NOON, timedelta(seconds=7), 1, POLICY, 0.5) == after(7)
    assert throttled_until(NOON, None, 1, POLICY, 0.5) == after(60)
    assert throttled_until(NOON, timedelta(days=9), 3, POLICY, 0.5) == after(240)
    assert throttled_until(NOON, None, 9, POLICY, 0.5) == after(900)


def test_one_lost_answer_puts_no_more_than_the_granted_credits_in_doubt() -> None:
    """30 credits are 3 shots at 720p; larger pictures go one shot a request."""
    assert most_in_doubt(Resolution.HD, 30) == 3
    assert most_in_doubt(Resolution.HD, 10) == most_in_doubt(Resolution.HD, 19) == 1
    assert most_in_doubt(Resolution.HD, 9999) == 21
    assert most_in_doubt(Resolution.UHD, 300) == 1


def test_speed_divides_every_duration_and_the_window() -> None:
    """At speed 60 an hour of calls is a minute."""
    fast = POLICY.scaled(60)
    assert (fast.window.span, fast.window.calls) == (timedelta(seconds=60), 90)
    assert fast.first_poll_after == timedelta(seconds=1.5)
    assert fast.resolve_after == timedelta(seconds=15)


@pytest.mark.parametrize(
    ("seconds", "said"), [(1.9, None), (2, "2 s"), (99.4, "99 s"), (100, "2 min"), (1500, "25 min")]
)
def test_a_wait_is_said_when_somebody_would_wonder(seconds: float, said: str | None) -> None:
    """From two seconds on, in minutes when it is long."""
    told = told_wait("{what} in {wait}.", "more", timedelta(seconds=seconds))
    assert told == (f"more in {said}." if said else None)
