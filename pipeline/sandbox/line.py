"""A connection that may break on purpose: after so many bytes of the answer, status line and headers counted.

`LineProtocol` is uvicorn's own protocol over a `Line` in place of the transport; an endpoint finds the line of its
request as `request.state.line`. Knows bytes and sockets, nothing of what they mean.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any, Final, Literal, cast

from uvicorn.protocols.http.h11_impl import H11Protocol

End = Literal["close", "reset", "hang"]

_LINGER_0: Final = struct.pack("ii", 1, 0)  # closing then sends RST in place of FIN
_LOOK_AGAIN_S: Final = 0.002


class Line:
    """A transport whose next answer may be cut short; all else it leaves to the real one."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._left: int | None = None  # bytes that still go through; None: all of them
        self._end: End = "close"
        self._is_over = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    @property
    def is_hung(self) -> bool:
        return self._is_over and self._end == "hang"

    def cut(self, at_byte: int, end: End) -> None:
        """Let `at_byte` more bytes through, then close, reset (RST) or say no more. An answer no longer than that is
        whole; one of exactly that length is whole, and the end comes behind it."""
        self._left, self._end = at_byte, end

    def mend(self) -> None:
        """The answer is over: what comes next goes through, unless the cut has come."""
        self._left = None

    def write(self, data: bytes) -> None:
        if self._is_over:
            return
        if self._left is None:
            self._transport.write(data)
            return
        self._transport.write(data[: self._left])
        self._left = max(0, self._left - len(data))
        if self._left == 0:
            self._finish()

    def close(self) -> None:
        if not self._is_over:
            self._transport.close()

    def _finish(self) -> None:
        self._is_over = True
        match self._end:
            case "close":
                self._transport.close()
            case "reset":
                self._reset()
            case "hang":
                pass  # the socket stays open and silent until the client or the server leaves

    def _reset(self) -> None:
        if self._transport.get_write_buffer_size():  # what was let through goes out first
            asyncio.get_running_loop().call_later(_LOOK_AGAIN_S, self._reset)
            return
        self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_0)
        self._transport.abort()


class LineProtocol(H11Protocol):
    """uvicorn's HTTP over a `Line`."""

    line: Line

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.line = Line(transport)
        self.app_state = {**self.app_state, "line": self.line}  # what `request.state` shows
        super().connection_made(cast("asyncio.Transport", self.line))

    def on_response_complete(self) -> None:
        self.line.mend()
        super().on_response_complete()

    def shutdown(self) -> None:
        if self.line.is_hung:
            self.line.abort()
        else:
            super().shutdown()
