"""What the sandbox writes down for whoever checks."""

from __future__ import annotations

from pathlib import Path

from builders_sandbox import KEY_NAME, a_sandbox, a_shot

from pipeline.sandbox.logs import LineLog, open_as_copy


def test_a_charge_and_its_refund_are_logged(tmp_path: Path) -> None:
    """Both lines name the key by its hash, the shot, the task, the credits and the request."""
    with a_sandbox(tmp_path) as sandbox:
        (task,) = sandbox.finish(a_shot("run~tk01~0f3a", prompt="[sandbox: fail]"), resolution="4k")
        charge, refund = sandbox.log("charges.jsonl")
        assert list(charge) == ["at", "key", "kind", "shotId", "taskId", "credits", "request"]
        assert (charge["kind"], refund["kind"]) == ("charge", "refund")
        assert {**charge, "kind": 0, "at": 0} == {**refund, "kind": 0, "at": 0}
        assert (charge["key"], charge["shotId"], charge["credits"]) == (KEY_NAME, "run~tk01~0f3a", 30)
        assert charge["taskId"] == task["taskId"]
        assert refund["at"] == "2026-05-01T12:05:00.000000+00:00"


def test_every_call_is_logged_with_the_request_it_names(tmp_path: Path) -> None:
    """One shot names one request, several a list; refusals are logged too; bodies are not unless asked for."""
    with a_sandbox(tmp_path, credits=30) as sandbox:
        sandbox.generate(a_shot("a"))
        sandbox.generate(a_shot("a"), a_shot("b"), a_shot("c"))
        sandbox.generate()
        one, several, none = sandbox.log("requests.jsonl")
        request = sandbox.log("charges.jsonl")[0]["request"]
        assert {"at", "key", "path", "status", "request"} == set(one) == set(several)
        assert (one["request"], several["request"]) == (request, [request] * 3)
        assert (one["status"], several["status"], none["status"]) == (200, 402, 400)
        assert "request" not in none


def test_bodies_are_logged_on_request(tmp_path: Path) -> None:
    """JSON as JSON, anything else as text."""
    with a_sandbox(tmp_path, log_bodies=True) as sandbox:
        sandbox.generate(a_shot("a", prompt="港口"))
        sandbox.send("/api/veo-3/generate", b"not json")
        order, nonsense = (line["body"] for line in sandbox.log("requests.jsonl"))
        assert order["shots"][0]["prompt"] == "港口"
        assert nonsense == "not json"


def test_a_torn_line_is_taken_off(tmp_path: Path) -> None:
    """A log that a kill cut in the middle of a line goes on at a line's start."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(b'{"n": 1}\n{"n":')
    log = LineLog(path)
    log.append({"n": 2})
    log.close()
    assert path.read_bytes() == b'{"n": 1}\n{"n": 2}\n'


def test_a_copy_is_completed_from_its_source(tmp_path: Path) -> None:
    """Lines that were committed and never written appear."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(b'{"n": 1}\n{"n"')
    open_as_copy(path, [{"n": 1}, {"n": 2}]).close()
    assert path.read_bytes() == b'{"n": 1}\n{"n": 2}\n'
