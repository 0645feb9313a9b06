"""The ledger on SQLite: what is appended is on the disk before the call returns.

Keeps the promises of `ports.Ledger`. Every method is one `BEGIN IMMEDIATE` transaction, so that what processes share
(the window of calls, one sender a key, the cap, Fingerprints in play) is decided by one at a time. A rollback journal
with `synchronous=EXTRA`: an event a second needs no more speed, and a power cut takes nothing that was promised.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import Connection, Engine, create_engine, delete, event, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from pipeline.errors import FingerprintTakenError, MachineError, MoneyError, ProjectBusyError
from pipeline.folders import make_folder
from pipeline.ledger.presence import Presence, be_present
from pipeline.ledger.recovery import Recovery
from pipeline.ledger.schema import SCHEMA_VERSION, answers, calls, events, metadata, shared, takes
from pipeline.model.answer import Answer
from pipeline.model.storyboard import Resolution
from pipeline.model.take import CHARGED, IN_PLAY, Connected, Event, Slate, State, Take
from pipeline.ports import CallWindow, Rescued

SENDER_GONE_AFTER: Final = timedelta(seconds=630)
"""A sender older than the longest that its own call may take (600 s) holds nobody up any more."""

KEPT_CALLS: Final = 10_000
"""The newest calls of all keys; a window looks at 90 of one. By number, since clocks have been wrong."""

IN_FLIGHT: Final = (State.ARMED, State.SENDING)
SENDER_BUSY_WAIT: Final = timedelta(milliseconds=50)

_event_adapter: TypeAdapter[Event] = TypeAdapter(Event)


class SqliteLedger:
    """`ports.Ledger` in the file at `path`, made with its folder if it is not there.

    Args:
        recovery_path: where an answer goes that the ledger could not take.

    Raises:
        MachineError: the file cannot be opened, or was written by a newer storyreel.
    """

    def __init__(self, path: Path, recovery_path: Path) -> None:
        self._path = path
        self._recovery = Recovery(recovery_path)
        self._presence: Presence | None = None
        self._known: dict[str, tuple[str, Take]] = {}  # each take's row as it was last read
        self._engine = _open_engine(path)
        with self._transaction() as connection:
            _ensure_schema(connection, path)

    def close(self) -> None:
        self._engine.dispose()
        self._presence = None
        self._known.clear()  # at once: thousands of takes, where the next run of this process reads them anew

    def takes(self, project: str | None = None) -> tuple[Take, ...]:
        query = select(takes.c.slate, takes.c.take).order_by(takes.c.slate)
        if project is not None:
            query = query.where(takes.c.project == project)
        return self._read_takes(query)

    def takes_named(self, slates: Collection[str]) -> tuple[Take, ...]:
        query = select(takes.c.slate, takes.c.take).where(takes.c.slate.in_(slates)).order_by(takes.c.slate)
        return self._read_takes(query)

    def events_of(self, slate: Slate) -> tuple[Event, ...]:
        """All that happened to a take, in order."""
        query = select(events.c.event).where(events.c.slate == str(slate)).order_by(events.c.seq)
        with self._transaction() as connection:
            return tuple(_event_adapter.validate_json(row) for row in connection.scalars(query))

    def lost_answer(self, slate: Slate) -> Answer | None:
        """What came of the answer that a take was last in doubt about, if anything did."""
        lost = select(events.c.answer).where(events.c.slate == str(slate), events.c.kind == "answer_lost")
        newest = lost.order_by(events.c.seq.desc()).limit(1).scalar_subquery()
        with self._transaction() as connection:
            row = connection.execute(select(answers).where(answers.c.seq == newest)).first()
        if row is None:
            return None
        return Answer(at=datetime.fromtimestamp(row.at, UTC), endpoint=row.endpoint, status=row.status, body=row.body)

    def open_take(self, take: Take) -> None:
        self.open_takes([take])

    def open_takes(self, new: Sequence[Take]) -> None:
        if not new:
            return
        rows = [
            {"slate": str(take.slate), "project": take.slate.project, "fingerprint": take.fingerprint, **_columns(take)}
            for take in new
        ]
        with self._transaction() as connection:
            slates = select(takes.c.slate).where(takes.c.slate.in_([row["slate"] for row in rows]))
            if known := connection.scalars(slates).all():
                raise ValueError(f"{', '.join(known)} is already in the ledger")
            connection.execute(insert(takes), rows)

    def append(self, changes: Sequence[tuple[Take, Event]], answer: Answer | None = None) -> None:
        if not changes and answer is None:
            return
        try:
            with self._transaction() as connection:
                _keep(connection, changes, answer)
        except MachineError as error:
            if answer is None:
                raise
            kept = self._recovery.save(changes, answer)
            raise MachineError(f"{error} The vendor's answer was saved: {kept}") from error

    def rescued(self) -> tuple[Rescued, ...]:
        try:
            return self._recovery.read()
        except OSError as error:
            raise MachineError(f"{self._recovery.path} cannot be read: {error.strerror}.") from error

    def arm(
        self, changes: Sequence[tuple[Take, Event]], *, key_id: str, cap: int | None, window: CallWindow, now: datetime
    ) -> datetime | None:
        presence = self._presence = be_present(self._path.with_name(f"{self._path.name}-runs"))
        with self._transaction() as connection:
            _refuse_requests_in_play(connection, [take for take, _ in changes])
            _refuse_over_cap(connection, [take for take, _ in changes], cap)
            if _someone_sends(connection, key_id, now, presence):
                return now + SENDER_BUSY_WAIT
            if wait := _take_call(connection, key_id, window, now, "generate"):
                return wait
            _keep(connection, changes, None)
            slates = [str(take.slate) for take, _ in changes]
            owned = update(takes).where(takes.c.slate.in_(slates)).values(key_id=key_id, owner=presence.mark)
            connection.execute(owned)
            return None

    def note_call(self, *, key_id: str, window: CallWindow, now: datetime) -> datetime | None:
        with self._transaction() as connection:
            return _take_call(connection, key_id, window, now, "check-status")

    def share_answer(self, answer: Answer, *, key_id: str, resolution: Resolution) -> None:
        row = {"key_id": key_id, "resolution": resolution, "answer": answer.model_dump_json()}
        with self._transaction() as connection:
            connection.execute(insert(shared).prefix_with("OR REPLACE").values(**row))

    def shared_answer(self, *, key_id: str, resolution: Resolution) -> Answer | None:
        query = select(shared.c.answer).where(shared.c.key_id == key_id, shared.c.resolution == resolution)
        with self._transaction() as connection:
            kept = connection.scalar(query)
        return Answer.model_validate_json(kept) if kept else None

    def asked_elsewhere(self, *, key_id: str, but: Collection[str], since: datetime) -> tuple[Take, ...]:
        query = select(takes.c.slate, takes.c.take).where(
            takes.c.key_id == key_id,
            takes.c.state.in_((State.SUBMITTED, State.PROCESSING)),
            takes.c.since >= since.timestamp(),
            takes.c.slate.not_in(but),
        )
        return self._read_takes(query)

    def calls_in(self, *, key_id: str, since: datetime) -> tuple[datetime, ...]:
        query = select(calls.c.at).where(calls.c.key_id == key_id, calls.c.at >= since.timestamp()).order_by(calls.c.at)
        with self._transaction() as connection:
            return tuple(datetime.fromtimestamp(at, UTC) for at in connection.scalars(query))

    def _read_takes(self, query: Any) -> tuple[Take, ...]:
        with self._transaction() as connection:
            return tuple(self._read(slate, text) for slate, text in connection.execute(query))

    def _read(self, slate: str, text: str) -> Take:
        """A take's row. A plan looks at all takes, and most have not changed since the one before."""
        known = self._known.get(slate)
        if known is None or known[0] != text:
            known = self._known[slate] = text, Take.model_validate_json(text)
        return known[1]

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise MachineError(
                f"the ledger {self._path} cannot be used: {error.orig}. Nothing was sent that it does not hold. "
                "Check the disk and its permissions, then run again."
            ) from error


def _open_engine(path: Path) -> Engine:
    try:
        make_folder(path.parent)
    except OSError as error:
        raise MachineError(f"the store {path.parent} cannot be made: {error.strerror}.") from error
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _configure(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say
    for pragma in ("journal_mode=DELETE", "synchronous=EXTRA", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _ensure_schema(connection: Connection, path: Path) -> None:
    version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if version > SCHEMA_VERSION:
        raise MachineError(f"the ledger {path} was written by a newer storyreel (schema {version}); use that one.")
    if version < SCHEMA_VERSION:
        metadata.create_all(connection)
        connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA_VERSION:d}")


def _columns(take: Take) -> dict[str, Any]:
    """The columns of a take's row that its events change."""
    since = take.since.timestamp()
    return {"state": take.state, "credits": take.credits, "since": since, "take": take.model_dump_json()}


def _keep(connection: Connection, changes: Sequence[tuple[Take, Event]], answer: Answer | None) -> None:
    answer_seq = None
    if answer is not None:
        row = {"endpoint": answer.endpoint, "status": answer.status, "body": answer.body}
        kept = connection.execute(insert(answers).values(at=answer.at.timestamp(), **row))
        answer_seq = kept.inserted_primary_key[0] if kept.inserted_primary_key else None
    for take, change in changes:
        slate = str(take.slate)
        if isinstance(change, Connected):
            _refuse_strange_arming(connection, take)
        row = {"slate": slate, "kind": change.kind, "event": change.model_dump_json()}
        connection.execute(insert(events).values(at=change.at.timestamp(), answer=answer_seq, **row))
        connection.execute(update(takes).where(takes.c.slate == slate).values(**_columns(take)))


def _refuse_requests_in_play(connection: Connection, armed: Sequence[Take]) -> None:
    """The take itself counts, too: another run of the project may have sent it since this one looked.

    A retake was asked for although an equal request has landed, so of it only the take itself counts.
    """
    for take in armed:
        query = select(takes.c.slate).where(
            takes.c.fingerprint == take.fingerprint, takes.c.state.in_([*IN_PLAY, State.VERIFIED])
        )
        if take.is_retake:
            query = query.where(takes.c.slate == str(take.slate))
        if other := connection.scalar(query):
            raise FingerprintTakenError(str(take.slate), other)


def _refuse_strange_arming(connection: Connection, sending: Take) -> None:
    """Before byte 1: the take is still armed, and by the run that is about to send it."""
    row = connection.execute(select(takes.c.take).where(takes.c.slate == str(sending.slate)))
    kept = Take.model_validate_json(row.scalar_one())
    if (kept.state, kept.nonce) != (State.ARMED, sending.nonce):
        raise ProjectBusyError(f"{sending.slate} was taken up by another run meanwhile; nothing was sent. Run again.")


def _refuse_over_cap(connection: Connection, armed: Sequence[Take], cap: int | None) -> None:
    if cap is None or not armed:
        return
    project = armed[0].slate.project
    query = select(func.sum(takes.c.credits)).where(
        takes.c.project == project,
        takes.c.state.in_(CHARGED),
        takes.c.slate.not_in([str(take.slate) for take in armed]),
    )
    spent, cost = connection.scalar(query) or 0, sum(take.credits for take in armed)
    if spent + cost > cap:
        raise MoneyError(
            f"{project} has {spent} credits spent or in play, the next request costs {cost}, and {cap} are allowed. "
            "Raise budget.max_credits in project.yaml, pass --max-credits, or agree to a new plan."
        )


def _someone_sends(connection: Connection, key_id: str, now: datetime, presence: Presence) -> bool:
    """Whether another process that still lives has a generate of this key under way."""
    query = select(takes.c.owner).where(
        takes.c.key_id == key_id,
        takes.c.state.in_(IN_FLIGHT),
        takes.c.since > (now - SENDER_GONE_AFTER).timestamp(),
    )
    return any(presence.sees(owner) for owner in connection.scalars(query))


def _take_call(
    connection: Connection, key_id: str, window: CallWindow, now: datetime, endpoint: str
) -> datetime | None:
    """Note a call if the window has room; else the instant from which it has, at most a window's span away.

    Calls that lie further ahead than that were noted by a clock that was wrong, and count no more.
    """
    earliest, latest = (now - window.span).timestamp(), (now + window.span).timestamp()
    query = (
        select(calls.c.at)
        .where(calls.c.key_id == key_id, calls.c.at > earliest, calls.c.at < latest)
        .order_by(calls.c.at.desc())
        .limit(window.calls)
    )
    recent = connection.scalars(query).all()
    if len(recent) >= window.calls:
        return min(datetime.fromtimestamp(recent[-1], UTC), now) + window.span
    noted = connection.execute(insert(calls).values(key_id=key_id, at=now.timestamp(), endpoint=endpoint))
    if noted.inserted_primary_key:
        connection.execute(delete(calls).where(calls.c.seq <= noted.inserted_primary_key[0] - KEPT_CALLS))
    return None
