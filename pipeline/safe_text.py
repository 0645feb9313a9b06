"""Text that others wrote, made fit to show: nothing in it hides, turns its line around, forges a line or talks to a
terminal, and no secret stands in it.

Every sink uses it: what is printed, logged, reported. Data keeps its exact value: `safe_json` escapes instead.
Escaping for HTML is not done here: the report's template engine does it for everything.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any, Final

_KEPT: Final = frozenset("\n\t\u200c\u200d")  # line, tab, and the joiners that some scripts and emoji need
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # controls, format characters (bidi too), half pairs, breaks

MIN_SECRET_CHARS: Final = 8
"""A shorter word would be struck out of half the language, and is no key."""

STRUCK_OUT: Final = "[key]"

_secrets: dict[str, re.Pattern[str]] = {}


def keep_secret(word: str) -> None:
    """From now on no text that is made safe says `word`."""
    if len(word) >= MIN_SECRET_CHARS:
        _secrets[word] = spellings_of(word)


def redacted(text: str) -> str:
    """`text` with each secret struck out."""
    for spelling in _secrets.values():
        text = spelling.sub(STRUCK_OUT, text)
    return text


def spellings_of(word: str) -> re.Pattern[str]:
    """`word` as it stands, or as JSON may spell it: any sign of it as \\u002f or with a backslash before it."""
    return re.compile("".join(rf"(?:\\?{re.escape(sign)}|\\u(?i:{ord(sign):04x}))" for sign in word))


def safe_text(text: str) -> str:
    """`text` with each unseen character written out, ESC as ␛ and a bidi override as ⟨U+202E⟩; lines and tabs stay."""
    return redacted(text).replace("\r\n", "\n").translate(_SHOWN)


def safe_line(text: str) -> str:
    """The same on one line, whatever is in it: a line break as ␊."""
    return safe_text(text).replace("\n", "␊")


def safe_block(text: str) -> str:
    """The same, where every line but the first is indented: none can pass for a line of somebody else's."""
    first, *others = safe_text(text).split("\n")
    return "\n".join((first, *(line if line[:1] in (" ", "\t", "") else f"  {line}" for line in others)))


def safe_json(value: Any, indent: int | None = None) -> str:
    """`value` as JSON, exact but for secrets: what is unseen is escaped, other letters stand as they are."""
    return redacted(json.dumps(value, indent=indent, ensure_ascii=False)).translate(_ESCAPED)


class _Shown(dict[int, str]):
    """What stands for a character, found out once for each."""

    def __missing__(self, code: int) -> str:
        shown = self[code] = _shown(chr(code))
        return shown


class _Escaped(dict[int, str]):
    """What stands for a character in JSON. Line breaks are JSON's own there: those of a string are escaped by then."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        escaped = self[code] = json.dumps(letter)[1:-1] if letter != "\n" and _is_unseen(letter) else letter
        return escaped


_SHOWN: Final = _Shown()
_ESCAPED: Final = _Escaped()


def _is_unseen(letter: str) -> bool:
    return unicodedata.category(letter) in _UNSEEN


def _shown(letter: str) -> str:
    if letter in _KEPT or not _is_unseen(letter):
        return letter
    code = ord(letter)
    if code < 0x20:
        return chr(0x2400 + code)  # the block of control pictures follows the controls' own order
    return f"⟨U+{code:04X}⟩"
