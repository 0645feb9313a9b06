"""A storyboard document becomes a project with a template: reads the one, writes the other, proves that they agree."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pipeline.compiler import Sources
from pipeline.compiler.authored import author
from pipeline.compiler.cell import Cell
from pipeline.compiler.sources import MAX_TEXT_BYTES, PROJECT_FILE
from pipeline.edit.own_files import own_files
from pipeline.errors import StoryboardError, UsageError
from pipeline.host import new_folder
from pipeline.model.storyboard import Storyboard

_SUFFIXES: Final = (".yaml", ".json")
_OF_PLACES: Final = frozenset({"source", "made_of", "project"})
"""What differs between two ways to write one film: where it is written, and the name of the folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """A document, read and written anew.

    Attributes:
        texts: the files of the new project, by name.
        files: media and pictures that it uses, relative to `root`.
        root: the folder of the old project.
    """

    storyboard: Storyboard
    texts: dict[str, str]
    files: frozenset[str]
    root: Path


def convert_document(path: Path) -> Converted:
    """The document at `path` as a project with a template.

    Raises:
        UsageError: no such document, or a film that a template cannot say.
        StoryboardError: what is wrong with the document.
    """
    root = path.parent.parent if path.parent.name == "build" else path.parent
    texts = {f"storyboard{path.suffix}": _read(path, root)}
    project_file = root / PROJECT_FILE
    if project_file.is_file():
        texts[PROJECT_FILE] = _read(project_file, root)
    files = frozenset(_files_of(root))
    with Cell() as cell:  # somebody may have sent it
        storyboard = cell.compile(Sources(project=root.name, texts=texts, files=files)).storyboard
        authored = author(storyboard)
        _prove(storyboard, Sources(project=root.name, texts=authored, files=files), cell)
    return Converted(storyboard=storyboard, texts=authored, files=frozenset(_used(storyboard)), root=root)


def write_project(converted: Converted, folder: Path) -> None:
    """Make `folder` a project: its texts, and copies of the files that it uses.

    Raises:
        UsageError: the folder is there.
        MachineError: it cannot be written.
    """
    with new_folder(folder) as aside:
        for name in sorted(converted.files):
            (aside / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(converted.root / name, aside / name)
        for name, text in converted.texts.items():
            (aside / name).write_text(text, encoding="utf-8")


def is_same_film(one: Storyboard, other: Storyboard) -> bool:
    """Whether both ask for the same film, wherever they are written; blanks at the ends of words are no part of it."""
    return bool(_bare(one.model_dump()) == _bare(other.model_dump()))


def _bare(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _bare(value) for key, value in part.items() if key not in _OF_PLACES}
    if isinstance(part, list | tuple):
        return [_bare(each) for each in part]
    return part.strip() if isinstance(part, str) else part


def _prove(storyboard: Storyboard, written: Sources, cell: Cell) -> None:
    """The template says the same film, or it is not handed out."""
    try:
        is_same = is_same_film(storyboard, cell.compile(written).storyboard)
        why = "a value in it has no form in a template"
    except StoryboardError as error:
        is_same, why = False, f"the template would have findings:\n{error}"
    if not is_same:
        raise UsageError(f"this document cannot be written as a template word for word: {why}")


def _read(path: Path, root: Path) -> str:
    if path.suffix not in _SUFFIXES:
        raise UsageError(f"{path} is no storyboard document; those end with {' or '.join(_SUFFIXES)}.")
    if path.exists() and not _is_of(root, path):
        raise UsageError(f"{path} is no file of its folder; put the file itself there, not a link to it.")
    try:
        if path.stat().st_size > MAX_TEXT_BYTES:
            raise UsageError(f"{path} has more than {MAX_TEXT_BYTES:,} bytes. Check that it is the right file.")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text. Save it in UTF-8.") from error


def _files_of(root: Path) -> Iterator[str]:
    """The files that a document in `root` may name: its own and those of `assets/`."""
    for pattern in ("*", "assets/**/*"):
        yield from (path.relative_to(root).as_posix() for path in root.glob(pattern) if _is_of(root, path))


def _is_of(root: Path, path: Path) -> bool:
    """Whether it is a file in `root`, and no link that leads out of it to a file of somebody else."""
    return path.is_file() and path.resolve().is_relative_to(root.resolve())


def _used(storyboard: Storyboard) -> Iterator[str]:
    yield from (own.file for own in own_files(storyboard))
    yield from (image.file for shot in storyboard.shots for image in shot.images if image.file)
