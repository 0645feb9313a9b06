"""The two calls over a real socket: time, money, ownership and the window of calls."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders_sandbox import CLIP, HandClock, a_sandbox, a_shot, until


def test_an_order_becomes_a_clip(tmp_path: Path) -> None:
    """Accepted, processing, completed with a URL that leads to the clip and needs no key."""
    with a_sandbox(tmp_path) as sandbox:
        (task,) = sandbox.start(a_shot("run"))
        assert task == {"shotId": "run", "taskId": task["taskId"], "status": "processing"}
        assert sandbox.check(task).json() == {"status": "processing", "shots": [task]}
        sandbox.clock.advance(300)
        answer = sandbox.check(task).json()
        assert answer["status"] == "completed"
        assert 120 <= answer["shots"][0]["generationTime"] <= 300
        assert sandbox.http.get(answer["shots"][0]["videoUrl"]).content == CLIP


def test_shots_of_one_request_are_made_one_after_another(tmp_path: Path) -> None:
    """21 shots end in their order, each 2 to 5 minutes after the one before it."""
    with a_sandbox(tmp_path) as sandbox:
        tasks = sandbox.start(*(a_shot(f"shot{n}", prompt=f"Wave {n}.") for n in range(21)))
        done_after = [0]
        while done_after[-1] < 21 and len(done_after) < 21 * 5 + 2:
            sandbox.clock.advance(60)
            states = [shot["status"] for shot in sandbox.check(*tasks).json()["shots"]]
            done_after.append(states.count("completed"))
            assert states == ["completed"] * done_after[-1] + ["processing"] * (21 - done_after[-1])
        assert 21 * 2 <= len(done_after) - 1 <= 21 * 5


def test_separate_requests_are_made_at_the_same_time(tmp_path: Path) -> None:
    """After five minutes all of four requests are done."""
    with a_sandbox(tmp_path) as sandbox:
        tasks = [task for n in range(4) for task in sandbox.start(a_shot(f"shot{n}"))]
        sandbox.clock.advance(300)
        assert sandbox.check(*tasks).json()["status"] == "completed"


@pytest.mark.parametrize(("resolution", "price"), [("720p", 10), ("1080p", 14), ("4k", 30)])
def test_the_price_goes_by_resolution(tmp_path: Path, resolution: str, price: int) -> None:
    """The table of prices, and its `requiredCredits` when the balance does not reach."""
    with a_sandbox(tmp_path, credits=2 * price - 1) as sandbox:
        assert sandbox.generate(a_shot(), resolution=resolution).json()["creditsUsed"] == price
        refused = sandbox.generate(a_shot(), resolution=resolution)
        assert (refused.status_code, refused.json()) == (
            402,
            {"error": "Insufficient credits", "errorCode": "INSUFFICIENT_CREDITS", "requiredCredits": price},
        )


def test_a_request_that_cannot_be_paid_whole_costs_nothing(tmp_path: Path) -> None:
    """25 credits do not pay three shots at 720p, and still pay two."""
    with a_sandbox(tmp_path, credits=25) as sandbox:
        shots = [a_shot(name) for name in ("a", "b", "c")]
        refused = sandbox.generate(*shots)
        assert (refused.status_code, refused.json()["requiredCredits"]) == (402, 30)
        assert sandbox.generate(*shots[:2]).json()["creditsUsed"] == 20


def test_a_failed_shot_gives_its_credits_back_and_the_others_go_on(tmp_path: Path) -> None:
    """The middle one of three fails; the balance of 30 then pays one more."""
    with a_sandbox(tmp_path, credits=30) as sandbox:
        fails = a_shot("b", prompt="A boat. [sandbox: fail]")
        a, b, c = sandbox.finish(a_shot("a"), fails, a_shot("c"))
        assert [shot["status"] for shot in (a, b, c)] == ["completed", "failed", "completed"]
        assert b["error"] == "Video generation failed"
        assert sandbox.check(a, b, c).json()["status"] == "failed"
        assert sandbox.generate(a_shot("d")).status_code == 200
        assert sandbox.generate(a_shot("e")).status_code == 402


def test_credits_come_back_without_being_asked_about(tmp_path: Path) -> None:
    """Nobody polls, and the refund is booked."""
    with a_sandbox(tmp_path) as sandbox:
        sandbox.start(a_shot(prompt="[sandbox: fail]"))
        sandbox.clock.advance(300)
        until(lambda: [line["kind"] for line in sandbox.log("charges.jsonl")] == ["charge", "refund"])


def test_a_task_is_found_by_its_own_key_alone(tmp_path: Path) -> None:
    """Another key's task and one that never was look the same, and fail the whole batch."""
    with a_sandbox(tmp_path) as sandbox:
        (task,) = sandbox.start(a_shot())
        unknown = {"shotId": "run", "taskId": "task_unknown"}
        answers = [sandbox.check(task, key="sbx_other"), sandbox.check(task, unknown)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert {answer.text for answer in answers} == {'{"error":"Task not found","errorCode":"TASK_NOT_FOUND"}'}


def test_each_key_has_its_own_balance(tmp_path: Path) -> None:
    """One key's poverty is not another's."""
    with a_sandbox(tmp_path, credits=10) as sandbox:
        codes = [sandbox.generate(a_shot(), key=key).status_code for key in ("sbx_a", "sbx_a", "sbx_b")]
        assert codes == [200, 402, 200]


def test_all_calls_count_toward_the_window(tmp_path: Path) -> None:
    """Orders, refusals and polls use it up, refused calls keep it full, and it slides."""
    with a_sandbox(tmp_path, calls_per_hour=3) as sandbox:
        task = sandbox.generate(a_shot()).json()["shots"][0]
        sandbox.generate()
        sandbox.clock.advance(1800)
        assert sandbox.check(task).status_code == 200
        refused = sandbox.check(task)
        assert refused.status_code == 429
        assert refused.json() == {
            "error": "API key rate limit exceeded",
            "errorCode": "API_KEY_RATE_LIMIT_EXCEEDED",
            "success": False,
        }
        sandbox.clock.advance(1800)  # the first two have left; the poll and the refusal have not
        assert [sandbox.check(task).status_code for _ in range(2)] == [200, 429]


def test_the_window_is_a_keys_own_and_shrinks_with_the_speed(tmp_path: Path) -> None:
    """At speed 60 the hour is a minute."""
    with a_sandbox(tmp_path, calls_per_hour=1, speed=60.0) as sandbox:
        assert [sandbox.generate(key=key).status_code for key in ("sbx_a", "sbx_a", "sbx_b")] == [400, 429, 400]
        sandbox.clock.advance(60)
        assert sandbox.generate(key="sbx_a").status_code == 400


@pytest.mark.parametrize(
    ("wish", "code"), [("[sandbox: refuse]", "GENERATION_FAILED"), ("[sandbox: crash]", "INTERNAL_ERROR")]
)
def test_a_server_error_costs_nothing(tmp_path: Path, wish: str, code: str) -> None:
    """The documented 500s, on request, before any charge."""
    with a_sandbox(tmp_path) as sandbox:
        broken = sandbox.generate(a_shot(prompt=f"A boat. {wish}"))
        assert (broken.status_code, broken.json()["errorCode"]) == (500, code)
        assert sandbox.log("charges.jsonl") == []


def test_generation_time_follows_from_seed_and_request(tmp_path: Path) -> None:
    """The same order takes the same time in another sandbox of the seed, and another time under another seed."""
    times = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        (tmp_path / name).mkdir()
        with a_sandbox(tmp_path / name, seed=seed, clock=HandClock()) as sandbox:
            times.append([shot["generationTime"] for shot in sandbox.finish(a_shot("a"), a_shot("b", prompt="Snow."))])
    assert times[0] == times[1] != times[2]
