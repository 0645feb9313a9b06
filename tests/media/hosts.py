"""Video hosts that break off, mix up files or lie, on a real socket of this machine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from serving import serve_app
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from pipeline.errors import DownloadError
from pipeline.media.download import Fetched, HostRule, fetch

Answer = Callable[[Request], Response]


@dataclass
class Host:
    """Answers each request with the next of its answers, the last one again and again."""

    answers: list[Answer]
    asked: list[Request] = field(default_factory=list)

    def answer(self, request: Request) -> Response:
        self.asked.append(request)
        return self.answers[min(len(self.asked), len(self.answers)) - 1](request)

    @property
    def ranges(self) -> list[str | None]:
        return [request.headers.get("range") for request in self.asked]

    def open(self) -> AbstractContextManager[str]:
        """On the air, at the address that is yielded, for as long as the block lasts."""
        return serve_app(Starlette(routes=[Route("/clip", self.answer), Route("/other", self.answer)]))

    def fetch(self, part_path: Path, tries: int = 1, seconds: float = 20) -> Fetched:
        """On the air for the last of so many tries; those before it fail."""
        with self.open() as url:
            return bring_in(tries, url, part_path, seconds)


def bring(url: str, part_path: Path, origin: str | None, seconds: float = 20) -> Fetched:
    rule = HostRule(origin)
    return asyncio.run(fetch(url, part_path, rule=rule, seconds=seconds, on_bytes=lambda _have, _whole: None))


def bring_in(tries: int, url: str, part_path: Path, seconds: float = 20) -> Fetched:
    for _ in range(tries - 1):
        with pytest.raises(DownloadError):
            bring(f"{url}/clip", part_path, url, seconds)
    return bring(f"{url}/clip", part_path, url, seconds)


def whole(content: bytes, tag: str = '"same"', **headers: str) -> Answer:
    return lambda _request: Response(content, headers={"ETag": tag, **headers})


def cut(content: bytes, at: int, tag: str = '"same"') -> Answer:
    """All of it is promised, and the connection closed after `at` bytes."""
    headers = {"Content-Length": str(len(content)), "ETag": tag}
    return lambda _request: StreamingResponse(iter([content[:at]]), headers=headers)


def rest(content: bytes, *, tag: str | None = '"same"', total: int | None = None) -> Answer:
    """What a host answers that takes the range for granted, whatever If-Range says."""

    def answer(request: Request) -> Response:
        if "range" not in request.headers:
            return whole(content)(request)
        start = int(request.headers["range"].removeprefix("bytes=").removesuffix("-"))
        headers = {"Content-Range": f"bytes {start}-{len(content) - 1}/{total or len(content)}"}
        return Response(content[start:], 206, headers | ({"ETag": tag} if tag else {}))

    return answer


def piece(content: bytes, start: int, stop: int) -> Answer:
    """A 206 with these bytes, half-open."""
    headers = {"Content-Range": f"bytes {start}-{stop - 1}/{len(content)}", "ETag": '"same"'}
    return lambda _request: Response(content[start:stop], 206, headers)
