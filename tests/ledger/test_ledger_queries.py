"""What the ledger asks of SQLite while a season is shot: by an index, however much it holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from builders import NOON, a_take, after
from sqlalchemy import Engine, event

from pipeline.ledger.journal import KEPT_CALLS, SqliteLedger
from pipeline.model.storyboard import Resolution
from pipeline.model.take import Armed, Connected, State
from pipeline.shoot.lifecycle import advance
from pipeline.shoot.policy import Window

TAKE: Final = a_take()
ARMED: Final = Armed(at=NOON, nonce="n", sent_id="run~n", request_id="r", credits=10, key_id="k")
ARMING: Final = (advance(TAKE, ARMED), ARMED)
SENDING: Final = (advance(ARMING[0], Connected(at=NOON)), Connected(at=NOON))

HOT: Final[dict[str, Callable[[SqliteLedger], object]]] = {
    "arm": lambda ledger: ledger.arm([ARMING], key_id="k", cap=100, window=Window(), now=NOON),
    "append": lambda ledger: ledger.append([SENDING]),
    "note a call": lambda ledger: ledger.note_call(key_id="k", window=Window(), now=NOON),
    "calls of the hour": lambda ledger: ledger.calls_in(key_id="k", since=NOON),
    "takes of other runs": lambda ledger: ledger.asked_elsewhere(key_id="k", but=["demo/run/tk01"], since=NOON),
    "what others heard": lambda ledger: ledger.shared_answer(key_id="k", resolution=Resolution.HD),
    "takes of a project": lambda ledger: ledger.takes("demo"),
    "life of a take": lambda ledger: ledger.events_of(TAKE.slate),
}


def plans(path: Path, act: Callable[[], object]) -> list[str]:
    """How SQLite would carry out what `act` says to it, a step a line."""
    said: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        said.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    with closing(sqlite3.connect(path)) as database:
        questions = [(text, values) for text, values in said if text.split()[0] in ("SELECT", "UPDATE", "DELETE")]
        return [
            step[3] for text, values in questions for step in database.execute(f"EXPLAIN QUERY PLAN {text}", values)
        ]


@pytest.mark.parametrize("name", HOT)
def test_what_is_asked_again_and_again_is_found_by_an_index(tmp_path: Path, name: str) -> None:
    """A scan would make the second half of a season slower than the first."""
    path = tmp_path / "ledger.sqlite3"
    with closing(SqliteLedger(path, tmp_path / "recovery.jsonl")) as ledger:
        ledger.open_take(TAKE)
        if name == "append":
            HOT["arm"](ledger)
        steps = plans(path, lambda: HOT[name](ledger))
    assert steps and not [step for step in steps if step.startswith("SCAN")]


def test_calls_of_long_ago_are_forgotten(tmp_path: Path) -> None:
    """The newest stay, whatever the clock said; 90 of an hour are all that is ever asked for."""
    path = tmp_path / "ledger.sqlite3"
    with closing(SqliteLedger(path, tmp_path / "recovery.jsonl")) as ledger, closing(sqlite3.connect(path)) as database:
        made = [("k", after(n).timestamp(), "generate") for n in range(KEPT_CALLS + 5)]
        database.executemany("INSERT INTO calls (key_id, at, endpoint) VALUES (?, ?, ?)", made)
        database.commit()
        ledger.note_call(key_id="k", window=Window(), now=after(10**6))
        kept = ledger.calls_in(key_id="k", since=NOON)
    assert (len(kept), kept[0], kept[-1]) == (KEPT_CALLS, after(6), NOON + timedelta(seconds=10**6))


def test_a_take_is_read_anew_only_when_it_has_changed(tmp_path: Path) -> None:
    """A plan looks at all takes of the workspace; here another process has moved one of two on."""
    paths = tmp_path / "ledger.sqlite3", tmp_path / "recovery.jsonl"
    with closing(SqliteLedger(*paths)) as ledger, closing(SqliteLedger(*paths)) as other:
        for take in (TAKE, a_take("walk")):
            ledger.open_take(take)
        before = ledger.takes()
        other.arm([ARMING], key_id="k", cap=None, window=Window(), now=NOON)
        after_it = ledger.takes()
    assert [take.state for take in after_it] == [State.ARMED, State.PLANNED]
    assert [was is now for was, now in zip(before, after_it, strict=True)] == [False, True]
