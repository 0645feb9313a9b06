"""bible.yaml: characters, looks and places that templates refer to by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pydantic import Field, field_validator

from pipeline.compiler.catalogue import Code
from pipeline.compiler.findings import Findings
from pipeline.compiler.schema import read_fields
from pipeline.compiler.yaml_tree import Node
from pipeline.model.value import Value

KINDS: Final = {"characters": "character", "looks": "look", "places": "place"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; written out, it is its description.

    Attributes:
        kind: "character", "look" or "place".
        images: public addresses of pictures of it, for `refs=hero.images`.
    """

    name: str
    kind: str
    description: str
    images: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.description


class _Fields(Value):
    description: str
    images: tuple[str, ...] = ()


class _BibleFile(Value):
    characters: dict[str, _Fields] = Field(default_factory=dict)
    looks: dict[str, _Fields] = Field(default_factory=dict)
    places: dict[str, _Fields] = Field(default_factory=dict)

    @field_validator("*", mode="before")
    @classmethod
    def _short_form(cls, entries: object) -> object:
        """An entry may be its description alone."""
        if not isinstance(entries, dict):
            return entries
        return {name: {"description": entry} if isinstance(entry, str) else entry for name, entry in entries.items()}


def read_bible(tree: Node, findings: Findings) -> dict[str, Entry]:
    """The entries of all kinds by name; a name that two kinds share is a finding.

    A bible with findings still gives the names that it could, so that none of them is missed in a template.
    """
    bible = read_fields(_BibleFile, tree, findings)
    entries: dict[str, Entry] = {}
    for group, kind in KINDS.items():
        written = tree.get(group)
        for name in written.value if written and isinstance(written.value, dict) else ():
            fields = getattr(bible, group)[name] if bible else _Fields(description="…")
            place = tree.at(group, name)
            if not name.isidentifier():
                findings.add(
                    Code.BAD_NAME,
                    place,
                    f'"{name}" cannot be written in a template.',
                    "Use letters, digits and _ only.",
                )
            elif name in entries:
                says = f'"{name}" is already the name of a {entries[name].kind}.'
                findings.add(Code.NAME_TAKEN, place, says, "Give one of them another name.")
            else:
                entries[name] = Entry(name, kind, fields.description.strip(), fields.images)
    return entries
