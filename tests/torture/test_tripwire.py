"""The tripwire sees what SQLite, Python and PyAV do to files, and stops it where it is told to."""

from __future__ import annotations

import errno
import itertools
import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from footage import write_clip
from tripwire import Fault, Kill, Kind, read_record, run_warm, tell, try_case

from pipeline.host import write_whole


def keep_a_row(folder: Path) -> None:
    """As careful as the ledger is."""
    ledger = sqlite3.connect(folder / "ledger.sqlite3")
    ledger.execute("PRAGMA synchronous=EXTRA")
    ledger.execute("CREATE TABLE take (slate TEXT)")
    ledger.close()


def write_a_document(folder: Path) -> None:
    write_whole(folder / "film.json", b"{}")


def write_a_film(folder: Path) -> None:
    write_clip(folder / "film.mp4", frames=2)


def say_hello(_folder: Path) -> None:
    """To ourselves; a pair of sockets without an address does not count."""
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as caller:
        called, _ = listener.accept()
        caller.sendall(b"hello")
        called.recv(5)
    for one in socket.socketpair():
        one.close()


ACTIONS: Final[dict[str, Callable[[Path], None]]] = {
    "sqlite": keep_a_row,
    "python": write_a_document,
    "pyav": write_a_film,
    "socket": say_hello,
}

ROW: Final = """
open64 .sqlite3, open64 .sqlite3-journal, pwrite64 .sqlite3-journal, fdatasync .sqlite3-journal, fdatasync,
pwrite64 .sqlite3-journal, fdatasync .sqlite3-journal, pwrite64 .sqlite3, pwrite64 .sqlite3, fdatasync .sqlite3,
unlinkat .sqlite3-journal, fdatasync
"""
DOCUMENT: Final = ("open64 .tmp", "write .tmp", "fsync .tmp", "renameat2 .json", "fsync")


def main(root: str) -> None:
    """The battery: each action recorded; then the document, with a fault and with a kill at each of its calls."""
    numbers = itertools.count()

    def attempt(name: str, **wire: Any) -> None:
        folder = Path(root) / f"{next(numbers)}"
        folder.mkdir()
        log = folder.with_suffix(".log")
        outcome = try_case(lambda: ACTIONS[name](folder), folder, kinds=Kind.FILES | Kind.SOCKETS, record=log, **wire)
        calls = [f"{call.name} {Path(call.other or call.path).suffix}".strip() for call in read_record(log)]
        left = sorted(path.suffix for path in folder.iterdir())
        end = "killed" if outcome.is_killed else outcome.said.strip().rpartition("\n")[2].partition(":")[0]
        tell({"name": name, "calls": calls, "left": left, "end": end})

    for name in ACTIONS:
        attempt(name)
    for at in range(1, len(DOCUMENT) + 1):
        attempt("python", fault=Fault(at, errno.EIO))
    for at, is_after in itertools.product(range(1, len(DOCUMENT) + 1), (False, True)):
        attempt("python", kill=Kill(at, is_after))
    attempt("python", fault=Fault(2, errno.ENOSPC, is_short=True))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    return list(run_warm("torture.test_tripwire", str(tmp_path_factory.mktemp("wire"))))


def test_each_kind_of_writer_is_seen(told: list[dict[str, Any]]) -> None:
    """SQLite's twelve steps, Python's five, all that libav writes, and an internet socket alone."""
    calls = {line["name"]: line["calls"] for line in told[:4]}
    assert calls["sqlite"] == ROW.replace("\n", " ").strip().split(", ")
    assert calls["python"] == list(DOCUMENT)
    assert calls["pyav"][0] == "open64 .mp4"
    assert set(calls["pyav"][1:]) == {"write .mp4"}
    assert calls["socket"] == ["connect", "sendto", "recvfrom"]


def test_a_call_can_fail(told: list[dict[str, Any]]) -> None:
    """A document that cannot be written leaves nothing; once it has its name, it stays."""
    faults = told[4:9]
    assert {line["end"] for line in faults} == {"pipeline.errors.MachineError"}
    assert [line["left"] for line in faults] == [[], [], [], [], [".json"]]


def test_a_call_can_be_the_last(told: list[dict[str, Any]]) -> None:
    """Before it is made, and after: the rename, fourth of five, is what makes the document appear."""
    kills = told[9:19]
    assert {line["end"] for line in kills} == {"killed"}
    assert [line["left"] for line in kills[::2]] == [[], [".tmp"], [".tmp"], [".tmp"], [".json"]]
    assert [line["left"] for line in kills[1::2]] == [[".tmp"], [".tmp"], [".tmp"], [".json"], [".json"]]


def test_a_write_can_be_short(told: list[dict[str, Any]]) -> None:
    """Half of it is written, the rest finds the disk full; Python tries once more as it closes the file."""
    assert told[19]["calls"] == ["open64 .tmp", "write .tmp", "write .tmp", "write .tmp", "unlinkat .tmp"]
    assert told[19]["end"] == "pipeline.errors.MachineError"
