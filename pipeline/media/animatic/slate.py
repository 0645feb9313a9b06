"""Written things: the small slate in a corner of a clip, and the card that stands for a picture we do not fetch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pipeline.media.animatic.plates import Canvas, Paint, Print, print_of
from pipeline.media.fonts import BOLD, REGULAR
from pipeline.timecode import SHOT_FRAMES, Frames

_FADE: Final[Frames] = 8
_BARE: Final[Frames] = 12
"""The last frames of a clip, which have no slate."""


@lru_cache(maxsize=16)
def font(path: Path, size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size_px)


def fitted(text: str, face: ImageFont.FreeTypeFont, width_px: float) -> str:
    """`text` on one line, cut with an ellipsis where it would not fit."""
    line = " ".join(text.split())
    if face.getlength(line) <= width_px:
        return line
    low, high = 0, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if face.getlength(line[:middle] + "…") <= width_px else (low, middle - 1)
    return line[:low].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class Slate:
    """What names a clip in its corner.

    Attributes:
        prints: from full strength to hardly seen.
        corner: where they lie in the picture.
    """

    prints: tuple[Print, ...]
    corner: tuple[int, int]

    def lay(self, canvas: Canvas, frame: Frames) -> None:
        """Blend it with frame `frame` of the clip. It fades before the end: two slates in a dissolve could not be read,
        and another shot may begin with one of the last frames.
        """
        left = SHOT_FRAMES - _BARE - frame
        if left > 0:
            self.prints[max(0, len(self.prints) - left)].lay(canvas, *self.corner)


def draw_slate(shot: str, prompt: str, size_px: tuple[int, int]) -> Slate:
    """The shot in bold, the beginning of its prompt if there is one, on a dark bar."""
    unit = max(min(size_px) / 720, 0.7)  # any smaller and nobody could read it
    bold, plain = font(BOLD, max(8, round(17 * unit))), font(REGULAR, max(8, round(15 * unit)))
    pad, gap, margin = round(12 * unit), round(12 * unit) if prompt else 0, round(22 * unit)
    label = fitted(shot, bold, size_px[0] * 0.3)
    room = min(size_px[0] - 2 * margin - 2 * pad - gap - bold.getlength(label), 620 * unit)
    words = fitted(prompt, plain, room)
    width = round(bold.getlength(label) + gap + plain.getlength(words) + 2 * pad)
    width, height = width + width % 2, 2 * round(17 * unit)
    card = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    draw = ImageDraw.Draw(card)
    draw.rounded_rectangle((0, 0, width - 1, height - 1), round(6 * unit), fill=(10, 12, 18, 150))
    bar = (0, round(8 * unit), max(1, round(3 * unit)), height - round(8 * unit))
    draw.rectangle(bar, fill=(255, 190, 92, 255))
    middle = height / 2
    draw.text((pad, middle), label, font=bold, fill=(255, 255, 255, 255), anchor="lm")
    draw.text((pad + gap + bold.getlength(label), middle), words, font=plain, fill=(255, 255, 255, 205), anchor="lm")
    field = np.asarray(card.convert("RGBa"), np.float32)
    strengths = np.linspace(1, 0, _FADE, endpoint=False, dtype=np.float32)
    paints = (Paint(field[..., :3] * by, field[..., 3] * by / np.float32(255)) for by in strengths)
    corner = margin - margin % 2, size_px[1] - margin - height - (margin + height) % 2
    return Slate(tuple(map(print_of, paints)), corner)


def placeholder(text: str, size_px: tuple[int, int]) -> Image.Image:
    """A calm picture with a frame and `text`, as long as it is, in its middle."""
    width, height = size_px
    unit = min(size_px) / 720
    down = np.linspace(0, 1, height)[:, None, None]
    across = np.linspace(-1, 1, width)[None, :, None]
    field = np.array([58, 74, 104]) * (1 - down) + np.array([148, 112, 122]) * down + 26 * np.exp(-(across**2) * 3)
    card = Image.fromarray(np.broadcast_to(field, (height, width, 3)).clip(0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(card)
    inset = round(26 * unit)
    draw.rectangle(
        (inset, inset, width - inset, height - inset), outline=(255, 255, 255), width=max(1, round(2 * unit))
    )
    for end in ((width - inset, height - inset), (inset, height - inset)):
        draw.line((width - end[0], inset, *end), fill=(255, 255, 255, 60), width=1)
    face = font(BOLD, max(9, round(30 * unit)))
    lines = _wrapped(text, face, width - 4 * inset)[:6]
    step = round(42 * unit)
    box = (
        2 * inset,
        height / 2 - step * (len(lines) + 0.6) / 2,
        width - 2 * inset,
        height / 2 + step * (len(lines) + 0.6) / 2,
    )
    draw.rounded_rectangle(box, round(10 * unit), fill=(30, 38, 58))
    for number, line in enumerate(lines):
        at = (width / 2, height / 2 + (number - (len(lines) - 1) / 2) * step)
        draw.text(at, line, font=face, fill=(255, 255, 255), anchor="mm")
    return card


def _wrapped(text: str, face: ImageFont.FreeTypeFont, width_px: float) -> list[str]:
    """Lines no wider than `width_px`; addresses and Chinese break anywhere, so all does."""
    lines, line = [], ""
    for letter in " ".join(text.split()):
        if line and face.getlength(line + letter) > width_px:
            lines.append(line.strip())
            line = ""
        line += letter
    return [*lines, line.strip()]
