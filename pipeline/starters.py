"""Starter projects: which there are, and how one becomes a project of a workspace.

A starter is a folder of `templates/starters/` that is a project already. Nothing that is there is ever written over.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.host import new_folder
from pipeline.project import Workspace
from pipeline.shipped import shipped_dir, starters_dir, workspace_files

STORYBOARD_FILE: Final = "storyboard.jinja"
SCHEMAS: Final = {"project.yaml": "project", "bible.yaml": "bible"}
"""The files whose first line tells an editor where their schema lies."""

_MADE: Final = shutil.ignore_patterns("__pycache__", "build", "out")
_SAYS: Final = re.compile(r"\{#\s*(.+?)\.?\s*(?:\n|#\})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Starter:
    """A project to begin with; `says` is the first line of its storyboard."""

    name: str
    says: str
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A project that has been begun.

    Attributes:
        folder: the project's.
        added: what the workspace did not have yet, relative to its root.
    """

    folder: Path
    added: tuple[str, ...]


def starters() -> tuple[Starter, ...]:
    """All there are, by name."""
    found = []
    for path in sorted(starters_dir().glob(f"*/{STORYBOARD_FILE}")):
        says = _SAYS.match(path.read_text(encoding="utf-8"))
        found.append(Starter(name=path.parent.name, says=says[1] if says else "", folder=path.parent))
    return tuple(found)


def begin_project(workspace: Workspace, name: str, starter: Starter) -> Begun:
    """Make the project `name` from `starter`, and bring what the workspace lacks.

    Raises:
        UsageError: the name cannot be a folder's, or is taken.
        MachineError: the folder cannot be written.
    """
    folder = workspace.new_project(name).root
    with new_folder(folder) as aside:
        shutil.copytree(starter.folder, aside, dirs_exist_ok=True, ignore=_MADE)
        for file, schema in SCHEMAS.items():
            _point_at_schema(aside / file, schema)
        added = tuple(_bring_along(workspace.root))
    return Begun(folder=folder, added=added)


def _point_at_schema(path: Path, schema: str) -> None:
    """Put the line before the text by which editors find the schema, so that they complete and check as one types."""
    if path.is_file():
        hint = f"# yaml-language-server: $schema=../../docs/schemas/{schema}.schema.json\n"
        path.write_text(hint + path.read_text(encoding="utf-8"), encoding="utf-8")


def _bring_along(root: Path) -> Iterator[str]:
    for name in workspace_files():
        if not (root / name).exists():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(shipped_dir() / name, root / name)
            yield name
