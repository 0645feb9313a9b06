"""What the sandbox remembers: keys with their credits, calls, tasks and charges, in one SQLite file.

Every public method is one transaction, so money and tasks are never told apart by a crash. A key is known by the first
8 hex digits of its SHA-256 and never stored itself. Used from one thread at a time.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, Final, Literal

from pipeline.sandbox.contract import Shot

State = Literal["processing", "completed", "failed"]

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS secrets (secret BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS keys    (key TEXT PRIMARY KEY, credits INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS calls   (key TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tasks (
    n            INTEGER PRIMARY KEY,            -- order of acceptance
    task_id      TEXT NOT NULL UNIQUE,
    batch        TEXT NOT NULL,                  -- the generate call: its shots are made one after another
    key          TEXT NOT NULL,
    shot         TEXT NOT NULL,                  -- contract.Shot as JSON
    request      TEXT NOT NULL,
    nth_request  INTEGER NOT NULL,               -- how many other requests were seen before this one
    nth_take     INTEGER NOT NULL,               -- how often this request was accepted before
    generation_s INTEGER NOT NULL,
    due_at       TEXT NOT NULL,
    state        TEXT NOT NULL DEFAULT 'processing',
    doom         TEXT                            -- why it will fail when its time is over
);
CREATE TABLE IF NOT EXISTS charges (
    n       INTEGER PRIMARY KEY,
    at      TEXT NOT NULL,
    kind    TEXT NOT NULL,
    task_id TEXT NOT NULL REFERENCES tasks (task_id),
    UNIQUE (task_id, kind)                       -- charged once, refunded once
);
CREATE TABLE IF NOT EXISTS held_refunds (        -- of tasks that fail, or have failed, and are not refunded at once
    task_id TEXT PRIMARY KEY REFERENCES tasks (task_id),
    wait_s  REAL,                                -- from the failure on; NULL: never
    due_at  TEXT                                 -- NULL: not failed yet, or never
);
CREATE INDEX IF NOT EXISTS calls_by_key ON calls (key, at);
CREATE INDEX IF NOT EXISTS tasks_by_request ON tasks (request, nth_take);
CREATE INDEX IF NOT EXISTS tasks_by_nth_request ON tasks (nth_request);
CREATE INDEX IF NOT EXISTS tasks_by_due ON tasks (state, due_at);
"""

_CHARGES: Final = """
SELECT charges.n, charges.at, tasks.key, charges.kind, tasks.shot, tasks.task_id, tasks.request
FROM charges JOIN tasks USING (task_id) WHERE charges.n > ? ORDER BY charges.n
"""


_NEXT_DUE: Final = """
SELECT min(due_at) FROM (SELECT due_at FROM tasks WHERE state = 'processing' UNION ALL SELECT due_at FROM held_refunds)
"""
_NEVER: Final = "~"  # sorts behind all instants

_DUE_BATCHES: Final = "SELECT batch FROM tasks WHERE state = 'processing' AND due_at <= ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One accepted shot on its way to a clip."""

    task_id: str
    batch: str
    key: str
    shot: Shot
    nth_request: int
    nth_take: int
    generation_s: int  # what the vendor would need, unscaled
    due_at: datetime
    state: State
    doom: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A line of the charge log."""

    n: int
    at: datetime
    key: str
    kind: Literal["charge", "refund"]
    shot: Shot
    task_id: str
    request: str

    def to_entry(self) -> dict[str, object]:
        return {
            "at": to_text(self.at),
            "key": self.key,
            "kind": self.kind,
            "shotId": self.shot.shot_id,
            "taskId": self.task_id,
            "credits": self.shot.credits,
            "request": self.request,
        }


@dataclass(frozen=True, slots=True)
class Order:
    """A shot to accept, with what was decided about it beforehand."""

    shot: Shot
    generation_s: int
    due_at: datetime
    doom: str | None = None
    refund_wait: timedelta | None = timedelta()  # from the failure to the refund; None: never


def key_name(key: str) -> str:
    """How a key is called in every file: the first 8 hex digits of its SHA-256."""
    return hashlib.sha256(key.encode()).hexdigest()[:8]


class Vault:
    """The memory of one sandbox. `key` is always a `key_name`."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA synchronous = OFF")  # a killed process loses nothing; a power cut may
        self._db.execute("PRAGMA journal_mode = TRUNCATE")  # 4 times as fast as making and deleting it each time
        self._db.executescript(_TABLES)
        self._quiet_until = ""  # nothing comes due before that; empty while it is not known
        self.last_charge = int(self._one("SELECT coalesce(max(n), 0) FROM charges"))  # or one taken back

    def close(self) -> None:
        self._db.close()

    def secret(self) -> bytes:
        """32 bytes that this sandbox keeps to itself, made once."""
        with self._transaction():
            row = self._db.execute("SELECT secret FROM secrets").fetchone()
            if row is None:
                row = (secrets.token_bytes(32),)
                self._db.execute("INSERT INTO secrets VALUES (?)", row)
        return bytes(row[0])

    def note_call(self, key: str, *, now: datetime, window: timedelta) -> int:
        """Count a call, and say how many there were in the `window` that ends now, this one included."""
        since = to_text(now - window)
        with self._transaction():
            self._db.execute("DELETE FROM calls WHERE key = ? AND at <= ?", (key, since))
            self._db.execute("INSERT INTO calls VALUES (?, ?)", (key, to_text(now)))
            return int(self._db.execute("SELECT count(*) FROM calls WHERE key = ?", (key,)).fetchone()[0])

    def accept(self, key: str, orders: Sequence[Order], *, now: datetime, opening_credits: int) -> tuple[Task, ...]:
        """Charge for all orders and make their tasks. Empty if the key cannot pay: then nothing has changed."""
        cost = sum(order.shot.credits for order in orders)
        with self._transaction():
            self._db.execute("INSERT OR IGNORE INTO keys VALUES (?, ?)", (key, opening_credits))
            paid = self._db.execute(
                "UPDATE keys SET credits = credits - ? WHERE key = ? AND credits >= ?", (cost, key, cost)
            )
            if paid.rowcount == 0:
                return ()
            batch, self._quiet_until = secrets.token_hex(8), ""
            return tuple(self._accept_one(key, batch, order, now) for order in orders)

    def find(self, key: str, task_ids: Iterable[str]) -> tuple[Task, ...] | None:
        """The key's own tasks in the order asked for, or None if one of them is unknown or another key's."""
        query = "SELECT * FROM tasks WHERE task_id = ? AND key = ?"
        rows = [self._db.execute(query, (task_id, key)).fetchone() for task_id in task_ids]
        return None if None in rows else tuple(map(_to_task, rows))

    def accepted_at(self, task_id: str) -> datetime | None:
        """When the task was charged for; None if there is no such task."""
        query = "SELECT at FROM charges WHERE task_id = ? AND kind = 'charge'"
        row = self._db.execute(query, (task_id,)).fetchone()
        return None if row is None else datetime.fromisoformat(row["at"])

    def shot_id(self, task_id: str) -> str | None:
        """What the client called the task's shot; None if there is no such task."""
        row = self._db.execute("SELECT shot FROM tasks WHERE task_id = ?", (task_id,)).fetchone()
        return None if row is None else _to_shot(row["shot"]).shot_id

    def unfinished(self) -> tuple[Task, ...]:
        """All tasks in processing, in order of acceptance."""
        return tuple(map(_to_task, self._db.execute("SELECT * FROM tasks WHERE state = 'processing' ORDER BY n")))

    def doom(self, task_id: str, reason: str) -> None:
        """Let a task fail once its time is over."""
        with self._transaction():
            self._db.execute("UPDATE tasks SET doom = ? WHERE task_id = ? AND doom IS NULL", (reason, task_id))

    def settle(self, *, now: datetime, has_clip: Callable[[Task], bool]) -> None:
        """End every task whose time has come, and give back the credits of those that failed."""
        if to_text(now) < self._quiet_until:
            return
        endings = tuple(endings_of(self._unfinished_of_due_batches(now), now=now, has_clip=has_clip))
        held = self._db.execute("SELECT task_id FROM held_refunds WHERE due_at <= ?", (to_text(now),)).fetchall()
        if not endings and not held:
            self._quiet_until = self._one(_NEXT_DUE) or _NEVER
            return
        with self._transaction():
            for (task_id,) in held:
                self._db.execute("DELETE FROM held_refunds WHERE task_id = ?", (task_id,))
                self._refund(task_id, now)
            for task, state in endings:
                self._db.execute("UPDATE tasks SET state = ? WHERE task_id = ?", (state, task.task_id))
                if state == "failed" and not self._hold_refund(task.task_id, now):
                    self._refund(task.task_id, now)

    def charges(self, *, after: int = 0) -> tuple[Charge, ...]:
        """The lines of the charge log behind line `after`, oldest first."""
        return tuple(map(_to_charge, self._db.execute(_CHARGES, (after,))))

    def _accept_one(self, key: str, batch: str, order: Order, now: datetime) -> Task:
        request = order.shot.request_hash
        values = {
            "task_id": f"task_{secrets.token_hex(12)}",
            "batch": batch,
            "key": key,
            "shot": json.dumps(asdict(order.shot)),
            "request": request,
            "nth_request": self._nth_request(request),
            "nth_take": self._one("SELECT coalesce(max(nth_take) + 1, 0) FROM tasks WHERE request = ?", request),
            "generation_s": order.generation_s,
            "due_at": to_text(order.due_at),
            "doom": order.doom,
        }
        names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
        self._db.execute(f"INSERT INTO tasks ({names}) VALUES ({marks})", values)  # noqa: S608 - our own column names
        if order.refund_wait != timedelta():
            wait_s = None if order.refund_wait is None else order.refund_wait.total_seconds()
            self._db.execute("INSERT INTO held_refunds VALUES (?, ?, NULL)", (values["task_id"], wait_s))
        self._book("charge", str(values["task_id"]), now)
        return _to_task(self._db.execute("SELECT * FROM tasks WHERE task_id = :task_id", values).fetchone())

    def _unfinished_of_due_batches(self, now: datetime) -> Iterator[Task]:
        """Enough of `unfinished` to tell which tasks end by now."""
        query = f"SELECT * FROM tasks WHERE state = 'processing' AND batch IN ({_DUE_BATCHES}) ORDER BY n"  # noqa: S608
        return map(_to_task, self._db.execute(query, (to_text(now),)).fetchall())

    def _hold_refund(self, task_id: str, now: datetime) -> bool:
        """Whether the refund of a task that fails now has to wait; then note until when."""
        row = self._db.execute("SELECT wait_s FROM held_refunds WHERE task_id = ?", (task_id,)).fetchone()
        if row is not None and row["wait_s"] is not None:
            due_at = to_text(now + timedelta(seconds=row["wait_s"]))
            self._db.execute("UPDATE held_refunds SET due_at = ? WHERE task_id = ?", (due_at, task_id))
        return row is not None

    def _refund(self, task_id: str, now: datetime) -> None:
        task = _to_task(self._db.execute("SELECT * FROM tasks WHERE task_id = ?", (task_id,)).fetchone())
        self._book("refund", task_id, now)
        self._db.execute("UPDATE keys SET credits = credits + ? WHERE key = ?", (task.shot.credits, task.key))

    def _nth_request(self, request: str) -> int:
        earlier = self._one("SELECT min(nth_request) FROM tasks WHERE request = ?", request)
        return int(self._one("SELECT coalesce(max(nth_request) + 1, 0) FROM tasks") if earlier is None else earlier)

    def _one(self, query: str, *values: object) -> Any:
        return self._db.execute(query, values).fetchone()[0]

    def _book(self, kind: str, task_id: str, now: datetime) -> None:
        query = "INSERT INTO charges (at, kind, task_id) VALUES (?, ?, ?)"
        self.last_charge = int(self._db.execute(query, (to_text(now), kind, task_id)).lastrowid or 0)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def endings_of(
    tasks: Iterable[Task], *, now: datetime, has_clip: Callable[[Task], bool]
) -> Iterator[tuple[Task, State]]:
    """Which of the unfinished tasks end now, and how; `tasks` in order of acceptance.

    The shots of one call end in their order: the first that is not ready holds back those behind it.
    """
    for _, batch in groupby(tasks, key=lambda task: task.batch):
        for task in batch:
            if task.due_at > now:
                break
            if task.doom is not None:
                yield task, "failed"
            elif has_clip(task):
                yield task, "completed"
            else:
                break


def to_text(at: datetime) -> str:
    """An instant in UTC as text of fixed width, so that it sorts as the instants do."""
    return at.isoformat(timespec="microseconds")


def _to_task(row: sqlite3.Row) -> Task:
    return Task(
        task_id=row["task_id"],
        batch=row["batch"],
        key=row["key"],
        shot=_to_shot(row["shot"]),
        nth_request=row["nth_request"],
        nth_take=row["nth_take"],
        generation_s=row["generation_s"],
        due_at=datetime.fromisoformat(row["due_at"]),
        state=row["state"],
        doom=row["doom"],
    )


def _to_charge(row: sqlite3.Row) -> Charge:
    return Charge(
        n=row["n"],
        at=datetime.fromisoformat(row["at"]),
        key=row["key"],
        kind=row["kind"],
        shot=_to_shot(row["shot"]),
        task_id=row["task_id"],
        request=row["request"],
    )


def _to_shot(text: str) -> Shot:
    fields = json.loads(text)
    return Shot(**{**fields, "image_urls": tuple(fields["image_urls"])})
