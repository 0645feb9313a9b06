"""Keeps a folder of things that can be made again below a size."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path


def prune(folder: Path, *, keep_bytes: int, made_before: datetime) -> None:
    """Remove the oldest files until at most `keep_bytes` are left; what is younger than `made_before` stays.

    So nothing goes that another process has just made and still needs. A file that vanishes meanwhile is no matter.
    """
    files = sorted(_files(folder), reverse=True)
    kept_bytes = 0
    for made_at, size_bytes, path in files:
        kept_bytes += size_bytes
        if kept_bytes > keep_bytes and made_at < made_before.timestamp():
            path.unlink(missing_ok=True)


def _files(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """When each was last written, its size, where."""
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            seen = path.stat()
            if path.is_file():
                yield seen.st_mtime, seen.st_size, path
