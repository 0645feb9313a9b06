"""All that the ledger says to SQLite. What is left open has a name, `:so`; lists of states never change."""

# ruff: noqa: S608 - only names of states are written into a statement

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pipeline.model.take import CHARGED, PAID_FOR, State


def _one_of(states: Iterable[State]) -> str:
    return "state IN ({})".format(", ".join(f"'{state}'" for state in sorted(states)))


_ON_SERVER: Final = _one_of((State.SUBMITTED, State.PROCESSING))
_IN_FLIGHT: Final = _one_of((State.ARMED, State.SENDING))

ALL_TAKES: Final = "SELECT slate, take FROM takes ORDER BY slate"
TAKES_OF_PROJECT: Final = "SELECT slate, take FROM takes WHERE project = :project ORDER BY slate"
TAKE_NAMED: Final = "SELECT slate, take FROM takes WHERE slate = :slate"
SLATES_ON_SERVER: Final = f"SELECT slate FROM takes WHERE key_id = :key_id AND {_ON_SERVER} AND since >= :since"
PAID_FOR_AS: Final = f"SELECT slate FROM takes WHERE fingerprint = :fingerprint AND {_one_of(PAID_FOR)}"
CREDITS_CHARGED: Final = f"SELECT coalesce(sum(credits), 0) FROM takes WHERE project = :project AND {_one_of(CHARGED)}"
SENDERS: Final = f"SELECT owner FROM takes WHERE key_id = :key_id AND {_IN_FLIGHT} AND since > :since"
OPEN_TAKE: Final = """
INSERT INTO takes (slate, project, fingerprint, state, credits, since, take)
VALUES (:slate, :project, :fingerprint, :state, :credits, :since, :take)
"""
CHANGE_TAKE: Final = (
    "UPDATE takes SET state = :state, credits = :credits, since = :since, take = :take WHERE slate = :slate"
)
OWN_TAKE: Final = "UPDATE takes SET key_id = :key_id, owner = :owner WHERE slate = :slate"

EVENTS_OF: Final = "SELECT event FROM events WHERE slate = :slate ORDER BY seq"
KEEP_EVENT: Final = "INSERT INTO events (slate, kind, at, event, answer) VALUES (:slate, :kind, :at, :event, :answer)"
KEEP_ANSWER: Final = "INSERT INTO answers (at, endpoint, status, body) VALUES (:at, :endpoint, :status, :body)"
LOST_ANSWER: Final = """
SELECT at, endpoint, status, body FROM answers WHERE seq = (
    SELECT answer FROM events WHERE slate = :slate AND kind = 'answer_lost' ORDER BY seq DESC LIMIT 1
)
"""

SHARE_ANSWER: Final = "INSERT OR REPLACE INTO shared VALUES (:key_id, :resolution, :answer)"
SHARED_ANSWER: Final = "SELECT answer FROM shared WHERE key_id = :key_id AND resolution = :resolution"

CALLS_SINCE: Final = "SELECT at FROM calls WHERE key_id = :key_id AND at >= :since ORDER BY at"
NEWEST_CALLS: Final = """
SELECT at, endpoint FROM calls WHERE key_id = :key_id AND at > :earliest AND at < :latest ORDER BY at DESC LIMIT :most
"""
NOTE_CALL: Final = "INSERT INTO calls (key_id, at, endpoint) VALUES (:key_id, :at, :endpoint)"
FORGET_CALLS: Final = "DELETE FROM calls WHERE seq <= :last"
