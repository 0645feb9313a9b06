"""Some 400 files that are not what they call themselves: each is refused with a sentence, or used as it should be."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from ambush import set_ambush
from hostile_battery import MEGABYTES, SECONDS

TESTS: Final = Path(__file__).parents[1]
SEED: Final = 26
SHORT: Final = 25
"""Of so many files the short round takes one."""


def try_files(folder: Path, *, every: int) -> list[dict[str, Any]]:
    """How each went; nobody may have called the server or opened the file that they name."""
    with set_ambush(folder) as ambush:
        argv = [sys.executable, "-c", "import hostile_battery; hostile_battery.main()"]
        argv += [str(folder), str(SEED), ambush.trap.url, str(ambush.trap.foreign_path), str(every)]
        calls_path = folder / "calls"
        if every == 1 and (strace := shutil.which("strace")):
            argv = [strace, "-f", "--seccomp-bpf", "-qq", "-e", "trace=socket", "-o", str(calls_path), *argv]
        env = {**os.environ, "PYTHONPATH": str(TESTS), "OPENBLAS_NUM_THREADS": "1"}
        ran = subprocess.run(argv, env=env, cwd=TESTS.parent, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr[-2_000:]
        assert ambush.sprung == []
        if calls_path.exists():
            assert re.findall("AF_INET6?", calls_path.read_text()) == []
        ambush.trap.foreign_path.read_bytes()
        assert ambush.sprung != []  # it would have noticed
    return [json.loads(line) for line in ran.stdout.splitlines()]


def wrong(row: dict[str, Any]) -> bool:
    """Neither refused with a sentence nor used, or refused though it is fine, or at too great a cost."""
    is_answered = row["said"] == "used" or (row["said"].startswith("refused: ") and not row["is_fine"])
    return not is_answered or row["megabytes"] > MEGABYTES


def test_a_hostile_file_is_refused_or_used(tmp_path: Path) -> None:
    """One of each family, in little time; the long round has them all."""
    rows = try_files(tmp_path, every=SHORT)
    assert len({row["door"] for row in rows}) == 4
    assert [row for row in rows if wrong(row)] == []


@pytest.mark.torture
@pytest.mark.media
def test_every_hostile_file_is_refused_or_used(tmp_path: Path) -> None:
    """Within 10 s of the processor and 512 MB, without a call or a look at what it names."""
    rows = try_files(tmp_path, every=1)
    slowest = max(rows, key=lambda row: row["seconds"])
    largest = max(rows, key=lambda row: row["megabytes"])
    used = sum(row["said"] == "used" for row in rows)
    print(
        f"{len(rows)} files: {len(rows) - used} refused, {used} used; slowest {slowest['seconds']} s "
        f"({slowest['name']}), largest {largest['megabytes']} MB ({largest['name']}); no call, no look elsewhere"
    )
    assert [row for row in rows if wrong(row) or row["seconds"] > SECONDS] == []
