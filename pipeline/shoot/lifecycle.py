"""What may happen to a take: one table, and the fold of an event into it.

Pure. Knows no clock, no network and no ledger: `runner` brings the events, `policy` the times. The rule behind the
table: a take leaves SENDING for PLANNED only on proof that it was not charged, and UNKNOWN only by the user's word.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from pipeline.errors import IllegalTransitionError
from pipeline.model.take import (
    Abandoned,
    Accepted,
    Adopted,
    AnswerLost,
    Armed,
    CameBack,
    Completed,
    Connected,
    Downloaded,
    Event,
    GenerationFailed,
    GoneFromHost,
    NotCharged,
    NothingSent,
    PaidAgain,
    Progressed,
    RateLimited,
    Rejected,
    Replanned,
    Revived,
    SentBack,
    Spoiled,
    State,
    Take,
    Undecodable,
    UrlExpired,
    Verified,
    Withdrawn,
)

WITHOUT_ITS_CLIP: Final = frozenset(
    {State.SUBMITTED, State.PROCESSING, State.SUCCEEDED, State.LOST, State.CORRUPT, State.FAILED}
)
"""Where a take may be, or end, that had landed and was asked for once more."""

NEXT: Final[dict[tuple[State, type[Event]], State]] = {
    (State.PLANNED, Armed): State.ARMED,
    (State.PLANNED, Withdrawn): State.WITHDRAWN,
    (State.REJECTED, Withdrawn): State.WITHDRAWN,
    (State.REJECTED, Replanned): State.PLANNED,  # nothing was charged: another run tries again
    (State.ARMED, Connected): State.SENDING,  # durable before byte 1
    (State.ARMED, NothingSent): State.PLANNED,
    (State.SENDING, NothingSent): State.PLANNED,
    (State.SENDING, RateLimited): State.PLANNED,
    (State.SENDING, SentBack): State.PLANNED,
    (State.SENDING, Rejected): State.REJECTED,
    (State.SENDING, Accepted): State.SUBMITTED,
    (State.SENDING, GenerationFailed): State.FAILED,
    (State.SENDING, AnswerLost): State.UNKNOWN,  # may have been charged
    (State.UNKNOWN, Adopted): State.SUBMITTED,
    (State.UNKNOWN, NotCharged): State.PLANNED,
    (State.UNKNOWN, PaidAgain): State.WRITTEN_OFF,
    (State.UNKNOWN, Abandoned): State.ABANDONED,
    (State.ABANDONED, PaidAgain): State.WRITTEN_OFF,
    (State.SUBMITTED, Progressed): State.PROCESSING,
    (State.SUBMITTED, Completed): State.SUCCEEDED,
    (State.SUBMITTED, GenerationFailed): State.FAILED,
    (State.SUBMITTED, GoneFromHost): State.LOST,
    (State.PROCESSING, Completed): State.SUCCEEDED,
    (State.PROCESSING, GenerationFailed): State.FAILED,
    (State.PROCESSING, GoneFromHost): State.LOST,
    (State.SUCCEEDED, UrlExpired): State.PROCESSING,  # asked again for a fresh address
    (State.SUCCEEDED, Downloaded): State.DOWNLOADED,
    (State.SUCCEEDED, GoneFromHost): State.LOST,
    (State.DOWNLOADED, Verified): State.VERIFIED,
    (State.DOWNLOADED, Undecodable): State.SUCCEEDED,  # fetched afresh
    (State.DOWNLOADED, Spoiled): State.CORRUPT,
    (State.VERIFIED, Revived): State.SUBMITTED,  # its file is gone from the store
    (State.LOST, Revived): State.SUBMITTED,
    (State.LOST, Adopted): State.SUBMITTED,  # the taskId that was adopted first had a slip of the pen
    (State.CORRUPT, Revived): State.SUBMITTED,
    **{(state, CameBack): State.VERIFIED for state in WITHOUT_ITS_CLIP},
    (State.FAILED, PaidAgain): State.WRITTEN_OFF,
    (State.LOST, PaidAgain): State.WRITTEN_OFF,
    (State.CORRUPT, PaidAgain): State.WRITTEN_OFF,
}


def advance(take: Take, event: Event) -> Take:
    """The take after `event`.

    Raises:
        IllegalTransitionError: the table has no such row, or a clip comes back that was never there.
    """
    state = NEXT.get((take.state, type(event)))
    if state is None or (isinstance(event, CameBack) and take.media is None):
        raise IllegalTransitionError(
            f"{take.slate}: nothing makes a take that is {take.state} take a {event.kind} event"
        )
    return take.model_copy(update={"state": state, "since": event.at, **_facts(take, event)})


def fold(take: Take, events: Iterable[Event]) -> Take:
    """A planned take after all its events."""
    for event in events:
        take = advance(take, event)
    return take


def _facts(take: Take, event: Event) -> dict[str, Any]:
    """The fields of a take that an event sets."""
    match event:
        case Armed():
            sent = {"nonce": event.nonce, "sent_id": event.sent_id, "request_id": event.request_id}
            return {**sent, "credits": event.credits, "key_id": event.key_id, "not_before": None, "trouble": None}
        case RateLimited():
            return {"not_before": event.not_before}
        case SentBack():
            return {"goes_alone": True, "trouble": event.reason}
        case Rejected():
            return {"trouble": f"{event.code}: {event.message}"}
        case NothingSent() | AnswerLost() | GenerationFailed() | GoneFromHost() | Spoiled():
            return {"trouble": event.reason}
        case Accepted() | Adopted():
            return {"task_id": event.task_id, "submitted_at": event.at, "trouble": None}
        case Completed():
            return {"url": event.url, "generation_seconds": event.generation_seconds}
        case UrlExpired():
            return {"trouble": event.reason, "url": None, "url_failing_since": take.url_failing_since or event.at}
        case Downloaded():
            return {"sha256": event.sha256, "size_bytes": event.size_bytes, "url_failing_since": None}
        case Undecodable():
            return {"trouble": event.reason, "bad_downloads": take.bad_downloads + 1}
        case Verified():
            return {"media": event.media, "trouble": None}
        case CameBack() if take.media:
            there = {"sha256": take.media.sha256, "size_bytes": take.media.size_bytes}
            return {"trouble": None, "url_failing_since": None, **there}
        case PaidAgain():
            came_back = {"credits": 0} if take.state is State.FAILED else {}
            return {"is_granted": event.by == "grant", **came_back}
        case Revived():
            return {"bad_downloads": 0, "url_failing_since": None, "submitted_at": event.at}
        case _:
            return {}
