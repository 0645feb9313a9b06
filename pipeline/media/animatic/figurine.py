"""A pen in the measure of one figure: x to the right, y up from the ground, 1 is its height. Figures face right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, sin

from pipeline.media.animatic.brush import Pen, Point, smooth
from pipeline.media.animatic.palette import Colour, mix


@dataclass(frozen=True, slots=True)
class Inks:
    """The colours of a figure in the scene's light."""

    body: Colour
    cloth: Colour
    light: Colour
    lamp: Colour

    def lit(self, local: Colour) -> Colour:
        """What has a colour of its own, in this light."""
        return mix(
            self.body,
            (local[0] * self.light[0] / 255, local[1] * self.light[1] / 255, local[2] * self.light[2] / 255),
            0.8,
        )


class Figurine:
    """A pen in the measure of one figure."""

    def __init__(self, pen: Pen, height_px: float, foot: Point | None = None) -> None:
        """`foot` is where it stands on the plate; without it, in the middle of its lower edge."""
        self._pen, self._unit = pen, height_px
        self._x, self._y = foot or (pen.size_px[0] / 2, pen.size_px[1] - 2.0)

    def poly(self, points: Sequence[Point], colour: Colour) -> None:
        self._pen.polygon([self._at(p) for p in points], colour)

    def curve(self, points: Sequence[Point], colour: Colour) -> None:
        """A shape without corners through `points`."""
        self._pen.polygon([self._at(p) for p in smooth(points)], colour)

    def limb(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        self._pen.line([self._at(p) for p in points], width * self._unit, colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour, squash: float = 1.0) -> None:
        self._pen.disc(*self._at((x, y)), radius * self._unit, colour, squash)

    def ring(self, x: float, y: float, radius: float, width: float, colour: Colour) -> None:
        self._pen.ring(*self._at((x, y)), radius * self._unit, colour, width * self._unit)

    def box(self, x: float, y: float, width: float, height: float, colour: Colour, round_: float = 0.0) -> None:
        """A box whose lower left corner is at `x`, `y`."""
        left, top = self._at((x, y + height))
        unit = self._unit
        self._pen.box(left, top, width * unit, height * unit, colour, round_ * unit)

    def _at(self, point: Point) -> Point:
        return self._x + point[0] * self._unit, self._y - point[1] * self._unit


def polar(start: Point, angle: float, length: float) -> Point:
    """From `start`, `angle` 0 is down and grows forwards."""
    return start[0] + length * sin(angle), start[1] - length * cos(angle)
