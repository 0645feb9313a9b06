"""What `each` goes through, and how its items are called: an id never depends on a position."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from pipeline.compiler.bible import Entry
from pipeline.model.storyboard import ID_PATTERN

_CALLED_BY: Final = ("id", "key", "name", "title")  # which value of a mapping its id is made from, the first it has


def pairs(members: Iterable[object], names: int) -> Iterator[tuple[object, object]]:
    """Each of `members` as (what it is called after, what to bind).

    One name binds an item of a list, or a value of a mapping; several bind the parts of an item, or key and value.
    """
    if isinstance(members, Mapping):
        yield from ((key, (key, value) if names > 1 else value) for key, value in members.items())
    else:
        for member in members:
            first = member[0] if isinstance(member, list | tuple) and member else member
            yield first if names > 1 else member, member


def id_part(item: object) -> str:
    """The part of an id that stands for `item`: its own `id`, else what else it is called; a text as a slug.

    Raises:
        ValueError: it has neither.
    """
    if isinstance(item, Entry):
        return item.id
    if isinstance(item, Mapping):
        own = str(item.get("id", ""))
        if ID_PATTERN.fullmatch(own):
            return own
        item = next((item[key] for key in _CALLED_BY if item.get(key)), None)
        if item is None:
            raise ValueError("an item of `each` is a mapping without an `id`; give it one")
    part = slug(str(item)) if isinstance(item, str | int | float) else ""
    if not part:
        raise ValueError(f'"{item}" gives no id: it has no letter or digit; make it a mapping with an `id`')
    return part


def slug(words: str) -> str:
    """`words` as a part of an id: its letters and digits in lower case, "-" for all that stands between them.

    Empty if there is neither letter nor digit.
    """
    return re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", words).lower()).strip("-")


def meant(name: str, parts: Sequence[str], ids: Collection[str], *, but: str = "") -> str | None:
    """Which of `ids` is meant by `name` where `each` adds `parts`: that of the same items first, else the very id.

    Args:
        but: one that is not meant.
    """
    for count in range(len(parts), -1, -1):
        whole = ".".join((name, *parts[:count]))
        if whole in ids and whole != but:
            return whole
    return None
