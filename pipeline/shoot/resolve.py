"""The user's word on a take that cannot go on by itself. Pure: which word fits which state, and what event it makes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from pipeline.errors import UsageError
from pipeline.model.answer import Answer
from pipeline.model.take import Abandoned, Adopted, Connected, Event, NotCharged, PaidAgain, Revived, State, Take
from pipeline.shoot.lifecycle import NEXT
from pipeline.shoot.policy import Policy


class Word(StrEnum):
    """What the user can say."""

    ADOPT = "adopt"
    NOT_CHARGED = "not-charged"
    PAY_AGAIN = "pay-again"
    ABANDON = "abandon"
    REVIVE = "revive"


_BARE: Final[dict[Word, type[NotCharged | PaidAgain | Abandoned | Revived]]] = {
    Word.NOT_CHARGED: NotCharged,
    Word.PAY_AGAIN: PaidAgain,
    Word.ABANDON: Abandoned,
    Word.REVIVE: Revived,
}
_EVENT_OF: Final[dict[Word, type[Event]]] = {Word.ADOPT: Adopted, **_BARE}


def words_for(take: Take) -> list[Word]:
    """The words that fit a take's state; none for a take that needs none."""
    return [
        word for word, event in _EVENT_OF.items() if (take.state, event) in NEXT and take.state is not State.VERIFIED
    ]


def event_for(take: Take, word: Word, task_id: str | None, *, now: datetime) -> Event:
    """The event that the user's word makes. Raises UsageError if it does not fit the take."""
    if word not in words_for(take):
        fitting = ", ".join(f"--{each}" for each in words_for(take)) or "nothing: it needs no word of yours"
        raise UsageError(f"{take.slate} is {take.state}; --{word} does not fit. What does: {fitting}.")
    if word is Word.ADOPT:
        if not task_id or not task_id.strip():
            raise UsageError("--adopt needs the taskId from the vendor's pages.")
        return Adopted(at=now, task_id=task_id.strip())
    return _BARE[word](at=now)


ALWAYS_OPEN: Final = frozenset({State.UNKNOWN, State.LOST, State.CORRUPT})
"""Ends behind which credits are that no clip came for."""


def needs_word(take: Take, taken: Sequence[Take]) -> bool:
    """Whether a take waits for the user's word: a failed or given-up one does as long as its shot has no later take.

    Args:
        taken: all takes of its project.
    """
    if take.state in ALWAYS_OPEN:
        return True
    later = [other for other in taken if other.slate.shot == take.slate.shot and other.slate.number > take.slate.number]
    return bool(words_for(take)) and all(other.state is State.WITHDRAWN for other in later)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A take with what is known of how it came to where it is.

    Attributes:
        name: what commands call it: its shot, or `shot/tkNN` if the shot has a later take.
        sent_at: when its request left, if it did.
        words_from: when the user's word on a lost answer is taken; None for now.
        answer: what came of an answer that was lost.
        together: the takes of its request, itself among them; empty if it was never sent.
    """

    take: Take
    name: str
    sent_at: datetime | None = None
    words_from: datetime | None = None
    answer: Answer | None = None
    together: tuple[Take, ...] = ()

    @property
    def credits_in_doubt(self) -> int:
        """Those of the whole request: one answer was to tell of all of it."""
        return sum(take.credits for take in self.together if take.state is State.UNKNOWN)

    @property
    def task_id(self) -> str | None:
        """The take's task, if what came of the lost answer names it."""
        if self.take.state is not State.UNKNOWN or self.answer is None:
            return None
        return find_task(self.answer.body, self.take.sent_id or "", is_alone=len(self.together) == 1)


def case_of(
    take: Take,
    taken: Sequence[Take],
    events: Sequence[Event],
    answer: Answer | None,
    *,
    now: datetime,
    policy: Policy,
) -> Case:
    """Args: taken: all takes of its project. events: all of the take's own."""
    sent = [event.at for event in events if isinstance(event, Connected)]
    last = max(other.slate.number for other in taken if other.slate.shot == take.slate.shot)
    is_in_doubt = take.state is State.UNKNOWN
    words_from = sent[-1] + policy.resolve_after if sent and is_in_doubt else now
    return Case(
        take=take,
        name=take.slate.shot if take.slate.number == last else take.slate.name,
        sent_at=sent[-1] if sent else None,
        words_from=words_from if words_from > now else None,
        answer=answer if is_in_doubt else None,
        together=tuple(other for other in taken if take.request_id and other.request_id == take.request_id),
    )


_TASK: Final = re.compile(r'"taskId"\s*:\s*"([A-Za-z0-9][\w.:-]{2,127})"', re.ASCII)
_SHOT: Final = re.compile(r'"shotId"\s*:\s*("(?:[^"\\]|\\.)*")')


def find_task(text: str, sent_id: str, *, is_alone: bool) -> str | None:
    """The task of a shot in what came of an answer, however it was cut.

    Args:
        is_alone: no other shot was in the request, so that a task without a name is this one's, too.
    """
    nameless = set()
    for piece in text.split("{"):
        task, shot = _TASK.search(piece.partition("}")[0]), _SHOT.search(piece.partition("}")[0])
        if task and shot and _unquoted(shot[1]) == sent_id:
            return task[1]
        if task and not shot:
            nameless.add(task[1])
    return nameless.pop() if is_alone and len(nameless) == 1 else None


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(text))
    except ValueError:
        return ""


def check_task_is_free(take: Take, task_id: str, takes: Iterable[Take]) -> None:
    """Raise UsageError if the task that is to be adopted is another take's: a slip of the pen, or the wrong line."""
    for other in takes:
        if other.task_id == task_id.strip() and other.slate != take.slate:
            raise UsageError(f"{task_id.strip()} is the task of {other.slate}; {take.slate} must be another one.")


def check_answer_is_over(case: Case, *, now: datetime) -> None:
    """Raise UsageError while the lost answer of a take in doubt may still do something on the vendor's side."""
    wait = case.words_from - now if case.words_from else timedelta(0)
    if wait > timedelta(0):
        raise UsageError(
            f"{case.take.slate} was sent only a moment ago, and the vendor may still be at work on it. "
            f"Look again in {round(wait.total_seconds()) + 1} s."
        )
