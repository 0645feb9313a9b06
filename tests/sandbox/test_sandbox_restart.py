"""What outlives a server: a stop, a kill, and a second one at the same door."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from builders_sandbox import CLIP, HandClock, a_sandbox, a_shot, footage, until

from pipeline.sandbox import SandboxConfig, SandboxError, run, serve
from pipeline.sandbox.lock import StateLock

SERVER = """
import sys
from pathlib import Path
from pipeline.sandbox import SandboxConfig, run
run(SandboxConfig(state_dir=Path(sys.argv[1]), footage_dir=Path(sys.argv[2]) if sys.argv[2] else None, speed=600))
"""


@contextmanager
def a_server_process(state_dir: Path, footage_dir: Path | str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server in a process of its own, and its URL as it says it on stdout."""
    command = [sys.executable, "-c", SERVER, str(state_dir), str(footage_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server, json.loads(server.stdout.readline())["url"]
        finally:
            server.kill()


def order(url: str, name: str) -> dict[str, str]:
    body = {"shots": [a_shot(name)]}
    headers = {"Authorization": "Bearer sbx_test"}
    answer = httpx.post(f"{url}/api/veo-3/generate", json=body, headers=headers, trust_env=False)
    return answer.raise_for_status().json()["shots"][0]


def test_tasks_credits_window_and_addresses_outlive_a_restart(tmp_path: Path) -> None:
    """The second server knows all that the first one did."""
    clock = HandClock()
    settings = {"credits": 20, "calls_per_hour": 4, "clock": clock}
    with a_sandbox(tmp_path, **settings) as first:
        (task,) = first.finish(a_shot())
    with a_sandbox(tmp_path, **settings) as second:
        assert second.http.get(httpx.URL(task["videoUrl"]).path).content == CLIP
        assert second.check(task).json()["status"] == "completed"
        assert [second.generate(a_shot()).status_code for _ in range(2)] == [200, 429]
        assert len(second.log("charges.jsonl")) == 2


def test_a_clip_is_made_after_a_kill(tmp_path: Path) -> None:
    """kill -9 right after the order: the next server makes the clip, and the charge stands once."""
    state_dir, clips = tmp_path / "state", footage(tmp_path)
    with a_server_process(state_dir, clips) as (server, url):
        task = order(url, "run")
        server.kill()
    (state_dir / "clips" / f"{task['taskId']}.mp4").unlink(missing_ok=True)
    with (state_dir / "charges.jsonl").open("r+b") as log:
        log.truncate(40)  # as if the kill had come between the commit and the line
    with serve(SandboxConfig(state_dir=state_dir, footage_dir=clips)):
        until((state_dir / "clips" / f"{task['taskId']}.mp4").exists)
    lines = [json.loads(line) for line in (state_dir / "charges.jsonl").read_text().splitlines()]
    assert [(line["kind"], line["taskId"]) for line in lines] == [("charge", task["taskId"])]


def test_a_killed_server_leaves_no_painter_behind(tmp_path: Path) -> None:
    """Its painter sees its stdin end, in the middle of a clip, and leaves."""
    with a_server_process(tmp_path, "") as (server, url):
        order(url, "run")
        until(lambda: children_of(server.pid) != [])
        painters = children_of(server.pid)
        server.kill()
    until(lambda: not any(map(is_alive, painters)))


def children_of(pid: int) -> list[int]:
    files = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for file in files for child in file.read_text().split()]


def is_alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_sigterm_ends_the_server_quietly(tmp_path: Path) -> None:
    """Exit status 0, nothing more on stdout."""
    with a_server_process(tmp_path / "state", footage(tmp_path)) as (server, _):
        server.terminate()
        assert server.wait(10) == 0
        assert server.stdout is not None
        assert server.stdout.read() == ""


def test_a_second_server_waits_and_then_says_who_is_in_the_way(tmp_path: Path) -> None:
    """The state has one server at a time; the wait is cut short here."""
    with a_sandbox(tmp_path) as first, pytest.raises(SandboxError, match="held by another sandbox"):
        StateLock(first.state_dir, patience_s=0.2)
    StateLock(tmp_path / "state", patience_s=0).release()


def test_it_serves_from_any_thread(tmp_path: Path) -> None:
    """A render has it in a worker thread, where signal handlers cannot be set."""

    def ask() -> int:
        with a_sandbox(tmp_path) as sandbox:
            return sandbox.generate(a_shot()).status_code

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(ask).result() == 200


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    """The message says which port, and what to do."""
    with a_sandbox(tmp_path) as first:
        port = int(first.url.rpartition(":")[2])
        with pytest.raises(SandboxError, match=f"Port {port} of 127.0.0.1 cannot be used"):
            run(SandboxConfig(state_dir=tmp_path / "other"), port)
