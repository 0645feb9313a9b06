"""Asks how takes stand that are on the server: all of a resolution in one check-status, as often as calls allow."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.errors import MachineError, UsageError
from pipeline.model.answer import Answer, NoStatus, NoTask, Statuses, TaskRef
from pipeline.model.storyboard import Resolution
from pipeline.model.take import GoneFromHost, Take
from pipeline.shoot.board import Board
from pipeline.shoot.outcomes import believe
from pipeline.shoot.policy import full_jitter, next_poll, throttled_until
from pipeline.shoot.waits import HOUR_IS_FULL, NEXT_QUESTION, THROTTLED, told_wait

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Asker:
    """The check-status calls of one run."""

    board: Board
    _last_poll: datetime | None = field(init=False, default=None)
    _poll_chance: float = field(init=False, default=0.5)
    _not_before: datetime | None = field(init=False, default=None)  # nothing is asked before
    _asks_failed: int = field(init=False, default=0)  # in a row
    _has_told_hour: bool = field(init=False, default=False)
    _strangers: dict[str, int] = field(init=False, default_factory=dict)  # 404s in a row, by slate

    def due(self, *, submits_waiting: int) -> datetime | None:
        """When to ask next; None if there is nothing to ask about."""
        asked = self.board.asked()
        if not asked:
            return None
        terms, now = self.board.terms, self.board.now
        due = next_poll(
            now=now,
            last_poll=self._last_poll,
            submitted_at=[take.submitted_at or take.since for take in asked],
            calls=self.board.doors.ledger.calls_in(key_id=terms.key_id, since=now - terms.policy.window.span),
            submits_waiting=submits_waiting,
            policy=terms.policy,
            chance=self._poll_chance,
        )
        return max(due, self._not_before) if self._not_before else due

    async def ask(self) -> None:
        """Ask about all takes on the server."""
        self._last_poll, self._poll_chance = self.board.now, self.board.doors.dice.jitter()
        asked = self.board.asked()
        for resolution in dict.fromkeys(take.request.resolution for take in asked):
            await self._ask_about([take for take in asked if take.request.resolution is resolution], resolution)

    async def _ask_about(self, takes: Sequence[Take], resolution: Resolution) -> None:
        """One check-status; a 404 for several tasks is asked again in halves, since one bad id may fail them all."""
        if self.board.is_draining:
            return
        now, terms, doors = self.board.now, self.board.terms, self.board.doors
        if wait_until := doors.ledger.note_call(key_id=terms.key_id, window=terms.policy.window, now=now):
            self._not_before = wait_until
            self._tell_once(told_wait(HOUR_IS_FULL, NEXT_QUESTION, wait_until - now))
            return
        refs = [TaskRef(sent_id=take.sent_id or "", task_id=take.task_id or "") for take in takes]
        outcome = await doors.api.check_status(refs, resolution)
        match outcome:
            case Statuses():
                self._hear(takes, outcome)
            case NoTask() if len(takes) > 1:
                half = len(takes) // 2
                await self._ask_about(takes[:half], resolution)
                await self._ask_about(takes[half:], resolution)
            case NoTask():
                self._not_found(self.board.current(takes[0]), outcome.answer)
            case NoStatus():
                self._back_off(outcome)

    def _tell_once(self, told: str | None) -> None:
        """Say that the hour is full, unless a request waits, too: then `submitter` says so."""
        if told and not self._has_told_hour and not self.board.waiting():
            self._has_told_hour = True
            self.board.tell(told)

    def _hear(self, takes: Sequence[Take], statuses: Statuses) -> None:
        self._asks_failed, self._not_before = 0, None
        for take in takes:
            self._strangers.pop(str(take.slate), None)
        current = [self.board.current(take) for take in takes]
        given_up_after = self.board.terms.policy.url_given_up_after
        self.board.record(
            believe(current, statuses, now=self.board.now, given_up_after=given_up_after), statuses.answer
        )

    def _not_found(self, take: Take, answer: Answer) -> None:
        """One 404 may be a delay; so many in a row mean another key's task, or a taskId that was adopted wrong."""
        asks = self._strangers[str(take.slate)] = self._strangers.get(str(take.slate), 0) + 1
        if asks >= self.board.terms.policy.unknown_task_asks:
            reason = f"the vendor does not know the task {take.task_id} (asked {asks} times with this key)"
            self.board.record([(take, GoneFromHost(at=self.board.now, reason=reason))], answer)

    def _back_off(self, outcome: NoStatus) -> None:
        policy, chance, now = self.board.terms.policy, self.board.doors.dice.jitter(), self.board.now
        self._asks_failed += 1
        log.warning(outcome.reason, extra={"action": "check_status_failed"})
        if outcome.is_throttle:
            self._not_before = throttled_until(now, outcome.retry_after, self._asks_failed, policy, chance)
            if told := told_wait(THROTTLED, NEXT_QUESTION, self._not_before - now):
                self.board.tell(told)
        else:
            wait = full_jitter(self._asks_failed, policy.ask_base, policy.ask_cap, chance)
            self._not_before = now + max(wait, policy.poll_every)
        if outcome.is_refusal:
            self.board.end(UsageError("the key is not accepted any more. Nothing is lost; run again with a good one."))
        elif self._asks_failed >= policy.ask_tries:
            told_end = f"the API gave no answer for long ({outcome.reason}). Nothing is lost; run again."
            self.board.end(MachineError(told_end))
