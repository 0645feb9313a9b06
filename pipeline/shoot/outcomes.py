"""What an outcome of the vendor's calls means for the takes it was about: pure, from outcome to events.

Here is decided what counts as charged. A take that an answer does not speak of clearly is in doubt (generate) or stays
as it was (check-status).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from pipeline.model.answer import (
    Accept,
    Doubt,
    Fail,
    GenerateOutcome,
    Refuse,
    ShotStatus,
    Statuses,
    Throttle,
    Unsent,
)
from pipeline.model.take import (
    Accepted,
    AnswerLost,
    Completed,
    Event,
    GenerationFailed,
    GoneFromHost,
    NothingSent,
    Progressed,
    RateLimited,
    Rejected,
    SentBack,
    State,
    Take,
)
from pipeline.shoot.policy import Policy

Change = tuple[Take, Event]

HOPELESS: Final = frozenset({"LOGIN_REQUIRED", "INSUFFICIENT_CREDITS"})
"""Refusals that every other request would get, too: no shot's own fault."""


def settle(takes: Sequence[Take], outcome: GenerateOutcome, *, now: datetime, not_before: datetime) -> list[Change]:
    """An event for each take of a generate call.

    Args:
        not_before: when a throttled take may be sent again.
    """
    match outcome:
        case Accept():
            return [(take, _accepted(take, outcome, now)) for take in takes]
        case Refuse() if len(takes) > 1 and outcome.code not in HOPELESS:
            return [(take, SentBack(at=now, reason=f"{outcome.code}: {outcome.message}")) for take in takes]
        case Refuse():
            event: Event = Rejected(at=now, code=outcome.code, message=outcome.message)
        case Fail():
            event = GenerationFailed(at=now, reason=outcome.reason)
        case Throttle():
            event = RateLimited(at=now, not_before=not_before)
        case Unsent():
            event = NothingSent(at=now, reason=outcome.reason)
        case Doubt():
            event = AnswerLost(at=now, reason=outcome.reason)
    return [(take, event) for take in takes]


def _accepted(take: Take, outcome: Accept, now: datetime) -> Event:
    tasks = {task.sent_id: task.task_id for task in outcome.tasks}
    failed = dict(outcome.failed)
    sent_id = take.sent_id or ""
    if sent_id in tasks:
        return Accepted(at=now, task_id=tasks[sent_id])
    if sent_id in failed:
        return GenerationFailed(at=now, reason=failed[sent_id])
    return AnswerLost(at=now, reason="the answer does not name this shot")


def believe(takes: Sequence[Take], statuses: Statuses, *, now: datetime) -> list[Change]:
    """What changed according to a check-status; takes whose state it does not change are left out."""
    said = {shot.sent_id: shot for shot in statuses.shots}
    events = ((take, _heard(take, said.get(take.sent_id or ""), now)) for take in takes)
    return [(take, event) for take, event in events if event]


def given_up(take: Take, tries: int, policy: Policy, *, now: datetime) -> GoneFromHost | None:
    """A task counts as lost if no clip came for a day, and not for so many tries of one run.

    Args:
        tries: how often this run has asked, or fetched, in vain. For most of the day nobody may have done so.
    """
    since = take.url_failing_since or take.submitted_at or take.since
    if now - since <= policy.url_given_up_after or tries < policy.last_tries:
        return None
    trouble = f": {take.trouble}" if take.trouble else ""
    reason = f"no clip came since {since:%Y-%m-%d %H:%M}, asked {tries} times in this run{trouble}"
    return GoneFromHost(at=now, reason=reason)


def _heard(take: Take, shot: ShotStatus | None, now: datetime) -> Event | None:
    match shot:
        case ShotStatus(state="completed"):
            return Completed(at=now, url=shot.url or "", generation_seconds=shot.generation_seconds)
        case ShotStatus(state="failed") if take.media:
            return GoneFromHost(at=now, reason="its clip had landed, and the vendor says now that it failed")
        case ShotStatus(state="failed"):
            return GenerationFailed(at=now, reason=shot.reason or "no reason given")
        case ShotStatus(state="processing") if take.state is State.SUBMITTED:
            return Progressed(at=now)
        case _:
            return None
