"""The command line in forked children of a warm process, over tiny clips, against a sandbox in a process of its own."""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NoReturn

from end_to_end.theatre import Theatre, open_theatre
from footage import write_clip

PROJECT: Final = "film"
SPEED: Final = 3000.0  # a shot takes 0.04–0.1 s
GREYS: Final = {"dawn": 60, "noon": 120, "dusk": 90}
STORYBOARD: Final = """
{% scene "day" %}
{% shot "dawn" %} A quiet harbour at dawn. Gulls cry. {% endshot %}
{% shot "noon" %} The harbour at noon. A bell rings. {% endshot %}
{% shot "dusk" join="dissolve 4" %} The harbour at dusk. Waves lap. {% endshot %}
{% endscene %}
"""


def make_footage(folder: Path) -> Path:
    """A clip of 8 frames for each shot."""
    folder.mkdir(parents=True)
    for shot, grey in GREYS.items():
        write_clip(folder / f"{shot}.mp4", frames=8, grey=grey)
    return folder


@contextlib.contextmanager
def open_stage(root: Path) -> Iterator[str]:
    """The address of a sandbox that serves them."""
    footage = make_footage(root / "footage")
    with open_theatre(root, "--footage", str(footage), "--speed", str(SPEED)) as theatre:
        yield theatre.url


def set_up(workspace: Path, storyboard: str = STORYBOARD) -> Path:
    Theatre(workspace, "").write(PROJECT, storyboard)
    return workspace


def leave_as(workspace: Path, url: str, key: str, command: str, *args: str) -> NoReturn:
    """What `storyreel` does, in this process; the action of a case."""
    from pipeline.cli.commands import app

    os.chdir(workspace)
    os.environ["NANOPHOTO_API_KEY"] = key
    app([command, PROJECT, *args, "--base-url", url, "--speed", str(SPEED)])
    raise AssertionError("the command line never returns")


def render_here(workspace: Path, url: str, key: str) -> None:
    """A render in this very process, so that all it imports is there for the children."""
    said = io.StringIO()
    with contextlib.suppress(SystemExit), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        leave_as(workspace, url, key, "render")
    assert film_path(workspace).exists(), said.getvalue()


def film_path(workspace: Path) -> Path:
    return workspace / "projects" / PROJECT / "out" / f"{PROJECT}.mp4"


def charges_of(stage: Path, key: str) -> list[dict[str, str]]:
    """What the server on this stage charged a key, as it logged it."""
    from hashlib import sha256

    lines = (stage / "server" / "charges.jsonl").read_text().splitlines()
    mine = sha256(key.encode()).hexdigest()[:8]
    return [row for row in map(json.loads, lines) if row["key"] == mine]
