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
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from pipeline.errors import FingerprintTakenError, MachineError, MoneyError, ProjectBusyError
from pipeline.folders import make_folder
from pipeline.ledger import statements
from pipeline.ledger.presence import Presence, be_present
from pipeline.ledger.recovery import Recovery
from pipeline.ledger.schema import OUTGROWN, SCHEMA_VERSION, metadata
from pipeline.model.answer import Answer
from pipeline.model.storyboard import Resolution
from pipeline.model.take import Connected, Event, Slate, State, Take
from pipeline.ports import Rescued
from pipeline.shoot.policy import Window, room_from

SENDER_GONE_AFTER: Final = timedelta(seconds=630)
"""A sender older than the longest that its own call may take (600 s) holds nobody up any more."""

KEPT_CALLS: Final = 10_000
"""The newest calls of all keys; a window looks at 90 of one. By number, since clocks have been wrong."""

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
        if project is None:
            return self._read_takes(statements.ALL_TAKES)
        return self._read_takes(statements.TAKES_OF_PROJECT, project=project)

    def takes_named(self, slates: Collection[str]) -> tuple[Take, ...]:
        return self._read_takes(statements.TAKES_NAMED, slates=list(slates))

    def events_of(self, slate: Slate) -> tuple[Event, ...]:
        """All that happened to a take, in order."""
        with self._transaction() as connection:
            rows = connection.scalars(statements.EVENTS_OF, {"of": str(slate)})
            return tuple(_event_adapter.validate_json(row) for row in rows)

    def lost_answer(self, slate: Slate) -> Answer | None:
        """What came of the answer that a take was last in doubt about, if anything did."""
        with self._transaction() as connection:
            row = connection.execute(statements.LOST_ANSWER, {"of": str(slate)}).first()
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
            if known := connection.scalars(statements.SLATES_NAMED, {"slates": [row["slate"] for row in rows]}).all():
                raise ValueError(f"{', '.join(known)} is already in the ledger")
            connection.execute(statements.OPEN_TAKE, rows)

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
        self, changes: Sequence[tuple[Take, Event]], *, key_id: str, cap: int | None, window: Window, now: datetime
    ) -> datetime | None:
        presence = self._presence = be_present(self._path.with_name(f"{self._path.name}-runs"))
        with self._transaction() as connection:
            _refuse_requests_in_play(connection, [take for take, _ in changes])
            _refuse_over_cap(connection, [take for take, _ in changes], cap)
            if _someone_sends(connection, key_id, now, presence):
                return now + SENDER_BUSY_WAIT
            if wait := _take_call(connection, key_id, window, now, "generate"):
                return wait
            _keep(connection, changes, None, key_id=key_id, owner=presence.mark)
            return None

    def note_call(self, *, key_id: str, window: Window, now: datetime) -> datetime | None:
        with self._transaction() as connection:
            return _take_call(connection, key_id, window, now, "check-status")

    def share_answer(self, answer: Answer, *, key_id: str, resolution: Resolution) -> None:
        row = {"key_id": key_id, "resolution": resolution, "answer": answer.model_dump_json()}
        with self._transaction() as connection:
            connection.execute(statements.SHARE_ANSWER, row)

    def shared_answer(self, *, key_id: str, resolution: Resolution) -> Answer | None:
        with self._transaction() as connection:
            kept = connection.scalar(statements.SHARED_ANSWER, {"key_id": key_id, "resolution": resolution})
        return Answer.model_validate_json(kept) if kept else None

    def asked_elsewhere(self, *, key_id: str, but: Collection[str], since: datetime) -> tuple[Take, ...]:
        with self._transaction() as connection:  # by their slates first: most are the asking run's own
            on_server = connection.scalars(statements.SLATES_ON_SERVER, {"key_id": key_id, "since": since.timestamp()})
            others = set(on_server).difference(but)
        return self.takes_named(others) if others else ()

    def calls_in(self, *, key_id: str, since: datetime) -> tuple[datetime, ...]:
        with self._transaction() as connection:
            made = connection.scalars(statements.CALLS_SINCE, {"key_id": key_id, "since": since.timestamp()})
            return tuple(datetime.fromtimestamp(at, UTC) for at in made)

    def _read_takes(self, query: Any, **asked: object) -> tuple[Take, ...]:
        with self._transaction() as connection:
            return tuple(self._read(slate, text) for slate, text in connection.execute(query, asked))

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
        for name in OUTGROWN:
            connection.exec_driver_sql(f"DROP INDEX IF EXISTS {name}")
        for index in [index for table in metadata.sorted_tables for index in table.indexes]:
            index.create(connection, checkfirst=True)
        connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA_VERSION:d}")


def _columns(take: Take) -> dict[str, Any]:
    """The columns of a take's row that its events change."""
    since = take.since.timestamp()
    return {"state": take.state, "credits": take.credits, "since": since, "take": take.model_dump_json()}


def _keep(
    connection: Connection, changes: Sequence[tuple[Take, Event]], answer: Answer | None, **owned: str | int
) -> None:
    """Write events, the takes that they lead to, and the answer that they were read from."""
    answer_seq = None
    if answer is not None:
        row = {"at": answer.at.timestamp(), "endpoint": answer.endpoint, "status": answer.status, "body": answer.body}
        kept = connection.execute(statements.KEEP_ANSWER, row)
        answer_seq = kept.inserted_primary_key[0] if kept.inserted_primary_key else None
    if sending := [take for take, change in changes if isinstance(change, Connected)]:
        _refuse_strange_arming(connection, sending)
    if changes:
        connection.execute(statements.KEEP_EVENT, [_event_row(take, change, answer_seq) for take, change in changes])
        rows = [{"of": str(take.slate), **_columns(take), **owned} for take, _ in changes]
        connection.execute(statements.CHANGE_TAKE, rows)


def _event_row(take: Take, change: Event, answer_seq: int | None) -> dict[str, Any]:
    at, text = change.at.timestamp(), change.model_dump_json()
    return {"slate": str(take.slate), "kind": change.kind, "at": at, "event": text, "answer": answer_seq}


def _refuse_requests_in_play(connection: Connection, armed: Sequence[Take]) -> None:
    """The take itself counts, too: another run of the project may have sent it since this one looked.

    A retake was asked for although an equal request has landed, so of it only the take itself counts.
    """
    fingerprints = [take.fingerprint for take in armed]
    in_play = connection.execute(statements.REQUESTS_IN_PLAY, {"fingerprints": fingerprints}).all()
    for take in armed:
        for fingerprint, other in in_play:
            if fingerprint == take.fingerprint and (not take.is_retake or other == str(take.slate)):
                raise FingerprintTakenError(str(take.slate), other)


def _refuse_strange_arming(connection: Connection, sending: Sequence[Take]) -> None:
    """Before byte 1: the takes are still armed, and by the run that is about to send them."""
    slates = [str(take.slate) for take in sending]
    kept = {slate: text for slate, text in connection.execute(statements.TAKES_NAMED, {"slates": slates})}  # noqa: C416
    for take in sending:
        known = Take.model_validate_json(kept[str(take.slate)])
        if (known.state, known.nonce) != (State.ARMED, take.nonce):
            raise ProjectBusyError(f"{take.slate} was taken up by another run meanwhile; nothing was sent. Run again.")


def _refuse_over_cap(connection: Connection, armed: Sequence[Take], cap: int | None) -> None:
    if cap is None or not armed:
        return
    project = armed[0].slate.project
    spent, cost = (
        connection.scalar(statements.CREDITS_CHARGED, {"project": project}) or 0,
        sum(t.credits for t in armed),
    )
    if spent + cost > cap:
        raise MoneyError(
            f"{project} has {spent} credits spent or in play, the next request costs {cost}, and {cap} are allowed. "
            "Raise budget.max_credits in project.yaml, pass --max-credits, or agree to a new plan."
        )


def _someone_sends(connection: Connection, key_id: str, now: datetime, presence: Presence) -> bool:
    """Whether another process that still lives has a generate of this key under way."""
    senders = {"key_id": key_id, "since": (now - SENDER_GONE_AFTER).timestamp()}
    return any(presence.sees(owner) for owner in connection.scalars(statements.SENDERS, senders))


def _take_call(connection: Connection, key_id: str, window: Window, now: datetime, endpoint: str) -> datetime | None:
    """Note a call if the window has room; else the instant from which it has, at most a window's span away.

    Calls that lie further ahead than that were noted by a clock that was wrong, and count no more.
    """
    earliest, latest = (now - window.span).timestamp(), (now + window.span).timestamp()
    asked = {"key_id": key_id, "earliest": earliest, "latest": latest, "most": window.calls + window.polls}
    newest_first = connection.execute(statements.NEWEST_CALLS, asked).all()
    if len(newest_first) >= window.calls and (wait := room_from(_made(newest_first, now), window)):
        return wait
    noted = connection.execute(statements.NOTE_CALL, {"key_id": key_id, "at": now.timestamp(), "endpoint": endpoint})
    if noted.inserted_primary_key:
        connection.execute(statements.FORGET_CALLS, {"last": noted.inserted_primary_key[0] - KEPT_CALLS})
    return None


def _made(newest_first: Sequence[Any], now: datetime) -> list[tuple[datetime, bool]]:
    """Oldest first, and whether each was a poll."""
    return [(min(datetime.fromtimestamp(at, UTC), now), door == "check-status") for at, door in reversed(newest_first)]
