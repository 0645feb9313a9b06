"""A canary key goes through every command and every trouble, and is found nowhere."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import imageio_ffmpeg
import pytest
from canary import KEY, Search, Watch, found_in
from PIL import Image
from serving import answering, serve_app
from starlette.applications import Starlette
from theatre import STORYREEL, Theatre, open_theatre, short_clips

SHOT: Final = '{% scene "s" %}{% shot "NAME" %} A runner of NAME. Wind. {% endshot %}{% endscene %}'
PICTURED: Final = SHOT.replace('"NAME"', '"NAME" first="hero.png"')

QUICK_TROUBLES: Final = ("revoked", "cut")
TROUBLES: Final = {
    "revoked": {"door": "generate", "fault": "revoked"},
    "cut": {"door": "generate", "fault": "cut", "at_byte": 90},
    "dropped": {"door": "generate", "fault": "drop", "charged": True},
    "page": {"door": "generate", "fault": "error", "form": "html"},
    "broken": {"door": "generate", "fault": "error", "form": "json"},
    "poor": {"door": "generate", "fault": "no_credits"},
    "failing": {"door": "generate", "fault": "fail"},
    "damaged": {"door": "video", "fault": "flipped", "count": 50},
    "cut-clip": {"door": "video", "fault": "truncated", "at_byte": 5000},
}
"""Faults of the sandbox, by the shot that meets them."""


@dataclass
class Round:
    """Commands with the canary in their environment, in a workspace, a home and a temporary folder of their own."""

    theatre: Theatre
    watch: Watch
    extra: dict[str, str] = field(default_factory=dict)
    search: Search = field(default_factory=Search)

    def run(self, *command: str, key: dict[str, str] | None = None) -> int:
        """Its exit code; what it printed is looked into."""
        root = self.theatre.root
        environ = {"PATH": os.environ["PATH"], "HOME": str(root / "home"), "TMPDIR": str(root / "tmp"), **self.extra}
        self.watch.leave_out(*command)
        process = subprocess.Popen(
            command,
            cwd=root,
            env={**environ, **(key or {"NANOPHOTO_API_KEY": KEY})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for name, said in zip(("stdout", "stderr"), process.communicate(timeout=120), strict=True):
            self.search.look_into(f"{name} of {command[1:]}", said)
        return process.returncode

    def storyreel(self, *command: str) -> int:
        return self.run(*self.theatre.arguments(*command))

    def at(self, url: str, *command: str) -> int:
        """The same, with another vendor."""
        return self.run(str(STORYREEL), *command, "--base-url", url)


@contextmanager
def a_round(tmp_path: Path) -> Iterator[Round]:
    """With a sandbox whose shots meet troubles, programs that write down what they find, and a project a trouble."""
    root = tmp_path / "workspace"
    for folder in ("home", "tmp"):
        (root / folder).mkdir(parents=True)
    rules = [{**rule, "shot": f"{name}*"} for name, rule in TROUBLES.items()]
    (tmp_path / "faults.json").write_text(json.dumps({"rules": rules}))
    options = *short_clips(tmp_path / "clips"), "--faults", str(tmp_path / "faults.json")
    with open_theatre(root, *options) as theatre, Watch() as watch:
        for name in ("good", "echoed", *TROUBLES):
            theatre.write(name, SHOT.replace("NAME", name))
        ffmpeg = telling(root, "ffmpeg", f'exec "{imageio_ffmpeg.get_ffmpeg_exe()}" "$@"')
        yield Round(theatre, watch, {"STORYREEL_FFMPEG": str(ffmpeg)})


def telling(root: Path, name: str, then: str) -> Path:
    """A program that writes its environment and its arguments into a file of the workspace."""
    path = root / f"{name}.sh"
    path.write_text(f'#!/bin/sh\n{{ env; echo "$0 $@"; cat /proc/$$/environ; }} > "{root}/{name}.told.$$"\n{then}\n')
    path.chmod(0o755)
    return path


def assert_found_nowhere(done: Round, what: str) -> None:
    """In no file, no word and no process; the ledger and the reports are among what was searched."""
    done.search.look_below(done.theatre.root)
    print(f"{what}: {done.search.files} files, {done.search.bytes:,} bytes, {done.watch.looks:,} looks at processes")
    assert (done.search.hits, done.watch.hits) == ([], [])
    started = b"\n".join(done.watch.seen)
    assert b"cell_main" in started and list(done.theatre.root.glob("ffmpeg.told.*"))
    assert list(done.theatre.root.rglob("ledger.sqlite3")) and list(done.theatre.root.rglob("report.html"))


def crash(done: Round) -> None:
    """Spoil the ledger, so that reading it is a bug of ours, with a traceback."""
    ledger = done.theatre.root / ".storyreel/sandbox/ledger.sqlite3"
    with sqlite3.connect(ledger) as connection:
        connection.execute("UPDATE calls SET at = 1e12")  # in the year 33658
    connection.close()
    assert done.storyreel("status", "good") == 1


ECHOES: Final[tuple[tuple[int, str], ...]] = (
    (401, '{"error": "no such key: KEY", "errorCode": "LOGIN_REQUIRED"}'),
    (400, '{"error": "no such key: ESCAPED", "errorCode": "INVALID_INPUT"}'),
    (401, '{"error": "no such key", "errorCode": "KEY"}'),
    (500, '{"error": "Bearer KEY", "errorCode": "GENERATION_FAILED"}'),
    (502, "<html>Bearer KEY</html>"),
    (200, '{"status": "failed", "error": "Bearer ESCAPED"}'),
    (302, "KEY"),
)
"""What a vendor, or a gateway before it, may say back of what it was sent."""


def echoing(status: int, body: str) -> Starlette:
    escaped = KEY.replace("/", "\\/").replace("_", "\\u005f")
    text = body.replace("KEY", KEY).replace("ESCAPED", escaped)
    return answering(status, text, RateLimit=KEY, Location=f"http://127.0.0.1:1/{KEY}")


def say_it_back(done: Round, status: int, body: str) -> None:
    """Run what asks a vendor, with one that repeats what it was sent."""
    with serve_app(echoing(status, body)) as url:
        for command in (("render", "echoed"), ("resolve", "echoed", "echoed"), ("doctor", "--live")):
            done.at(url, *command)


def test_the_canary_is_found_nowhere(tmp_path: Path) -> None:
    """A film, two troubles, a vendor that says it back as the JSON of others spells it, a crash."""
    with a_round(tmp_path) as done:
        assert done.at(done.theatre.url, "doctor", "--live") == 0
        assert done.storyreel("render", "good") == 0
        assert [done.storyreel("render", name) for name in QUICK_TROUBLES] == [2, 5]
        say_it_back(done, 400, '{"error": "KEY, ESCAPED", "errorCode": "INVALID_INPUT"}')
        crash(done)
    assert_found_nowhere(done, "the canary")


@pytest.mark.torture
@pytest.mark.parametrize(("status", "body"), ECHOES)
def test_no_answer_of_a_vendor_repeats_the_key(tmp_path: Path, status: int, body: str) -> None:
    """Neither what is printed nor the ledger, which keeps every answer; headers say it, too."""
    with a_round(tmp_path) as done:
        say_it_back(done, status, body)
    done.search.look_below(done.theatre.root)
    assert done.search.hits == []


EVERY_COMMAND: Final[tuple[Sequence[str], ...]] = (
    ("init", "begun", "--template", "vertical_social"),
    ("check", "good"),
    ("check", "good", "--json"),
    ("preview", "good", "--open-nothing"),
    ("plan", "good"),
    ("plan", "good", "--live"),
    ("render", "good", "--live", "--yes"),
    ("publish", "pictured"),
    ("publish", "pictured", "--json"),
    ("render", "good"),
    ("render", "pictured"),
    ("status", "good", "--json"),
    ("status",),
    ("takes", "good"),
    ("convert", "projects/good/build/storyboard.json", "--out", "converted"),
    ("language",),
    ("explain",),
    ("schema", "project"),
    ("nonsense",),
)


@pytest.mark.torture
def test_the_canary_is_found_nowhere_whatever_is_asked(tmp_path: Path) -> None:
    """Every command, every trouble, an uploader of the user's, a key in a file, and a crash."""
    with a_round(tmp_path) as done:
        root = done.theatre.root
        done.theatre.write("pictured", PICTURED.replace("NAME", "pictured"))
        Image.new("RGB", (160, 90)).save(root / "projects/pictured/hero.png")
        uploader = telling(root, "uploader", "echo https://pictures.example/hero.png")
        (root / "storyreel.yaml").write_text(f'publisher: {{kind: command, command: ["{uploader}", "{{file}}"]}}\n')
        for command in EVERY_COMMAND:
            done.storyreel(*command)
        for name in TROUBLES:
            done.storyreel("render", name)
            done.storyreel("resolve", name, name)
        key_file = tmp_path / "key"
        key_file.write_text(KEY)
        key_file.chmod(0o600)
        named = {"NANOPHOTO_API_KEY_FILE": str(key_file)}
        assert done.run(*done.theatre.arguments("render", "good"), key=named) == 0
        crash(done)
    assert list(root.glob("uploader.told.*"))
    assert_found_nowhere(done, "the canary, whatever was asked")


def test_who_looks_for_the_canary_would_find_it(tmp_path: Path) -> None:
    """In a file in any form, in a process that has it in its environment, and in one that has it as an argument."""
    search = Search()
    (tmp_path / "log").write_bytes(b"x" + KEY.encode().hex().encode())
    search.look_below(tmp_path)
    assert search.hits == [f"hex in {tmp_path}/log"]
    assert found_in(f"Authorization: Basic {KEY[::-1]}".encode()) == ["reversed"]
    with Watch() as watch:
        for argv, environ in ((["sleep", "0.5"], {"X": KEY}), (["sh", "-c", "sleep 0.5", KEY], {})):
            subprocess.run([shutil.which(argv[0]) or sys.executable, *argv[1:]], env=environ, check=True)
    assert [hit.partition(" of ")[0] for hit in watch.hits] == ["in the command line", "in the environment"]
