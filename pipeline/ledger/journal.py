"""The ledger on SQLite: what is appended is on the disk before the call returns.

Keeps the promises of `ports.Ledger`. Every method is one `BEGIN IMMEDIATE` transaction, so that what processes share
(the window of calls, one sender a key, the cap, Fingerprints in play) is decided by one at a time; the threads of a
process take turns before that. A rollback journal with `synchronous=EXTRA`: an event a second needs no more speed, and
a power cut takes nothing that was promised.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from pipeline.digest import Fingerprint
from pipeline.errors import FingerprintTakenError, MachineError, MoneyError, ProjectBusyError
from pipeline.folders import make_folder
from pipeline.ledger import statements
from pipeline.ledger.presence import Presence, be_present
from pipeline.ledger.recovery import Recovery
from pipeline.ledger.schema import SCHEMA, SCHEMA_VERSION
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

BUSY_S: Final = 30.0
"""How long a transaction waits for another process's to end."""

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
        self._turn = Lock()
        self._database = self._open()
        with self._transaction() as database:
            _ensure_schema(database, path)

    def close(self) -> None:
        self._database.close()
        self._presence = None
        self._known.clear()  # at once: thousands of takes, where the next run of this process reads them anew

    def takes(self, project: str | None = None) -> tuple[Take, ...]:
        if project is None:
            return self._read_takes(statements.ALL_TAKES, [{}])
        return self._read_takes(statements.TAKES_OF_PROJECT, [{"project": project}])

    def takes_named(self, slates: Collection[str]) -> tuple[Take, ...]:
        return self._read_takes(statements.TAKE_NAMED, [{"slate": slate} for slate in sorted(set(slates))])

    def events_of(self, slate: Slate) -> tuple[Event, ...]:
        """All that happened to a take, in order."""
        with self._transaction() as database:
            rows = database.execute(statements.EVENTS_OF, {"slate": str(slate)})
            return tuple(_event_adapter.validate_json(text) for (text,) in rows)

    def lost_answer(self, slate: Slate) -> Answer | None:
        """What came of the answer that a take was last in doubt about, if anything did."""
        with self._transaction() as database:
            row = database.execute(statements.LOST_ANSWER, {"slate": str(slate)}).fetchone()
        if row is None:
            return None
        at, endpoint, status, body = row
        return Answer(at=datetime.fromtimestamp(at, UTC), endpoint=endpoint, status=status, body=body)

    def open_take(self, take: Take) -> None:
        self.open_takes([take])

    def open_takes(self, new: Sequence[Take]) -> None:
        if not new:
            return
        rows = [_take_row(take) for take in new]
        with self._transaction() as database:
            if known := [slate for slate, _ in _each(database, statements.TAKE_NAMED, rows)]:
                raise ValueError(f"{', '.join(known)} is already in the ledger")
            database.executemany(statements.OPEN_TAKE, rows)

    def append(self, changes: Sequence[tuple[Take, Event]], answer: Answer | None = None) -> None:
        if not changes and answer is None:
            return
        try:
            with self._transaction() as database:
                _keep(database, changes, answer)
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
        with self._transaction() as database:
            _refuse_twins([take for take, _ in changes])
            _refuse_what_is_paid_for(database, [take for take, _ in changes])
            _refuse_over_cap(database, [take for take, _ in changes], cap)
            if _someone_sends(database, key_id, now, presence):
                return now + SENDER_BUSY_WAIT
            if wait := _take_call(database, key_id, window, now, "generate"):
                return wait
            _keep(database, changes, None)
            owned = [{"key_id": key_id, "owner": presence.mark, "slate": str(take.slate)} for take, _ in changes]
            database.executemany(statements.OWN_TAKE, owned)
            return None

    def note_call(self, *, key_id: str, window: Window, now: datetime) -> datetime | None:
        with self._transaction() as database:
            return _take_call(database, key_id, window, now, "check-status")

    def share_answer(self, answer: Answer, *, key_id: str, resolution: Resolution) -> None:
        row = {"key_id": key_id, "resolution": resolution, "answer": answer.model_dump_json()}
        with self._transaction() as database:
            database.execute(statements.SHARE_ANSWER, row)

    def shared_answer(self, *, key_id: str, resolution: Resolution) -> Answer | None:
        asked = {"key_id": key_id, "resolution": resolution}
        with self._transaction() as database:
            kept = database.execute(statements.SHARED_ANSWER, asked).fetchone()
        return Answer.model_validate_json(kept[0]) if kept else None

    def asked_elsewhere(self, *, key_id: str, but: Collection[str], since: datetime) -> tuple[Take, ...]:
        asked = {"key_id": key_id, "since": since.timestamp()}
        with self._transaction() as database:  # by their slates first: most are the asking run's own
            on_server = database.execute(statements.SLATES_ON_SERVER, asked)
            others = {slate for (slate,) in on_server}.difference(but)
        return self.takes_named(others) if others else ()

    def calls_in(self, *, key_id: str, since: datetime) -> tuple[datetime, ...]:
        with self._transaction() as database:
            made = database.execute(statements.CALLS_SINCE, {"key_id": key_id, "since": since.timestamp()})
            return tuple(datetime.fromtimestamp(at, UTC) for (at,) in made)

    def _read_takes(self, query: str, asked: Iterable[dict[str, str]]) -> tuple[Take, ...]:
        with self._transaction() as database, closing(_each(database, query, asked)) as rows:
            return tuple(self._read(slate, text) for slate, text in rows)

    def _read(self, slate: str, text: str) -> Take:
        """A take's row. A plan looks at all takes, and most have not changed since the one before."""
        known = self._known.get(slate)
        if known is None or known[0] != text:
            known = self._known[slate] = text, self._take_of(slate, text)
        return known[1]

    def _take_of(self, slate: str, text: str) -> Take:
        try:
            return Take.model_validate_json(text)
        except ValidationError as error:
            raise MachineError(
                f"the ledger {self._path} holds {slate} in words that this storyreel does not know: most likely "
                "another version wrote it. Use that one, and leave the file as it is, since it knows what was paid."
            ) from error

    def _open(self) -> sqlite3.Connection:
        try:
            make_folder(self._path.parent)
        except OSError as error:
            raise MachineError(f"the store {self._path.parent} cannot be made: {error.strerror}.") from error
        with self._errors():
            database = sqlite3.connect(self._path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
            for pragma in ("journal_mode = DELETE", "synchronous = EXTRA"):
                database.execute(f"PRAGMA {pragma}").close()
            return database

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._turn, self._errors():
            try:
                self._database.execute("BEGIN IMMEDIATE")
                yield self._database
                self._database.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # it may not have begun, or a failing disk has ended it
                    self._database.execute("ROLLBACK")
                raise

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise MachineError(
                f"the ledger {self._path} cannot be used: {error}. Nothing was sent that it does not hold. "
                "Check the disk and its permissions, then run again."
            ) from error


def _ensure_schema(database: sqlite3.Connection, path: Path) -> None:
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA_VERSION:
        raise MachineError(f"the ledger {path} was written by a newer storyreel (schema {version}); use that one.")
    if version < SCHEMA_VERSION:
        for statement in SCHEMA:
            database.execute(statement)


def _each(database: sqlite3.Connection, query: str, asked: Iterable[dict[str, Any]]) -> Generator[Any, None, None]:
    """The rows of a query that is asked for one thing after the other."""
    for values in asked:
        yield from database.execute(query, values)


def _take_row(take: Take) -> dict[str, Any]:
    return {
        "slate": str(take.slate),
        "project": take.slate.project,
        "fingerprint": take.fingerprint,
        "state": take.state,
        "credits": take.credits,
        "since": take.since.timestamp(),
        "take": take.model_dump_json(),
    }


def _keep(database: sqlite3.Connection, changes: Sequence[tuple[Take, Event]], answer: Answer | None) -> None:
    """Write events, the takes that they lead to, and the answer that they were read from."""
    answer_seq = None
    if answer is not None:
        row = {"at": answer.at.timestamp(), "endpoint": answer.endpoint, "status": answer.status, "body": answer.body}
        answer_seq = database.execute(statements.KEEP_ANSWER, row).lastrowid
    if sending := [take for take, change in changes if isinstance(change, Connected)]:
        _refuse_strange_arming(database, sending)
    database.executemany(statements.KEEP_EVENT, [_event_row(take, change, answer_seq) for take, change in changes])
    database.executemany(statements.CHANGE_TAKE, [_take_row(take) for take, _ in changes])


def _event_row(take: Take, change: Event, answer_seq: int | None) -> dict[str, Any]:
    at, text = change.at.timestamp(), change.model_dump_json()
    return {"slate": str(take.slate), "kind": change.kind, "at": at, "event": text, "answer": answer_seq}


def _refuse_what_is_paid_for(database: sqlite3.Connection, armed: Sequence[Take]) -> None:
    """The take itself counts, too: another run of the project may have sent it since this one looked.

    A retake was asked for although an equal request has landed, so of it only the take itself counts.
    """
    for take in armed:
        for (other,) in database.execute(statements.PAID_FOR_AS, {"fingerprint": take.fingerprint}):
            if not take.is_retake or other == str(take.slate):
                raise FingerprintTakenError(str(take.slate), other)


def _refuse_twins(armed: Sequence[Take]) -> None:
    """Two of one call that ask for the same would be paid for twice."""
    firsts: dict[Fingerprint, str] = {}
    for take in armed:
        slate = str(take.slate)
        if not take.is_retake and (first := firsts.setdefault(take.fingerprint, slate)) != slate:
            raise FingerprintTakenError(slate, first)


def _refuse_strange_arming(database: sqlite3.Connection, sending: Sequence[Take]) -> None:
    """Before byte 1: the takes are still armed, and by the run that is about to send them."""
    for take in sending:
        _, text = database.execute(statements.TAKE_NAMED, {"slate": str(take.slate)}).fetchone()
        known = Take.model_validate_json(text)
        if (known.state, known.nonce) != (State.ARMED, take.nonce):
            raise ProjectBusyError(f"{take.slate} was taken up by another run meanwhile; nothing was sent. Run again.")


def _refuse_over_cap(database: sqlite3.Connection, armed: Sequence[Take], cap: int | None) -> None:
    if cap is None or not armed:
        return
    project, cost = armed[0].slate.project, sum(take.credits for take in armed)
    (spent,) = database.execute(statements.CREDITS_CHARGED, {"project": project}).fetchone()
    if spent + cost > cap:
        raise MoneyError(
            f"{project} has {spent} credits spent or in play, the next request costs {cost}, and {cap} are allowed, by "
            "max_credits or by the plan that this run began with. Raise budget.max_credits in project.yaml, pass "
            "--max-credits, or run again for a new plan."
        )


def _someone_sends(database: sqlite3.Connection, key_id: str, now: datetime, presence: Presence) -> bool:
    """Whether another process that still lives has a generate of this key under way."""
    senders = {"key_id": key_id, "since": (now - SENDER_GONE_AFTER).timestamp()}
    return any(presence.sees(owner) for (owner,) in database.execute(statements.SENDERS, senders))


def _take_call(
    database: sqlite3.Connection, key_id: str, window: Window, now: datetime, endpoint: str
) -> datetime | None:
    """Note a call if the window has room; else the instant from which it has, at most a window's span away.

    Calls that lie further ahead than that were noted by a clock that was wrong, and count no more.
    """
    earliest, latest = (now - window.span).timestamp(), (now + window.span).timestamp()
    asked = {"key_id": key_id, "earliest": earliest, "latest": latest, "most": window.calls + window.polls}
    newest_first = database.execute(statements.NEWEST_CALLS, asked).fetchall()
    if len(newest_first) >= window.calls and (wait := room_from(_made(newest_first, now), window)):
        return wait
    call = {"key_id": key_id, "at": now.timestamp(), "endpoint": endpoint}
    seq = database.execute(statements.NOTE_CALL, call).lastrowid or 0
    database.execute(statements.FORGET_CALLS, {"last": seq - KEPT_CALLS})
    return None


def _made(newest_first: Sequence[Any], now: datetime) -> list[tuple[datetime, bool]]:
    """Oldest first, and whether each was a poll."""
    return [(min(datetime.fromtimestamp(at, UTC), now), door == "check-status") for at, door in reversed(newest_first)]
