"""A sandbox to talk to over a real socket, its clock in the test's hand, and its clips a few bytes of footage."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from pipeline.sandbox import FaultScript, Rule, SandboxConfig, serve

KEY = "sbx_test"
KEY_NAME = "51281012"  # printf sbx_test | sha256sum | cut -c1-8
GENERATE, CHECK = "/api/veo-3/generate", "/api/veo-3/check-status"
CLIP = b"as good as a clip " * 500  # 9,000 bytes


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Sandbox:
    """A sandbox that runs, and a client of it."""

    url: str
    clock: HandClock
    state_dir: Path
    http: httpx.Client
    script: FaultScript
    told: dict[str, int] = field(default_factory=dict)  # lines of each log that are left out

    def post(self, path: str, body: Any, *, key: str = KEY) -> httpx.Response:
        return self.http.post(path, json=body, headers={"Authorization": f"Bearer {key}"})

    def send(self, path: str, content: bytes, *, key: str = KEY) -> httpx.Response:
        return self.http.post(path, content=content, headers={"Authorization": f"Bearer {key}"})

    def raw(self, path: str, body: Any, *, patience_s: float = 0.3) -> tuple[bytes, str]:
        """Every byte that comes back to a POST on a connection of its own, and how that ends: close, reset or hang."""
        content = json.dumps(body).encode()
        address = httpx.URL(self.url)
        head = f"POST {path} HTTP/1.1\r\nHost: {address.netloc.decode()}\r\nAuthorization: Bearer {KEY}\r\n"
        with socket.create_connection((address.host, address.port or 0), timeout=patience_s) as line:
            line.sendall(f"{head}Content-Length: {len(content)}\r\nConnection: close\r\n\r\n".encode() + content)
            return read_to_end(line)

    def generate(self, *shots: dict[str, Any], key: str = KEY, **fields: Any) -> httpx.Response:
        return self.post(GENERATE, {"shots": list(shots), **fields}, key=key)

    def check(self, *tasks: dict[str, Any], key: str = KEY) -> httpx.Response:
        return self.post(CHECK, {"taskIds": [{k: task[k] for k in ("shotId", "taskId")} for task in tasks]}, key=key)

    def start(self, *shots: dict[str, Any], key: str = KEY, **fields: Any) -> list[dict[str, Any]]:
        """Order shots and return their tasks, once every clip that will come is there."""
        tasks: list[dict[str, Any]] = self.generate(*shots, key=key, **fields).raise_for_status().json()["shots"]
        doomed = {shot["id"] for shot in shots if "[sandbox: fail]" in shot["prompt"]}
        until(lambda: all(self.clip_path(task).exists() for task in tasks if task["shotId"] not in doomed))
        return tasks

    def finish(self, *shots: dict[str, Any], **fields: Any) -> list[dict[str, Any]]:
        """Order shots, let their time go by, and return how they stand."""
        tasks = self.start(*shots, **fields)
        self.clock.advance(300 * len(shots))
        return list(self.check(*tasks).json()["shots"])

    def wait_for_clip(self, task: dict[str, Any]) -> None:
        until(self.clip_path(task).exists)

    def clip_path(self, task: dict[str, Any]) -> Path:
        return self.state_dir / "clips" / f"{task['taskId']}.mp4"

    def log(self, name: str) -> list[dict[str, Any]]:
        lines = (self.state_dir / name).read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines[self.told.get(name, 0) :]]

    def money(self) -> list[str]:
        """The kinds of the charge log's lines, in order."""
        return [line["kind"] for line in self.log("charges.jsonl")]

    def afresh(self, *rules: Rule) -> Sandbox:
        """The same server for another test: with these rules alone, and its logs from here on."""
        self.script.clear()
        self.script.add(*rules)
        told = {name: len(replace(self, told={}).log(name)) for name in ("charges.jsonl", "requests.jsonl")}
        return replace(self, told=told)


@contextmanager
def a_sandbox(home: Path, *, clock: HandClock | None = None, **settings: Any) -> Iterator[Sandbox]:
    """One at the vendor's own speed with its state under `home`; serves `CLIP` unless told to draw."""
    clock = clock or HandClock()
    if "footage_dir" not in settings:
        settings["footage_dir"] = footage(home)
    script = settings.setdefault("faults", FaultScript())
    config = SandboxConfig(**{"state_dir": home / "state", "speed": 1.0, **settings})
    with serve(config, now=clock) as url, httpx.Client(base_url=url, trust_env=False, timeout=20) as http:
        yield Sandbox(url, clock, config.state_dir, http, script)


def read_to_end(line: socket.socket) -> tuple[bytes, str]:
    """What comes on a connection, and how it ends."""
    came = b""
    while True:
        try:
            piece = line.recv(65536)
        except TimeoutError:
            return came, "hang"
        except ConnectionResetError:
            return came, "reset"
        if not piece:
            return came, "close"
        came += piece


def footage(home: Path, **files: bytes) -> Path:
    """A folder with `CLIP` in it, or with files named so."""
    folder = home / "footage"
    folder.mkdir(exist_ok=True)
    for name, content in (files or {"clip": CLIP}).items():
        (folder / f"{name}.mp4").write_bytes(content)
    return folder


def a_shot(shot_id: str = "run", **fields: Any) -> dict[str, Any]:
    return {
        "id": shot_id,
        "prompt": "A runner on the beach at dawn.",
        "generationType": "TEXT_2_VIDEO",
        "aspectRatio": "16:9",
        **fields,
    }


def until(is_so: Callable[[], bool], *, patience_s: float = 30.0) -> None:
    """Wait for something that another thread or process is about to do."""
    give_up_at = time.monotonic() + patience_s
    while not is_so():
        assert time.monotonic() < give_up_at, "waited in vain"
        time.sleep(0.01)
