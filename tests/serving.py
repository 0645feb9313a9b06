"""A Starlette app on a real socket of this machine, for as long as a block lasts."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


@contextmanager
def serve_app(app: Starlette) -> Iterator[str]:
    """Yields the address once it answers."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


def answering(status: int, body: str, **headers: str) -> Starlette:
    """An app that says the same to every call; `Retry_After` stands for the header Retry-After."""

    async def answer(_request: Request) -> Response:
        spelt = {name.replace("_", "-"): text for name, text in headers.items()}
        return Response(body, status, spelt, "application/json")

    return Starlette(routes=[Route("/{path:path}", answer, methods=["POST", "GET", "PUT"])])
