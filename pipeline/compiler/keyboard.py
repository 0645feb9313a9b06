"""What keyboards and word processors write for what was meant: “curly” quotes, 「CJK」 quotes, full-width signs.

Put right letter for letter, so that every place stays what it was.
"""

from __future__ import annotations

import re
from typing import Final

STRAIGHT: Final = r""" "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' """
"""A text as Jinja takes it; for verbose patterns."""

_WITHIN: Final = r"(?![%}％｝][}｝])[^\n"
CURLY: Final = rf"""
      [“”„](?:{_WITHIN}“”„])*[“”] | [‘’‚](?:{_WITHIN}‘’‚])*[‘’] | 「(?:{_WITHIN}「」])*」 | 『(?:{_WITHIN}『』])*』
"""
"""A text in other quotes. It ends with its line and its tag at the latest: these quotes stand in prose, too."""

_PIECE: Final = re.compile(rf"(?P<straight>{STRAIGHT}) | (?P<curly>{CURLY}) | [^\x00-\x7f]", re.VERBOSE | re.DOTALL)
_DASHES: Final = dict.fromkeys(map(ord, "‐‑‒–—―−－～〜"), "-")
_WIDE: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0x3001: ",", 0x3002: "."}


def straightened(tag: str) -> str:
    """A tag or an expression as it was meant, as long as before; what stands in straight quotes stays as it is."""
    return tag if tag.isascii() else _PIECE.sub(_straight, tag)


def narrowed(words: str) -> str:
    """A number, a time or a keyword as it was meant: "１．５s～３s" as "1.5s-3s"."""
    return words.translate(_DASHES).translate(_WIDE)


def _straight(piece: re.Match[str]) -> str:
    if piece["straight"]:
        return piece[0]
    if not piece["curly"]:
        return piece[0].translate(_WIDE)
    inner = piece[0][1:-1]
    quote = next((quote for quote in "\"'" if quote not in inner), "")
    return f"{quote}{inner}{quote}" if quote else piece[0]
