"""How a file appears: written aside, synced, renamed, the folder synced. Never in part under its own name."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4

from pipeline.errors import MachineError


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` at `path`, whole or not at all; makes the folder. Raises MachineError."""
    aside = path.with_name(f".{path.name}.{uuid4().hex[:8]}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        publish(aside, path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise MachineError(
            f"{path} cannot be written: {error.strerror}. Check the disk and its permissions."
        ) from error


def publish(aside: Path, path: Path) -> None:
    """Give a whole, synced file its name; durable when this returns. Raises OSError."""
    aside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` durable. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
