"""Faults of the addresses of clips, each provoked over a real socket."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import httpx
import pytest
from builders_sandbox import CLIP, Sandbox, a_sandbox, a_shot

from pipeline.sandbox import Rule
from pipeline.sandbox.line import End

FROM_10 = {"Range": "bytes=10-"}


@pytest.fixture(scope="module")
def the_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One with a finished clip; the tests change only its rules."""
    with a_sandbox(tmp_path_factory.mktemp("videos")) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def url(the_sandbox: Sandbox) -> str:
    return str(the_sandbox.finish(a_shot("run.paris~tk01"))[0]["videoUrl"])


@pytest.fixture
def sandbox(the_sandbox: Sandbox) -> Sandbox:
    return the_sandbox.afresh()


def headers_from_10(answer: httpx.Response) -> dict[str, str]:
    """What asks for the rest of the clip behind its tenth byte, if it is still the same."""
    return {**FROM_10, "If-Range": answer.headers["etag"]}


@pytest.mark.parametrize("status", [403, 404, 410])
def test_an_address_may_expire_before_its_time(sandbox: Sandbox, url: str, status: int) -> None:
    """Once; it is good again afterwards."""
    sandbox.script.add(Rule("video", "expired", status=status, nth=1))
    assert [sandbox.http.get(url).status_code for _ in range(2)] == [status, 200]


@pytest.mark.parametrize("end", get_args(End))
def test_a_clip_may_be_shorter_than_it_says(sandbox: Sandbox, url: str, end: End) -> None:
    """4,000 of 9,000 bytes, then the line closes, is reset or hangs; no byte more."""
    sandbox.script.add(Rule("video", "truncated", at_byte=4000, end=end))
    came = b""
    problems = (httpx.RemoteProtocolError, httpx.ReadError, httpx.ReadTimeout)
    with sandbox.http.stream("GET", url, timeout=0.2) as answer, pytest.raises(problems):
        assert answer.headers["content-length"] == "9000"
        for piece in answer.iter_raw():
            came += piece
    assert came == CLIP[:4000]


def test_a_clip_may_lack_its_end_and_say_nothing_of_it(sandbox: Sandbox, url: str) -> None:
    """4,000 bytes, as the Content-Length says, under the same ETag."""
    whole = sandbox.http.get(url)
    sandbox.script.add(Rule("video", "truncated", at_byte=4000, honest=True))
    short = sandbox.http.get(url)
    assert (short.content, short.headers["content-length"]) == (CLIP[:4000], "4000")
    assert short.headers["etag"] == whole.headers["etag"]


@pytest.mark.parametrize(("etag", "is_same"), [(None, True), ("changing", False)])
def test_a_resumed_clip_may_go_on_as_another(sandbox: Sandbox, url: str, etag: str | None, is_same: bool) -> None:
    """A 206 with other bytes, under the ETag asked for, or under another in spite of If-Range."""
    first = sandbox.http.get(url)
    sandbox.script.add(Rule("video", "spliced", etag=etag))  # type: ignore[arg-type]
    rest = sandbox.http.get(url, headers=headers_from_10(first))
    assert (rest.status_code, rest.headers["content-range"]) == (206, "bytes 10-8999/9000")
    assert rest.content == CLIP[::-1][10:]
    assert (rest.headers["etag"] == first.headers["etag"]) is is_same
    assert sandbox.http.get(url).content == CLIP


def test_a_clip_may_be_spliced_with_a_file(sandbox: Sandbox, url: str, tmp_path: Path) -> None:
    """The rest of the one that the rule names, with its length."""
    (tmp_path / "other.mp4").write_bytes(b"0123456789 and so on")
    sandbox.script.add(Rule("video", "spliced", file=str(tmp_path / "other.mp4")))
    rest = sandbox.http.get(url, headers=headers_from_10(sandbox.http.get(url)))
    assert (rest.content, rest.headers["content-range"]) == (b" and so on", "bytes 10-19/20")


def test_bits_of_a_clip_may_be_wrong(sandbox: Sandbox, url: str) -> None:
    """Three of them, the same ones for the same seed."""
    sandbox.script.add(Rule("video", "flipped", count=3, seed=7))
    flipped, again = sandbox.http.get(url).content, sandbox.http.get(url).content
    wrong = [(a ^ b).bit_count() for a, b in zip(flipped, CLIP, strict=True)]
    assert (sum(wrong), flipped == again) == (3, True)


def test_a_clip_may_never_end(sandbox: Sandbox, url: str) -> None:
    """Without a Content-Length, ten times its size and on; the server is well when the client has left."""
    sandbox.script.add(Rule("video", "endless", nth=1))
    with sandbox.http.stream("GET", url) as answer:
        assert "content-length" not in answer.headers
        came = b"".join(itertools.islice(answer.iter_raw(9000), 10))
    assert came == CLIP * 10
    assert sandbox.http.get(url).content == CLIP


def test_a_clip_may_trickle(sandbox: Sandbox, url: str) -> None:
    """9,000 bytes at 30,000 a second take three tenths of one; all of them come."""
    sandbox.script.add(Rule("video", "slow", bytes_per_s=30_000))
    answer = sandbox.http.get(url)
    assert (answer.content, answer.elapsed.total_seconds() >= 0.29) == (CLIP, True)


def test_a_page_may_come_in_place_of_a_clip(sandbox: Sandbox, url: str) -> None:
    """With status 200."""
    sandbox.script.add(Rule("video", "page"))
    answer = sandbox.http.get(url)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html")
    assert answer.text.startswith("<!doctype html>")


def test_another_file_may_come_in_place_of_a_clip(sandbox: Sandbox, url: str, tmp_path: Path) -> None:
    """Of another codec, size or rate: whatever lies there, whole or in part."""
    (tmp_path / "odd.mp4").write_bytes(b"another codec")
    sandbox.script.add(Rule("video", "other", file=str(tmp_path / "odd.mp4")))
    assert [sandbox.http.get(url, headers=asked).content for asked in ({}, {"Range": "bytes=8-"})] == [
        b"another codec",
        b"codec",
    ]


@pytest.mark.parametrize("to", ["http://10.0.0.1/clip.mp4", "ftp://127.0.0.1/clip.mp4", "https://example.com/"])
def test_an_address_may_lead_elsewhere(sandbox: Sandbox, url: str, to: str) -> None:
    """To a private address, another scheme, another host: nothing checks it here."""
    sandbox.script.add(Rule("video", "redirected", to=to))
    answer = sandbox.http.get(url)
    assert (answer.status_code, answer.headers["location"]) == (302, to)


@pytest.mark.parametrize(("nth", "ends"), [(1, [302, 200, 200]), (None, [302, 302, 302])])
def test_an_address_may_lead_to_itself(sandbox: Sandbox, url: str, nth: int | None, ends: list[int]) -> None:
    """Once, or round and round."""
    sandbox.script.add(Rule("video", "redirected", nth=nth))
    answers = [sandbox.http.get(url) for _ in range(3)]
    assert [answer.status_code for answer in answers] == ends
    assert answers[0].headers["location"] == url


def test_an_etag_may_be_weak_missing_or_changing(sandbox: Sandbox, url: str) -> None:
    """The clip is the same every time; a changing one never holds for If-Range."""
    strong = sandbox.http.get(url).headers["etag"]
    for etag in ("weak", "missing"):
        sandbox = sandbox.afresh(Rule("video", "etag", etag=etag))  # type: ignore[arg-type]
        assert sandbox.http.get(url).headers.get("etag") == {"weak": f"W/{strong}", "missing": None}[etag]
    sandbox = sandbox.afresh(Rule("video", "etag", etag="changing"))
    first = sandbox.http.get(url)
    assert sandbox.http.get(url, headers=headers_from_10(first)).status_code == 200


def test_a_range_may_be_ignored(sandbox: Sandbox, url: str) -> None:
    """200, and all of the clip."""
    sandbox.script.add(Rule("video", "no_range"))
    answer = sandbox.http.get(url, headers=FROM_10)
    assert (answer.status_code, answer.content, "content-range" in answer.headers) == (200, CLIP, False)


@pytest.mark.parametrize("fault", ["drop", "cut"])
def test_a_line_may_break_before_the_clip(sandbox: Sandbox, url: str, fault: str) -> None:
    """No answer that can be read; the next one is whole."""
    sandbox.script.add(Rule("video", fault, nth=1, end="reset"))
    with pytest.raises(httpx.TransportError):
        sandbox.http.get(url)
    assert sandbox.http.get(url).content == CLIP


def test_a_clip_may_be_late(sandbox: Sandbox, url: str) -> None:
    """A tenth of a second before its first byte."""
    sandbox.script.add(Rule("video", "late", seconds=0.1))
    assert sandbox.http.get(url).elapsed.total_seconds() >= 0.1


@pytest.mark.parametrize(("pattern", "status"), [("run.*", 410), ("run.paris", 410), ("walk.*", 200)])
def test_a_fault_may_be_for_some_shots(sandbox: Sandbox, url: str, pattern: str, status: int) -> None:
    """By their name, with or without what stands behind its ~."""
    sandbox.script.add(Rule("video", "expired", status=410, shot=pattern))
    assert sandbox.http.get(url).status_code == status
