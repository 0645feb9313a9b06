"""Things: what stands on a table, hangs in the air or grows."""

from __future__ import annotations

from math import cos, pi, sin

from pipeline.media.animatic.figurine import Figurine, Inks
from pipeline.media.animatic.palette import mix


def bottle(pen: Figurine, _time: float, inks: Inks) -> None:
    glass, dark, pale = inks.cloth, mix(inks.cloth, inks.body, 0.5), mix(inks.cloth, inks.light, 0.6)
    pen.box(-0.17, 0.0, 0.34, 0.62, glass, 0.05)
    pen.poly([(-0.17, 0.58), (-0.06, 0.74), (-0.055, 0.9), (0.055, 0.9), (0.06, 0.74), (0.17, 0.58)], glass)
    pen.poly(
        [
            (0.07, 0.02),
            (0.15, 0.03),
            (0.15, 0.58),
            (0.05, 0.73),
            (0.045, 0.88),
            (0.02, 0.88),
            (0.03, 0.7),
            (0.09, 0.57),
        ],
        dark,
    )
    pen.box(-0.135, 0.05, 0.03, 0.52, pale, 0.015)
    pen.box(-0.07, 0.88, 0.14, 0.12, inks.body, 0.02)
    pen.box(-0.165, 0.16, 0.33, 0.27, mix(inks.light, inks.cloth, 0.06))
    pen.disc(0.0, 0.32, 0.06, inks.lamp)
    pen.box(-0.09, 0.2, 0.18, 0.014, inks.body)


def cup(pen: Figurine, _time: float, inks: Inks) -> None:
    china = mix(inks.light, inks.cloth, 0.12)
    pen.disc(0.0, 0.05, 0.62, mix(china, inks.body, 0.25), 0.09)
    pen.disc(0.0, 0.08, 0.5, china, 0.09)
    pen.ring(0.4, 0.36, 0.15, 0.05, mix(china, inks.body, 0.08))
    side = [(0.4 * (1 - (1 - k / 16) ** 2.6 * 0.52), 0.09 + 0.47 * k / 16) for k in range(17)]
    strips = 40
    for strip in range(strips):
        left, right = 2 * strip / strips - 1, 2 * (strip + 1) / strips - 1
        shade = mix(china, inks.body, 0.05 + 0.3 * abs((left + right) / 2 + 0.35) ** 1.5)
        pen.poly([(left * x, y) for x, y in side] + [(x, y) for x, y in side[::-1]], shade)
        pen.disc((left + right) / 2 * side[0][0], 0.09, 0.2 / strips * 2, shade, 1.4)
    pen.disc(0.0, 0.56, 0.4, mix(china, inks.light, 0.5), 0.15)
    pen.disc(0.0, 0.556, 0.37, mix(china, inks.body, 0.22), 0.14)
    pen.disc(0.0, 0.548, 0.35, (74, 44, 30), 0.125)
    pen.disc(-0.06, 0.545, 0.22, (104, 66, 42), 0.1)


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
        pen.limb(
            [(0.21 * sin(angle), 0.5 + 0.21 * cos(angle)), (0.24 * sin(angle), 0.5 + 0.24 * cos(angle))],
            0.014,
            inks.light,
        )
    for angle, length, width, ink in (
        (-1.0, 0.13, 0.022, inks.light),
        (0.9, 0.19, 0.016, inks.light),
        (2 * pi * time, 0.21, 0.007, inks.lamp),
    ):
        pen.limb([(0.0, 0.5), (length * sin(angle), 0.5 + length * cos(angle))], width, ink)


def shoe(pen: Figurine, _time: float, inks: Inks) -> None:
    pen.poly(
        [(-0.9, 0.16), (-0.86, 0.86), (-0.62, 1.0), (-0.3, 0.92), (0.0, 0.62), (0.5, 0.46), (0.86, 0.36), (0.98, 0.16)],
        inks.cloth,
    )
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
        pen.poly(
            [(0, 0.2), (side * 0.5, 0.5), (side * 0.95, 0.42), (side * 0.95, 0.34), (0, 0.14)],
            mix(page, inks.body, 0.12 * (side > 0)),
        )
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
        for x, y, radius in (
            (0, 0.76, 0.22),
            (-0.22, 0.64, 0.17),
            (0.24, 0.66, 0.17),
            (-0.12, 0.84, 0.14),
            (0.14, 0.85, 0.14),
            (0.04, 0.58, 0.17),
        ):
            pen.disc(x + sway * (y + 0.4), y + lift, radius * size, ink)


def balloon(pen: Figurine, time: float, inks: Inks) -> None:
    bob = 0.01 * sin(2 * pi * time)
    pale = mix(inks.cloth, inks.light, 0.55)
    for half, ink in ((0.32, inks.cloth), (0.2, pale), (0.075, inks.cloth)):
        pen.disc(0, 0.68 + bob, half, ink, 0.32 / half)
        pen.poly(
            [
                (-half * 0.94, 0.58 + bob),
                (half * 0.94, 0.58 + bob),
                (half * 0.25, 0.28 + bob),
                (-half * 0.25, 0.28 + bob),
            ],
            ink,
        )
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
    pen.poly(
        [(0.03, 0.24), (0.05, 0.5), (0.04, 0.74), (0, 1.0), (0.12, 0.74), (0.15, 0.5), (0.12, 0.24)],
        mix(shell, inks.body, 0.3),
    )
    pen.poly([(-0.107, 0.78), (0, 1.0), (0.107, 0.78)], inks.cloth)
    pen.disc(0, 0.6, 0.065, inks.body)
    pen.disc(0, 0.6, 0.045, mix(inks.light, (120, 190, 230), 0.6))


def lighthouse(pen: Figurine, _time: float, inks: Inks) -> None:
    white, rock = mix(inks.light, inks.body, 0.1), mix(inks.body, inks.light, 0.12)
    pen.poly([(-0.52, 0.0), (-0.46, 0.05), (-0.3, 0.06), (-0.2, 0.13), (0.18, 0.13), (0.26, 0.08), (0.42, 0.07),
              (0.54, 0.0)], inks.body)  # fmt: skip
    pen.poly([(-0.2, 0.13), (-0.05, 0.13), (-0.12, 0.05), (-0.28, 0.05)], rock)
    pen.poly([(0.18, 0.13), (0.26, 0.08), (0.2, 0.02), (0.08, 0.06)], rock)
    for band in range(5):
        low, high = 0.08 + band * 0.14, 0.22 + band * 0.14
        half = [0.13 - 0.06 * (y - 0.08) / 0.7 for y in (low, high)]
        ink = inks.cloth if band % 2 else white
        pen.poly([(-half[0], low), (half[0], low), (half[1], high), (-half[1], high)], ink)
        pen.poly(
            [(half[0] * 0.3, low), (half[0], low), (half[1], high), (half[1] * 0.3, high)], mix(ink, inks.body, 0.3)
        )
    pen.box(-0.1, 0.77, 0.2, 0.025, inks.body)
    pen.box(-0.055, 0.79, 0.11, 0.1, mix(inks.lamp, (255, 250, 220), 0.7))
    pen.poly([(-0.08, 0.89), (0.08, 0.89), (0.0, 0.99)], inks.cloth)
