"""Our end of a painter's process: hands it one clip after another, ends it, starts another if it died.

`painter` is the other end. Painting in processes uses every core, and keeps it from holding up the thread of a server
or of a render.
"""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from dataclasses import asdict, dataclass, field
from typing import Any, Final

_MAX_LINE_BYTES: Final = 64 * 1024 * 1024


class PaintingError(RuntimeError):
    """The painter could not make the clip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaintOrder:
    """One clip to paint. Paths are text, as this goes through a pipe."""

    brief: dict[str, Any]  # the fields of media.animatic.ClipBrief
    path: str
    placeholders: dict[str, str] = field(default_factory=dict)  # a picture to make first → the words on it


class Easel:
    """One painter's process, started with the first order. One order at a time."""

    def __init__(self) -> None:
        self._painter: Process | None = None
        self._starting = asyncio.Lock()

    async def start(self) -> None:
        """Start the process, if it does not run, so that the first order need not wait for it."""
        await self._at_work()

    async def paint(self, order: PaintOrder) -> None:
        """Wait until the clip is there. Raises PaintingError."""
        painter = await self._at_work()
        assert painter.stdin is not None and painter.stdout is not None  # noqa: S101 - asked for as pipes
        try:
            painter.stdin.write(json.dumps(asdict(order)).encode() + b"\n")
            await painter.stdin.drain()
            answer = await painter.stdout.readline()
        except ConnectionError:
            answer = b""
        if not answer.endswith(b"\n"):
            status = await painter.wait()
            raise PaintingError(f"the painter's process ended with status {status}")
        if problem := json.loads(answer)["problem"]:
            raise PaintingError(problem)

    async def close(self) -> None:
        """End the process, whatever it is at. Safe to repeat."""
        if self._painter is not None and self._painter.returncode is None:
            self._painter.kill()
            await self._painter.wait()

    async def _at_work(self) -> Process:
        async with self._starting:
            if self._painter is None or self._painter.returncode is not None:
                self._painter = await asyncio.create_subprocess_exec(
                    sys.executable,
                    *("-I", "-m", "pipeline.media.painter"),  # not what lies where the user stands
                    stdin=PIPE,
                    stdout=PIPE,
                    limit=_MAX_LINE_BYTES,
                    start_new_session=True,  # a Ctrl-C is ours to handle
                )
            return self._painter
