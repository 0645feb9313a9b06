"""A production from its plan to its film, with doubles of the vendor, the store and the film maker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from builders import NOON, a_shot, a_storyboard, a_take
from builders_shoot import Dice, FastClock, Gallery, Host, Shelf, Vendor

from pipeline.errors import AnswerInDoubtError, StoppedError, StoryboardError
from pipeline.ledger.journal import SqliteLedger
from pipeline.model.answer import Doubt
from pipeline.model.storyboard import Budget, Storyboard, Title
from pipeline.model.take import State
from pipeline.production import Production
from pipeline.project import ProjectPaths
from pipeline.shoot.addresses import Addresses
from pipeline.shoot.policy import Policy
from pipeline.shoot.runner import Doors

THREE = (a_shot("a"), a_shot("b"), a_shot("c"))


class CutReached(Exception):  # noqa: N818
    """All shots are there: the film is about to be made."""


class FilmMakerDouble:
    """Makes no film; `meanwhile` is what happens while it would."""

    meanwhile: Callable[[], Awaitable[None]] | None = None

    def clips_landed(self, timeline: Any) -> None: ...

    async def finish(self, *_args: Any) -> Any:
        if self.meanwhile:
            await self.meanwhile()
        raise CutReached

    async def close(self) -> None: ...


class Quiet:
    """A watcher that keeps the notes."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def planned(self, plan: Any) -> None: ...

    def take_changed(self, take: Any, event: Any) -> None: ...

    def rendering(self, progress: Any) -> None: ...

    def note(self, sentence: str) -> None:
        self.notes.append(sentence)


class Set:
    """What a production needs; `produce` tells how it ended."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.shelf, self.film_maker, self.watcher = FastClock(), Shelf(), FilmMakerDouble(), Quiet()
        self.vendor, self.pictures, self.host = Vendor(self.clock), Gallery(), Host()
        self.folder = folder
        self.ledger = SqliteLedger(folder / "ledger.sqlite3", folder / "recovery.jsonl")
        self.production: Any = None

    def produce(self, storyboard: Storyboard) -> type[BaseException]:
        self.production = Production(
            storyboard=storyboard,
            project=ProjectPaths(self.folder / "demo"),
            ledger=self.ledger,
            store=self.shelf,
            pictures=self.pictures,
            own_files=None,  # type: ignore[arg-type]
            film_maker=self.film_maker,  # type: ignore[arg-type]
            connect=self._connect,
            key_id="k",
            policy=Policy(),
            watcher=self.watcher,
        )
        try:
            asyncio.run(self.production.produce(self.production.plan()))
        except Exception as error:
            return type(error)
        raise AssertionError("there is no film to come to")

    @asynccontextmanager
    async def _connect(self) -> AsyncIterator[Doors]:
        yield Doors(
            api=self.vendor,
            ledger=self.ledger,
            store=self.shelf,
            addresses=Addresses(self.pictures, self.host),
            clock=self.clock,
            dice=Dice(),
        )


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Set]:
    made = Set(tmp_path)
    yield made
    made.ledger.close()


def test_an_interrupt_while_the_film_is_made_is_not_held_up_by_shooting(studio: Set) -> None:
    """Nothing is being shot any more, so there is nothing to wait for."""
    told: list[bool] = []

    async def press() -> None:
        told.append(studio.production.interrupt())

    studio.film_maker.meanwhile = press
    assert studio.produce(a_storyboard()) is CutReached
    assert told == [False]


def test_an_interrupt_says_that_an_answer_is_waited_for(studio: Set) -> None:
    """It may cost credits, and a second one would leave it in doubt."""

    async def press() -> None:
        assert studio.production.interrupt()

    studio.vendor.meanwhile = press
    assert studio.produce(a_storyboard()) is StoppedError
    assert ["Ctrl-C again" in note for note in studio.watcher.notes] == [True]


def test_what_cannot_be_cut_is_told_before_anything_is_sent(studio: Set) -> None:
    """Words that begin when their shot is over: 192 frames are ordered."""
    late = Title(text="Run", start=192, source=a_shot("a").source)
    assert studio.produce(a_storyboard(a_shot("a", titles=(late,)))) is StoryboardError
    assert studio.vendor.calls == []


def test_two_doubts_leave_the_rest_unshot(studio: Set) -> None:
    """Three requests, three lost answers: the third is never sent."""
    studio.vendor.script = [lambda _orders: Doubt(reason="cut")] * 3
    assert studio.produce(a_storyboard(*THREE)) is AnswerInDoubtError
    assert len(studio.vendor.calls) == 2


def test_a_grant_goes_on_past_two_doubts_in_the_same_run(studio: Set) -> None:
    """Both are shot again for the granted 20 credits, and the third shot for the first time."""
    studio.vendor.script = [lambda _orders: Doubt(reason="cut")] * 2
    assert studio.produce(a_storyboard(*THREE, budget=Budget(pay_again_credits=20))) is CutReached
    assert len(studio.vendor.calls) == 5


def test_a_clip_that_was_paid_for_is_fetched_though_no_shot_asks_for_it_any_more(studio: Set) -> None:
    """Its prompt was edited away while it was generated, and all that is asked for now is here."""
    assert studio.produce(a_storyboard(a_shot("a"))) is CutReached
    paid = a_take("a", number=2, prompt="Edited away.", state=State.SUBMITTED, task_id="t", sent_id="a~t")
    studio.ledger.open_take(paid)
    studio.vendor.done_at["t"] = NOON
    assert studio.produce(a_storyboard(a_shot("a"))) is CutReached
    assert [take.state for take in studio.ledger.takes()] == [State.VERIFIED, State.VERIFIED]
