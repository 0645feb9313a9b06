"""The reading of a call: every way to get it wrong ends in the documented code, and in nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from builders_sandbox import a_shot
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.sandbox.contract import ERRORS, ErrorCode, Refusal, read_check_status, read_document, read_generate

HOST = "127.0.0.1:8000"
PICTURE = "https://example.org/a.png"


def frames(*urls: Any) -> dict[str, Any]:
    return a_shot(generationType="FIRST_AND_LAST_FRAMES_2_VIDEO", imageUrls=list(urls))


def refs(*urls: Any) -> dict[str, Any]:
    return a_shot(generationType="REFERENCE_2_VIDEO", imageUrls=list(urls))


def code_of(document: Any) -> ErrorCode | None:
    try:
        read_generate(document, host=HOST)
    except Refusal as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({}, "SHOTS_REQUIRED"),
        ({"shots": None}, "SHOTS_REQUIRED"),
        ({"shots": []}, "SHOTS_REQUIRED"),
        ({"shots": "a shot"}, "SHOTS_REQUIRED"),
        ({"shots": {"0": a_shot()}}, "SHOTS_REQUIRED"),
        ({"shots": ["a shot"]}, "INVALID_INPUT"),
        ({"shots": [None]}, "INVALID_INPUT"),
        ({"shots": [[]]}, "INVALID_INPUT"),
        ({"shots": [a_shot(str(n)) for n in range(22)]}, "INVALID_INPUT"),
        ({"shots": [a_shot("same"), a_shot("same")]}, "INVALID_INPUT"),
        ({"shots": [a_shot(id=None)]}, "INVALID_INPUT"),
        ({"shots": [a_shot(id=7)]}, "INVALID_INPUT"),
        ({"shots": [a_shot(id=" ")]}, "INVALID_INPUT"),
        ({"shots": [a_shot(prompt=None)]}, "PROMPT_REQUIRED"),
        ({"shots": [a_shot(prompt=" \n")]}, "PROMPT_REQUIRED"),
        ({"shots": [a_shot(prompt=["run"])]}, "PROMPT_REQUIRED"),
        ({"shots": [a_shot(generationType="TEXT")]}, "INVALID_INPUT"),
        ({"shots": [a_shot(generationType=None)]}, "INVALID_INPUT"),
        ({"shots": [a_shot(generationType={})]}, "INVALID_INPUT"),
        ({"shots": [a_shot(aspectRatio="1:1")]}, "INVALID_INPUT"),
        ({"shots": [a_shot(aspectRatio=1.78)]}, "INVALID_INPUT"),
        ({"shots": [a_shot()], "resolution": "8k"}, "INVALID_INPUT"),
        ({"shots": [a_shot()], "resolution": 720}, "INVALID_INPUT"),
        ({"shots": [a_shot("a"), a_shot("b")], "resolution": "1080p"}, "INVALID_INPUT"),
        ({"shots": [a_shot("a"), a_shot("b")], "resolution": "4k"}, "INVALID_INPUT"),
        ({"shots": [a_shot(imageUrls=[PICTURE])]}, "INVALID_IMAGE_COUNT"),
        ({"shots": [frames()]}, "INVALID_IMAGE_COUNT"),
        ({"shots": [frames(PICTURE, PICTURE, PICTURE)]}, "INVALID_IMAGE_COUNT"),
        ({"shots": [refs()]}, "INVALID_IMAGE_COUNT"),
        ({"shots": [refs(*[PICTURE] * 4)]}, "INVALID_IMAGE_COUNT"),
        ({"shots": [frames("data:image/png;base64,iVBORw0KGgo=")]}, "IMAGE_URLS_REQUIRED"),
        ({"shots": [frames("iVBORw0KGgo=")]}, "IMAGE_URLS_REQUIRED"),
        ({"shots": [frames("file:///etc/passwd")]}, "IMAGE_URLS_REQUIRED"),
        ({"shots": [frames("http://[half")]}, "IMAGE_URLS_REQUIRED"),
        ({"shots": [frames("https://")]}, "IMAGE_URLS_REQUIRED"),
        ({"shots": [frames(None)]}, "IMAGE_URLS_REQUIRED"),
        ({"shots": [{**frames(), "imageUrls": PICTURE}]}, "IMAGE_URLS_REQUIRED"),
        ({"shots": [{**frames(), "imageUrls": {"first": PICTURE}}]}, "IMAGE_URLS_REQUIRED"),
    ],
)
def test_a_wrong_order_is_refused_with_its_code(document: Any, code: str) -> None:
    """Each rule of the contract, broken once."""
    assert code_of(document) == code


@pytest.mark.parametrize(
    "document",
    [
        {"shots": [a_shot(str(n)) for n in range(21)]},
        {"shots": [a_shot(imageUrls=[])]},
        {"shots": [a_shot(imageUrls=None)], "resolution": None},
        {"shots": [a_shot()], "resolution": "4k", "unheardOf": True},
        {"shots": [frames(PICTURE)]},
        {"shots": [frames(PICTURE, PICTURE)]},
        {"shots": [refs(PICTURE, PICTURE, PICTURE)], "resolution": "1080p"},
    ],
)
def test_a_right_order_is_read(document: Any) -> None:
    """The edges of what is allowed."""
    assert code_of(document) is None


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({}, "TASK_IDS_REQUIRED"),
        ({"taskIds": None}, "TASK_IDS_REQUIRED"),
        ({"taskIds": []}, "TASK_IDS_REQUIRED"),
        ({"taskIds": "task_1"}, "TASK_IDS_REQUIRED"),
        ({"taskIds": [{"shotId": "run"}]}, "TASK_IDS_REQUIRED"),
        ({"taskIds": [{"shotId": "run", "taskId": 1}]}, "TASK_IDS_REQUIRED"),
        ({"taskIds": ["task_1"]}, "INVALID_INPUT"),
        ({"taskIds": [{"taskId": "task_1"}]}, "INVALID_INPUT"),
        ({"taskIds": [{"shotId": "run", "taskId": "task_1"}], "resolution": "8k"}, "INVALID_INPUT"),
    ],
)
def test_a_wrong_question_is_refused_with_its_code(document: Any, code: str) -> None:
    """Each rule of check-status, broken once."""
    with pytest.raises(Refusal) as refused:
        read_check_status(document)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"shots"',
        b"\xff\xfe{}",
        b'{"shots": NaN}',
        b'{"id": "\\ud800"}',
        b'{"n": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b" " * (16 * 1024 * 1024 + 1),
    ],
    ids=lambda body: f"{body[:12]!r}-{len(body)}",
)
def test_a_body_that_is_no_json_object_is_invalid_input(body: bytes) -> None:
    """Cut, empty, mis-encoded, endless and bottomless bodies."""
    with pytest.raises(Refusal) as refused:
        read_document(body)
    assert refused.value.code == "INVALID_INPUT"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
SHOTS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("id", "prompt", "generationType", "aspectRatio", "imageUrls"), JSON)
).map(lambda odd: {**a_shot(), **odd})


@settings(max_examples=150, deadline=None)
@given(st.fixed_dictionaries({}, optional={"shots": JSON | st.lists(SHOTS, max_size=3), "resolution": JSON}))
def test_any_json_is_either_read_or_refused(document: dict[str, Any]) -> None:
    """No value anywhere in an order breaks the reader."""
    try:
        shots = read_generate(read_document(json.dumps(document).encode()), host=HOST)
    except Refusal as refusal:
        assert refusal.code in ERRORS
    else:
        assert all(len(shot.request_hash) == 64 for shot in shots)


def test_a_request_is_hashed_by_what_it_asks_for_with_own_images_by_path() -> None:
    """The hash is of the documented JSON, written here by hand; neither the shot's id nor the port is in it."""
    shot = frames(f"http://{HOST}/assets/a.png", "https://example.org/b.png") | {"prompt": "港口的黎明"}
    (ordered,) = read_generate({"shots": [shot], "resolution": "1080p"}, host=HOST)
    assert ordered.request_hash == "645e44b6eaba4d05fff89efa134bfc2cb776754cc3311533b644971de490282e"


def test_every_code_has_a_status() -> None:
    """The table of errors is whole."""
    assert set(ERRORS) == set(ErrorCode)
