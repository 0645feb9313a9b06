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
        (-1.3, 0.24),
        (-1.3, 0.5),
        (-1.16, 0.58),
        (-0.8, 0.62),
        (-0.5, 0.95),
        (0.3, 0.98),
        (0.72, 0.64),
        (1.16, 0.54),
        (1.3, 0.42),
        (1.3, 0.24),
    ]
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
