"""Doubles of the vendor, the store and the clock, for tests of shooting."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

from builders import NOON, a_media

from pipeline.api.wire import read_status
from pipeline.digest import ContentHash
from pipeline.errors import MediaError, NotPublishedError, UrlExpiredError
from pipeline.model.answer import (
    Accept,
    Answer,
    GenerateOutcome,
    NoTask,
    ShotOrder,
    ShotStatus,
    Statuses,
    StatusOutcome,
    TaskRef,
    Unsent,
)
from pipeline.model.storyboard import Resolution
from pipeline.model.take import Slate
from pipeline.ports import Picture

ANSWER = Answer(at=NOON, endpoint="generate", status=200, body="{}")


class FastClock:
    """Time passes only by sleeping, and at once."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        return self.at

    async def sleep(self, duration: timedelta) -> None:
        await asyncio.sleep(0.001)
        self.at += max(duration, timedelta(0))


class SharedClock:
    """Time for several runs at once: it goes on to the next that somebody waits for, once nobody does anything else."""

    def __init__(self) -> None:
        self.at = NOON
        self._wakes: list[datetime] = []

    def now(self) -> datetime:
        return self.at

    async def sleep(self, duration: timedelta) -> None:
        wake = self.at + max(duration, timedelta(0))
        self._wakes.append(wake)
        try:
            while self.at < wake:
                for _ in range(20):  # let everybody else come to rest
                    await asyncio.sleep(0)
                if wake == min(self._wakes):
                    self.at = max(self.at, wake)
        finally:
            self._wakes.remove(wake)


class Dice:
    def __init__(self) -> None:
        self._next = 0

    def jitter(self) -> float:
        return 0.5

    def nonce(self) -> str:
        self._next += 1
        return f"{self._next:012x}"


class Vendor:
    """Accepts, generates in 200 s, and says so; `script` holds outcomes to answer with first.

    Keeps the orders of each call, in the order in which they came; `meanwhile` happens before it answers.
    """

    def __init__(
        self, clock: FastClock | SharedClock, *script: Callable[[Sequence[ShotOrder]], GenerateOutcome]
    ) -> None:
        self.clock, self.script = clock, list(script)
        self.meanwhile: Callable[[], Awaitable[None]] | None = None
        self.calls: list[list[ShotOrder]] = []
        self.asked: list[list[TaskRef]] = []
        self.always: Literal["processing", "unclear"] | None = None
        self.done_at: dict[str, datetime] = {}
        self.fails: set[str] = set()
        self.statuses: list[StatusOutcome] = []

    async def generate(
        self, orders: Sequence[ShotOrder], resolution: Resolution, *, connected: Callable[[], None]
    ) -> GenerateOutcome:
        self.calls.append(list(orders))
        outcome = self.script.pop(0)(orders) if self.script else None
        if isinstance(outcome, Unsent):
            return outcome
        connected()
        if self.meanwhile:
            await self.meanwhile()
        return outcome or self._accept(orders)

    def _accept(self, orders: Sequence[ShotOrder]) -> Accept:
        tasks = tuple(TaskRef(sent_id=order.sent_id, task_id=f"task_{order.sent_id}") for order in orders)
        self.done_at |= {task.task_id: self.clock.now() + timedelta(seconds=200) for task in tasks}
        return Accept(tasks=tasks, answer=ANSWER)

    async def check_status(self, tasks: Sequence[TaskRef], resolution: Resolution) -> StatusOutcome:
        self.asked.append(list(tasks))
        if self.statuses:
            return self.statuses.pop(0)
        if self.always:
            said = self.always
            return Statuses(shots=tuple(ShotStatus(sent_id=task.sent_id, state=said) for task in tasks), answer=ANSWER)
        if any(task.task_id not in self.done_at for task in tasks):
            return NoTask(answer=ANSWER)
        return read_status(self._answer(tasks), tasks)

    def _answer(self, tasks: Sequence[TaskRef]) -> Answer:
        """As the vendor words it."""
        shots = []
        for task in tasks:
            said = self._status(task)
            shots.append(
                {
                    "shotId": task.sent_id,
                    "taskId": task.task_id,
                    "status": said.state,
                    "videoUrl": said.url,
                    "error": "no",
                }
            )
        body = json.dumps({"status": "processing", "shots": shots})
        return Answer(at=self.clock.now(), endpoint="check-status", status=200, body=body)

    def read_status(self, answer: Answer, tasks: Sequence[TaskRef]) -> StatusOutcome:
        return read_status(answer, tasks)

    def _status(self, task: TaskRef) -> ShotStatus:
        if self.clock.now() < self.done_at[task.task_id]:
            return ShotStatus(sent_id=task.sent_id, state="processing")
        if task.sent_id.partition("~")[0] in self.fails:
            return ShotStatus(sent_id=task.sent_id, state="failed", reason="no")
        return ShotStatus(sent_id=task.sent_id, state="completed", url=f"https://host/{task.task_id}")


class Gallery:
    """Pictures whose content is a name: "picture of assets/a.png", "frame 191 of aaaa…"."""

    def of_file(self, file: str) -> ContentHash:
        return ContentHash(f"picture of {file}")

    def of_frame(self, clip: ContentHash, frame: int) -> ContentHash | None:
        return ContentHash(f"frame {frame} of {clip}")

    def find(self, sha256: ContentHash) -> Picture:
        return Picture(sha256=sha256, path=Path("a.png"), told=sha256, suffix=".png")


class Host:
    """A publisher; keeps what came, and refuses what `refuses` names."""

    def __init__(self) -> None:
        self.came: list[str] = []
        self.refuses = ""

    async def publish(self, picture: Picture) -> str:
        if self.refuses and picture.told.startswith(self.refuses):
            raise NotPublishedError(f"{picture.told} has no address.", "Put it somewhere.")
        self.came.append(picture.told)
        return f"https://pictures.example/{picture.told.replace(' ', '-')}"


class Shelf:
    """A take store whose downloads and files can be told to be bad, so many times."""

    def __init__(self) -> None:
        self.expired = self.undecodable = 0
        self.fetched = 0

    async def download(self, url: str, slate: Slate, *, on_bytes: Any) -> Any:
        self.fetched += 1
        if self.expired:
            self.expired -= 1
            raise UrlExpiredError("HTTP 403")
        return SimpleNamespace(sha256=a_media().sha256, size_bytes=1000)

    async def verify(self, sha256: str) -> Any:
        if self.undecodable:
            self.undecodable -= 1
            raise MediaError(Path("clip.mp4"), "it does not decode")
        return a_media()

    def has(self, sha256: str, size_bytes: int | None = None) -> bool:
        return self.fetched > 0

    def set_damaged_aside(self, sha256: str) -> bool:
        return False
