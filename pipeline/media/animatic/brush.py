"""Brushes: smooth noise, the lines of hills, soft discs, and a pen that draws smooth shapes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from pipeline.media.animatic.palette import Colour
from pipeline.media.animatic.plates import Floats, Paint

FINER: Final = 2  # shapes are drawn this much larger, then made smaller: smooth edges
MARGIN: Final = 1  # pixels around a drawing that a shift by parts of a pixel may use up
Point = tuple[float, float]


def wander(length: int, period: float, rng: np.random.Generator, octaves: int = 4, rough: float = 0.5) -> Floats:
    """A smooth random line around 0, about -1 … 1: octaves of noise, the first `period` pixels long."""
    line = np.zeros(length, np.float32)
    at = np.arange(length)
    gain = 1.0
    for _ in range(octaves):
        knots = rng.uniform(-1, 1, int(length / period) + 4)
        place = at / period + rng.random()
        left = place.astype(int)
        part = place - left
        part = part * part * (3 - 2 * part)
        line += gain * (knots[left] * (1 - part) + knots[left + 1] * part).astype(np.float32)
        period, gain = max(period / 2.1, 2.0), gain * rough
    return line


def clumps(size_px: tuple[int, int], cell: tuple[float, float], rng: np.random.Generator, octaves: int = 4) -> Floats:
    """Smooth noise 0 … 1 over a rectangle, its largest lumps `cell` wide and high: clouds, fog, glitter."""
    width, height = size_px
    total = np.zeros((height, width), np.float32)
    gain, weight = 1.0, 0.0
    for octave in range(octaves):
        columns = max(2, round(width / cell[0] * 2**octave) + 1)
        lines = max(2, round(height / cell[1] * 2**octave) + 1)
        grid = Image.fromarray(rng.random((min(lines, height), min(columns, width)), np.float32))
        total += gain * np.asarray(grid.resize((width, height), Image.Resampling.BICUBIC))
        weight += gain
        gain *= 0.55
    return total / np.float32(weight)


def smoothstep(low: float, high: float, value: Floats) -> Floats:
    part = ((value - low) / (high - low)).clip(0, 1)
    return np.asarray(part * part * (3 - 2 * part), np.float32)


def under_line(line: Floats, height: int, dx: float = 0.0, dy: float = 0.0) -> Floats:
    """The alpha of all below `line` (y for each x), with smooth edges, moved by parts of a pixel."""
    moved = np.interp(np.arange(len(line)) - dx, np.arange(len(line)), line) + dy
    steep = np.sqrt(1 + np.gradient(moved) ** 2)
    down = np.arange(height, dtype=np.float32)[:, None] + 0.5
    return np.asarray(((down - moved) / steep + 0.5).clip(0, 1), np.float32)


def glow_at(size_px: tuple[int, int], centre: Point, radius: float, power: float = 2.0) -> Floats:
    """Light around a point, 1 in the middle, thinning out over `radius`."""
    y, x = np.ogrid[0 : size_px[1], 0 : size_px[0]]
    away = np.hypot(x - centre[0], y - centre[1]) / radius
    return np.asarray(np.exp(-(away**power)), np.float32)


def solid(colours: Floats | Colour, alpha: Floats) -> Paint:
    """`colours` (one, one a row as (rows, 3), or one a pixel) wherever `alpha` says."""
    field = np.asarray(colours, np.float32)
    if field.ndim == 2:
        field = field[:, None, :]
    return Paint(np.asarray(field * alpha[..., None], np.float32), alpha)


def smooth(points: Sequence[Point], steps: int = 8) -> list[Point]:
    """A closed line through `points` without corners (Catmull and Rom's spline)."""
    count, line = len(points), []
    for index in range(count):
        before, start, stop, after = (points[(index + k) % count] for k in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            shares = (-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, t**3 - t**2)
            x, y = (
                sum(share * p[axis] for share, p in zip(shares, (before, start, stop, after), strict=True)) / 2
                for axis in (0, 1)
            )
            line.append((x, y))
    return line


class Pen:
    """Draws shapes in pixels of the plate, larger inside; transparent until drawn on."""

    def __init__(self, size_px: tuple[int, int], finer: int = FINER) -> None:
        self.size_px = (size_px[0] + size_px[0] % 2, size_px[1] + size_px[1] % 2)
        self._finer = finer
        width, height = (side + 2 * MARGIN for side in self.size_px)
        self.picture = Image.new("RGBA", (width * finer, height * finer), (0, 0, 0, 0))
        self._draw = ImageDraw.Draw(self.picture)
        self._inked: Image.Image | None = None

    def polygon(self, points: Sequence[Point], colour: Colour, alpha: float = 1.0) -> None:
        self._draw.polygon([self._at(p) for p in points], fill=_rgba(colour, alpha))

    def box(self, x: float, y: float, width: float, height: float, colour: Colour, round_px: float = 0.0) -> None:
        if width <= 0 or height <= 0:
            return
        left, top = self._at((x, y))
        right, bottom = self._at((x + width, y + height))
        corners = (left, top, max(left, right - 1), max(top, bottom - 1))
        self._draw.rounded_rectangle(corners, min(round_px, width / 2, height / 2) * self._finer, fill=_rgba(colour))

    def disc(self, x: float, y: float, radius: float, colour: Colour, squash: float = 1.0) -> None:
        left, top = self._at((x - radius, y - radius * squash))
        right, bottom = self._at((x + radius, y + radius * squash))
        self._draw.ellipse((left, top, right, bottom), fill=_rgba(colour))

    def ring(self, x: float, y: float, radius: float, colour: Colour, width: float) -> None:
        left, top = self._at((x - radius, y - radius))
        right, bottom = self._at((x + radius, y + radius))
        self._draw.ellipse((left, top, right, bottom), outline=_rgba(colour), width=max(1, round(width * self._finer)))

    def line(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        """A stroke with round joints and ends."""
        px = max(1, round(width * self._finer))
        places = [self._at(p) for p in points]
        self._draw.line(places, fill=_rgba(colour), width=px)
        if px > 2:
            for x, y in places:
                self._draw.ellipse((x - px / 2, y - px / 2, x + px / 2 - 1, y + px / 2 - 1), fill=_rgba(colour))

    def paint(self, dx: float = 0.0, dy: float = 0.0) -> Paint:
        """The drawing at the size of the plate, moved by parts of a pixel. No stroke is seen after the first call."""
        width, height = self.size_px
        left, top = (MARGIN - dx) * self._finer, (MARGIN - dy) * self._finer
        box = (left, top, left + width * self._finer, top + height * self._finer)
        self._inked = self._inked or self.picture.convert("RGBa")
        small = self._inked.resize(self.size_px, Image.Resampling.BOX, box=box)
        field = np.asarray(small, np.float32)
        return Paint(field[..., :3], field[..., 3] / np.float32(255))

    def _at(self, point: Point) -> Point:
        return (point[0] + MARGIN) * self._finer, (point[1] + MARGIN) * self._finer


def _rgba(colour: Colour, alpha: float = 1.0) -> tuple[int, int, int, int]:
    r, g, b = (max(0, min(255, round(part))) for part in colour)
    return r, g, b, round(255 * alpha)


def rimmed(paint: Paint, light: Colour, towards: Point, strength: float) -> Paint:
    """A bright edge on the side that looks `towards` the light, given in pixels."""
    dx, dy = round(towards[0]), round(towards[1])
    open_ = 1 - np.roll(paint.alpha, (-dy, -dx), axis=(0, 1))
    edge = (paint.alpha * open_ * strength).clip(0, 1)[..., None]
    colours = paint.colours * (1 - edge) + np.asarray(light, np.float32) * edge
    return Paint(np.asarray(colours, np.float32), paint.alpha)
