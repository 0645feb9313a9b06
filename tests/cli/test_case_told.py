"""A producer reads what happened, what is at stake, where to look, and what each answer means."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from builders import a_landed_take, a_take, after

from pipeline.cli.case_told import AFTERWARDS, MEANINGS, afterwards, answers, told
from pipeline.model.answer import Answer
from pipeline.model.take import State, Take
from pipeline.project import World
from pipeline.shoot.lifecycle import NEXT
from pipeline.shoot.resolve import Case, Word, event_for, words_for


def a_doubt(shot: str = "run", **fields: object) -> Take:
    sent = {"sent_id": f"{shot}~tk01~2", "request_id": "r1", "trouble": "the connection was closed"}
    return a_take(shot, state=State.UNKNOWN, **sent, **fields)


def a_case(take: Take, *others: Take, body: str = "", **fields: object) -> Case:
    answer = Answer(at=after(9), endpoint="generate", status=200, body=body) if body else None
    return Case(take=take, name=take.slate.shot, together=(take, *others), answer=answer, **fields)


def text_of(case: Case, world: World = World.LIVE) -> str:
    return "\n".join(told(case, world=world, state_dir=Path(".storyreel/sandbox/server")))


def test_a_doubt_is_told_with_all_that_helps_to_find_it() -> None:
    """When, under which name, and what the list at the vendor's will show."""
    text = text_of(a_case(a_doubt(prompt="A runner at dawn. " * 9), sent_at=after(7), words_from=after(907)))
    first, *lines = text.splitlines()
    assert first == "demo/run/tk01 is in doubt: the connection was closed"
    assert any("sent " in line and "2026-03-01 12:00:07 UTC" in line and "run~tk01~2" in line for line in lines)
    assert any("came back" in line and "nothing" in line for line in lines)
    assert any("10 credits: charged or not" in line for line in lines)
    assert any("nanophoto.ai" in line and '720p, 16:9, "A runner at dawn.' in line and "…" in line for line in lines)
    assert any("12:15:07 UTC" in line for line in lines)


def test_every_answer_is_a_whole_command() -> None:
    """With --live, or it would look for the take in the sandbox."""
    commands = [command for command, _ in answers(a_case(a_doubt()), World.LIVE)]
    assert commands == [
        "storyreel resolve demo run --live --adopt TASK_ID",
        "storyreel resolve demo run --live --not-charged",
        "storyreel resolve demo run --live --pay-again",
        "storyreel resolve demo run --live --abandon",
    ]
    assert all(command in text_of(a_case(a_doubt())) for command in commands)


def test_a_task_that_came_back_stands_in_the_command() -> None:
    """Nothing is left to look up."""
    case = a_case(a_doubt(), body='{"shots":[{"shotId":"run~tk01~2","taskId":"task_7","status":"proc')
    assert "storyreel resolve demo run --adopt task_7" in text_of(case, World.SANDBOX)
    assert "it names the task, task_7" in text_of(case)


def test_shots_of_one_request_are_told_together() -> None:
    """One answer was to tell of all of them."""
    assert "20 credits for the 2 shots of one request, with walk/tk01" in text_of(a_case(a_doubt(), a_doubt("walk")))


def test_in_the_sandbox_its_own_log_is_where_to_look() -> None:
    """There is no account."""
    text = text_of(a_case(a_doubt()), World.SANDBOX)
    assert ".storyreel/sandbox/server/charges.jsonl" in text and "nanophoto" not in text
    assert "--state folder" in "".join(told(a_case(a_doubt()), world=World.SANDBOX, state_dir=None))


def test_what_comes_of_giving_up_depends_on_whether_there_is_another_take() -> None:
    """A retake leaves its shot with the clip that it had."""
    assert "There is no film without it." in text_of(a_case(a_doubt()))
    assert "The film keeps the take before." in text_of(a_case(a_doubt(number=2, is_retake=True)))


@pytest.mark.parametrize(("state", "stake"), [("lost", "10 credits were paid"), ("failed", "come back by themselves")])
def test_the_other_ends_say_what_is_at_stake(state: str, stake: str) -> None:
    """And since when."""
    text = text_of(a_case(a_take(state=State(state), trouble="no clip came")))
    assert stake in text and "since" in text and "What you can say:" in text


def test_a_take_that_goes_on_by_itself_needs_no_word() -> None:
    """It is told all the same."""
    assert text_of(a_case(a_landed_take("run"))).endswith("It needs no word of yours.")


def test_every_answer_has_its_meaning_and_what_comes_afterwards() -> None:
    """For each state that it fits, and for no other."""
    fitting = {(word, state) for state, word in product(State, Word) if word in words_for(a_take(state=state))}
    assert fitting == set(MEANINGS)
    led_to = {NEXT[state, type(event_for(a_take(state=state), word, "t", now=after(0)))] for word, state in fitting}
    assert led_to == set(AFTERWARDS)


def test_afterwards_it_says_what_the_next_render_does() -> None:
    """And what that costs."""
    said = afterwards(a_case(a_take(state=State.WRITTEN_OFF)), World.LIVE)
    assert said == "demo/run/tk01 is written off now. storyreel render demo --live pays 10 credits for a new take."
