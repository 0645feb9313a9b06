"""The promises of the ledger, on a real file."""

from __future__ import annotations

import contextlib
import gc
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from builders import NOON, a_landed_take, a_take, after

from pipeline.errors import FingerprintTakenError, MachineError, MoneyError, ProjectBusyError
from pipeline.ledger.journal import SqliteLedger
from pipeline.ledger.recovery import Recovery
from pipeline.model.answer import Answer
from pipeline.model.storyboard import Resolution
from pipeline.model.take import Accepted, AnswerLost, Armed, Connected, Event, NothingSent, PaidAgain, State, Take
from pipeline.shoot.lifecycle import advance
from pipeline.shoot.policy import Policy, Window

Arming = list[tuple[Take, Event]]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    opened = SqliteLedger(tmp_path / "ledger.sqlite3", tmp_path / "recovery.jsonl")
    yield opened
    opened.close()


def armed(*takes: Take, at: float = 0) -> Arming:
    events = [Armed(at=after(at), nonce="n", sent_id=f"{t.slate.shot}~n", request_id="r", credits=10) for t in takes]
    return [(advance(take, event), event) for take, event in zip(takes, events, strict=True)]


def arm(ledger: SqliteLedger, changes: Arming, *, cap: int | None = None, calls: int = 90, at: float = 0) -> object:
    return ledger.arm(changes, key_id="k", cap=cap, window=Window(calls=calls), now=after(at))


def test_a_take_is_the_fold_of_the_events_that_were_kept(ledger: SqliteLedger) -> None:
    """What comes back after a restart is what was appended."""
    take = a_take()
    ledger.open_take(take)
    changes = armed(take)
    assert arm(ledger, changes) is None
    assert ledger.takes("demo") == (changes[0][0],)
    assert [event.kind for event in ledger.events_of(take.slate)] == ["armed"]


def test_a_slate_is_opened_once(ledger: SqliteLedger) -> None:
    """Two takes never share an identity."""
    ledger.open_take(a_take())
    with pytest.raises(ValueError, match="demo/run/tk01"):
        ledger.open_take(a_take())


def test_the_cap_is_held_inside_arming(ledger: SqliteLedger) -> None:
    """20 credits are spent; a third shot would make 30, above a cap of 29."""
    for shot in ("one", "two"):
        ledger.open_take(a_landed_take(shot))
    third = a_take("three")
    ledger.open_take(third)
    with pytest.raises(MoneyError, match="20 credits"):
        arm(ledger, armed(third), cap=29)
    assert ledger.takes()[1].state is State.PLANNED
    assert arm(ledger, armed(third), cap=30) is None


def test_threads_of_one_run_take_turns(ledger: SqliteLedger) -> None:
    """A film's report is written beside the shooting of the next; 8 threads note 5 calls each, and none is lost."""
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: ledger.note_call(key_id="k", window=Window(), now=NOON), range(40)))
    assert waits == [None] * 40
    assert len(ledger.calls_in(key_id="k", since=NOON)) == 40


def test_a_full_window_says_when_to_try_again(ledger: SqliteLedger) -> None:
    """Two calls an hour are allowed; the third may be made an hour after the first."""
    for number in range(2):
        assert ledger.note_call(key_id="k", window=Window(calls=2), now=after(number)) is None
    take = a_take()
    ledger.open_take(take)
    assert arm(ledger, armed(take), calls=2, at=10) == after(3600)
    assert ledger.takes()[0].state is State.PLANNED


def test_calls_noted_by_a_clock_that_was_wrong_hold_nobody_up_for_long(ledger: SqliteLedger) -> None:
    """A year ahead they count no more; ten minutes ahead they are waited for, an hour at the most."""
    for at in (after(365 * 86_400), after(600)):
        ledger.note_call(key_id="k", window=Window(calls=9), now=at)
    assert ledger.note_call(key_id="k", window=Window(calls=2), now=NOON) is None
    assert ledger.note_call(key_id="k", window=Window(calls=2), now=after(1)) == after(3600)
    assert ledger.note_call(key_id="k", window=Window(calls=1), now=after(1)) == after(3601)


def test_keys_have_windows_of_their_own(ledger: SqliteLedger) -> None:
    """Another key's calls take nothing away."""
    assert ledger.note_call(key_id="other", window=Window(calls=1), now=NOON) is None
    assert ledger.note_call(key_id="k", window=Window(calls=1), now=NOON) is None


def test_an_equal_request_in_play_elsewhere_is_not_armed(ledger: SqliteLedger) -> None:
    """Two projects that ask for the same shot buy it once."""
    first, second = a_take("run", project="one", prompt="Same."), a_take("run", project="two", prompt="Same.")
    for take in (first, second):
        ledger.open_take(take)
    assert arm(ledger, armed(first)) is None
    with pytest.raises(FingerprintTakenError, match="one/run/tk01"):
        arm(ledger, armed(second))


@pytest.mark.parametrize("state", [State.CORRUPT, State.LOST, State.ABANDONED, State.VERIFIED, State.UNKNOWN])
def test_what_was_paid_for_elsewhere_is_not_armed_until_somebody_says_so(ledger: SqliteLedger, state: State) -> None:
    """However badly that ended, while this run's plan waited for its yes."""
    theirs = a_take("run", project="one", prompt="Same.", state=state)
    ours = a_take("run", project="two", prompt="Same.")
    ledger.open_takes([theirs, ours])
    with pytest.raises(FingerprintTakenError, match="one/run/tk01"):
        arm(ledger, armed(ours))
    written_off = theirs.model_copy(update={"state": State.WRITTEN_OFF})
    ledger.append([(written_off, PaidAgain(at=NOON))])
    assert arm(ledger, armed(ours)) is None


def test_two_equal_requests_do_not_share_a_call(ledger: SqliteLedger) -> None:
    """Whoever planned them, each by itself."""
    first, second = a_take("one", prompt="Same."), a_take("two", prompt="Same.")
    ledger.open_takes([first, second])
    with pytest.raises(FingerprintTakenError, match="demo/two/tk01 asks for what demo/one/tk01"):
        arm(ledger, armed(first, second))


def test_a_take_that_another_run_sent_meanwhile_is_not_armed_again(ledger: SqliteLedger) -> None:
    """A run that looked before still believes that it is planned."""
    take = a_take()
    ledger.open_take(take)
    assert arm(ledger, armed(take)) is None
    with pytest.raises(FingerprintTakenError, match="demo/run/tk01"):
        arm(ledger, armed(take, at=1), at=1)


def test_a_retake_is_armed_though_an_equal_request_has_landed(ledger: SqliteLedger) -> None:
    """It was asked for; but it is sent once, like any other."""
    landed, retake = a_landed_take("run"), a_take("run", number=2, is_retake=True)
    for take in (landed, retake):
        ledger.open_take(take)
    assert arm(ledger, armed(retake)) is None
    with pytest.raises(FingerprintTakenError, match="demo/run/tk02"):
        arm(ledger, armed(retake, at=1), at=1)


def test_a_take_of_an_earlier_storyreel_is_read(ledger: SqliteLedger) -> None:
    """Its row knows of no retakes and no notes."""
    ledger.open_take(a_take())
    with sqlite3.connect(ledger._path) as file:
        file.execute("UPDATE takes SET take = json_remove(take, '$.is_retake', '$.note')")
    file.close()
    assert ledger.takes() == (a_take(),)


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_a_row_that_is_no_take_is_refused_with_its_name_and_the_ledgers(ledger: SqliteLedger) -> None:
    """Another storyreel wrote it under the same schema; no query is left open that the closed file would trip over."""
    ledger.open_takes([a_take("run"), a_take("walk")])
    with sqlite3.connect(ledger._path) as file:
        file.execute("UPDATE takes SET take = json_replace(take, '$.state', 'dreamt')")
    file.close()
    with pytest.raises(MachineError, match=r"ledger\.sqlite3 holds demo/run/tk01 in words") as refused:
        ledger.takes()
    ledger.close()
    assert "leave the file as it is" in str(refused.value)
    del refused
    gc.collect()  # a query that was left open would complain now


def test_a_take_is_sent_only_by_the_run_that_armed_it(ledger: SqliteLedger) -> None:
    """Another run found it armed, put it back and armed it for itself: one of the two connects, not both."""
    take = a_take()
    ledger.open_take(take)
    [(first, _)] = changes = armed(take)
    arm(ledger, changes)
    event = NothingSent(at=after(1), reason="found armed")
    ledger.append([(advance(first, event), event)])
    connected = Connected(at=after(2))
    with pytest.raises(ProjectBusyError, match="demo/run/tk01"):
        ledger.append([(advance(first, connected), connected)])
    assert ledger.takes()[0].state is State.PLANNED


ARM_AND_WAIT = """
import sys
from test_ledger import *
ledger = SqliteLedger(Path(sys.argv[1]), Path("none"))
arm(ledger, armed(a_take("theirs", project="other")))
print(flush=True)
sys.stdin.read()
"""


def test_one_process_sends_at_a_time(ledger: SqliteLedger) -> None:
    """While a living process has a generate under way, another waits; a killed one holds nobody up."""
    for take in (a_take("mine"), a_take("theirs", project="other")):
        ledger.open_take(take)
    argv = [sys.executable, "-c", ARM_AND_WAIT, ledger._path]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(argv, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline()
        assert arm(ledger, armed(a_take("mine"), at=1), at=1) is not None
        other.kill()
        os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)  # dead, and its process id still taken
        assert arm(ledger, armed(a_take("mine"), at=1), at=1) is None


def test_an_answer_is_kept_with_what_was_read_from_it(ledger: SqliteLedger) -> None:
    """Both are there, or neither."""
    take = a_take(state=State.SENDING)
    ledger.open_take(take)
    event = Accepted(at=NOON, task_id="task_1")
    ledger.append([(advance(take, event), event)], Answer(at=NOON, endpoint="generate", status=200, body="{}"))
    with sqlite3.connect(ledger._path) as file:
        rows = file.execute("SELECT body, kind FROM events JOIN answers ON answers.seq = events.answer").fetchall()
    file.close()
    assert rows == [("{}", "accepted")]


def test_what_came_of_a_lost_answer_is_found_by_its_take(ledger: SqliteLedger) -> None:
    """That of the last time it was lost: an answer from before says nothing about it."""
    take = a_take(state=State.SENDING)
    ledger.open_take(take)
    assert ledger.lost_answer(take.slate) is None
    for at, body in ((1, "cut {"), (2, None)):
        answer = Answer(at=after(at), endpoint="generate", status=200, body=body) if body else None
        event = AnswerLost(at=after(at), reason="cut")
        ledger.append([(advance(take, event), event)], answer)
        assert ledger.lost_answer(take.slate) == answer


def test_an_answer_that_the_ledger_cannot_take_is_saved_beside_it(ledger: SqliteLedger, tmp_path: Path) -> None:
    """The money was spent: the taskId is not lost with the disk."""
    take = a_take(state=State.SENDING)
    ledger.open_take(take)
    with sqlite3.connect(ledger._path) as file:
        file.execute("DROP TABLE events")
    file.close()
    event = Accepted(at=NOON, task_id="task_1")
    with pytest.raises(MachineError, match="recovery"):
        ledger.append(
            [(advance(take, event), event)], Answer(at=NOON, endpoint="generate", status=200, body='{"taskId": 1}')
        )
    [saved] = ledger.rescued()
    assert saved.events == (("demo/run/tk01", None, event),) and saved.answer.body == '{"taskId": 1}'


def test_a_line_that_a_full_disk_cut_hides_no_other(tmp_path: Path) -> None:
    """What was written before and after it is read."""
    take, event = a_take(), Accepted(at=NOON, task_id="task_1")
    answer = Answer(at=NOON, endpoint="generate", status=200, body="{}")
    recovery = Recovery(tmp_path / "recovery.jsonl")
    recovery.save([(take, event)], answer)
    with recovery.path.open("a") as file:
        file.write('{"slates": ["demo/ru')
    recovery.save([(take, event)], answer)
    assert len(recovery.read()) == 2


def test_a_newer_ledger_is_refused(tmp_path: Path) -> None:
    """An old storyreel does not guess at what a newer one wrote."""
    path = tmp_path / "ledger.sqlite3"
    with sqlite3.connect(path) as file:
        file.execute("PRAGMA user_version = 99")
    file.close()
    with pytest.raises(MachineError, match="newer"):
        SqliteLedger(path, tmp_path / "recovery.jsonl")


def test_connected_is_durable_when_append_returns(ledger: SqliteLedger) -> None:
    """Another connection sees it at once."""
    take = a_take()
    ledger.open_take(take)
    [(take, _)] = changes = armed(take)
    arm(ledger, changes)
    event = Connected(at=after(1))
    ledger.append([(advance(take, event), event)])
    with sqlite3.connect(ledger._path) as file:
        assert file.execute("SELECT state FROM takes").fetchall() == [("sending",)]
    file.close()


def test_a_ledger_of_the_first_schema_is_brought_up(tmp_path: Path) -> None:
    """What it holds stays; what is new is added."""
    path, recovery = tmp_path / "ledger.sqlite3", tmp_path / "recovery.jsonl"
    older = SqliteLedger(path, recovery)
    older.open_take(a_take())
    older.close()
    with contextlib.closing(sqlite3.connect(path)) as file:
        file.execute("DROP TABLE shared")
        file.execute("PRAGMA user_version = 1")
    answer = Answer(at=NOON, endpoint="check-status", status=200, body="{}")
    with contextlib.closing(SqliteLedger(path, recovery)) as ledger:
        ledger.share_answer(answer, key_id="k", resolution=Resolution.HD)
        assert ledger.shared_answer(key_id="k", resolution=Resolution.HD) == answer
        assert ledger.shared_answer(key_id="other", resolution=Resolution.HD) is None
        assert [str(take.slate) for take in ledger.takes()] == ["demo/run/tk01"]


def test_a_ledger_of_the_second_schema_is_given_its_indexes(tmp_path: Path) -> None:
    """Those that it had are taken away; what it holds stays."""
    path, recovery = tmp_path / "ledger.sqlite3", tmp_path / "recovery.jsonl"
    older = SqliteLedger(path, recovery)
    older.open_take(a_take())
    older.close()
    with contextlib.closing(sqlite3.connect(path)) as file:
        for index in ("takes_of_project", "takes_of_key"):
            file.execute(f"DROP INDEX {index}")
        file.execute("CREATE INDEX ix_takes_project ON takes (project)")
        file.execute("CREATE INDEX takes_in_flight ON takes (key_id, state)")
        file.execute("PRAGMA user_version = 2")
    with contextlib.closing(SqliteLedger(path, recovery)) as ledger:
        assert ledger.takes() == (a_take(),)
    with contextlib.closing(sqlite3.connect(path)) as file:
        made = {name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE INDEX%'")}
    assert made == {"ix_takes_fingerprint", "ix_events_slate", "calls_of_key", "takes_of_project", "takes_of_key"}


def test_takes_are_opened_together_or_not_at_all(ledger: SqliteLedger) -> None:
    """One of the three is known."""
    ledger.open_take(a_take("b"))
    with pytest.raises(ValueError, match="demo/b/tk01"):
        ledger.open_takes([a_take("a"), a_take("b"), a_take("c")])
    assert ledger.takes() == (a_take("b"),)
    ledger.open_takes([a_take("a"), a_take("c")])
    assert ledger.takes_named(["demo/a/tk01", "demo/b/tk01", "demo/x/tk01"]) == (a_take("a"), a_take("b"))


def test_polls_in_their_own_places_let_as_many_submits_leave_every_hour(ledger: SqliteLedger) -> None:
    """Of 16 calls an hour 12 are for questions, and take nothing away from four submits; the fifth waits an hour."""
    policy = Policy(window=Window(calls=16))
    for number in range(12):
        assert ledger.note_call(key_id="k", window=policy.window, now=after(300 * number)) is None
    for number in range(5):
        take = a_take(f"s{number}")
        ledger.open_take(take)
        changes = armed(take, at=3500)
        wait = ledger.arm(changes, key_id="k", cap=None, window=policy.submit_window, now=after(3500))
        assert wait == (None if number < 4 else after(7100))
