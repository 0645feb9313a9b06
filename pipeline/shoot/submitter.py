"""Sends takes, one request at a time: what goes together, when, and what its outcome means for the next.

A take is armed in the ledger before the connection, and sending is durable before byte 1; see `lifecycle`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from pipeline.errors import (
    AnswerInDoubtError,
    FingerprintTakenError,
    MachineError,
    MoneyError,
    StoryreelError,
    UsageError,
)
from pipeline.model.answer import GenerateOutcome, Refuse, ShotOrder, Throttle, Unsent
from pipeline.model.take import Armed, Connected, Take
from pipeline.shoot.board import Board, fold_all
from pipeline.shoot.outcomes import HOPELESS, Change, settle
from pipeline.shoot.policy import CREDITS_A_SHOT, full_jitter, most_together, requests_wanted, throttled_until
from pipeline.shoot.waits import HOUR_IS_FULL, NEXT_REQUEST, THROTTLED, told_wait

ENDS_WITH: Final[dict[str, tuple[type[StoryreelError], str]]] = {
    "LOGIN_REQUIRED": (UsageError, "Check the key in NANOPHOTO_API_KEY and run again."),
    "INSUFFICIENT_CREDITS": (MoneyError, "Buy credits and run again: what has landed is not paid for again."),
}
"""What a run ends with after a refusal that every other request would get, too, and what to do."""

MAX_DOUBTS: Final = 2
"""So many takes of the project in doubt, and nothing more is submitted."""


@dataclass(slots=True)
class Submitter:
    """The generate calls of one run."""

    board: Board
    _not_before: datetime | None = field(init=False, default=None)  # nothing is sent before
    _strikes: int = field(init=False, default=0)  # 429s in a row
    _unsent: int = field(init=False, default=0)  # connections refused in a row
    _has_told_hour: bool = field(init=False, default=False)

    def due(self) -> datetime | None:
        """When the next request is to be sent; None if there is none, or the submitting has ended."""
        first, now = self.board.first_waiting(), self.board.now
        if first is None or self.board.stopped_by:
            return None
        pause = first.not_before if first.since <= now else None  # else it was noted by a clock that was wrong
        return max([at for at in (pause, self._not_before) if at], default=now)

    def requests_waiting(self) -> int:
        """How many requests still want a call of the window."""
        if self.board.stopped_by:
            return 0
        waiting = self.board.waiting()
        alone = sum(takes for alike, takes in waiting.items() if alike.goes_alone)
        together = {alike.resolution: takes for alike, takes in waiting.items() if not alike.goes_alone}
        return alone + requests_wanted(together, self.board.terms.shots_per_request)

    async def submit(self) -> None:
        """Send the next request."""
        doors, takes = self.board.doors, self._next_batch()
        requests = [doors.addresses.filled(take.request) for take in takes]
        armed_at, request_id = self.board.now, doors.dice.nonce()
        armed = fold_all((take, self._armed(take, request_id, armed_at)) for take in takes)
        if not self._arm(armed, armed_at):
            return
        self.board.show(armed)
        orders = [
            ShotOrder(sent_id=take.sent_id or "", request=request)
            for (take, _), request in zip(armed, requests, strict=True)
        ]
        outcome = await doors.api.generate(
            orders,
            takes[0].request.resolution,
            connected=lambda: self.board.record([(take, Connected(at=self.board.now)) for take, _ in armed]),
        )
        self._settle([self.board.current(take) for take in takes], outcome)

    def stop_at_doubts(self) -> None:
        """Nothing more is submitted once two shots are in doubt, however old that is, and be it by one answer."""
        in_doubt = [take.slate for take in self.board.in_doubt()]
        if len(in_doubt) >= MAX_DOUBTS:
            told = f"{len(in_doubt)} shots are in doubt, so nothing more was submitted. Say what became of each"
            live = self.board.terms.world.option
            commands = "".join(f"\nstoryreel resolve {slate.project} {slate.name}{live}" for slate in in_doubt)
            self.board.stop(AnswerInDoubtError(f"{told}:{commands}", [str(slate) for slate in in_doubt]))

    def _next_batch(self) -> list[Take]:
        """The next takes that share a request: of one resolution, in order; one that goes alone shares none."""
        first = self.board.first_waiting()
        if first is None:
            raise ValueError("nothing wants to be sent")
        together = most_together(first.request.resolution, self.board.terms.shots_per_request)
        return self.board.waiting_like(first, 1 if first.goes_alone else together)

    def _armed(self, take: Take, request_id: str, at: datetime) -> Armed:
        nonce = self.board.doors.dice.nonce()
        sent_id = f"{take.slate.shot}~tk{take.slate.number:02d}~{nonce}"
        credits_needed = CREDITS_A_SHOT[take.request.resolution]
        return Armed(
            at=at,
            nonce=nonce,
            sent_id=sent_id,
            request_id=request_id,
            credits=credits_needed,
            key_id=self.board.terms.key_id,
        )

    def _arm(self, armed: Sequence[Change], at: datetime) -> bool:
        """Ask the ledger's leave to send. A refusal for money's sake ends the submitting, not what is on its way."""
        terms = self.board.terms
        try:
            wait_until = self.board.doors.ledger.arm(
                armed, key_id=terms.key_id, cap=terms.cap, window=terms.policy.submit_window, now=at
            )
        except MoneyError as error:
            self.board.stop(error)
            return False
        except FingerprintTakenError as error:
            self.board.leave_out(error.slate, error)
            return False
        self._not_before = wait_until
        self.board.calls_made += wait_until is None
        if wait_until and not self._has_told_hour and (told := told_wait(HOUR_IS_FULL, NEXT_REQUEST, wait_until - at)):
            self._has_told_hour = True  # once a run: from now on one request after another waits like this
            self.board.tell(told)
        return wait_until is None

    def _settle(self, takes: Sequence[Take], outcome: GenerateOutcome) -> None:
        """Write down what a generate came to, and what follows for the next one."""
        now, not_before = self.board.now, self.board.now
        self._strikes = self._strikes + 1 if isinstance(outcome, Throttle) else 0
        self._unsent = self._unsent + 1 if isinstance(outcome, Unsent) else 0
        if isinstance(outcome, Throttle):
            chance, policy = self.board.doors.dice.jitter(), self.board.terms.policy
            self._not_before = not_before = throttled_until(now, outcome.retry_after, self._strikes, policy, chance)
            if told := told_wait(THROTTLED, NEXT_REQUEST, not_before - now):
                self.board.tell(told)
        answer = None if isinstance(outcome, Unsent) else outcome.answer
        self.board.record(settle(takes, outcome, now=now, not_before=not_before), answer)
        if isinstance(outcome, Unsent):
            self._back_off_unsent(outcome.reason)
        if isinstance(outcome, Refuse) and outcome.code in HOPELESS:
            kind, todo = ENDS_WITH[outcome.code]
            self.board.stop(kind(f"the vendor refused with {outcome.code}: {outcome.message}. {todo}"))
        self.stop_at_doubts()

    def _back_off_unsent(self, reason: str) -> None:
        policy = self.board.terms.policy
        if self._unsent >= policy.unsent_tries:
            told = f"the API cannot be reached ({reason}). The next request was not sent; run again when it can."
            self.board.stop(MachineError(told))
            return
        wait = full_jitter(self._unsent, policy.unsent_base, policy.unsent_cap, self.board.doors.dice.jitter())
        self._not_before = self.board.now + wait
