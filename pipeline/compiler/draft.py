"""What the tags of a storyboard say, as data: evaluated, in the order of the film, nothing of it checked yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.model.finding import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One tag that was reached.

    Attributes:
        tag: "scene", "shot", "footage", "card", "title" or "music".
        name: its id, or the words of a title; empty for music.
        arguments: what was written as `name=…`, evaluated.
        prompt: the text between a shot's tags; empty elsewhere.
        is_broken: something in it has a finding already, so that what follows from that is not said again.
        scene: the id of the scene it stands in, or "".
        titles: those in a shot's body.
    """

    tag: str
    name: str = ""
    arguments: Mapping[str, object] = field(default_factory=dict)
    prompt: str = ""
    is_broken: bool = False
    scene: str = ""
    titles: tuple[Draft, ...] = ()
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """All of them. `titles` are those that stand outside of shots and name their item."""

    scenes: tuple[Draft, ...] = ()
    items: tuple[Draft, ...] = ()
    titles: tuple[Draft, ...] = ()
    music: tuple[Draft, ...] = ()
