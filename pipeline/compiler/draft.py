"""What the tags of a storyboard say, as data: evaluated, in the order of the film, nothing of it checked yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.model.finding import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One tag that was reached.

    Attributes:
        tag: its name, as in `grammar`.
        head: what stands first in it, evaluated: its id, its words, who speaks; None for nothing.
        parts: what `each` adds to its id, outermost first, that of its scene included.
        arguments: what was written as `name=…`, evaluated.
        prompt: the text between the tags of a shot or a say, which carries what it is made of; empty elsewhere.
        is_broken: something in it has a finding already, so that what follows from that is not said again.
        scene: the id of the scene it stands in, or "".
        placed: the tags in a shot's body, which are about it.
    """

    tag: str
    head: object = None
    parts: tuple[str, ...] = ()
    arguments: Mapping[str, object] = field(default_factory=dict)
    prompt: str = ""
    is_broken: bool = False
    scene: str = ""
    placed: tuple[Draft, ...] = ()
    source: Source

    @property
    def id(self) -> str:
        """The id of a scene or an item, `run.paris`; empty if it has none."""
        name = "" if self.head is None else str(self.head)
        return ".".join((name, *self.parts)) if name else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """All of them. `placed` are those that stand outside of shots and name their item by `on`, or the whole film."""

    scenes: tuple[Draft, ...] = ()
    items: tuple[Draft, ...] = ()
    placed: tuple[Draft, ...] = ()
    music: tuple[Draft, ...] = ()
