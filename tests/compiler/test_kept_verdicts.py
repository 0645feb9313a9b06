"""What compiled well is remembered, until anything that the compiler sees is another."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from builders_compiler import some_sources

from pipeline.app import verdicts
from pipeline.app.verdicts import KeptVerdicts
from pipeline.compiler.cell import Cell
from pipeline.compiler.measured import Measured
from pipeline.compiler.sources import Sources
from pipeline.errors import StoryboardError
from pipeline.model.storyboard import Storyboard
from pipeline.project import StorePaths

SHOT = "{% scene s %}{% shot a each c in cities %}{{ c }} 🌊{% endshot %}{% endscene %}"
TABLE = "title: One\nvariables:\n  cities: [Paris, 臺北]\n"
SOURCES = some_sources(SHOT, project=TABLE)


@pytest.fixture
def store(tmp_path: Path) -> StorePaths:
    return StorePaths(tmp_path)


def compiled(store: StorePaths, sources: Sources = SOURCES, **variables: str) -> Storyboard:
    with Cell(memory=KeptVerdicts(store)) as cell:
        return cell.compile(sources, variables).storyboard


def kept(store: StorePaths) -> list[Path]:
    return list(store.verdicts_dir.glob("*"))


def mark(store: StorePaths) -> None:
    """Let all that is remembered be told from what is compiled."""
    for path in kept(store):
        said = json.loads(path.read_text())
        said["storyboard"]["title"] = "Remembered"
        path.write_text(json.dumps(said))


def test_what_is_remembered_is_what_was_compiled(store: StorePaths) -> None:
    """To the last field."""
    first = compiled(store)
    assert [shot.prompt for shot in first.shots] == ["Paris 🌊", "臺北 🌊"]
    assert compiled(store) == first
    mark(store)
    assert compiled(store).title == "Remembered"


@pytest.mark.parametrize(
    "sources",
    [
        some_sources(SHOT.replace("🌊", "rain"), project=TABLE),
        some_sources(SHOT, project=TABLE.replace("Paris", "Oslo")),
        replace(SOURCES, files=SOURCES.files | {"assets/logo.png"}),
        replace(SOURCES, pictures={"assets/logo.png": Measured(width_px=16, height_px=9, size_bytes=99)}),
        replace(SOURCES, project="another"),
    ],
    ids=["a word", "a variable", "a file", "a picture", "a project"],
)
def test_with_anything_else_it_is_compiled_anew(store: StorePaths, sources: Sources) -> None:
    """What was compiled before is remembered all the same."""
    compiled(store)
    mark(store)
    assert compiled(store, sources).title == "One"
    assert compiled(store).title == "Remembered"


def test_a_variable_of_the_command_line_counts(store: StorePaths) -> None:
    """It is seen by the template, too."""
    assert compiled(store, some_sources("{% shot a %}{{ place }}{% endshot %}"), place="A").shots[0].prompt == "A"
    assert compiled(store, some_sources("{% shot a %}{{ place }}{% endshot %}"), place="B").shots[0].prompt == "B"


def test_another_compiler_has_another_name(tmp_path: Path) -> None:
    """A file of it was changed: it remembers nothing of what was said before."""
    file = tmp_path / "compiler" / "lint.py"
    file.parent.mkdir()
    file.write_text("MOST = 3")
    before = verdicts.compiler(tmp_path)
    verdicts.compiler.cache_clear()
    assert verdicts.compiler(tmp_path) == before
    verdicts.compiler.cache_clear()
    file.write_text("MOST = 30")
    assert verdicts.compiler(tmp_path) != before


def test_what_is_wrong_is_found_again(store: StorePaths) -> None:
    """With its line and its excerpt."""
    for _ in range(2):
        with pytest.raises(StoryboardError, match="SB109"):
            compiled(store, some_sources("{% shot a %}{{ nobody }}{% endshot %}"))
    assert kept(store) == []


@pytest.mark.parametrize("damage", [b"", b"{", b"{}", b'{"storyboard": 7}', b"\xff"])
def test_what_cannot_be_read_is_compiled_anew(store: StorePaths, damage: bytes) -> None:
    """And remembered again."""
    compiled(store)
    (path,) = kept(store)
    path.write_bytes(damage)
    assert compiled(store).title == "One"
    assert json.loads(path.read_text())["storyboard"]["title"] == "One"


def test_a_store_that_takes_nothing_is_done_without(tmp_path: Path) -> None:
    """A file stands where its folder should."""
    (tmp_path / "compiled").write_text("")
    assert compiled(StorePaths(tmp_path)).title == "One"


def test_only_the_latest_are_kept(store: StorePaths, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two, here."""
    monkeypatch.setattr(verdicts, "MOST", 2)
    for place in "ABC":
        compiled(store, some_sources("{% shot a %}{{ place }}{% endshot %}"), place=place)
    prompts = [json.loads(path.read_text())["storyboard"]["items"][0]["prompt"] for path in kept(store)]
    assert sorted(prompts) == ["B", "C"]
