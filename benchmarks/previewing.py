"""What a director waits for: from a saved storyboard to the new preview, cold and after one shot was changed.

Each shot tag of the project gets another word, one after the other: once for a command that is started anew, once for
one that watches. The time is that of the clock, so the machine should have nothing else to do. Works on a copy.

    python benchmarks/previewing.py [--project ad_campaign]
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parent.parent
STORYREEL: Final = str(Path(sys.executable).with_name("storyreel"))
MOST_SECONDS: Final = 3.0

Told = dict[str, Any]
"""What `storyreel preview --json` prints."""

_numbers = count(1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--project", default="ad_campaign")
    name = parser.parse_args().project
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder)
        project = workspace / "projects" / name
        shutil.copytree(ROOT / "templates", workspace / "templates")
        shutil.copytree(ROOT / "projects" / name, project, ignore=shutil.ignore_patterns("build", "out"))
        return compare(workspace, project)


def compare(workspace: Path, project: Path) -> int:
    """Measure and print; 1 if a single changed shot took longer than it may."""
    start = partial(anew, workspace, project.name)
    seconds, told = timed(start)
    print(f"cold: {told['film']['frames'] / 24:.1f} s of film, {len(told['painted'])} clips, {seconds:.1f} s")
    started = [timed(start) for _ in changes(project)]
    with watching(workspace, project.name) as preview:
        preview()
        watched = [timed(preview) for _ in changes(project)]
    print(f"{'changed':<40}{'anew':>8}{'watching':>10}")
    slowest = 0.0
    for (anew_s, told), (watched_s, _) in zip(started, watched, strict=True):
        print(f"{' '.join(told['painted']):<40}{anew_s:>6.2f} s{watched_s:>8.2f} s")
        if len(told["painted"]) == 1:
            slowest = max(slowest, anew_s, watched_s)
    print(f"the slowest single shot: {slowest:.2f} s, at most {MOST_SECONDS:g} s")
    return int(slowest > MOST_SECONDS)


def changes(project: Path) -> Iterator[None]:
    """Save the storyboard once for each of its shot tags, with another word in that one."""
    path = project / "storyboard.jinja"
    bodies = path.read_text(encoding="utf-8").split("{% endshot")
    for shot in range(len(bodies) - 1):
        bodies[shot] += f"Variation {next(_numbers)}. "
        path.write_text("{% endshot".join(bodies), encoding="utf-8")
        yield


def timed(preview: Callable[[], Told]) -> tuple[float, Told]:
    began = time.perf_counter()
    told = preview()
    return time.perf_counter() - began, told


def anew(workspace: Path, name: str) -> Told:
    """A preview by a process of its own."""
    argv = [STORYREEL, "preview", name, "--json"]
    done = subprocess.run(argv, cwd=workspace, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    told: Told = json.loads(done.stdout)
    return told


@contextmanager
def watching(workspace: Path, name: str) -> Iterator[Callable[[], Told]]:
    """The next preview of one process that watches."""
    argv = [STORYREEL, "preview", name, "--json", "--watch"]
    with subprocess.Popen(argv, cwd=workspace, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as watcher:
        assert watcher.stdout is not None
        lines = watcher.stdout

        def preview() -> Told:
            told: Told = json.loads(lines.readline())
            return told

        yield preview
        watcher.send_signal(signal.SIGINT)


if __name__ == "__main__":
    sys.exit(main())
