"""Plan → landed takes: starts what the takes want next and writes down what came of it, before it goes on.

The loop is the whole idea: start what takes want next, is due and not under way, and wait until something changed. At
most one generate (`submitter`) and one check-status (`asker`) are under way; some downloads (`fetcher`) run side by
side. All of them look at, and write to, the one `board`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from pipeline.errors import MediaError, PublishError, StoryboardError, StoryreelError
from pipeline.model.take import Take
from pipeline.shoot.actions import Fetch, Inspect
from pipeline.shoot.asker import Asker
from pipeline.shoot.board import Board, Doors, Rank, Tell, Terms, Watcher, Wish
from pipeline.shoot.fetcher import Fetcher
from pipeline.shoot.submitter import Submitter

__all__ = ["Doors", "Follow", "Rank", "Runner", "Terms", "Watcher", "nothing_follows"]

Follow = Callable[[Take], Awaitable[Sequence[Take]]]
"""Asked after a clip has landed: the takes that can be shot now. What it raises of `TROUBLE_OF_ONE` stops no other."""

TROUBLE_OF_ONE: Final = (MediaError, PublishError, StoryboardError)
"""Why what follows a clip may not be shot, and all else may: told when the run ends."""


async def nothing_follows(_landed: Take) -> Sequence[Take]:
    return ()


def _keep_quiet(_sentence: str) -> None: ...


def _as_they_come(_take: Take) -> int:
    return 0


@dataclass(slots=True)
class Runner:
    """Shoots the takes that it is given.

    Args:
        takes: ended ones are passed over.
        watch: called after an event is durable.
        follow: the run does not end before it has answered.
        tell: told of long waits.
        rank: takes of a lower rank are sent and fetched first, also those that are added while the run goes on; those
            of one rank in the order in which they came.
    """

    takes: Sequence[Take]
    doors: Doors
    terms: Terms
    watch: Watcher
    follow: Follow = nothing_follows
    tell: Tell = _keep_quiet
    rank: Rank = _as_they_come
    _board: Board = field(init=False)
    _submitter: Submitter = field(init=False)
    _asker: Asker = field(init=False)
    _fetcher: Fetcher = field(init=False)
    _under_way: dict[str, asyncio.Task[None]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._board = Board(self.doors, self.terms, self.watch, self.tell, self.rank)
        self._board.add(self.takes)
        self._submitter, self._asker = Submitter(self._board), Asker(self._board)
        self._fetcher = Fetcher(self._board)

    @property
    def stopped_by(self) -> StoryreelError | None:
        """Why something was not submitted; None if nothing stood in the way. What was on its way was fetched."""
        return self._board.stopped_by or next(iter(self._board.left_out.values()), None)

    @property
    def is_sending(self) -> bool:
        """Whether an answer is waited for that is money."""
        return "submit" in self._under_way

    def add(self, takes: Iterable[Take]) -> None:
        """Shoot these, too, while the run goes on."""
        self._board.add(takes)

    def drain(self) -> None:
        """Start nothing new; a generate under way is waited for, since its answer is money."""
        self._board.drain()

    async def run(self) -> dict[str, Take]:
        """The takes by slate, once none of them wants anything that this run may still do.

        Raises:
            MachineError: the ledger or the store cannot be written.
        """
        for take in self._board.takes.values():
            self.watch(take, None)
        self._submitter.stop_at_doubts()
        try:
            while due := self._start_what_is_due():
                await self._wait(until=due)
        except asyncio.CancelledError:
            # Not even an answer is waited for any more: the next run finds its take in doubt.
            for task in self._under_way.values():
                task.cancel()
            raise
        finally:
            await self._end_all()
        return dict(self._board.takes)

    def _start_what_is_due(self) -> datetime | None:
        """Start what is due; returns when to look again, None when there is nothing left to do."""
        self._raise_failures()
        now = self._board.now
        if self._board.is_draining:
            return now + timedelta(seconds=1) if self.is_sending else None
        policy = self.terms.policy
        self._start_first("fetch", Fetch, policy.fetches_at_once, self._fetcher.fetch)
        self._start_first("inspect", Inspect, policy.inspections_at_once, self._inspect)
        due = self._start_timed("submit", self._submitter.due(), self._submitter.submit)
        asks_at = self._asker.due(submits_waiting=self._submitter.requests_waiting())
        due += self._start_timed("ask", asks_at, self._asker.ask)
        if self._under_way:
            due.append(now + timedelta(seconds=60))  # each ends by itself and wakes the loop
        return min(due, default=None)

    async def _inspect(self, take: Take, inspect: Inspect) -> None:
        if await self._fetcher.inspect(take, inspect):
            self._start(f"follow {take.slate}", self._follow(self._board.current(take)))

    async def _follow(self, landed: Take) -> None:
        try:
            self.add(await self.follow(landed))
        except TROUBLE_OF_ONE as error:
            self._board.leave_out(str(landed.slate), error)

    def _start_first(
        self, name: str, kind: type[Wish], most: int, action: Callable[[Take, Wish], Coroutine[Any, Any, None]]
    ) -> None:
        """Let the first takes of those that want the same have it, so many at once."""
        room = most - sum(each.startswith(f"{name} ") for each in self._under_way)
        firsts = ((f"{name} {take.slate}", take, wish) for take, wish in islice(self._board.wanting(kind), most))
        for each, take, wish in islice((first for first in firsts if first[0] not in self._under_way), room):
            self._start(each, action(take, wish))

    def _start_timed(
        self, name: str, due: datetime | None, action: Callable[[], Coroutine[Any, Any, None]]
    ) -> list[datetime]:
        if due is None or name in self._under_way:
            return []
        if due > self._board.now:
            return [due]
        self._start(name, action())
        return []

    def _start(self, name: str, action: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(action, name=name)
        task.add_done_callback(lambda _task: self._board.changed.set())
        self._under_way[name] = task

    def _raise_failures(self) -> None:
        """Take the ended actions off the list; a failure ends the run, that of a generate before all others."""
        ended = sorted(
            (name for name, task in self._under_way.items() if task.done()), key=lambda name: name != "submit"
        )
        failures = [error for name in ended if (error := self._under_way.pop(name).exception())]
        if failures:
            raise failures[0]

    async def _wait(self, until: datetime) -> None:
        """Return when something changed or `until` has come."""
        changed = self._board.changed
        waiting = asyncio.create_task(changed.wait())
        timer = asyncio.create_task(self.doors.clock.sleep(until - self._board.now))
        try:
            await asyncio.wait((waiting, timer), return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
            timer.cancel()
            changed.clear()

    async def _end_all(self) -> None:
        """Leave nothing running: a generate is waited for, everything else is stopped (it can be done again).

        What became of the generate is told whatever else ended the run: it may be all that is known of money.
        """
        submit = self._under_way.get("submit")
        others = [task for task in self._under_way.values() if task is not submit]
        for task in others:
            task.cancel()
        try:
            await asyncio.gather(*others, return_exceptions=True)
            if submit is not None:
                await submit
        finally:
            self._under_way.clear()
