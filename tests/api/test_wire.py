"""What every answer means for the money."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from builders import NOON, a_request

from pipeline.api.wire import generate_body, read_generate, read_status
from pipeline.model.answer import Accept, Answer, Doubt, Fail, NoStatus, NoTask, Refuse, ShotOrder, Statuses, TaskRef
from pipeline.model.answer import Throttle as Throttled
from pipeline.model.plan import ImageRef
from pipeline.model.storyboard import GenerationType, Resolution

ORDERS = [ShotOrder(sent_id="a~1", request=a_request()), ShotOrder(sent_id="b~2", request=a_request("Another."))]
TASKS = [TaskRef(sent_id="a~1", task_id="task_a"), TaskRef(sent_id="b~2", task_id="task_b")]


def answer(status: int, body: Any, endpoint: Any = "generate") -> Answer:
    text = body if isinstance(body, str) else json.dumps(body)
    return Answer(at=NOON, endpoint=endpoint, status=status, body=text)


def generated(status: int, body: Any, retry_after: str | None = None) -> Any:
    return read_generate(answer(status, body), ORDERS, retry_after)


def told(body: Any, status: int = 200) -> Any:
    return read_status(answer(status, body, "check-status"), TASKS)


def shot(sent_id: str, **fields: Any) -> dict[str, Any]:
    return {"shotId": sent_id, **fields}


def test_a_request_says_what_the_contract_asks_for() -> None:
    """Images only where there are some; the id is the one that carries the nonce."""
    frames = a_request(generation=GenerationType.FRAMES, images=(ImageRef(url="https://host/first.png"),))
    orders = [ORDERS[0], ShotOrder(sent_id="c~3", request=frames)]
    body = generate_body(orders, Resolution.HD)
    assert body["resolution"] == "720p"
    assert body["shots"][0] == {
        "id": "a~1",
        "prompt": "A runner on a beach.",
        "generationType": "TEXT_2_VIDEO",
        "aspectRatio": "16:9",
    }
    assert body["shots"][1]["imageUrls"] == ["https://host/first.png"]


def test_tasks_are_matched_by_id_whatever_their_order() -> None:
    """Extra and unreadable shots are passed over."""
    body = {
        "shots": [shot("b~2", taskId="task_b"), "nonsense", shot("x", taskId="task_x"), shot("a~1", taskId="task_a")]
    }
    outcome = generated(200, body)
    assert isinstance(outcome, Accept)
    assert {task.sent_id: task.task_id for task in outcome.tasks} == {"a~1": "task_a", "b~2": "task_b"}


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "PROMPT_REQUIRED"), (400, "INVALID_INPUT"), (401, "LOGIN_REQUIRED"), (402, "INSUFFICIENT_CREDITS")],
)
def test_a_documented_refusal_charges_nothing(status: int, code: str) -> None:
    """Status and code agree with the contract."""
    outcome = generated(status, {"error": "no", "errorCode": code})
    assert isinstance(outcome, Refuse)
    assert outcome.code == code


def test_a_documented_429_is_waited_out() -> None:
    """With its Retry-After, where there is one that can be read."""
    body = {"error": "slow", "errorCode": "API_KEY_RATE_LIMIT_EXCEEDED"}
    for header, wait in (("7", timedelta(seconds=7)), (None, None), ("Wed, 21 Oct 2026 07:28:00 GMT", None)):
        outcome = generated(429, body, header)
        assert isinstance(outcome, Throttled)
        assert outcome.retry_after == wait


def test_a_failure_that_the_vendor_admits_is_no_doubt() -> None:
    """Its credits come back."""
    assert isinstance(generated(500, {"error": "x", "errorCode": "GENERATION_FAILED"}), Fail)
    assert isinstance(generated(200, {"status": "failed", "error": "x"}), Fail)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, ""),
        (200, '{"status": "processing", "shots": [{"shotId": "a~1", "taskId": "ta'),
        (200, "[]"),
        (200, {"status": "processing", "shots": []}),
        (200, {"status": "processing", "shots": [{"shotId": "x", "taskId": "task_x"}]}),
        (200, {"status": "failed", "shots": [{"shotId": "a~1", "taskId": 17, "status": "processing"}]}),
        (200, {"status": "failed", "shots": [{"shotId": "A~1", "taskId": "task_x", "status": "processing"}]}),
        (302, ""),
        (400, "<html>"),
        (400, {"error": "x", "errorCode": "LOGIN_REQUIRED"}),
        (402, {"error": "x"}),
        (429, "slow down"),
        (500, {"error": "x", "errorCode": "INTERNAL_ERROR"}),
        (500, "oops"),
        (502, "<html>bad gateway</html>"),
        (504, {"errorCode": "GENERATION_FAILED"}),
        (200, "[" * 100_000),
    ],
)
def test_anything_else_leaves_the_charge_in_doubt(status: int, body: Any) -> None:
    """A gateway's page, a cut answer, a code that does not fit its status: charged or not."""
    assert isinstance(generated(status, body), Doubt)


def test_check_status_tells_each_shot_by_its_own_status() -> None:
    """The top-level status says nothing about a single shot."""
    done = shot("b~2", taskId="task_b", status="completed", videoUrl="https://host/b", generationTime=90)
    outcome = told({"status": "failed", "shots": [done, shot("a~1", taskId="task_a", status="processing")]})
    assert isinstance(outcome, Statuses)
    seen = {each.sent_id: (each.state, each.url, each.generation_seconds) for each in outcome.shots}
    assert seen == {"b~2": ("completed", "https://host/b", 90.0), "a~1": ("processing", None, None)}


@pytest.mark.parametrize("fields", [{"status": "completed"}, {"status": "sleeping"}, {"status": None}, {}])
def test_an_unclear_status_changes_nothing(fields: dict[str, Any]) -> None:
    """Completed without an address, a word that nobody knows, no word at all."""
    outcome = told({"shots": [shot("a~1", taskId="task_a", **fields)]})
    assert [each.state for each in outcome.shots] == ["unclear"]


def test_a_status_of_another_task_is_not_ours() -> None:
    """Our shot's name with another task's id is not believed."""
    assert told({"shots": [shot("a~1", taskId="task_z", status="failed")]}).shots == ()


def test_an_unknown_task_is_told_apart_from_other_trouble() -> None:
    """A 404 may be a delay; a 401 means that the key is gone; anything else is asked again."""
    assert isinstance(told({"errorCode": "TASK_NOT_FOUND"}, 404), NoTask)
    refused = told({"errorCode": "LOGIN_REQUIRED"}, 401)
    assert isinstance(refused, NoStatus) and refused.is_refusal
    assert isinstance(told("<html>", 502), NoStatus)


def test_half_an_emoji_in_an_answer_can_be_kept() -> None:
    """JSON may hold half of a surrogate pair, and no file may."""
    reason = generated(200, '{"status": "failed", "error": "no \\ud83d"}').reason
    assert reason.encode() == b"no ?"


def test_a_time_that_no_clock_shows_is_not_believed() -> None:
    """The clip counts all the same."""
    for number in ("1" + "0" * 400, "NaN", "-1"):
        row = '{"shotId": "a~1", "taskId": "task_a", "status": "completed", "videoUrl": "u", "generationTime": %s}'
        [seen] = told('{"shots": [%s]}' % (row % number)).shots
        assert (seen.state, seen.generation_seconds) == ("completed", None)


@pytest.mark.parametrize("nonsense", ["²", "٣", "-5", "5.0", "soon", "9" * 5_000, "", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_a_retry_after_that_is_no_number_counts_as_missing(nonsense: str) -> None:
    """Some of these are digits to Python; none may cost a take its answer."""
    throttled = generated(429, {"error": "slow down", "errorCode": "API_KEY_RATE_LIMIT_EXCEEDED"}, nonsense)
    assert isinstance(throttled, Throttled) and throttled.retry_after is None
