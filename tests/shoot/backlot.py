"""Productions over a real sandbox and real files, up to where the film would be cut, and what was sent meanwhile."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from builders import a_cutting
from footage import write_clip

from pipeline.api.client import VeoClient
from pipeline.host import SystemClock, SystemDice
from pipeline.ledger.journal import SqliteLedger
from pipeline.media.download import HostRule
from pipeline.media.prompt_pictures import PromptPictures
from pipeline.media.store import ClipStore
from pipeline.model.plan import Decision, Plan
from pipeline.model.storyboard import Storyboard
from pipeline.model.take import State, Take
from pipeline.ports import Publisher
from pipeline.production import Production, Unfinished
from pipeline.project import ProjectPaths, StorePaths, World
from pipeline.publish.shelf import SandboxShelf
from pipeline.sandbox import SandboxConfig, serve
from pipeline.shoot.addresses import Addresses
from pipeline.shoot.policy import Policy
from pipeline.shoot.retake import new_retake
from pipeline.shoot.runner import Doors

SPEED = 1000.0  # a shot takes 0.12–0.3 s
POLICY = Policy().scaled(SPEED)


class NoFilm:
    """A film maker that only counts how often it was told of clips."""

    def clips_landed(self, timeline: Any) -> None: ...

    async def finish(self, *_args: Any) -> Any:
        raise FilmReachedError

    async def close(self) -> None: ...


class FilmReachedError(Exception):
    """All clips are there."""


@dataclass
class Backlot:
    """The project `name` and a store in `root`, and the sandbox at `url`."""

    root: Path
    url: str
    publisher: Publisher | None
    notes: list[str] = field(default_factory=list)
    name: str = "demo"
    policy: Policy = POLICY
    api_key: str = "sbx_test"

    @property
    def project(self) -> ProjectPaths:
        return ProjectPaths(self.root / self.name)

    @property
    def store(self) -> StorePaths:
        return StorePaths(self.root / "store")

    def shoot(
        self, storyboard: Storyboard, *, together: int | None = None, **options: Any
    ) -> BaseException | Unfinished | None:
        """Run a production; what it ended with, None when the film could be cut.

        Args:
            together: how many shots share a request; None: as many as the plan finds best at this instant.
        """
        ledger = SqliteLedger(self.store.ledger_path, self.store.recovery_path)
        try:
            production = self.production(storyboard, ledger, **options)
            plan = production.plan()
            if together is not None:
                plan = plan.model_copy(update={"shots_per_request": together})
            made = asyncio.run(asyncio.wait_for(production.produce_film(plan), 30))
        except FilmReachedError:
            return None
        except Exception as error:
            return error
        finally:
            ledger.close()
        assert isinstance(made, Unfinished), "no film is ever cut here"
        return made

    def plan(self, storyboard: Storyboard, **options: Any) -> Plan:
        """What a run would do now, and cost."""
        ledger = SqliteLedger(self.store.ledger_path, self.store.recovery_path)
        plan = self.production(storyboard, ledger, **options).plan()
        ledger.close()
        return plan

    def ask_for_retake(self, storyboard: Storyboard, shot: str, note: str) -> None:
        """Raises UsageError if the shot has nothing that it would be another take of."""
        ledger = SqliteLedger(self.store.ledger_path, self.store.recovery_path)
        with closing(ledger):
            plan = self.production(storyboard, ledger).plan()
            taken = [take for take in ledger.takes(self.name) if take.slate.shot == shot]
            ledger.open_take(new_retake(shot, plan, taken, note, SystemClock().now()))

    def landed(self) -> list[Take]:
        ledger = SqliteLedger(self.store.ledger_path, self.store.recovery_path)
        with closing(ledger):
            return [take for take in ledger.takes() if take.state is State.VERIFIED]

    def decisions(self, storyboard: Storyboard) -> dict[str, Decision]:
        return {row.shot: row.decision for row in self.plan(storyboard).shots}

    def sent(self) -> list[dict[str, Any]]:
        """The shots of all generate calls, in order; `shot` is what stands before the first `~` of an id."""
        log = self.root / "server" / "requests.jsonl"
        calls = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        ordered = [shot for call in calls if call["path"].endswith("generate") for shot in call["body"]["shots"]]
        return [{**shot, "shot": shot["id"].partition("~")[0]} for shot in ordered]

    def charges(self) -> int:
        return len((self.root / "server" / "charges.jsonl").read_text().splitlines())

    def production(self, storyboard: Storyboard, ledger: SqliteLedger, **options: Any) -> Production:
        clips = ClipStore(
            paths=self.store, rule=HostRule(self.url), policy=self.policy, clock=SystemClock(), dice=SystemDice()
        )
        pictures = PromptPictures(self.project, self.store)

        @asynccontextmanager
        async def connect() -> AsyncIterator[Doors]:
            yield Doors(
                api=VeoClient(self.url, self.api_key, SystemClock()),
                ledger=ledger,
                store=clips,
                addresses=Addresses(pictures, self.publisher),
                clock=SystemClock(),
                dice=SystemDice(),
            )

        return Production(
            films={"": a_cutting(storyboard, self.project, NoFilm(), note=self.notes.append)},
            project=self.project,
            ledger=ledger,
            store=clips,
            pictures=pictures,
            connect=connect,
            key_id="k",
            world=World.SANDBOX,
            policy=self.policy,
            clock=SystemClock(),
            watcher=_Notes(self.notes),
            **options,
        )


class _Notes:
    """A watcher that keeps what it is told in words."""

    def __init__(self, notes: list[str]) -> None:
        self.note = notes.append

    def planned(self, plan: Any) -> None: ...

    def take_changed(self, take: Any, event: Any) -> None: ...

    def rendering(self, progress: Any) -> None: ...


@contextmanager
def open_backlot(root: Path, greys: Mapping[str, int], **settings: Any) -> Iterator[Backlot]:
    """A sandbox that serves for each shot named in `greys` a clip of 8 frames, brighter from frame to frame."""
    footage = root / "footage"
    footage.mkdir(parents=True)
    for shot, grey in greys.items():
        write_clip(footage / f"{shot}.mp4", frames=8, grey=lambda n, first=grey: first + 4 * n, hz=None)  # type: ignore[misc]
    (root / "demo").mkdir()
    config = SandboxConfig(
        state_dir=root / "server", speed=SPEED, footage_dir=footage, log_bodies=True, calls_per_hour=10_000, **settings
    )
    with serve(config) as url:
        yield Backlot(root, url, SandboxShelf(url))
