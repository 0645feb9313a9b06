"""The vendor's two calls over httpx. Decides nothing about money: `wire` reads the answers, `shoot` acts on them.

A generate runs on a connection of its own. httpcore's trace tells when the connection stands and the first byte is
about to leave: that is where the caller makes its intent durable. No redirect is followed, no proxy or .netrc of the
environment is used, and the key appears in no message.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import httpx

from pipeline.api.wire import MAX_BODY_BYTES, generate_body, read_generate, read_status, status_body
from pipeline.authorities import trusted_authorities
from pipeline.model.answer import (
    Answer,
    Doubt,
    GenerateOutcome,
    NoStatus,
    ShotOrder,
    StatusOutcome,
    TaskRef,
    Unsent,
)
from pipeline.model.storyboard import Resolution
from pipeline.ports import Clock
from pipeline.safe_text import STRUCK_OUT, spellings_of

GENERATE_PATH: Final = "/api/veo-3/generate"
STATUS_PATH: Final = "/api/veo-3/check-status"

CONNECT_SECONDS: Final = 20
GENERATE_SECONDS: Final = 300.0
"""Between two bytes of an answer; less would manufacture doubt."""

STATUS_SECONDS: Final = 60.0

WHOLE_CALL_SECONDS: Final = 600
"""An answer that drips in for longer is given up."""

LOOKS: Final = 20
"""So often a call looks for bytes while its patience lasts."""

FIRST_BYTE: Final = "http11.send_request_headers.started"
CALL_ERRORS: Final = (httpx.HTTPError, httpx.InvalidURL, UnicodeError, TimeoutError)
Trace = Callable[[str, dict[str, Any]], Awaitable[None]]


@dataclass(slots=True)
class _Heard:
    """As much of an answer as has come."""

    status: int | None = None
    headers: httpx.Headers = field(default_factory=httpx.Headers)
    body: bytearray = field(default_factory=bytearray)

    @property
    def size(self) -> int:
        return len(self.headers) + len(self.body)


@asynccontextmanager
async def _patience(seconds: float, heard: _Heard) -> AsyncIterator[None]:
    """End the block with TimeoutError when nothing more was heard for so long, or the whole takes too long.

    It is looked again and again, rather than at a clock: a process that was stopped, for however long, has missed one
    look, and reads what came meanwhile.
    """
    async with asyncio.timeout(None) as limit:
        watch = asyncio.create_task(_give_up(limit, seconds, heard))
        try:
            yield
        finally:
            watch.cancel()


async def _give_up(limit: asyncio.Timeout, seconds: float, heard: _Heard) -> None:
    looks = in_vain = 0
    while in_vain < LOOKS and looks * seconds < WHOLE_CALL_SECONDS * LOOKS:
        size = heard.size
        await asyncio.sleep(seconds / LOOKS)
        looks += 1
        in_vain = in_vain + 1 if heard.size == size else 0
    limit.reschedule(asyncio.get_running_loop().time())


class VeoClient:
    """`ports.VeoApi` over HTTP.

    Args:
        base_url: scheme and authority, without a path.
        api_key: sent as a bearer token, kept out of `repr` and errors.
        patience_seconds: for a generate, between two bytes of its answer.
    """

    def __init__(
        self, base_url: str, api_key: str, clock: Clock, *, patience_seconds: float = GENERATE_SECONDS
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._api_key = api_key
        self._spellings = spellings_of(api_key)
        self._clock = clock
        self._patience_seconds = patience_seconds

    async def generate(
        self, orders: Sequence[ShotOrder], resolution: Resolution, *, connected: Callable[[], None]
    ) -> GenerateOutcome:
        may_have_left = False

        async def trace(step: str, _facts: dict[str, Any]) -> None:
            nonlocal may_have_left
            if step == FIRST_BYTE:
                connected()
                may_have_left = True

        heard = _Heard()
        try:
            await self._post(GENERATE_PATH, generate_body(orders, resolution), self._patience_seconds, heard, trace)
        except CALL_ERRORS as error:
            if not may_have_left:
                return Unsent(reason=self._clause(error))
            reason = f"the request left and no whole answer came ({self._clause(error)})"
            return Doubt(reason=reason, answer=self._answer("generate", heard) if heard.status else None)
        return read_generate(self._answer("generate", heard), orders, heard.headers.get("Retry-After"))

    async def check_status(self, tasks: Sequence[TaskRef], resolution: Resolution) -> StatusOutcome:
        heard = _Heard()
        try:
            await self._post(STATUS_PATH, status_body(tasks, resolution), STATUS_SECONDS, heard)
        except CALL_ERRORS as error:
            return NoStatus(reason=f"check-status was not answered ({self._clause(error)})")
        return read_status(self._answer("check-status", heard), tasks, heard.headers.get("Retry-After"))

    def read_status(self, answer: Answer, tasks: Sequence[TaskRef]) -> StatusOutcome:
        return read_status(answer, tasks)

    async def _post(
        self, path: str, body: dict[str, Any], patience_seconds: float, heard: _Heard, trace: Trace | None = None
    ) -> None:
        """One POST on a fresh connection; `heard` keeps what came, even if the rest did not. Raises CALL_ERRORS."""
        headers = {"Authorization": f"Bearer {self._api_key}", "Accept": "application/json"}
        extensions = {"trace": trace} if trace else {}
        timeouts = httpx.Timeout(None, connect=CONNECT_SECONDS)
        async with (
            _patience(patience_seconds, heard),
            httpx.AsyncClient(
                timeout=timeouts, trust_env=False, follow_redirects=False, verify=trusted_authorities()
            ) as client,
            client.stream("POST", self._base_url + path, json=body, headers=headers, extensions=extensions) as response,
        ):
            heard.status, heard.headers = response.status_code, response.headers
            async for piece in response.aiter_bytes():
                heard.body += piece
                if len(heard.body) > MAX_BODY_BYTES:
                    raise httpx.DecodingError(f"the answer is larger than {MAX_BODY_BYTES} bytes")

    def _answer(self, endpoint: Literal["generate", "check-status"], heard: _Heard) -> Answer:
        """What was heard, fit to be kept: bytes that are no text show as U+FFFD, the key not at all."""
        text = heard.body[:MAX_BODY_BYTES].decode(errors="replace")
        return Answer(at=self._clock.now(), endpoint=endpoint, status=heard.status, body=self._redacted(text))

    def _redacted(self, text: str) -> str:
        return self._spellings.sub(STRUCK_OUT, text)

    def _clause(self, error: Exception) -> str:
        """An httpx error as a clause for people: its kind and what was said, be it by the other side."""
        kind = type(error).__name__
        return self._redacted(f"{kind}: {error}") if str(error) else kind
