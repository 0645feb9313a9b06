"""What moves by itself: the backdrop that begins each frame, water that mirrors, rain and snow that fall."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from pipeline.media.animatic.plates import Canvas, Print


@dataclass(frozen=True, slots=True)
class Backdrop:
    """An opaque picture of the frame's size; wipes away the frame before."""

    picture: Print = field(repr=False)

    def draw(self, canvas: Canvas, frame: int) -> None:
        canvas.luma[:] = self.picture.luma.colours
        for plane, plate in zip(canvas.chroma, (self.picture.blue, self.picture.red), strict=True):
            plane[:] = plate.colours


@dataclass(frozen=True, slots=True)
class Ripples:
    """Water: the rows above `top` upside down, each taken from a height that waves sway; then a tint over it."""

    top: int
    high: int
    tint: Print = field(repr=False)
    rough: float = 0.5

    def draw(self, canvas: Canvas, frame: int) -> None:
        for plane, scale in ((canvas.luma, 1), *((chroma, 2) for chroma in canvas.chroma)):
            top, high = self.top // scale, self.high // scale
            plane[top : top + high] = plane[self._rows(top, high, scale, frame)]
        self.tint.lay(canvas, 0, self.top)

    def _rows(self, top: int, high: int, scale: int, frame: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        down = np.arange(high) * scale
        near = down / max(self.high, 1)
        length = 5 + 34 * near  # waves look longer the nearer they are
        sway = np.sin(down * 6.283 / length - frame * 0.21) + 0.6 * np.sin(
            down * 6.283 / (length * 0.43) + frame * 0.16
        )
        source = top - 1 - (down * 0.92 + (1.5 + 11 * near) * self.rough * 1.6 * sway) / scale
        return np.asarray(source.clip(0, top - 1), np.intp)


@dataclass(frozen=True, slots=True)
class Fall:
    """Rain or snow: a picture that repeats, falling at a pace in whole pixels; only its light, not its colour."""

    tile: Print = field(repr=False)
    size_px: tuple[int, int]
    pace: tuple[int, int]
    sway_px: float = 0.0

    def draw(self, canvas: Canvas, frame: int) -> None:
        width, height = canvas.size_px
        wide, high = self.size_px
        sway = self.sway_px * np.sin(frame * 0.05)
        x = round((self.pace[0] * frame + sway) / 2) * 2 % wide - wide
        y = round(self.pace[1] * frame / 2) * 2 % high - high
        for left in range(x, width, wide):
            for top in range(y, height, high):
                canvas.lay(self.tile.luma, canvas.luma, left + self.tile.corner[0], top + self.tile.corner[1])
