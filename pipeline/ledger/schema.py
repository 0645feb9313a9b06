"""The tables of the ledger. Events are the truth and only ever added; a row of `takes` is the fold of its events.

Instants are POSIX seconds; models are kept as their JSON.
"""

from __future__ import annotations

from typing import Final

SCHEMA_VERSION: Final = 3
"""Kept in `PRAGMA user_version`; a file with a higher one is refused. 2 added `shared`; 3 changed indexes alone."""

SCHEMA: Final = (
    """CREATE TABLE IF NOT EXISTS takes (
        slate       TEXT NOT NULL PRIMARY KEY,
        project     TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        state       TEXT NOT NULL,
        credits     INTEGER NOT NULL,
        key_id      TEXT,                         -- whose call it was armed for
        owner       INTEGER,                      -- mark of the process that armed it, see `presence`
        since       REAL NOT NULL,                -- the last event
        take        TEXT NOT NULL                 -- model.take.Take
    )""",
    """CREATE TABLE IF NOT EXISTS events (
        seq    INTEGER NOT NULL PRIMARY KEY,
        slate  TEXT NOT NULL,
        kind   TEXT NOT NULL,
        at     REAL NOT NULL,
        event  TEXT NOT NULL,                     -- model.take.Event
        answer INTEGER                            -- the one that it was read from
    )""",
    """CREATE TABLE IF NOT EXISTS answers (
        seq      INTEGER NOT NULL PRIMARY KEY,
        at       REAL NOT NULL,
        endpoint TEXT NOT NULL,
        status   INTEGER,
        body     TEXT NOT NULL
    )""",
    """CREATE TABLE IF NOT EXISTS shared (          -- the newest answer to a check-status, for all runs of the key
        key_id     TEXT NOT NULL,
        resolution TEXT NOT NULL,
        answer     TEXT NOT NULL,                 -- model.answer.Answer
        PRIMARY KEY (key_id, resolution)
    )""",
    """CREATE TABLE IF NOT EXISTS calls (
        seq      INTEGER NOT NULL PRIMARY KEY,
        key_id   TEXT NOT NULL,
        at       REAL NOT NULL,
        endpoint TEXT NOT NULL
    )""",
    "DROP INDEX IF EXISTS ix_takes_project",  # these two are of earlier versions
    "DROP INDEX IF EXISTS takes_in_flight",
    "CREATE INDEX IF NOT EXISTS ix_takes_fingerprint ON takes (fingerprint)",
    "CREATE INDEX IF NOT EXISTS takes_of_project ON takes (project, state, credits)",  # the cap is read from it
    "CREATE INDEX IF NOT EXISTS takes_of_key ON takes (key_id, state, since, slate)",
    "CREATE INDEX IF NOT EXISTS ix_events_slate ON events (slate)",
    "CREATE INDEX IF NOT EXISTS calls_of_key ON calls (key_id, at)",
    f"PRAGMA user_version = {SCHEMA_VERSION:d}",
)
"""What makes the tables in an empty file, and brings an older one up to this version."""
