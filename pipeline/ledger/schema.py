"""The tables of the ledger. Events are the truth and only ever added; a row of `takes` is the fold of its events."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Float, Index, Integer, MetaData, String, Table

SCHEMA_VERSION: Final = 3
"""Kept in `PRAGMA user_version`; a file with a higher one is refused. 2 added `shared`; 3 changed indexes alone."""

OUTGROWN: Final = ("ix_takes_project", "takes_in_flight")
"""Indexes of earlier versions."""

metadata = MetaData()

takes = Table(
    "takes",
    metadata,
    Column("slate", String, primary_key=True),
    Column("project", String, nullable=False),
    Column("fingerprint", String, nullable=False, index=True),
    Column("state", String, nullable=False),
    Column("credits", Integer, nullable=False),
    Column("key_id", String),  # whose call it was armed for
    Column("owner", Integer),  # mark of the process that armed it, see `presence`
    Column("since", Float, nullable=False),  # POSIX seconds of the last event
    Column("take", String, nullable=False),  # model.take.Take as JSON
)

events = Table(
    "events",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("slate", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("at", Float, nullable=False),
    Column("event", String, nullable=False),  # model.take.Event as JSON
    Column("answer", Integer),  # the answer it was read from
)

answers = Table(
    "answers",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False),
    Column("endpoint", String, nullable=False),
    Column("status", Integer),
    Column("body", String, nullable=False),
)

shared = Table(  # one row a key and resolution: the newest answer to a check-status, for all runs of the key
    "shared",
    metadata,
    Column("key_id", String, primary_key=True),
    Column("resolution", String, primary_key=True),
    Column("answer", String, nullable=False),  # model.answer.Answer as JSON
)

calls = Table(
    "calls",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("key_id", String, nullable=False),
    Column("at", Float, nullable=False),
    Column("endpoint", String, nullable=False),
)
Index("calls_of_key", calls.c.key_id, calls.c.at)
Index("takes_of_project", takes.c.project, takes.c.state, takes.c.credits)  # the cap is read from it
Index("takes_of_key", takes.c.key_id, takes.c.state, takes.c.since, takes.c.slate)
