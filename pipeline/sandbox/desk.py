"""The front desk: answers the two calls for a key, out of the vault and the studio. Knows no HTTP.

Time passes by looking at the clock: whoever asks, first settles what has come due. A slow beat does the same when
nobody asks, so that credits of failed shots come back by themselves.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any, Final

from pipeline.sandbox.assets import AssetShelf
from pipeline.sandbox.config import Clock, SandboxConfig
from pipeline.sandbox.contract import ErrorCode, Refusal, Shot, read_check_status
from pipeline.sandbox.faults import ShotSeen
from pipeline.sandbox.links import Links
from pipeline.sandbox.logs import LineLog, open_as_copy
from pipeline.sandbox.mischief import NO_TROUBLES, Troubles
from pipeline.sandbox.studio import Studio
from pipeline.sandbox.vault import Order, Task, Vault, to_text

log = logging.getLogger(__name__)

BEAT_S: Final = 0.2
GENERATION_S: Final = (120, 300)  # what the vendor's page says a shot takes
FAILED: Final = "Video generation failed"


class Desk:
    """One open sandbox. Use from one thread at a time."""

    def __init__(self, config: SandboxConfig, *, now: Clock) -> None:
        self._config = config
        self._now = now
        self._vault = Vault(config.state_dir / "sandbox.sqlite3")
        self._links = Links(self._vault.secret(), config.url_life)
        self.shelf = AssetShelf(config.state_dir / "assets")
        self.studio = Studio(config, self.shelf, on_failure=lambda task, why: self._vault.doom(task.task_id, why))
        self._requests = LineLog(config.state_dir / "requests.jsonl")
        # Committed first and written afterwards: after a kill between the two, the vault completes the log.
        charges = self._vault.charges()
        self._charges = open_as_copy(config.state_dir / "charges.jsonl", (charge.to_entry() for charge in charges))
        self._charges_written = len(charges)
        self._asked: Counter[str] = Counter()  # by task, since the server started

    def close(self) -> None:
        self._charges.close()
        self._requests.close()
        self._vault.close()

    async def run(self) -> None:
        """Draw clips, those left unfinished by an earlier server first, and settle; until cancelled."""
        for task in self._vault.unfinished():
            self._order_clip(task)
        async with asyncio.TaskGroup() as group:
            group.create_task(self.studio.run())
            group.create_task(self._beat())

    def log_request(self, entry: Mapping[str, object]) -> None:
        self._requests.append({"at": to_text(self._now()), **entry})

    def admit(self, key: str) -> None:
        """Count a call of the key, whatever comes of it. Raises Refusal when its window is full."""
        calls = self._vault.note_call(key, now=self._now(), window=self._config.call_window)
        if calls > self._config.calls_per_hour:
            raise Refusal(ErrorCode.API_KEY_RATE_LIMIT_EXCEEDED, success=False)

    def generate(self, key: str, shots: Sequence[Shot], troubles: Troubles = NO_TROUBLES) -> dict[str, object]:
        """Charge for the shots and start them. Raises Refusal, then nothing is charged."""
        self._settle()  # a refund that is due can pay for this
        now = self._now()
        orders = tuple(self._orders(shots, now, troubles)) if troubles.has_credits else ()
        tasks = self._vault.accept(key, orders, now=now, opening_credits=self._config.credits)
        cost = sum(shot.credits for shot in shots)
        if not tasks:
            raise Refusal(ErrorCode.INSUFFICIENT_CREDITS, requiredCredits=cost)
        for task in tasks:
            self._order_clip(task)
        self._write_charges()
        if troubles.at_once:
            self._settle()
            return {"status": "failed", "error": FAILED}
        return {"status": "processing", "shots": [_to_answer(task) for task in tasks], "creditsUsed": cost}

    def check_status(self, key: str, document: Mapping[str, Any], *, origin: str) -> dict[str, object]:
        """How the tasks stand; a completed one gets a fresh `videoUrl` under `origin`. Raises Refusal."""
        task_ids = read_check_status(document)
        self._settle()
        tasks = self._vault.find(key, task_ids)
        if tasks is None:
            raise Refusal(ErrorCode.TASK_NOT_FOUND)
        return {"status": status_of(tasks), "shots": [self._to_status(task, origin) for task in tasks]}

    def look_at(self, document: Mapping[str, Any]) -> tuple[ShotSeen, ...]:
        """The shots that a call names, as far as it can be read: what the faults are chosen by. Counts the asking."""
        return tuple(map(self._see, shots_named(document)))

    def look_at_clip(self, task_id: str) -> tuple[ShotSeen, ...]:
        """The shot whose clip is asked for."""
        shot_id = self._vault.shot_id(task_id)
        return () if shot_id is None else (ShotSeen(shot_id),)

    def is_open(self, token: str, task_id: str) -> bool:
        """Whether a link to a clip holds."""
        return self._links.is_open(token, task_id, now=self._now())

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            try:
                self._settle()
            except (sqlite3.Error, OSError):  # a full disk, say: the next beat may have more luck
                log.exception("the sandbox could not settle what has come due")

    def _settle(self) -> None:
        self._vault.settle(now=self._now(), has_clip=self.studio.has_clip)
        self._write_charges()

    def _write_charges(self) -> None:
        if self._vault.last_charge <= self._charges_written:
            return
        for charge in self._vault.charges(after=self._charges_written):
            self._charges.append(charge.to_entry())
            self._charges_written = charge.n

    def _orders(self, shots: Sequence[Shot], now: datetime, troubles: Troubles) -> Iterator[Order]:
        """The shots with their times: one begins when the one before it is done."""
        durations = [0 if troubles.at_once else generation_s(shot, self._config.seed) for shot in shots]
        for shot, duration, total in zip(shots, durations, accumulate(durations), strict=True):
            is_doomed = troubles.at_once or shot.shot_id in troubles.doomed
            due_at = now + timedelta(seconds=total) / self._config.speed
            yield Order(shot, duration, due_at, "it was to fail" if is_doomed else None, troubles.refund_wait)

    def _see(self, named: Mapping[str, str]) -> ShotSeen:
        task_id = named.get("taskId", "")
        accepted_at = self._vault.accepted_at(task_id)
        if accepted_at is None:
            return ShotSeen(named.get("id") or named.get("shotId", ""), named.get("prompt", ""))
        self._asked[task_id] += 1
        age = self._now() - accepted_at
        return ShotSeen(named.get("shotId", ""), asked=self._asked[task_id] - 1, age_s=age.total_seconds())

    def _order_clip(self, task: Task) -> None:
        if task.doom is None and not self.studio.has_clip(task):
            self.studio.order(task)

    def _to_status(self, task: Task, origin: str) -> dict[str, object]:
        if task.state != "completed":
            return _to_answer(task)
        url = origin + self._links.path_to(task.task_id, now=self._now())
        return {**_to_answer(task), "videoUrl": url, "generationTime": task.generation_s}


def shots_named(document: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """The texts of each shot or task that a call's document names; nothing is checked, and what is no text left out."""
    for entries in (document.get("shots"), document.get("taskIds")):
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, dict):
                yield {name: text for name, text in entry.items() if isinstance(text, str)}


def generation_s(shot: Shot, seed: int) -> int:
    """How long the vendor would take over the shot, in whole seconds; the same for the same request and seed."""
    low, high = GENERATION_S
    draw = hashlib.sha256(f"{seed} {shot.request_hash}".encode()).digest()
    return low + int.from_bytes(draw[:8], "big") % (high - low + 1)


def status_of(tasks: Sequence[Task]) -> str:
    """The word above all shots. One failed shot makes it `failed`, even while others are still being made."""
    states = {task.state for task in tasks}
    return next(word for word in ("failed", "processing", "completed") if word in states)


def _to_answer(task: Task) -> dict[str, object]:
    answer: dict[str, object] = {"shotId": task.shot.shot_id, "taskId": task.task_id, "status": task.state}
    return {**answer, "error": FAILED} if task.state == "failed" else answer
