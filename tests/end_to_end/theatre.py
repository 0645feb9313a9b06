"""A workspace in a temporary folder and a sandbox server of its own: the command line tried from outside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from footage import write_clip
from tripwire import Kill, command_to_kill

STORYREEL = Path(sys.executable).with_name("storyreel")
SPEED = 600.0  # a shot takes 0.2–0.5 s


class Theatre:
    """`projects/` below `root`; commands run there, against the server at `url`; "": each against its own."""

    def __init__(self, root: Path, url: str) -> None:
        self.root, self.url = root, url
        self.state_dir = root / "server"

    def write(self, name: str, storyboard: str, project: str = "title: Demo\n") -> Path:
        folder = self.root / "projects" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "project.yaml").write_text(project)
        (folder / "storyboard.jinja").write_text(storyboard)
        return folder

    def arguments(self, command: str, *args: str) -> list[str]:
        named = args[0] if command == "series" else command
        reaches_the_api = named in ("render", "plan", "status", "resolve", "retake", "circle", "takes", "seams")
        to_the_server = ["--base-url", self.url] if self.url else []
        return [str(STORYREEL), command, *args, *([*to_the_server, "--speed", str(SPEED)] if reaches_the_api else [])]

    def run(self, command: str, *args: str) -> subprocess.CompletedProcess[str]:
        """The command, to its end."""
        return subprocess.run(
            self.arguments(command, *args),
            cwd=self.root,
            env=_environment(),
            capture_output=True,
            text=True,
            timeout=120,
        )

    def start(
        self, command: str, *args: str, kill: Kill | None = None, stderr: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        """The command, on its way, in a session of its own; it may be its own last step that kills it."""
        argv, environment = self.arguments(command, *args), _environment()
        if kill is not None:
            argv, wired = command_to_kill(argv[1:], self.root, kill)
            environment |= wired
        return subprocess.Popen(
            argv,
            cwd=self.root,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            start_new_session=True,
        )

    def shots(self, project: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = json.loads(self.run("status", project, "--json").stdout)["shots"]
        return rows

    def charges(self) -> list[dict[str, Any]]:
        """What the server charged, as it logged it."""
        return self.log("charges")

    def log(self, name: str) -> list[dict[str, Any]]:
        """One of the server's logs."""
        log = self.state_dir / f"{name}.jsonl"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    def charges_by_request(self) -> Counter[str]:
        """Net charges of each request: refunds taken off."""
        net: Counter[str] = Counter()
        for line in self.charges():
            net[line["request"]] += 1 if line["kind"] == "charge" else -1
        return net

    def resolve_by_the_servers_log(self, project: str) -> int:
        """Say of each take in doubt what the server's log says; how many there were."""
        waiting = [row for row in self.shots(project) if row["state"] in ("unknown", "sending")]
        doubtful = {row["slate"]: row for row in waiting}  # shots that are alike share one
        tasks = {line["shotId"]: line["taskId"] for line in self.charges() if line["kind"] == "charge"}
        for row in doubtful.values():
            task = tasks.get(row["sent_id"])
            word = ("--adopt", task) if task else ("--not-charged",)
            self._insist("resolve", project, row["shot"], *word)
        return len(doubtful)

    def _insist(self, *command: str) -> None:
        """Run a command that may be told to wait a moment."""
        for _ in range(20):
            done = self.run(*command)
            if done.returncode == 0:
                return
            time.sleep(0.5)
        raise AssertionError(done.stderr)


@contextmanager
def open_theatre(root: Path, *options: str) -> Iterator[Theatre]:
    """A theatre whose server runs in a process of its own for as long as the block lasts."""
    (root / "projects").mkdir(parents=True, exist_ok=True)
    server = subprocess.Popen(
        [str(STORYREEL), "sandbox", "--state", str(root / "server"), "--speed", str(SPEED), *options],
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
        env=_environment(),
    )
    try:
        assert server.stdout is not None
        yield Theatre(root, json.loads(server.stdout.readline())["url"])
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def short_clips(folder: Path, frames: int = 24) -> tuple[str, str]:
    """The option of a server whose clips are short, tiny and grey: for tests that look at no picture."""
    folder.mkdir(parents=True)
    for n in range(4):
        write_clip(folder / f"{n}.mp4", frames=frames, grey=50 + 40 * n, hz=300.0 + 100 * n)
    return "--footage", str(folder)


def _environment() -> dict[str, str]:
    """This machine's, less what would lead a command elsewhere."""
    return {name: text for name, text in os.environ.items() if not name.startswith(("STORYREEL_", "NANOPHOTO_"))}
