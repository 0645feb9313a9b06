"""What is asked about together, and what several runs of a key ask for each other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import NOON, a_request, a_take, after
from builders_shoot import Dice, Gallery, Host, SharedClock, Shelf, Vendor
from tripwire import fast_folder

from pipeline.ledger.journal import SqliteLedger
from pipeline.model.answer import Answer
from pipeline.model.storyboard import Resolution
from pipeline.model.take import Completed, State, Take
from pipeline.project import World
from pipeline.shoot.addresses import Addresses
from pipeline.shoot.asker import Asker
from pipeline.shoot.board import Board
from pipeline.shoot.policy import Policy
from pipeline.shoot.questions import Questions
from pipeline.shoot.runner import Doors, Runner, Terms

TERMS = Terms(key_id="k", cap=None, shots_per_request=1, policy=Policy(), world=World.LIVE)


def named(*takes: Take, one_for_all: bool = True) -> list[tuple[list[str], bool]]:
    asked = Questions("k", Policy(one_question_for_all=one_for_all)).about(takes)
    return [([take.slate.shot for take in question.takes], question.is_ours) for question in asked]


def test_a_question_is_about_one_resolution_and_one_key() -> None:
    """Tasks of another key are asked about apart: their 404 must not fail ours."""
    large = a_request("Large.", resolution=Resolution.UHD)
    takes = [a_take("a", key_id="k"), a_take("b", request=large), a_take("c", key_id="old"), a_take("d")]
    assert named(*takes) == [(["a", "d"], True), (["b"], True), (["c"], False)]


def test_where_the_vendor_wants_it_a_question_is_about_one_request() -> None:
    """Two shots were sent together, a third alone."""
    takes = [a_take("a", request_id="1"), a_take("b", request_id="2"), a_take("c", request_id="1")]
    assert named(*takes, one_for_all=False) == [(["a", "c"], True), (["b"], True)]


class Season:
    """Runs of one key, side by side, each with takes of its own."""

    def __init__(self, folder: Path) -> None:
        self.clock = SharedClock()
        self.vendor, self.dice = Vendor(self.clock), Dice()
        self.ledger = SqliteLedger(folder / "ledger.sqlite3", folder / "recovery.jsonl")

    def shoot(self, *, one_after_another: int = 1, **films: int) -> None:
        """Films by name and number of shots, so many after each other; each run asks with the same key."""

        async def run(name: str, shots: int) -> None:
            for part in range(one_after_another):
                await self._runner(f"{name}{part}", shots).run()

        async def run_all() -> None:
            await asyncio.gather(*(run(name, shots) for name, shots in films.items()))

        asyncio.run(asyncio.wait_for(run_all(), 60))

    def minutes_until_heard(self) -> list[float]:
        """From the instant when a clip was done until its run knew."""
        heard = [
            (event.at, self.vendor.done_at[take.task_id or ""])
            for take in self.ledger.takes()
            for event in self.ledger.events_of(take.slate)
            if isinstance(event, Completed)
        ]
        return [(at - done_at) / timedelta(minutes=1) for at, done_at in heard]

    def board(self, *takes: Take, terms: Terms = TERMS) -> Board:
        """What a run looks at that has these takes."""
        for take in takes:
            self.ledger.open_take(take)
        board = Board(self._doors(), terms, lambda _take, _event: None, print)
        board.add(takes)
        return board

    def _runner(self, name: str, shots: int) -> Runner:
        takes = [a_take(f"s{n}", project=name, prompt=f"{name} {n}") for n in range(shots)]
        for take in takes:
            self.ledger.open_take(take)
        return Runner(takes, self._doors(), TERMS, lambda _take, _event: None)

    def _doors(self) -> Doors:
        return Doors(
            api=self.vendor,
            ledger=self.ledger,
            store=Shelf(),
            addresses=Addresses(Gallery(), Host()),
            clock=self.clock,
            dice=self.dice,
        )


@pytest.fixture
def season() -> Iterator[Season]:
    with fast_folder() as folder:
        yield Season(folder)


def test_one_question_does_for_all_runs_of_a_key(season: Season) -> None:
    """Four runs land in about the time and with about the questions of one: never four times as many."""
    season.shoot(alone=3)
    for_one = len(season.vendor.asked)
    season.shoot(a=3, b=3, c=3, d=3)
    assert len(season.vendor.asked) - for_one < 2 * for_one
    assert {take.state for take in season.ledger.takes()} == {State.VERIFIED}


def test_what_another_run_has_heard_lands_no_later(season: Season) -> None:
    """A clip takes 200 s, and 66 calls are left for 3,510 s, one every 53 s: asked at 90, 143, 196 and 249 s."""
    season.shoot(a=3, b=3, c=3, d=3)
    waits = [take.since - take.submitted_at for take in season.ledger.takes() if take.submitted_at]
    assert len(waits) == 12 and max(waits) < timedelta(seconds=255), max(waits)
    assert season.clock.now() - NOON < timedelta(minutes=5)


def test_a_season_has_its_submits_and_no_clip_waits_for_long(season: Season) -> None:
    """96 shots at 78 submits an hour: the last 18 are sent when the second begins, and land a few minutes after.

    While the hour is full, a run asks once in five minutes, and at its second look hears what it missed at the first.
    """
    season.shoot(one_after_another=3, a=8, b=8, c=8, d=8)
    assert max(season.minutes_until_heard()) < 10
    assert season.clock.now() - NOON < timedelta(minutes=80)


def test_a_take_that_was_sent_since_is_no_reason_to_ask_again(season: Season) -> None:
    """Another run was answered about the first at 118 s; the second was sent at 119 s, and waits for the next look."""
    first, second = (
        a_take(shot, state=State.SUBMITTED, task_id=shot, sent_id=shot, submitted_at=at, key_id="k")
        for shot, at in (("first", NOON), ("second", after(119)))
    )
    body = (
        '{"shots": [{"shotId": "first", "taskId": "first", "status": "completed", "videoUrl": "https://host/first"}]}'
    )
    heard = Answer(at=after(118), endpoint="check-status", status=200, body=body)
    season.ledger.share_answer(heard, key_id="k", resolution=Resolution.HD)
    board, season.clock.at = season.board(first, second), after(120)
    asyncio.run(Asker(board).ask())
    assert [take.state for take in board.takes.values()] == [State.SUCCEEDED, State.SUBMITTED]
    assert season.vendor.asked == []


def on_server(shot: str, **fields: Any) -> Take:
    """A take whose task the vendor knows by the name of the shot, if at all."""
    sent = {"task_id": shot, "sent_id": shot, "submitted_at": NOON, "key_id": "k"}
    return a_take(shot, state=State.PROCESSING, **{**sent, **fields})


def looks(season: Season, asker: Asker, count: int) -> list[list[str]]:
    """What so many looks ask about, each call a list of tasks."""
    before = len(season.vendor.asked)
    for _ in range(count):
        asyncio.run(asker.ask())
    return [[task.task_id for task in tasks] for tasks in season.vendor.asked[before:]]


def test_takes_of_several_resolutions_are_asked_about_in_turn(season: Season) -> None:
    """A look is one call: two for each would make submits wait, and one of the two would never be made."""
    large = [a_request(word, resolution=size) for word, size in (("L", Resolution.UHD), ("M", Resolution.FULL_HD))]
    takes = [on_server("small"), on_server("large", request=large[0]), on_server("medium", request=large[1])]
    season.vendor.done_at = {take.slate.shot: after(9999) for take in takes}
    asked = looks(season, Asker(season.board(*takes)), 6)
    assert asked == [["small"], ["large"], ["medium"]] * 2


def test_an_answer_is_never_asked_to_tell_of_too_many_tasks(season: Season) -> None:
    """Five tasks, two a question."""
    names = list("abcde")
    season.vendor.done_at = dict.fromkeys(names, after(9999))
    terms = replace(TERMS, policy=Policy(tasks_a_question=2))
    asked = looks(season, Asker(season.board(*map(on_server, names), terms=terms)), 4)
    assert asked == [["a", "b"], ["c", "d"], ["e"], ["a", "b"]]


def test_a_task_that_nobody_knows_is_looked_for_once(season: Season) -> None:
    """Of 16 it is found by halving; from then on it is asked about apart, and the others by one question."""
    names = [f"t{n:02d}" for n in range(16)]
    season.vendor.done_at = dict.fromkeys(names[1:], after(9999))
    asker = Asker(season.board(*map(on_server, names)))
    assert [len(tasks) for tasks in looks(season, asker, 1)] == [16, 8, 4, 2, 1, 1, 2, 4, 8]
    assert looks(season, asker, 4) == [names[:1], names[1:], names[:1], names[1:]]


def test_a_search_that_the_hour_cuts_short_goes_on_where_it_stopped(season: Season) -> None:
    """87 of 90 calls are made: it comes as far as four tasks; all 16 are never asked about together again."""
    names = [f"t{n:02d}" for n in range(16)]
    season.vendor.done_at = dict.fromkeys(names[1:], after(9999))
    asker = Asker(season.board(*map(on_server, names)))
    for _ in range(87):
        season.ledger.note_call(key_id="k", window=Policy().window, now=NOON)
    assert [len(tasks) for tasks in looks(season, asker, 1)] == [16, 8, 4]
    season.clock.at = after(3700)
    asked = looks(season, asker, 8)
    assert asked[:3] == [names[:2], names[:1], names[1:2]]
    assert sorted(map(len, asked[3:])) == [1, 1, 1, 2, 4, 8, 15]
