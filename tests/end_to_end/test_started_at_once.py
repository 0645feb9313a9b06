"""Many renders of one project, started at once: one works, the rest leave quickly and name it."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from theatre import Theatre, open_theatre, short_clips

LEAVE_SECONDS = 3.0

BUSY_SECONDS = 0.02
"""A machine that needs so much for each of many Pythons that do nothing has no two cores to give: 0.005 are usual."""


@dataclass
class Started:
    """A render on its way: how long it took, and what it left with."""

    process: subprocess.Popen[str]
    started_at: float
    seconds: float = 0.0
    told: str = ""

    def watch(self) -> None:
        self.told = self.process.communicate(timeout=600)[1]
        self.seconds = time.monotonic() - self.started_at


def start_at_once(theatre: Theatre, count: int, project: str) -> list[Started]:
    """So many renders, watched to their ends."""
    started = []
    for _ in range(count):
        begun_at, command = time.monotonic(), theatre.arguments("render", project)
        heard = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        started.append(Started(subprocess.Popen(command, cwd=theatre.root, text=True, **heard), begun_at))
    watchers = [threading.Thread(target=each.watch) for each in started]
    for watcher in watchers:
        watcher.start()
    for watcher in watchers:
        watcher.join()
    return started


def one_works_and_the_rest_leave(theatre: Theatre, count: int, project: str, shots: int) -> float:
    """Checks a round; how long the slowest of those that left took."""
    cast = ", ".join(f'"{name}"' for name in range(shots))
    storyboard = f'{{% scene "s" %}}{{% shot "run" each name in [{cast}] %}} {project} {{{{ name }}}}. {{% endshot %}}'
    theatre.write(project, f"{storyboard}{{% endscene %}}")
    before, started = len(theatre.charges()), start_at_once(theatre, count, project)
    (winner,) = [each for each in started if each.process.returncode == 0]
    losers = [each for each in started if each is not winner]
    name = f"process {winner.process.pid}."
    assert {(each.process.returncode, name in each.told) for each in losers} == {(7, True)}
    assert len(theatre.charges()) - before == shots
    slowest = max(each.seconds for each in losers)
    if slowest >= LEAVE_SECONDS and (bare := bare_pythons(count)) >= BUSY_SECONDS * count:
        pytest.skip(f"too busy a machine to tell: {count} bare Pythons take {bare:.2f} s, the losers {slowest:.2f} s")
    assert slowest < LEAVE_SECONDS
    return slowest


def bare_pythons(count: int) -> float:
    """How long this machine takes to start so many that do nothing."""
    begun_at = time.monotonic()
    for each in [subprocess.Popen([sys.executable, "-c", "pass"]) for _ in range(count)]:
        each.wait()
    return time.monotonic() - begun_at


def test_who_finds_a_project_held_leaves_within_three_seconds(tmp_path: Path) -> None:
    """Eight at once; the long round is `make torture`."""
    with open_theatre(tmp_path, *short_clips(tmp_path / "clips")) as theatre:
        one_works_and_the_rest_leave(theatre, count=8, project="demo", shots=2)


@pytest.mark.alone
@pytest.mark.torture
def test_fifty_renders_at_once_five_times(tmp_path: Path) -> None:
    """A film of 21 shots each time: 21 charges, whoever wins."""
    with open_theatre(tmp_path, *short_clips(tmp_path / "clips")) as theatre:
        for number in range(1, 6):
            slowest = one_works_and_the_rest_leave(theatre, count=50, project=f"film{number}", shots=21)
            print(f"round {number}: 50 renders, 21 charges, the slowest of 49 left after {slowest:.2f} s")
