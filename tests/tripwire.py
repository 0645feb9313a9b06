"""A warm process that is forked for each case, with a libc beneath it that counts, fails or kills on demand.

A battery is a module with a `main` that runs in a process of its own (`run_warm`), because a library is preloaded only
when a process starts. It imports what it needs once, then calls `try_case` for each case: about 10 ms each. In the
child, the calls of the kinds asked for that concern a path below `root` or an internet socket are numbered from 1, and
one of them may fail or be the last.

What it cannot see: programs that are started (ffmpeg is one static binary: what it writes goes aside, where `keep`
syncs and renames it); what libc does for itself (`fopen`, which nothing here writes with); memory that is mapped and
written to (SQLite does not, unless told). Paths are compared as they were handed in: `root` must not be a link.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntFlag
from pathlib import Path
from typing import Any, Final

import pytest

TESTS: Final = Path(__file__).parent
SOURCE: Final = Path(__file__).with_suffix(".c")
CASE_SECONDS: Final = 60.0


class Kind(IntFlag):
    """What is counted; the numbers are those of tripwire.c."""

    OPEN = 1  # to create or to cut
    WRITE = 2
    TRUNCATE = 4
    SYNC = 8
    RENAME = 16
    UNLINK = 32
    MKDIR = 64
    CONNECT = 128
    SEND = 256
    RECEIVE = 512
    FILES = 127
    SOCKETS = 896


@dataclass(frozen=True, slots=True)
class Fault:
    """The call that goes wrong.

    Attributes:
        at: its number, from 1; 0: none does.
        stays: so do all after it, as on a full disk.
        is_short: it writes half of what it should, and the next one fails.
    """

    at: int = 0
    error: int = errno.ENOSPC
    stays: bool = False
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class Kill:
    """SIGKILL just before a call, or just after it has done its work; `at` counts from 1."""

    at: int
    is_after: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One line of a record.

    Attributes:
        other: the new name, of a rename.
        size: bytes that were to be written; the flags of an open.
        result: of the call; negative with `error` set.
    """

    number: int
    name: str
    path: str
    other: str
    size: int
    result: int
    error: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a case ended.

    Attributes:
        status: its exit status; negative for a signal, None if it had to be stopped at its deadline.
        answer: what its action returned.
        calls: how many calls were counted up to its end; None if it was killed.
        said: what it wrote to its standard output and error, tracebacks of ours included.
    """

    status: int | None
    answer: Any
    calls: int | None
    said: str

    @property
    def is_killed(self) -> bool:
        return self.status == -signal.SIGKILL


def build_tripwire() -> Path:
    """The library, compiled once a version of its source; skips the test where that cannot be."""
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux" or sys.maxsize < 2**32:
        pytest.skip("the tripwire needs a C compiler (cc) and 64-bit Linux")
    version = hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:16]
    built = Path(tempfile.gettempdir()) / f"storyreel-tripwire-{os.getuid()}-{version}.so"
    if not built.exists():
        with tempfile.TemporaryDirectory() as aside:  # two threads, and two processes, may build it at once
            fresh = Path(aside) / built.name
            subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", fresh, SOURCE], check=True)
            fresh.rename(built)
    return built


def run_warm(module: str, *args: str) -> Iterator[Any]:
    """What a battery prints, line by line as JSON, while it runs; `module` is its dotted name below tests/.

    Raises AssertionError if it does not end well.
    """
    env = {**os.environ, "LD_PRELOAD": str(build_tripwire()), "PYTHONPATH": str(TESTS), "OPENBLAS_NUM_THREADS": "1"}
    code = "import sys, importlib; importlib.import_module(sys.argv[1]).main(*sys.argv[2:])"
    argv = [sys.executable, "-c", code, module, *args]
    with subprocess.Popen(argv, cwd=TESTS.parent, env=env, stdout=subprocess.PIPE, text=True) as battery:
        assert battery.stdout is not None
        try:
            yield from map(json.loads, battery.stdout)
        except GeneratorExit:
            battery.kill()
            raise
    assert battery.returncode == 0, f"the battery {module} ended with status {battery.returncode}"


COMMAND: Final = """
import ctypes, os, sys
wire, (root, kinds, at, is_after) = ctypes.CDLL(None), sys.argv[1:5]
from pipeline.cli import main
wire.tw_arm(os.fsencode(root), int(kinds))
wire.tw_kill(ctypes.c_long(int(at)), int(is_after))
sys.argv[:5] = ["storyreel"]
main()
"""


def command_to_kill(args: Sequence[str], root: Path, kill: Kill) -> tuple[list[str], dict[str, str]]:
    """The argv of a storyreel command that is killed, its own files and sockets counted; what its environment needs."""
    wire = [str(root), str(int(Kind.FILES | Kind.SOCKETS)), str(kill.at), str(int(kill.is_after))]
    return [sys.executable, "-c", COMMAND, *wire, *args], {"LD_PRELOAD": str(build_tripwire())}


@contextmanager
def fast_folder() -> Iterator[Path]:
    """A folder in memory, where there is some to write to: a SIGKILL does not ask what the disk has."""
    memory = Path("/dev/shm")
    place = memory if memory.is_dir() and os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="storyreel-", dir=place) as folder:
        yield Path(folder).resolve()


def tell(line: Any) -> None:
    """Hand a line over to who called `run_warm`."""
    print(json.dumps(line), flush=True)


def try_case(action: Callable[[], Any], root: Path, *, deadline: float = CASE_SECONDS, **wire: Any) -> Outcome:
    """Run `action` in a forked child to its end, or to its SIGKILL at the deadline; see `begin_case`."""
    return begin_case(action, root, **wire).wait(deadline)


def begin_case(
    action: Callable[[], Any],
    root: Path,
    *,
    kinds: Kind = Kind.FILES,
    fault: Fault | None = None,
    kill: Kill | None = None,
    record: Path | None = None,
) -> Case:
    """Let `action` run in a forked child with the wire armed; for a process that `run_warm` started.

    Args:
        action: returns something that JSON knows; SystemExit sets the status, anything else that is raised makes it 70.
        root: an absolute path without links; calls that concern what lies below it count, whatever socket is counted.
        record: where each counted call is written down, one a line; see `read_record`.
    """
    reading, writing = os.pipe()
    said = os.memfd_create("said")
    child = os.fork()
    if child == 0:
        os.close(reading)
        _be_the_case(action, root, kinds, fault, kill, record, writing, said)
    os.close(writing)
    return Case(child, reading, said)


@dataclass(frozen=True, slots=True)
class Case:
    """A child on its way; it is to be waited for, once."""

    child: int
    _reading: int
    _said: int

    def wait(self, deadline: float = CASE_SECONDS) -> Outcome:
        """How it ended; in so many seconds from now it is killed."""
        try:
            return _wait_for(self.child, self._reading, self._said, deadline)
        finally:
            os.close(self._reading)
            os.close(self._said)


def read_record(path: Path) -> list[Call]:
    """The counted calls, in the order in which they ended."""
    rows = [line.split("\t") for line in path.read_text().splitlines()]
    return [
        Call(int(number), name, at, other, int(size), int(result), int(error))
        for number, name, at, other, size, result, error in rows
    ]


def _be_the_case(
    action: Callable[[], Any],
    root: Path,
    kinds: Kind,
    fault: Fault | None,
    kill: Kill | None,
    record: Path | None,
    writing: int,
    said: int,
) -> None:
    """The child's whole life; never returns."""
    status, answer, calls = 70, None, None
    os.dup2(said, 1)
    os.dup2(said, 2)
    libc = ctypes.CDLL(None)
    try:
        libc.tw_arm(os.fsencode(root), int(kinds))
        if record is not None:
            libc.tw_record(os.fsencode(record))
        if fault is not None:
            libc.tw_fail(ctypes.c_long(fault.at), fault.error, fault.stays, fault.is_short)
        if kill is not None:
            libc.tw_kill(ctypes.c_long(kill.at), kill.is_after)
        answer, status = action(), 0
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        try:
            libc.tw_disarm()
            calls = libc.tw_count()
            sys.stdout.flush()
            sys.stderr.flush()
            os.write(writing, json.dumps([answer, calls]).encode())
        finally:
            os._exit(status)


def _wait_for(child: int, reading: int, said: int, deadline: float) -> Outcome:
    ends, told, is_late = time.monotonic() + deadline, b"", False
    while not is_late:
        is_late = not select.select([reading], [], [], max(0.0, ends - time.monotonic()))[0]
        if not is_late and not (piece := os.read(reading, 65_536)):
            break
        told += b"" if is_late else piece
    if is_late:
        os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    answer, calls = json.loads(told) if told else (None, None)
    words = os.pread(said, os.fstat(said).st_size, 0).decode(errors="replace")
    return Outcome(status=None if is_late else status, answer=answer, calls=calls, said=words)
