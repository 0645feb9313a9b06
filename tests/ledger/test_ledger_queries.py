"""What the ledger asks of SQLite while a season is shot: by an index, however much it holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from builders import NOON, a_take, after

from pipeline.ledger.journal import KEPT_CALLS, SqliteLedger
from pipeline.model.answer import Answer
from pipeline.model.storyboard import Resolution
from pipeline.model.take import Armed, Connected, State
from pipeline.shoot.lifecycle import advance
from pipeline.shoot.policy import Policy, Window

TAKE: Final = a_take()
ARMED: Final = Armed(at=NOON, nonce="n", sent_id="run~n", request_id="r", credits=10, key_id="k")
ARMING: Final = (advance(TAKE, ARMED), ARMED)
SENDING: Final = (advance(ARMING[0], Connected(at=NOON)), Connected(at=NOON))
ANSWER: Final = Answer(at=NOON, endpoint="check-status", status=200, body="{}")

QUERIES: Final[dict[str, Callable[[SqliteLedger], object]]] = {
    "takes": lambda ledger: ledger.takes("demo"),
    "takes_named": lambda ledger: ledger.takes_named(["demo/run/tk01", "film1/s1/tk01"]),
    "events_of": lambda ledger: ledger.events_of(TAKE.slate),
    "lost_answer": lambda ledger: ledger.lost_answer(TAKE.slate),
    "open_take": lambda ledger: ledger.open_take(a_take("new")),
    "open_takes": lambda ledger: ledger.open_takes([a_take("newer"), a_take("newest")]),
    "arm": lambda ledger: ledger.arm([ARMING], key_id="k", cap=100, window=Policy().submit_window, now=NOON),
    "append": lambda ledger: ledger.append([SENDING], ANSWER),
    "note_call": lambda ledger: ledger.note_call(key_id="k", window=Window(), now=NOON),
    "calls_in": lambda ledger: ledger.calls_in(key_id="k", since=NOON),
    "share_answer": lambda ledger: ledger.share_answer(ANSWER, key_id="k", resolution=Resolution.HD),
    "shared_answer": lambda ledger: ledger.shared_answer(key_id="k", resolution=Resolution.HD),
    "asked_elsewhere": lambda ledger: ledger.asked_elsewhere(key_id="k", but=["demo/run/tk01"], since=NOON),
}
"""One way to call each method, in an order in which the take can be sent."""

WHOLE_READS: Final[dict[str, Callable[[SqliteLedger], object]]] = {
    "takes": lambda ledger: ledger.takes(),  # once a plan: what any project has shot may be asked for again
}

NO_QUERY: Final = {"close", "rescued"}

SHOTS: Final = 100
FILMS: Final = 100


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of 10,000 takes and 100,000 events, answers and calls, and one planned take of another project."""
    folder = tmp_path_factory.mktemp("season")
    path = folder / "ledger.sqlite3"
    with closing(SqliteLedger(path, folder / "recovery.jsonl")) as ledger:
        ledger.open_take(TAKE)
    text, states = TAKE.model_dump_json(), (State.VERIFIED, State.SUBMITTED, State.PLANNED, State.FAILED)
    slates = [(f"film{film}/s{shot}/tk01", f"film{film}") for film in range(FILMS) for shot in range(SHOTS)]
    rows = [
        (slate, project, f"f{n}", states[n % 4], 10, "k", n, NOON.timestamp(), text)
        for n, (slate, project) in enumerate(slates)
    ]
    happened = [(slate, "progressed", NOON.timestamp(), "{}", n) for n, (slate, _) in enumerate(slates * 10)]
    with closing(sqlite3.connect(path)) as database:
        database.executemany("INSERT INTO takes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        database.executemany("INSERT INTO events (slate, kind, at, event, answer) VALUES (?, ?, ?, ?, ?)", happened)
        answered = [(NOON.timestamp(), "check-status", 200, "{}")] * len(happened)
        database.executemany("INSERT INTO answers (at, endpoint, status, body) VALUES (?, ?, ?, ?)", answered)
        called = [("k", after(n - 2 * len(happened)).timestamp(), "generate") for n in range(len(happened))]
        database.executemany("INSERT INTO calls (key_id, at, endpoint) VALUES (?, ?, ?)", called)
        database.commit()
    return path


def plans(path: Path, act: Callable[[SqliteLedger], object]) -> list[str]:
    """How SQLite carries out what `act` lets the ledger at `path` say to it, a step a line."""
    said: list[str] = []
    with closing(SqliteLedger(path, path.with_name("recovery.jsonl"))) as ledger:
        ledger._database.set_trace_callback(said.append)
        act(ledger)
    with closing(sqlite3.connect(path)) as database:
        questions = [text for text in said if text.split()[0] in ("SELECT", "UPDATE", "DELETE")]
        return [step[3] for text in questions for step in database.execute(f"EXPLAIN QUERY PLAN {text}")]


def test_every_method_has_its_query_looked_at() -> None:
    """A new one is given its line above."""
    methods = {name for name in vars(SqliteLedger) if not name.startswith("_")}
    assert methods == set(QUERIES) | NO_QUERY


def test_what_is_asked_again_and_again_is_found_by_an_index(season: Path) -> None:
    """A scan would make the second half of a season slower than the first. Opening a take asks whether there is one."""
    steps = {name: plans(season, ask) for name, ask in QUERIES.items()}
    assert {name for name, taken in steps.items() if not taken} == {"share_answer"}  # it only writes
    assert [(name, step) for name, taken in steps.items() for step in taken if step.startswith("SCAN")] == []


def test_only_whole_reads_walk_over_a_table(season: Path) -> None:
    """In the order in which they are wanted, not by sorting."""
    steps = {name: plans(season, ask) for name, ask in WHOLE_READS.items()}
    assert steps == {"takes": ["SCAN takes USING INDEX sqlite_autoindex_takes_1"]}


def test_the_cap_is_read_from_an_index_alone(season: Path) -> None:
    """A series is one project of thousands of takes, each row of them as long as its prompt."""
    take = a_take("capped")
    armed = advance(take, ARMED), ARMED
    with closing(SqliteLedger(season, season.with_name("recovery.jsonl"))) as ledger:
        ledger.open_take(take)
    steps = plans(season, lambda it: it.arm([armed], key_id="k", cap=10**6, window=Window(), now=after(9999)))
    assert any("USING COVERING INDEX takes_of_project" in step for step in steps)


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
