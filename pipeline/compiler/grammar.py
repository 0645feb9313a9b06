"""The tags of a storyboard, as a table: what each begins with, what it takes, and where it may stand.

How an argument is read is in `arguments`, how a tag is parsed in `written`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Head(Enum):
    """What stands first in a tag; its value is the name under which it may be written instead."""

    ID = "id"  # a bare word, or an expression in quotes or brackets
    WORDS = "text"  # an expression
    SPEAKER = "speaker"  # an expression: an entry of the bible, or a text
    FILE = "file"  # an expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One tag.

    Attributes:
        takes: the arguments it knows; `when` holds for every tag and is not listed.
        needs: those that it cannot do without.
        has_body: whether it goes on to an end tag.
        in_shot: whether it may stand in the text of a shot, which is then the item that it is about.
    """

    head: Head
    takes: tuple[str, ...]
    needs: tuple[str, ...] = ()
    has_body: bool = False
    in_shot: bool = False

    @property
    def has_each(self) -> bool:
        return "each" in self.takes


TAGS: Final[Mapping[str, Tag]] = {
    "scene": Tag(head=Head.ID, takes=("each", "look", "join", "refs", "sound", "mend", "allow"), has_body=True),
    "shot": Tag(
        head=Head.ID,
        takes=(
            *("each", "look", "join", "lead", "lag", "sound", "trim", "mend", "allow"),
            *("first", "last", "refs", "continues", "type", "verbatim"),
        ),
        has_body=True,
    ),
    "footage": Tag(
        head=Head.ID, takes=("each", "file", "trim", "join", "lead", "lag", "sound", "mend"), needs=("file",)
    ),
    "card": Tag(head=Head.ID, takes=("each", "text", "for", "ground", "join", "lag"), needs=("text",)),
    "title": Tag(head=Head.WORDS, takes=("from", "for", "place", "on"), in_shot=True),
    "caption": Tag(head=Head.WORDS, takes=("from", "for", "on", "speaker"), in_shot=True),
    "say": Tag(head=Head.SPEAKER, takes=("from", "for"), has_body=True, in_shot=True),
    "narration": Tag(head=Head.FILE, takes=("file", "on", "from", "trim", "gain"), needs=("file",), in_shot=True),
    "logo": Tag(head=Head.FILE, takes=("file", "place", "width", "on", "from", "for"), needs=("file",), in_shot=True),
    "music": Tag(
        head=Head.FILE, takes=("file", "on", "from", "trim", "gain", "duck", "fade_in", "fade_out"), needs=("file",)
    ),
}

NO_ENDS: Final = frozenset(f"end{name}" for name, tag in TAGS.items() if not tag.has_body)
"""Ends that people write, and that there are not."""

OTHER_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "after": ("continues",),
    "at": ("from",),
    "background": ("ground",),
    "by": ("speaker",),
    "color": ("ground",),
    "colour": ("ground",),
    "ducking": ("duck",),
    "duration": ("for", "trim"),
    "for": ("trim",),
    "image": ("first",),
    "images": ("refs",),
    "j_cut": ("lead",),
    "l_cut": ("lag",),
    "length": ("for", "trim"),
    "path": ("file",),
    "position": ("place",),
    "references": ("refs",),
    "size": ("width",),
    "src": ("file",),
    "start": ("from",),
    "style": ("look",),
    "transition": ("join",),
    "volume": ("gain", "sound"),
    "who": ("speaker",),
}
"""Names that people give to arguments, and those that they have here."""

OF_THE_WORDS: Final = frozenset({"action", "camera", "description", "lens", "light", "prompt", "setting", "subject"})
"""What people give to a shot as an argument, and what its words say here."""
