"""This machine, behind the ports: its clock, its chance, and the lock of a project."""

from __future__ import annotations

import asyncio
import fcntl
import os
import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.errors import MachineError, ProjectBusyError


class SystemClock:
    """`ports.Clock` of the operating system."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, duration: timedelta) -> None:
        await asyncio.sleep(max(0.0, duration.total_seconds()))


class SystemDice:
    """`ports.Dice` of the operating system; jitter needs no secrecy, a nonce does."""

    def jitter(self) -> float:
        return random.random()  # noqa: S311

    def nonce(self) -> str:
        return secrets.token_hex(6)


@contextmanager
def hold_project(lock_path: Path) -> Iterator[None]:
    """Hold the project for one run; the lock goes with the process, however it ends.

    Raises:
        ProjectBusyError: another run holds it; names its process.
        MachineError: the lock cannot be written.
    """
    try:
        lock_path.parent.mkdir(parents=True, exist_ok=True)
        file = lock_path.open("a+", encoding="utf-8")
    except OSError as error:
        raise MachineError(
            f"{lock_path} cannot be written: {error.strerror}. Check the folder's permissions."
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            project = lock_path.parent.parent.name
            raise ProjectBusyError(
                f"{project} is being worked on by {holder}. Wait for it, or stop it first."
            ) from None
        file.seek(0)
        file.truncate()
        file.write(f"process {os.getpid()}")
        file.flush()
        yield
