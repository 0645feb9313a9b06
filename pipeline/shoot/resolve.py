"""The user's word on a take that cannot go on by itself. Pure: which word fits which state, and what event it makes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from pipeline.errors import UsageError
from pipeline.model.take import Abandoned, Adopted, Connected, Event, NotCharged, PaidAgain, Revived, State, Take
from pipeline.shoot.lifecycle import NEXT
from pipeline.shoot.policy import Policy


class Word(StrEnum):
    """What the user can say; `MEANING` says it in full."""

    ADOPT = "adopt"
    NOT_CHARGED = "not-charged"
    PAY_AGAIN = "pay-again"
    ABANDON = "abandon"
    REVIVE = "revive"


MEANING: Final = {
    Word.ADOPT: "the task is there: give its taskId, and the next render fetches its clip for nothing more",
    Word.NOT_CHARGED: "it is not there and nothing was charged: the next render shoots the shot",
    Word.PAY_AGAIN: "leave that take as it is and let the next render pay for a new one",
    Word.ABANDON: "give the shot up: it is not shot again until you say --pay-again",
    Word.REVIVE: "ask for the clip once more and fetch it; costs nothing",
}


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


def check_answer_is_over(take: Take, events: Sequence[Event], *, now: datetime, policy: Policy) -> None:
    """Raise UsageError while the lost answer of a take in doubt may still do something on the vendor's side."""
    sent = [event.at for event in events if isinstance(event, Connected)]
    if take.state is not State.UNKNOWN or not sent:
        return
    wait = sent[-1] + policy.resolve_after - now
    if wait.total_seconds() > 0:
        raise UsageError(
            f"{take.slate} was sent only a moment ago, and the vendor may still be at work on it. "
            f"Look again in {round(wait.total_seconds()) + 1} s."
        )
