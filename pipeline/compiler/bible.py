"""bible.yaml: characters, looks and places that templates refer to by name."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

from pydantic import Field, field_validator

from pipeline.compiler.catalogue import Code
from pipeline.compiler.findings import Findings, sentences
from pipeline.compiler.pictures import check_picture, is_file, read_picture
from pipeline.compiler.schema import read_fields
from pipeline.compiler.told import Origin, Told, told_text
from pipeline.compiler.yaml_tree import Node
from pipeline.model.value import Value

KINDS: Final = {"characters": "character", "looks": "look", "places": "place"}


@dataclass(frozen=True, slots=True)
class Entry(Told):
    """One entry; written out, it is its description, and its pictures go along.

    Attributes:
        id: its name in templates.
        kind: "character", "look" or "place".
        description: written by itself, it brings no pictures.
        images: addresses and files of pictures of it.
        name: what a character is called in speech and captions.
        voice: how a character speaks.
    """

    id: str
    kind: str
    description: str
    images: tuple[str, ...]
    name: str | None
    voice: str | None
    _origins: tuple[Origin, ...] = field(repr=False)

    def __str__(self) -> str:
        return told_text(self.description, *self._origins)


class _Fields(Value):
    description: str
    images: tuple[str, ...] = ()

    @field_validator("images", mode="before")
    @classmethod
    def _one_alone(cls, images: object) -> object:
        return [images] if isinstance(images, str) else images


class _Character(_Fields):
    name: str | None = None
    voice: str | None = None


class _BibleFile(Value):
    characters: dict[str, _Character] = Field(default_factory=dict)
    looks: dict[str, _Fields] = Field(default_factory=dict)
    places: dict[str, _Fields] = Field(default_factory=dict)

    @field_validator("*", mode="before")
    @classmethod
    def _short_form(cls, entries: object) -> object:
        """An entry may be its description alone."""
        if not isinstance(entries, dict):
            return entries
        return {name: {"description": entry} if isinstance(entry, str) else entry for name, entry in entries.items()}


def read_bible(tree: Node, files: Collection[str], findings: Findings) -> dict[str, Entry]:
    """The entries of all kinds by name; a name that two kinds share is a finding, and a picture that is not there.

    A bible with findings still gives the names that it could, so that none of them is missed in a template.

    Args:
        files: those of the project.
    """
    bible = read_fields(_BibleFile, tree, findings)
    entries: dict[str, Entry] = {}
    for group, kind in KINDS.items():
        written = tree.get(group)
        for name in written.value if written and isinstance(written.value, dict) else ():
            fields = getattr(bible, group)[name] if bible else _Fields(description="…")
            place = tree.at(group, name)
            if not name.isidentifier():
                advice = "Use letters, digits and _ only."
                findings.add(Code.BAD_NAME, place, f'"{name}" cannot be written in a template.', advice)
            elif name in entries:
                says = f'"{name}" is already the name of a {entries[name].kind}.'
                findings.add(Code.NAME_TAKEN, place, says, "Give one of them another name.")
            else:
                pictures = tuple(_pictures(fields.images, tree, (group, name, "images"), files, findings))
                entries[name] = _entry(name, kind, fields, pictures, tree.get(group) or tree)
    return entries


def _entry(name: str, kind: str, fields: _Fields, images: tuple[str, ...], group: Node) -> Entry:
    """The entry called `name` of `group`; every text of it knows where it stands."""

    def text(key: str) -> str | None:
        words = (getattr(fields, key, None) or "").strip()
        return told_text(words, Origin(f"{name}.{key}", words, group.at(name, key))) if words else None

    description = text("description") or ""
    whole = Origin(name, description, group.at(name, "description"), images)
    return Entry(name, kind, description, images, text("name"), text("voice"), (whole,))


def _pictures(
    images: tuple[str, ...], tree: Node, path: tuple[str, ...], files: Collection[str], findings: Findings
) -> Iterator[str]:
    """Those of an entry's `images` that can be used, as `pictures` reads them."""
    for at, image in enumerate(images):
        try:
            picture = read_picture(image)
            check_picture(picture, files)
        except ValueError as error:
            says, advice = sentences(error)
            code = Code.NO_SUCH_FILE if is_file(image) else Code.NO_ADDRESS
            findings.add(code, tree.at(*path, at), f"{says}.", advice)
        else:
            yield picture
