"""Outline: the film as read from a template or a document, before it is held against the rules."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from pipeline.compiler.catalogue import Code
from pipeline.model.finding import Source
from pipeline.model.storyboard import GenerationType, Item, Logo, Music, Narration, Scene

Locate: TypeAlias = Callable[[Source, str], Source]
"""Where an argument of what stands at a source is written; that source itself if it is not written there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What both front ends make; the rest of a Storyboard comes from project.yaml.

    Attributes:
        allowed: by item id, the linter's rules that are switched off there, by the shot or its scene.
    """

    scenes: tuple[Scene, ...] = ()
    items: tuple[Item, ...] = ()
    music: Music | None = None
    narrations: tuple[Narration, ...] = ()
    logos: tuple[Logo, ...] = ()
    allowed: Mapping[str, frozenset[Code]] = field(default_factory=dict)


def generation_of(roles: Collection[object]) -> GenerationType:
    """The type that follows from the roles of the images that are given."""
    if not roles:
        return GenerationType.TEXT
    return GenerationType.REFERENCE if set(roles) == {"ref"} else GenerationType.FRAMES
