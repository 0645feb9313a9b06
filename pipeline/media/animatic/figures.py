"""Subjects: small drawings that move in place. Each is a function of a pen, the time in its cycle and its inks.

Drawn in its own measure: x to the right, y up from the ground, 1 is its height; it faces right. To teach a figure, write
such a function, name it in `FIGURES` and give it words in `sight`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Final, Literal

from pipeline.media.animatic.brush import Pen, Point
from pipeline.media.animatic.palette import Colour, mix


@dataclass(frozen=True, slots=True)
class Inks:
    """The colours of a figure in the scene's light."""

    body: Colour
    cloth: Colour
    light: Colour
    lamp: Colour


class Figurine:
    """A pen in the measure of one figure."""

    def __init__(self, pen: Pen, height_px: float) -> None:
        self._pen, self._unit = pen, height_px
        self._x, self._y = pen.size_px[0] / 2, pen.size_px[1] - 2.0

    def poly(self, points: Sequence[Point], colour: Colour) -> None:
        self._pen.polygon([self._at(p) for p in points], colour)

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


Drawing = Callable[[Figurine, float, Inks], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """How a figure is drawn and where it belongs."""

    draw: Drawing
    height: float  # u, close to the lens
    wide: float = 1.0  # of its height
    poses: int = 1
    pace: float = 0.0  # u a frame, its own way
    home: Literal["ground", "water", "air", "table"] = "ground"
    dyed: bool = False  # a colour that the prompt names is its own, not its coat's


def _polar(start: Point, angle: float, length: float) -> Point:
    """From `start`, `angle` 0 is down and grows forwards."""
    return start[0] + length * sin(angle), start[1] - length * cos(angle)


# --- people ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Gait:
    swing: float  # of the thighs
    knee: float
    lean: float
    arms: float
    elbow: float
    hop: float = 0.0
    head: float = 0.062
    legs: float = 0.5


RUN: Final = Gait(0.82, 1.25, 0.2, 0.95, 1.5, hop=0.05)
WALK: Final = Gait(0.42, 0.5, 0.03, 0.42, 0.35)
CHILD: Final = Gait(0.6, 0.9, 0.1, 0.8, 0.6, hop=0.03, head=0.105, legs=0.42)


def _person(pen: Figurine, time: float, inks: Inks, gait: Gait, *, skirt: bool = False) -> None:
    phase = 2 * pi * time
    thigh = gait.legs * 0.5
    shoulder = 0.86 - gait.head
    far = mix(inks.body, inks.light, 0.14)
    legs = [_leg(phase + turn, gait, thigh) for turn in (0.0, pi)]
    lowest = min(foot[1] for _, _, foot, _ in legs)
    lift = -lowest + gait.hop * abs(cos(phase)) + 0.018

    def up(point: Point) -> Point:
        return point[0], point[1] + lift

    chest = (gait.lean * 0.34, shoulder - 0.5 + gait.legs)
    trunk = shoulder - gait.legs
    chest = (trunk * sin(gait.lean), gait.legs * 0.97 + trunk * cos(gait.lean))
    for index, ink in ((1, far), (0, inks.body)):
        hip, knee, foot, toe = legs[index]
        swing = -gait.arms * sin(phase + index * pi)
        elbow = _polar(chest, swing, 0.165)
        hand = _polar(elbow, swing + gait.elbow, 0.15)
        if index == 1:
            pen.limb([up(chest), up(elbow), up(hand)], 0.047, ink)
        pen.limb([up(hip), up(knee)], 0.085, ink)
        pen.limb([up(knee), up(foot)], 0.056, ink)
        pen.limb([up(foot), up(toe)], 0.04, ink)
        if index == 0:
            pen.limb([up((0.0, gait.legs)), up(((chest[0]) * 0.55, (gait.legs + chest[1]) / 2))], 0.125, inks.cloth)
            pen.limb([up((chest[0] * 0.3, gait.legs + 0.06)), up((chest[0], chest[1] - 0.045))], 0.15, inks.cloth)
            if skirt:
                sway = 0.03 * sin(phase)
                pen.poly([up((-0.07, 0.56)), up((0.08, 0.56)), up((0.15 + sway, 0.3)), up((-0.15 + sway, 0.3))], inks.cloth)
            pen.limb([up(chest), up((chest[0] + 0.02, chest[1] + 0.06))], 0.05, ink)
            pen.disc(chest[0] + 0.04, chest[1] + 0.075 + gait.head * 0.75 + lift, gait.head, ink)
            pen.limb([up((chest[0] - 0.01, chest[1] - 0.02)), up(elbow), up(hand)], 0.05, mix(ink, inks.cloth, 0.35))


def _leg(phase: float, gait: Gait, thigh: float) -> tuple[Point, Point, Point, Point]:
    """Hip, knee, foot and toe; the knee bends while the thigh swings forwards."""
    hip = (0.0, gait.legs)
    angle = gait.swing * sin(phase) + 0.1 * gait.swing
    knee = _polar(hip, angle, thigh)
    bend = 0.12 + gait.knee * (0.5 + 0.5 * cos(phase)) ** 1.5
    foot = _polar(knee, angle - bend, thigh * 0.96)
    return hip, knee, foot, _polar(foot, angle - bend + 1.35, 0.075)


def runner(pen: Figurine, time: float, inks: Inks) -> None:
    _person(pen, time, inks, RUN)


def walker(pen: Figurine, time: float, inks: Inks) -> None:
    _person(pen, time, inks, WALK)


def child(pen: Figurine, time: float, inks: Inks) -> None:
    _person(pen, time, inks, CHILD, skirt=True)


def umbrella(pen: Figurine, time: float, inks: Inks) -> None:
    _person(pen, time, inks, WALK)
    y = 0.94 + 0.01 * sin(4 * pi * time)
    pen.limb([(0.13, 0.6), (0.11, y + 0.12)], 0.014, inks.body)
    dome = [(0.1 + 0.36 * cos(a * pi / 16), y + 0.2 * sin(a * pi / 16)) for a in range(17)]
    scallops = [(0.1 - 0.36 + 0.72 * k / 8, y + (0.025 if k % 2 else 0.0)) for k in range(9)]
    pen.poly(dome + scallops, inks.cloth)


def dancer(pen: Figurine, time: float, inks: Inks) -> None:
    turn = 2 * pi * time
    side, sway = cos(turn), 0.03 * sin(turn)
    pen.limb([(0, 0.5), (0.01, 0.25), (0.0, 0.02)], 0.06, inks.body)
    pen.limb([(0.0, 0.5), (0.2 * side, 0.42), (0.34 * side, 0.5 + 0.06 * sin(turn))], 0.055, inks.body)
    pen.poly([(-0.05, 0.58), (0.05, 0.58), (0.25 + sway, 0.42 + sway), (0.0, 0.38), (-0.25 + sway, 0.42 - sway)], inks.cloth)
    pen.limb([(0, 0.52), (sway, 0.76)], 0.1, inks.cloth)
    for arm in (-1, 1):
        pen.limb([(sway, 0.77), (arm * 0.16 * (0.6 + 0.4 * side), 0.9), (arm * 0.07, 1.02)], 0.038, inks.body)
    pen.disc(sway * 1.4, 0.87, 0.055, inks.body)
    pen.disc(sway * 1.4 - 0.03, 0.925, 0.026, inks.body)


def robot(pen: Figurine, time: float, inks: Inks) -> None:
    bob = 0.01 * sin(4 * pi * time)
    step = 0.08 * sin(2 * pi * time)
    steel = mix(inks.body, inks.light, 0.3)
    for side in (-1, 1):
        pen.limb([(side * 0.08, 0.36), (side * 0.09 + side * step, 0.05)], 0.075, inks.body)
        pen.limb([(side * 0.2, 0.64 + bob), (side * 0.24, 0.48), (side * 0.22 - side * step, 0.36)], 0.06, inks.body)
    pen.box(-0.17, 0.34 + bob, 0.34, 0.36, steel, 0.06)
    pen.box(-0.13, 0.74 + bob, 0.26, 0.2, steel, 0.06)
    pen.limb([(0, 0.94 + bob), (0, 1.0 + bob)], 0.015, inks.body)
    pen.disc(0.07, 0.85 + bob, 0.032, inks.lamp)
    pen.disc(-0.04, 0.85 + bob, 0.032, inks.lamp)
    pen.disc(0.0, 0.52 + bob, 0.045, inks.cloth)


# --- on wheels, on rails, afloat ------------------------------------------------------------------------------------


def cyclist(pen: Figurine, time: float, inks: Inks) -> None:
    back, front, crank, saddle, bar = (-0.36, 0.21), (0.38, 0.21), (-0.04, 0.22), (-0.14, 0.57), (0.28, 0.6)
    for wheel in (back, front):
        pen.ring(*wheel, 0.21, 0.022, inks.body)
        for spoke in range(5):
            angle = -2 * pi * time + spoke * 2 * pi / 5
            pen.limb([wheel, (wheel[0] + 0.2 * cos(angle), wheel[1] + 0.2 * sin(angle))], 0.006, inks.body)
    for ends in ((back, crank), (crank, bar), (back, saddle), (saddle, crank), (saddle, (0.26, 0.52)), (bar, front)):
        pen.limb(ends, 0.024, inks.cloth)
    hip, chest = (-0.13, 0.64), (0.1, 0.84)
    for turn, ink in ((pi, mix(inks.body, inks.light, 0.15)), (0.0, inks.body)):
        angle = -2 * pi * time + turn
        pedal = (crank[0] + 0.085 * cos(angle), crank[1] + 0.085 * sin(angle))
        knee = ((hip[0] + pedal[0]) / 2 + 0.15, (hip[1] + pedal[1]) / 2 + 0.07)
        pen.limb([hip, knee, pedal], 0.062, ink)
        pen.limb([pedal, (pedal[0] + 0.07, pedal[1])], 0.035, ink)
    pen.limb([hip, chest], 0.125, inks.cloth)
    pen.limb([chest, (0.22, 0.72), (0.3, 0.62)], 0.042, inks.body)
    pen.disc(0.18, 0.94, 0.06, inks.body)


def car(pen: Figurine, time: float, inks: Inks) -> None:
    bob = 0.006 * sin(2 * pi * time)
    body = [(-1.3, 0.24), (-1.3, 0.5), (-1.16, 0.58), (-0.8, 0.62), (-0.5, 0.95), (0.3, 0.98), (0.72, 0.64), (1.16, 0.54), (1.3, 0.42), (1.3, 0.24)]
    pen.poly([(x, y + bob) for x, y in body], inks.cloth)
    glass = mix(inks.body, inks.light, 0.5)
    pen.poly([(-0.66, 0.63 + bob), (-0.44, 0.89 + bob), (-0.1, 0.9 + bob), (-0.1, 0.63 + bob)], glass)
    pen.poly([(-0.02, 0.63 + bob), (-0.02, 0.9 + bob), (0.26, 0.91 + bob), (0.54, 0.63 + bob)], glass)
    pen.box(-1.3, 0.22 + bob, 2.6, 0.09, inks.body)
    pen.disc(1.22, 0.46 + bob, 0.07, inks.lamp)
    pen.disc(-1.26, 0.46 + bob, 0.05, (226, 40, 40))
    for x in (-0.8, 0.8):
        pen.disc(x, 0.22, 0.22, inks.body)
        pen.disc(x, 0.22, 0.1, mix(inks.body, inks.light, 0.45))
        angle = -2 * pi * time
        pen.limb([(x, 0.22), (x + 0.1 * cos(angle), 0.22 + 0.1 * sin(angle))], 0.03, inks.body)


def train(pen: Figurine, _time: float, inks: Inks) -> None:
    for carriage in range(4):
        x = -4.2 + carriage * 2.1
        pen.box(x, 0.18, 2.04, 0.76, inks.cloth, 0.1)
        pen.box(x, 0.36, 2.04, 0.05, mix(inks.cloth, inks.light, 0.5))
        for window in range(5):
            pen.box(x + 0.12 + window * 0.37, 0.52, 0.29, 0.26, inks.lamp, 0.03)
        for wheel in (0.35, 0.7, 1.35, 1.7):
            pen.disc(x + wheel, 0.13, 0.12, inks.body)
    pen.poly([(4.1, 0.18), (4.1, 0.94), (4.5, 0.72), (4.7, 0.4), (4.7, 0.18)], inks.cloth)
    pen.disc(4.6, 0.36, 0.06, inks.lamp)


def boat(pen: Figurine, time: float, inks: Inks) -> None:
    tilt = 0.03 * sin(2 * pi * time)

    def at(x: float, y: float) -> Point:
        return x + tilt * y, y + 0.012 * sin(2 * pi * time + 1) - tilt * x * 0.4

    sail = mix(inks.light, inks.cloth, 0.25)
    pen.poly([at(-0.34, 0.13), at(0.42, 0.15), at(0.3, 0.0), at(-0.24, -0.02)], inks.body)
    pen.limb([at(0.02, 0.12), at(0.02, 1.0)], 0.014, inks.body)
    pen.poly([at(0.04, 0.97), at(0.06, 0.2), at(0.4, 0.2), at(0.24, 0.55)], inks.cloth)
    pen.poly([at(0.0, 0.93), at(-0.02, 0.2), at(-0.34, 0.22), at(-0.2, 0.5)], sail)


def fishing_boat(pen: Figurine, time: float, inks: Inks) -> None:
    tilt = 0.035 * sin(2 * pi * time)

    def at(x: float, y: float) -> Point:
        return x + tilt * y, y + 0.02 * sin(2 * pi * time + 1) + tilt * x * 0.5

    pen.poly([at(-0.85, 0.36), at(-0.5, 0.3), at(0.5, 0.3), at(1.0, 0.5), at(0.72, 0.02), at(-0.68, 0.0)], inks.cloth)
    pen.poly([at(-0.8, 0.16), at(0.82, 0.16), at(0.7, 0.0), at(-0.7, 0.0)], inks.body)
    pen.poly([at(-0.55, 0.3), at(-0.55, 0.68), at(-0.05, 0.68), at(0.05, 0.3)], mix(inks.body, inks.light, 0.35))
    pen.poly([at(-0.6, 0.68), at(-0.6, 0.74), at(0.0, 0.74), at(0.0, 0.68)], inks.body)
    for x in (-0.48, -0.26):
        pen.poly([at(x, 0.46), at(x, 0.6), at(x + 0.14, 0.6), at(x + 0.14, 0.46)], inks.lamp)
    pen.limb([at(0.3, 0.3), at(0.3, 1.0)], 0.025, inks.body)
    pen.limb([at(0.3, 0.98), at(0.95, 0.5)], 0.01, inks.body)
    pen.limb([at(0.3, 0.98), at(-0.3, 0.74)], 0.01, inks.body)
    pen.disc(*at(0.3, 1.0), 0.032, inks.lamp)


def ship(pen: Figurine, _time: float, inks: Inks) -> None:
    pen.poly([(-1.5, 0.34), (1.6, 0.34), (1.36, 0.0), (-1.36, 0.0)], inks.body)
    pen.poly([(-1.46, 0.24), (1.53, 0.24), (1.5, 0.19), (-1.44, 0.19)], inks.cloth)
    white = mix(inks.light, inks.body, 0.15)
    for level, (left, right) in enumerate(((-1.25, 1.1), (-1.1, 0.85), (-0.9, 0.5))):
        pen.box(left, 0.34 + level * 0.14, right - left, 0.13, white)
        for window in range(int((right - left) / 0.15) - 1):
            pen.box(left + 0.1 + window * 0.15, 0.38 + level * 0.14, 0.07, 0.05, inks.lamp)
    for x in (-0.5, 0.05):
        pen.poly([(x, 0.76), (x - 0.04, 1.0), (x + 0.2, 1.0), (x + 0.24, 0.76)], inks.cloth)
        pen.box(x - 0.04, 0.94, 0.24, 0.06, inks.body)


# --- animals --------------------------------------------------------------------------------------------------------


def _four_legs(pen: Figurine, time: float, ink: Colour, hips: Point, length: float, width: float) -> None:
    for index, (x, offset) in enumerate(((hips[0], 0.0), (hips[0] + 0.06, 0.12), (hips[1], 0.5), (hips[1] + 0.06, 0.62))):
        phase = 2 * pi * (time + offset)
        angle = 0.75 * sin(phase)
        bend = (0.15 + 0.9 * max(0.0, cos(phase))) * (-1 if index < 2 else 1) * (1 if index < 2 else -1)
        knee = _polar((x, length), angle, length * 0.55)
        pen.limb([(x, length + 0.03), knee, _polar(knee, angle + bend, length * 0.5)], width, ink)


def dog(pen: Figurine, time: float, inks: Inks) -> None:
    bob = 0.04 * sin(4 * pi * time)
    _four_legs(pen, time, inks.body, (-0.36, 0.34), 0.46 + bob, 0.075)
    pen.limb([(-0.36, 0.58 + bob), (0.36, 0.6 + bob)], 0.26, inks.body)
    pen.limb([(0.4, 0.64 + bob), (0.56, 0.86 + bob)], 0.16, inks.body)
    pen.disc(0.6, 0.9 + bob, 0.13, inks.body)
    pen.limb([(0.62, 0.87 + bob), (0.82, 0.83 + bob)], 0.09, inks.body)
    pen.poly([(0.5, 1.0 + bob), (0.46, 0.78 + bob), (0.58, 0.88 + bob)], inks.body)
    pen.limb([(-0.44, 0.64 + bob), (-0.62, 0.8 + bob), (-0.68, 0.96 + 0.05 * sin(6 * pi * time))], 0.05, inks.body)
    pen.limb([(0.42, 0.72 + bob), (0.53, 0.7 + bob)], 0.05, inks.cloth)


def cat(pen: Figurine, time: float, inks: Inks) -> None:
    pen.limb([(-0.1, 0.22), (0.06, 0.5)], 0.4, inks.body)
    pen.limb([(0.14, 0.5), (0.18, 0.03)], 0.09, inks.body)
    pen.disc(0.14, 0.78, 0.17, inks.body)
    for x in (0.02, 0.26):
        pen.poly([(x - 0.07, 0.86), (x + 0.07, 0.86), (x, 1.02)], inks.body)
    for x in (0.1, 0.22):
        pen.disc(x, 0.79, 0.022, inks.lamp)
    swing = 0.12 * sin(2 * pi * time)
    pen.limb([(-0.24, 0.08), (-0.5, 0.12), (-0.6 + swing * 0.5, 0.34), (-0.52 + swing, 0.52)], 0.06, inks.body)


def horse(pen: Figurine, time: float, inks: Inks) -> None:
    bob = 0.03 * sin(4 * pi * time)
    _four_legs(pen, time, inks.body, (-0.36, 0.3), 0.46 + bob, 0.058)
    pen.limb([(-0.34, 0.58 + bob), (0.0, 0.56 + bob), (0.32, 0.6 + bob)], 0.24, inks.body)
    pen.poly([(0.2, 0.66 + bob), (0.44, 0.54 + bob), (0.64, 0.88 + bob), (0.5, 0.96 + bob)], inks.body)
    pen.limb([(0.58, 0.9 + bob), (0.76, 0.74 + bob)], 0.1, inks.body)
    pen.poly([(0.52, 1.02 + bob), (0.5, 0.92 + bob), (0.58, 0.93 + bob)], inks.body)
    sway = 0.06 * sin(4 * pi * time)
    pen.poly([(0.52, 0.98 + bob), (0.2, 0.68 + bob), (0.16, 0.78 + bob + sway), (0.34, 0.94 + bob + sway)], inks.cloth)
    pen.limb([(-0.44, 0.64 + bob), (-0.62, 0.62 + bob + sway), (-0.78, 0.44 + bob - sway)], 0.07, inks.cloth)


def birds(pen: Figurine, time: float, inks: Inks) -> None:
    for index, (x, y, size) in enumerate(((0, 0.62, 0.3), (-0.62, 0.4, 0.22), (0.6, 0.8, 0.2), (-1.1, 0.72, 0.16), (1.1, 0.5, 0.15), (0.32, 0.24, 0.17))):
        flap = sin(2 * pi * (time + index * 0.23))
        tip, elbow = 0.32 * flap * size, 0.34 * size
        pen.limb([(x - size, y + tip), (x - size * 0.45, y + elbow * 0.6 + tip * 0.3), (x, y)], 0.1 * size, inks.body)
        pen.limb([(x + size, y + tip), (x + size * 0.45, y + elbow * 0.6 + tip * 0.3), (x, y)], 0.1 * size, inks.body)
        pen.limb([(x - 0.16 * size, y - 0.02), (x + 0.2 * size, y)], 0.16 * size, inks.body)


def fish(pen: Figurine, time: float, inks: Inks) -> None:
    for index, (x, y, size) in enumerate(((0, 0.5, 0.34), (-0.75, 0.74, 0.2), (0.66, 0.24, 0.22), (-0.6, 0.2, 0.16), (0.74, 0.82, 0.15))):
        wag = 0.2 * size * sin(2 * pi * (time + index * 0.29))
        ink = (inks.cloth, inks.body, inks.lamp)[index % 3]
        pen.disc(x, y, size, ink, 0.46)
        pen.poly([(x - size * 0.8, y), (x - size * 1.5, y + size * 0.42 + wag), (x - size * 1.36, y + wag), (x - size * 1.5, y - size * 0.42 + wag)], ink)
        pen.poly([(x - 0.2 * size, y + 0.36 * size), (x - 0.5 * size, y + 0.75 * size), (x + 0.3 * size, y + 0.4 * size)], ink)
        pen.disc(x + size * 0.62, y + size * 0.08, size * 0.08, inks.light)


# --- things ---------------------------------------------------------------------------------------------------------


def bottle(pen: Figurine, _time: float, inks: Inks) -> None:
    glass, dark, pale = inks.cloth, mix(inks.cloth, inks.body, 0.5), mix(inks.cloth, inks.light, 0.6)
    pen.box(-0.17, 0.0, 0.34, 0.62, glass, 0.05)
    pen.poly([(-0.17, 0.58), (-0.06, 0.74), (-0.055, 0.9), (0.055, 0.9), (0.06, 0.74), (0.17, 0.58)], glass)
    pen.poly([(0.07, 0.02), (0.15, 0.03), (0.15, 0.58), (0.05, 0.73), (0.045, 0.88), (0.02, 0.88), (0.03, 0.7), (0.09, 0.57)], dark)
    pen.box(-0.135, 0.05, 0.03, 0.52, pale, 0.015)
    pen.box(-0.07, 0.88, 0.14, 0.12, inks.body, 0.02)
    pen.box(-0.165, 0.16, 0.33, 0.27, mix(inks.light, inks.cloth, 0.06))
    pen.disc(0.0, 0.32, 0.06, inks.lamp)
    pen.box(-0.09, 0.2, 0.18, 0.014, inks.body)


def cup(pen: Figurine, time: float, inks: Inks) -> None:
    china = mix(inks.light, inks.cloth, 0.12)
    pen.disc(0.0, 0.05, 0.62, mix(china, inks.body, 0.25), 0.09)
    pen.disc(0.0, 0.08, 0.5, china, 0.09)
    pen.ring(0.38, 0.34, 0.15, 0.05, china)
    pen.poly([(-0.4, 0.56), (0.4, 0.56), (0.34, 0.24), (0.2, 0.08), (-0.2, 0.08), (-0.34, 0.24)], china)
    pen.poly([(0.14, 0.54), (0.4, 0.56), (0.34, 0.24), (0.2, 0.08), (0.08, 0.08), (0.16, 0.26)], mix(china, inks.body, 0.2))
    pen.disc(0.0, 0.56, 0.4, china, 0.13)
    pen.disc(0.0, 0.555, 0.35, (74, 44, 30), 0.11)
    for index in range(3):
        rise = (time + index / 3) % 1
        x = -0.14 + index * 0.14
        steam = mix(inks.light, inks.body, 0.2 + 0.3 * rise)
        wisp = [(x + 0.05 * sin(5 * k + 6.28 * rise), 0.6 + 0.4 * k) for k in (0.0, 0.25, 0.5, 0.75, 1.0)]
        pen.limb(wisp, 0.014, steam)


def perfume(pen: Figurine, _time: float, inks: Inks) -> None:
    pen.box(-0.3, 0.0, 0.6, 0.58, mix(inks.cloth, inks.light, 0.35), 0.07)
    pen.box(-0.24, 0.05, 0.48, 0.42, inks.cloth, 0.04)
    pen.poly([(-0.24, 0.05), (-0.1, 0.05), (-0.2, 0.47), (-0.24, 0.47)], mix(inks.cloth, inks.light, 0.5))
    pen.poly([(0.12, 0.05), (0.24, 0.05), (0.24, 0.47), (0.2, 0.47)], mix(inks.cloth, inks.body, 0.4))
    pen.box(-0.08, 0.58, 0.16, 0.07, inks.lamp)
    pen.box(-0.13, 0.65, 0.26, 0.26, mix(inks.body, inks.light, 0.12), 0.04)
    pen.box(-0.1, 0.68, 0.03, 0.2, mix(inks.body, inks.light, 0.6))
    pen.box(-0.12, 0.2, 0.24, 0.1, mix(inks.light, inks.cloth, 0.1))
    pen.box(-0.07, 0.24, 0.14, 0.015, inks.body)


def phone(pen: Figurine, time: float, inks: Inks) -> None:
    pen.box(-0.25, 0.0, 0.5, 1.0, inks.body, 0.07)
    pen.box(-0.225, 0.025, 0.45, 0.95, mix(inks.cloth, inks.light, 0.25), 0.05)
    pen.box(-0.08, 0.92, 0.16, 0.028, inks.body, 0.014)
    pen.disc(0.0, 0.66, 0.12 + 0.012 * sin(2 * pi * time), inks.lamp)
    for row in range(3):
        pen.box(-0.17, 0.36 - row * 0.11, 0.34, 0.075, mix(inks.light, inks.cloth, 0.12), 0.02)


def watch(pen: Figurine, time: float, inks: Inks) -> None:
    pen.poly([(-0.17, 0.0), (0.17, 0.0), (0.21, 0.3), (-0.21, 0.3)], inks.cloth)
    pen.poly([(-0.21, 0.7), (0.21, 0.7), (0.17, 1.0), (-0.17, 1.0)], inks.cloth)
    pen.box(0.29, 0.47, 0.07, 0.06, inks.lamp, 0.01)
    pen.disc(0.0, 0.5, 0.31, inks.lamp)
    pen.disc(0.0, 0.5, 0.27, inks.body)
    for hour in range(12):
        angle = hour * pi / 6
        pen.limb([(0.21 * sin(angle), 0.5 + 0.21 * cos(angle)), (0.24 * sin(angle), 0.5 + 0.24 * cos(angle))], 0.014, inks.light)
    for angle, length, width, ink in ((-1.0, 0.13, 0.022, inks.light), (0.9, 0.19, 0.016, inks.light), (2 * pi * time, 0.21, 0.007, inks.lamp)):
        pen.limb([(0.0, 0.5), (length * sin(angle), 0.5 + length * cos(angle))], width, ink)


def shoe(pen: Figurine, _time: float, inks: Inks) -> None:
    pen.poly([(-0.9, 0.16), (-0.86, 0.86), (-0.62, 1.0), (-0.3, 0.92), (0.0, 0.62), (0.5, 0.46), (0.86, 0.36), (0.98, 0.16)], inks.cloth)
    pen.poly([(-0.9, 0.16), (-0.88, 0.5), (-0.6, 0.42), (-0.46, 0.16)], mix(inks.cloth, inks.body, 0.35))
    pen.poly([(0.52, 0.46), (0.86, 0.36), (0.98, 0.16), (0.44, 0.16)], mix(inks.cloth, inks.light, 0.35))
    pen.poly([(-0.4, 0.24), (0.34, 0.26), (0.06, 0.4), (-0.3, 0.62)], inks.light)
    for lace in range(4):
        x = -0.22 + lace * 0.15
        pen.limb([(x, 0.82 - lace * 0.1), (x + 0.13, 0.84 - lace * 0.1)], 0.035, inks.light)
    pen.poly([(-0.98, 0.2), (1.04, 0.2), (1.0, 0.03), (0.8, 0.0), (-0.92, 0.0)], inks.light)
    pen.box(-0.94, 0.0, 1.86, 0.05, inks.lamp)


def book(pen: Figurine, time: float, inks: Inks) -> None:
    page = mix(inks.light, inks.cloth, 0.06)
    for side in (-1, 1):
        pen.poly([(0, 0.1), (side * 1.0, 0.26), (side * 1.0, 0.36), (0, 0.2)], inks.cloth)
        pen.poly([(0, 0.2), (side * 0.5, 0.5), (side * 0.95, 0.42), (side * 0.95, 0.34), (0, 0.14)], mix(page, inks.body, 0.12 * (side > 0)))
    lift = sin(pi * time)
    pen.poly([(0, 0.2), (0.4 * cos(pi * time), 0.5 + 0.3 * lift), (0.85 * cos(pi * time), 0.4 + 0.5 * lift)], page)


def lantern(pen: Figurine, time: float, inks: Inks) -> None:
    sway = 0.03 * sin(2 * pi * time)
    pen.limb([(0, 1.0), (sway * 0.4, 0.86)], 0.015, inks.body)
    pen.disc(sway, 0.54, 0.34, mix(inks.lamp, inks.cloth, 0.4), 0.86)
    pen.disc(sway, 0.54, 0.2, inks.lamp, 1.4)
    pen.disc(sway, 0.54, 0.08, mix(inks.lamp, (255, 250, 220), 0.6), 3.2)
    for y in (0.82, 0.22):
        pen.box(-0.15 + sway, y, 0.3, 0.045, inks.body)
    for x in (-0.05, 0.0, 0.05):
        pen.limb([(x + sway, 0.22), (x + sway * 1.5, 0.03)], 0.012, inks.cloth)


def tree(pen: Figurine, time: float, inks: Inks) -> None:
    sway = 0.012 * sin(2 * pi * time)
    pen.poly([(-0.05, 0.0), (0.06, 0.0), (0.035, 0.5), (-0.02, 0.5)], inks.body)
    pen.limb([(0.0, 0.32), (0.2, 0.55)], 0.03, inks.body)
    pen.limb([(0.0, 0.36), (-0.18, 0.55)], 0.03, inks.body)
    dark, pale = mix(inks.cloth, inks.body, 0.45), mix(inks.cloth, inks.light, 0.2)
    for ink, lift, size in ((dark, -0.03, 1.0), (inks.cloth, 0.02, 0.84), (pale, 0.07, 0.5)):
        for x, y, radius in ((0, 0.76, 0.22), (-0.22, 0.64, 0.17), (0.24, 0.66, 0.17), (-0.12, 0.84, 0.14), (0.14, 0.85, 0.14), (0.04, 0.58, 0.17)):
            pen.disc(x + sway * (y + 0.4), y + lift, radius * size, ink)


def balloon(pen: Figurine, time: float, inks: Inks) -> None:
    bob = 0.01 * sin(2 * pi * time)
    pale = mix(inks.cloth, inks.light, 0.55)
    for half, ink in ((0.32, inks.cloth), (0.2, pale), (0.075, inks.cloth)):
        pen.disc(0, 0.68 + bob, half, ink, 0.32 / half)
        pen.poly([(-half * 0.94, 0.58 + bob), (half * 0.94, 0.58 + bob), (half * 0.25, 0.28 + bob), (-half * 0.25, 0.28 + bob)], ink)
    for x in (-0.07, 0.07):
        pen.limb([(x, 0.28 + bob), (x * 0.8, 0.13 + bob)], 0.006, inks.body)
    pen.box(-0.065, 0.04 + bob, 0.13, 0.1, inks.body, 0.015)


def rocket(pen: Figurine, time: float, inks: Inks) -> None:
    flame = 0.08 * sin(6 * pi * time)
    pen.poly([(-0.09, 0.24), (0.09, 0.24), (0.0, 0.0 - flame * 0.2)], inks.lamp)
    pen.poly([(-0.05, 0.24), (0.05, 0.24), (0.0, 0.1 + flame)], (255, 246, 214))
    for side in (-1, 1):
        pen.poly([(side * 0.1, 0.44), (side * 0.25, 0.2), (side * 0.1, 0.26)], inks.cloth)
    shell = mix(inks.light, inks.body, 0.08)
    pen.poly([(-0.12, 0.24), (-0.15, 0.5), (-0.12, 0.74), (0, 1.0), (0.12, 0.74), (0.15, 0.5), (0.12, 0.24)], shell)
    pen.poly([(0.03, 0.24), (0.05, 0.5), (0.04, 0.74), (0, 1.0), (0.12, 0.74), (0.15, 0.5), (0.12, 0.24)], mix(shell, inks.body, 0.3))
    pen.poly([(-0.107, 0.78), (0, 1.0), (0.107, 0.78)], inks.cloth)
    pen.disc(0, 0.6, 0.065, inks.body)
    pen.disc(0, 0.6, 0.045, mix(inks.light, (120, 190, 230), 0.6))


def lighthouse(pen: Figurine, time: float, inks: Inks) -> None:
    white = mix(inks.light, inks.body, 0.1)
    pen.poly([(-0.3, 0.0), (0.34, 0.0), (0.22, 0.1), (-0.18, 0.12)], inks.body)
    for band in range(5):
        low, high = 0.08 + band * 0.14, 0.22 + band * 0.14
        half = [0.13 - 0.06 * (y - 0.08) / 0.7 for y in (low, high)]
        ink = inks.cloth if band % 2 else white
        pen.poly([(-half[0], low), (half[0], low), (half[1], high), (-half[1], high)], ink)
    pen.box(-0.1, 0.77, 0.2, 0.025, inks.body)
    pen.box(-0.055, 0.79, 0.11, 0.1, mix(inks.lamp, (255, 250, 220), 0.5 + 0.5 * sin(2 * pi * time)))
    pen.poly([(-0.08, 0.89), (0.08, 0.89), (0.0, 0.99)], inks.cloth)


FIGURES: Final[Mapping[str, Figure]] = {
    "runner": Figure(draw=runner, height=300, poses=16, wide=0.95, pace=2.0),
    "walker": Figure(draw=walker, height=270, poses=26, wide=0.7, pace=0.75),
    "child": Figure(draw=child, height=190, poses=18, wide=0.85, pace=0.75),
    "dancer": Figure(draw=dancer, height=310, poses=48, wide=0.9),
    "umbrella": Figure(draw=umbrella, height=290, poses=28, wide=1.0, pace=0.75),
    "robot": Figure(draw=robot, height=290, poses=36, wide=0.7, pace=0.5),
    "cyclist": Figure(draw=cyclist, height=280, poses=24, wide=1.3, pace=1.0),
    "car": Figure(draw=car, height=170, poses=8, wide=2.8, pace=1.75),
    "train": Figure(draw=train, height=190, wide=9.8, pace=4.0),
    "boat": Figure(draw=boat, height=240, poses=72, wide=1.1, pace=0.5, home="water"),
    "fishing_boat": Figure(draw=fishing_boat, height=190, poses=72, wide=2.2, pace=0.25, home="water"),
    "ship": Figure(draw=ship, height=170, wide=3.3, pace=0.5, home="water"),
    "birds": Figure(draw=birds, height=130, poses=20, wide=2.7, pace=1.0, home="air", dyed=True),
    "balloon": Figure(draw=balloon, height=330, poses=96, wide=0.75, pace=0.25, home="air"),
    "rocket": Figure(draw=rocket, height=330, poses=12, wide=0.7, home="air"),
    "dog": Figure(draw=dog, height=130, poses=14, wide=1.8, pace=1.0, dyed=True),
    "cat": Figure(draw=cat, height=130, poses=64, wide=1.4, dyed=True),
    "horse": Figure(draw=horse, height=270, poses=16, wide=1.8, pace=1.5, dyed=True),
    "fish": Figure(draw=fish, height=220, poses=28, wide=2.5, pace=0.75, home="air"),
    "tree": Figure(draw=tree, height=420, poses=96, wide=0.9),
    "lighthouse": Figure(draw=lighthouse, height=330, poses=64, wide=0.75),
    "lantern": Figure(draw=lantern, height=150, poses=72, wide=0.9, home="air"),
    "bottle": Figure(draw=bottle, height=380, wide=0.5, home="table"),
    "cup": Figure(draw=cup, height=230, poses=48, wide=1.4, home="table"),
    "perfume": Figure(draw=perfume, height=320, wide=0.75, home="table"),
    "phone": Figure(draw=phone, height=370, poses=48, wide=0.6, home="table"),
    "watch": Figure(draw=watch, height=330, poses=96, wide=0.8, home="table"),
    "shoe": Figure(draw=shoe, height=200, wide=2.2, home="table"),
    "book": Figure(draw=book, height=220, poses=96, wide=2.1, home="table"),
}
