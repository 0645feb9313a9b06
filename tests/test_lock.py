"""One run of a project at a time; who comes second is told of the first."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pipeline.cli import LONE_OPTIONS, project_to_render
from pipeline.cli.commands import app
from pipeline.errors import MachineError, ProjectBusyError
from pipeline.lock import hold_project, take_ahead


def note_path(project: Path) -> Path:
    return project / "build" / "held_by"


def test_a_held_project_says_who_holds_it(tmp_path: Path) -> None:
    """By its process."""
    with hold_project(tmp_path, note_path(tmp_path)):  # noqa: SIM117 - one after the other
        with pytest.raises(ProjectBusyError, match=f"{tmp_path.name} is being worked on by process {os.getpid()}"):
            with hold_project(tmp_path, note_path(tmp_path)):
                raise AssertionError("two hold it")


def test_a_project_stays_held_when_all_that_was_made_in_it_is_thrown_away(tmp_path: Path) -> None:
    """`rm -rf build` in the middle of a run lets no second one begin."""
    with hold_project(tmp_path, note_path(tmp_path)):
        shutil.rmtree(tmp_path / "build")
        with pytest.raises(ProjectBusyError, match="by another process"), hold_project(tmp_path, note_path(tmp_path)):
            raise AssertionError("two hold it")


def test_a_project_is_free_after_its_run_however_it_ended(tmp_path: Path) -> None:
    """Twice in a row, the first with an error."""
    with pytest.raises(KeyError), hold_project(tmp_path, note_path(tmp_path)):
        raise KeyError
    with hold_project(tmp_path, note_path(tmp_path)):
        pass


def test_a_folder_that_is_not_there_cannot_be_held(tmp_path: Path) -> None:
    """It was removed between two looks."""
    with pytest.raises(MachineError, match="cannot be opened"), hold_project(tmp_path / "gone", tmp_path / "note"):
        raise AssertionError("nothing to hold")


def test_what_was_taken_ahead_is_held_by_the_next_run_of_the_process(tmp_path: Path) -> None:
    """And free again after it."""
    take_ahead(tmp_path, note_path(tmp_path))
    with hold_project(tmp_path, note_path(tmp_path)), pytest.raises(ProjectBusyError):
        take_ahead(tmp_path, note_path(tmp_path))
    with hold_project(tmp_path, note_path(tmp_path)):
        pass


def a_dead_process() -> int:
    ended = subprocess.Popen([sys.executable, "-c", "pass"])
    ended.wait()
    return ended.pid


def test_the_note_of_an_earlier_run_names_nobody(tmp_path: Path) -> None:
    """A run that has just begun is given time to write down who it is."""
    with hold_project(tmp_path, note_path(tmp_path)):
        note_path(tmp_path).write_text(f"process {a_dead_process()}")
        late = threading.Timer(0.2, note_path(tmp_path).write_text, [f"process {os.getpid()}"])
        late.start()
        with pytest.raises(ProjectBusyError, match=f"by process {os.getpid()}"):
            take_ahead(tmp_path, note_path(tmp_path))
        late.join()


def test_a_note_that_somebody_sent_is_not_repeated(tmp_path: Path) -> None:
    """Whatever it says: it is no name of a process."""
    with hold_project(tmp_path, note_path(tmp_path)):
        note_path(tmp_path).write_text("\x1b]0;owned\x07")
        with pytest.raises(ProjectBusyError, match="by another process"):
            take_ahead(tmp_path, note_path(tmp_path))


@pytest.mark.parametrize(
    ("line", "project"),
    [
        ("render demo", "demo"),
        ("render --live --yes demo", "demo"),
        ("render --speed 60 --var hour=dawn demo --json", "demo"),
        ("render --base-url=http://127.0.0.1:1 projects/demo", "projects/demo"),
        ("render --select scene:beach shot:run.* demo", "demo"),
        ("render --plan plan.json demo", "demo"),
        ("render", None),
        ("render --speed", None),
        ("render demo --help", None),
        ("plan demo", None),
        ("", None),
    ],
)
def test_the_project_of_a_render_is_known_without_a_parser(line: str, project: str | None) -> None:
    """Options with a value are stepped over with it."""
    assert project_to_render(line.split()) == project


def test_the_options_without_a_value_are_those_of_the_command() -> None:
    """What is known without a parser agrees with the parser."""
    import typer.main

    (render,) = (command for name, command in typer.main.get_group(app).commands.items() if name == "render")
    assert {option for each in render.params if getattr(each, "is_flag", False) for option in each.opts} == LONE_OPTIONS
