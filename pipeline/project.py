"""Where everything lies: each path under a project or under the store is decided here and nowhere else.

projects/<name>/            the author's: project.yaml, storyboard.jinja, bible.yaml, assets/, takes.lock
projects/<name>/build/      made: the stages' documents, the report
projects/<name>/out/        delivered: the film and what goes with it
                            (of a series: build/<episode>/, and out/<name>-<episode>.mp4)
.storyreel/<world>/         one a workspace and world: ledger, takes, cached spans

Loaded before a project's lock is tried, by fifty processes at once if need be, so it is kept light: its values are
named tuples, since dataclasses take longer to import than all the rest.
"""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.digest import ContentHash, Fingerprint
    from pipeline.timecode import Frames

_NAME: Final = re.compile(r"[^\W_][\w-]*")
_MAX_NAME_BYTES: Final = 100  # with a film's own, which may be as long, it goes into names of files: 255 at most


class World(StrEnum):
    """Whose clips and credits: no two share a ledger, a take or a cached span."""

    SANDBOX = "sandbox"
    LIVE = "live"
    PREVIEW = "preview"  # nobody's: clips painted here, no ledger, no credits

    @property
    def option(self) -> str:
        """What a command needs to be about this world, with a blank before it."""
        return " --live" if self is World.LIVE else ""


class FilmPaths(NamedTuple):
    """One film that is delivered, and the document that says what it is."""

    path: Path
    document_path: Path

    def captions_path(self, kind: str) -> Path:
        """The film's captions, `kind` being "srt", "vtt" or "ass"; named as the film is, so that players find them."""
        return self.path.with_suffix(f".{kind}")


class ProjectPaths(NamedTuple):
    """The folder of one project, or of one film of a series: those share the folder, its takes and its lock.

    Attributes:
        episode: the film's name within its series; empty for the film of a project that has but one.
    """

    root: Path
    episode: str = ""

    @property
    def name(self) -> str:
        """Of the project: whose takes they are, in the ledger."""
        return self.root.name

    @property
    def film_name(self) -> str:
        """Of the film, as its files are called."""
        return f"{self.root.name}-{self.episode}" if self.episode else self.root.name

    def film_of(self, episode: str) -> Self:
        return self._replace(episode=episode)

    def has_neighbour(self, name: str) -> bool:
        """Whether a project of that name lies beside it."""
        return (self.root.with_name(name) / "project.yaml").is_file()

    @property
    def takes_lock_path(self) -> Path:
        """The takes that the author circled; the author's, and in git."""
        return self.root / "takes.lock"

    @property
    def build_dir(self) -> Path:
        return self.root / "build" / self.episode

    @property
    def out_dir(self) -> Path:
        return self.root / "out"

    @property
    def holder_path(self) -> Path:
        """Who works on the project, or did last; the lock is on the folder itself."""
        return self.root / "build" / "held_by"

    @property
    def storyboard_path(self) -> Path:
        return self.build_dir / "storyboard.json"

    @property
    def plan_path(self) -> Path:
        return self.build_dir / "plan.json"

    @property
    def timeline_path(self) -> Path:
        return self.build_dir / "timeline.json"

    @property
    def report_path(self) -> Path:
        return self.build_dir / "report.html"

    @property
    def preview_path(self) -> Path:
        return self.build_dir / "preview.mp4"

    @property
    def preview_document_path(self) -> Path:
        return self.build_dir / "preview.json"

    @property
    def film_path(self) -> Path:
        return self.film.path

    @property
    def film(self) -> FilmPaths:
        """The film itself; in other shapes see `film_in`."""
        return FilmPaths(self.out_dir / f"{self.film_name}.mp4", self.build_dir / "film.json")

    def film_in(self, shape: str) -> FilmPaths:
        """The film in another shape, such as "9x16"."""
        return FilmPaths(self.out_dir / f"{self.film_name}-{shape}.mp4", self.build_dir / f"film-{shape}.json")

    @property
    def poster_path(self) -> Path:
        return self.out_dir / f"{self.film_name}.jpg"

    @property
    def contact_sheet_path(self) -> Path:
        return self.out_dir / f"{self.film_name}-contact.jpg"

    @property
    def animation_path(self) -> Path:
        return self.out_dir / f"{self.film_name}-preview.webp"

    @property
    def pictures_document_path(self) -> Path:
        """What the pictures beside the film were made from."""
        return self.build_dir / "pictures.json"


class StorePaths(NamedTuple):
    """The store of one world."""

    root: Path

    @property
    def ledger_path(self) -> Path:
        return self.root / "ledger.sqlite3"

    @property
    def recovery_path(self) -> Path:
        """Answers that the ledger could not take; see `ledger`."""
        return self.root / "recovery.jsonl"

    @property
    def log_path(self) -> Path:
        return self.root / "log.jsonl"

    @property
    def takes_dir(self) -> Path:
        """Clips by their content."""
        return self.root / "takes"

    @property
    def parts_dir(self) -> Path:
        """Downloads under way; the same file system as `takes`, so that a rename publishes them."""
        return self.takes_dir / ".parts"

    @property
    def spans_dir(self) -> Path:
        return self.root / "spans"

    def held_dir(self, project: str) -> Path:
        """Locked by the run that works on the takes of that project; in it stands who that is, or was last."""
        return self.root / "held" / project

    @property
    def server_dir(self) -> Path:
        """State of the embedded sandbox server."""
        return self.root / "server"

    @property
    def server_turn_path(self) -> Path:
        """Locked by the run that the embedded server runs for."""
        return self.root / "server.turn"

    def take_path(self, sha256: ContentHash) -> Path:
        return self.takes_dir / sha256[:2] / f"{sha256}.mp4"

    def note_path(self, sha256: ContentHash, kind: str) -> Path:
        """What was seen in one of the author's own files."""
        return self.root / "looked_at" / f"{sha256}.{kind}.json"

    @property
    def verdicts_dir(self) -> Path:
        return self.root / "compiled"

    def verdict_path(self, fingerprint: Fingerprint) -> Path:
        """What the compiler said of a project's texts."""
        return self.verdicts_dir / f"{fingerprint}.json"

    def stand_in_path(self, fingerprint: Fingerprint) -> Path:
        """Which take was painted for a brief."""
        return self.root / "stand_ins" / f"{fingerprint}.json"

    def still_path(self, fingerprint: Fingerprint) -> Path:
        """A picture that a painter is given and no author made."""
        return self.root / "stills" / f"{fingerprint}.png"

    def picture_path(self, sha256: ContentHash) -> Path:
        """A picture that was taken out of a clip, by its content."""
        return self.root / "pictures" / sha256[:2] / f"{sha256}.png"

    def frame_note_path(self, clip: ContentHash, frame: Frames) -> Path:
        """Which picture a frame of a clip is, once it was taken out."""
        return self.root / "frames" / clip[:2] / f"{clip}.{frame}"

    def address_path(self, publisher: Fingerprint, sha256: ContentHash) -> Path:
        """The public address that a publisher once gave a picture."""
        return self.root / "published" / publisher[:16] / sha256

    def span_path(self, fingerprint: Fingerprint, suffix: str = ".mp4") -> Path:
        return self.spans_dir / fingerprint[:2] / f"{fingerprint}{suffix}"


class Workspace(NamedTuple):
    """The folder that holds `projects/` and `templates/`, and the home of its store."""

    root: Path
    home: Path

    @property
    def settings_path(self) -> Path:
        """The user's own settings. In no project: a project that somebody sent must not be able to run a program."""
        return self.root / "storyreel.yaml"

    @property
    def templates_dir(self) -> Path:
        return self.root / "templates"

    def store(self, world: World) -> StorePaths:
        return StorePaths(self.home / world)

    def project(self, name: str) -> ProjectPaths:
        """The project called `name` (or the path to its folder); of a series also one film: "night_shift/s01e01".

        Raises:
            UsageError: there is no such folder, it has no project.yaml, it is called as no project can be, or what is
                made in it would land elsewhere.
        """
        *before, last = Path(name).parts or [""]
        root = self.root / "projects" / _usable(last)
        if (root / "project.yaml").is_file():
            refuse_links(project := ProjectPaths(root))
            return project
        series = self.root / "projects" / _usable(before[-1]) if before else root
        if _NAME.fullmatch(last) and (series / "project.yaml").is_file():
            refuse_links(project := ProjectPaths(series, last))
            return project
        known = self.project_names()
        there = f"There are: {', '.join(known)}." if known else "There is none yet."
        raise UsageError(f'no project "{name}": {root} has no project.yaml. {there}')

    def project_names(self) -> list[str]:
        return sorted(path.parent.name for path in self.root.glob("projects/*/project.yaml"))

    def new_project(self, name: str) -> ProjectPaths:
        """Where a project called `name` will lie. Raises UsageError if no project can be called so."""
        if not _NAME.fullmatch(name):
            raise UsageError(f'"{name}" cannot name a project. Use letters, digits, - and _, but no - or _ in front.')
        return ProjectPaths(self.root / "projects" / _usable(name))


def _usable(name: str) -> str:
    """`name`, if takes can be kept under it and files called after it. Raises UsageError."""
    try:
        size_bytes = len(name.encode())
    except UnicodeEncodeError:
        raise UsageError(f'"{name}" cannot name a project, since it is no UTF-8. Rename the folder.') from None
    if size_bytes > _MAX_NAME_BYTES:
        raise UsageError(
            f'"{name}" is too long to name files after: it takes {size_bytes} bytes. Give the folder a name of '
            f"at most {_MAX_NAME_BYTES}."
        )
    return name


def refuse_links(project: ProjectPaths) -> None:
    """A project that somebody sent must not have its files written over those of another folder."""
    for folder in (project.root / "build", project.build_dir, project.out_dir):
        if folder.is_symlink():
            raise UsageError(f"{folder} is a link; what is made of a project stays in it. Take the link away.")


def current_folder() -> Path:
    """Where the command was started. Raises UsageError if that folder is gone by now."""
    try:
        return Path.cwd()
    except OSError as error:
        raise UsageError(f"the folder that this runs in is gone ({error.strerror}). Go to another one.") from error


def find_workspace(start: Path, home: Path | None = None) -> Workspace:
    """The nearest of `start` and its parents that holds `projects/` and does not lie among another's projects.

    What somebody sent may hold a `projects/` and settings of its own, and somebody may stand in it.

    Args:
        home: what stands for its `.storyreel` elsewhere, or joins several workspaces.

    Raises:
        UsageError: no such folder.
    """
    holders = [folder for folder in (start, *start.parents) if (folder / "projects").is_dir()]
    in_use = [folder / "projects" for folder in holders if any(folder.glob("projects/*/project.yaml"))]
    for folder in holders:
        if not any(folder.is_relative_to(projects) for projects in in_use):
            return Workspace(folder, home or folder / ".storyreel")
    raise UsageError(f"no folder projects/ in {start} or above it. Run storyreel inside a workspace.")


def workspace_here(start: Path, home: Path | None = None) -> Workspace:
    """The workspace that `start` is in; where there is none, `start` becomes one with its first project."""
    try:
        return find_workspace(start, home)
    except UsageError:
        return Workspace(start, home or start / ".storyreel")
