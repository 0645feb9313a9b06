"""Picks what stands behind each door, and opens it for as long as it is needed; what is heavy is imported late."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.app.assignment import Assignment
from pipeline.app.takes_lock import circles_of
from pipeline.errors import MachineError
from pipeline.folders import make_folder
from pipeline.holdings import pace_of, takes_on_hand
from pipeline.host import SystemClock, SystemDice, take_turn
from pipeline.lock import hold_project
from pipeline.media.prompt_pictures import PromptPictures
from pipeline.model.timeline import Clip, LogoOverlay, MusicTrack, NarrationTrack
from pipeline.planner.on_hand import TakesOnHand
from pipeline.ports import Publisher
from pipeline.production import Watcher
from pipeline.project import StorePaths, World
from pipeline.publish.settings import publisher_of, read_workspace_file
from pipeline.render.encoding import SETTINGS, EncodeSettings
from pipeline.shoot.addresses import Addresses
from pipeline.shoot.runner import Doors

if TYPE_CHECKING:  # and late where they are used: httpx, PyAV and numpy take longer than most commands
    from pipeline.ledger.journal import SqliteLedger
    from pipeline.media.seam_meter import SeamMeter
    from pipeline.media.store import ClipStore
    from pipeline.render.film import FilmMaker


def look_on_hand(assigned: Assignment, ledger: SqliteLedger, pictures: PromptPictures | None = None) -> TakesOnHand:
    """What a plan is made from; `pictures` where they are asked for by their contents later."""
    seen = pictures or PromptPictures(assigned.project, assigned.store)
    world, circles = assigned.access.world, circles_of(assigned)
    pace = pace_of(ledger, assigned.access.key_id, assigned.policy, SystemClock().now())
    return takes_on_hand(ledger, open_clip_store(assigned, None), seen, assigned.project, world, circles, pace)


def make_film_maker(assigned: Assignment, settings: EncodeSettings = SETTINGS) -> FilmMaker:
    return film_makers(assigned, settings)()


def film_makers(assigned: Assignment, settings: EncodeSettings = SETTINGS) -> Callable[[], FilmMaker]:
    """Makes a maker for each film of a project; all of them share what bounds how much is made at once."""
    from pipeline.media.ffmpeg import Ffmpeg, find_ffmpeg  # heavy: most commands render nothing
    from pipeline.media.memory import keep_little
    from pipeline.media.press import Press
    from pipeline.media.sound import SoundDesk
    from pipeline.media.span_cache import SpanCache
    from pipeline.render.film import FilmMaker

    keep_little()
    exe, find = find_ffmpeg(assigned.settings), partial(locate, assigned)
    spans = SpanCache(Ffmpeg(exe), assigned.store, find)
    sound = SoundDesk(Ffmpeg(exe), assigned.store, find)
    press = Press(assigned.store, find)
    return lambda: FilmMaker(spans, sound, press, settings=settings)


def locate(assigned: Assignment, piece: Clip | MusicTrack | NarrationTrack | LogoOverlay) -> Path:
    """Where the media of a landed clip lies: takes in the store, the author's files in the project."""
    if isinstance(piece, Clip) and piece.kind == "shot" and piece.media:
        return assigned.store.take_path(piece.media.sha256)
    return assigned.project.root / piece.file


@contextmanager
def hold(assigned: Assignment) -> Iterator[None]:
    """The project for one run, its folder and its takes: workspaces that share a store may have it in two folders.

    Raises:
        ProjectBusyError: another run has it.
        MachineError: it cannot be locked.
    """
    takes = assigned.store.held_dir(assigned.project.name)
    with hold_project(assigned.project.root, assigned.project.holder_path):
        try:
            make_folder(takes)
        except OSError as error:
            raise MachineError(
                f"{takes} cannot be made: {error.strerror}. Check the disk and its permissions."
            ) from error
        with hold_project(takes, takes / "held_by"):
            yield


@contextmanager
def open_ledger(store: StorePaths) -> Iterator[SqliteLedger]:
    """The ledger of a world, made if there was none.

    Raises:
        MachineError: it cannot be used, or is gone, and the clips that it knew are not.
    """
    from pipeline.ledger.journal import SqliteLedger

    _refuse_clips_without_ledger(store)
    ledger = SqliteLedger(store.ledger_path, store.recovery_path)
    try:
        yield ledger
    finally:
        ledger.close()


def _refuse_clips_without_ledger(store: StorePaths) -> None:
    """A new ledger beside old clips would have all of them paid for once more."""
    ledger = store.ledger_path
    if ledger.is_file() and ledger.stat().st_size:
        return
    if any(store.takes_dir.glob("*/*.mp4")):
        raise MachineError(
            f"the ledger {ledger} is gone, and {store.takes_dir} holds clips that it knew; nothing was sent. "
            f"Bring it back from a copy, or move that folder away to shoot everything anew."
        )


def open_meter(assigned: Assignment) -> SeamMeter:
    from pipeline.media.seam_meter import SeamMeter  # heavy

    return SeamMeter(assigned.store)


def open_clip_store(assigned: Assignment, sandbox_origin: str | None, meter: SeamMeter | None = None) -> ClipStore:
    """Args: meter: measures clips as they land; without it, nothing heavy is loaded before something is verified."""
    from pipeline.media.download import HostRule
    from pipeline.media.store import ClipStore

    rule = HostRule(sandbox_origin)
    return ClipStore(
        paths=assigned.store,
        rule=rule,
        policy=assigned.policy,
        clock=SystemClock(),
        dice=SystemDice(),
        meter=meter,
    )


@asynccontextmanager
async def connect(
    assigned: Assignment, ledger: SqliteLedger, pictures: PromptPictures, watcher: Watcher
) -> AsyncIterator[Doors]:
    """The doors of shooting, for as long as the block lasts."""
    from pipeline.api.client import VeoClient

    async with _vendor(assigned, watcher) as base_url:
        origin = base_url if assigned.access.world is World.SANDBOX else None
        yield Doors(
            api=VeoClient(base_url, assigned.access.api_key, SystemClock()),
            ledger=ledger,
            store=open_clip_store(assigned, origin, open_meter(assigned)),
            addresses=Addresses(pictures, _publisher(assigned, base_url)),
            clock=SystemClock(),
            dice=SystemDice(),
        )


def _publisher(assigned: Assignment, base_url: str) -> Publisher | None:
    """Where the pictures of this run are put; None where the user has named no place. Raises UsageError."""
    if assigned.access.world is World.SANDBOX:
        from pipeline.publish.shelf import SandboxShelf

        return SandboxShelf(base_url)
    named = read_workspace_file(assigned.workspace.settings_path).publisher
    return publisher_of(named, assigned.workspace.root, assigned.store, assigned.settings.environment)


@asynccontextmanager
async def _vendor(assigned: Assignment, watcher: Watcher) -> AsyncIterator[str]:
    """The address of the API. The embedded sandbox runs meanwhile; runs that want it at the same time take turns."""
    if assigned.access.base_url is not None:
        yield assigned.access.base_url
        return
    from pipeline.sandbox import SandboxConfig, SandboxError, serve  # heavy: not for a live run

    def tell() -> None:
        watcher.note("Another run is using this workspace's sandbox; waiting for it to end.")

    config = SandboxConfig(state_dir=assigned.store.server_dir, speed=assigned.access.speed, marks=False)
    async with take_turn(assigned.store.server_turn_path, on_wait=tell):
        try:
            with serve(config) as base_url:
                yield base_url
        except SandboxError as error:
            raise MachineError(str(error)) from error
