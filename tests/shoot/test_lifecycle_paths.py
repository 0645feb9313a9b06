"""Every life that a take can have: all paths through the table, and every event off the path."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import pairwise

import pytest
from builders import a_take
from test_lifecycle import ONE_OF_EACH

from pipeline.errors import IllegalTransitionError
from pipeline.model.take import CHARGED, Event, State, Take
from pipeline.shoot.lifecycle import advance

DEPTH = 8
FROM_THE_BEGINNING = 13  # eight events lead from a plan only just to a clip that is lost again
Path = tuple[Event, ...]

NOT_CHARGED = {"nothing_sent", "rate_limited", "sent_back", "rejected", "not_charged"}
"""Kinds of events that prove that a request cost nothing."""

USERS_WORD = {"adopted", "not_charged", "paid_again", "abandoned"}


def lives(take: Take, depth: int, path: Path = ()) -> Iterator[tuple[Take, Path]]:
    """Each take that up to `depth` events lead to, with those events; what is off the path is tried and refused."""
    yield take, path
    for event in ONE_OF_EACH if len(path) < depth else ():
        try:
            after = advance(take, event)
        except IllegalTransitionError:
            continue
        yield from lives(after, depth, (*path, event))


@pytest.fixture(scope="module")
def all_lives() -> list[tuple[Take, list[str]]]:
    """From a plan on, with the kinds of their events."""
    return [(take, [event.kind for event in path]) for take, path in lives(a_take(), FROM_THE_BEGINNING)]


def test_every_event_in_every_state_is_followed_or_refused() -> None:
    """To a depth of eight, whatever state a ledger holds; no event leads to an error that is not a refusal."""
    count = sum(1 for state in State for _ in lives(a_take(state=state), DEPTH))
    print(f"{count} lives of at most {DEPTH} events, {count * len(ONE_OF_EACH)} events tried")
    assert count > 10_000


def test_every_state_is_reached(all_lives: list[tuple[Take, list[str]]]) -> None:
    """The table has no island, and no end but those that are meant."""
    print(f"{len(all_lives)} lives of at most {FROM_THE_BEGINNING} events")
    assert {take.state for take, _ in all_lives} == set(State)


def test_nothing_is_sent_twice_without_a_proof_that_it_cost_nothing(all_lives: list[tuple[Take, list[str]]]) -> None:
    """Between two connections of one take stands such a proof, or the user's word for it."""
    for _, kinds in all_lives:
        sent = [n for n, kind in enumerate(kinds) if kind == "connected"]
        for first, second in pairwise(sent):
            assert NOT_CHARGED & set(kinds[first:second]), kinds


def test_what_may_have_been_charged_counts_against_the_cap(all_lives: list[tuple[Take, list[str]]]) -> None:
    """From the connection on, until a proof or a refund."""
    for take, kinds in all_lives:
        may_be_charged = reduce(
            lambda so_far, kind: (so_far or kind == "connected") and kind not in NOT_CHARGED, kinds, False
        )
        is_counted = take.state in CHARGED and take.credits > 0
        comes_back = "generation_failed" in kinds and take.state in (State.FAILED, State.WRITTEN_OFF)
        assert is_counted or comes_back or not may_be_charged, kinds


def test_a_doubt_is_ended_by_nothing_but_a_word(all_lives: list[tuple[Take, list[str]]]) -> None:
    """What follows a lost answer is the user's."""
    for _, kinds in all_lives:
        for kind, following in pairwise(kinds):
            assert kind != "answer_lost" or following in USERS_WORD, kinds


def test_a_task_is_known_once(all_lives: list[tuple[Take, list[str]]]) -> None:
    """A second taskId comes only after a proof that the first request cost nothing, or for a task that is lost."""
    for _, kinds in all_lives:
        named = [n for n, kind in enumerate(kinds) if kind in ("accepted", "adopted")]
        for first, second in pairwise(named):
            assert {"gone_from_host", *NOT_CHARGED} & set(kinds[first:second]), kinds


def test_a_landed_clip_was_downloaded_just_before(all_lives: list[tuple[Take, list[str]]]) -> None:
    """Nothing lands unseen; what comes back had landed."""
    for take, kinds in all_lives:
        has_come = kinds[-2:] == ["downloaded", "verified"] or (kinds[-1:] == ["came_back"] and "verified" in kinds)
        assert take.state is not State.VERIFIED or has_come, kinds
