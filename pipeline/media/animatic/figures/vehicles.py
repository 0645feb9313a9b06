"""What carries people: on wheels, on rails, afloat."""

from __future__ import annotations

from math import cos, pi, sin

from pipeline.media.animatic.brush import Point
from pipeline.media.animatic.figurine import Figurine, Inks
from pipeline.media.animatic.palette import mix


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
    body = [
        (-1.28, 0.22), (-1.32, 0.44), (-1.2, 0.58), (-0.86, 0.64), (-0.56, 0.92), (-0.2, 0.98), (0.2, 0.95),
        (0.62, 0.66), (1.1, 0.57), (1.28, 0.46), (1.32, 0.3), (1.24, 0.22), (0.0, 0.2),
    ]  # fmt: skip
    pen.curve([(x, y + bob) for x, y in body], inks.cloth)
    glass = mix(inks.body, inks.light, 0.5)
    pen.poly([(-0.74, 0.65 + bob), (-0.5, 0.88 + bob), (-0.12, 0.91 + bob), (-0.12, 0.65 + bob)], glass)
    pen.poly([(-0.05, 0.65 + bob), (-0.05, 0.91 + bob), (0.18, 0.89 + bob), (0.5, 0.65 + bob)], glass)
    pen.limb([(-1.24, 0.5 + bob), (1.2, 0.5 + bob)], 0.018, mix(inks.cloth, inks.body, 0.3))
    pen.box(-1.28, 0.18 + bob, 2.56, 0.09, inks.body, 0.03)
    pen.disc(1.24, 0.42 + bob, 0.06, inks.lamp)
    pen.disc(-1.27, 0.46 + bob, 0.045, (226, 40, 40))
    for x in (-0.8, 0.8):
        _wheel(pen, x, 0.21, time, inks)


def _wheel(pen: Figurine, x: float, radius: float, time: float, inks: Inks) -> None:
    pen.disc(x, radius, radius, mix(inks.body, (16, 16, 20), 0.7))
    pen.disc(x, radius, radius * 0.6, mix(inks.body, inks.light, 0.5))
    for spoke in range(5):
        angle = -2 * pi * (time + spoke) / 5
        pen.limb([(x, radius), (x + radius * 0.56 * cos(angle), radius * (1 + 0.56 * sin(angle)))], 0.022, inks.body)


def sports_car(pen: Figurine, time: float, inks: Inks) -> None:
    """Low and long: a wedge from the nose to the tail, a small cabin far back."""
    bob = 0.008 * sin(2 * pi * time)
    body = [
        (-1.72, 0.26), (-1.78, 0.5), (-1.68, 0.68), (-1.3, 0.74), (-0.9, 0.86), (-0.5, 0.99), (-0.1, 0.98),
        (0.3, 0.8), (0.56, 0.68), (1.1, 0.6), (1.56, 0.46), (1.78, 0.32), (1.76, 0.22), (0.9, 0.18), (-0.9, 0.18),
    ]  # fmt: skip
    pen.curve([(x, y + bob) for x, y in body], inks.cloth)
    pen.curve(
        [(-1.6, 0.3 + bob), (-0.6, 0.36 + bob), (0.7, 0.34 + bob), (1.6, 0.28 + bob), (1.5, 0.2 + bob),
         (-1.5, 0.2 + bob)], mix(inks.cloth, inks.body, 0.45),
    )  # fmt: skip
    glass = mix(inks.body, inks.light, 0.35)
    pen.curve(
        [(-0.82, 0.76 + bob), (-0.5, 0.93 + bob), (-0.12, 0.93 + bob), (0.42, 0.7 + bob), (-0.2, 0.71 + bob)], glass
    )
    pen.limb([(-0.26, 0.71 + bob), (-0.3, 0.94 + bob)], 0.04, inks.cloth)
    pen.poly([(-1.8, 0.86 + bob), (-1.36, 0.83 + bob), (-1.36, 0.79 + bob), (-1.78, 0.8 + bob)], inks.cloth)
    pen.limb([(-1.54, 0.8 + bob), (-1.5, 0.68 + bob)], 0.04, inks.body)
    pen.poly([(1.36, 0.5 + bob), (1.62, 0.42 + bob), (1.5, 0.39 + bob)], inks.lamp)
    pen.box(-1.78, 0.52 + bob, 0.1, 0.07, (240, 44, 40), 0.02)
    pen.limb([(-0.1, 0.58 + bob), (-0.5, 0.5 + bob)], 0.05, mix(inks.cloth, inks.body, 0.55))
    pen.limb([(-1.5, 0.62 + bob), (0.5, 0.62 + bob)], 0.014, mix(inks.cloth, inks.light, 0.5))
    for x in (-1.08, 1.08):
        pen.disc(x, 0.27, 0.3, inks.body)
        _wheel(pen, x, 0.25, time, inks)


def truck(pen: Figurine, time: float, inks: Inks) -> None:
    """A cab before a box."""
    bob = 0.005 * sin(2 * pi * time)
    pale = mix(inks.light, inks.cloth, 0.1)
    pen.box(-1.08, 0.16, 2.1, 0.1, inks.body)
    pen.box(-1.1, 0.25 + bob, 1.5, 0.72, pale, 0.02)
    pen.box(-1.1, 0.4 + bob, 1.5, 0.1, inks.cloth)
    pen.curve(
        [(0.44, 0.18 + bob), (0.44, 0.6 + bob), (0.46, 0.8 + bob), (0.8, 0.8 + bob), (0.96, 0.52 + bob),
         (1.06, 0.46 + bob), (1.07, 0.2 + bob), (0.7, 0.16 + bob)], inks.cloth,
    )  # fmt: skip
    pen.poly([(0.56, 0.52 + bob), (0.56, 0.73 + bob), (0.77, 0.73 + bob), (0.89, 0.52 + bob)],
             mix(inks.body, inks.light, 0.5))  # fmt: skip
    pen.disc(1.04, 0.34 + bob, 0.035, inks.lamp)
    for x in (-0.78, -0.46, 0.74):
        _wheel(pen, x, 0.15, time, inks)


def bus(pen: Figurine, time: float, inks: Inks) -> None:
    bob = 0.004 * sin(2 * pi * time)
    pen.box(-1.35, 0.13 + bob, 2.7, 0.84, inks.cloth, 0.09)
    pen.box(-1.35, 0.13 + bob, 2.7, 0.14, mix(inks.cloth, inks.body, 0.4), 0.04)
    pen.box(-1.3, 0.9 + bob, 2.6, 0.05, mix(inks.cloth, inks.light, 0.5), 0.02)
    glass = mix(mix(inks.body, inks.light, 0.45), inks.lamp, 0.35)
    for window in range(6):
        pen.box(-1.26 + window * 0.36, 0.52 + bob, 0.31, 0.3, glass, 0.03)
    pen.box(0.92, 0.24 + bob, 0.2, 0.6, glass, 0.02)
    pen.box(1.18, 0.46 + bob, 0.17, 0.38, glass, 0.05)
    pen.disc(1.3, 0.28 + bob, 0.035, inks.lamp)
    for x in (-0.86, 0.72):
        _wheel(pen, x, 0.15, time, inks)


def train(pen: Figurine, _time: float, inks: Inks) -> None:
    """A driving carriage in front, its nose sloping, and three behind."""
    for carriage in range(4):
        _carriage(pen, -5.1 + carriage * 2.1, inks, last=carriage < 3)
    nose = mix(inks.cloth, inks.body, 0.25)
    pen.curve([(3.0, 0.14), (3.0, 0.93), (3.5, 0.95), (4.1, 0.9), (4.6, 0.66), (4.96, 0.36), (4.98, 0.18), (4.6, 0.12)],
              inks.cloth)  # fmt: skip
    pen.poly([(3.2, 0.2), (4.93, 0.2), (4.97, 0.3), (3.2, 0.3)], nose)
    pen.curve([(4.02, 0.86), (4.24, 0.84), (4.56, 0.64), (4.5, 0.57), (4.08, 0.57)], mix(inks.body, inks.light, 0.25))
    pen.poly([(2.9, 0.31), (4.9, 0.31), (4.82, 0.36), (2.9, 0.36)], mix(inks.cloth, inks.light, 0.6))
    pen.box(3.5, 0.34, 0.26, 0.5, mix(inks.cloth, inks.body, 0.3), 0.03)
    pen.box(3.55, 0.56, 0.16, 0.22, inks.lamp, 0.02)
    pen.disc(4.8, 0.41, 0.05, (255, 250, 226))
    for bogie in (3.5, 4.2):
        _bogie(pen, bogie, inks)
    pen.limb([(1.9, 0.95), (2.12, 1.03), (1.95, 1.11)], 0.015, inks.body)
    pen.limb([(1.72, 1.11), (2.18, 1.11)], 0.015, inks.body)


def _carriage(pen: Figurine, x: float, inks: Inks, *, last: bool) -> None:
    long = 2.06
    pen.box(x + 0.1, 0.1, long - 0.2, 0.1, inks.body)
    pen.box(x, 0.16, long, 0.78, inks.cloth, 0.06)
    pen.box(x + 0.03, 0.88, long - 0.06, 0.05, mix(inks.cloth, inks.light, 0.35), 0.02)
    pen.box(x, 0.31, long, 0.05, mix(inks.cloth, inks.light, 0.6))
    pen.box(x, 0.16, long, 0.08, mix(inks.cloth, inks.body, 0.3), 0.03)
    for door in (0.3, 1.5):
        pen.box(x + door, 0.24, 0.26, 0.6, mix(inks.cloth, inks.body, 0.25), 0.02)
        pen.box(x + door + 0.04, 0.54, 0.18, 0.25, inks.lamp, 0.02)
    for window in (0.06, 0.64, 0.92, 1.2, 1.8):
        pen.box(x + window, 0.54, 0.2, 0.25, inks.lamp, 0.03)
    for bogie in (0.45, 1.6):
        _bogie(pen, x + bogie, inks)
    if last:
        pen.box(x + long - 0.02, 0.22, 0.1, 0.62, mix(inks.body, (10, 10, 14), 0.4))


def _bogie(pen: Figurine, x: float, inks: Inks) -> None:
    pen.box(x - 0.28, 0.09, 0.56, 0.07, inks.body, 0.02)
    for wheel in (-0.17, 0.17):
        pen.disc(x + wheel, 0.075, 0.075, mix(inks.body, (12, 12, 16), 0.5))
        pen.disc(x + wheel, 0.075, 0.03, mix(inks.body, inks.light, 0.4))


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
