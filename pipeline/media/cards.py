"""Draws words: titles and captions with a soft shadow on nothing, cards on a plain ground.

MoviePy sets the type, Pillow does the rest. Words of any length are wrapped into the picture and made smaller until
they fit.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from PIL import Image, ImageChops, ImageColor, ImageFilter, ImageFont

from pipeline.digest import fingerprint
from pipeline.media.faces import drawn_letters, face_for
from pipeline.render.drawings import Setting, Words
from pipeline.render.lines import break_lines

_SMALLEST_PX: Final = 8


@dataclass(frozen=True, slots=True)
class Type:
    """How words are set, as shares: letters of the picture's short side, the rest of its own side.

    Attributes:
        at: where the words stand, of the height from above: their middle, their top or their bottom.
        shadow: how dark it is; a caption is read in passing, and has to stand out from anything.
    """

    letters: float
    width: float
    height: float
    at: float
    edge: Literal["middle", "top", "bottom"] = "middle"
    shadow: float = 1.0


_TYPES: Final = {
    Setting.CENTER: Type(0.095, 0.84, 0.7, 0.5),
    Setting.LOWER: Type(0.058, 0.84, 0.26, 0.83),
    Setting.UPPER: Type(0.058, 0.84, 0.24, 0.15),
    Setting.CAPTION: Type(0.05, 0.9, 0.2, 0.93, "bottom", 2.2),
    Setting.CAPTION_ABOVE: Type(0.05, 0.9, 0.2, 0.07, "top", 2.2),
}
_UPRIGHT: Final = {
    # Where upright films are shown, the app's own signs stand at the upper and lower edge, and logos in the corners.
    Setting.CAPTION: replace(_TYPES[Setting.CAPTION], at=0.82),
    Setting.CAPTION_ABOVE: replace(_TYPES[Setting.CAPTION_ABOVE], at=0.13),
}
_CARD: Final = Type(0.085, 0.8, 0.8, 0.5)


def type_of(setting: Setting, size_px: tuple[int, int]) -> Type:
    """How words are set in a picture of `size_px`."""
    types = _TYPES if size_px[0] >= size_px[1] else _TYPES | _UPRIGHT
    return types[setting]


def draw_words(words: Words, size_px: tuple[int, int], folder: Path) -> Path:
    """The words in white with a soft shadow, legible on any picture, as an RGBA PNG of `size_px` in `folder`."""
    how = type_of(words.setting, size_px)
    letters = _set_words(words.text, how, size_px)
    shade = Image.new("L", size_px)
    for radius, strength in ((0.012, 1.2), (0.003, 1.44)):  # a wide glow and a close edge
        soft = letters.filter(ImageFilter.GaussianBlur(min(size_px) * radius))
        darker = soft.point(lambda value, by=strength * how.shadow: min(255, int(value * by)))
        shade = ImageChops.lighter(shade, darker)
    picture = Image.new("RGBA", size_px, (0, 0, 0, 0))
    picture.putalpha(shade)
    picture.alpha_composite(_inked(letters, (255, 255, 255)))
    return _save(picture, folder, ["words", words.text, words.setting, size_px])


def draw_card(text: str, ground: str, size_px: tuple[int, int], folder: Path) -> Path:
    """The words, if any, on a plain ground, white or nearly black as it wants, as an RGB PNG of `size_px`."""
    red, green, blue = ImageColor.getrgb(ground)[:3]
    is_dark = 0.2126 * red + 0.7152 * green + 0.0722 * blue < 140
    picture = Image.new("RGBA", size_px, (red, green, blue, 255))
    if text.strip():
        picture.alpha_composite(_inked(_set_words(text, _CARD, size_px), (245, 245, 242) if is_dark else (24, 24, 26)))
    return _save(picture.convert("RGB"), folder, ["card", text, ground, size_px])


class _Letters(NamedTuple):
    """Words set in type: their coverage, cut close, and what they were set from."""

    coverage: Image.Image
    lines: Sequence[str]
    face: ImageFont.FreeTypeFont


def _set_words(text: str, how: Type, size_px: tuple[int, int]) -> Image.Image:
    """The words alone, as coverage on a picture of `size_px`."""
    width_px, height_px = size_px
    room_px = int(width_px * how.width), int(height_px * how.height)
    letters = _typeset(text, int(min(size_px) * how.letters), room_px)
    coverage = letters.coverage
    top = int(height_px * how.at) - _anchor_px(letters, how.edge)
    whole = Image.new("L", size_px)
    whole.paste(coverage, ((width_px - coverage.width) // 2, max(0, min(top, height_px - coverage.height))))
    return whole


def _anchor_px(letters: _Letters, edge: str) -> int:
    """How far below the top of its coverage the words are held. Letters that reach high or low move no base line."""
    if edge == "middle":
        return letters.coverage.height // 2
    ink_top, ink_bottom = _ink(letters.face, letters.lines[0])[0], _ink(letters.face, letters.lines[-1])[1]
    tallest, deepest = _ink(letters.face, "Éljgpqy國")
    return ink_top - tallest if edge == "top" else letters.coverage.height + deepest - ink_bottom


def _ink(face: ImageFont.FreeTypeFont, line: str) -> tuple[int, int]:
    """The top and the bottom of what is seen of a line, from its base line downward."""
    _, top, _, bottom = face.getbbox(line, anchor="ls")
    return int(top), int(bottom)


def _typeset(text: str, font_px: int, room_px: tuple[int, int]) -> _Letters:
    """The words, wrapped, as large as `font_px` or as large as there is room for."""
    text = drawn_letters(text)
    face_path = str(face_for(text))
    while True:
        face = ImageFont.truetype(face_path, font_px)
        lines = tuple(break_lines(text, partial(_fits, face, room_px[0])))
        letters = _text_clip_class()(
            font=face_path,
            text="\n".join(lines),
            font_size=font_px,
            color="white",
            text_align="center",
            interline=font_px // 3,
            margin=(font_px, 2 * font_px),  # without it, MoviePy 2.2 cuts tall fonts off below
        )
        coverage = Image.fromarray((letters.mask.img * 255).round().astype("uint8"))
        coverage = coverage.crop(coverage.getbbox() or (0, 0, 1, 1))
        has_room = coverage.width <= room_px[0] and coverage.height <= room_px[1]
        if has_room or font_px <= _SMALLEST_PX:
            return _Letters(coverage, lines, face)
        font_px = max(_SMALLEST_PX, font_px * 9 // 10)


def _fits(face: ImageFont.FreeTypeFont, width_px: int, line: str) -> bool:
    return face.getlength(line) <= width_px


def _inked(coverage: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    ink = Image.new("RGBA", coverage.size, (*colour, 0))
    ink.putalpha(coverage)
    return ink


def _save(picture: Image.Image, folder: Path, what: list[Any]) -> Path:
    path = folder / f"{fingerprint(what)[:16]}.png"
    picture.save(path, compress_level=1)
    return path


_IMPORTING: Final = threading.Lock()


def _text_clip_class() -> Any:
    """MoviePy's TextClip, imported late. On import MoviePy reads any `.env` above it into the environment: not here."""
    import dotenv

    with _IMPORTING:
        load_dotenv = dotenv.load_dotenv
        dotenv.load_dotenv = lambda *_, **__: False
        try:
            from moviepy.video.VideoClip import TextClip
        finally:
            dotenv.load_dotenv = load_dotenv
    return TextClip
