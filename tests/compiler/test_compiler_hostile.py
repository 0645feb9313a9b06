"""Nothing that a project says runs, reads, talks or lasts: storyboards that try, by the hundred, in the real cell."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from bombs import bomb
from hostile import CANARY, PORT, SECRET, Attack, attack

from pipeline.compiler import read_sources
from pipeline.compiler.cell import Cell, Limits
from pipeline.errors import StoryboardError
from pipeline.project import ProjectPaths

HURRIED = Limits(cpu_seconds=0.2, wall_seconds=1.5)
OUR_FAULTS = ("too much for the compiler", "reaches out of the storyboard")
"""What is said of an error that the compiler did not foresee, and of what only the last wall held."""


@dataclass(frozen=True)
class Field:
    """Where an attack is let loose: a workspace with a secret beside it, a canary's perch, and an open port."""

    folder: Path
    port: socket.socket

    @property
    def canary(self) -> Path:
        return self.folder / "canary"

    def lay_out(self, sent: Attack) -> ProjectPaths:
        """The attack as a project on disk."""
        project = ProjectPaths(self.folder / "workspace" / "projects" / "sent")
        project.root.mkdir(parents=True, exist_ok=True)
        for old in project.root.iterdir():
            old.unlink()
        for name, text in sent.texts.items():
            armed = text.replace(CANARY, str(self.canary)).replace(PORT, f":{self.port.getsockname()[1]}/")
            (project.root / name).write_text(armed, encoding="utf-8", newline="")
        return project

    def is_untouched(self) -> bool:
        """No file was made and nobody has called."""
        try:
            self.port.accept()
        except BlockingIOError:
            return not self.canary.exists()
        return False


@contextmanager
def a_field(tmp_path: Path) -> Iterator[Field]:
    for folder in (tmp_path, tmp_path / "workspace", tmp_path / "workspace" / "projects"):
        folder.mkdir(exist_ok=True)
        (folder / "secret.jinja").write_text(SECRET)
        (folder / "secret.txt").write_text(SECRET)
    with socket.create_server(("127.0.0.1", 0)) as port:
        port.setblocking(False)
        yield Field(tmp_path, port)


def outcome(cell: Cell, project: ProjectPaths, variables: Mapping[str, str]) -> str:
    """All that came of it, as text: the storyboard, or those of the first films of a series, or the findings."""
    try:
        sources = read_sources(project, project.root.parents[1] / "templates")
        series = cell.series(sources)
        films = [sources.of(episode) for episode in series.episodes[:3]] if series else [sources]
        made = "".join(cell.compile(film, variables).storyboard.to_json() for film in films)
    except StoryboardError as error:
        return str(error)
    assert " at 0x" not in made, made  # an object of Python, written out
    return made


def survive(field: Field, sent_of: Callable[[int], Attack], seeds: range, limits: Limits) -> None:
    """Let the attacks of `seeds` loose one after another."""
    with Cell(limits) as cell:
        for seed in seeds:
            sent = sent_of(seed)
            came = outcome(cell, field.lay_out(sent), sent.variables)
            assert SECRET not in came, sent.name
            assert not any(fault in came for fault in OUR_FAULTS), f"{sent.name}: {came[:500]}"
            assert field.is_untouched(), sent.name


def test_templates_do_no_harm(tmp_path: Path):
    """Sixty of them, here with less time than a film has."""
    with a_field(tmp_path) as field:
        survive(field, attack, range(60), HURRIED)


def test_bombs_of_yaml_do_not_go_off(tmp_path: Path):
    """Thirty of them."""
    with a_field(tmp_path) as field:
        survive(field, bomb, range(30), HURRIED)


@pytest.mark.torture
@pytest.mark.words
@pytest.mark.parametrize("first", range(0, 1_000, 100))
def test_a_thousand_templates_do_no_harm(tmp_path: Path, first: int):
    """With all the time and the memory that a film may have; the seed of each is its number."""
    with a_field(tmp_path) as field:
        survive(field, attack, range(first, first + 100), Limits())


@pytest.mark.torture
@pytest.mark.words
def test_two_hundred_bombs_of_yaml_do_not_go_off(tmp_path: Path):
    """The seed of each is its number."""
    with a_field(tmp_path) as field:
        survive(field, bomb, range(200), Limits())
