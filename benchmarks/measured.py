"""Runs a command and says what it took: time of the clock and of the processor, and memory, its children included."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

_EVERY_S: Final = 0.05
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took.

    Attributes:
        peak_bytes: the most that it and its children held at one time, looked at 20 times a second. Pages that
            several of them share, such as those of a program's file, are counted once (Linux's PSS).
        said: what it wrote to standard output.
    """

    wall_s: float
    cpu_s: float
    peak_bytes: int
    said: str


def measure(argv: Sequence[str], *, starts_when_told: bool = False) -> Cost:
    """Run `argv` to its end. Raises CalledProcessError.

    Args:
        starts_when_told: whether it gets ready first, says so with a line, and waits for one: all before is left out.
    """
    process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        before_s = 0.0
        if starts_when_told and process.stdout:
            process.stdout.readline()
            before_s = _cpu_s(process.pid)
        watcher = _Watcher(process.pid)
        watcher.start()
        began = time.perf_counter()
        said, _ = process.communicate("\n") if starts_when_told else process.communicate()
        wall_s = time.perf_counter() - began
        watcher.stop()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, argv)
    return Cost(wall_s, watcher.cpu_s - before_s, watcher.peak_bytes, said)


class _Watcher(threading.Thread):
    """Looks at a process and all below it, again and again."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self._has_ended = pid, threading.Event()
        self.peak_bytes, self.cpu_s = 0, 0.0

    def run(self) -> None:
        while not self._has_ended.wait(_EVERY_S):
            self.peak_bytes = max(self.peak_bytes, sum(map(_held_bytes, _tree(self._pid))))
            self.cpu_s = max(self.cpu_s, _cpu_s(self._pid))

    def stop(self) -> None:
        self._has_ended.set()
        self.join()


def _tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = [task.read_text().split() for task in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:  # it ended while it was looked at
        return
    for child in chain.from_iterable(children):
        yield from _tree(int(child))


def _held_bytes(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    lines = (line.split() for line in rollup.splitlines())
    return sum(int(fields[1]) * 1_024 for fields in lines if fields[0] == "Pss:")


def _cpu_s(pid: int) -> float:
    """Its own, that of its children that have ended, and that of those that run."""
    return sum(_own_cpu_s(each, with_ended=True) for each in _tree(pid))


def _own_cpu_s(pid: int, *, with_ended: bool) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11 : 15 if with_ended else 13])) / _TICKS
