"""Keeps a folder of things that can be made again below a size: what was not used for the longest goes first."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruning:
    """What is to go out of a folder, and what stays.

    Attributes:
        going: the files, what was not used for the longest last.
    """

    going: tuple[Path, ...]
    going_bytes: int
    kept: int
    kept_bytes: int


def plan_pruning(folder: Path, *, keep_bytes: int, used_before: datetime) -> Pruning:
    """What has to go for at most `keep_bytes` to be left; what was used since `used_before` stays in any case.

    Nothing is removed. A folder that is not there holds nothing.
    """
    going, kept, kept_bytes, all_bytes = [], 0, 0, 0
    for used_at, size_bytes, path in sorted(_files(folder), reverse=True):
        all_bytes += size_bytes
        if all_bytes > keep_bytes and used_at < used_before.timestamp():
            going.append(path)
        else:
            kept, kept_bytes = kept + 1, kept_bytes + size_bytes
    return Pruning(going=tuple(going), going_bytes=all_bytes - kept_bytes, kept=kept, kept_bytes=kept_bytes)


def prune(folder: Path, *, keep_bytes: int, used_before: datetime) -> Pruning:
    """The same, done. A file that vanishes meanwhile is no matter. Raises OSError if one cannot be removed."""
    planned = plan_pruning(folder, keep_bytes=keep_bytes, used_before=used_before)
    for path in planned.going:
        path.unlink(missing_ok=True)
    return planned


def note_use(path: Path) -> None:
    """Let a file count as used now. One that is gone, or is not ours to touch, counts as it did."""
    with suppress(OSError):
        os.utime(path)


def _files(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """When each was last made or used, its size, where."""
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            seen = path.stat()
            if path.is_file():
                yield seen.st_mtime, seen.st_size, path
