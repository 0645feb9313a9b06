"""What stands in several places: rows of houses, trees, grass, lamps, furniture. Each puts one layer onto the stage."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import cos, pi, sin
from typing import Final

from pipeline.media.animatic.brush import Pen, wander
from pipeline.media.animatic.figures.people import stander
from pipeline.media.animatic.figurine import Figurine, Inks
from pipeline.media.animatic.palette import Colour, mix
from pipeline.media.animatic.spots import SNOW
from pipeline.media.animatic.stage import Spread, Stage


def skyline(
    stage: Stage, depth: float, y: float, low: float, high: float, wide: float = 70, *, colour: Colour | None = None
) -> None:
    """Towers between `low` and `high` u, about `wide` u across, with windows that are lit when it is dark."""
    u, rng = stage.u, stage.rng
    base = colour or stage.palette.silhouette(depth)
    window = mix(base, stage.palette.accent, 0.25 + 0.7 * stage.palette.lamps)
    unlit = mix(base, stage.palette.horizon, 0.16)

    def draw(pen: Pen, spread: Spread) -> None:
        foot, x = (high + 40) * u, -20.0 * u
        while x < spread.size_px[0]:
            across = float(rng.uniform(0.6, 1.5)) * wide * u
            tall = float(low + (high - low) * rng.random() ** 1.7) * u
            shade = mix(base, stage.palette.horizon, 0.1 * float(rng.random()))
            pen.box(x, foot - tall, across, spread.size_px[1], shade)
            _roof(pen, x, foot - tall, across, shade, int(rng.integers(6)), u)
            if stage.snowy:
                pen.box(x, foot - tall - 3 * u, across, 6 * u, mix(base, stage.soil(SNOW, depth), 0.6), 2 * u)
            _windows(pen, (x, foot - tall, across, tall + 60 * u), (window, unlit), stage, depth)
            x += across + float(rng.choice([-6, 0, 2, 10])) * u

    stage.drawing(depth, y - (high + 40) * u, None, draw)


def _roof(pen: Pen, x: float, top: float, across: float, colour: Colour, kind: int, u: float) -> None:
    if kind == 0:
        pen.box(x + across * 0.2, top - 18 * u, across * 0.6, 20 * u, colour)
    elif kind == 1:
        pen.line([(x + across / 2, top), (x + across / 2, top - 38 * u)], 2 * u, colour)
    elif kind == 2:
        pen.polygon([(x, top + 1), (x + across, top + 1), (x + across, top - 22 * u)], colour)
    elif kind == 3:
        pen.polygon([(x, top + 1), (x + across / 2, top - 30 * u), (x + across, top + 1)], colour)


def _windows(
    pen: Pen, box: tuple[float, float, float, float], inks: tuple[Colour, Colour], stage: Stage, depth: float
) -> None:
    x, top, across, tall = box
    step_x, step_y = (9 + 9 * depth) * stage.u, (12 + 13 * depth) * stage.u
    lit = 0.08 + 0.4 * stage.palette.lamps
    for row in range(int((tall - 10 * stage.u) / step_y)):
        for column in range(int((across - 8 * stage.u) / step_x)):
            chance = stage.rng.random()
            if chance < lit or chance > 0.75:
                left, upper = x + 6 * stage.u + column * step_x, top + 8 * stage.u + row * step_y
                pen.box(left, upper, step_x * 0.5, step_y * 0.5, inks[0] if chance < lit else inks[1])


def gables(
    stage: Stage, depth: float, y: float, size: float, walls: Sequence[Colour] = (), *, curved: bool = False
) -> None:
    """A row of small houses with roofs, `size` u high; `curved` roofs turn up at their ends."""
    u, rng = stage.u, stage.rng
    base = stage.palette.silhouette(depth)
    roof = stage.soil(SNOW, depth) if stage.snowy else mix(base, stage.palette.near, 0.5)
    lamp = mix(base, stage.palette.accent, 0.3 + 0.65 * stage.palette.lamps)

    def draw(pen: Pen, spread: Spread) -> None:
        foot, x = size * 1.6 * u, -30.0 * u
        while x < spread.size_px[0]:
            across, tall = float(rng.uniform(0.8, 1.4)) * size * u, float(rng.uniform(0.55, 1.0)) * size * u
            wall = mix(base, stage.palette.lit(walls[int(rng.integers(len(walls)))], depth), 0.7) if walls else base
            pen.box(x, foot - tall, across, spread.size_px[1], wall)
            over, rise = across * 0.1, size * 0.34 * u
            if curved:
                eave = foot - tall
                pen.polygon(
                    [(x - over * 2, eave - rise * 0.28), (x - over, eave), (x + across + over, eave),
                     (x + across + over * 2, eave - rise * 0.28), (x + across * 0.78, eave - rise * 0.8),
                     (x + across * 0.22, eave - rise * 0.8)], roof,
                )  # fmt: skip
            else:
                pen.polygon(
                    [
                        (x - over, foot - tall + 2),
                        (x + across / 2, foot - tall - rise),
                        (x + across + over, foot - tall + 2),
                    ],
                    roof,
                )
            for place in range(2):
                if rng.random() < 0.75:
                    left = x + across * (0.2 + 0.4 * place)
                    pen.box(left, foot - tall * 0.7, across * 0.18, tall * 0.28, lamp)
            x += across + float(rng.choice([-4, 0, 12, 40])) * u

    stage.drawing(depth, y - size * 1.6 * u, None, draw)


def pines(stage: Stage, depth: float, y: float, size: float, gap: float = 0.5, colour: Colour | None = None) -> None:
    """A row of pointed trees about `size` u high."""
    u, rng = stage.u, stage.rng
    base = colour or stage.palette.silhouette(depth)
    snow = mix(base, stage.soil(SNOW, depth), 0.7) if stage.snowy else None

    def draw(pen: Pen, spread: Spread) -> None:
        foot, x = size * 1.35 * u, -40.0 * u
        hills = wander(spread.size_px[0] + int(200 * u), 300 * u, rng, 2) * 18 * u
        pen.box(-10, foot, spread.size_px[0] + 20, spread.size_px[1], base)
        while x < spread.size_px[0] + 40 * u:
            tall = float(rng.uniform(0.55, 1.3)) * size * u
            lift = foot + float(hills[max(0, int(x))]) + 8 * u
            ink = mix(base, stage.palette.horizon, 0.07 * float(rng.random()))
            for tier in range(5):
                half = tall * 0.2 * (0.25 + 0.2 * tier)
                top = lift - tall + tall * 0.16 * tier
                pen.polygon([(x - half, top + tall * 0.27), (x, top), (x + half, top + tall * 0.27)], ink)
                if snow:
                    pen.polygon(
                        [(x - half * 0.5, top + tall * 0.12), (x, top), (x + half * 0.5, top + tall * 0.14)], snow
                    )
            pen.box(x - tall * 0.02, lift - tall * 0.14, tall * 0.04, tall * 0.5, ink)
            x += float(rng.uniform(0.4, 1.5)) * size * gap * u

    stage.drawing(depth, y - size * 1.35 * u, None, draw, rim=0.25)


def trunks(stage: Stage, depth: float, wide: float, count: int, *, bamboo: bool = False) -> None:
    """Trees so near that they leave the frame above."""
    u, rng = stage.u, stage.rng
    base = stage.palette.silhouette(depth)
    if bamboo:
        base = mix(base, stage.palette.lit((96, 150, 70), depth), 0.5)

    def draw(pen: Pen, spread: Spread) -> None:
        for number in range(count * spread.size_px[0] // stage.width + 1):
            x = (number + float(rng.uniform(0.1, 0.9))) * stage.width / count
            half, lean = wide * u * float(rng.uniform(0.35, 0.75)), float(rng.uniform(-30, 30)) * u
            foot = stage.height * (0.66 + 0.3 * depth)
            pen.polygon(
                [(x - half, foot), (x + half, foot), (x + half * 0.7 + lean, -10), (x - half * 0.7 + lean, -10)], base
            )
            if bamboo:
                for knot in range(9):
                    pen.line(
                        [(x - half, foot * knot / 9), (x + half, foot * knot / 9)],
                        2 * u,
                        mix(base, stage.palette.near, 0.4),
                    )
                continue
            pen.polygon([(x - half * 2, foot + 8 * u), (x, foot - 60 * u), (x + half * 2, foot + 8 * u)], base)
            for side in (-1, 1):
                y = foot * float(rng.uniform(0.1, 0.55))
                pen.line(
                    [(x + lean / 2, y), (x + lean / 2 + side * 90 * u, y - 70 * u), (x + side * 150 * u, y - 90 * u)],
                    wide * 0.16 * u,
                    base,
                )

    stage.drawing(depth, 0, None, draw, rim=0.5)


def leaves(stage: Stage, depth: float, y: float, size: float, colour: Colour) -> None:
    """A canopy of round leafage that hangs in from above, down to `y`."""
    rng, u = stage.rng, stage.u

    def draw(pen: Pen, spread: Spread) -> None:
        for _ in range(int(spread.size_px[0] / (size * u) * 14)):
            x, share = float(rng.random()) * spread.size_px[0], float(rng.random())
            ink = mix(colour, stage.palette.horizon, 0.18 * share * float(rng.random()))
            pen.disc(x, share**1.6 * y, size * u * float(rng.uniform(0.25, 0.6)), ink)

    stage.drawing(depth, 0, y + size * u, draw)


def firs(stage: Stage, depth: float, y: float, size: float, count: float, clear: float = 0.0) -> None:
    """About `count` conifers across the frame, `size` u high, foot at `y`; the middle `clear` share stays open."""
    u, rng = stage.u, stage.rng
    ink = mix(stage.palette.silhouette(depth), stage.palette.lit((44, 92, 72), depth), 0.45)
    snow = mix(stage.soil(SNOW, depth), ink, 0.12) if stage.snowy else None

    def draw(pen: Pen, spread: Spread) -> None:
        foot, step = size * 1.3 * u, stage.width / count
        for number in range(int(spread.size_px[0] / step) + 2):
            x = (number + float(rng.uniform(-0.35, 0.35))) * step
            tall, lift = size * u * float(rng.uniform(0.75, 1.25)), float(rng.uniform(-8, 14)) * u
            if abs(x - spread.pad_px - stage.width / 2) > clear * stage.width / 2:
                _fir(pen, (x, foot + lift), tall, mix(ink, stage.palette.horizon, 0.06 * float(rng.random())), snow)

    stage.drawing(depth, y - size * 1.3 * u, y + 24 * u, draw, rim=0.25)


LIE: Final = (
    (1.0, 1.0), (0.6, -1.6), (0.36, -1.2), (0.12, -2.6), (-0.2, -1.7), (-0.42, -2.6), (-0.62, -1.5), (-1.0, 1.0)
)  # fmt: skip
"""How far down snow lies on a bough: right in half widths, down in its droop."""


def _fir(pen: Pen, foot: tuple[float, float], tall: float, ink: Colour, snow: Colour | None) -> None:
    """Tiers of boughs that droop at their ends, the upper over the lower."""
    x, y = foot
    pen.box(x - tall * 0.02, y - tall * 0.16, tall * 0.04, tall * 0.16, mix(ink, (30, 22, 20), 0.4))
    tiers = 7
    for tier in range(tiers):
        half = tall * 0.25 * (1 - tier / tiers) ** 0.85 + tall * 0.015
        low, top = (
            y - tall * (0.1 + 0.82 * tier / tiers),
            y - tall * (0.1 + 0.9 * min(1.0, (tier + 1.9) / (tiers + 0.9))),
        )
        drop = tall * 0.028
        edge = [
            (x + half * (1 - k / 4), low + drop * (1 if k % 2 == 0 else -0.4) - abs(k - 4) * -0.004 * tall)
            for k in range(9)
        ]
        pen.polygon([(x, top), *edge], ink)
        if snow:
            pen.polygon([(x, top), *((x + half * share, low + drop * down) for share, down in LIE)], snow)


def road(stage: Stage, top: float, foot: float, depth: float = 0.75) -> None:
    """Asphalt from share `top` to share `foot` of the frame, if the prompt has a road: edge lines, dashes between."""
    if not stage.shows("road"):
        return
    u, high = stage.u, stage.y(foot) - stage.y(top)
    grey = mix(stage.palette.lit((96, 96, 106)), stage.soil((96, 96, 106), 1.0), 0.35)
    line, verge = mix(grey, stage.palette.lit((246, 240, 222)), 0.75), mix(grey, stage.palette.near, 0.35)

    def draw(pen: Pen, spread: Spread) -> None:
        wide = spread.size_px[0] + 8
        pen.box(-4, 0, wide, high, verge)
        pen.box(-4, 2 * u, wide, high - 7 * u, grey)
        pen.box(-4, high * 0.12, wide, 2 * u, line)
        pen.box(-4, high * 0.88, wide, 3.5 * u, line)
        for number in range(int(wide / (150 * u)) + 1):
            x = number * 150 * u
            pen.polygon(
                [(x + 5 * u, high * 0.44), (x + 85 * u, high * 0.44), (x + 80 * u, high * 0.5), (x, high * 0.5)], line
            )

    stage.drawing(depth, stage.y(top), stage.y(foot) + 2, draw)


def crowd(stage: Stage, depth: float, y: float, size: float, count: float) -> None:
    """About `count` people across the frame who stand about, `size` u high."""
    u, rng = stage.u, stage.rng
    body = mix(stage.palette.silhouette(depth), stage.palette.near, 0.4)
    cloths: tuple[Colour, ...] = ((196, 70, 60), (70, 110, 150), (220, 190, 140), (90, 120, 96), (120, 80, 110))

    def draw(pen: Pen, spread: Spread) -> None:
        step = stage.width / count
        for number in range(int(spread.size_px[0] / step) + 1):
            for _ in range(int(rng.integers(1, 3))):
                x, tall = (number + float(rng.uniform(0.1, 0.9))) * step, size * u * float(rng.uniform(0.9, 1.08))
                cloth = mix(
                    stage.palette.lit(cloths[int(rng.integers(5))]), stage.palette.accent, 0.3 * stage.palette.lamps
                )
                inks = Inks(body, cloth, stage.palette.light, stage.palette.accent)
                stander(
                    Figurine(pen, tall, (x, (size * 1.1 + float(rng.uniform(0, 8))) * u)), float(rng.random()), inks
                )

    stage.drawing(depth, y - size * 1.1 * u, y + 12 * u, draw, rim=0.5)


def grass(stage: Stage, depth: float, y: float, size: float, colour: Colour, bloom: Colour | None = None) -> None:
    """Blades in front of the lens, some with a blossom; a bank of snow where they lie under it."""
    u, rng = stage.u, stage.rng
    if stage.snowy:
        stage.ridge(depth, y - 0.12 * size * u, 0.5 * size, 520, colour=stage.soil(SNOW, depth), rough=0.2)
        return

    def draw(pen: Pen, spread: Spread) -> None:
        foot = size * 1.4 * u
        pen.box(-4, foot - 4 * u, spread.size_px[0] + 8, spread.size_px[1], mix(colour, stage.palette.near, 0.3))
        for _ in range(int(spread.size_px[0] / (4.5 * u))):
            x, tall = float(rng.random()) * spread.size_px[0], size * u * float(rng.uniform(0.3, 1.2))
            bend, half = float(rng.normal()) * 0.22 * tall, 2.4 * u
            ink = mix(colour, stage.palette.near, 0.45 * float(rng.random()))
            pen.polygon([(x - half, foot), (x + half, foot), (x + bend, foot - tall)], ink)
            if bloom and rng.random() < 0.32:
                shade = mix(bloom, stage.palette.sun, 0.3 * float(rng.random()))
                for step in range(4):
                    pen.disc(
                        x + bend * (1 - step * 0.12), foot - tall * (1 - step * 0.1), (4.6 - step * 0.3) * u, shade
                    )

    stage.drawing(depth, y - size * 1.4 * u, None, draw)


def palm(stage: Stage, depth: float, x: float, y: float, size: float, lean: float) -> None:
    """One palm, `size` u high, its trunk leaning."""
    u = stage.u
    base = stage.palette.silhouette(depth)

    def draw(pen: Pen, spread: Spread) -> None:
        left, foot, tall = spread.pad_px + x, (size + 130) * u, size * u
        top = (left + lean * tall, foot - tall)
        stem = [(left + lean * tall * (k / 12) ** 1.7, foot - tall * k / 12) for k in range(13)]
        for k, (start, stop) in enumerate(pairwise(stem)):
            pen.line([start, stop], (15 - 0.7 * k) * u, base)
        for frond in range(13):
            angle = pi * (frond - 1) / 11
            reach = size * 0.44 * u * (0.86 + 0.22 * sin(frond * 2.1))
            ways = [k / 10 for k in range(11)]
            spine = [
                (top[0] + reach * k * cos(angle), top[1] - reach * (k * sin(angle) * 0.72 - 0.6 * k**2)) for k in ways
            ]
            pen.line(spine, 3 * u, base)
            for way, (px, py) in zip(ways[1:], spine[1:], strict=True):
                blade = 40 * u * sin(pi * min(0.94, way + 0.1)) ** 0.6
                for side in (-1, 1):
                    tip = (px + blade * (0.35 * cos(angle) + 0.3 * side), py + blade * 0.8)
                    pen.polygon([(px - 5 * u, py), (px + 5 * u, py), tip], base)
        for nut in (-7, 6):
            pen.disc(top[0] + nut * u, top[1] + 10 * u, 8 * u, base)

    stage.drawing(depth, y - (size + 130) * u, y + 6 * u, draw, rim=0.4)


def lamps(stage: Stage, depth: float, y: float, size: float, gap: float) -> None:
    """Street lamps at intervals of `gap` u, shining when it is dark."""
    u = stage.u
    base, light = stage.palette.silhouette(depth), mix(stage.palette.accent, (255, 246, 220), 0.55)

    def draw(pen: Pen, spread: Spread) -> None:
        foot = (size + 60) * u
        for number in range(int(spread.size_px[0] / (gap * u)) + 1):
            x = (number + 0.4) * gap * u
            pen.line(
                [(x, foot), (x, foot - size * u), (x + 0.16 * size * u, foot - size * 1.04 * u)], 0.02 * size * u, base
            )
            pen.disc(
                x + 0.16 * size * u, foot - size * u, 0.035 * size * u, light if stage.palette.lamps > 0.2 else base
            )

    stage.drawing(depth, y - (size + 60) * u, y + 4 * u, draw)


def bulbs(stage: Stage, depth: float, y: float, sag: float, gap: float, *, lanterns: bool = False) -> None:
    """A string of bulbs, or of paper lanterns, across the picture."""
    u, ink = stage.u, stage.palette.silhouette(1.0)
    glow = mix(stage.palette.accent, (255, 236, 190), 0.45)

    def draw(pen: Pen, spread: Spread) -> None:
        swing = 430 * u
        wire = [
            (x, 20 * u + sag * u * (1 - abs((x % swing) / swing * 2 - 1) ** 2)) for x in range(0, spread.size_px[0], 6)
        ]
        pen.line(wire, 2 * u, ink)
        for x, top in wire[:: max(1, int(gap * u / 6))]:
            if lanterns:
                pen.disc(x, top + 26 * u, 19 * u, mix(stage.palette.accent, (216, 46, 36), 0.75), 1.15)
                pen.disc(x, top + 26 * u, 8 * u, glow, 2.3)
                pen.box(x - 9 * u, top + 3 * u, 18 * u, 4 * u, ink)
                pen.box(x - 9 * u, top + 45 * u, 18 * u, 4 * u, ink)
            else:
                pen.disc(x, top + 7 * u, 6 * u, glow)

    stage.drawing(depth, y, y + (sag + 90) * u, draw)


def awnings(stage: Stage, depth: float, y: float, size: float, cloths: Sequence[Colour]) -> None:
    """Market stalls: striped roofs, goods in heaps."""
    u, rng = stage.u, stage.rng
    dark, light = stage.palette.silhouette(depth), stage.palette.lit((250, 240, 224))

    def draw(pen: Pen, spread: Spread) -> None:
        foot, x = size * 1.1 * u, -40.0 * u
        while x < spread.size_px[0]:
            across = size * float(rng.uniform(1.1, 1.4)) * u
            cloth = stage.palette.lit(cloths[int(rng.integers(len(cloths)))])
            pen.box(
                x + 6 * u,
                foot - size * 0.72 * u,
                across - 12 * u,
                size * 0.74 * u,
                mix(dark, stage.palette.accent, 0.22 + 0.45 * stage.palette.lamps),
            )
            for heap in range(7):
                goods = stage.palette.lit(
                    [(230, 92, 48), (246, 196, 60), (120, 172, 70), (200, 48, 62)][int(rng.integers(4))]
                )
                pen.disc(x + across * (0.1 + heap * 0.135), foot - size * 0.26 * u, across * 0.085, goods)
            pen.box(x, foot - size * 0.26 * u, across, size * 0.3 * u, mix(dark, (96, 62, 44), 0.4))
            for stripe in range(8):
                left, step = x + stripe * across / 8, across / 8
                ink = cloth if stripe % 2 else light
                skew = (4 - stripe) * across * 0.012
                pen.polygon(
                    [
                        (left + skew, foot - size * u),
                        (left + step + skew, foot - size * u),
                        (left + step, foot - size * 0.74 * u),
                        (left, foot - size * 0.74 * u),
                    ],
                    ink,
                )
                pen.disc(left + step / 2, foot - size * 0.74 * u, step / 2, ink)
            for post in (x + 4 * u, x + across - 8 * u):
                pen.box(post, foot - size * 0.8 * u, 6 * u, size * 0.82 * u, dark)
            x += across + 26 * u

    stage.drawing(depth, y - size * 1.1 * u, y + 4, draw)
