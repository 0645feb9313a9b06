"""What is known of a take that waits for the user's word, and which word fits."""

from __future__ import annotations

import json

import pytest
from builders import NOON, a_landed_take, a_take, after

from pipeline.errors import UsageError
from pipeline.model.answer import Answer
from pipeline.model.take import AnswerLost, Armed, Connected, Event, State, Take
from pipeline.shoot.policy import Policy
from pipeline.shoot.resolve import Case, case_of, check_answer_is_over, check_task_is_free, find_task, needs_word

WHOLE = json.dumps(
    {
        "status": "processing",
        "shots": [
            {"shotId": "海邊~tk01~1", "taskId": "task_sea", "status": "processing"},
            {"shotId": "run~tk01~2", "taskId": "task_run", "status": "processing"},
        ],
        "creditsUsed": 20,
    }
)


def a_doubt(shot: str = "run", **fields: object) -> Take:
    return a_take(shot, state=State.UNKNOWN, sent_id=f"{shot}~tk01~2", request_id="r1", **fields)


def events(at: float = 0) -> list[Event]:
    armed = Armed(at=after(at), nonce="2", sent_id="run~tk01~2", request_id="r1", credits=10)
    return [armed, Connected(at=after(at + 1)), AnswerLost(at=after(at + 9), reason="cut")]


def a_case(take: Take, *others: Take, body: str | None = None, now: float = 900) -> Case:
    answer = Answer(at=after(9), endpoint="generate", status=200, body=body) if body is not None else None
    return case_of(take, (take, *others), events(), answer, now=after(now), policy=Policy())


def test_the_shots_of_one_request_are_in_doubt_together() -> None:
    """30 credits hang on one answer; a shot of it that failed is not in doubt, and neither is another request."""
    others = (
        a_doubt("walk"),
        a_doubt("rest"),
        a_take("fall", state=State.FAILED, request_id="r1"),
        a_landed_take("sit"),
    )
    case = a_case(a_doubt(), *others)
    assert (case.credits_in_doubt, len(case.together)) == (30, 4)


def test_a_take_is_named_in_full_where_its_shot_has_a_later_one() -> None:
    """The shot's name alone would mean that."""
    assert a_case(a_doubt()).name == "run"
    assert a_case(a_doubt(), a_landed_take("run", number=2)).name == "run/tk01"


def test_the_word_on_a_lost_answer_is_taken_a_quarter_of_an_hour_after_it_was_sent() -> None:
    """Until then the vendor may still be at work on it."""
    case = a_case(a_doubt())
    assert (case.sent_at, case.words_from) == (after(1), after(901))
    with pytest.raises(UsageError, match="Look again in 2 s"):
        check_answer_is_over(case, now=after(900))
    assert a_case(a_doubt(), now=901).words_from is None


def test_other_ends_are_answered_at_once() -> None:
    """Nothing is under way any more."""
    check_answer_is_over(a_case(a_take(state=State.LOST)), now=NOON)


def test_a_task_is_found_by_the_name_that_was_sent() -> None:
    """Whichever shot is named first, and however its letters are written."""
    for text in (WHOLE, json.dumps(json.loads(WHOLE), ensure_ascii=False), WHOLE.replace(": ", " :\n ")):
        assert find_task(text, "海邊~tk01~1", is_alone=False) == "task_sea"
        assert find_task(text, "run~tk01~2", is_alone=False) == "task_run"


def test_no_cut_of_an_answer_leads_to_a_wrong_task() -> None:
    """At every character: the right one, or none; half a name of a task is none."""
    for cut in range(len(WHOLE)):
        for is_alone in (False, True):
            assert find_task(WHOLE[:cut], "run~tk01~2", is_alone=is_alone) in ("task_run", None), cut
    assert find_task(WHOLE[: WHOLE.rindex('"status"')], "run~tk01~2", is_alone=False) == "task_run"


def test_a_task_without_a_shot_is_believed_only_where_one_shot_was_sent() -> None:
    """Of several it might be any one's."""
    text = '{"status": "processing", "shots": [{"taskId": "task_run", "sta'
    assert find_task(text, "run~tk01~2", is_alone=True) == "task_run"
    assert find_task(text, "run~tk01~2", is_alone=False) is None


@pytest.mark.parametrize(
    "text", ["", "<html>502</html>", '{"taskId": "$(reboot)"}', '{"taskId": "a b"}', '{"taskId": 7}']
)
def test_what_is_no_task_is_not_proposed(text: str) -> None:
    """It would stand in a command that is to be copied."""
    assert find_task(text, "run~tk01~2", is_alone=True) is None


def test_only_a_take_in_doubt_has_its_answer_read() -> None:
    """One that was adopted since has a task."""
    assert a_case(a_doubt(), body=WHOLE).task_id == "task_run"
    assert a_case(a_take(state=State.LOST, request_id="r1"), body=WHOLE).task_id is None


def test_a_task_belongs_to_one_take() -> None:
    """Its own may be given again."""
    landed, doubt = a_landed_take("walk"), a_doubt()
    with pytest.raises(UsageError, match="task_walk is the task of demo/walk/tk01"):
        check_task_is_free(doubt, " task_walk ", [landed, doubt])
    check_task_is_free(landed, "task_walk", [landed, doubt])


@pytest.mark.parametrize("state", State)
def test_what_waits_for_a_word(state: State) -> None:
    """Money without a clip always does; a failure only as long as the shot has not been taken up again."""
    take, later = a_take(state=state), a_landed_take("run", number=2)
    is_money, is_end = state in ("unknown", "lost", "corrupt"), state in ("failed", "abandoned")
    assert needs_word(take, [take]) == (is_money or is_end)
    assert needs_word(take, [take, later]) == is_money
