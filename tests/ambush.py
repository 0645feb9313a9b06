"""A server that nobody may call and a file that nobody may open, both of which notice."""

from __future__ import annotations

import ctypes
import os
import select
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hostile_media import Trap

_IN_ACCESS, _IN_OPEN, _IN_NONBLOCK = 0x1, 0x20, 0x800  # <sys/inotify.h>


@dataclass(frozen=True, slots=True)
class Ambush:
    """See `set_ambush`."""

    trap: Trap
    _server: socket.socket
    _watch: int

    @property
    def sprung(self) -> list[str]:
        """What has happened so far, by any process of this machine."""
        called = ["the server was called"] if select.select([self._server], [], [], 0)[0] else []
        try:
            events = os.read(self._watch, 65_536)
        except BlockingIOError:
            events = b""
        masks = {struct.unpack_from("iI", events, at)[1] for at in range(0, len(events), struct.calcsize("iIII"))}
        return called + [f"the file was touched ({mask:#x})" for mask in sorted(masks)]


@contextmanager
def set_ambush(folder: Path) -> Iterator[Ambush]:
    """The kernel tells of each opening of the file (inotify), whoever does it and however it is mounted."""
    if sys.platform != "linux":
        pytest.skip("inotify is Linux's")
    foreign = folder / "foreign.ts"
    foreign.write_text("nobody's business\n" * 1_000)
    libc = ctypes.CDLL(None, use_errno=True)
    watch = libc.inotify_init1(_IN_NONBLOCK)
    assert libc.inotify_add_watch(watch, os.fsencode(foreign), _IN_ACCESS | _IN_OPEN) > 0
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/foreign.ts"
        try:
            yield Ambush(Trap(url, foreign), server, watch)
        finally:
            os.close(watch)
