"""The author's words, made fit to show: nothing in them may hide, turn its line around or talk to a terminal.

Escaping for HTML is not done here: the report's template engine does it for everything.
"""

from __future__ import annotations

import unicodedata
from typing import Final, NamedTuple

from pipeline.model.storyboard import Card, Footage, Item, Shot

_KEPT: Final = frozenset("\n\t\u200c\u200d")  # line, tab, and the joiners that some scripts and emoji need
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # controls, format characters (bidi too), half pairs, breaks


class Words(NamedTuple):
    """Harmless text and its language."""

    text: str
    lang: str


def as_words(text: str) -> Words:
    return Words(show_harmless(text.strip()), language_of(text))


def text_of(item: Item) -> str:
    """What stands for an item in words, as written: the prompt, the file or the card's text."""
    match item:
        case Shot():
            return item.prompt
        case Footage():
            return item.file
        case Card():
            return item.text


def show_harmless(text: str) -> str:
    """`text` with each unseen character written out: ESC as ␛, a bidi override as ⟨U+202E⟩."""
    return "".join(map(_shown, text.replace("\r\n", "\n")))


def language_of(text: str) -> str:
    """The BCP 47 tag by which a browser picks the letter shapes of `text`; Han characters count as Traditional Chinese
    unless some of them stand only in the Simplified set."""
    if any("\u3040" <= letter <= "\u30ff" for letter in text):
        return "ja"
    if any("\uac00" <= letter <= "\ud7a3" for letter in text):
        return "ko"
    han = "".join(letter for letter in text if "\u4e00" <= letter <= "\u9fff")
    if not han:
        return "en"
    return "zh-Hans" if not _is_in("big5hkscs", han) and _is_in("gb2312", han) else "zh-Hant"


def _shown(letter: str) -> str:
    if letter in _KEPT or unicodedata.category(letter) not in _UNSEEN:
        return letter
    code = ord(letter)
    if code < 0x20:
        return chr(0x2400 + code)  # the block of control pictures follows the controls' own order
    return f"⟨U+{code:04X}⟩"


def _is_in(codec: str, text: str) -> bool:
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return False
    return True
