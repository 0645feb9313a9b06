"""Logs as lines of JSON, one flushed write a line: what the sandbox saw and what it charged, for whoever checks.

A line that a killed server left half-written is taken off when the log is opened again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO


class LineLog:
    """An append-only file of JSON lines."""

    def __init__(self, path: Path) -> None:
        self.path = path
        _drop_torn_tail(path)
        self._file: BinaryIO = path.open("ab", buffering=0)

    def append(self, entry: Mapping[str, object]) -> None:
        self._file.write(to_line(entry))

    def close(self) -> None:
        self._file.close()


def open_as_copy(path: Path, entries: Iterable[Mapping[str, object]]) -> LineLog:
    """Open the log at `path` so that it holds exactly `entries`, written anew only if it does not."""
    text = b"".join(map(to_line, entries))
    if not path.exists() or path.read_bytes() != text:
        fresh = path.with_suffix(".new")
        fresh.write_bytes(text)
        fresh.replace(path)
    return LineLog(path)


def to_line(entry: Mapping[str, object]) -> bytes:
    return json.dumps(entry, ensure_ascii=False).encode() + b"\n"


def _drop_torn_tail(path: Path) -> None:
    if not path.exists():
        return
    text = path.read_bytes()
    whole = text.rfind(b"\n") + 1
    if whole < len(text):
        os.truncate(path, whole)
