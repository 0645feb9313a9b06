"""The compiler's edge: reads a project's texts and names its files, once. The rest of the room never sees a disk."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from pipeline.compiler.catalogue import Code
from pipeline.compiler.measured import Measured, measure_pictures
from pipeline.errors import StoryboardError
from pipeline.model.finding import Finding, Source
from pipeline.model.series import Episode
from pipeline.project import ProjectPaths

PROJECT_FILE: Final = "project.yaml"
BIBLE_FILE: Final = "bible.yaml"
SERIES_FILE: Final = "series.yaml"
STORYBOARD_FILES: Final = ("storyboard.jinja", "storyboard.yaml", "storyboard.json")
MAX_TEXT_BYTES: Final = 1_000_000  # far above any text a person writes; keeps a mistaken path from filling memory
MAX_TEXTS: Final = 20_000_000  # characters of all of them

_MADE_DIRS: Final = frozenset({"build", "out"})
_STARTERS_DIR: Final = frozenset({"starters"})  # projects to begin with: their storyboards are no shared templates


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """All that a compile can see.

    Attributes:
        project: the project's name.
        texts: by path relative to the project, or `templates/…` for what projects share; newlines are "\\n". A table
            is read if project.yaml or series.yaml names it, and in a series a storyboard, too.
        files: every file of the project, relative, forward slashes: footage and music are looked up here.
        pictures: those of the files that are pictures, by their names; None for one that cannot be read.
        episode: which film of a series is meant, by its name; "" where there is one film.
        storyboard: the path of that film's own storyboard; "" for the one that the project's films share.
    """

    project: str
    texts: Mapping[str, str]
    files: frozenset[str] = field(default=frozenset())
    pictures: Mapping[str, Measured | None] = field(default_factory=dict)
    episode: str = ""
    storyboard: str = ""

    def of(self, episode: Episode) -> Sources:
        """The same for one film of a series."""
        return replace(self, episode=episode.name, storyboard=episode.storyboard)

    @property
    def storyboard_path(self) -> str:
        """The film's own storyboard, or the one that the project's films share; `read_sources` refuses several."""
        if self.storyboard:
            return self.storyboard
        there = [name for name in STORYBOARD_FILES if name in self.texts]
        return next(iter((*_shared(there, self.texts), *there)), STORYBOARD_FILES[0])

    def line(self, source: Source) -> str:
        """The line that `source` points at, without its newline; empty if there is none."""
        lines = _lines(self.texts.get(source.path, ""))
        return lines[source.line - 1] if 0 < source.line <= len(lines) else ""


@lru_cache(maxsize=32)
def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n"))


def read_sources(project: ProjectPaths, templates_dir: Path) -> Sources:
    """The texts and file names of `project`, with the templates that all projects share.

    Raises:
        StoryboardError: no storyboard or several, a text that is too large or not UTF-8, a link out of the project.
    """
    files = dict(_walk(project.root, without=_MADE_DIRS))
    wanted = {
        name: path
        for name, path in files.items()
        if name.endswith(".jinja") or name in (PROJECT_FILE, BIBLE_FILE, SERIES_FILE, *STORYBOARD_FILES)
    }
    shared = {
        f"templates/{name}": path for name, path in _walk(templates_dir, _STARTERS_DIR) if name.endswith(".jinja")
    }
    texts: dict[str, str] = {}
    findings: list[Finding] = []
    _read_texts(shared, templates_dir, texts, findings)
    _read_texts(wanted, project.root, texts, findings)
    others = {name: path for name, path in files.items() if name not in wanted}
    findings.extend(_link_out(name) for name, path in others.items() if _leads_out(path, project.root))
    _read_named(others, project.root, texts, findings)
    findings.extend(_check_choice([name for name in STORYBOARD_FILES if name in files], texts))
    if findings:
        raise StoryboardError(findings)
    return Sources(project=project.name, texts=texts, files=frozenset(files), pictures=measure_pictures(files))


def _read_named(files: Mapping[str, Path], root: Path, texts: dict[str, str], findings: list[Finding]) -> None:
    """Add the texts of those `files` that project.yaml and series.yaml name: tables, and the storyboards of a series.

    A table of episodes may name others, for a row is what an episode says.
    """
    series = texts.get(SERIES_FILE)
    named = "\n".join((texts.get(PROJECT_FILE, ""), series or ""))
    has_films = series is not None or "variants" in named
    left = dict(files)
    while found := {name: path for name, path in left.items() if _is_wanted(name, named, has_films=has_films)}:
        _read_texts({name: path for name, path in found.items() if not _leads_out(path, root)}, root, texts, findings)
        left = {name: path for name, path in left.items() if name not in found}
        tables = [texts.get(name, "") for name in found if name.endswith(".csv")]
        named = "\n".join(tables) if has_films else ""


def _is_wanted(name: str, named: str, *, has_films: bool) -> bool:
    if name.endswith(".csv"):
        return name in named
    return has_films and name.endswith((".yaml", ".json")) and _names(named, name)


def _names(text: str, path: str) -> bool:
    """Whether the file at `path`, and no other that ends or begins like it, is named in `text`."""
    return re.search(rf"(?<![\w./-])(?:\./)?{re.escape(path)}(?![\w/-]|\.\w)", text) is not None


def _shared(storyboards: Sequence[str], texts: Mapping[str, str]) -> Sequence[str]:
    """Those of several `storyboards` that no film of the series names as its own."""
    if len(storyboards) < 2 or SERIES_FILE not in texts:
        return storyboards
    listed = "\n".join(text for path, text in texts.items() if path == SERIES_FILE or path.endswith(".csv"))
    return [name for name in storyboards if not _names(listed, name)]


def _read_texts(found: Mapping[str, Path], root: Path, texts: dict[str, str], findings: list[Finding]) -> None:
    """Add the texts of `found` to `texts`, or why they cannot be had to `findings`."""
    for name, path in found.items():
        text = _read_text(name, path, inside=root)
        if isinstance(text, Finding):
            findings.append(text)
        elif sum(map(len, texts.values())) + len(text) > MAX_TEXTS:
            says = f"with this one, the texts of the project have more than {MAX_TEXTS:,} characters."
            findings.append(_finding(Code.TEXT_TOO_LARGE, name, says, "Take out what is no part of it."))
            return
        else:
            texts[name] = text


def _walk(root: Path, without: frozenset[str] = frozenset()) -> Iterator[tuple[str, Path]]:
    """Every file under `root` by its relative name, sorted; not those in hidden folders and in folders `without`.

    What would never end when it is read (a pipe, a device) is no file; folders are not followed through links.
    """
    for folder, folders, names in os.walk(root):
        at_root = Path(folder) == root
        folders[:] = sorted(name for name in folders if not name.startswith(".") and not (at_root and name in without))
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_file():
                yield path.relative_to(root).as_posix(), path


def _leads_out(path: Path, root: Path) -> bool:
    """Whether the file is a link to somewhere else: what somebody sent could otherwise show any file around."""
    return path.is_symlink() and not path.resolve().is_relative_to(root.resolve())


def _finding(code: Code, name: str, says: str, advice: str, line: int = 1) -> Finding:
    return Finding(code=code, source=Source(path=name, line=line), says=says, help=advice)


def _link_out(name: str) -> Finding:
    return _finding(Code.LINK_OUT, name, "this is a link out of its folder.", "Put the file itself here.")


def _read_text(name: str, path: Path, inside: Path) -> str | Finding:
    """The text at `path`, or why it cannot be had. A link may not lead out of `inside`."""
    if _leads_out(path, inside):
        return _link_out(name)
    try:
        if path.stat().st_size > MAX_TEXT_BYTES:
            says = f"this text has more than {MAX_TEXT_BYTES:,} bytes."
            return _finding(Code.TEXT_TOO_LARGE, name, says, "Check that it is the right file.")
        content = path.read_bytes()
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return _finding(Code.NO_UTF8, name, "this line is not UTF-8 text.", "Save the file in UTF-8.", line)
    except OSError as error:
        says = f"this file cannot be read ({error.strerror})."
        return _finding(Code.UNREADABLE_FILE, name, says, "Check its permissions.")


def _check_choice(storyboards: Sequence[str], texts: Mapping[str, str]) -> list[Finding]:
    shared = _shared(storyboards, texts)
    if len(shared) > 1:
        says = f"there are several storyboards: {', '.join(shared)}."
        second = Source(path=shared[1], line=1)
        return [Finding(code=Code.SEVERAL_STORYBOARDS, source=second, says=says, help="Keep one of them.")]
    if storyboards or SERIES_FILE in texts:
        return []
    advice = "Write one; docs/language.md shows how."
    return [_finding(Code.NO_STORYBOARD, STORYBOARD_FILES[0], "there is no storyboard.", advice)]
