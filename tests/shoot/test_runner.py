"""The runner against a working double of the API and the store, on a clock that runs ahead, with a real ledger."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from builders import NOON, a_media, a_take

from pipeline.errors import AnswerInDoubtError, MachineError, MediaError, MoneyError, UrlExpiredError, UsageError
from pipeline.ledger.journal import SqliteLedger
from pipeline.model.answer import (
    Accept,
    Answer,
    Doubt,
    GenerateOutcome,
    NoStatus,
    NoTask,
    Refuse,
    ShotOrder,
    ShotStatus,
    Statuses,
    StatusOutcome,
    TaskRef,
    Throttle,
    Unsent,
)
from pipeline.model.storyboard import Resolution
from pipeline.model.take import Slate, State, Take
from pipeline.shoot.policy import Policy
from pipeline.shoot.runner import Doors, Runner, Terms

ANSWER = Answer(at=NOON, endpoint="generate", status=200, body="{}")


class FastClock:
    """Time passes only by sleeping, and at once."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        return self.at

    async def sleep(self, duration: timedelta) -> None:
        await asyncio.sleep(0.001)
        self.at += max(duration, timedelta(0))


class Dice:
    def __init__(self) -> None:
        self._next = 0

    def jitter(self) -> float:
        return 0.5

    def nonce(self) -> str:
        self._next += 1
        return f"{self._next:012x}"


class Vendor:
    """Accepts, generates in 200 s, and says so; `script` holds outcomes to answer with first.

    Keeps the orders of each call, in the order in which they came.
    """

    def __init__(self, clock: FastClock, *script: Callable[[Sequence[ShotOrder]], GenerateOutcome]) -> None:
        self.clock, self.script = clock, list(script)
        self.calls: list[list[ShotOrder]] = []
        self.asked: list[list[TaskRef]] = []
        self.done_at: dict[str, datetime] = {}
        self.fails: set[str] = set()
        self.statuses: list[StatusOutcome] = []

    async def generate(
        self, orders: Sequence[ShotOrder], resolution: Resolution, *, connected: Callable[[], None]
    ) -> GenerateOutcome:
        self.calls.append(list(orders))
        outcome = self.script.pop(0)(orders) if self.script else None
        if isinstance(outcome, Unsent):
            return outcome
        connected()
        return outcome or self._accept(orders)

    def _accept(self, orders: Sequence[ShotOrder]) -> Accept:
        tasks = tuple(TaskRef(sent_id=order.sent_id, task_id=f"task_{order.sent_id}") for order in orders)
        self.done_at |= {task.task_id: self.clock.now() + timedelta(seconds=200) for task in tasks}
        return Accept(tasks=tasks, answer=ANSWER)

    async def check_status(self, tasks: Sequence[TaskRef], resolution: Resolution) -> StatusOutcome:
        self.asked.append(list(tasks))
        if self.statuses:
            return self.statuses.pop(0)
        if any(task.task_id not in self.done_at for task in tasks):
            return NoTask(answer=ANSWER)
        return Statuses(shots=tuple(self._status(task) for task in tasks), answer=ANSWER)

    def _status(self, task: TaskRef) -> ShotStatus:
        if self.clock.now() < self.done_at[task.task_id]:
            return ShotStatus(sent_id=task.sent_id, state="processing")
        if task.sent_id.partition("~")[0] in self.fails:
            return ShotStatus(sent_id=task.sent_id, state="failed", reason="no")
        return ShotStatus(sent_id=task.sent_id, state="completed", url=f"https://host/{task.task_id}")


class Shelf:
    """A take store whose downloads and files can be told to be bad, so many times."""

    def __init__(self) -> None:
        self.expired = self.undecodable = 0
        self.fetched = 0

    async def download(self, url: str, slate: Slate, *, on_bytes: Any) -> Any:
        self.fetched += 1
        if self.expired:
            self.expired -= 1
            raise UrlExpiredError("HTTP 403")
        return SimpleNamespace(sha256=a_media().sha256, size_bytes=1000)

    async def verify(self, sha256: str) -> Any:
        if self.undecodable:
            self.undecodable -= 1
            raise MediaError(Path("clip.mp4"), "it does not decode")
        return a_media()

    def path(self, sha256: str) -> Path | None:
        return None


class Stage:
    """A runner with its doubles; `shoot` runs the shots and tells their states."""

    def __init__(self, folder: Path) -> None:
        self.clock = FastClock()
        self.vendor, self.shelf = Vendor(self.clock), Shelf()
        self.ledger = SqliteLedger(folder / "ledger.sqlite3", folder / "recovery.jsonl")
        self.runner: Runner | None = None

    def shoot(self, *shots: str, grouped: int = 1, cap: int | None = None) -> list[State]:
        takes = [a_take(shot) for shot in shots]
        for take in takes:
            self.ledger.open_take(take)
        return self.go_on(*takes, grouped=grouped, cap=cap)

    def go_on(self, *takes: Take, grouped: int = 1, cap: int | None = None) -> list[State]:
        doors = Doors(api=self.vendor, ledger=self.ledger, store=self.shelf, clock=self.clock, dice=Dice())
        terms = Terms(key_id="k", cap=cap, shots_per_request=grouped, policy=Policy())
        self.runner = Runner(takes, doors, terms, lambda _take, _event: None)
        asyncio.run(asyncio.wait_for(self.runner.run(), 20))
        kept = {str(take.slate): take.state for take in self.ledger.takes()}
        return [kept[str(take.slate)] for take in takes]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.ledger.close()


def test_shots_are_submitted_asked_about_together_and_land(stage: Stage) -> None:
    """Three shots, three requests, and every poll asks about all that are open."""
    assert stage.shoot("a", "b", "c") == [State.VERIFIED] * 3
    assert [len(orders) for orders in stage.vendor.calls] == [1, 1, 1]
    assert max(len(tasks) for tasks in stage.vendor.asked) == 3


def test_several_shots_share_a_request_each_with_its_own_nonce(stage: Stage) -> None:
    """Five shots by three: a request of three and one of two."""
    assert stage.shoot("a", "b", "c", "d", "e", grouped=3) == [State.VERIFIED] * 5
    sent = [[order.sent_id.rpartition("~")[0] for order in orders] for orders in stage.vendor.calls]
    assert sent == [["a~tk01", "b~tk01", "c~tk01"], ["d~tk01", "e~tk01"]]
    assert len({order.sent_id for orders in stage.vendor.calls for order in orders}) == 5


def test_a_lost_answer_is_never_sent_again(stage: Stage) -> None:
    """The shot stays in doubt; the others go on."""
    stage.vendor.script = [lambda _orders: Doubt(reason="cut")]
    assert stage.shoot("a", "b") == [State.UNKNOWN, State.VERIFIED]
    assert len(stage.vendor.calls) == 2


def test_two_doubts_end_the_submitting(stage: Stage) -> None:
    """What was accepted before is still fetched."""
    doubt = lambda _orders: Doubt(reason="cut")  # noqa: E731
    stage.vendor.script = [doubt, doubt]
    assert stage.shoot("a", "b", "c") == [State.UNKNOWN, State.UNKNOWN, State.PLANNED]
    assert stage.runner and isinstance(stage.runner.stopped_by, AnswerInDoubtError)


def test_a_shot_that_the_answer_does_not_name_is_in_doubt(stage: Stage) -> None:
    """Accepted is only what the answer says."""

    def names_the_first(orders: Sequence[ShotOrder]) -> GenerateOutcome:
        stage.vendor.done_at["task_1"] = NOON
        return Accept(tasks=(TaskRef(sent_id=orders[0].sent_id, task_id="task_1"),), answer=ANSWER)

    stage.vendor.script = [names_the_first]
    assert stage.shoot("a", "b", grouped=2) == [State.VERIFIED, State.UNKNOWN]


def test_a_throttled_request_is_sent_again_after_the_wait(stage: Stage) -> None:
    """The vendor says 30 s."""
    stage.vendor.script = [lambda _orders: Throttle(retry_after=timedelta(seconds=30), answer=ANSWER)]
    assert stage.shoot("a") == [State.VERIFIED]
    assert len(stage.vendor.calls) == 2


def test_a_hopeless_refusal_ends_the_submitting(stage: Stage) -> None:
    """Without credits every other shot would be refused, too: none is tried."""
    stage.vendor.script = [lambda _orders: Refuse(code="INSUFFICIENT_CREDITS", message="no", answer=ANSWER)]
    assert stage.shoot("a", "b") == [State.REJECTED, State.PLANNED]
    assert stage.runner and isinstance(stage.runner.stopped_by, MoneyError)


def test_a_refused_shot_holds_up_none_but_itself(stage: Stage) -> None:
    """A bad prompt is one shot's trouble."""
    stage.vendor.script = [lambda _orders: Refuse(code="PROMPT_REQUIRED", message="no", answer=ANSWER)]
    assert stage.shoot("a", "b") == [State.REJECTED, State.VERIFIED]


def test_an_unreachable_api_is_tried_three_times_and_nothing_is_sent(stage: Stage) -> None:
    """The shot is planned as before."""
    stage.vendor.script = [lambda _orders: Unsent(reason="refused")] * 3
    assert stage.shoot("a", "b") == [State.PLANNED, State.PLANNED]
    assert len(stage.vendor.calls) == 3
    assert stage.runner and isinstance(stage.runner.stopped_by, MachineError)


def test_one_failed_shot_of_a_request_leaves_the_others_whole(stage: Stage) -> None:
    """Each shot has a state of its own."""
    stage.vendor.fails = {"b"}
    assert stage.shoot("a", "b", "c", grouped=3) == [State.VERIFIED, State.FAILED, State.VERIFIED]


def test_an_expired_address_is_asked_for_afresh(stage: Stage) -> None:
    """The clip is fetched at the second address."""
    stage.shelf.expired = 1
    assert stage.shoot("a") == [State.VERIFIED]
    assert stage.shelf.fetched == 2


def test_an_address_that_fails_for_a_day_is_loudly_lost(stage: Stage) -> None:
    """Never shot again by itself; until the day is over it is tried."""
    stage.shelf.expired = 10**6
    failing = {"state": State.PROCESSING, "task_id": "task_a", "sent_id": "a~1", "submitted_at": NOON}
    take = a_take("a", url_failing_since=NOON - timedelta(hours=23, minutes=55), **failing)
    stage.vendor.done_at["task_a"] = NOON
    stage.ledger.open_take(take)
    assert stage.go_on(take) == [State.LOST]
    assert stage.clock.now() - NOON > timedelta(minutes=5)


def test_a_damaged_file_is_fetched_twice_more_and_then_kept_as_it_is(stage: Stage) -> None:
    """Three downloads, no second request."""
    stage.shelf.undecodable = 3
    assert stage.shoot("a") == [State.CORRUPT]
    assert (stage.shelf.fetched, len(stage.vendor.calls)) == (3, 1)


def test_one_unknown_task_does_not_hide_the_others(stage: Stage) -> None:
    """A 404 for several tasks is asked again in halves; the stranger is left to the next run."""
    stranger = a_take("x", state=State.SUBMITTED, task_id="task_gone", sent_id="x~1", submitted_at=NOON)
    stage.ledger.open_take(stranger)
    others = [a_take("a"), a_take("b")]
    for take in others:
        stage.ledger.open_take(take)
    assert stage.go_on(stranger, *others) == [State.SUBMITTED, State.VERIFIED, State.VERIFIED]


def test_trouble_with_check_status_changes_no_state(stage: Stage) -> None:
    """A gateway's page, twice; then the clips land."""
    stage.vendor.statuses = [NoStatus(reason="502"), NoStatus(reason="502")]
    assert stage.shoot("a") == [State.VERIFIED]


def test_a_key_that_is_not_accepted_any_more_ends_the_run(stage: Stage) -> None:
    """The task stays submitted, for a run with a good key."""
    stage.vendor.statuses = [NoStatus(reason="401", is_refusal=True)]
    assert stage.shoot("a") == [State.SUBMITTED]
    assert stage.runner and isinstance(stage.runner.stopped_by, UsageError)


def test_the_cap_ends_the_submitting_but_not_the_fetching(stage: Stage) -> None:
    """20 credits are two shots of 10."""
    assert stage.shoot("a", "b", "c", cap=20) == [State.VERIFIED, State.VERIFIED, State.PLANNED]


def test_no_hour_holds_more_than_90_calls(stage: Stage) -> None:
    """100 shots: submits and polls together keep to the window."""
    stage.shoot(*(f"s{number}" for number in range(100)))
    made = [at.timestamp() for at in stage.ledger.calls_in(key_id="k", since=NOON)]
    assert len(made) > 100
    assert max(sum(start <= at < start + 3600 for at in made) for start in made) <= 90
