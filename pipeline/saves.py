"""Notices that files were saved, by looking at their times again and again: it works on every disk and editor."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Final

LOOK_SECONDS: Final = 0.15

State = frozenset[tuple[str, int, int]]
"""Path, time of the last change and size of every file."""


async def saves(folders: Sequence[Path], *, leaving_out: frozenset[Path]) -> AsyncIterator[None]:
    """Once at the beginning, then each time that a file in `folders` appears, changes or goes; never ends.

    Args:
        leaving_out: folders whose files do not count. Neither do hidden files and folders, and editors' `name~`.
    """
    last: State | None = None
    while True:
        now = await asyncio.to_thread(_state_of, folders, leaving_out)
        if now != last:
            last = now
            yield
        await asyncio.sleep(LOOK_SECONDS)


def _state_of(folders: Sequence[Path], leaving_out: frozenset[Path]) -> State:
    return frozenset(each for folder in folders for each in _files_of(str(folder), leaving_out))


def _files_of(folder: str, leaving_out: frozenset[Path]) -> Iterator[tuple[str, int, int]]:
    try:
        entries = list(os.scandir(folder))
    except OSError:  # not there, or not any more
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name.endswith("~"):
            continue
        try:
            if not entry.is_dir(follow_symlinks=False):
                seen = entry.stat()
                yield entry.path, seen.st_mtime_ns, seen.st_size
            elif Path(entry.path) not in leaving_out:
                yield from _files_of(entry.path, leaving_out)
        except OSError:  # gone between the two looks
            continue
