"""The lock of a project: one run at a time, and who comes second is told of the first.

It is tried before anything heavy is imported, by many at once if need be: so this module imports next to nothing.
"""

from __future__ import annotations

import fcntl
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pipeline.errors import MachineError, ProjectBusyError
from pipeline.folders import make_folder

NOTE_SECONDS: Final = 1.0
"""How long a holder that has just begun may take to write down who it is."""

_NOTE: Final = re.compile(r"process (\d{1,10})")
_PAUSE_SECONDS: Final = 0.02

_taken_ahead: dict[Path, int] = {}


@contextmanager
def hold_project(folder: Path, note_path: Path) -> Iterator[None]:
    """Hold the project for one run; the lock goes with the process, however it ends.

    The folder itself is locked: what a run makes in it may be thrown away meanwhile, and the lock stays.

    Args:
        note_path: where the holder writes down who it is, for those who find the project held.

    Raises:
        ProjectBusyError: another run holds it; names its process.
        MachineError: the folder cannot be locked, or the note not be written.
    """
    ahead = _taken_ahead.pop(folder, None)
    handle = _take(folder, note_path) if ahead is None else ahead
    try:
        yield
    finally:
        os.close(handle)


def take_ahead(folder: Path, note_path: Path) -> None:
    """Take the lock now for the next `hold_project` of this process; it raises the same."""
    _taken_ahead[folder] = _take(folder, note_path)


def _take(folder: Path, note_path: Path) -> int:
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise MachineError(f"{folder} cannot be opened: {error.strerror}. Check its permissions.") from error
    try:
        if not try_lock(handle):
            holder = _wait_for_name(note_path)
            raise ProjectBusyError(f"{folder.name} is being worked on by {holder}. Wait for it, or stop it first.")
        _write_note(note_path)
    except BaseException:
        os.close(handle)
        raise
    return handle


def try_lock(handle: int) -> bool:
    """Whether `handle` is locked now. Raises MachineError where there are no locks."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise _no_locks(error) from error
    return True


@contextmanager
def share(folder: Path) -> Iterator[None]:
    """Use a folder, which is made if need be, together with others, of this process or another.

    Whoever has it alone is waited for: that takes no longer than removing some files. The lock goes with the process.

    Raises:
        MachineError: it cannot be made or locked.
    """
    with _opened(folder) as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH)
        except OSError as error:
            raise _no_locks(error) from error
        yield


@contextmanager
def try_alone(folder: Path) -> Iterator[bool]:
    """Have what others `share` alone, for as long as the block lasts; False if it is in use. Raises MachineError."""
    with _opened(folder) as handle:
        yield try_lock(handle)


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    try:
        make_folder(folder)
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise MachineError(f"{folder} cannot be opened: {error.strerror}. Check its permissions.") from error
    try:
        yield handle
    finally:
        os.close(handle)


def _no_locks(error: OSError) -> MachineError:
    return MachineError(f"this file system knows no locks ({error.strerror}); keep the workspace on another.")


def _write_note(path: Path) -> None:
    """For people to read: never in part, but it need not outlive a power cut."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        make_folder(path.parent)
        aside.write_text(f"process {os.getpid()}")
        aside.replace(path)
    except OSError as error:
        raise MachineError(
            f"{path} cannot be written: {error.strerror}. Check the disk and its permissions."
        ) from error


def _wait_for_name(note_path: Path) -> str:
    """Who holds the project. A note that names nobody who lives is of an earlier run: the holder's is on its way."""
    give_up_at = time.monotonic() + NOTE_SECONDS
    while not _is_alive(name := _read_note(note_path)) and time.monotonic() < give_up_at:
        time.sleep(_PAUSE_SECONDS)
    return name or "another process"


def _read_note(path: Path) -> str:
    """A project that somebody sent may hold anything in its place; a pipe would be waited for."""
    try:
        note = path.read_text() if path.is_file() and path.stat().st_size < 100 else ""
    except (OSError, ValueError):
        return ""
    return note if _NOTE.fullmatch(note) else ""


def _is_alive(name: str) -> bool:
    if not name:
        return False
    try:
        os.kill(int(name.split()[1]), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
