"""Faults of the two calls, each provoked over a real socket, and what the charge log says of the money."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest
from builders_sandbox import CHECK, GENERATE, KEY, Sandbox, a_sandbox, a_shot, until

from pipeline.sandbox import FaultScript, Rule
from pipeline.sandbox.line import End

ENDS = get_args(End)
ORDER = {"shots": [a_shot()]}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One for all tests; each takes it afresh."""
    with a_sandbox(tmp_path_factory.mktemp("faults"), calls_per_hour=10_000) as sandbox:
        yield sandbox


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["errorCode"]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(("charged", "lines"), [(False, []), (True, ["charge"])])
def test_a_call_may_be_dropped_before_or_after_the_charge(
    sandbox: Sandbox, end: End, charged: bool, lines: list[str]
) -> None:
    """No byte comes back either way; an unread call leaves no trace in the logs, a lost answer its charge."""
    sandbox = sandbox.afresh(Rule("generate", "drop", end=end, charged=charged))
    assert sandbox.raw(GENERATE, ORDER) == (b"", end)
    assert sandbox.money() == lines
    assert len(sandbox.log("requests.jsonl")) == len(lines)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("at_byte", [1, 17, 100, 230])
def test_an_answer_may_be_cut_at_any_byte(sandbox: Sandbox, at_byte: int, end: End) -> None:
    """In the status line, behind it, in the headers, in the body; the shot is charged."""
    sandbox = sandbox.afresh(Rule("generate", "cut", at_byte=at_byte, end=end))
    came, how = sandbox.raw(GENERATE, ORDER)
    assert (len(came), how) == (at_byte, end)
    assert came.startswith(b"HTTP/1.1 200 OK\r\n"[:at_byte])
    assert sandbox.money() == ["charge"]


def test_a_cut_behind_the_last_byte_changes_only_the_end(sandbox: Sandbox) -> None:
    """At exactly its length the answer is whole and the line is reset; farther on nothing happens to it."""
    whole, _ = sandbox.afresh().raw(CHECK, {})
    for at_byte, end in ((len(whole), "reset"), (len(whole) + 1, "close")):
        sandbox = sandbox.afresh(Rule("check-status", "cut", at_byte=at_byte, end="reset"))
        assert sandbox.raw(CHECK, {}) == (whole, end)


def test_a_hung_line_holds_up_neither_the_others_nor_the_end(tmp_path: Path) -> None:
    """The server answers meanwhile, and stops at once (open downloads would have two seconds) with the line open."""
    with ExitStack() as stack, socket.socket() as line:
        sandbox = stack.enter_context(a_sandbox(tmp_path, faults=FaultScript(Rule("check-status", "drop", end="hang"))))
        line.connect(("127.0.0.1", httpx.URL(sandbox.url).port))
        line.sendall(f"POST {CHECK} HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\n{{}}".encode())
        until(lambda: len(sandbox.script.happened) == 1)
        assert sandbox.generate(a_shot()).status_code == 200
        stopped_at = time.monotonic()
        stack.close()
        assert time.monotonic() - stopped_at < 1.5


@pytest.mark.parametrize(("charged", "lines"), [(False, []), (True, ["charge"])])
@pytest.mark.parametrize("status", [502, 503, 504, 520])
def test_a_gateway_may_answer_with_its_page(sandbox: Sandbox, status: int, charged: bool, lines: list[str]) -> None:
    """HTML that says nothing of the charge."""
    sandbox = sandbox.afresh(Rule("generate", "error", status=status, charged=charged))
    answer = sandbox.generate(a_shot())
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert f"<title>{status} " in answer.text
    assert sandbox.money() == lines


@pytest.mark.parametrize(("charged", "lines"), [(False, []), (True, ["charge"])])
def test_the_vendor_may_break_in_its_own_form(sandbox: Sandbox, charged: bool, lines: list[str]) -> None:
    """500 INTERNAL_ERROR in JSON, before or after the charge."""
    sandbox = sandbox.afresh(Rule("generate", "error", form="json", charged=charged))
    assert code(sandbox.generate(a_shot())) == (500, "INTERNAL_ERROR")
    assert sandbox.money() == lines


@pytest.mark.parametrize("retry_after", [None, "7", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_a_429_may_say_when_to_come_back(sandbox: Sandbox, retry_after: str | None) -> None:
    """With the window far from full; at both doors."""
    sandbox = sandbox.afresh(Rule("api", "rate_limited", retry_after=retry_after))
    for answer in (sandbox.generate(a_shot()), sandbox.check({"shotId": "run", "taskId": "task_0"})):
        assert code(answer) == (429, "API_KEY_RATE_LIMIT_EXCEEDED")
        assert answer.headers.get("retry-after") == retry_after
    assert sandbox.money() == []


def test_the_credits_may_run_out_midway(sandbox: Sandbox) -> None:
    """402 from the second call on, with what that call would cost."""
    sandbox = sandbox.afresh(Rule("generate", "no_credits", since=2))
    assert sandbox.generate(a_shot("one")).status_code == 200
    refused = sandbox.generate(a_shot("two"), a_shot("three"))
    assert (code(refused), refused.json()["requiredCredits"]) == ((402, "INSUFFICIENT_CREDITS"), 20)
    assert sandbox.money() == ["charge"]


@pytest.mark.parametrize(("until", "last"), [(None, 401), (2, 200)])
def test_the_key_may_be_revoked(sandbox: Sandbox, until: int | None, last: int) -> None:
    """From the second call on, at both doors, for good or for one call."""
    sandbox = sandbox.afresh(Rule("api", "revoked", since=2, until=until))
    (task,) = sandbox.start(a_shot())
    assert code(sandbox.check(task)) == (401, "LOGIN_REQUIRED")
    assert sandbox.check(task).status_code == last


def test_some_shots_of_a_call_may_fail(sandbox: Sandbox) -> None:
    """The first and third of three; the others go on, and what failed is refunded."""
    sandbox = sandbox.afresh(Rule("generate", "fail", positions=(1, 3)))
    tasks = sandbox.generate(a_shot("one"), a_shot("two"), a_shot("three")).json()["shots"]
    sandbox.wait_for_clip(tasks[1])
    sandbox.clock.advance(900)
    states = [shot["status"] for shot in sandbox.check(*tasks).json()["shots"]]
    assert states == ["failed", "completed", "failed"]
    assert sandbox.money() == ["charge"] * 3 + ["refund"] * 2


def test_a_call_may_fail_at_once(tmp_path: Path) -> None:
    """200 and `failed`, as in the vendor's own sample; charged and refunded by then."""
    with a_sandbox(tmp_path, credits=10, faults=FaultScript(Rule("generate", "failed_at_once", nth=1))) as sandbox:
        answer = sandbox.generate(a_shot())
        assert (answer.status_code, answer.json()) == (200, {"status": "failed", "error": "Video generation failed"})
        assert sandbox.money() == ["charge", "refund"]
        assert sandbox.generate(a_shot()).status_code == 200


@pytest.mark.parametrize(
    ("rule", "lines"),
    [
        (Rule("generate", "refund_late", seconds=60), [["charge"], ["charge", "refund"]]),
        (Rule("generate", "refund_never"), [["charge"], ["charge"]]),
    ],
)
def test_a_refund_may_be_late_or_never_come(sandbox: Sandbox, rule: Rule, lines: list[list[str]]) -> None:
    """59 and 60 seconds after the shot was seen to fail."""
    sandbox = sandbox.afresh(rule)
    (task,) = sandbox.start(a_shot(prompt="[sandbox: fail]"))
    sandbox.clock.advance(300)
    assert sandbox.check(task).json()["status"] == "failed"
    seen = []
    for seconds in (59, 1):
        sandbox.clock.advance(seconds)
        sandbox.check(task)
        seen.append(sandbox.money())
    assert seen == lines


@pytest.mark.parametrize(
    ("rule", "ids", "words"),
    [
        (Rule("api", "reordered"), ["two", "one"], {"processing"}),
        (Rule("api", "missing"), ["one"], {"processing"}),
        (Rule("api", "extra", count=2), ["one", "two", "stranger-0", "stranger-1"], {"processing"}),
        (Rule("api", "word", word="paused"), ["one", "two"], {"paused"}),
    ],
)
def test_an_answer_may_be_garbled(sandbox: Sandbox, rule: Rule, ids: list[str], words: set[str]) -> None:
    """At both doors alike; both shots are charged."""
    sandbox = sandbox.afresh()
    tasks = sandbox.generate(a_shot("one"), a_shot("two")).json()["shots"]
    sandbox.script.add(rule)
    for answer in (sandbox.generate(a_shot("one"), a_shot("two")).json(), sandbox.check(*tasks).json()):
        assert [shot["shotId"] for shot in answer["shots"]] == ids
        assert {shot["status"] for shot in answer["shots"]} == words
    assert sandbox.money() == ["charge"] * 4


def test_a_completed_shot_may_lack_its_address(sandbox: Sandbox) -> None:
    """Once; the next answer has it."""
    sandbox = sandbox.afresh(Rule("check-status", "no_url", nth=1))
    (shot,) = sandbox.finish(a_shot())
    assert (shot["status"], "videoUrl" in shot) == ("completed", False)
    assert "videoUrl" in sandbox.check(shot).json()["shots"][0]


def test_a_fresh_task_may_not_be_found_yet(sandbox: Sandbox) -> None:
    """The first two times that it is asked about; its elder in the same call is held back with it."""
    sandbox = sandbox.afresh(Rule("check-status", "fresh", asks=2))
    (elder,) = sandbox.start(a_shot("elder"))
    assert [sandbox.check(elder).status_code for _ in range(3)] == [404, 404, 200]
    (fresh,) = sandbox.start(a_shot("fresh"))
    assert [sandbox.check(elder, fresh).status_code for _ in range(3)] == [404, 404, 200]


def test_a_task_may_not_be_found_for_a_time(sandbox: Sandbox) -> None:
    """30 seconds after the charge it is there."""
    sandbox = sandbox.afresh(Rule("check-status", "fresh", seconds=30))
    (task,) = sandbox.start(a_shot())
    sandbox.clock.advance(29.9)
    assert code(sandbox.check(task)) == (404, "TASK_NOT_FOUND")
    sandbox.clock.advance(0.1)
    assert sandbox.check(task).status_code == 200


@pytest.mark.parametrize("fault", ["not_found", "revoked", "rate_limited", "error", "drop", "cut"])
def test_asking_may_go_wrong_once(sandbox: Sandbox, fault: str) -> None:
    """The second time all is well, and nothing was charged for it."""
    sandbox = sandbox.afresh(Rule("check-status", fault, nth=1))
    (task,) = sandbox.start(a_shot())
    body = {"taskIds": [{"shotId": "run", "taskId": task["taskId"]}]}
    assert not sandbox.raw(CHECK, body)[0].startswith(b"HTTP/1.1 200")
    assert sandbox.check(task).json()["status"] == "processing"
    assert sandbox.money() == ["charge"]


@pytest.mark.parametrize(("charged", "lines"), [(False, []), (True, ["charge"])])
def test_an_answer_may_be_late(sandbox: Sandbox, charged: bool, lines: list[str]) -> None:
    """A client that leaves meanwhile: charged already, or not yet."""
    rule = Rule("generate", "late", seconds=0.5, charged=charged)
    sandbox = sandbox.afresh(rule)
    with pytest.raises(httpx.ReadTimeout):
        sandbox.http.post(GENERATE, json=ORDER, headers={"Authorization": f"Bearer {KEY}"}, timeout=0.2)
    assert sandbox.money() == lines
    assert sandbox.generate(a_shot()).elapsed.total_seconds() >= 0.5


@pytest.mark.parametrize(
    ("wish", "ends", "lines"),
    [
        ("refuse", b'"errorCode":"GENERATION_FAILED"}', []),
        ("crash", b'"errorCode":"INTERNAL_ERROR"}', []),
        ("Lose the Call", b"", []),
        ("lose the answer", b"", ["charge"]),
        ("sink", b'"creditsUsed":10}', ["charge"]),
    ],
)
def test_a_prompt_may_wish_for_a_fault(sandbox: Sandbox, wish: str, ends: bytes, lines: list[str]) -> None:
    """In brackets, in any case, anywhere; any other word wishes for nothing."""
    sandbox = sandbox.afresh()
    came, _ = sandbox.raw(GENERATE, {"shots": [a_shot(prompt=f"A boat [SANDBOX:  {wish} ] at dawn.")]})
    assert came[-len(ends) :] == ends if ends else came == b""
    assert sandbox.money() == lines


def test_a_wish_is_about_the_shot_that_makes_it(sandbox: Sandbox) -> None:
    """The other one of the call is completed; the refund of this one is kept."""
    sandbox = sandbox.afresh()
    bad, good = a_shot("bad", prompt="[sandbox: fail] [sandbox: keep the refund]"), a_shot("good")
    ended: list[dict[str, Any]] = sandbox.finish(bad, good)
    assert [shot["status"] for shot in ended] == ["failed", "completed"]
    assert sandbox.money() == ["charge", "charge"]
