"""Pictures as they are laid over one another: premultiplied planes of yuv420p, blended in place.

A clip is painted once and moved 192 times. So all that can be known beforehand is worked out when a plate is made:
the colour matrix, the halving of chroma, and a copy for each quarter of a pixel that a moving layer comes to stand on.
What is left for each frame is one multiplication and one addition a sample, which numpy does without the GIL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Bytes: TypeAlias = NDArray[np.uint8]
Words: TypeAlias = NDArray[np.uint16]
Floats: TypeAlias = NDArray[np.float32]

QUARTERS: Final = 4
"""Positions are counted in quarters of a pixel: finer steps cannot be seen, coarser ones judder."""

_LUMA: Final = np.array([0.2126, 0.7152, 0.0722], np.float32)
_BLUE: Final = (np.array([0, 0, 1], np.float32) - _LUMA) / 1.8556 * 224 / 255
_RED: Final = (np.array([1, 0, 0], np.float32) - _LUMA) / 1.5748 * 224 / 255


@dataclass(frozen=True, slots=True)
class Paint:
    """A picture to be: colours 0 … 255 already multiplied by `alpha` 0 … 1. Height and width are even."""

    colours: Floats
    alpha: Floats


@dataclass(frozen=True, slots=True)
class Plate:
    """One plane of a layer. A pixel becomes `colours + pixel * keep / 256`; from row `solid` on nothing is kept."""

    colours: Bytes
    keep: Words
    solid: int


@dataclass(frozen=True, slots=True)
class Canvas:
    """The frame under the brush."""

    planes: Bytes
    scratch: Words

    @property
    def size_px(self) -> tuple[int, int]:
        return self.planes.shape[1], self.planes.shape[0] * 2 // 3

    @property
    def luma(self) -> Bytes:
        return self.planes[: self.size_px[1]]

    @property
    def chroma(self) -> tuple[Bytes, Bytes]:
        width, height = self.size_px
        both = self.planes[height:].reshape(2, height // 2, width // 2)
        return both[0], both[1]

    def lay(self, plate: Plate, onto: Bytes, x: int, y: int) -> None:
        """Blend `plate` over the plane `onto` with its corner at `x`, `y`; what stands out is cut off."""
        left, top = max(x, 0), max(y, 0)
        right = min(x + plate.colours.shape[1], onto.shape[1])
        bottom = min(y + plate.colours.shape[0], onto.shape[0])
        if right <= left or bottom <= top:
            return
        columns, middle = slice(left - x, right - x), min(max(y + plate.solid, top), bottom)
        if middle > top:
            part = (slice(top - y, middle - y), columns)
            under = onto[top:middle, left:right]
            product = self.scratch[: under.size].reshape(under.shape)
            np.multiply(under, plate.keep[part], out=product)
            np.right_shift(product, 8, out=product)
            np.add(product, plate.colours[part], out=under, casting="unsafe")
        onto[middle:bottom, left:right] = plate.colours[middle - y : bottom - y, columns]


def blank_canvas(size_px: tuple[int, int]) -> Canvas:
    width, height = size_px
    planes = np.full((height * 3 // 2, width), 128, np.uint8)
    planes[:height] = 16
    return Canvas(planes, np.empty(width * height, np.uint16))


class Drawable(Protocol):
    """Something that stands in the scene."""

    def draw(self, canvas: Canvas, frame: int) -> None:
        """Put it onto `canvas` as it is at `frame`."""


@dataclass(frozen=True, slots=True)
class Print:
    """The three plates of one picture at one phase, cut to what can be seen of it: `corner` lies in the picture."""

    luma: Plate
    blue: Plate
    red: Plate
    corner: tuple[int, int] = (0, 0)

    def lay(self, canvas: Canvas, x: int, y: int) -> None:
        """Blend with the picture's corner at whole pixels; chroma has half of them."""
        x, y = x + self.corner[0], y + self.corner[1]
        canvas.lay(self.luma, canvas.luma, x, y)
        for plate, plane in zip((self.blue, self.red), canvas.chroma, strict=True):
            canvas.lay(plate, plane, x // 2, y // 2)


def print_of(paint: Paint, odd: tuple[bool, bool] = (False, False)) -> Print:
    """The plates of `paint`; `odd` says that its corner will lie on an odd column, row."""
    columns, lines = _seen(paint.alpha)
    colours, alpha = paint.colours[lines, columns], paint.alpha[lines, columns]
    luma = _plate(np.asarray(colours @ _LUMA * np.float32(219 / 255) + 16 * alpha, np.float32), alpha)
    if odd[0]:
        colours, alpha = np.roll(colours, 1, axis=1), np.roll(alpha, 1, axis=1)
    if odd[1]:
        colours, alpha = np.roll(colours, 1, axis=0), np.roll(alpha, 1, axis=0)
    small, veil = _halved(colours), _halved(alpha)
    blue, red = (_plate(np.asarray(small @ row + 128 * veil, np.float32), veil) for row in (_BLUE, _RED))
    return Print(luma, blue, red, (columns.start, lines.start))


def _plate(plane: Floats, alpha: Floats) -> Plate:
    keep = (256.5 - alpha * 256).astype(np.uint16)
    kept = np.flatnonzero(keep.any(axis=1))
    return Plate(_dithered(plane), keep, int(kept[-1]) + 1 if len(kept) else 0)


def _seen(alpha: Floats) -> tuple[slice, slice]:
    """The columns and rows that hold all of a picture that is not transparent, from even to even."""
    slices = []
    for axis in (0, 1):
        there = np.flatnonzero(alpha.max(axis=axis) > 1 / 512)
        first, last = (int(there[0]), int(there[-1])) if len(there) else (0, 1)
        slices.append(slice(max(first // 2 * 2 - 2, 0), min((last + 4) // 2 * 2, alpha.shape[1 - axis])))
    return slices[0], slices[1]


def _halved(field_: Floats) -> Floats:
    return (field_[::2, ::2] + field_[1::2, ::2] + field_[::2, 1::2] + field_[1::2, 1::2]) * np.float32(0.25)


def _dithered(plane: Floats) -> Bytes:
    """Rounded by chance, always the same chance: a slow gradient keeps no steps."""
    noise = np.random.default_rng(plane.size).random(plane.shape, np.float32)
    return np.asarray((plane + noise).clip(0, 255), np.uint8)


PaintAt: TypeAlias = Callable[[float, float], Paint]
"""Paints a picture moved right and down by parts of a pixel, both in 0 … 1."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A picture that slides at a constant pace: `start` and `pace` a frame are in quarters of a pixel."""

    start: tuple[int, int]
    pace: tuple[int, int]
    prints: Mapping[tuple[int, int], Print] = field(repr=False)

    def draw(self, canvas: Canvas, frame: int) -> None:
        x, y = _corner(self.start, self.pace, frame)
        self.prints[_phase(x, y)].lay(canvas, x // QUARTERS, y // QUARTERS)


def _corner(start: tuple[int, int], pace: tuple[int, int], frame: int) -> tuple[int, int]:
    return start[0] + pace[0] * frame, start[1] + pace[1] * frame


def _phase(x: int, y: int) -> tuple[int, int]:
    """Where in a pair of pixels the corner lies, in quarters: 0 … 7 each."""
    return x % (2 * QUARTERS), y % (2 * QUARTERS)


def layer_of(paint_at: PaintAt, start: tuple[int, int], pace: tuple[int, int], frames: int) -> Layer:
    """A layer with a print for each phase that `frames` frames of this pace come to."""
    needed = sorted({_phase(*_corner(start, pace, frame)) for frame in range(frames)})
    paints = {}
    prints = {}
    for x, y in needed:
        within = (x % QUARTERS, y % QUARTERS)
        if within not in paints:
            paints[within] = paint_at(within[0] / QUARTERS, within[1] / QUARTERS)
        prints[x, y] = print_of(paints[within], (x >= QUARTERS, y >= QUARTERS))
    return Layer(start, pace, prints)


@dataclass(frozen=True, slots=True)
class Cycle:
    """Poses that follow one another, each shown for `hold` frames, along a straight way in whole pixels.

    Chroma has half of them and may lag by one: on a small thing that moves nobody sees it.
    """

    poses: tuple[Print, ...]
    start: tuple[float, float]
    pace: tuple[float, float]
    hold: int = 1

    def draw(self, canvas: Canvas, frame: int) -> None:
        x, y = (round(at + by * frame) for at, by in zip(self.start, self.pace, strict=True))
        self.poses[frame // self.hold % len(self.poses)].lay(canvas, x, y)


def settled(drawables: Sequence[Drawable], size_px: tuple[int, int]) -> list[Drawable]:
    """The same picture with fewer strokes: layers that stand still, one upon the other, become one."""
    kept: list[Drawable] = []
    for stays, run in groupby(drawables, lambda drawable: isinstance(drawable, Layer) and drawable.pace == (0, 0)):
        layers = list(run)
        kept += [_joined([layer for layer in layers if isinstance(layer, Layer)], size_px)] if stays else layers
    return kept


def _joined(layers: Sequence[Layer], size_px: tuple[int, int]) -> Layer:
    """Blends in a row are one blend: what is kept of what was kept, under both colours."""
    if len(layers) == 1:
        return layers[0]
    placed = [
        (layer.prints[_phase(*layer.start)], layer.start[0] // QUARTERS, layer.start[1] // QUARTERS) for layer in layers
    ]
    corners = [(mark, x + mark.corner[0], y + mark.corner[1]) for mark, x, y in placed]
    half = (size_px[0] // 2, size_px[1] // 2)
    luma = _blended([(mark.luma, x, y) for mark, x, y in corners], size_px)
    blue = _blended([(mark.blue, x // 2, y // 2) for mark, x, y in corners], half)
    red = _blended([(mark.red, x // 2, y // 2) for mark, x, y in corners], half)
    return Layer((0, 0), (0, 0), {(0, 0): Print(luma, blue, red)})


def _blended(plates: Sequence[tuple[Plate, int, int]], size_px: tuple[int, int]) -> Plate:
    colours, keep = np.zeros(size_px[::-1], np.float32), np.ones(size_px[::-1], np.float32)
    for plate, x, y in plates:
        high, wide = plate.colours.shape
        here = (slice(max(y, 0), max(y + high, 0)), slice(max(x, 0), max(x + wide, 0)))
        there = (slice(max(-y, 0), size_px[1] - y), slice(max(-x, 0), size_px[0] - x))
        share = plate.keep[there] * np.float32(1 / 256)
        colours[here] = colours[here] * share + plate.colours[there]
        keep[here] *= share
    words = (keep * 256 + 0.5).astype(np.uint16)
    kept = np.flatnonzero(words.any(axis=1))
    return Plate(_dithered(colours), words, int(kept[-1]) + 1 if len(kept) else 0)
