"""What the edge reads, and what it refuses."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.compiler import compile_storyboard, read_sources
from pipeline.errors import StoryboardError
from pipeline.project import ProjectPaths

ROOT = Path(__file__).parents[2]


def a_project(tmp_path: Path, **texts: str) -> ProjectPaths:
    """A project with a storyboard; `__` in a name stands for a folder, the last `_` for the dot."""
    root = tmp_path / "projects" / "demo"
    for name, text in {"project_yaml": "title: x\n", "storyboard_jinja": "{% shot a %}x{% endshot %}", **texts}.items():
        path = root / ".".join(name.replace("__", "/").rsplit("_", 1))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return ProjectPaths(root)


def test_texts_and_files_are_found(tmp_path: Path):
    """The project's own, at any depth, without what was made from it."""
    project = a_project(tmp_path, parts__end_jinja="", assets__a_mov="", build__old_jinja="", out__demo_mp4="")
    sources = read_sources(project, tmp_path / "templates")
    assert sorted(sources.texts) == ["parts/end.jinja", "project.yaml", "storyboard.jinja"]
    assert "assets/a.mov" in sources.files and "out/demo.mp4" not in sources.files


def test_a_mark_of_byte_order_and_foreign_newlines_are_no_text(tmp_path: Path):
    """Editors put them there, not authors."""
    project = a_project(tmp_path)
    (project.root / "storyboard.jinja").write_bytes("\ufeff{% shot a %}\r\n  x\r\n  y\r\n{% endshot %}".encode())
    (shot,) = compile_storyboard(read_sources(project, tmp_path)).storyboard.shots
    assert shot.prompt == "x\ny"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"ok\n\xff\xfe", "storyboard.jinja:2: SB005 this line is not UTF-8"),
        (b"x" * 1_000_001, "more than 1,000,000 bytes"),
    ],
)
def test_a_file_that_is_no_text_is_a_finding(tmp_path: Path, content: bytes, says: str):
    """Never a traceback, never all of the memory."""
    project = a_project(tmp_path)
    (project.root / "storyboard.jinja").write_bytes(content)
    with pytest.raises(StoryboardError, match=says):
        read_sources(project, tmp_path)


def test_a_link_does_not_lead_out(tmp_path: Path):
    """A template is what lies in the project."""
    project = a_project(tmp_path)
    (tmp_path / "secret").write_text("secret")
    (project.root / "more.jinja").symlink_to(tmp_path / "secret")
    with pytest.raises(StoryboardError, match="a link out of its folder"):
        read_sources(project, tmp_path / "templates")


def test_a_picture_is_no_link_out(tmp_path: Path):
    """It would be published for all to see, whatever it is."""
    project = a_project(tmp_path, assets__a_png="")
    (tmp_path / "id_rsa").write_text("secret")
    (project.root / "assets" / "hero.png").symlink_to(tmp_path / "id_rsa")
    with pytest.raises(
        StoryboardError, match=r"^assets/hero\.png:1: .*a link out of its folder\. Put the file itself here\.$"
    ):
        read_sources(project, tmp_path / "templates")


def test_a_folder_that_is_a_link_holds_nothing(tmp_path: Path):
    """Neither templates nor pictures."""
    project = a_project(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "more.jinja").write_text("secret")
    (project.root / "parts").symlink_to(tmp_path / "elsewhere")
    sources = read_sources(project, tmp_path / "templates")
    assert "parts/more.jinja" not in sources.texts and "parts/more.jinja" not in sources.files


def test_what_never_ends_is_no_file(tmp_path: Path):
    """Reading a pipe would wait for ever."""
    project = a_project(tmp_path)
    os.mkfifo(project.root / "more.jinja")
    os.mkfifo(project.root / "hero.png")
    assert read_sources(project, tmp_path / "templates").files == {"project.yaml", "storyboard.jinja"}


def test_one_storyboard_is_wanted(tmp_path: Path):
    """Of two it is not known which is meant; of none there is no film."""
    two = a_project(tmp_path / "a", storyboard_yaml="items: []")
    none = a_project(tmp_path / "b")
    (none.root / "storyboard.jinja").unlink()
    with pytest.raises(StoryboardError, match=r"several storyboards: storyboard\.jinja, storyboard\.yaml"):
        read_sources(two, tmp_path)
    with pytest.raises(StoryboardError, match="there is no storyboard"):
        read_sources(none, tmp_path)


@pytest.mark.parametrize("name", ["../secret", "/etc/hostname", "a/../../secret.jinja"])
def test_no_name_of_a_template_leaves_the_project(tmp_path: Path, name: str):
    """Templates come from what was read, there is no path to try."""
    project = a_project(tmp_path, storyboard_jinja='{% include "' + name + '" %}{% shot a %}x{% endshot %}')
    (tmp_path / "projects" / "secret").write_text("secret")
    with pytest.raises(StoryboardError, match="there is no template"):
        compile_storyboard(read_sources(project, tmp_path / "templates"))


@pytest.mark.parametrize(("name", "shots"), [("ad_campaign", 8), ("harbour_dawn", 6)])
def test_the_samples_compile(name: str, shots: int):
    """And ask for the shots that they are known for."""
    project = ProjectPaths(ROOT / "projects" / name)
    assert len(compile_storyboard(read_sources(project, ROOT / "templates")).storyboard.shots) == shots
