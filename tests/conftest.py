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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest batteries first: whoever is free at the end then has only a short one to wait for."""

    def minutes(item: pytest.Item) -> float:
        mark = item.get_closest_marker("torture")
        return float(mark.kwargs.get("minutes", 0)) if mark else 0.0

    items.sort(key=minutes, reverse=True)
