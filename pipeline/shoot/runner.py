"""Plan → landed takes: starts what the takes want next and writes down what came of it, before it goes on.

The loop is the whole idea: ask every take for its next action, start what is due and not under way, wait until
something changed. All events go through `_record`: folded by `lifecycle`, durable in the ledger, then shown.
At most one generate and one check-status are under way; downloads run side by side.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from pipeline.errors import (
    AnswerInDoubtError,
    DownloadError,
    FingerprintTakenError,
    MachineError,
    MediaError,
    MoneyError,
    StoryreelError,
    UrlExpiredError,
    UsageError,
)
from pipeline.model.answer import (
    Answer,
    GenerateOutcome,
    NoStatus,
    NoTask,
    Refuse,
    ShotOrder,
    Statuses,
    TaskRef,
    Throttle,
    Unsent,
)
from pipeline.model.storyboard import Resolution
from pipeline.model.take import (
    Armed,
    Connected,
    Downloaded,
    Event,
    GoneFromHost,
    Spoiled,
    State,
    Take,
    Undecodable,
    UrlExpired,
    Verified,
)
from pipeline.ports import Clock, Dice, Ledger, TakeStore, VeoApi
from pipeline.shoot.actions import Ask, Fetch, Inspect, Submit, next_action
from pipeline.shoot.addresses import Addresses
from pipeline.shoot.lifecycle import advance
from pipeline.shoot.outcomes import Change, believe, settle
from pipeline.shoot.policy import CREDITS_A_SHOT, Policy, full_jitter, next_poll, throttled_until

log = logging.getLogger(__name__)

HOPELESS: Final[dict[str, tuple[type[StoryreelError], str]]] = {
    "LOGIN_REQUIRED": (UsageError, "Check the key in NANOPHOTO_API_KEY and run again."),
    "INSUFFICIENT_CREDITS": (MoneyError, "Buy credits and run again: what has landed is not paid for again."),
}
"""Refusals that every other request of the run would get, too: what the run ends with, and what to do."""

MAX_DOUBTS: Final = 2
"""So many takes of the project in doubt, and nothing more is submitted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """What shooting needs of the outside."""

    api: VeoApi
    ledger: Ledger
    store: TakeStore
    addresses: Addresses
    clock: Clock
    dice: Dice


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a run may do.

    Attributes:
        key_id: stands for the key in the ledger; the key itself never does.
        cap: the most credits the project may have spent or in play; None: no cap.
        shots_per_request: how many shots share a generate.
    """

    key_id: str
    cap: int | None
    shots_per_request: int
    policy: Policy


Watcher = Callable[[Take, Event | None], None]
"""Told of every take at the start (no event) and after each event."""

Follow = Callable[[Take], Awaitable[Sequence[Take]]]
"""Asked after a clip has landed: the takes that can be shot now."""


async def nothing_follows(_landed: Take) -> Sequence[Take]:
    return ()


def fold_all(events: Iterable[Change]) -> list[Change]:
    """Each event with the take that it leads to, instead of the take that it happens to."""
    return [(advance(take, event), event) for take, event in events]


@dataclass(slots=True)
class Runner:
    """Shoots the takes that it is given.

    Args:
        takes: in the order in which they are submitted; ended ones are passed over.
        watch: called after an event is durable.
        follow: the run does not end before it has answered.
    """

    takes: Sequence[Take]
    doors: Doors
    terms: Terms
    watch: Watcher
    follow: Follow = nothing_follows
    _board: dict[str, Take] = field(init=False)
    _under_way: dict[str, asyncio.Task[None]] = field(init=False, default_factory=dict)
    _changed: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _last_poll: datetime | None = field(init=False, default=None)
    _not_before: datetime | None = field(init=False, default=None)  # nothing is submitted before
    _ask_not_before: datetime | None = field(init=False, default=None)
    _strikes: int = field(init=False, default=0)  # 429s in a row
    _unsent: int = field(init=False, default=0)  # connections refused in a row
    _asks_failed: int = field(init=False, default=0)
    _strangers: dict[str, int] = field(init=False, default_factory=dict)  # 404s in a row
    _stopped_by: StoryreelError | None = field(init=False, default=None)
    _poll_chance: float = field(init=False, default=0.5)
    _is_draining: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self._board = {str(take.slate): take for take in self.takes}

    def add(self, takes: Iterable[Take]) -> None:
        """Shoot these, too. A take that is known already is left as it is."""
        for take in takes:
            if str(take.slate) not in self._board:
                self._board[str(take.slate)] = take
                self.watch(take, None)
        self._changed.set()

    @property
    def stopped_by(self) -> StoryreelError | None:
        """Why nothing more was submitted; None if nothing stood in the way. What was on its way was fetched."""
        return self._stopped_by

    @property
    def is_sending(self) -> bool:
        """Whether an answer is waited for that is money."""
        return "submit" in self._under_way

    def drain(self) -> None:
        """Start nothing new; a generate under way is waited for, since its answer is money."""
        self._is_draining = True
        self._changed.set()

    async def run(self) -> dict[str, Take]:
        """The takes by slate, once none of them wants anything that this run may still do.

        Raises:
            MachineError: the ledger or the store cannot be written.
        """
        for take in self._board.values():
            self.watch(take, None)
        self._stop_at_doubts()
        try:
            while due := self._start_what_is_due():
                await self._wait(until=due)
        except (
            asyncio.CancelledError
        ):  # not even an answer is waited for any more: the next run finds its take in doubt
            for task in self._under_way.values():
                task.cancel()
            raise
        finally:
            await self._end_all()
        return dict(self._board)

    # --- what to start -----------------------------------------------------------------------------------------

    def _start_what_is_due(self) -> datetime | None:
        """Start what is due; returns when to look again, None when there is nothing left to do."""
        self._raise_failures()
        if self._is_draining:
            return self._now + timedelta(seconds=1) if self.is_sending else None
        due: list[datetime] = []
        for take in list(self._board.values()):
            match next_action(take):
                case Fetch() as fetch:
                    self._start(f"fetch {take.slate}", self._fetch(take, fetch))
                case Inspect() as inspect:
                    self._start(f"inspect {take.slate}", self._inspect(take, inspect))
        due += self._start_timed("submit", self._submit_due(), self._submit)
        due += self._start_timed("ask", self._ask_due(), self._ask)
        if self._under_way:
            due.append(self._now + timedelta(seconds=60))  # each ends by itself and wakes the loop
        return min(due, default=None)

    def _start_timed(
        self, name: str, due: datetime | None, action: Callable[[], Coroutine[Any, Any, None]]
    ) -> list[datetime]:
        if due is None or name in self._under_way:
            return []
        if due > self._now:
            return [due]
        self._start(name, action())
        return []

    def _submit_due(self) -> datetime | None:
        waiting = self._waiting()
        if not waiting or self._stopped_by:
            return None
        not_before = [take.not_before for take in waiting[:1]] + [self._not_before]
        return max([at for at in not_before if at], default=self._now)

    def _ask_due(self) -> datetime | None:
        asked = [next_action(take) for take in self._asked()]
        since = [action.submitted_at for action in asked if isinstance(action, Ask)]
        if not since:
            return None
        terms, now = self.terms, self._now
        due = next_poll(
            now=now,
            last_poll=self._last_poll,
            submitted_at=since,
            calls=self.doors.ledger.calls_in(key_id=terms.key_id, since=now - terms.policy.window.span),
            submits_waiting=-(-len(self._waiting()) // terms.shots_per_request) if not self._stopped_by else 0,
            policy=terms.policy,
            chance=self._poll_chance,
        )
        return max(due, self._ask_not_before) if self._ask_not_before else due

    def _waiting(self) -> list[Take]:
        return [take for take in self._board.values() if isinstance(next_action(take), Submit)]

    def _asked(self) -> list[Take]:
        return [take for take in self._board.values() if isinstance(next_action(take), Ask)]

    # --- submit --------------------------------------------------------------------------------------------------

    async def _submit(self) -> None:
        takes = self._next_batch()
        requests = [self.doors.addresses.filled(take.request) for take in takes]
        armed_at = self._now
        request_id = self.doors.dice.nonce()
        armed = fold_all((take, self._armed(take, request_id, armed_at)) for take in takes)
        if not self._arm(armed, armed_at):
            return
        self._show(armed)
        orders = [
            ShotOrder(sent_id=take.sent_id or "", request=request)
            for (take, _), request in zip(armed, requests, strict=True)
        ]
        outcome = await self.doors.api.generate(
            orders,
            takes[0].request.resolution,
            connected=lambda: self._record([(take, Connected(at=self._now)) for take, _ in armed]),
        )
        self._settle([str(take.slate) for take in takes], outcome)

    def _arm(self, armed: Sequence[Change], at: datetime) -> bool:
        """Ask the ledger's leave to send. A refusal ends the submitting, not what is on its way."""
        terms = self.terms
        try:
            wait_until = self.doors.ledger.arm(
                armed, key_id=terms.key_id, cap=terms.cap, window=terms.policy.submit_window, now=at
            )
        except (MoneyError, FingerprintTakenError) as error:
            self._stop(error)
            return False
        self._not_before = wait_until
        return wait_until is None

    def _next_batch(self) -> list[Take]:
        """The next takes that share a request: of one resolution, in order."""
        waiting = self._waiting()
        alike = [take for take in waiting if take.request.resolution is waiting[0].request.resolution]
        return alike[: self.terms.shots_per_request]

    def _armed(self, take: Take, request_id: str, at: datetime) -> Armed:
        nonce = self.doors.dice.nonce()
        sent_id = f"{take.slate.shot}~tk{take.slate.number:02d}~{nonce}"
        credits_needed = CREDITS_A_SHOT[take.request.resolution]
        return Armed(at=at, nonce=nonce, sent_id=sent_id, request_id=request_id, credits=credits_needed)

    def _settle(self, slates: Sequence[str], outcome: GenerateOutcome) -> None:
        """Write down what a generate came to, and what follows for the next one."""
        now, not_before = self._now, self._now
        self._strikes = self._strikes + 1 if isinstance(outcome, Throttle) else 0
        self._unsent = self._unsent + 1 if isinstance(outcome, Unsent) else 0
        if isinstance(outcome, Throttle):
            chance, policy = self.doors.dice.jitter(), self.terms.policy
            self._not_before = not_before = throttled_until(now, outcome.retry_after, self._strikes, policy, chance)
        takes = [self._board[slate] for slate in slates]
        answer = None if isinstance(outcome, Unsent) else outcome.answer
        self._record(settle(takes, outcome, now=now, not_before=not_before), answer)
        if isinstance(outcome, Unsent):
            self._back_off_unsent(outcome.reason)
        if isinstance(outcome, Refuse) and outcome.code in HOPELESS:
            kind, todo = HOPELESS[outcome.code]
            self._stop(kind(f"the vendor refused with {outcome.code}: {outcome.message}. {todo}"))
        self._stop_at_doubts()

    def _stop_at_doubts(self) -> None:
        in_doubt = [take.slate for take in self._board.values() if take.state is State.UNKNOWN]
        if len(in_doubt) >= MAX_DOUBTS:
            told = f"{len(in_doubt)} answers are in doubt, so nothing more was submitted. Say what became of each"
            commands = "".join(f"\nstoryreel resolve {slate.project} {slate.name}" for slate in in_doubt)
            self._stop(AnswerInDoubtError(f"{told}:{commands}", [str(slate) for slate in in_doubt]))

    def _back_off_unsent(self, reason: str) -> None:
        policy = self.terms.policy
        if self._unsent >= policy.unsent_tries:
            self._stop(MachineError(f"the API cannot be reached ({reason}). Nothing was sent; run again when it can."))
            return
        wait = full_jitter(self._unsent, policy.unsent_base, policy.unsent_cap, self.doors.dice.jitter())
        self._not_before = self._now + wait

    # --- ask -----------------------------------------------------------------------------------------------------

    async def _ask(self) -> None:
        self._last_poll, self._poll_chance = self._now, self.doors.dice.jitter()
        asked = self._asked()
        for resolution in dict.fromkeys(take.request.resolution for take in asked):
            await self._ask_about([take for take in asked if take.request.resolution is resolution], resolution)

    async def _ask_about(self, takes: Sequence[Take], resolution: Resolution) -> None:
        """One check-status; a 404 for several tasks is asked again in halves, since one bad id may fail them all."""
        if self._is_draining:
            return
        now, terms = self._now, self.terms
        if wait_until := self.doors.ledger.note_call(key_id=terms.key_id, window=terms.policy.window, now=now):
            self._ask_not_before = wait_until
            return
        refs = [TaskRef(sent_id=take.sent_id or "", task_id=take.task_id or "") for take in takes]
        outcome = await self.doors.api.check_status(refs, resolution)
        match outcome:
            case Statuses():
                self._asks_failed, self._ask_not_before = 0, None
                for take in takes:
                    self._strangers.pop(str(take.slate), None)
                current = [self._board[str(take.slate)] for take in takes]
                given_up_after = terms.policy.url_given_up_after
                self._record(believe(current, outcome, now=self._now, given_up_after=given_up_after), outcome.answer)
            case NoTask() if len(takes) > 1:
                half = len(takes) // 2
                await self._ask_about(takes[:half], resolution)
                await self._ask_about(takes[half:], resolution)
            case NoTask():
                self._not_found(self._board[str(takes[0].slate)], outcome.answer)
            case NoStatus():
                self._back_off_ask(outcome)

    def _not_found(self, take: Take, answer: Answer) -> None:
        """One 404 may be a delay; so many in a row mean another key's task, or a taskId that was adopted wrong."""
        asks = self._strangers[str(take.slate)] = self._strangers.get(str(take.slate), 0) + 1
        if asks >= self.terms.policy.unknown_task_asks:
            reason = f"the vendor does not know the task {take.task_id} (asked {asks} times with this key)"
            self._record([(take, GoneFromHost(at=self._now, reason=reason))], answer)

    def _back_off_ask(self, outcome: NoStatus) -> None:
        policy, chance = self.terms.policy, self.doors.dice.jitter()
        self._asks_failed += 1
        log.warning(outcome.reason, extra={"action": "check_status_failed"})
        if outcome.is_throttle:
            until = throttled_until(self._now, outcome.retry_after, self._asks_failed, policy, chance)
        else:
            wait = full_jitter(self._asks_failed, policy.ask_base, policy.ask_cap, chance)
            until = self._now + max(wait, policy.poll_every)
        self._ask_not_before = until
        if outcome.is_refusal:
            self._end(UsageError("the key is not accepted any more. Nothing is lost; run again with a good one."))
        elif self._asks_failed >= policy.ask_tries:
            self._end(MachineError(f"the API gave no answer for long ({outcome.reason}). Nothing is lost; run again."))

    # --- fetch and inspect ---------------------------------------------------------------------------------------

    async def _fetch(self, take: Take, fetch: Fetch) -> None:
        try:
            came = await self.doors.store.download(fetch.url, take.slate, on_bytes=lambda _have, _whole: None)
        except (UrlExpiredError, DownloadError) as error:
            self._record([(take, self._no_download(take, str(error)))])
            return
        self._record([(take, Downloaded(at=self._now, sha256=came.sha256, size_bytes=came.size_bytes))])

    def _no_download(self, take: Take, reason: str) -> Event:
        since = take.url_failing_since
        if since and self._now - since > self.terms.policy.url_given_up_after:
            return GoneFromHost(
                at=self._now, reason=f"no address could be fetched since {since:%Y-%m-%d %H:%M}: {reason}"
            )
        return UrlExpired(at=self._now, reason=reason)

    async def _inspect(self, take: Take, inspect: Inspect) -> None:
        try:
            media = await self.doors.store.verify(inspect.sha256)
        except MediaError as error:
            is_last = take.bad_downloads + 1 >= self.terms.policy.bad_downloads
            kind = Spoiled if is_last else Undecodable
            self._record([(take, kind(at=self._now, reason=str(error)))])
            return
        self._record([(take, Verified(at=self._now, media=media))])
        self.add(await self.follow(self._board[str(take.slate)]))

    # --- the mechanism -------------------------------------------------------------------------------------------

    @property
    def _now(self) -> datetime:
        return self.doors.clock.now()

    def _record(self, events: Sequence[Change], answer: Answer | None = None) -> None:
        """Fold events into their takes and make both durable, together with the answer that they were read from."""
        if events:
            changes = fold_all(events)
            self.doors.ledger.append(changes, answer)
            self._show(changes)

    def _show(self, changes: Sequence[Change]) -> None:
        for take, event in changes:
            self._board[str(take.slate)] = take
            facts = {"action": event.kind, "slate": str(take.slate), "task_id": take.task_id}
            log.info("%s: %s", take.slate, take.state, extra=facts)
            self.watch(take, event)
        self._changed.set()

    def _stop(self, reason: StoryreelError) -> None:
        """Submit nothing more in this run; the first reason is the one that is told."""
        self._stopped_by = self._stopped_by or reason

    def _end(self, reason: StoryreelError) -> None:
        """Submit nothing more and ask nothing more."""
        self._stop(reason)
        self.drain()

    def _start(self, name: str, action: Coroutine[Any, Any, None]) -> None:
        if name in self._under_way:
            action.close()
            return
        task = asyncio.create_task(action, name=name)
        task.add_done_callback(lambda _task: self._changed.set())
        self._under_way[name] = task

    def _raise_failures(self) -> None:
        """Take the ended actions off the list; a failure ends the run, that of a generate before all others."""
        ended = sorted(
            (name for name, task in self._under_way.items() if task.done()), key=lambda name: name != "submit"
        )
        for task in [self._under_way.pop(name) for name in ended]:
            task.result()

    async def _wait(self, until: datetime) -> None:
        """Return when something changed or `until` has come."""
        waiting = asyncio.create_task(self._changed.wait())
        timer = asyncio.create_task(self.doors.clock.sleep(until - self._now))
        try:
            await asyncio.wait((waiting, timer), return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
            timer.cancel()
            self._changed.clear()

    async def _end_all(self) -> None:
        """Leave nothing running: a generate is waited for, everything else is stopped (it can be done again).

        What became of the generate is told whatever else ended the run: it may be all that is known of money.
        """
        submit = self._under_way.pop("submit", None)
        for task in self._under_way.values():
            task.cancel()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)
        self._under_way.clear()
        if submit is not None:
            await submit
