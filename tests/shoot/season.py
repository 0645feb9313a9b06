"""A season: what one process of several does for a day, with its films, a user at its side and a key that all share.

A film is shot by one production after another until all its clips are here; between them the user says what became of
takes that wait for a word, by the vendor's own account of charges. Then its prompts are edited, until the day is over.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from backlot import Backlot, FilmReachedError
from builders import a_shot, a_storyboard

from pipeline.errors import StoryreelError
from pipeline.host import SystemClock
from pipeline.ledger.journal import SqliteLedger
from pipeline.model.instructions import Continuation
from pipeline.model.storyboard import Budget, GenerationType, Storyboard
from pipeline.model.take import State, Take
from pipeline.project import StorePaths
from pipeline.publish.shelf import SandboxShelf
from pipeline.shoot.lifecycle import advance
from pipeline.shoot.policy import Policy
from pipeline.shoot.resolve import Word, event_for
from pipeline.shoot.start import settle_leftovers

SHOTS = 8
MAX_STARTS = 200  # of one film: it may have to wait for the user's word on a shot that another film shares

WORDS = {State.FAILED: Word.PAY_AGAIN, State.LOST: Word.REVIVE, State.CORRUPT: Word.REVIVE}
"""What the user says of takes that ended badly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """What one process is given.

    Attributes:
        root: of the store, the projects and the server's logs.
        hours: of work at least, on the server's fast clock; the first draft of every film is finished in any case.
        films: their numbers; no two processes work on one film.
    """

    root: Path
    url: str
    speed: float
    hours: float
    films: tuple[int, ...]


class Sample(NamedTuple):
    """A process between two films."""

    resident_mb: float
    handles: int
    tasks: int  # of asyncio, its own included
    takes: int  # in the ledger: a plan looks at all of them


@dataclass(slots=True)
class Worked:
    """What a process has to tell of its shift.

    Attributes:
        ends: how often a production ended with what; "film" is the good end.
        paid_again: requests' Fingerprints that the user let be shot anew.
    """

    samples: list[Sample] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)
    paid_again: Counter[str] = field(default_factory=Counter)
    cpu_seconds: float = 0.0


def film_of(number: int, draft: int) -> Storyboard:
    """Eight shots, all changed by each draft. In every third film one goes on from another.

    Two films share their last shot; two processes shoot them at about the same time. In every other pair three shots
    may share a request, in the others none.
    """
    shots = [a_shot(f"s{n}", prompt=f"Film {number}, shot {n}, draft {draft}.") for n in range(SHOTS - 1)]
    if number % 3 == 0:
        goes_on = Continuation(shot="s2")
        shots[3] = shots[3].model_copy(update={"continues": goes_on, "generation": GenerationType.FRAMES})
    sting = a_shot(f"s{SHOTS - 1}", prompt=f"The sting of films {number // 2 * 2} and on, draft {draft}.")
    budget = Budget(max_doubt_credits=30 if number % 4 < 2 else 10)
    return a_storyboard(*shots, sting, project=project_of(number), budget=budget)


def project_of(number: int) -> str:
    return f"film{number:03d}"


def work(shift: Shift) -> Worked:
    """A shift, from its first film to its end. Faults are warned of, and meant."""
    logging.disable(logging.WARNING)
    return asyncio.run(_Worker(shift).work())


class _Worker:
    def __init__(self, shift: Shift) -> None:
        self._shift, self._worked, self._clock = shift, Worked(), SystemClock()
        self._policy = Policy().scaled(shift.speed)

    async def work(self) -> Worked:
        ends_at = self._clock.now() + timedelta(hours=self._shift.hours) / self._shift.speed
        for number, draft in self._drafts():
            if draft and self._clock.now() >= ends_at:
                break
            await self._finish(number, draft)
            await asyncio.sleep(0)  # what was cancelled ends
            self._worked.samples.append(_sample(self._shift.root))
        self._worked.cpu_seconds = time.process_time()
        return self._worked

    def _drafts(self) -> Iterator[tuple[int, int]]:
        draft = 0
        while True:
            yield from ((number, draft) for number in self._shift.films)
            draft += 1

    async def _finish(self, number: int, draft: int) -> None:
        """Start productions of a film until all its clips are here."""
        film = film_of(number, draft)
        url = self._shift.url
        backlot = Backlot(self._shift.root, url, SandboxShelf(url), name=film.project, policy=self._policy)
        for _ in range(MAX_STARTS):
            if await self._shoot(backlot, film):
                return
            with closing(SqliteLedger(backlot.store.ledger_path, backlot.store.recovery_path)) as ledger:
                for take in ledger.takes(film.project):
                    await self._say_word(ledger, take)
            await self._clock.sleep(timedelta(minutes=1) / self._shift.speed)
        raise AssertionError(f"{film.project} is not shot after {MAX_STARTS} starts: {self._worked.ends}")

    async def _shoot(self, backlot: Backlot, film: Storyboard) -> bool:
        with closing(SqliteLedger(backlot.store.ledger_path, backlot.store.recovery_path)) as ledger:
            settle_leftovers(ledger, film.project, self._clock.now())
            production = backlot.production(film, ledger)
            try:
                await production.produce_film(production.plan())
            except FilmReachedError:
                self._worked.ends["film"] += 1
                return True
            except StoryreelError as error:
                assert error.exit_code != 1, error
                self._worked.ends[type(error).__name__] += 1
        return False

    async def _say_word(self, ledger: SqliteLedger, take: Take) -> None:
        """The user's word on a take that waits for one: of a doubt, what the account of charges shows by then."""
        task_id = None
        if take.state is State.UNKNOWN:
            await self._clock.sleep(take.since + self._policy.resolve_after - self._clock.now())
            task_id = charged_tasks(self._shift.root / "server").get(take.sent_id or "")
            word = Word.ADOPT if task_id else Word.NOT_CHARGED
        elif take.state in WORDS:
            word = WORDS[take.state]
        else:
            return
        event = event_for(take, word, task_id, now=self._clock.now())
        ledger.append([(advance(take, event), event)])
        self._worked.paid_again[take.fingerprint] += word is Word.PAY_AGAIN


def charged_tasks(server: Path) -> dict[str, str]:
    """Task ids by the ids that the shots were sent with."""
    lines = (server / "charges.jsonl").read_text().splitlines()
    entries = [json.loads(line) for line in lines]
    return {entry["shotId"]: entry["taskId"] for entry in entries if entry["kind"] == "charge"}


def _sample(root: Path) -> Sample:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    handles = len(list(Path("/proc/self/fd").iterdir())) - 1  # the listing's own
    tasks = len(asyncio.all_tasks())
    with closing(sqlite3.connect(StorePaths(root / "store").ledger_path)) as ledger:
        [takes] = ledger.execute("SELECT count(*) FROM takes").fetchone()
    return Sample(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, handles, tasks, takes)
