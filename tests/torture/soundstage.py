"""Runs of several projects over one real sandbox, in one event loop under one virtual clock: stopped and gone on with.

Stands beside the product's composition root and does what that does, with the clock of the loop in place of the
system's, and a film maker that only looks at what it is given. A run may be killed: from then on none of its writes
reaches the ledger, whatever its code still tries.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import uvicorn
from builders import NOON, a_cutting
from torture.virtual_time import VirtualClock, VirtualLoop

from pipeline.api.client import VeoClient
from pipeline.errors import UsageError
from pipeline.ledger.journal import SqliteLedger
from pipeline.media.download import HostRule
from pipeline.media.prompt_pictures import PromptPictures
from pipeline.media.store import ClipStore
from pipeline.model.storyboard import Storyboard
from pipeline.model.take import Take
from pipeline.production import Production
from pipeline.project import ProjectPaths, StorePaths, World
from pipeline.publish.shelf import SandboxShelf
from pipeline.sandbox import FaultScript, SandboxConfig, create_app
from pipeline.sandbox.line import LineProtocol
from pipeline.shoot.addresses import Addresses
from pipeline.shoot.lifecycle import advance
from pipeline.shoot.policy import Policy, Window
from pipeline.shoot.resolve import Word, case_of, check_answer_is_over, event_for
from pipeline.shoot.retake import new_retake, withdrawals
from pipeline.shoot.runner import Doors
from pipeline.shoot.start import settle_leftovers

KEY: Final = "sbx_canary_5f0e9d"
SPEED: Final = 60.0
VENDOR_CALLS: Final = 22
"""What the sandbox allows in its hour: a fifth of the vendor's, so that short runs come to the end of it."""
POLICY: Final = replace(Policy(), window=Window(calls=18)).scaled(SPEED)

OnCall = Callable[[str, bytes], None]
"""Told of every call of the API before the sandbox is: the last word of its path, and its body."""


class Killed(BaseException):
    """The process that a run stands for is dead."""


class FilmReachedError(Exception):
    """All clips are there, and the film maker has looked at them."""


class MortalLedger:
    """A run's own connection to the ledger, until the run is dead."""

    def __init__(self, ledger: SqliteLedger) -> None:
        self._ledger = ledger
        self.is_dead = False
        self.writes_left: int | None = None  # the run dies behind the last of them

    def __getattr__(self, name: str) -> Any:
        door = getattr(self._ledger, name)

        def pass_through(*args: Any, **options: Any) -> Any:
            if self.is_dead:
                raise Killed
            came = door(*args, **options)
            if name in ("append", "arm", "open_take", "open_takes") and self.writes_left is not None:
                self.writes_left -= 1
                if self.writes_left <= 0:
                    self.is_dead = True
                    raise Killed
            return came

        return pass_through

    def die(self) -> None:
        self.is_dead = True
        self._ledger.close()


class Dice:
    """Chance without any: jitter goes round, and nonces count."""

    def __init__(self) -> None:
        self.rolled = 0

    def jitter(self) -> float:
        self.rolled += 1
        return self.rolled * 0.37 % 1

    def nonce(self) -> str:
        self.rolled += 1
        return f"{self.rolled:012x}"


@dataclass
class Critic:
    """A film maker that makes no film, and looks at each clip that it would be made of."""

    look: Callable[[str], None]

    def clips_landed(self, timeline: Any) -> None: ...

    async def finish(self, timeline: Any, *_args: Any) -> Any:
        for clip in timeline.clips:
            self.look(clip.media.sha256)
        raise FilmReachedError

    async def close(self) -> None: ...


QUIET: Final = SimpleNamespace(
    planned=lambda _plan: None,
    take_changed=lambda _take, _event: None,
    rendering=lambda _progress: None,
    note=lambda _sentence: None,
)


@dataclass
class Run:
    """One run on its way."""

    production: Production
    ledger: MortalLedger
    cap: int | None
    price: int
    work: asyncio.Task[Any]
    presses: int = 0

    @property
    def is_over(self) -> bool:
        return self.ledger.is_dead or self.work.done()


@dataclass
class Soundstage:
    """Projects and a store below `root`, the sandbox in front of them.

    Attributes:
        look: told of the content of each clip that a film is about to be made of.
    """

    root: Path
    footage_dir: Path
    on_call: OnCall
    look: Callable[[str], None]
    script: FaultScript = field(default_factory=FaultScript)
    runs: dict[str, Run] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.loop, self.dice = VirtualLoop(), Dice()
        self.clock = VirtualClock(self.loop, NOON)
        self._port = 0
        self._server: uvicorn.Server | None = None
        self.open_sandbox()

    # The sandbox

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def store(self) -> StorePaths:
        return StorePaths(self.root / "store")

    @property
    def is_open(self) -> bool:
        return self._server is not None

    def open_sandbox(self) -> None:
        config = SandboxConfig(
            state_dir=self.root / "server",
            speed=SPEED,
            footage_dir=self.footage_dir,
            log_bodies=True,
            painters=1,
            url_life_s=1200 / SPEED,
            calls_per_hour=VENDOR_CALLS,
            faults=self.script,
        )
        app = _overheard(create_app(config, now=self.clock.now), self.on_call)
        settings = uvicorn.Config(app, log_config=None, access_log=False, http=LineProtocol, ws="none")
        settings.load()
        self._server = uvicorn.Server(settings)
        self._server.lifespan = settings.lifespan_class(settings)
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self._port))
        self._port = listener.getsockname()[1]
        self.loop.run_until_complete(self._server.startup(sockets=[listener]))

    def close_sandbox(self) -> None:
        """As by a kill: what is under way is dropped."""
        assert self._server is not None
        for listening in self._server.servers:
            listening.close()
        for connection in list(self._server.server_state.connections):
            connection.transport.abort()
        for work in list(self._server.server_state.tasks):
            work.cancel()
        self.loop.run_until_complete(self._server.lifespan.shutdown())
        self._server = None

    # Runs

    def start(self, storyboard: Storyboard, *, shots_per_request: int = 1) -> None:
        ledger = MortalLedger(SqliteLedger(self.store.ledger_path, self.store.recovery_path))
        settle_leftovers(ledger, storyboard.project, self.clock.now())
        production = self._production(storyboard, ledger)
        plan = production.plan().model_copy(update={"shots_per_request": shots_per_request})
        work = self.loop.create_task(production.produce_film(plan))
        self.runs[storyboard.project] = Run(production, ledger, plan.cap, plan.credits, work)

    def go_on(self, turns: int, *, until: Callable[[], bool] = lambda: False) -> None:
        """Let everything go on for so many turns of the loop, or until a run has ended."""
        self.loop.go_on(turns, until=lambda: until() or any(run.is_over for run in self.runs.values()))

    def reap(self) -> dict[str, BaseException | None]:
        """Take the runs off the list that have ended, and what each ended with."""
        ended = {name: self.runs.pop(name) for name, run in list(self.runs.items()) if run.is_over}
        return {name: self._bury(run) for name, run in ended.items()}

    def kill(self, project: str) -> None:
        self._bury(self.runs.pop(project))

    def _bury(self, run: Run) -> BaseException | None:
        run.ledger.die()
        while not run.work.done():  # its sockets and files close, as they do when a process ends
            run.work.cancel()
            self.loop.go_on(1000, until=run.work.done)
        return None if run.work.cancelled() else run.work.exception()

    # The user between runs

    def say(self, slate: str, word: Word, task_id: str | None = None) -> Take | None:
        """Put the user's word on a take into the ledger; None if it is too early for it."""
        now = self.clock.now()
        with self.open_ledger() as ledger:
            settle_leftovers(ledger, slate.partition("/")[0], now)
            take = next(take for take in ledger.takes() if str(take.slate) == slate)
            event = event_for(take, word, task_id, now=now)
            taken, events, answer = ledger.takes(), ledger.events_of(take.slate), ledger.lost_answer(take.slate)
            try:
                check_answer_is_over(case_of(take, taken, events, answer, now=now, policy=POLICY), now=now)
            except UsageError:
                return None
            take = advance(take, event)
            ledger.append([(take, event)])
            return take

    def ask_for_retake(self, storyboard: Storyboard, shot: str, note: str) -> Take | None:
        """None if the shot can have none now."""
        now, project = self.clock.now(), storyboard.project
        with self.open_ledger() as ledger:
            settle_leftovers(ledger, project, now)
            plan = self._production(storyboard, ledger).plan()
            taken = [take for take in ledger.takes(project) if take.slate.shot == shot]
            try:
                take = new_retake(shot, plan, taken, note, now)
            except UsageError:
                return None
            ledger.append([(advance(old, event), event) for old, event in withdrawals(taken, now)])
            ledger.open_take(take)
            return take

    def recover(self, project: str) -> int:
        """Write down what became of takes whose run died; how many there were."""
        with self.open_ledger() as ledger:
            return len(settle_leftovers(ledger, project, self.clock.now()))

    @contextmanager
    def open_ledger(self) -> Iterator[SqliteLedger]:
        ledger = SqliteLedger(self.store.ledger_path, self.store.recovery_path)
        try:
            yield ledger
        finally:
            ledger.close()

    def close(self) -> None:
        for project in list(self.runs):
            self.kill(project)
        if self.is_open:
            self.close_sandbox()
        self.loop.close()

    def _project(self, name: str) -> ProjectPaths:
        return ProjectPaths(self.root / name)

    def _pictures(self, project: str) -> PromptPictures:
        return PromptPictures(self._project(project), self.store)

    def _clips(self) -> ClipStore:
        return ClipStore(paths=self.store, rule=HostRule(self.url), policy=POLICY, clock=self.clock, dice=self.dice)

    def _production(self, storyboard: Storyboard, ledger: Any) -> Production:
        project = self._project(storyboard.project)
        clips, pictures = self._clips(), self._pictures(storyboard.project)

        @asynccontextmanager
        async def connect() -> AsyncIterator[Doors]:
            yield Doors(
                api=VeoClient(self.url, KEY, self.clock),
                ledger=ledger,
                store=clips,
                addresses=Addresses(pictures, SandboxShelf(self.url)),
                clock=self.clock,
                dice=self.dice,
            )

        return Production(
            films={"": a_cutting(storyboard, project, Critic(self.look))},
            project=project,
            ledger=ledger,
            store=clips,
            pictures=pictures,
            connect=connect,
            key_id="k",
            clock=self.clock,
            world=World.SANDBOX,
            policy=POLICY,
            watcher=QUIET,  # type: ignore[arg-type]
        )


def _overheard(app: Any, on_call: OnCall) -> Any:
    """The app, and `on_call` hears what comes in before it does."""

    async def listening(scope: Any, receive: Callable[[], Awaitable[Any]], send: Any) -> None:
        body = b""

        async def overheard() -> Any:
            nonlocal body
            message = await receive()
            if message["type"] == "http.request":
                body += message.get("body", b"")
                if not message.get("more_body") and scope["path"].startswith("/api/"):
                    on_call(scope["path"].rpartition("/")[2], body)
            return message

        await app(scope, overheard if scope["type"] == "http" else receive, send)

    return listening
