"""What all tests share: `tests/` on the import path, signals that are heard, and no traffic but to this machine."""

from __future__ import annotations

import signal
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

for number in (signal.SIGINT, signal.SIGHUP):  # a shell lets what it starts with `&`, and nohup, ignore them
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, signal.SIG_DFL)


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anywhere else than this machine fails the test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1"):
            raise AssertionError(f"a test wanted to talk to {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.hookimpl(trylast=True)  # once it is known which of them run
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest batteries first, each with a short one behind it: with `--maxschedchunk 1` a worker takes two of
    them, keeps the second however long it is at the first, and from then on takes one whenever it has ended one.
    """
    long = sorted((item for item in items if _minutes(item)), key=_minutes, reverse=True)
    short = [item for item in items if not _minutes(item)]
    both = [item for pair in zip(long, short, strict=False) for item in pair]
    items[:] = [*both, *long[len(short) :], *short[len(long) :]]


def _minutes(item: pytest.Item) -> float:
    mark = item.get_closest_marker("torture")
    return float(mark.kwargs.get("minutes", 0)) if mark else 0.0
