"""Fetching clips from a server that breaks off, lies and expires."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from serving import serve_app
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Route

from pipeline.errors import DownloadError, UrlExpiredError
from pipeline.host import SystemDice
from pipeline.media.download import HostRule
from pipeline.media.store import ClipStore
from pipeline.model.take import Slate
from pipeline.project import StorePaths
from pipeline.shoot.policy import Policy

CONTENT = bytes(range(256)) * 2000
SLATE = Slate(project="demo", shot="run", number=1)
Handler = Callable[[Request], Response]


class NoWait:
    """A clock whose sleeping takes no time."""

    async def sleep(self, duration: timedelta) -> None:
        await asyncio.sleep(0)


def fetch(tmp_path: Path, handler: Handler, *, origin: str | None = "same") -> tuple[Path, list[int]]:
    """Download from `handler` into a store below `tmp_path`; where the clip came to lie, and how it grew."""
    paths, grown = StorePaths(tmp_path / "store"), []
    with serve_app(Starlette(routes=[Route("/clip", handler)])) as url:
        rule = HostRule(url if origin == "same" else origin)
        store = ClipStore(paths=paths, rule=rule, policy=Policy(), clock=NoWait(), dice=SystemDice())  # type: ignore[arg-type]
        came = asyncio.run(store.download(f"{url}/clip", SLATE, on_bytes=lambda have, _whole: grown.append(have)))
    return paths.take_path(came.sha256), grown


def whole_file(tmp_path: Path) -> FileResponse:
    path = tmp_path / "clip.mp4"
    if not path.exists():
        path.write_bytes(CONTENT)
    return FileResponse(path, stat_result=path.stat())  # with its ETag


def test_a_clip_lies_under_the_name_of_its_content(tmp_path: Path) -> None:
    """And nothing else is left in the store."""
    path, _ = fetch(tmp_path, lambda _request: whole_file(tmp_path))
    assert path.read_bytes() == CONTENT
    assert path.stem == hashlib.sha256(CONTENT).hexdigest()
    assert [each for each in (tmp_path / "store").rglob("*") if each.is_file()] == [path]


def test_a_broken_transfer_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """The second request asks for the rest of the same file, and again for 65,536 bytes of what is there."""
    asked: list[str | None] = []

    def handler(request: Request) -> Response:
        asked.append(request.headers.get("range"))
        answer = whole_file(tmp_path)
        if len(asked) > 1:
            return answer
        headers = {"Content-Length": str(len(CONTENT)), "ETag": answer.headers["etag"]}
        return StreamingResponse(iter([CONTENT[:100_000]]), headers=headers)

    path, _ = fetch(tmp_path, handler)
    assert asked == [None, "bytes=34464-"]
    assert path.read_bytes() == CONTENT


def test_a_file_that_changed_meanwhile_starts_over(tmp_path: Path) -> None:
    """If-Range does not fit any more: no byte of the old file stays in the new one."""
    asked = 0

    def handler(_request: Request) -> Response:
        nonlocal asked
        asked += 1
        if asked > 1:
            return whole_file(tmp_path)
        headers = {"Content-Length": str(len(CONTENT)), "ETag": '"another file"'}
        return StreamingResponse(iter([b"x" * 100_000]), headers=headers)

    path, _ = fetch(tmp_path, handler)
    assert path.read_bytes() == CONTENT


@pytest.mark.parametrize("status", [403, 404, 410])
def test_an_expired_address_is_told_apart(tmp_path: Path, status: int) -> None:
    """It is not tried again: a fresh address is needed."""
    with pytest.raises(UrlExpiredError, match=str(status)):
        fetch(tmp_path, lambda _request: Response(status_code=status))


def test_a_transfer_that_never_ends_well_is_given_up(tmp_path: Path) -> None:
    """Five tries, and nothing appears in the store."""

    def handler(_request: Request) -> Response:
        return StreamingResponse(iter([CONTENT[:10]]), headers={"Content-Length": str(len(CONTENT))})

    with pytest.raises(DownloadError):
        fetch(tmp_path, handler)
    assert not list((tmp_path / "store").rglob("*.mp4"))


def test_no_clip_is_fetched_from_a_private_address(tmp_path: Path) -> None:
    """Outside the sandbox only public https is asked."""
    with pytest.raises(DownloadError, match="https"):
        fetch(tmp_path, lambda _request: whole_file(tmp_path), origin=None)


@pytest.mark.parametrize(
    "url",
    [
        "http://host.example/clip",
        "https://127.0.0.1/clip",
        "https://10.0.0.8/clip",
        "https://localhost/clip",
        "file:///x",
        "https://host.example:99999/clip",
        "https://xn--a/clip",
        "https://xn--/clip",
    ],
)
def test_addresses_that_are_never_asked(url: str) -> None:
    """No plain http, no machine of one's own network, no file, no port and no name that there cannot be."""
    with pytest.raises(DownloadError):
        HostRule(None).check(url)
