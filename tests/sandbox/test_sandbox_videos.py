"""The addresses of clips: ranges, validators, and their end; and the shelf for the client's own pictures."""

from __future__ import annotations

import hashlib
from pathlib import Path

import httpx
import pytest
from builders_sandbox import CLIP, Sandbox, a_sandbox, a_shot

PICTURE = b"as good as a picture"
PICTURE_PATH = f"/assets/{hashlib.sha256(PICTURE).hexdigest()}.png"


def video_url(sandbox: Sandbox) -> str:
    return str(sandbox.finish(a_shot())[0]["videoUrl"])


@pytest.mark.parametrize(
    ("wanted", "status", "content_range", "content"),
    [
        ("bytes=0-9", 206, "bytes 0-9/9000", CLIP[:10]),
        ("bytes=8990-", 206, "bytes 8990-8999/9000", CLIP[8990:]),
        ("bytes=-5", 206, "bytes 8995-8999/9000", CLIP[-5:]),
        ("bytes=8999-99999", 206, "bytes 8999-8999/9000", CLIP[8999:]),
        ("bytes=9000-", 416, "bytes */9000", b""),
    ],
)
def test_a_range_is_served(tmp_path: Path, wanted: str, status: int, content_range: str, content: bytes) -> None:
    """First, last and impossible bytes of a clip of 9,000."""
    with a_sandbox(tmp_path) as sandbox:
        answer = sandbox.http.get(video_url(sandbox), headers={"Range": wanted})
        assert (answer.status_code, answer.headers["content-range"]) == (status, content_range)
        assert answer.content == content


def test_a_head_tells_what_a_get_would(tmp_path: Path) -> None:
    """The same headers, and no bytes."""
    with a_sandbox(tmp_path) as sandbox:
        url = video_url(sandbox)
        head, get = sandbox.http.head(url), sandbox.http.get(url)
        names = ("content-length", "content-type", "etag", "last-modified", "accept-ranges")
        assert [head.headers[name] for name in names] == [get.headers[name] for name in names]
        assert (head.content, head.headers["content-length"]) == (b"", "9000")
        assert not head.headers["etag"].startswith("W/")


def test_if_range_guards_against_another_file(tmp_path: Path) -> None:
    """With the clip's own ETag the rest comes; with another one, all of it."""
    with a_sandbox(tmp_path) as sandbox:
        url = video_url(sandbox)
        etag = sandbox.http.head(url).headers["etag"]
        same = sandbox.http.get(url, headers={"Range": "bytes=10-", "If-Range": etag})
        other = sandbox.http.get(url, headers={"Range": "bytes=10-", "If-Range": '"another"'})
        assert [(answer.status_code, answer.content) for answer in (same, other)] == [(206, CLIP[10:]), (200, CLIP)]


def test_an_address_expires_and_a_fresh_one_is_handed_out(tmp_path: Path) -> None:
    """20 minutes at any speed, counted from the check-status that issued it."""
    with a_sandbox(tmp_path, speed=600.0) as sandbox:
        (task,) = sandbox.finish(a_shot())
        sandbox.clock.advance(1199)
        fresh = sandbox.check(task).json()["shots"][0]["videoUrl"]
        assert sandbox.http.get(task["videoUrl"]).status_code == 200
        sandbox.clock.advance(1)
        assert [sandbox.http.get(url).status_code for url in (task["videoUrl"], fresh)] == [403, 200]


def test_an_address_cannot_be_guessed_or_prolonged(tmp_path: Path) -> None:
    """Another clip under this seal, a later end, no seal at all: all forbidden."""
    with a_sandbox(tmp_path) as sandbox:
        url = httpx.URL(video_url(sandbox))
        _, videos, token, name = url.path.split("/")
        until, _, seal = token.partition("-")
        forged = [f"f{until}-{seal}/{name}", f"{until}-{seal}/task_0.mp4", f"{until}-/{name}", f"%C3%A9-%C3%A9/{name}"]
        answers = [sandbox.http.get(f"/{videos}/{path}") for path in forged]
        assert [answer.status_code for answer in answers] == [403] * 4


def test_a_picture_is_kept_by_its_content(tmp_path: Path) -> None:
    """Put twice, had back; and its address is what a shot may name."""
    with a_sandbox(tmp_path) as sandbox:
        for _ in range(2):
            assert sandbox.http.put(PICTURE_PATH, content=PICTURE).json() == {"url": sandbox.url + PICTURE_PATH}
        assert sandbox.http.get(PICTURE_PATH).content == PICTURE
        shot = a_shot(generationType="REFERENCE_2_VIDEO", imageUrls=[sandbox.url + PICTURE_PATH])
        assert sandbox.generate(shot).status_code == 200


@pytest.mark.parametrize("path", ["/assets/picture.png", PICTURE_PATH.replace(".png", ".exe"), PICTURE_PATH])
def test_a_picture_under_a_false_name_is_refused(tmp_path: Path, path: str) -> None:
    """The name is the SHA-256 of the bytes and says that it is a picture."""
    with a_sandbox(tmp_path) as sandbox:
        assert sandbox.http.post(path, content=PICTURE + b"!").status_code == 400
        assert sandbox.http.get(path).status_code == 404
        assert sandbox.http.get("/assets/..%2Fsandbox.sqlite3").status_code == 404
