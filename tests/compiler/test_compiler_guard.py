"""The last wall: what a process can still do that has been shut in, should everything before it fall."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

TRIES = {
    "a file that is there": "open('/etc/hostname')",
    "a file that is not": "open('canary', 'w')",
    "a folder": "os.listdir('/')",
    "a program": "os.system('true')",
    "a child": "subprocess.Popen(['true'])",
    "a fork": "os.fork()",
    "a socket": "socket.socket()",
    "a name on the net": "socket.getaddrinfo('localhost', 1)",
    "a library": "ctypes.CDLL(None)",
    "a module": "__import__('telnetlib')",
    "another limit": "resource.setrlimit(resource.RLIMIT_AS, (1, 1))",
    "a file's end": "os.remove('canary')",
    "a thread's trace": "sys.settrace(None) or sys.setprofile(None) or open('x')",
    "memory": "bytearray(10**9)",
}

PROGRAM = f"""
import ctypes, json, os, resource, socket, subprocess, sys
from pipeline.compiler.cell_guard import confine
tries, ends = {TRIES!r}, {{}}
confine(512_000_000)
for name, code in tries.items():
    try:
        ends[name] = repr(eval(code))
    except BaseException as error:
        ends[name] = type(error).__name__
os.write(1, json.dumps(ends).encode())
os._exit(0)
"""


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each try came to, in one process that was shut in."""
    folder: Path = tmp_path_factory.mktemp("shut-in")
    ran = subprocess.run([sys.executable, "-I", "-c", PROGRAM], capture_output=True, cwd=folder, timeout=60)
    assert list(folder.iterdir()) == []
    return dict(json.loads(ran.stdout))


@pytest.mark.parametrize("name", [name for name in TRIES if name != "memory"])
def test_a_process_that_is_shut_in_reaches_nothing(name: str, ends: dict[str, str]):
    """Every way out ends in the same refusal, which no template can catch."""
    assert ends[name] == "BreachError"


def test_a_process_that_is_shut_in_has_so_much_memory(ends: dict[str, str]):
    """A gigabyte is more than half of one."""
    assert ends["memory"] == "MemoryError"
