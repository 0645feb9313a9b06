"""What a run finds of an earlier one that ended badly."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest
from builders import NOON, a_landed_take, a_take, after

from pipeline.errors import MachineError
from pipeline.ledger.journal import SqliteLedger
from pipeline.model.answer import Answer
from pipeline.model.plan import Decision, PlannedShot
from pipeline.model.take import Accepted, State, Take
from pipeline.shoot.lifecycle import advance
from pipeline.shoot.start import open_rows, settle_leftovers

ANSWER = Answer(at=NOON, endpoint="generate", status=200, body='{"taskId": "task_1"}')


def sending(shot: str) -> Take:
    return a_take(shot, state=State.SENDING, nonce="n", sent_id=f"{shot}~n")


def open_ledger(folder: Path) -> SqliteLedger:
    return SqliteLedger(folder / "ledger.sqlite3", folder / "recovery.jsonl")


def refuse_to_write(folder: Path, *, again: bool = False) -> None:
    """Let the ledger's disk fail, or work again."""
    with contextlib.closing(sqlite3.connect(folder / "ledger.sqlite3")) as file:
        names = ("answers_", "answers") if again else ("answers", "answers_")
        file.execute("ALTER TABLE {} RENAME TO {}".format(*names))


@pytest.mark.parametrize("end_of_line", ["", "\u0085", "\u2028", "\u2029", "\r", "\n"])
def test_an_answer_that_could_not_be_written_is_taken_over_by_the_next_run(tmp_path: Path, end_of_line: str) -> None:
    """The take is submitted, not in doubt, whatever else the answer says; a second look finds nothing more to do."""
    ledger, take, accepted = open_ledger(tmp_path), sending("run"), Accepted(at=NOON, task_id="task_1")
    answer = ANSWER.model_copy(update={"body": f'{{"taskId": "task_1",{end_of_line} "note": "a{end_of_line}b"}}'})
    ledger.open_take(take)
    refuse_to_write(tmp_path)
    with pytest.raises(MachineError, match="next run reads it"):
        ledger.append([(advance(take, accepted), accepted)], answer)
    refuse_to_write(tmp_path, again=True)
    [settled] = settle_leftovers(ledger, "demo", after(60))
    assert (settled.state, settled.task_id) == (State.SUBMITTED, "task_1")
    assert settle_leftovers(ledger, "demo", after(61)) == ()


def test_an_answer_to_an_earlier_sending_is_not_taken_over(tmp_path: Path) -> None:
    """The take was sent again since, under another nonce: of that one nothing is known."""
    ledger, accepted = open_ledger(tmp_path), Accepted(at=NOON, task_id="task_1")
    before, take = sending("run"), sending("run").model_copy(update={"nonce": "m"})
    ledger.open_take(take)
    refuse_to_write(tmp_path)
    with pytest.raises(MachineError):
        ledger.append([(advance(before, accepted), accepted)], ANSWER)
    refuse_to_write(tmp_path, again=True)
    assert [take.state for take in settle_leftovers(ledger, "demo", after(60))] == [State.UNKNOWN]


def test_a_clip_that_is_gone_is_asked_for_once_though_two_shots_want_it(tmp_path: Path) -> None:
    """Both rows name the one take; its events have to fold as they were written."""
    ledger, take = open_ledger(tmp_path), a_landed_take("run")
    ledger.open_take(take)
    row = PlannedShot(
        shot="run",
        slate=str(take.slate),
        decision=Decision.RESUME,
        why="its clip is gone",
        request=take.request,
        fingerprint=take.fingerprint,
        credits=0,
    )
    opened = open_rows([row, row.model_copy(update={"shot": "end"})], ledger, after(1))
    assert [take.state for take in opened] == [State.SUBMITTED, State.SUBMITTED]
    assert [event.kind for event in ledger.events_of(take.slate)] == ["revived"]
