"""Lines of any script for a picture, in the faces that are shipped with the package."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from PIL import ImageDraw, ImageFont

from pipeline.media.faces import face_for, missing_in
from pipeline.media.fonts import BOLD, REGULAR

_WIDE: Final = r"\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef"  # Han, kana, hangul and their punctuation
_CLOSING: Final = "，。、；：！？…」』）》〉】"
_LINE_END: Final = re.compile(rf"(?<=[{_WIDE}])\s+(?=[{_WIDE}])")
"""White space between wide signs: where a line ended, never a gap between words."""
_PIECE: Final = re.compile(rf"[{_WIDE}][{_CLOSING}]*|\s+|[^\s{_WIDE}]+")
"""What a line may break between: wide signs one by one but never before a closing mark, words, spaces."""


class Style(NamedTuple):
    size_px: int
    colour: str
    is_bold: bool = False

    def width_px(self, text: str) -> float:
        return _face(self, text).getlength(text)


def write(
    draw: ImageDraw.ImageDraw, corner: tuple[int, int], text: str, style: Style, *, from_right: bool = False
) -> None:
    """One line whose top left corner, or top right one, is `corner`."""
    draw.text(corner, text, font=_face(style, text), fill=style.colour, anchor="ra" if from_right else "la")


def wrap(text: str, style: Style, width_px: int, lines: int) -> list[str]:
    """`text`, its runs of spaces made one, broken into at most `lines` lines; a "…" stands for what does not fit.

    A word longer than a line is broken where the line ends.
    """
    wrapped = [""]
    for piece in _PIECE.findall(" ".join(_LINE_END.sub("", text).split())):
        for part in _parts(piece, style, width_px):
            if style.width_px(wrapped[-1] + part) <= width_px:
                wrapped[-1] += part
            elif len(wrapped) == lines:
                return [*wrapped[:-1], _ellipsed(wrapped[-1], style, width_px)]
            else:
                wrapped.append(part.lstrip())
    return wrapped


def _parts(piece: str, style: Style, width_px: int) -> list[str]:
    """`piece` whole, or its letters if it is too long for any line."""
    return [piece] if style.width_px(piece) <= width_px else list(piece)


def _ellipsed(line: str, style: Style, width_px: int) -> str:
    while line and style.width_px(line + "…") > width_px:
        line = line[:-1]
    return line.rstrip(" ,.;:，。、；：") + "…"


def _face(style: Style, text: str) -> ImageFont.FreeTypeFont:
    """The style's own face, or the one that has more of the text's letters."""
    usual = BOLD if style.is_bold else REGULAR
    return _opened(face_for(text) if missing_in(usual, text) else usual, style.size_px)


@cache
def _opened(face: Path, size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(face, size_px)
