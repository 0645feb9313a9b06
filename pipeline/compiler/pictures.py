"""The pictures that go along with a shot: how they are written, and which of those that are asked for can go."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from pipeline.compiler.findings import did_you_mean
from pipeline.compiler.told import Origin
from pipeline.model.storyboard import GenerationType, Image

MAX_REFS: Final = 3

_SHOWN_CHARS: Final = 60


def read_picture(words: str) -> str:
    """`words` as an address or as the path of a file of the project.

    Raises:
        ValueError: the path leads out of the project.
    """
    return words if _is_remote(words) else project_path(words)


def project_path(path: str) -> str:
    """`path` without `.` and `..`, relative to the project.

    Raises:
        ValueError: it leads out of the project.
    """
    clean = posixpath.normpath(path.replace("\\", "/"))
    if not path or clean.startswith(("/", "../")) or clean == ".." or ":" in clean:
        raise ValueError(f'"{path}" does not lie in the project; write a path such as "assets/clip.mov"')
    return clean


def is_file(picture: str) -> bool:
    """Whether `picture` is meant to be a file of the project."""
    return not _is_remote(picture)


def check_picture(picture: str, files: Collection[str]) -> None:
    """Raises ValueError, with a sentence, if `picture` is neither a public address nor one of `files`."""
    if not picture:
        raise ValueError('this picture has neither an address nor a file; add file: assets/a.png, or url: "https://…"')
    if not _is_remote(picture):
        if picture not in files:
            near = did_you_mean(picture, pictures_of(files))
            advice = near if near.startswith("Did") else "put the file there, or write an address with https://"
            raise ValueError(f'there is no file "{picture}" in the project; {advice}')
        return
    if picture.startswith("data:"):
        raise ValueError("an image written out as data: is not accepted; put it into a file of the project")
    try:
        parts = urlsplit(picture)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_address = False
    if not is_address or any(letter.isspace() for letter in picture):
        shown = picture if len(picture) <= _SHOWN_CHARS else f"{picture[: _SHOWN_CHARS - 1]}…"
        raise ValueError(f'"{shown}" is no http or https address; write "https://…", or a file of the project')


def image(role: Literal["first", "last", "ref"], picture: str) -> Image:
    return Image(role=role, url=picture) if _is_remote(picture) else Image(role=role, file=picture)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a shot asks for.

    Attributes:
        refs: written on the shot itself; None if it says nothing of them, empty to have none at all.
        scene_refs: those of its scene.
        origins: what is written in the shot; some of it brings pictures.
        is_continued: its first picture comes from another shot.
    """

    first: str | None = None
    last: str | None = None
    refs: Sequence[str] | None = None
    scene_refs: Sequence[str] = ()
    origins: Sequence[Origin] = ()
    generation: GenerationType | None = None
    is_continued: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """What goes along.

    Attributes:
        left_behind: who would have brought pictures that cannot go along with a first or last one.
        too_many: who brings how many, if they are more than can go along.
    """

    images: tuple[Image, ...]
    left_behind: tuple[str, ...] = ()
    too_many: str = ""


def choose(asked: Asked) -> Chosen:
    """The images of a shot. What it asks for itself stays, right or wrong; what comes by itself gives way."""
    ends = (
        *((image("first", asked.first),) if asked.first else ()),
        *((image("last", asked.last),) if asked.last else ()),
    )
    own = [("refs", picture) for picture in asked.refs or ()]
    brought = [] if asked.refs is not None else [("its scene", picture) for picture in asked.scene_refs]
    brought += [(origin.name, picture) for origin in asked.origins for picture in origin.images]
    if asked.generation is GenerationType.TEXT or (asked.refs is not None and not asked.refs):
        brought = []
    if ends or asked.is_continued or asked.generation is GenerationType.FRAMES:
        refs = tuple(image("ref", picture) for _, picture in own)
        return Chosen((*ends, *refs), left_behind=tuple(dict.fromkeys(who for who, _ in brought)))
    whose = {picture: who for who, picture in reversed([*own, *brought])}  # of one picture, the first to bring it
    pictures = tuple(dict.fromkeys(picture for _, picture in [*own, *brought]))
    if len(pictures) > MAX_REFS and brought:
        return Chosen(_refs(pictures[:MAX_REFS]), too_many=_counted(whose[picture] for picture in pictures))
    return Chosen(_refs(pictures))


def _refs(pictures: Iterable[str]) -> tuple[Image, ...]:
    return tuple(image("ref", picture) for picture in pictures)


def _counted(bringers: Iterable[str]) -> str:
    """ "2 from hero, 1 from dog"."""
    names = list(bringers)
    return ", ".join(f"{names.count(name)} from {name}" for name in dict.fromkeys(names))


def _is_remote(picture: str) -> bool:
    return "://" in picture or picture.startswith("data:")


def pictures_of(files: Iterable[str]) -> list[str]:
    """Those of `files` that are pictures, by their names."""
    return [path for path in files if path.lower().endswith((".png", ".jpg", ".jpeg", ".webp"))]
