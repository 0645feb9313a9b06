"""A hundred films shot by one run, on a clock that runs ahead: doubles that cost nothing, and what was seen of it.

The vendor, the downloads and the decoding are doubles; the runner, its policy and the ledger, in a file in memory, are
the real ones. As a module it shoots in a process of its own, and tells what that took.
"""

from __future__ import annotations

import json
import logging
import os
import re
import resource
import subprocess
import sys
from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from builders import NOON, a_media, a_take
from builders_shoot import Dice, Gallery, Host
from torture.virtual_time import VirtualClock, VirtualLoop
from tripwire import fast_folder

from pipeline.ledger.journal import SqliteLedger
from pipeline.model.answer import Accept, Answer, ShotOrder, ShotStatus, Statuses, TaskRef
from pipeline.model.storyboard import Resolution
from pipeline.model.take import Event, State, Take
from pipeline.project import World
from pipeline.shoot.addresses import Addresses
from pipeline.shoot.policy import Policy, Window
from pipeline.shoot.runner import Doors, Runner, Terms

SHOTS: Final = 21
ORDINARY: Final = Policy()
MAY_SHARE: Final = (1, 3, 7, 21)
HOUR: Final = timedelta(hours=1)
GOLDEN_RATIO: Final = 0.618034  # its multiples fill 0 … 1 evenly, however many there are
BYTES_A_TASK: Final = 150  # of an answer to check-status


def film_of(shot: str) -> int:
    return int(shot[1:4])


def films(count: int) -> list[Take]:
    """Planned takes of so many films, in their order, with prompts as long as people write them."""
    return [
        a_take(f"e{film:03d}.s{shot:02d}", project="season", prompt=f"Film {film}, shot {shot}. " + "Rain falls. " * 40)
        for film in range(count)
        for shot in range(SHOTS)
    ]


def anchor_of(shot: str) -> str | None:
    """In every tenth film the third shot goes on from the second, and the fourth from the third."""
    film, number = film_of(shot), int(shot[-2:])
    return f"e{film:03d}.s{number - 1:02d}" if film % 10 == 4 and number in (2, 3) else None


@dataclass
class Vendor:
    """Takes 2 s for an answer and 2 to 5 min for a shot, all as likely; shots of a request are made one by one."""

    clock: VirtualClock
    calls: list[datetime] = field(default_factory=list)
    sent: list[tuple[datetime, list[str]]] = field(default_factory=list)  # of each generate, the shots
    done_at: dict[str, datetime] = field(default_factory=dict)
    _shots: int = 0

    async def generate(
        self, orders: Sequence[ShotOrder], resolution: Resolution, *, connected: Callable[[], None]
    ) -> Accept:
        connected()
        self.calls.append(self.clock.now())
        self.sent.append((self.clock.now(), [order.sent_id.partition("~")[0] for order in orders]))
        await self.clock.sleep(timedelta(seconds=2))
        done_at = self.clock.now()
        for order in orders:
            done_at += self._generation()
            self.done_at[order.sent_id] = done_at
        tasks = tuple(TaskRef(sent_id=order.sent_id, task_id=order.sent_id) for order in orders)
        return Accept(tasks=tasks, answer=self._answer("generate", len(orders)))

    def _generation(self) -> timedelta:
        self._shots += 1
        return timedelta(seconds=120 + 180 * (self._shots * GOLDEN_RATIO % 1))

    async def check_status(self, tasks: Sequence[TaskRef], resolution: Resolution) -> Statuses:
        self.calls.append(self.clock.now())
        await self.clock.sleep(timedelta(seconds=1))
        return Statuses(shots=tuple(map(self._status, tasks)), answer=self._answer("check-status", len(tasks)))

    def _status(self, task: TaskRef) -> ShotStatus:
        if self.clock.now() < self.done_at[task.task_id]:
            return ShotStatus(sent_id=task.sent_id, state="processing")
        return ShotStatus(sent_id=task.sent_id, state="completed", url=f"https://host/{task.task_id}")

    def read_status(self, answer: Answer, tasks: Sequence[TaskRef]) -> Statuses:
        raise AssertionError("nobody else asks")

    def _answer(self, endpoint: Any, tasks: int) -> Answer:
        return Answer(at=self.clock.now(), endpoint=endpoint, status=200, body=" " * BYTES_A_TASK * tasks)


@dataclass
class Shelf:
    """Fetches a clip in 3 s and decodes it in 1 s; `most` were fetched at once."""

    clock: VirtualClock
    under_way: int = 0
    most: int = 0

    async def download(self, _url: str, *_args: Any, **_options: Any) -> Any:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await self.clock.sleep(timedelta(seconds=3))
        self.under_way -= 1
        return SimpleNamespace(sha256=a_media().sha256, size_bytes=1000)

    async def verify(self, _sha256: str) -> Any:
        await self.clock.sleep(timedelta(seconds=1))
        return a_media()


@dataclass
class LongSeason:
    """A season that was shot.

    Attributes:
        landed: by shot, how long after the start its clip was here.
        states: in which its takes have ended.
        at_once: clips that were fetched side by side, at most.
    """

    size: int
    vendor: Vendor
    landed: dict[str, timedelta]
    states: Collection[State]
    at_once: int

    @property
    def duration(self) -> timedelta:
        return max(self.landed.values())

    @property
    def bound(self) -> timedelta:
        """All requests at the pace of the window, and then the generation of the last that is whole."""
        requests = -(-len(self.landed) // self.size)
        sent_at, shots = [(at, shots) for at, shots in self.vendor.sent if len(shots) == self.size][-1]
        done_at = max(at for sent_id, at in self.vendor.done_at.items() if sent_id.partition("~")[0] in shots)
        return requests / Policy().submit_window.calls * HOUR + (done_at - sent_at)

    def most_calls_in_an_hour(self) -> int:
        calls = self.vendor.calls
        return max(n + 1 - bisect_right(calls, at - HOUR) for n, at in enumerate(calls))

    def finished(self) -> list[timedelta]:
        """When each film had all its clips, by its number."""
        ends: dict[int, timedelta] = {}
        for shot, at in self.landed.items():
            ends[film_of(shot)] = max(at, ends.get(film_of(shot), at))
        return [ends[film] for film in sorted(ends)]

    def sent_at(self) -> dict[str, datetime]:
        return {shot: at for at, shots in self.vendor.sent for shot in shots}


def shoot(folder: Path, *, count: int, size: int, policy: Policy = ORDINARY) -> LongSeason:
    """Shoot so many films, `size` shots a request."""
    loop = VirtualLoop()
    clock = VirtualClock(loop, NOON)
    vendor, shelf, landed = Vendor(clock), Shelf(clock), {}
    takes = films(count)
    places = {take.slate.shot: place for place, take in enumerate(takes)}
    waiting = {anchor: take for take in takes if (anchor := anchor_of(take.slate.shot))}

    def watch(take: Take, _event: Event | None) -> None:
        if take.state is State.VERIFIED:
            landed[take.slate.shot] = clock.now() - NOON

    async def follow(take: Take) -> Sequence[Take]:
        following = [waiting[take.slate.shot]] if take.slate.shot in waiting else []
        ledger.open_takes(following)
        return following

    with closing(SqliteLedger(folder / "ledger.sqlite3", folder / "recovery.jsonl")) as ledger, closing(loop):
        begun_with = [take for take in takes if not anchor_of(take.slate.shot)]
        ledger.open_takes(begun_with)
        doors = Doors(
            api=vendor,
            ledger=ledger,
            store=shelf,  # type: ignore[arg-type]
            addresses=Addresses(Gallery(), Host()),
            clock=clock,
            dice=Dice(),
        )
        terms = Terms(key_id="k", cap=10 * len(takes), shots_per_request=size, policy=policy, world=World.LIVE)
        runner = Runner(begun_with, doors, terms, watch, follow, rank=lambda take: places[take.slate.shot])
        ended = loop.run_until_complete(runner.run())
    return LongSeason(size, vendor, landed, {take.state for take in ended.values()}, shelf.most)


@dataclass(frozen=True)
class Cost:
    """What a process took for a season: seconds of the processor for shooting alone, and the most memory ever."""

    cpu_seconds: float
    peak_mb: float


def cost_of(*, count: int, size: int, calls: int = 90) -> Cost:
    """Shoot in a process of its own."""
    argv = [sys.executable, __file__, str(count), str(size), str(calls)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(argv, env=env, check=True, capture_output=True, text=True)
    return Cost(**json.loads(done.stdout))


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    count, size, calls = map(int, sys.argv[1:])
    logging.disable(logging.INFO)
    began = _cpu_seconds()
    with fast_folder() as folder:
        shoot(folder, count=count, size=size, policy=Policy(window=Window(calls=calls)))
    cpu_seconds = _cpu_seconds() - began
    [peak] = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    print(json.dumps({"cpu_seconds": cpu_seconds, "peak_mb": int(peak) / 1000}))


if __name__ == "__main__":
    main()
