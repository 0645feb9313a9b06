"""A film of one's own, from an empty folder: the commands as they are typed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from test_command_line import storyreel


def test_an_empty_folder_becomes_a_workspace(tmp_path: Path) -> None:
    """What init prints to type next can be typed, and the project checks clean."""
    begun = storyreel(tmp_path, "init", "film", "--template", "vertical_social")
    assert begun.returncode == 0 and "preview film --watch" in begun.stdout and "render film" in begun.stdout
    assert "No findings" in storyreel(tmp_path, "check", "film").stderr


def test_init_alone_lists_what_there_is(tmp_path: Path) -> None:
    """Each with what it is, and nothing is made."""
    listed = json.loads(storyreel(tmp_path, "init", "--json").stdout)["starters"]
    assert len(listed) == 5 and all(starter["says"] for starter in listed)
    assert not any(tmp_path.iterdir())


def refused(done: subprocess.CompletedProcess[str], *words: str) -> bool:
    return done.returncode == 2 and all(word in done.stderr for word in words)


def test_a_wrong_call_exits_2_and_says_what_to_type(tmp_path: Path) -> None:
    """No starter named, one that is not there, a film without a name."""
    assert refused(storyreel(tmp_path, "init", "film"), "init film --template commercial")
    assert refused(storyreel(tmp_path, "init", "film", "-t", "comercial"), 'Did you mean "commercial"?')
    assert refused(storyreel(tmp_path, "init", "-t", "episode"), "init my_film --template episode")


def test_a_document_is_printed_as_a_template(tmp_path: Path) -> None:
    """Or becomes a project that checks clean."""
    document = tmp_path / "storyboard.yaml"
    document.write_text('items: [{kind: shot, id: run, prompt: "A runner at dawn. Sound: steps."}]')
    assert '{% shot "run" %}' in storyreel(tmp_path, "convert", str(document)).stdout
    assert storyreel(tmp_path, "convert", str(document), "--out", "film").stdout == "projects/film\n"
    assert "No findings" in storyreel(tmp_path, "check", "film").stderr
    assert refused(storyreel(tmp_path, "convert", str(document), "--out", "../film"), "cannot name a project")


def test_language_and_schemas_can_be_printed_anywhere(tmp_path: Path) -> None:
    """For a model, and for an editor."""
    assert storyreel(tmp_path, "language").stdout.startswith("# The language of a storyboard")
    assert json.loads(storyreel(tmp_path, "schema", "project").stdout)["type"] == "object"
