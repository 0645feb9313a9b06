"""All that the ledger says to SQLite. Built once: to build a statement takes five times as long as to carry it out.

What is left open has a name, `:so`. Lists of states never change and are written out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, literal_column, select, update

from pipeline.ledger.schema import answers, calls, events, shared, takes
from pipeline.model.take import CHARGED, IN_PLAY, State

ON_SERVER: Final = (State.SUBMITTED, State.PROCESSING)
IN_FLIGHT: Final = (State.ARMED, State.SENDING)


def _is_one_of(states: Iterable[State]) -> ColumnElement[bool]:
    return takes.c.state.in_([literal_column(f"'{state}'") for state in sorted(states)])


def _any_of(name: str) -> Any:
    return bindparam(name, expanding=True)


ALL_TAKES: Final = select(takes.c.slate, takes.c.take).order_by(takes.c.slate)
TAKES_OF_PROJECT: Final = ALL_TAKES.where(takes.c.project == bindparam("project"))
TAKES_NAMED: Final = ALL_TAKES.where(takes.c.slate.in_(_any_of("slates")))
SLATES_NAMED: Final = select(takes.c.slate).where(takes.c.slate.in_(_any_of("slates")))
SLATES_ON_SERVER: Final = select(takes.c.slate).where(
    takes.c.key_id == bindparam("key_id"), _is_one_of(ON_SERVER), takes.c.since >= bindparam("since")
)
REQUESTS_IN_PLAY: Final = select(takes.c.fingerprint, takes.c.slate).where(
    takes.c.fingerprint.in_(_any_of("fingerprints")), _is_one_of([*IN_PLAY, State.VERIFIED])
)
CREDITS_CHARGED: Final = select(func.sum(takes.c.credits)).where(
    takes.c.project == bindparam("project"), _is_one_of(CHARGED)
)
SENDERS: Final = select(takes.c.owner).where(
    takes.c.key_id == bindparam("key_id"), _is_one_of(IN_FLIGHT), takes.c.since > bindparam("since")
)
OPEN_TAKE: Final = insert(takes)
CHANGE_TAKE: Final = update(takes).where(takes.c.slate == bindparam("of"))

EVENTS_OF: Final = select(events.c.event).where(events.c.slate == bindparam("of")).order_by(events.c.seq)
KEEP_EVENT: Final = insert(events)
KEEP_ANSWER: Final = insert(answers)
LOST_ANSWER: Final = select(answers).where(
    answers.c.seq
    == select(events.c.answer)
    .where(events.c.slate == bindparam("of"), events.c.kind == "answer_lost")
    .order_by(events.c.seq.desc())
    .limit(1)
    .scalar_subquery()
)

SHARE_ANSWER: Final = insert(shared).prefix_with("OR REPLACE")
SHARED_ANSWER: Final = select(shared.c.answer).where(
    shared.c.key_id == bindparam("key_id"), shared.c.resolution == bindparam("resolution")
)

CALLS_SINCE: Final = (
    select(calls.c.at)
    .where(calls.c.key_id == bindparam("key_id"), calls.c.at >= bindparam("since"))
    .order_by(calls.c.at)
)
NEWEST_CALLS: Final = (
    select(calls.c.at, calls.c.endpoint)
    .where(calls.c.key_id == bindparam("key_id"), calls.c.at > bindparam("earliest"), calls.c.at < bindparam("latest"))
    .order_by(calls.c.at.desc())
    .limit(bindparam("most"))
)
NOTE_CALL: Final = insert(calls)
FORGET_CALLS: Final = delete(calls).where(calls.c.seq <= bindparam("last"))
