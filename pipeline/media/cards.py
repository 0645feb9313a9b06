"""Draws words: titles with a soft shadow on nothing, cards on a plain ground. MoviePy sets the type, Pillow the rest.

Words of any length are wrapped into the picture and made smaller until they fit. Chinese and Japanese break between
characters, but no line begins with a closing mark or ends with an opening one.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageChops, ImageColor, ImageFilter, ImageFont

from pipeline.digest import fingerprint
from pipeline.media.fonts import BOLD
from pipeline.model.storyboard import TitlePlace

_SMALLEST_PX: Final = 8
_NO_LINE_BEGINS: Final = frozenset("、。，．！？：；）」』】〉》〕”’…—～,.!?:;)]}%")
_NO_LINE_ENDS: Final = frozenset("（「『【〈《〔“‘([{")


@dataclass(frozen=True, slots=True)
class _Setting:
    """How words are set, as shares: letters of the picture's short side, the rest of its own side.

    Attributes:
        middle: where the middle of the words stands, of the height from above.
    """

    letters: float
    width: float
    height: float
    middle: float


_SETTINGS: Final = {
    TitlePlace.CENTER: _Setting(0.095, 0.84, 0.7, 0.5),
    TitlePlace.LOWER: _Setting(0.058, 0.84, 0.26, 0.83),
    TitlePlace.UPPER: _Setting(0.058, 0.84, 0.24, 0.15),
}
_CARD: Final = _Setting(0.085, 0.8, 0.8, 0.5)


def draw_title(text: str, place: TitlePlace, size_px: tuple[int, int], folder: Path) -> Path:
    """The words in white with a soft shadow, legible on any picture, as an RGBA PNG of `size_px` in `folder`."""
    words = _set_words(text, _SETTINGS[place], size_px)
    shade = Image.new("L", size_px)
    for radius, strength in ((0.012, 0.75), (0.003, 0.9)):  # a wide glow and a close edge
        soft = words.filter(ImageFilter.GaussianBlur(min(size_px) * radius))
        shade = ImageChops.lighter(shade, soft.point(lambda value, by=strength: min(255, int(value * by * 1.6))))
    picture = Image.new("RGBA", size_px, (0, 0, 0, 0))
    picture.putalpha(shade)
    picture.alpha_composite(_inked(words, (255, 255, 255)))
    return _save(picture, folder, ["title", text, place, size_px])


def draw_card(text: str, ground: str, size_px: tuple[int, int], folder: Path) -> Path:
    """The words on a plain ground, white or nearly black as it wants, as an RGB PNG of `size_px` in `folder`."""
    red, green, blue = ImageColor.getrgb(ground)[:3]
    is_dark = 0.2126 * red + 0.7152 * green + 0.0722 * blue < 140
    picture = Image.new("RGBA", size_px, (red, green, blue, 255))
    picture.alpha_composite(_inked(_set_words(text, _CARD, size_px), (245, 245, 242) if is_dark else (24, 24, 26)))
    return _save(picture.convert("RGB"), folder, ["card", text, ground, size_px])


def _set_words(text: str, setting: _Setting, size_px: tuple[int, int]) -> Image.Image:
    """The words alone, as coverage on a picture of `size_px`."""
    width_px, height_px = size_px
    room = int(width_px * setting.width), int(height_px * setting.height)
    letters = _typeset(text, int(min(size_px) * setting.letters), room)
    whole = Image.new("L", size_px)
    top = int(height_px * setting.middle - letters.height / 2)
    whole.paste(letters, ((width_px - letters.width) // 2, max(0, min(top, height_px - letters.height))))
    return whole


def _typeset(text: str, font_px: int, room: tuple[int, int]) -> Image.Image:
    """The coverage of the words, wrapped, as large as `font_px` or as large as there is room for."""
    while True:
        lines = "\n".join(break_lines(text, ImageFont.truetype(str(BOLD), font_px), room[0]))
        letters = _text_clip_class()(
            font=str(BOLD),
            text=lines,
            font_size=font_px,
            color="white",
            text_align="center",
            interline=font_px // 3,
            margin=(font_px, 2 * font_px),  # without it, MoviePy 2.2 cuts tall fonts off below
        )
        coverage = Image.fromarray((letters.mask.img * 255).round().astype("uint8"))
        coverage = coverage.crop(coverage.getbbox() or (0, 0, 1, 1))
        if (coverage.width <= room[0] and coverage.height <= room[1]) or font_px <= _SMALLEST_PX:
            return coverage
        font_px = max(_SMALLEST_PX, font_px * 9 // 10)


def break_lines(text: str, font: ImageFont.FreeTypeFont, width_px: int) -> Iterator[str]:
    """Lines as written, each broken where it grows wider than `width_px`."""
    for written in text.strip("\n").split("\n"):
        line = ""
        for atom in _atoms(written.strip()):
            if line.strip() and font.getlength((line + atom).rstrip()) > width_px:
                yield line.strip()
                line = ""
            line += atom
        yield line.strip()


def _atoms(line: str) -> Iterator[str]:
    """The parts that no break may divide: words with the space after them, or single ideographs with their marks."""
    atom = ""
    for letter in line:
        may_break = atom and (
            atom[-1].isspace() or ((_stands_alone(letter) or _stands_alone(atom[-1])) and not letter.isspace())
        )
        if may_break and letter not in _NO_LINE_BEGINS and atom[-1] not in _NO_LINE_ENDS:
            yield atom
            atom = ""
        atom += letter
    if atom:
        yield atom


def _stands_alone(letter: str) -> bool:
    """Whether it is written without spaces to its neighbours: kana, ideographs and their marks."""
    return "⺀" <= letter <= "鿿" or "豈" <= letter <= "﫿" or "！" <= letter <= "｠" or letter >= "\U00020000"


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
