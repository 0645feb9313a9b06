"""Strangers, nonsense and wrong doors, all at one running server: always an error in the vendor's form."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from builders_sandbox import CHECK, GENERATE, KEY_NAME, Sandbox, a_sandbox, a_shot


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One for all: none of these calls changes it."""
    with a_sandbox(tmp_path_factory.mktemp("refusals"), log_bodies=True) as sandbox:
        yield sandbox


@pytest.mark.parametrize(
    "authorization",
    [None, "", "sbx_test", "Basic sbx_test", "Bearer", "Bearer sbx_", "Bearer sk-real-key-123", "Bearer sbx_a b"],
)
def test_any_other_key_is_refused_like_none_and_kept_nowhere(sandbox: Sandbox, authorization: str | None) -> None:
    """One answer to all of them; no file of the sandbox holds the key or its hash."""
    headers = {} if authorization is None else {"Authorization": authorization}
    refused = sandbox.http.post(GENERATE, json={"shots": [a_shot()]}, headers=headers)
    assert (refused.status_code, refused.json()["errorCode"]) == (401, "LOGIN_REQUIRED")
    assert refused.content == sandbox.http.post(CHECK).content
    assert {line["key"] for line in sandbox.log("requests.jsonl")} <= {None, KEY_NAME}
    files = [path.read_bytes() for path in sandbox.state_dir.rglob("*") if path.is_file()]
    assert not any(b"sk-real" in content for content in files)


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        (GENERATE, b"", "INVALID_INPUT"),
        (GENERATE, b"\xff", "INVALID_INPUT"),
        (GENERATE, b"{" * 100_000, "INVALID_INPUT"),
        (GENERATE, b"x" * (17 * 1024 * 1024), "INVALID_INPUT"),
        (GENERATE, b"{}", "SHOTS_REQUIRED"),
        (CHECK, b"{}", "TASK_IDS_REQUIRED"),
        (CHECK, b"[]", "INVALID_INPUT"),
        (CHECK, b'{"taskIds":[{"shotId":"\\udc00","taskId":"\\u0000"}]}', "INVALID_INPUT"),
    ],
    ids=lambda part: part[:20] if isinstance(part, str) else f"{len(part)}-bytes",
)
def test_a_nasty_body_gets_a_documented_error(sandbox: Sandbox, path: str, body: bytes, code: str) -> None:
    """Whatever the bytes are, the answer is JSON with a code, and the server lives on."""
    refused = sandbox.send(path, body)
    assert (refused.status_code, refused.json()["errorCode"]) == (400, code)
    assert sandbox.generate(a_shot()).status_code == 200


def test_other_paths_and_methods_are_refused_in_json(sandbox: Sandbox) -> None:
    """404 and 405 carry an `error` and no code: the contract has none for them."""
    answers = [sandbox.http.get(GENERATE), sandbox.http.put(CHECK), sandbox.http.post("/api/veo-3/cancel")]
    assert [answer.status_code for answer in answers] == [405, 405, 404]
    assert [set(answer.json()) for answer in answers] == [{"error"}] * 3
