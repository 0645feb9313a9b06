"""Pictures that go with prompts, from the command line: what is said before money, and what is remembered."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from PIL import Image
from theatre import STORYREEL

CHAIN = """
{% scene "s" %}
{% shot "run" first="assets/hero.png" %} A runner. {% endshot %}
{% shot "turn" continues="run -2" %} She turns. {% endshot %}
{% endscene %}
"""
STATIC = "publisher: {kind: static, folder: www, base_url: https://pictures.example/p}\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """One project with a picture, and no publisher."""
    assets = tmp_path / "projects/film/assets"
    assets.mkdir(parents=True)
    Image.new("RGB", (160, 90), (200, 40, 30)).save(assets / "hero.png")
    (tmp_path / "projects/film/project.yaml").write_text("title: Film\n")
    (tmp_path / "projects/film/storyboard.jinja").write_text(CHAIN)
    return tmp_path


def storyreel(workspace: Path, *args: str, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {"PATH": os.environ["PATH"], "HOME": str(workspace), **environ}
    return subprocess.run([str(STORYREEL), *args], cwd=workspace, env=kept, capture_output=True, text=True, timeout=60)


def test_a_live_run_without_a_publisher_spends_nothing_and_says_what_to_write(workspace: Path) -> None:
    """Exit 2, with the file, the frame that will be needed, and the line to write."""
    done = storyreel(workspace, "render", "film", "--live", "--yes", NANOPHOTO_API_KEY="canary")
    assert done.returncode == 2
    for said in ("assets/hero.png", "turn's first picture, a frame of run's clip", '"publisher: {kind: manual}"'):
        assert said in done.stderr


def test_an_address_said_once_is_remembered(workspace: Path) -> None:
    """By hand: it is said, then it is known."""
    (workspace / "storyreel.yaml").write_text("publisher: {kind: manual}\n")
    assert storyreel(workspace, "publish", "film", "assets/hero.png=https://a.example/h.png").returncode == 0
    known = json.loads(storyreel(workspace, "publish", "film", "--json").stdout)
    assert [(each["picture"], each["url"]) for each in known] == [("assets/hero.png", "https://a.example/h.png")]


def test_a_folder_is_filled_ahead_of_a_render(workspace: Path) -> None:
    """The picture lies there under its content, and the address is printed."""
    (workspace / "storyreel.yaml").write_text(STATIC)
    done = storyreel(workspace, "publish", "film")
    [published] = (workspace / "www").iterdir()
    assert f"https://pictures.example/p/{published.name}" in done.stdout


def test_a_project_names_no_publisher(workspace: Path) -> None:
    """A project that somebody sent must not be able to run a program."""
    evil = "publisher: {kind: command, command: [touch, evil, '{file}']}\n"
    (workspace / "projects/film/storyreel.yaml").write_text(evil)
    assert storyreel(workspace, "publish", "film").returncode == 2
    assert not list(workspace.rglob("evil"))
