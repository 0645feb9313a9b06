"""What moves by itself: the backdrop that begins each frame, water that mirrors, rain and snow that fall."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pipeline.media.animatic.plates import Canvas, Paint, Print, Words, print_of

Places: TypeAlias = NDArray[np.intp]


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
class Heave:
    """A picture that rolls: on its way it sways by `reach` to the right and down, once in `period` frames."""

    picture: Print = field(repr=False)
    start: tuple[float, float]
    pace: tuple[float, float]
    reach: tuple[float, float]
    period: float
    phase: float = 0.0  # of a turn

    def draw(self, canvas: Canvas, frame: int) -> None:
        turn = 2 * np.pi * (frame / self.period + self.phase)
        x = self.start[0] + self.pace[0] * frame + self.reach[0] * np.cos(turn)
        y = self.start[1] + self.pace[1] * frame + self.reach[1] * np.sin(turn)
        self.picture.lay(canvas, round(x), round(y))


@dataclass(frozen=True, slots=True)
class Fall:
    """Rain or snow: strewn pixels that move at a pace in a pane and come in again at its other side; only their light.

    What falls covers a hundredth of the frame: to pick its pixels is cheaper than to blend all of them.
    """

    xs: Places = field(repr=False)
    ys: Places = field(repr=False)
    colours: Words = field(repr=False)
    keep: Words = field(repr=False)
    pane_px: tuple[int, int]
    pace: tuple[float, float]
    sway_px: float = 0.0
    corner: tuple[float, float] = (0.0, 0.0)
    slide: tuple[float, float] = (0.0, 0.0)  # of the pane

    def draw(self, canvas: Canvas, frame: int) -> None:
        width, height = canvas.size_px
        (left, top), (right, down) = (
            (round(at + by * frame) for at, by in zip(start, pace, strict=True))
            for start, pace in ((self.corner, self.slide), ((self.sway_px * np.sin(frame * 0.05), 0.0), self.pace))
        )
        xs, ys = (self.xs + right) % self.pane_px[0] + left, (self.ys + down) % self.pane_px[1] + top
        seen = (xs >= 0) & (xs < width) & (ys >= 0) & (ys < height)
        at = (ys * width + xs)[seen]
        pixels = canvas.luma.reshape(-1)
        pixels[at] = (pixels[at] * self.keep[seen] >> 8) + self.colours[seen]


def fall_of(
    paint: Paint,
    pace: tuple[float, float],
    *,
    sway_px: float = 0.0,
    corner: tuple[float, float] = (0.0, 0.0),
    slide: tuple[float, float] = (0.0, 0.0),
) -> Fall:
    """`paint`, of the size of its pane, to fall at `pace`."""
    tile = print_of(paint)
    ys, xs = np.nonzero(tile.luma.keep < 256)
    return Fall(
        xs=xs + tile.corner[0],
        ys=ys + tile.corner[1],
        colours=tile.luma.colours[ys, xs].astype(np.uint16),
        keep=tile.luma.keep[ys, xs],
        pane_px=(paint.alpha.shape[1], paint.alpha.shape[0]),
        pace=pace,
        sway_px=sway_px,
        corner=corner,
        slide=slide,
    )
