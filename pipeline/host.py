"""This machine: its clock and its chance behind the ports, and how a file appears.

A file is written aside, synced, renamed, and its folder synced: never in part under its own name.
"""

from __future__ import annotations

import asyncio
import errno
import os
import random
import secrets
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

from pipeline.errors import MachineError, UsageError
from pipeline.folders import make_folder, sync_folder
from pipeline.lock import try_lock

TURN_LOOK_SECONDS: Final = 0.2
LONGEST_NAP_SECONDS: Final = 30.0
MAX_MADE_BYTES: Final = 64_000_000


class SystemClock:
    """`ports.Clock` of the operating system: the time of day when this clock was made, and what has passed since.

    Whoever sets the machine's clock meanwhile changes nothing for it; time for which the machine was suspended counts.
    """

    def __init__(self, *, time_of_day: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._began, self._mark = time_of_day(), _seconds_up()

    def now(self) -> datetime:
        return self._began + timedelta(seconds=_seconds_up() - self._mark)

    async def sleep(self, duration: timedelta) -> None:
        until = self.now() + duration
        while (left := (until - self.now()).total_seconds()) > 0:  # noqa: ASYNC110 - naps, see below
            await asyncio.sleep(min(left, LONGEST_NAP_SECONDS))  # the loop's own clock stands while suspended


def _seconds_up() -> float:
    """Since the machine was started, suspended or not, where the system tells."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class SystemDice:
    """`ports.Dice` of the operating system; jitter needs no secrecy, a nonce does."""

    def jitter(self) -> float:
        return random.random()  # noqa: S311

    def nonce(self) -> str:
        return secrets.token_hex(6)


@asynccontextmanager
async def take_turn(lock_path: Path, *, on_wait: Callable[[], None]) -> AsyncIterator[None]:
    """Wait until no other process is in its turn, then hold it; `on_wait` is told once if there is one to wait for."""
    try:
        make_folder(lock_path.parent)
        opened = lock_path.open("a")
    except OSError as error:
        raise MachineError(f"{lock_path} cannot be opened: {error.strerror}. Check its permissions.") from error
    with opened as file:
        has_told = False
        while not try_lock(file.fileno()):
            if not has_told:
                on_wait()
                has_told = True
            await asyncio.sleep(TURN_LOOK_SECONDS)
        yield


def read_made(path: Path) -> str:
    """The text of a document that a run before has made; a project that somebody sent may hold anything in its place.

    Raises OSError: there is none, or what is there was not made by us.
    """
    if not path.is_file() or path.stat().st_size > MAX_MADE_BYTES:  # a pipe would be waited for, a device never end
        raise OSError(errno.ENOENT, "no document of ours", str(path))
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise OSError(errno.EILSEQ, "no document of ours", str(path)) from error


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` at `path`, whole or not at all; makes the folder. Raises MachineError."""
    aside = path.with_name(f".{path.name}.{uuid4().hex[:8]}.tmp")
    try:
        make_folder(path.parent)
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        publish(aside, path)
    except OSError as error:
        with suppress(OSError):
            aside.unlink()
        raise MachineError(
            f"{path} cannot be written: {error.strerror}. Check the disk and its permissions."
        ) from error


def take_away(path: Path) -> None:
    """Remove a made document that says nothing any more, if it is there. Raises MachineError."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise MachineError(
            f"{path} cannot be removed: {error.strerror}. Check the disk and its permissions."
        ) from error


def publish(aside: Path, path: Path) -> None:
    """Give a whole, synced file its name; durable when this returns. Raises OSError."""
    aside.replace(path)
    sync_folder(path.parent)


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A folder to fill, which becomes `folder` when the block ends well: whole or not at all.

    Raises:
        UsageError: there is a `folder` already.
        MachineError: it cannot be written.
    """
    if folder.exists():
        raise UsageError(f"{folder} is there already. Choose another name, or move that folder away.")
    aside = folder.with_name(f".{folder.name}.{uuid4().hex[:8]}.tmp")
    try:
        aside.mkdir(parents=True)
        yield aside
        aside.rename(folder)
    except OSError as error:
        raise MachineError(f"{folder} cannot be written: {error.strerror}. Check the folder's permissions.") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
