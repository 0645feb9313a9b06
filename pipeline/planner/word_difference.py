"""What differs between two texts, word by word; Han letters count one by one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, Literal, NamedTuple

WORD: Final = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+"

MOST_WORDS: Final = 300
"""More differ, and they are not compared one by one: that would take seconds."""

CONTEXT: Final = 5
"""Words that are kept on each side of a difference; what is further away becomes …"""

_SPACED: Final = re.compile(rf"(?:{WORD}|[^\w\s])\s*|\s+")


class Piece(NamedTuple):
    """Words that both texts have, or only one of them."""

    text: str
    kind: Literal["both", "old", "new"]


def word_difference(old: str, new: str) -> tuple[Piece, ...]:
    """What makes `new` of `old`: old words before new ones, and what both have, shortened; empty if they are equal."""
    before, now = _words(old), _words(new)
    changes = [change for change in _changes(before, now) if change[1] < change[2] or change[3] < change[4]]
    if all(tag == "equal" for tag, *_ in changes):
        return ()
    last = len(changes) - 1
    return tuple(
        piece
        for n, change in enumerate(changes)
        for piece in _pieces(change, before, now, is_first=n == 0, is_last=n == last)
    )


def _words(text: str) -> list[str]:
    """With the blank that follows each, every other white space made one."""
    return _SPACED.findall(" ".join(text.split()))


_Change = tuple[str, int, int, int, int]


def _changes(before: Sequence[str], now: Sequence[str]) -> Iterator[_Change]:
    """As `SequenceMatcher.get_opcodes`; the ends that are alike are taken off first."""
    old, new = [word.strip() for word in before], [word.strip() for word in now]
    shorter = min(len(old), len(new))
    head = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    tail = next((n for n in range(shorter - head) if old[-1 - n] != new[-1 - n]), shorter - head)
    a, b = len(old) - tail, len(new) - tail
    yield "equal", 0, head, 0, head
    if max(a, b) - head > MOST_WORDS:
        yield "replace", head, a, head, b
    else:
        for tag, a1, a2, b1, b2 in SequenceMatcher(None, old[head:a], new[head:b], autojunk=False).get_opcodes():
            yield tag, a1 + head, a2 + head, b1 + head, b2 + head
    yield "equal", a, len(old), b, len(new)


def _pieces(
    change: _Change, before: Sequence[str], now: Sequence[str], *, is_first: bool, is_last: bool
) -> Iterator[Piece]:
    tag, a1, a2, b1, b2 = change
    if tag == "equal":
        if text := _shortened(now[b1:b2], is_first=is_first, is_last=is_last):
            yield Piece(text, "both")
        return
    if a1 < a2:
        yield Piece("".join(before[a1:a2]), "old")
    if b1 < b2:
        yield Piece("".join(now[b1:b2]), "new")


def _shortened(words: Sequence[str], *, is_first: bool, is_last: bool) -> str:
    head, tail = 0 if is_first else CONTEXT, 0 if is_last else CONTEXT
    if len(words) <= head + tail + 1:
        return "".join(words)
    return f"{''.join(words[:head])}… {''.join(words[len(words) - tail :])}" if tail else f"{''.join(words[:head])}…"
