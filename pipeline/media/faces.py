"""Chooses the face that a text is set in: a line is set in one face, so that it looks like one.

Which letters a face has is asked of the face: one that it has not comes out as the same box.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final
from unicodedata import bidirectional, category, normalize

from PIL import ImageFont, features

from pipeline.media.fonts import ARABIC, BOLD, HEBREW, LATIN

FACES: Final = (BOLD, LATIN, HEBREW, ARABIC)
_NO_LETTER: Final = "\U0010ffff"  # no character, and never will be (Unicode, 23.7)


_LINE_BREAKS: Final = str.maketrans({"\x85": "\n", "\u2028": "\n", "\u2029": "\n"})


def drawn_letters(text: str) -> str:
    """What is drawn of `text`: letters and their accents made one, every line break the same, no shapes asked for.

    Signs that nobody sees go, too: those that join letters or turn their direction, unless something is read from the
    right. So other letters stay in the order in which they are written.
    """
    composed = normalize("NFC", text).translate(_LINE_BREAKS)
    keeps_signs = is_from_right(text)
    return "".join(letter for letter in composed if not _is_selector(letter) and (keeps_signs or not _is_sign(letter)))


def _is_sign(letter: str) -> bool:
    return category(letter) == "Cf"


def _is_selector(letter: str) -> bool:
    return "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef"


def face_for(text: str) -> Path:
    """The first face that has every letter of `text`; where none has, the first of those that lack the fewest."""
    return min(FACES, key=lambda face: len(missing_in(face, text)))


def missing_in(face: Path, text: str) -> str:
    """Each letter of `text` that the face would draw as a box, once. Every face has all of ASCII."""
    seen = (letter for letter in drawn_letters(text) if not letter.isascii() and not letter.isspace())
    unusual = dict.fromkeys(letter for letter in seen if not _is_sign(letter))
    return "".join(letter for letter in unusual if not _has(face, letter))


def is_from_right(text: str) -> bool:
    """Whether any of it is read from right to left (Unicode Bidirectional Algorithm, R and AL)."""
    return any(bidirectional(letter) in ("R", "AL") for letter in text)


def can_set_from_right() -> bool:
    """Whether letters are joined and put into their order here: Pillow brings all for it but FriBidi."""
    return bool(features.check("fribidi"))


@cache
def _has(face: Path, letter: str) -> bool:
    drawn, box = (_opened(face).getmask(each) for each in (letter, _NO_LETTER))
    return drawn.size != box.size or bytes(drawn) != bytes(box)


@cache
def _opened(face: Path) -> ImageFont.FreeTypeFont:
    """Letter by letter: laid out, an accent that it has not would seem to be there."""
    return ImageFont.truetype(str(face), 16, layout_engine=ImageFont.Layout.BASIC)
