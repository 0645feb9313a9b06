"""Animals that run, fly, swim or sit."""

from __future__ import annotations

from math import cos, pi, sin

from pipeline.media.animatic.brush import Point
from pipeline.media.animatic.figurine import Figurine, Inks, polar
from pipeline.media.animatic.palette import Colour, mix


def _four_legs(pen: Figurine, time: float, ink: Colour, hips: Point, length: float, width: float) -> None:
    for index, (x, offset) in enumerate(
        ((hips[0], 0.0), (hips[0] + 0.06, 0.12), (hips[1], 0.5), (hips[1] + 0.06, 0.62))
    ):
        phase = 2 * pi * (time + offset)
        angle = 0.75 * sin(phase)
        bend = (0.15 + 0.9 * max(0.0, cos(phase))) * (-1 if index < 2 else 1) * (1 if index < 2 else -1)
        knee = polar((x, length), angle, length * 0.55)
        pen.limb([(x, length + 0.03), knee, polar(knee, angle + bend, length * 0.5)], width, ink)


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


def fox(pen: Figurine, time: float, inks: Inks) -> None:
    """A trot, the brush held low behind."""
    bob = 0.03 * sin(4 * pi * time)
    red, dark, pale = inks.lit((226, 112, 44)), inks.lit((74, 40, 34)), inks.lit((250, 240, 228))
    _four_legs(pen, time, dark, (-0.34, 0.3), 0.42 + bob, 0.06)
    sway = 0.05 * sin(2 * pi * time)
    pen.curve(
        [(-0.36, 0.66 + bob), (-0.62, 0.6 + bob), (-0.98, 0.5 + sway), (-1.12, 0.42 + sway), (-0.94, 0.34 + sway),
         (-0.6, 0.38 + bob), (-0.36, 0.5 + bob)], red,
    )  # fmt: skip
    pen.curve([(-0.92, 0.5 + sway), (-1.14, 0.42 + sway), (-0.9, 0.36 + sway)], pale)
    pen.limb([(-0.34, 0.56 + bob), (0.0, 0.54 + bob), (0.32, 0.58 + bob)], 0.24, red)
    pen.limb([(0.34, 0.62 + bob), (0.5, 0.78 + bob)], 0.17, red)
    pen.poly([(0.3, 0.46 + bob), (0.46, 0.5 + bob), (0.52, 0.7 + bob), (0.42, 0.66 + bob)], pale)
    pen.disc(0.56, 0.82 + bob, 0.125, red)
    pen.poly([(0.56, 0.92 + bob), (0.88, 0.76 + bob), (0.56, 0.71 + bob)], red)
    pen.poly([(0.6, 0.755 + bob), (0.88, 0.76 + bob), (0.58, 0.705 + bob)], pale)
    pen.disc(0.87, 0.765 + bob, 0.024, dark)
    for x in (0.46, 0.58):
        pen.poly([(x - 0.07, 0.88 + bob), (x + 0.07, 0.9 + bob), (x - 0.02, 1.1 + bob)], red)
    pen.disc(0.63, 0.84 + bob, 0.018, dark)


def deer(pen: Figurine, time: float, inks: Inks) -> None:
    bob = 0.012 * sin(4 * pi * time)
    coat, pale = inks.lit((158, 104, 66)), inks.lit((240, 226, 204))
    _four_legs(pen, time, mix(coat, inks.body, 0.4), (-0.26, 0.22), 0.42 + bob, 0.036)
    pen.limb([(-0.25, 0.52 + bob), (0.0, 0.5 + bob), (0.22, 0.53 + bob)], 0.17, coat)
    pen.poly([(0.14, 0.58 + bob), (0.29, 0.48 + bob), (0.42, 0.76 + bob), (0.33, 0.8 + bob)], coat)
    pen.limb([(0.37, 0.79 + bob), (0.5, 0.72 + bob)], 0.075, coat)
    pen.poly([(0.34, 0.8 + bob), (0.22, 0.86 + bob), (0.33, 0.84 + bob)], coat)
    pen.disc(-0.34, 0.55 + bob, 0.045, pale, 1.4)
    horn = mix(inks.body, pale, 0.4)
    for x, lean in ((0.35, -0.1), (0.39, 0.02)):
        stem = [(x, 0.82 + bob), (x + lean * 0.8, 0.92 + bob), (x + lean * 0.4, 1.04 + bob)]
        pen.limb(stem, 0.018, horn)
        for at, out in ((0.89, 0.08), (0.96, 0.09)):
            pen.limb([(x + lean * 0.7, at + bob), (x + lean * 0.7 + out, at + 0.07 + bob)], 0.014, horn)


def camel(pen: Figurine, time: float, inks: Inks) -> None:
    bob = 0.015 * sin(4 * pi * time)
    coat = inks.lit((190, 142, 90))
    _four_legs(pen, time, mix(coat, inks.body, 0.3), (-0.28, 0.2), 0.46 + bob, 0.045)
    pen.curve(
        [(-0.38, 0.5 + bob), (-0.36, 0.66 + bob), (-0.2, 0.72 + bob), (-0.06, 0.92 + bob), (0.08, 0.72 + bob),
         (0.26, 0.66 + bob), (0.28, 0.5 + bob), (0.0, 0.44 + bob)], coat,
    )  # fmt: skip
    pen.limb([(0.24, 0.58 + bob), (0.4, 0.56 + bob), (0.5, 0.76 + bob), (0.5, 0.9 + bob)], 0.09, coat)
    pen.limb([(0.5, 0.92 + bob), (0.63, 0.88 + bob)], 0.075, coat)
    pen.poly([(0.45, 0.94 + bob), (0.44, 1.0 + bob), (0.51, 0.95 + bob)], coat)
    pen.poly([(-0.18, 0.72 + bob), (0.06, 0.72 + bob), (0.1, 0.56 + bob), (-0.2, 0.56 + bob)], inks.cloth)
    pen.limb([(-0.38, 0.6 + bob), (-0.43, 0.42 + 0.02 * sin(2 * pi * time))], 0.022, coat)


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
    for index, (x, y, size) in enumerate(
        ((0, 0.62, 0.3), (-0.62, 0.4, 0.22), (0.6, 0.8, 0.2), (-1.1, 0.72, 0.16), (1.1, 0.5, 0.15), (0.32, 0.24, 0.17))
    ):
        flap = sin(2 * pi * (time + index * 0.23))
        tip, elbow = 0.32 * flap * size, 0.34 * size
        pen.limb([(x - size, y + tip), (x - size * 0.45, y + elbow * 0.6 + tip * 0.3), (x, y)], 0.1 * size, inks.body)
        pen.limb([(x + size, y + tip), (x + size * 0.45, y + elbow * 0.6 + tip * 0.3), (x, y)], 0.1 * size, inks.body)
        pen.limb([(x - 0.16 * size, y - 0.02), (x + 0.2 * size, y)], 0.16 * size, inks.body)


def fish(pen: Figurine, time: float, inks: Inks) -> None:
    for index, (x, y, size) in enumerate(
        ((0, 0.5, 0.34), (-0.75, 0.74, 0.2), (0.66, 0.24, 0.22), (-0.6, 0.2, 0.16), (0.74, 0.82, 0.15))
    ):
        wag = 0.2 * size * sin(2 * pi * (time + index * 0.29))
        ink = (inks.cloth, inks.body, inks.lamp)[index % 3]
        pen.disc(x, y, size, ink, 0.46)
        pen.poly(
            [
                (x - size * 0.8, y),
                (x - size * 1.5, y + size * 0.42 + wag),
                (x - size * 1.36, y + wag),
                (x - size * 1.5, y - size * 0.42 + wag),
            ],
            ink,
        )
        pen.poly(
            [(x - 0.2 * size, y + 0.36 * size), (x - 0.5 * size, y + 0.75 * size), (x + 0.3 * size, y + 0.4 * size)],
            ink,
        )
        pen.disc(x + size * 0.62, y + size * 0.08, size * 0.08, inks.light)
