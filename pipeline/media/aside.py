"""Folders to make files aside in, beside where they will be kept; swept once their maker is gone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

from pipeline.errors import MachineError
from pipeline.folders import make_folder
from pipeline.host import publish

_PREFIX: Final = ".making-"


@contextmanager
def open_aside(folder: Path) -> Iterator[Path]:
    """A fresh folder inside `folder`, gone with all it holds when the block ends, however it ends.

    Raises:
        MachineError: it cannot be made, or what the block does meets a disk that does not let it.
    """
    aside = folder / f"{_PREFIX}{os.getpid()}-{uuid4().hex[:8]}"
    try:
        make_folder(folder)
        _sweep(folder)
        aside.mkdir()
        yield aside
    except OSError as error:
        raise MachineError(
            f"{folder} cannot be written: {error.strerror or error}. Check the disk and its permissions."
        ) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def keep(made: Path, path: Path) -> None:
    """Sync a file that was made aside and give it its name.

    Raises:
        MachineError: the disk does not let it.
    """
    try:
        with made.open("rb") as file:
            os.fsync(file.fileno())
        make_folder(path.parent)
        publish(made, path)
    except OSError as error:
        raise MachineError(
            f"{path} cannot be written: {error.strerror}. Check the disk and its permissions."
        ) from error


def _sweep(folder: Path) -> None:
    """Remove what processes left behind that were killed."""
    for left in folder.glob(f"{_PREFIX}*"):
        pid = left.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdigit() and not _is_alive(int(pid)):
            shutil.rmtree(left, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True
