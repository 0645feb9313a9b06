"""What a production needs, with doubles of the vendor, the store and the film maker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from builders import a_cutting
from builders_shoot import Dice, FastClock, Gallery, Host, Shelf, Vendor

from pipeline.cutting import Cutting
from pipeline.digest import hash_file
from pipeline.errors import (
    MachineError,
)
from pipeline.host import write_whole
from pipeline.ledger.journal import SqliteLedger
from pipeline.model.delivery import Film
from pipeline.model.storyboard import Storyboard
from pipeline.model.timeline import Timeline
from pipeline.production import Outcome, Production
from pipeline.project import ProjectPaths, World
from pipeline.shoot.addresses import Addresses
from pipeline.shoot.policy import Policy
from pipeline.shoot.runner import Doors


class CutReached(Exception):  # noqa: N818
    """All shots are there: the film is about to be made."""


class FilmMakerDouble:
    """Makes no film; `meanwhile` is what happens while it would."""

    meanwhile: Callable[[], Awaitable[None]] | None = None

    def clips_landed(self, timeline: Any) -> None: ...

    async def finish(self, *_args: Any) -> Any:
        if self.meanwhile:
            await self.meanwhile()
        raise CutReached

    async def close(self) -> None: ...


class Cutter(FilmMakerDouble):
    """Writes the film's size into its file; `broken` is the name of the one that it cannot make."""

    def __init__(self) -> None:
        self.broken = ""
        self.made: list[str] = []

    async def finish(self, timeline: Timeline, film_path: Path, on_progress: object) -> Film:
        if film_path.name == self.broken:
            raise MachineError("The disk is full.")
        self.made.append(film_path.name)
        write_whole(film_path, f"{timeline.width_px}x{timeline.height_px}".encode())
        return Film(
            path=f"out/{film_path.name}",
            sha256=hash_file(film_path),
            size_bytes=film_path.stat().st_size,
            width_px=timeline.width_px,
            height_px=timeline.height_px,
            frames=timeline.frames,
            samples=timeline.samples,
            loudness_lufs=None,
            true_peak_dbtp=None,
            spans=1,
            frames_encoded=0,
        )


class Quiet:
    """A watcher that keeps the notes."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def planned(self, plan: Any) -> None: ...

    def take_changed(self, take: Any, event: Any) -> None: ...

    def rendering(self, progress: Any) -> None: ...

    def note(self, sentence: str) -> None:
        self.notes.append(sentence)


class Set:
    """What a production needs; `produce` tells how it ended."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.shelf, self.film_maker, self.watcher = FastClock(), Shelf(), FilmMakerDouble(), Quiet()
        self.vendor, self.pictures, self.host = Vendor(self.clock), Gallery(), Host()
        self.folder = folder
        self.ledger = SqliteLedger(folder / "ledger.sqlite3", folder / "recovery.jsonl")
        self.production: Any = None
        self.made: Any = None
        self.has_publisher = True
        self.policy = Policy()
        self.meter: Any = None

    def shots_sent(self) -> list[str]:
        return [order.sent_id.partition("~")[0] for orders in self.vendor.calls for order in orders]

    def produce(self, storyboard: Storyboard, *, only: set[str] | None = None, cap: int | None = None) -> type[object]:
        """What it ended with: an error, or a result without a film."""
        self.open({"": storyboard}, only=only)
        try:
            plan = self.production.plan()
            plan = plan.model_copy(update={"cap": cap or plan.cap})
            self.made = asyncio.run(self.production.produce_film(plan))
            return type(self.made)
        except Exception as error:
            return type(error)

    def produce_films(self, storyboards: Mapping[str, Storyboard]) -> dict[str, Outcome]:
        """How the films of one project ended."""
        self.open(storyboards)
        outcomes: dict[str, Outcome] = asyncio.run(self.production.produce(self.production.plan()))
        return outcomes

    def open(self, storyboards: Mapping[str, Storyboard], *, only: set[str] | None = None) -> None:
        project = ProjectPaths(self.folder / "demo")

        def cutting(name: str) -> Cutting:
            film = storyboards[name]
            return a_cutting(film, project.film_of(name), self.film_maker, self.watcher.note, self.meter)

        self.production = Production(
            films={name: cutting(name) for name in storyboards},
            project=project,
            ledger=self.ledger,
            store=self.shelf,
            pictures=self.pictures,
            connect=self._connect,
            key_id="k",
            world=World.LIVE,
            policy=self.policy,
            clock=self.clock,
            watcher=self.watcher,
            only=only,
        )

    @asynccontextmanager
    async def _connect(self) -> AsyncIterator[Doors]:
        yield Doors(
            api=self.vendor,
            ledger=self.ledger,
            store=self.shelf,
            addresses=Addresses(self.pictures, self.host if self.has_publisher else None),
            clock=self.clock,
            dice=Dice(),
        )


@contextmanager
def open_set(folder: Path) -> Iterator[Set]:
    made = Set(folder)
    try:
        yield made
    finally:
        made.ledger.close()
