"""Tells the processor time of this process that is our own from what it spends inside PyAV.

Looks 50 times a second where each thread is, and gives the time that it has used since to that line. A line that calls
into PyAV is PyAV's, and so are its loading and `FilterChain`, which does nothing else. A thread that is found waiting
has used its time before, on the line that it was found at last. All else, from other imports to numpy, is ours. The
looks take a hundredth or two of the whole run's time, and are nobody's.
"""

from __future__ import annotations

import linecache
import os
import re
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Final

_EVERY_S: Final = 0.02
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PYAV: Final = re.compile(
    r"\.(demux|decode|mux|push|pull|seek|configure|feed|feed_pcm|from_ndarray|read_many)\(|av\.open\(|open_media\("
)
_WAITING: Final = re.compile(r"/(threading|selectors|concurrent/futures/thread)\.py$")
_ROOM: Final = re.compile(r"(^|/)av/|pipeline/media/filtering\.py$")
"""Code of PyAV's own, such as what loads its libraries, and of what does nothing but call it."""


class OwnWork(threading.Thread):
    """Start it first thing; `stop` says what it saw."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._has_ended = threading.Event()
        self._used: dict[int, int] = {}
        self._found: dict[int, str] = {}
        self.ticks: Counter[str] = Counter()  # by "av", or by the line that was being run

    def run(self) -> None:
        while not self._has_ended.wait(_EVERY_S):
            threads = {thread.ident: thread.native_id for thread in threading.enumerate() if thread is not self}
            for ident, frame in sys._current_frames().items():
                if native := threads.get(ident):
                    self._note(native, frame)

    def stop(self) -> tuple[float, float]:
        """Seconds that were our own, and seconds inside PyAV."""
        self._has_ended.set()
        self.join()
        inside = self.ticks.pop("av", 0)
        return self.ticks.total() / _TICKS, inside / _TICKS

    def _note(self, native: int, frame: FrameType) -> None:
        used, before = _ticks_of(native), self._used.get(native, 0)
        self._used[native] = used
        if native not in self._found or not _WAITING.search(frame.f_code.co_filename):
            self._found[native] = _place(frame)
        if spent := used - before if used >= before else used:  # less: a new thread with an old one's number
            self.ticks[self._found[native]] += spent


def _ticks_of(native: int) -> int:
    try:
        fields = Path(f"/proc/self/task/{native}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def _place(frame: FrameType) -> str:
    line = _line(frame)
    is_av = _PYAV.search(line) or any(map(_is_of_pyav, _paths(frame)))
    return "av" if is_av else f"{frame.f_code.co_filename}:{frame.f_lineno} {line.strip()}"


def _line(frame: FrameType) -> str:
    try:
        return linecache.getline(frame.f_code.co_filename, frame.f_lineno)
    except TypeError:  # a file is noted without lines for a moment while modules load (CPython 3.11)
        return ""


@cache
def _is_of_pyav(path: str) -> bool:
    return _ROOM.search(path) is not None


def _paths(frame: FrameType | None) -> Iterator[str]:
    """Of the files whose code is being run, those that were called last first."""
    while frame:
        yield frame.f_code.co_filename
        frame = frame.f_back
