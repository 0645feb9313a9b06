"""Where a project lies, and that what somebody sent cannot move the ground it stands on."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.project import ProjectPaths, find_workspace


def a_project(workspace: Path, name: str) -> Path:
    root = workspace / "projects" / name
    root.mkdir(parents=True)
    (root / "project.yaml").write_text("")
    return root


def test_a_workspace_in_a_project_is_none(tmp_path: Path):
    """Its settings could name a program to run, whoever stands in it."""
    sent = a_project(tmp_path, "sent")
    inner = a_project(sent, "sent")
    for start in (inner, sent / "projects", sent, tmp_path / "projects", tmp_path):
        assert find_workspace(start).root == tmp_path


def test_the_nearest_of_workspaces_side_by_side_or_one_in_another_is_taken(tmp_path: Path):
    """As long as it is no project of the outer one."""
    a_project(tmp_path, "film")
    inner = a_project(tmp_path / "client", "film")
    assert find_workspace(inner).root == tmp_path / "client"


def test_a_folder_that_happens_to_be_called_projects_holds_no_workspace_back(tmp_path: Path):
    """Many keep all that they work on in one."""
    a_project(tmp_path / "projects" / "films", "film")
    assert find_workspace(tmp_path / "projects" / "films").root == tmp_path / "projects" / "films"


@pytest.mark.parametrize("name", ["build", "out"])
def test_what_is_made_of_a_project_stays_in_it(tmp_path: Path, name: str):
    """A link would have it written over the files of another folder."""
    root = a_project(tmp_path, "sent")
    (tmp_path / "elsewhere").mkdir()
    (root / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match=f"{name} is a link"):
        find_workspace(tmp_path).project("sent")


def test_the_films_of_a_series_have_files_of_their_own_in_one_folder(tmp_path: Path):
    """They share the project's name, its lock and its circled takes."""
    series = ProjectPaths(a_project(tmp_path, "night"))
    film = series.film_of("e1")
    assert (film.name, film.takes_lock_path, film.holder_path) == ("night", series.takes_lock_path, series.holder_path)
    assert film.film_path == series.root / "out/night-e1.mp4"
    assert film.film_in("9x16").path == series.root / "out/night-e1-9x16.mp4"
    assert film.storyboard_path == series.root / "build/e1/storyboard.json"


@pytest.mark.parametrize("name", ["night/e1", "projects/night/e1"])
def test_a_film_of_a_series_is_named_within_it(tmp_path: Path, name: str):
    """As a path is; a project's own name comes first."""
    root = a_project(tmp_path, "night")
    assert find_workspace(tmp_path).project(name) == ProjectPaths(root, "e1")
    a_project(tmp_path, "e1")
    assert find_workspace(tmp_path).project(name) == ProjectPaths(root.parent / "e1")


@pytest.mark.parametrize("name", ["night/../e1", "night/.e1", "nowhere/e1"])
def test_no_other_name_leads_into_a_series(tmp_path: Path, name: str):
    """Neither one that climbs nor one that is hidden."""
    a_project(tmp_path, "night")
    with pytest.raises(UsageError, match="no project"):
        find_workspace(tmp_path).project(name)


@pytest.mark.parametrize("name", ["bad\udcff", "bad\udcff/e1"])
def test_a_folder_whose_name_is_no_utf_8_is_no_project(tmp_path: Path, name: str):
    """The ledger could not keep a take of it. The others are found as ever."""
    a_project(tmp_path, "bad\udcff")
    film = a_project(tmp_path, "film")
    with pytest.raises(UsageError, match="no UTF-8"):
        find_workspace(tmp_path).project(name)
    assert find_workspace(tmp_path).project("film").root == film


@pytest.mark.parametrize("name", ["a" * 101, "海" * 34, "a" * 300, f"{'a' * 300}/e1", f"film/{'a' * 300}"])
def test_a_name_that_no_film_could_be_written_under_is_refused_before_anything_is_paid(tmp_path: Path, name: str):
    """It goes into the names of files, with a film's own and a shape's; a letter may take four bytes."""
    a_project(tmp_path, "film")
    with pytest.raises(UsageError, match="too long to name files after: it takes"):
        find_workspace(tmp_path).project(name)


def test_the_longest_name_leaves_room_for_a_film_of_a_series(tmp_path: Path):
    """As long as its own may be, with what is written aside: 255 bytes."""
    film = ProjectPaths(a_project(tmp_path, "a" * 100), "e" * 100)
    assert find_workspace(tmp_path).project(film.name).root == film.root
    assert len(film.animation_path.name) + len("..12345678.tmp") <= 255


def test_no_project_is_begun_under_a_name_that_is_too_long(tmp_path: Path):
    """Rather than found unusable later."""
    a_project(tmp_path, "film")
    with pytest.raises(UsageError, match="too long to name files after"):
        find_workspace(tmp_path).new_project("a" * 101)
