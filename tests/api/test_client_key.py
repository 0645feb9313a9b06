"""The key is in nothing that the client hands on, whatever the other side says back."""

from __future__ import annotations

import pytest
from test_client import KEY, answering, generate

from pipeline.model.answer import Doubt

SPELT_OTHERWISE = KEY.replace("_", "\\u005f")


@pytest.mark.parametrize(
    "answer",
    [
        f"HTTP/1.1 502 Bad\r\nContent-Length: {len(KEY)}\r\n\r\n{KEY}",
        f"HTTP/1.1 502 Bad\r\nContent-Length: {len(SPELT_OTHERWISE)}\r\n\r\n{SPELT_OTHERWISE}",
        f"HTTP/1.1 200 OK\r\nno header at all {KEY}\r\n\r\n",
        f"{KEY} is no HTTP\r\n\r\n",
    ],
)
def test_an_answer_that_repeats_the_key_is_kept_without_it(answer: str) -> None:
    """In a body, in a header that is none, and in what is no HTTP: libraries quote all of it."""
    outcome = generate(answering(answer.encode()))
    assert isinstance(outcome, Doubt)
    assert KEY not in repr(outcome) and SPELT_OTHERWISE not in repr(outcome) and "[key]" in repr(outcome)
