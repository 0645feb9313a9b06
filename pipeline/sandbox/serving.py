"""Running the app: in a thread beside the caller, or in the foreground until a signal. Always on 127.0.0.1."""

from __future__ import annotations

import json
import logging
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

import uvicorn

from pipeline.sandbox.config import Clock, SandboxConfig, SandboxError
from pipeline.sandbox.line import LineProtocol
from pipeline.sandbox.server import create_app, utc_now

log = logging.getLogger(__name__)

HOST: Final = "127.0.0.1"
START_S: Final = 15.0
KEEP_ALIVE_S: Final = 75  # as gateways do; uvicorn's 5 s is httpx's own limit too, and the two would race
DRAIN_S: Final = 2  # what open downloads get when the server stops
STOP_S: Final = 15.0


@contextmanager
def serve(config: SandboxConfig, port: int = 0, *, now: Clock = utc_now) -> Iterator[str]:
    """Serve in a thread for as long as the block lasts; yields `http://127.0.0.1:port` once it answers.

    Installs no signal handlers and may be used from any thread. Port 0 is any free one.

    Raises:
        SandboxError: the port is taken, the state is held by another server, or the server does not come up.
    """
    with _bind(port) as listener:
        server = uvicorn.Server(
            uvicorn.Config(
                create_app(config, now=now),
                log_config=None,
                access_log=False,
                server_header=False,
                http=LineProtocol,
                ws="none",
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=DRAIN_S,
            )
        )
        thread = threading.Thread(target=server.run, args=([listener],), name="sandbox", daemon=True)
        thread.start()
        try:
            _wait_until_up(server, thread)
            yield f"http://{HOST}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(STOP_S)
            if thread.is_alive():
                log.warning("the sandbox did not stop within %g s and is left behind", STOP_S)


def run(config: SandboxConfig, port: int = 0) -> None:
    """Serve until SIGINT or SIGTERM; says `{"url": …}` on stdout, as one line, once it answers. Main thread only."""
    stop = threading.Event()

    def leave(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, leave) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with serve(config, port) as url:
            print(json.dumps({"url": url}), flush=True)
            stop.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _bind(port: int) -> socket.socket:
    # The protocol is named because asyncio sets TCP_NODELAY only then; without it every answer waits 40 ms for an ACK.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as problem:
        listener.close()
        raise SandboxError(f"Port {port} of {HOST} cannot be used ({problem.strerror}). Take another, or 0.") from None
    return listener


def _wait_until_up(server: uvicorn.Server, thread: threading.Thread) -> None:
    give_up_at = time.monotonic() + START_S
    while not server.started:
        if not thread.is_alive() or time.monotonic() >= give_up_at:
            raise SandboxError(f"The sandbox did not come up within {START_S:g} s; its log on stderr says why.")
        time.sleep(0.01)
