"""Asks how takes stand that are on the server: all of a resolution in one check-status, as often as calls allow.

The runs of a key share their questions: each asks about the open takes of all, lays the answer into the ledger, and
reads what another has laid there before it asks itself. So one question an interval does for a whole season. A look is
never more than one call, but for a 404, whose cause is looked for at once; `questions` says whose turn it is.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from pipeline.errors import MachineError, UsageError
from pipeline.model.answer import Answer, NoStatus, NoTask, Statuses, StatusOutcome, TaskRef
from pipeline.model.storyboard import Resolution
from pipeline.model.take import GoneFromHost, Take
from pipeline.shoot.board import Board
from pipeline.shoot.outcomes import Change, believe, given_up
from pipeline.shoot.policy import full_jitter, next_poll, throttled_until
from pipeline.shoot.questions import Question, Questions
from pipeline.shoot.waits import HOUR_IS_FULL, NEXT_QUESTION, THROTTLED, told_wait

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Asker:
    """The check-status calls of one run."""

    board: Board
    _questions: Questions = field(init=False)
    _last_look: datetime | None = field(init=False, default=None)
    _read_until: dict[Resolution, datetime] = field(init=False, default_factory=dict)  # newest answer that was read
    _look_chance: float = field(init=False, default=0.5)
    _not_before: datetime | None = field(init=False, default=None)  # nothing is asked before
    _asks_failed: int = field(init=False, default=0)  # in a row
    _has_told_hour: bool = field(init=False, default=False)
    _strangers: dict[str, int] = field(init=False, default_factory=dict)  # 404s in a row, by slate
    _calls_read_at: datetime | None = field(init=False, default=None)
    _calls_of_others: int = field(init=False, default=0)  # within the window then, less all that this run ever made

    def __post_init__(self) -> None:
        self._questions = Questions(self.board.terms.key_id, self.board.terms.policy)

    def due(self, *, submits_waiting: int) -> datetime | None:
        """When to look next; None if there is nothing to ask about."""
        since = self.board.asked_since()
        if since is None:
            return None
        terms, now = self.board.terms, self.board.now
        due = next_poll(
            now=now,
            last_poll=self._last_look,
            submitted_at=[min(at, now) for at in since],  # clocks have been wrong
            calls=self._calls_of_the_hour(now),
            submits_waiting=submits_waiting,
            policy=terms.policy,
            chance=self._look_chance,
        )
        return max(due, self._not_before) if self._not_before else due

    def _calls_of_the_hour(self, now: datetime) -> int:
        """Of the key; those of other runs may be missing for as long as polls are apart at the least."""
        terms, read_at = self.board.terms, self._calls_read_at
        if read_at is None or not timedelta(0) <= now - read_at < terms.policy.poll_every:
            made = self.board.doors.ledger.calls_in(key_id=terms.key_id, since=now - terms.policy.window.span)
            self._calls_read_at, self._calls_of_others = now, len(made) - self.board.calls_made
        return self._calls_of_others + self.board.calls_made

    async def ask(self) -> None:
        """Hear what other runs were answered; of what then is left, ask the question that was not asked for longest."""
        self._last_look, self._look_chance = self.board.now, self.board.doors.dice.jitter()
        asked = self._questions.about(self.board.asked())
        left = [question for question in asked if not self._hear_elsewhere(question)]
        if not left:
            return
        question = self._questions.next_of(left)
        if question.is_ours:
            await self._ask_about(question.takes, self._others(question))
        else:
            await self._ask_for_strangers(question.takes)

    def _hear_elsewhere(self, question: Question) -> bool:
        if heard := self._heard_elsewhere(question):
            self._questions.has_been_asked(question)
            self._hear(question.takes, heard)
        return heard is not None

    def _heard_elsewhere(self, question: Question) -> Statuses | None:
        """What another run was answered since this one last read, if it speaks of all that were on the server then.

        Takes that were sent later are no reason to ask again: the next look is for them, too.
        """
        terms, doors = self.board.terms, self.board.doors
        resolution = question.takes[0].request.resolution
        answer = doors.ledger.shared_answer(key_id=terms.key_id, resolution=resolution)
        read_until = self._read_until.get(resolution, self.board.now - terms.policy.poll_every)
        if answer is None or answer.at <= read_until:
            return None
        self._read_until[resolution] = answer.at
        heard = doors.api.read_status(answer, _refs(question.takes))
        known = [take for take in question.takes if (take.submitted_at or take.since) <= answer.at]
        return heard if known and isinstance(heard, Statuses) and len(heard.shots) == len(known) else None

    def _others(self, question: Question) -> list[Take]:
        """Open takes of other runs of the key that the same question can be about."""
        terms, policy = self.board.terms, self.board.terms.policy
        if not policy.one_question_for_all or question.part:
            return []
        since = self.board.now - policy.window.span  # older ones are nobody's any more
        open_takes = self.board.doors.ledger.asked_elsewhere(
            key_id=terms.key_id, but=list(self.board.takes), since=since
        )
        resolution, room = question.takes[0].request.resolution, policy.tasks_a_question - len(question.takes)
        alike = (take for take in open_takes if take.request.resolution is resolution and take.task_id)
        return list(islice(alike, room))

    async def _ask_about(self, takes: Sequence[Take], others: Sequence[Take] = ()) -> None:
        """One check-status; a 404 for several tasks is asked again in halves, since one bad id may fail them all."""
        match outcome := await self._call([*takes, *others]):
            case Statuses():
                self._share(outcome.answer, takes)
                self._hear(takes, outcome)
            case NoTask() if others:
                await self._ask_about(takes)
            case NoTask() if len(takes) > 1:
                for half in self._questions.part(takes):
                    await self._ask_about(half)
            case NoTask():
                self._not_found(takes, outcome.answer)
            case NoStatus():
                self._back_off(outcome)

    async def _ask_for_strangers(self, takes: Sequence[Take]) -> None:
        """Tasks of another key, in one check-status: a 404 is what is to be expected, and not looked into."""
        match outcome := await self._call(takes):
            case Statuses():
                self._hear(takes, outcome)
            case NoTask():
                self._not_found(takes, outcome.answer)
            case NoStatus():
                self._back_off(outcome)

    async def _call(self, takes: Sequence[Take]) -> StatusOutcome | None:
        """The outcome of one check-status; None if the hour has no call left for it, or the run is being ended."""
        if self.board.is_draining:
            return None
        now, terms, doors = self.board.now, self.board.terms, self.board.doors
        if terms.policy.every_call_counts:
            wait_until = doors.ledger.note_call(key_id=terms.key_id, window=terms.policy.window, now=now)
            if wait_until:
                self._not_before = wait_until
                self._tell_once(told_wait(HOUR_IS_FULL, NEXT_QUESTION, wait_until - now))
                return None
        self.board.calls_made += 1
        return await doors.api.check_status(_refs(takes), takes[0].request.resolution)

    def _share(self, answer: Answer, takes: Sequence[Take]) -> None:
        key_id, resolution = self.board.terms.key_id, takes[0].request.resolution
        self._read_until[resolution] = answer.at
        self.board.doors.ledger.share_answer(answer, key_id=key_id, resolution=resolution)

    def _tell_once(self, told: str | None) -> None:
        """Say that the hour is full, unless a request waits, too: then `submitter` says so."""
        if told and not self._has_told_hour and not self.board.waiting():
            self._has_told_hour = True
            self.board.tell(told)

    def _hear(self, takes: Sequence[Take], statuses: Statuses) -> None:
        self._asks_failed, self._not_before = 0, None
        self._questions.are_known(takes)
        for take in takes if self._strangers else ():
            self._strangers.pop(str(take.slate), None)
        current = [self.board.current(take) for take in takes]
        news = believe(current, statuses, now=self.board.now)
        told = {str(take.slate) for take, _ in news}
        silent = [take for take in current if str(take.slate) not in told]
        self.board.record([*news, *self._given_up(silent)], statuses.answer)

    def _given_up(self, silent: Iterable[Take]) -> Iterator[Change]:
        """Takes that have waited for a day, and of which this answer, too, brings no news."""
        for take in silent:
            tries = self.board.note_vain_try(take)
            if gone := given_up(take, tries, self.board.terms.policy, now=self.board.now):
                yield take, gone

    def _not_found(self, takes: Sequence[Take], answer: Answer) -> None:
        """One 404 may be a delay; so many in a row mean another key's task, or a taskId that was adopted wrong."""
        terms = self.board.terms
        for take in map(self.board.current, takes):
            asks = self._strangers[str(take.slate)] = self._strangers.get(str(take.slate), 0) + 1
            if asks >= terms.policy.unknown_task_asks:
                key = "this key" if take.key_id in (None, terms.key_id) else "this key; it was sent with another"
                reason = f"the vendor does not know the task {take.task_id} (asked {asks} times with {key})"
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


def _refs(takes: Sequence[Take]) -> list[TaskRef]:
    return [TaskRef(sent_id=take.sent_id or "", task_id=take.task_id or "") for take in takes]
