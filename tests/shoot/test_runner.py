"""The runner against a working double of the API and the store, on a clock that runs ahead, with a real ledger."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import NOON, a_landed_take, a_media, a_request, a_take, after
from builders_shoot import ANSWER, Dice, FastClock, Gallery, Host, Shelf, Vendor

from pipeline.errors import (
    AnswerInDoubtError,
    FingerprintTakenError,
    MachineError,
    MediaError,
    MoneyError,
    UsageError,
)
from pipeline.ledger.journal import SqliteLedger
from pipeline.model.answer import (
    Accept,
    Doubt,
    GenerateOutcome,
    NoStatus,
    NoTask,
    Refuse,
    ShotOrder,
    ShotStatus,
    Statuses,
    TaskRef,
    Throttle,
    Unsent,
)
from pipeline.model.storyboard import Resolution
from pipeline.model.take import State, Take
from pipeline.project import World
from pipeline.shoot.addresses import Addresses
from pipeline.shoot.policy import Policy, Window
from pipeline.shoot.resolve import Word, words_for
from pipeline.shoot.runner import Doors, Runner, Terms

ORDINARY = Policy()


class Stage:
    """A runner with its doubles; `shoot` runs the shots and tells their states."""

    def __init__(self, folder: Path) -> None:
        self.clock = FastClock()
        self.vendor, self.shelf = Vendor(self.clock), Shelf()
        self.ledger = SqliteLedger(folder / "ledger.sqlite3", folder / "recovery.jsonl")
        self.runner: Runner | None = None
        self.told: list[str] = []

    def shoot(self, *shots: str, grouped: int = 1, cap: int | None = None) -> list[State]:
        takes = [a_take(shot) for shot in shots]
        for take in takes:
            self.ledger.open_take(take)
        return self.go_on(*takes, grouped=grouped, cap=cap)

    def go_on(self, *takes: Take, **options: Any) -> list[State]:
        asyncio.run(asyncio.wait_for(self.make_runner(*takes, **options).run(), 20))
        kept = {str(take.slate): take.state for take in self.ledger.takes()}
        return [kept[str(take.slate)] for take in takes]

    def make_runner(
        self, *takes: Take, grouped: int = 1, cap: int | None = None, policy: Policy = ORDINARY, **options: Any
    ) -> Runner:
        addresses = Addresses(Gallery(), Host())
        doors = Doors(
            api=self.vendor,
            ledger=self.ledger,
            store=self.shelf,
            addresses=addresses,
            clock=self.clock,
            dice=Dice(),
        )
        terms = Terms(key_id="k", cap=cap, shots_per_request=grouped, policy=policy, world=World.LIVE)
        self.runner = Runner(takes, doors, terms, lambda _take, _event: None, tell=self.told.append, **options)
        return self.runner

    def sent(self) -> list[list[str]]:
        """The shots of each request."""
        return [[order.sent_id.partition("~")[0] for order in orders] for orders in self.vendor.calls]


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
    assert stage.sent() == [["a", "b", "c"], ["d", "e"]]
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


def test_two_old_doubts_let_nothing_be_submitted(stage: Stage) -> None:
    """Not one request a run: the user's word is needed first."""
    takes = [a_take("x", state=State.UNKNOWN), a_take("y", state=State.UNKNOWN), a_take("a")]
    for take in takes:
        stage.ledger.open_take(take)
    assert stage.go_on(*takes)[-1] is State.PLANNED
    assert stage.vendor.calls == []


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


def test_what_is_sent_again_is_sent_under_a_name_of_its_own(stage: Stage) -> None:
    """After a pause the same shot goes out again: an answer to the first sending cannot be taken for one to this."""
    stage.vendor.script = [lambda _orders: Throttle(retry_after=timedelta(seconds=30), answer=ANSWER)]
    stage.shoot("a", "b")
    sent = [order.sent_id for orders in stage.vendor.calls for order in orders]
    assert len(sent) == len(set(sent)) == 3


def test_what_a_wrong_clock_wrote_down_is_not_waited_for(stage: Stage) -> None:
    """By that clock it was tomorrow when the vendor asked for a pause, and when another shot was accepted."""
    tomorrow = NOON + timedelta(days=1)
    stage.vendor.done_at["task_b"] = NOON
    paused = a_take("a", since=tomorrow, not_before=tomorrow + timedelta(minutes=1))
    sent = a_take("b", state=State.SUBMITTED, task_id="task_b", sent_id="b~1", since=tomorrow, submitted_at=tomorrow)
    for take in (paused, sent):
        stage.ledger.open_take(take)
    assert stage.go_on(paused, sent) == [State.VERIFIED, State.VERIFIED]
    assert stage.clock.now() - NOON < timedelta(minutes=10)


def test_a_hopeless_refusal_ends_the_submitting(stage: Stage) -> None:
    """Without credits every other shot would be refused, too: none is tried."""
    stage.vendor.script = [lambda _orders: Refuse(code="INSUFFICIENT_CREDITS", message="no", answer=ANSWER)]
    assert stage.shoot("a", "b") == [State.REJECTED, State.PLANNED]
    assert stage.runner and isinstance(stage.runner.stopped_by, MoneyError)


def test_a_refused_shot_holds_up_none_but_itself(stage: Stage) -> None:
    """A bad prompt is one shot's trouble."""
    stage.vendor.script = [lambda _orders: Refuse(code="PROMPT_REQUIRED", message="no", answer=ANSWER)]
    assert stage.shoot("a", "b") == [State.REJECTED, State.VERIFIED]


def test_a_refused_request_of_several_is_sent_again_shot_by_shot(stage: Stage) -> None:
    """It does not say whose fault it is; alone, only the guilty one is refused."""

    def refuses_b(orders: Sequence[ShotOrder]) -> Refuse | None:
        is_bad = any(order.sent_id.startswith("b~") for order in orders)
        return Refuse(code="PROMPT_REQUIRED", message="no", answer=ANSWER) if is_bad else None

    stage.vendor.script = [refuses_b] * 4  # type: ignore[list-item]
    assert stage.shoot("a", "b", "c", grouped=3) == [State.VERIFIED, State.REJECTED, State.VERIFIED]
    assert [len(orders) for orders in stage.vendor.calls] == [3, 1, 1, 1]


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


@pytest.mark.parametrize(("answers", "end"), [(7, State.VERIFIED), (8, State.LOST)])
def test_a_task_that_is_unknown_once_may_be_late_and_is_lost_after_eight_times(
    stage: Stage, answers: int, end: State
) -> None:
    """A vendor may take a while to know its own task; a clip would be lost by believing the first 404."""
    stage.vendor.statuses = [NoTask(answer=ANSWER)] * answers
    assert stage.shoot("a") == [end]


def test_one_unknown_task_does_not_hide_the_others(stage: Stage) -> None:
    """A 404 for several tasks is asked again in halves; the stranger is lost, until the user says what it was."""
    stranger = a_take("x", state=State.SUBMITTED, task_id="task_gone", sent_id="x~1", submitted_at=NOON)
    takes = [stranger, a_take("a"), a_take("b")]
    for take in takes:
        stage.ledger.open_take(take)
    assert stage.go_on(*takes) == [State.LOST, State.VERIFIED, State.VERIFIED]
    [lost] = [take for take in stage.ledger.takes() if take.state is State.LOST]
    assert set(words_for(lost)) == {Word.ADOPT, Word.PAY_AGAIN, Word.REVIVE}


def test_a_clip_that_had_landed_is_lost_and_not_failed_whatever_the_vendor_says_later(stage: Stage) -> None:
    """It was paid for and there, so that nothing comes back; only its file is gone from the store."""
    stage.vendor.fails, stage.vendor.done_at = {"a"}, {"t": NOON}
    take = a_take("a", state=State.SUBMITTED, task_id="t", sent_id="a~1", submitted_at=NOON, media=a_media())
    stage.ledger.open_take(take)
    assert stage.go_on(take) == [State.LOST]


@pytest.mark.parametrize("word", ["processing", "unclear"])
def test_a_task_of_which_nothing_comes_is_lost_after_a_day(stage: Stage, word: Any) -> None:
    """The run has an end, whatever the vendor says."""
    stage.vendor.always = word
    take = a_take("a", state=State.SUBMITTED, task_id="t", sent_id="a~1", submitted_at=NOON - timedelta(hours=23))
    stage.ledger.open_take(take)
    assert stage.go_on(take) == [State.LOST]
    assert timedelta(hours=1) < stage.clock.now() - NOON < timedelta(hours=1, minutes=6)


@pytest.mark.parametrize("word", ["processing", "unclear"])
def test_a_day_in_which_nobody_asked_loses_no_task(stage: Stage, word: Any) -> None:
    """The run before was stopped; the first answers bring no news, and then the clip is there."""
    yesterday = NOON - timedelta(hours=30)
    take = a_take("a", state=State.SUBMITTED, task_id="t", sent_id="a~1", submitted_at=yesterday)
    shots = (ShotStatus(sent_id="a~1", state=word),)
    stage.vendor.statuses = [Statuses(shots=shots, answer=ANSWER)] * 7
    stage.vendor.done_at["t"] = NOON
    stage.ledger.open_take(take)
    assert stage.go_on(take) == [State.VERIFIED]


def test_a_day_in_which_nobody_fetched_loses_no_clip(stage: Stage) -> None:
    """Its address had failed before the run was stopped, and fails seven times more."""
    stage.shelf.expired = 7
    failing = {"state": State.PROCESSING, "task_id": "t", "sent_id": "a~1", "submitted_at": NOON}
    take = a_take("a", url_failing_since=NOON - timedelta(hours=30), **failing)
    stage.vendor.done_at["t"] = NOON
    stage.ledger.open_take(take)
    assert stage.go_on(take) == [State.VERIFIED]


def test_a_vendor_that_answers_nothing_ends_the_run(stage: Stage) -> None:
    """After an hour or two; the task stays submitted."""
    stage.vendor.statuses = [NoStatus(reason="refused")] * 1000
    assert stage.shoot("a") == [State.SUBMITTED]
    assert stage.runner and isinstance(stage.runner.stopped_by, MachineError)
    assert stage.clock.now() - NOON < timedelta(hours=2)


def test_a_throttled_question_waits_no_longer_than_a_throttled_submit(stage: Stage) -> None:
    """A Retry-After of eleven days is not believed; without one it is a minute, not seconds."""
    throttled = NoStatus(reason="429", is_throttle=True, retry_after=timedelta(days=11))
    stage.vendor.statuses = [throttled]
    assert stage.shoot("a") == [State.VERIFIED]
    assert stage.clock.now() - NOON < timedelta(minutes=10)


def test_tasks_of_every_resolution_are_asked_about(stage: Stage) -> None:
    """One that takes long does not keep the other's clip waiting."""
    slow = a_take("a", state=State.SUBMITTED, task_id="slow", sent_id="a~1", submitted_at=NOON)
    request = a_request("Another.", resolution=Resolution.UHD)
    quick = a_take("b", request=request, state=State.SUBMITTED, task_id="quick", sent_id="b~1", submitted_at=NOON)
    stage.vendor.done_at = {"slow": NOON + timedelta(hours=1), "quick": NOON}
    for take in (slow, quick):
        stage.ledger.open_take(take)
    stage.go_on(slow, quick)
    landed = {take.slate.shot: take.since - NOON for take in stage.ledger.takes()}
    assert landed["b"] < timedelta(minutes=2) < landed["a"]


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


def test_a_shot_that_goes_on_from_another_is_sent_in_its_films_place(stage: Stage) -> None:
    """Two requests an hour; when a2 can be sent at last, b2 and b3 of the next film have waited for long."""
    takes = [a_take(shot) for shot in ("a1", "b1", "b2", "b3")]
    for take in takes:
        stage.ledger.open_take(take)

    async def a2_follows_a1(landed: Take) -> list[Take]:
        following = [a_take("a2")] if landed.slate.shot == "a1" else []
        stage.ledger.open_takes(following)
        return following

    two_an_hour = Policy(window=Window(calls=14))
    stage.go_on(*takes, follow=a2_follows_a1, rank=lambda take: ord(take.slate.shot[0]), policy=two_an_hour)
    assert stage.sent() == [["a1"], ["b1"], ["a2"], ["b2"], ["b3"]]


def test_what_cannot_follow_a_clip_holds_up_none_but_itself(stage: Stage) -> None:
    """The clip of a has no such frame: the other films are shot, and the run says so at its end."""
    takes = [a_take("a"), a_take("b")]
    for take in takes:
        stage.ledger.open_take(take)

    async def a_is_too_short(landed: Take) -> list[Take]:
        if landed.slate.shot == "a":
            raise MediaError(Path("a.mp4"), "it has no frame 191")
        return []

    assert stage.go_on(*takes, follow=a_is_too_short, policy=Policy(inspections_at_once=1)) == [State.VERIFIED] * 2
    assert stage.runner and isinstance(stage.runner.stopped_by, MediaError)


def test_shots_share_requests_as_their_resolutions_allow(stage: Stage) -> None:
    """Three at 720p, one at 4k, whatever lies between them."""
    large = [a_take(shot, request=a_request(f"{shot}.", resolution=Resolution.UHD)) for shot in ("u1", "u2")]
    takes = [a_take("a"), large[0], a_take("b"), a_take("c"), large[1], a_take("d")]
    for take in takes:
        stage.ledger.open_take(take)
    assert stage.go_on(*takes, grouped=3) == [State.VERIFIED] * 6
    assert stage.sent() == [["a", "b", "c"], ["u1"], ["u2"], ["d"]]


def test_clips_are_fetched_a_few_at_a_time(stage: Stage) -> None:
    """All were done while nobody asked: eight at once, those of the first film before the others."""
    under_way: list[str] = []
    fetched: list[str] = []
    download = stage.shelf.download

    async def slowly(url: str, *args: Any, **options: Any) -> Any:
        under_way.append(url)
        fetched.append(url.rpartition("/")[2])
        assert len(under_way) <= ORDINARY.fetches_at_once
        await asyncio.sleep(0.001)
        under_way.remove(url)
        return await download(url, *args, **options)

    stage.shelf.download = slowly  # type: ignore[method-assign]
    done = [a_take(f"s{n:02d}", state=State.SUCCEEDED, url=f"https://host/s{n:02d}", task_id="t") for n in range(20)]
    for take in done:
        stage.ledger.open_take(take)
    stage.go_on(*reversed(done), rank=lambda take: int(take.slate.shot[1:]))
    assert fetched[:8] == [f"s{n:02d}" for n in range(8)] and len(fetched) == 20


def test_a_request_that_another_run_shot_meanwhile_holds_up_no_other(stage: Stage) -> None:
    """It is left for the next plan, which finds the other's clip; the rest is shot."""
    stage.ledger.open_take(a_landed_take("theirs", project="other", prompt="A prompt for a."))
    assert stage.shoot("a", "b") == [State.PLANNED, State.VERIFIED]
    assert stage.runner and isinstance(stage.runner.stopped_by, FingerprintTakenError)
    assert stage.runner.stopped_by.other == "other/theirs/tk01"


def test_clips_are_fetched_while_submits_wait_for_the_next_hour(stage: Stage) -> None:
    """100 shots fill the hour; a clip takes 200 s, a question is asked every five minutes, an address lives twenty."""
    stage.shoot(*(f"s{number}" for number in range(100)))
    waits = [take.since - take.submitted_at for take in stage.ledger.takes() if take.submitted_at]
    assert len(waits) == 100 and max(waits) < timedelta(minutes=9)


def test_a_pause_that_the_vendor_asks_for_is_said(stage: Stage) -> None:
    """30 s for the request; a shorter pause than two seconds goes without saying."""
    waits = (timedelta(seconds=30), timedelta(seconds=1))
    stage.vendor.script = [lambda _orders, wait=wait: Throttle(retry_after=wait, answer=ANSWER) for wait in waits]
    stage.shoot("a")
    assert stage.told == ["The vendor asks for a pause (429); the next request leaves in about 30 s."]


def test_an_hour_that_is_full_is_said_once(stage: Stage) -> None:
    """79 requests fill it, 12 of 90 calls are kept for questions; the 79th waits for what is left of the hour."""
    stage.shoot(*(f"s{number}" for number in range(82)))
    assert [told.partition(";")[0] for told in stage.told] == ["The calls that the vendor allows an hour are used up"]


def test_an_hour_that_others_have_filled_is_said_where_only_questions_are_left(stage: Stage) -> None:
    """90 calls of another project a minute ago: the question waits for 59 minutes."""
    for _ in range(90):
        stage.ledger.note_call(key_id="k", window=Policy().window, now=NOON)
    stage.clock.at = after(60)
    stage.vendor.done_at["t"] = NOON
    take = a_take("a", state=State.SUBMITTED, task_id="t", sent_id="a~1", submitted_at=NOON - timedelta(minutes=5))
    stage.ledger.open_take(take)
    assert stage.go_on(take) == [State.VERIFIED]
    [told] = stage.told
    assert "it is asked about the clips again in about 59 min" in told


def test_no_hour_holds_more_than_90_calls(stage: Stage) -> None:
    """100 shots: submits and polls together keep to the window."""
    stage.shoot(*(f"s{number}" for number in range(100)))
    made = [at.timestamp() for at in stage.ledger.calls_in(key_id="k", since=NOON)]
    assert len(made) > 100
    assert max(sum(start <= at < start + 3600 for at in made) for start in made) <= 90


def test_an_answer_that_could_not_be_kept_is_told_whatever_else_fails(stage: Stage) -> None:
    """The disk is full: a download fails, and then the answer to the request that is under way."""

    async def disk_is_full(*_args: Any, **_options: Any) -> Any:
        raise MachineError("no room for the clip")

    async def lose_the_disk() -> None:
        await asyncio.sleep(0.05)
        with contextlib.closing(sqlite3.connect(stage.ledger._path)) as file:
            file.execute("DROP TABLE answers")

    stage.shelf.download = disk_is_full  # type: ignore[method-assign]
    stage.vendor.meanwhile = lose_the_disk
    landing = a_take("x", state=State.SUCCEEDED, task_id="task_x", url="https://host/x")
    new = a_take("a")
    for take in (landing, new):
        stage.ledger.open_take(take)
    with pytest.raises(MachineError, match="answer was saved"):
        stage.go_on(landing, new)


@pytest.mark.parametrize(("presses", "left"), [(1, State.SUBMITTED), (2, State.SENDING)])
def test_an_answer_is_waited_for_until_the_second_interrupt(stage: Stage, presses: int, left: State) -> None:
    """The first starts nothing new; the second leaves the request as it is, for the next run to find in doubt."""
    take = a_take("a")
    stage.ledger.open_take(take)

    async def interrupted() -> None:
        async def press() -> None:
            runner.drain()
            if presses == 2:
                running.cancel()
            await asyncio.sleep(0.05)

        runner, stage.vendor.meanwhile = stage.make_runner(take), press
        running = asyncio.ensure_future(runner.run())
        await asyncio.wait([running])

    asyncio.run(interrupted())
    assert stage.ledger.takes()[0].state is left
