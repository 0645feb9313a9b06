"""What `storyreel init` begins: projects that compile as they come, in a folder that has nothing yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.compiler import compile_storyboard, read_sources
from pipeline.errors import UsageError
from pipeline.project import ProjectPaths, workspace_here
from pipeline.shipped import shipped_dir
from pipeline.starters import Starter, begin_project, starters

STARTERS = {starter.name: starter for starter in starters()}


def begun(root: Path, starter: Starter, name: str = "film") -> ProjectPaths:
    return ProjectPaths(begin_project(workspace_here(root), name, starter).folder)


def test_there_are_five_starters() -> None:
    """Each says in one line what it is."""
    assert sorted(STARTERS) == ["commercial", "episode", "explainer", "product_demo", "vertical_social"]
    assert all(20 < len(starter.says) < 120 for starter in STARTERS.values())


@pytest.mark.parametrize("name", STARTERS)
def test_a_starter_compiles_free_of_warnings(name: str, tmp_path: Path) -> None:
    """In an empty folder, with what came along."""
    project = begun(tmp_path, STARTERS[name])
    compiled = compile_storyboard(read_sources(project, tmp_path / "templates"))
    assert compiled.warnings == () and compiled.storyboard.project == "film"


@pytest.mark.parametrize("name", STARTERS)
def test_a_starter_is_small(name: str) -> None:
    """All of it together is below a megabyte, and its film below a minute and a half."""
    assert sum(path.stat().st_size for path in STARTERS[name].folder.rglob("*") if path.is_file()) < 1_000_000


def test_a_workspace_gets_what_it_lacks_and_keeps_what_it_has(tmp_path: Path) -> None:
    """A template that the author changed stays as it is."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "camera.jinja").write_text("mine")
    added = begin_project(workspace_here(tmp_path), "film", STARTERS["commercial"]).added
    assert (tmp_path / "templates" / "camera.jinja").read_text() == "mine"
    assert "templates/commercial.jinja" in added and "templates/camera.jinja" not in added
    assert all((tmp_path / name).read_bytes() == (shipped_dir() / name).read_bytes() for name in added)


@pytest.mark.parametrize("file", ["project.yaml", "bible.yaml"])
def test_an_editor_finds_the_schema(file: str, tmp_path: Path) -> None:
    """The first line leads to a file that is there."""
    project = begun(tmp_path, STARTERS["commercial"])
    hint, _, path = (project.root / file).read_text().split("\n")[0].partition("$schema=")
    assert hint == "# yaml-language-server: " and (project.root / path).resolve().is_file()


def test_what_is_there_is_never_written_over(tmp_path: Path) -> None:
    """The second project of one name is refused, and the first stays as it was."""
    project = begun(tmp_path, STARTERS["commercial"])
    (project.root / "storyboard.jinja").write_text("mine")
    with pytest.raises(UsageError, match="is there already"):
        begin_project(workspace_here(tmp_path), "film", STARTERS["episode"])
    assert (project.root / "storyboard.jinja").read_text() == "mine"


@pytest.mark.parametrize("name", ["", "../film", "a/b", ".film", "my film", "-x"])
def test_a_name_that_is_no_folder_is_refused(name: str, tmp_path: Path) -> None:
    """Nothing is made, in or out of the workspace."""
    with pytest.raises(UsageError, match="cannot name a project"):
        begin_project(workspace_here(tmp_path / "ws"), name, STARTERS["commercial"])
    assert not any(tmp_path.iterdir())


def test_a_starter_is_no_shared_template(tmp_path: Path) -> None:
    """Though it lies beside those, in a checkout."""
    project = begun(tmp_path, STARTERS["commercial"])
    sources = read_sources(project, shipped_dir() / "templates")
    assert "templates/camera.jinja" in sources.texts and not any("starters" in name for name in sources.texts)
