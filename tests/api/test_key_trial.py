"""What every answer to a question about nobody's task says of the key."""

from __future__ import annotations

import asyncio

import pytest
from serving import answering, serve_app

from pipeline.api.key_trial import KeyTrial, try_key

NO_TASK = '{"errorCode": "TASK_NOT_FOUND"}'


def tried(status: int, body: str, **headers: str) -> KeyTrial:
    with serve_app(answering(status, body, **headers)) as url:
        return asyncio.run(try_key(url, "sbx_canary"))


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (404, NO_TASK, "the key is good"),
        (401, '{"errorCode": "LOGIN_REQUIRED"}', "HTTP 401 LOGIN_REQUIRED: the key is not accepted"),
        (403, "", "HTTP 403: the key is not accepted"),
        (429, '{"errorCode": "API_KEY_RATE_LIMIT_EXCEEDED"}', "It does not say for how long."),
        (404, "<html>nothing here</html>", "HTTP 404: nothing of the vendor's is at this address"),
        (502, "<html>", "HTTP 502: an answer that says nothing about the key"),
        (200, NO_TASK, "HTTP 200 TASK_NOT_FOUND: an answer that says nothing"),
        (302, "", "HTTP 302: an answer that says nothing"),
        (404, "[" * 100_000, "HTTP 404: nothing of the vendor's"),
        (404, '["TASK_NOT_FOUND"]', "HTTP 404: nothing of the vendor's"),
    ],
)
def test_every_answer_is_a_sentence(status: int, body: str, says: str) -> None:
    """Only the documented answer makes a key good."""
    trial = tried(status, body)
    assert says in trial.told and trial.is_key_good == (trial.told == "the key is good")


def test_what_the_headers_say_of_limits_is_kept() -> None:
    """Whatever they are called."""
    trial = tried(429, "{}", X_RateLimit_Remaining="7", RateLimit="limit=100", Retry_After="60", Server="x")
    assert trial.limits == {"x-ratelimit-remaining": "7", "ratelimit": "limit=100", "retry-after": "60"}
    assert trial.told.endswith("Try again in 60 s.")


def test_nobody_at_the_address_is_told() -> None:
    """Port 1 of this machine is closed."""
    trial = asyncio.run(try_key("http://127.0.0.1:1", "sbx_canary"))
    assert trial.status is None and "nothing answers here: ConnectError" in trial.told
