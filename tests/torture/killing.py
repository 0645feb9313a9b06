"""Films that are shot under kills: what is asked for, the server it is bought from, and one run of a project.

A run does what `storyreel render` does from the lock of its project to where the film would be cut, and begins with
the user's word on what is in doubt. Where it is killed is `test_kills`'s matter, what must hold then `accounts`'s.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from builders import a_shot, a_storyboard
from footage import write_clip
from shoot.backlot import Backlot, FilmReachedError
from torture.accounts import Books, open_books

from pipeline.errors import StoryreelError
from pipeline.host import SystemClock
from pipeline.ledger.journal import SqliteLedger
from pipeline.lock import hold_project
from pipeline.model.instructions import Continuation
from pipeline.model.storyboard import Budget, GenerationType, Shot, Storyboard
from pipeline.model.take import State
from pipeline.project import StorePaths
from pipeline.publish.shelf import SandboxShelf
from pipeline.sandbox import FaultScript, Rule, SandboxConfig
from pipeline.sandbox import run as run_sandbox
from pipeline.sandbox.vault import key_name
from pipeline.shoot.lifecycle import advance
from pipeline.shoot.policy import Policy, Window
from pipeline.shoot.resolve import Word, event_for
from pipeline.shoot.start import settle_leftovers

SPEED: Final = 3000.0  # a shot takes 0.04–0.1 s
POLICY: Final = replace(
    Policy().scaled(SPEED),
    window=Window(calls=10**6),  # has tests of its own; here it would only slow things down
    poll_every=timedelta(milliseconds=50),
)
RUN_SECONDS: Final = 30.0
PR_SET_PDEATHSIG: Final = 1

ODD: Final = (  # what the server does now and then to shots that are called odd
    Rule(door="generate", fault="drop", charged=True, chance=0.1, shot="odd*"),
    Rule(door="generate", fault="drop", chance=0.1, shot="odd*"),
    Rule(door="generate", fault="cut", at_byte=200, chance=0.1, shot="odd*"),
    Rule(door="generate", fault="error", charged=True, chance=0.1, shot="odd*"),
    Rule(door="generate", fault="rate_limited", chance=0.2, shot="odd*"),
    Rule(door="check-status", fault="cut", at_byte=100, chance=0.2, shot="odd*"),
    Rule(door="check-status", fault="not_found", chance=0.1, shot="odd*"),
    Rule(door="check-status", fault="no_url", chance=0.2, shot="odd*"),
    Rule(door="video", fault="cut", at_byte=500, chance=0.2, shot="odd*"),
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a film asks for.

    Attributes:
        projects: the shots of each; one with `=` in it asks for the same, whichever project it is in.
        together: how many shots share a request.
        granted: credits for which shots in doubt may be shot again, unasked.
    """

    projects: dict[str, tuple[str, ...]]
    together: int = 1
    granted: int = 0

    def storyboard(self, project: str, film: str) -> Storyboard:
        shots = [_shot(words, project, film) for words in self.projects[project]]
        budget = Budget(max_credits=self.cap(project), pay_again_credits=self.granted)
        return a_storyboard(*shots, project=project, budget=budget)

    def cap(self, project: str) -> int:
        """What its shots cost once, and the grant; not a credit more."""
        return 10 * len(self.projects[project]) + self.granted


SHAPES: Final = {
    "grouped": Shape({"north": ("a", "b [sandbox: fail]")}, together=2),
    "chain": Shape({"north": ("a", "b < a")}),
    "twins": Shape({"north": ("a", "b ="), "south": ("b =", "c")}),
    "odd": Shape({"north": ("odd", "odder")}, granted=10),
}


def _shot(words: str, project: str, film: str) -> Shot:
    """A shot as `Shape` writes it: `b < a` goes on from a."""
    name, _, more = words.partition(" ")
    prompt = f"{film}: {name} of {'all' if more == '=' else project}. {more if '[' in more else ''}"
    if not more.startswith("<"):
        return a_shot(name, prompt=prompt)
    continues = Continuation(shot=more.removeprefix("< "))
    return a_shot(name, prompt=prompt, continues=continues, generation=GenerationType.FRAMES)


@dataclass(frozen=True, slots=True)
class Server:
    """The sandbox of a battery, in a process of its own."""

    url: str
    state_dir: Path

    def come_to_rest(self) -> None:
        """Return once all that was sent before is answered: callers are heard in their order."""
        for _ in range(2):
            with suppress(urllib.error.HTTPError):
                urllib.request.urlopen(f"{self.url}/assets/none").read()  # noqa: S310

    def read(self, log: str, key: str, offset: int = 0) -> list[dict[str, Any]]:
        """The lines of one of its logs that are about a key."""
        mark = f'"key": "{key_name(key)}"'.encode()
        with self.path_of(log).open("rb") as file:
            file.seek(offset)
            return [json.loads(line) for line in file if mark in line]

    def path_of(self, log: str) -> Path:
        return self.state_dir / f"{log}.jsonl"


@contextmanager
def serve_apart(root: Path) -> Iterator[Server]:
    """A sandbox that serves tiny clips, in a child of this process that does not outlive it."""
    footage = root / "footage"
    footage.mkdir()
    for name, grey in (("a", 40), ("b", 90), ("c", 140)):
        write_clip(footage / f"{name}.mp4", frames=8, grey=grey, hz=None)
    config = SandboxConfig(
        state_dir=root / "server",
        speed=SPEED,
        footage_dir=footage,
        log_bodies=True,
        calls_per_hour=10**6,
        faults=FaultScript(*ODD),
    )
    reading, writing = os.pipe()
    server = os.fork()
    if server == 0:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        os.dup2(writing, 1)
        try:
            run_sandbox(config)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        url = json.loads(told.readline())["url"]
    try:
        yield Server(url, config.state_dir)
    finally:
        os.kill(server, signal.SIGTERM)
        os.waitpid(server, 0)


@dataclass(frozen=True, slots=True)
class Film:
    """One case: the projects of a shape, with a store and a key of their own, in `root`."""

    name: str
    shape: Shape
    root: Path
    server: Server
    logs_from: dict[str, int]  # where the server's logs were when it began

    @property
    def key(self) -> str:
        return f"sbx_{self.name}"

    def lot(self, project: str) -> Backlot:
        url = self.server.url
        return Backlot(self.root, url, SandboxShelf(url), name=project, policy=POLICY, api_key=self.key)

    def run(self, project: str, *, speaks: bool) -> str:
        """One run of a project: "film" if all its clips are there, else why not; `speaks`: doubts are resolved."""
        lot, storyboard = self.lot(project), self.shape.storyboard(project, self.name)
        opened = SqliteLedger(lot.store.ledger_path, lot.store.recovery_path)
        with hold_project(lot.project.root, lot.project.holder_path), closing(opened) as ledger:
            settle_leftovers(ledger, project, SystemClock().now())
            if speaks:
                self._resolve_by_the_log(ledger, project)
            production = lot.production(storyboard, ledger)
            plan = production.plan().model_copy(update={"shots_per_request": self.shape.together})
            try:
                asyncio.run(asyncio.wait_for(production.produce_film(plan), RUN_SECONDS))
            except FilmReachedError:
                return "film"
            except StoryreelError as error:
                return f"{type(error).__name__}: {error}"
        raise AssertionError("no film is ever cut here")

    @property
    def store(self) -> StorePaths:
        return self.lot("north").store

    def books(self) -> Books:
        caps = {project: self.shape.cap(project) for project in self.shape.projects}
        return open_books(self.store, self.log("charges"), self.log("requests"), caps)

    def log(self, name: str) -> list[dict[str, Any]]:
        """What the server wrote down about this film."""
        return self.server.read(name, self.key, self.logs_from[name])

    def _resolve_by_the_log(self, ledger: SqliteLedger, project: str) -> None:
        """Say of each take in doubt what the server's log says, once it has come to rest."""
        doubtful = [take for take in ledger.takes(project) if take.state is State.UNKNOWN]
        if not doubtful:
            return
        self.server.come_to_rest()
        tasks = {line["shotId"]: line["taskId"] for line in self.log("charges") if line["kind"] == "charge"}
        for take in doubtful:
            task = tasks.get(take.sent_id or "")
            event = event_for(take, Word.ADOPT if task else Word.NOT_CHARGED, task, now=SystemClock().now())
            ledger.append([(advance(take, event), event)])


def begin_film(name: str, shape: Shape, root: Path, server: Server) -> Film:
    logs = {name: server.path_of(name).stat().st_size for name in ("charges", "requests")}
    for project in shape.projects:
        (root / project).mkdir(parents=True)
    return Film(name, shape, root, server, logs)
