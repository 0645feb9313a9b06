"""What the machine does for a run: the lock of its project."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.digest import hash_file
from pipeline.errors import MachineError, ProjectBusyError
from pipeline.host import hold_project, read_made, write_whole


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


def test_a_file_in_the_way_of_a_folder_is_told(tmp_path: Path) -> None:
    """Not even what is written aside can be there."""
    (tmp_path / "out").write_text("a file")
    with pytest.raises(MachineError, match=r"out/film\.json cannot be written"):
        write_whole(tmp_path / "out" / "film.json", b"{}")


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.write_bytes(b"\xff")])
def test_what_lies_in_the_place_of_a_made_document_is_none(tmp_path: Path, make: Callable[[Path], object]) -> None:
    """A project that somebody sent may hold a pipe there, which would be waited for."""
    make(tmp_path / "film.json")
    with pytest.raises(OSError, match="no document of ours"):
        read_made(tmp_path / "film.json")


def test_a_link_to_a_device_is_no_made_document(tmp_path: Path) -> None:
    """Reading it would never end."""
    (tmp_path / "film.json").symlink_to("/dev/zero")
    with pytest.raises(OSError, match="no document of ours"):
        read_made(tmp_path / "film.json")


def test_a_pipe_has_no_hash(tmp_path: Path) -> None:
    """Nobody would ever write into it."""
    os.mkfifo(tmp_path / "film.mp4")
    with pytest.raises(OSError, match="Invalid"):
        hash_file(tmp_path / "film.mp4")
