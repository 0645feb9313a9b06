"""Places: each builds its scene on the stage, from far to near, and says where subjects stand.

To teach a place: write such a function, name it in `PLACES` and give it words in `sight`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.media.animatic import scenery
from pipeline.media.animatic.brush import Pen, clumps, glow_at, smoothstep, solid
from pipeline.media.animatic.palette import Colour, mix, rows
from pipeline.media.animatic.plates import Cycle, print_of
from pipeline.media.animatic.stage import Spread, Stage, even

SAND: Final = (240, 208, 158)
GRASS: Final = (122, 168, 84)
SNOW: Final = (240, 246, 255)
STONE: Final = (150, 146, 150)
WOOD: Final = (150, 104, 68)
PLASTER: Final = ((226, 196, 160), (206, 132, 104), (236, 222, 196), (164, 178, 170), (210, 164, 110))


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a subject's foot is, in shares of the frame, and how large it stands there."""

    x: float = 0.5
    y: float = 0.86
    scale: float = 1.0
    depth: float = 0.75


@dataclass(frozen=True, slots=True)
class Spots:
    """Where subjects go by their home; things for the table stand large in front when there is none."""

    ground: Spot = Spot()
    water: Spot | None = None
    air: Spot = Spot(0.55, 0.4, 1.0, 0.3)
    table: Spot = Spot(0.5, 0.93, 1.15, 0.85)


# --- by the water ---------------------------------------------------------------------------------------------------


def beach(stage: Stage) -> Spots:
    horizon = stage.y(0.52)
    stage.sky(horizon)
    stage.ridge(0.06, horizon, 66, 520)
    stage.haze(horizon)
    stage.water(horizon, calm=0.45)
    surf(stage, stage.y(0.71))
    stage.ground(stage.y(0.73), SAND, depth=0.7, wave=9, mottle=0.07)
    side = 1 if stage.sun_x < stage.width / 2 else -1
    scenery.palm(stage, 0.95, stage.width * (0.5 + 0.42 * side), stage.y(0.97), 430, -0.28 * side)
    scenery.grass(stage, 1.0, stage.y(1.02), 52, stage.palette.silhouette(0.97))
    return Spots(Spot(0.46, 0.87), Spot(0.62, 0.6, 0.55, 0.2))


def surf(stage: Stage, y: float) -> None:
    """Foam along the edge of the water."""
    foam = mix(stage.palette.lit((255, 255, 255), 0.9), stage.palette.sun, 0.3)
    spread = stage.spread(0.55, y, y + 26 * stage.u)
    lumps = clumps(spread.size_px, (120 * stage.u, 9 * stage.u), stage.rng, 4)
    fade = np.sin(np.linspace(0.1, np.pi, spread.size_px[1]))[:, None].astype(np.float32)
    paint = solid(foam, smoothstep(0.42, 0.62, lumps) * fade * np.float32(0.8))
    stage.add(spread, lambda dx, dy: paint)


def sea(stage: Stage) -> Spots:
    horizon = stage.y(0.5)
    stage.sky(horizon)
    stage.haze(horizon, 0.7)
    stage.water(horizon, calm=0.15)
    for number, share in enumerate((0.66, 0.8, 0.94)):
        depth = 0.4 + 0.25 * number
        base = mix(stage.palette.silhouette(depth), stage.palette.zenith, 0.35)
        stage.ridge(depth, stage.y(share), 20 + 16 * number, 150 + 90 * number, colour=base)
    return Spots(Spot(0.5, 0.74, 0.9), Spot(0.5, 0.7, 1.15, 0.45), Spot(0.6, 0.4))


def harbour(stage: Stage) -> Spots:
    horizon = stage.y(0.5)
    stage.sky(horizon)
    stage.ridge(0.05, horizon, 130, 420)
    stage.haze(horizon)
    scenery.gables(stage, 0.25, horizon + 4 * stage.u, 60, PLASTER)
    masts(stage, 0.4, horizon + 16 * stage.u)
    stage.haze(horizon + 10 * stage.u, 0.6, 60)
    stage.water(horizon + 14 * stage.u, calm=0.65)
    pier(stage, stage.y(0.9))
    return Spots(Spot(0.36, 0.905, 0.85, 0.9), Spot(0.57, 0.74, 1.25, 0.5))


def masts(stage: Stage, depth: float, y: float) -> None:
    """Moored boats: hulls, masts, rigging."""
    u, rng, ink = stage.u, stage.rng, stage.palette.silhouette(depth)

    def draw(pen: Pen, spread: Spread) -> None:
        foot = 170 * u
        for _ in range(int(spread.size_px[0] / (105 * u))):
            x, tall = float(rng.random()) * spread.size_px[0], float(rng.uniform(70, 150)) * u
            hull = mix(ink, stage.palette.lit(PLASTER[int(rng.integers(5))]), 0.35)
            pen.polygon([(x - 42 * u, foot - 16 * u), (x + 48 * u, foot - 20 * u), (x + 34 * u, foot), (x - 34 * u, foot)], hull)
            pen.box(x - 22 * u, foot - 32 * u, 30 * u, 18 * u, ink)
            pen.line([(x, foot - 10 * u), (x, foot - tall)], 2.4 * u, ink)
            for end in (-40 * u, 46 * u):
                pen.line([(x, foot - tall), (x + end, foot - 16 * u)], 1, ink)

    stage.drawing(depth, y - 170 * u, y + 2 * u, draw)


def pier(stage: Stage, y: float) -> None:
    """Planks and posts in front of the lens."""
    u = stage.u
    plank = mix(stage.palette.lit(WOOD), stage.palette.near, 0.55)

    def draw(pen: Pen, spread: Spread) -> None:
        pen.box(-4, 60 * u, spread.size_px[0] + 8, spread.size_px[1], plank)
        pen.box(-4, 60 * u, spread.size_px[0] + 8, 5 * u, mix(plank, stage.palette.sun, 0.4))
        for number in range(int(spread.size_px[0] / (58 * u)) + 1):
            pen.box(number * 58 * u, 64 * u, 2.5 * u, spread.size_px[1], mix(plank, stage.palette.near, 0.7))
        for number in range(int(spread.size_px[0] / (290 * u)) + 1):
            x = (number * 290 + 90) * u
            pen.box(x, 8 * u, 26 * u, 90 * u, stage.palette.near, 8 * u)
            pen.box(x - 3 * u, 30 * u, 32 * u, 8 * u, mix(plank, stage.palette.sun, 0.25))

    stage.drawing(0.95, y - 60 * u, None, draw, rim=0.3)


def lake(stage: Stage) -> Spots:
    horizon = stage.y(0.52)
    stage.sky(horizon)
    stage.ridge(0.08, horizon, 240, 330, peaks=True, cap=stage.palette.lit(SNOW, 0.3))
    stage.haze(horizon)
    stage.ridge(0.25, horizon, 90, 260)
    scenery.pines(stage, 0.35, horizon + 6 * stage.u, 60, 0.3)
    stage.haze(horizon + 8 * stage.u, 0.8, 70)
    stage.water(horizon + 10 * stage.u, calm=0.85)
    scenery.grass(stage, 1.0, stage.y(0.97), 120, stage.palette.silhouette(0.95))
    return Spots(Spot(0.4, 0.93, 0.9), Spot(0.56, 0.72, 0.9, 0.5))


def bridge(stage: Stage) -> Spots:
    horizon, u = stage.y(0.6), stage.u
    stage.sky(horizon)
    scenery.skyline(stage, 0.12, horizon, 30, 150, 42)
    stage.haze(horizon)
    deck = stage.y(0.5)

    def draw(pen: Pen, spread: Spread) -> None:
        ink = mix(stage.palette.silhouette(0.65), stage.palette.accent, 0.3)
        width, road = spread.size_px[0], 330 * u
        towers = (width * 0.28, width * 0.74)
        for x in towers:
            pen.box(x - 15 * u, 0, 30 * u, spread.size_px[1], ink)
            pen.box(x - 34 * u, road + 20 * u, 68 * u, spread.size_px[1], ink)
        gap = towers[1] - towers[0]
        for left in (towers[0] - gap, towers[0], towers[1]):
            curve = [(left + gap * k / 40, 14 * u + (road - 44 * u) * (1 - (k / 20 - 1) ** 2)) for k in range(41)]
            pen.line(curve, 5 * u, ink)
            for x, y in curve[::2]:
                pen.line([(x, y), (x, road)], 1.4 * u, ink)
        pen.box(-4, road, width + 8, 20 * u, ink)
        for number in range(int(width / (90 * u))):
            pen.disc(number * 90 * u, road - 4 * u, 3.4 * u, mix(ink, stage.palette.accent, stage.palette.lamps))

    stage.drawing(0.45, deck - 330 * u, stage.y(0.64), draw, rim=0.4)
    stage.haze(horizon + 12 * u, 0.7, 90)
    stage.water(stage.y(0.63), calm=0.5)
    stage.ridge(1.0, stage.y(0.97), 50, 420)
    return Spots(Spot(0.5, 0.505, 0.3, 0.45), Spot(0.5, 0.8, 1.0, 0.6), Spot(0.5, 0.3))


def waterfall(stage: Stage) -> Spots:
    horizon, u = stage.y(0.42), stage.u
    stage.sky(horizon)
    stage.ridge(0.1, horizon, 160, 420, peaks=True)
    stage.haze(horizon)
    rock = mix(stage.palette.silhouette(0.55), stage.palette.lit((96, 108, 92)), 0.35)
    for side in (0, 1):
        def cliff(pen: Pen, spread: Spread, side: int = side) -> None:
            middle, foot = spread.pad_px + stage.width * 0.5, spread.size_px[1]
            edge = middle + (110 * u if side else -110 * u)
            out = spread.size_px[0] + 9 if side else -9
            steps = [(edge + (1 if side else -1) * abs(float(stage.rng.normal())) * 26 * u, foot * k / 9) for k in range(10)]
            rim = [(out + (edge - out) * k / 7, (34 + float(stage.rng.uniform(-16, 16)) - 20 * abs(k - 4) / 4) * u) for k in range(8)]
            pen.polygon([*rim, *steps[1:], (out, foot)], rock)
            for k, (x, y) in enumerate(rim):
                tall = (60 + 24 * (k % 3)) * u
                for tier in range(4):
                    wide = (9 + 5 * tier) * u
                    top = y + 12 * u - tall + tall * 0.2 * tier
                    pen.polygon([(x - wide, top + tall * 0.36), (x, top), (x + wide, top + tall * 0.36)], mix(rock, stage.palette.near, 0.35))
            for _ in range(26):
                x, y = float(stage.rng.uniform(min(edge, out), max(edge, out))), float(stage.rng.random()) * foot
                pen.polygon([(x, y), (x + 50 * u, y + 20 * u), (x + 36 * u, y + 110 * u)], mix(rock, stage.palette.near, 0.3))

        stage.drawing(0.45, stage.y(0.24) - 44 * u, None, cliff, rim=0.3)
    _falling(stage, stage.y(0.24) - 8 * u, stage.y(0.74), 128)
    stage.haze(stage.y(0.74), 2.0, 170)
    stage.water(stage.y(0.73), calm=0.4)
    scenery.pines(stage, 0.85, stage.y(1.04), 150, 0.7)
    return Spots(Spot(0.3, 0.9, 0.7), Spot(0.6, 0.84, 0.8, 0.7))


def _falling(stage: Stage, top: float, foot: float, half: float) -> None:
    """A curtain of water: two veils of strokes that run down."""
    u = stage.u
    wide, high = even(2 * half * u), even((foot - top) / 2) * 2
    white = mix(stage.palette.lit((236, 246, 255)), stage.palette.sun, 0.2)
    edge = np.sin(np.linspace(0.05, np.pi - 0.05, wide)).astype(np.float32)[None, :] ** 0.4
    poses = []
    half_way = clumps((wide, high // 2), (8 * u, 130 * u), stage.rng, 3)
    strokes = np.concatenate([half_way, half_way[::-1]])  # ends as it begins, so that it can run for ever
    for pose in range(16):
        moved = np.roll(strokes, pose * high // 16, axis=0)
        alpha = (0.5 + 0.5 * smoothstep(0.35, 0.65, moved)) * edge
        poses.append(print_of(solid(white, np.asarray(alpha, np.float32))))
    spread = stage.spread(0.45, top, foot)
    x = (stage.width - wide) / 2 - (spread.pace[0] * 96) / 4
    stage.drawables.append(Cycle(tuple(poses), (x, top - spread.pace[1] * 24), (spread.pace[0] / 4, spread.pace[1] / 4), hold=1))


def underwater(stage: Stage) -> Spots:
    u, palette = stage.u, stage.palette
    deep, pale = mix((6, 40, 84), palette.zenith, 0.2), mix((120, 214, 220), palette.horizon, 0.2)
    colours = np.repeat(rows(((0.0, pale), (0.45, mix(pale, deep, 0.6)), (1.0, deep)), stage.height)[:, None], stage.width, axis=1)
    y, x = np.mgrid[0 : stage.height, 0 : stage.width].astype(np.float32)
    slant = x + y * 0.5 - stage.sun_x
    beams = (np.sin(slant / (61 * u)) + np.sin(slant / (23 * u) + 1)).clip(0, None) * (1 - y / stage.height) ** 1.5
    colours += (beams * 26)[..., None]
    stage.backdrop(np.asarray(colours, np.float32))
    for number, (depth, share) in enumerate(((0.2, 0.78), (0.5, 0.88), (0.9, 0.98))):
        base = mix(mix(pale, deep, 0.5), (4, 22, 46), depth)
        stage.ridge(depth, stage.y(share), 100, 240 + 60 * number, colour=base)
        coral(stage, depth, stage.y(share), base)
    return Spots(Spot(0.5, 0.9), None, Spot(0.5, 0.56, 1.5, 0.5))


def coral(stage: Stage, depth: float, y: float, base: Colour) -> None:
    u, rng = stage.u, stage.rng
    inks = [mix(base, c, 0.25 + 0.5 * depth) for c in ((240, 96, 110), (250, 160, 80), (150, 90, 190), (60, 170, 150))]

    def draw(pen: Pen, spread: Spread) -> None:
        foot = 170 * u
        for _ in range(int(spread.size_px[0] / (80 * u))):
            x, size, ink = float(rng.random()) * spread.size_px[0], float(rng.uniform(40, 120)) * u * (0.5 + depth), inks[int(rng.integers(4))]
            for stem in range(5):
                lean = (stem - 2) * 0.28
                pen.line([(x, foot), (x + lean * size * 0.5, foot - size * 0.6), (x + lean * size, foot - size * (1 - 0.1 * abs(stem - 2)))], size * 0.1, ink)

    stage.drawing(depth, y - 170 * u, y + 40 * u, draw)


# --- in town --------------------------------------------------------------------------------------------------------


def city(stage: Stage) -> Spots:
    horizon = stage.y(0.7)
    stage.sky(horizon)
    scenery.skyline(stage, 0.08, horizon, 120, 330, 46)
    stage.haze(horizon, 1.2, 220)
    scenery.skyline(stage, 0.35, horizon + 20 * stage.u, 90, 300, 66)
    stage.haze(horizon + 40 * stage.u, 1.0)
    scenery.skyline(stage, 0.7, stage.y(0.9), 60, 240, 110)
    return Spots(Spot(0.5, 0.97, 0.7, 0.9), None, Spot(0.5, 0.35))


def street(stage: Stage) -> Spots:
    horizon = stage.y(0.62)
    stage.sky(horizon)
    scenery.skyline(stage, 0.15, horizon, 140, 380, 60)
    stage.haze(horizon, 1.2, 220)
    facades(stage, 0.45, stage.y(0.73), 300)
    stage.ground(stage.y(0.73), (128, 126, 134), depth=0.6, mottle=0.04)
    stripes(stage, stage.y(0.865))
    if stage.sight.weather in ("rain", "storm") or stage.sight.hour in ("night", "blue"):
        stage.water(stage.y(0.735), depth_colour=mix(stage.palette.near, (58, 62, 76), 0.4), calm=0.75)
    scenery.lamps(stage, 0.6, stage.y(0.75), 250, 420)
    return Spots(Spot(0.48, 0.9, 0.95, 0.7), None, Spot(0.6, 0.3))


def facades(stage: Stage, depth: float, y: float, size: float) -> None:
    """House fronts with shops below: doors, shop windows, awnings, signs."""
    u, rng = stage.u, stage.rng
    dark = stage.palette.silhouette(depth)
    lamp = mix(dark, mix(stage.palette.accent, (255, 226, 160), 0.5), 0.3 + 0.65 * stage.palette.lamps)

    def draw(pen: Pen, spread: Spread) -> None:
        foot, x = size * 1.25 * u, -50.0 * u
        while x < spread.size_px[0]:
            across, tall = float(rng.uniform(150, 240)) * u, size * float(rng.uniform(0.75, 1.2)) * u
            wall = mix(dark, stage.palette.lit(PLASTER[int(rng.integers(5))]), 0.55 - 0.3 * stage.palette.lamps)
            pen.box(x, foot - tall, across, tall + 4, wall)
            pen.box(x - 4 * u, foot - tall, across + 8 * u, 9 * u, mix(wall, stage.palette.sun, 0.25))
            for row in range(int((tall - 110 * u) / (58 * u))):
                for column in range(4):
                    ink = lamp if rng.random() < 0.15 + 0.5 * stage.palette.lamps else mix(wall, stage.palette.near, 0.5)
                    pen.box(x + across * (0.08 + column * 0.23), foot - tall + (24 + row * 58) * u, across * 0.13, 36 * u, ink, 3 * u)
            shade = stage.palette.accent if rng.random() < 0.4 else mix(dark, stage.palette.lit((90, 140, 130)), 0.6)
            pen.box(x + 10 * u, foot - 70 * u, across * 0.58, 64 * u, lamp)
            pen.box(x + across * 0.7, foot - 74 * u, across * 0.2, 76 * u, mix(wall, stage.palette.near, 0.65))
            pen.polygon([(x + 6 * u, foot - 78 * u), (x + across * 0.66, foot - 78 * u), (x + across * 0.7, foot - 56 * u), (x, foot - 56 * u)], shade)
            x += across + 2 * u

    stage.drawing(depth, y - size * 1.25 * u, y + 3 * u, draw)


def stripes(stage: Stage, y: float) -> None:
    """The dashes in the middle of a road."""
    u, paint = stage.u, stage.palette.lit((240, 236, 220), 0.9)

    def draw(pen: Pen, spread: Spread) -> None:
        for number in range(int(spread.size_px[0] / (170 * u)) + 1):
            x = number * 170 * u
            pen.polygon([(x + 8 * u, 0), (x + 104 * u, 0), (x + 98 * u, 9 * u), (x, 9 * u)], paint)

    stage.drawing(0.7, y, y + 10 * u, draw)


def alley(stage: Stage) -> Spots:
    horizon, u = stage.y(0.6), stage.u
    stage.sky(horizon)
    scenery.skyline(stage, 0.1, horizon, 120, 300, 50)
    stage.haze(horizon, 1.6, 240)
    stage.glow(stage.width * 0.5, stage.y(0.58), 130 * u, mix(stage.palette.accent, stage.palette.sun, 0.5), 0.55)
    stage.ground(stage.y(0.6), (104, 100, 112), depth=0.6, mottle=0.05)
    stage.haze(stage.y(0.63), 1.6, 90)
    for depth, near in ((0.4, 0.22), (0.62, 0.31), (0.9, 0.46)):
        _walls(stage, depth, stage.width * near)
    stage.water(stage.y(0.75), depth_colour=mix(stage.palette.near, (60, 56, 76), 0.35), calm=0.8)
    scenery.bulbs(stage, 0.5, stage.y(0.12), 46, 96, lanterns=stage.sight.weather != "storm")
    return Spots(Spot(0.5, 0.84, 0.85, 0.6), None, Spot(0.5, 0.4, 0.8))


def _walls(stage: Stage, depth: float, open_px: float) -> None:
    """Both sides of a lane, leaving `open_px` on either side of its middle; signs hang out."""
    u, rng = stage.u, stage.rng
    base = mix(stage.palette.silhouette(depth), stage.palette.near, 0.25)
    signs = [stage.palette.accent, mix(stage.palette.accent, (80, 220, 220), 0.8), (255, 210, 120), (240, 70, 90)]
    foot = stage.height * (0.6 + 0.36 * depth)

    def draw(pen: Pen, spread: Spread) -> None:
        middle, far = spread.pad_px + stage.width / 2, 3 * stage.width
        for side in (-1, 1):
            edge = middle + side * open_px
            left = edge if side > 0 else edge - far
            pen.box(left, -4, far, foot, base)
            rise = foot - 4
            pen.polygon([(edge, rise), (edge + side * far, rise), (edge + side * far, rise + far * 0.4)], base)
            for row in range(7):
                for column in range(3):
                    lit = rng.random() < 0.12 + 0.4 * stage.palette.lamps
                    ink = mix(base, (255, 200, 120), 0.75) if lit else mix(base, stage.palette.near, 0.6)
                    x = edge + side * (26 + column * 74) * u - (0 if side > 0 else 34 * u)
                    pen.box(x, (20 + row * 82) * u * (stage.height / 720 / u), 34 * u, 46 * u, ink, 2 * u)
            for sign in range(2):
                ink = mix(base, signs[int(rng.integers(4))], 0.35 + 0.65 * stage.palette.lamps)
                y = (90 + sign * 190 + float(rng.uniform(0, 60))) * u
                x = edge - (34 * u if side > 0 else 0)
                pen.box(x, y, 34 * u, (80 + 40 * depth) * u, ink, 5 * u)
                for stroke in range(3):
                    pen.box(x + 8 * u, y + (14 + stroke * 24) * u, 18 * u, 6 * u, mix(ink, (255, 255, 255), 0.7))

    stage.drawing(depth, 0, None, draw, rim=0.2)


def rooftop(stage: Stage) -> Spots:
    horizon, u = stage.y(0.66), stage.u
    stage.sky(horizon)
    scenery.skyline(stage, 0.08, horizon, 60, 260, 44)
    stage.haze(horizon, 1.3, 200)
    scenery.skyline(stage, 0.3, stage.y(0.76), 40, 170, 84)
    stage.haze(stage.y(0.78), 0.8)

    def draw(pen: Pen, spread: Spread) -> None:
        floor = mix(stage.palette.lit((146, 120, 112)), stage.palette.near, 0.45)
        edge, width = 210 * u, spread.size_px[0]
        tank = mix(stage.palette.silhouette(0.8), stage.palette.lit(WOOD), 0.3)
        left = spread.pad_px + stage.width * 0.82
        for leg in (-44, 44):
            pen.box(left + (leg - 4) * u, 100 * u, 8 * u, 120 * u, tank)
        pen.box(left - 60 * u, 20 * u, 120 * u, 96 * u, tank)
        pen.polygon([(left - 66 * u, 22 * u), (left, -20 * u + 6), (left + 66 * u, 22 * u)], mix(tank, stage.palette.near, 0.4))
        pen.box(-4, edge, width + 8, spread.size_px[1], floor)
        pen.box(-4, edge - 10 * u, width + 8, 14 * u, mix(floor, stage.palette.sun, 0.45))
        for number in range(int(width / (38 * u)) + 1):
            pen.line([(number * 38 * u, edge - 56 * u), (number * 38 * u, edge)], 2.4 * u, stage.palette.near)
        pen.line([(0, edge - 56 * u), (width, edge - 56 * u)], 4 * u, stage.palette.near)

    stage.drawing(0.8, stage.y(0.8) - 210 * u, None, draw, rim=0.35)
    if stage.palette.lamps > 0.3:
        scenery.bulbs(stage, 0.7, stage.y(0.34), 60, 54)
    return Spots(Spot(0.42, 0.93, 1.0, 0.8), None, Spot(0.5, 0.3))


def market(stage: Stage) -> Spots:
    horizon = stage.y(0.56)
    stage.sky(horizon)
    scenery.gables(stage, 0.15, horizon, 120, PLASTER)
    stage.haze(horizon, 1.0)
    cloths: tuple[Colour, ...] = ((206, 62, 54), (40, 128, 140), (236, 170, 56), (92, 140, 84))
    scenery.awnings(stage, 0.4, stage.y(0.74), 210, cloths)
    stage.ground(stage.y(0.735), (176, 150, 128), depth=0.65, mottle=0.08)
    scenery.bulbs(stage, 0.5, stage.y(0.08), 70, 62, lanterns=True)
    scenery.bulbs(stage, 0.75, stage.y(-0.01), 60, 80)
    return Spots(Spot(0.47, 0.9, 1.0, 0.7), None, Spot(0.6, 0.3))


def station(stage: Stage) -> Spots:
    horizon, u = stage.y(0.58), stage.u
    stage.sky(horizon)
    scenery.skyline(stage, 0.1, horizon, 50, 190, 60)
    stage.haze(horizon, 1.2)

    def draw(pen: Pen, spread: Spread) -> None:
        ink, lamp = stage.palette.silhouette(0.7), mix(stage.palette.accent, (255, 240, 200), 0.6)
        width, roof = spread.size_px[0], 40 * u
        pen.polygon([(-9, 0), (width + 9, 0), (width + 9, roof), (-9, roof)], ink)
        for number in range(int(width / (300 * u)) + 1):
            x = (number * 300 + 60) * u
            pen.box(x, roof, 14 * u, stage.y(0.72), ink)
            pen.polygon([(x - 90 * u, roof), (x + 104 * u, roof), (x + 14 * u, roof + 80 * u), (x, roof + 80 * u)], ink)
            pen.box(x + 90 * u, roof, 120 * u, 7 * u, lamp)
            pen.box(x + 120 * u, roof + 40 * u, 80 * u, 34 * u, mix(ink, stage.palette.accent, 0.55), 4 * u)
        pen.box(x, roof, 2, 2, ink)

    stage.ground(stage.y(0.62), (110, 100, 98), depth=0.5, mottle=0.12)
    rails(stage, stage.y(0.68))
    stage.drawing(0.55, stage.y(0.06), stage.y(0.8), draw, rim=0.3)
    stage.ground(stage.y(0.8), (186, 178, 170), depth=0.8, mottle=0.03)
    return Spots(Spot(0.45, 0.93, 1.0, 0.85), None, Spot(0.5, 0.35))


def rails(stage: Stage, y: float) -> None:
    u, steel = stage.u, mix(stage.palette.lit((190, 190, 200)), stage.palette.sun, 0.35)

    def draw(pen: Pen, spread: Spread) -> None:
        for number in range(int(spread.size_px[0] / (34 * u)) + 1):
            pen.polygon([(number * 34 * u, 0), (number * 34 * u + 16 * u, 0), (number * 34 * u + 10 * u, 40 * u), (number * 34 * u - 8 * u, 40 * u)], stage.palette.silhouette(0.6))
        for top in (6, 30):
            pen.box(-4, top * u, spread.size_px[0] + 8, 4 * u, steel)

    stage.drawing(0.55, y, y + 42 * u, draw)


def stadium(stage: Stage) -> Spots:
    horizon, u = stage.y(0.5), stage.u
    stage.sky(horizon)

    def stands(pen: Pen, spread: Spread) -> None:
        base, width = stage.palette.silhouette(0.45), spread.size_px[0]
        curve = [(x, (70 + 40 * ((x / width - 0.5) * 2) ** 2 * -1) * u) for x in range(0, width + 40, 40)]
        pen.polygon([*curve, (width + 40, spread.size_px[1]), (0, spread.size_px[1])], base)
        crowd = [mix(base, c, 0.5) for c in (stage.palette.accent, (240, 232, 220), (90, 140, 210), (230, 190, 90))]
        for row in range(11):
            for seat in range(int(width / (11 * u))):
                if stage.rng.random() < 0.8:
                    x = seat * 11 * u + (row % 2) * 5 * u
                    pen.disc(x, (96 + row * 13) * u, 4 * u, crowd[int(stage.rng.integers(4))])
        for number in range(4):
            x = (number + 0.5) * width / 4
            pen.box(x - 4 * u, -4, 8 * u, 110 * u, base)
            for lamp in range(10):
                pen.disc(x + (lamp % 5 - 2) * 17 * u, (8 + lamp // 5 * 14) * u, 6.5 * u, (255, 250, 232))

    stage.drawing(0.35, horizon - 130 * u, stage.y(0.68), stands)
    if stage.palette.lamps > 0.3:
        for number in range(4):
            stage.glow((number + 0.5) * stage.width / 4, horizon - 116 * u, 90 * u, (255, 248, 226), 0.5)
    stage.haze(horizon + 60 * u, 0.7)
    stage.ground(stage.y(0.64), (96, 164, 88), depth=0.45, mottle=0.05)
    stage.ground(stage.y(0.72), (198, 84, 62), depth=0.75, mottle=0.03)
    for number, share in enumerate((0.725, 0.76, 0.81, 0.88, 0.97)):
        lane(stage, stage.y(share), 2.0 + 1.6 * number)
    return Spots(Spot(0.46, 0.9, 1.05), None, Spot(0.5, 0.3))


def lane(stage: Stage, y: float, thick: float) -> None:
    spread = stage.spread(0.75, y, y + even(thick * stage.u + 4))
    pen = Pen(spread.size_px)
    pen.box(-4, 1, spread.size_px[0] + 8, thick * stage.u, stage.palette.lit((250, 244, 236)))
    stage.add(spread, pen.paint)


def temple(stage: Stage) -> Spots:
    horizon, u = stage.y(0.62), stage.u
    stage.sky(horizon)
    stage.ridge(0.08, horizon, 200, 380)
    stage.haze(horizon, 1.4, 200)
    scenery.pines(stage, 0.3, horizon + 20 * u, 80, 0.35)

    def draw(pen: Pen, spread: Spread) -> None:
        middle, foot = spread.pad_px + stage.width * (0.64 if stage.sun_x < stage.width / 2 else 0.36), 420 * u
        wall = mix(stage.palette.silhouette(0.6), stage.palette.lit((186, 52, 40)), 0.6)
        roof, lamp = mix(stage.palette.silhouette(0.7), stage.palette.near, 0.5), mix(stage.palette.accent, (255, 220, 150), 0.4)
        for tier in range(5):
            half, y = (150 - tier * 22) * u, foot - (tier * 76 + 14) * u
            pen.box(middle - half * 0.62, y - 60 * u, half * 1.24, 62 * u, wall)
            for door in range(3):
                pen.box(middle + (door - 1) * half * 0.36 - 9 * u, y - 44 * u, 18 * u, 34 * u, lamp if stage.palette.lamps > 0.05 else roof)
            pen.polygon([(middle - half * 1.16, y - 66 * u), (middle - half * 0.9, y - 54 * u), (middle + half * 0.9, y - 54 * u),
                         (middle + half * 1.16, y - 66 * u), (middle + half * 0.6, y - 80 * u), (middle - half * 0.6, y - 80 * u)], roof)  # fmt: skip
        pen.polygon([(middle - 8 * u, foot - 394 * u), (middle + 8 * u, foot - 394 * u), (middle, foot - 420 * u + 2)], lamp)
        pen.box(middle - 190 * u, foot - 16 * u, 380 * u, 40 * u, mix(stage.palette.lit(STONE), stage.palette.near, 0.4))

    stage.drawing(0.5, stage.y(0.76) - 420 * u, stage.y(0.78), draw, rim=0.4)
    stage.haze(stage.y(0.76), 0.8)
    stage.ground(stage.y(0.76), (170, 160, 140), depth=0.7, mottle=0.06)
    if stage.palette.lamps > 0.2:
        scenery.bulbs(stage, 0.9, stage.y(0.04), 60, 110, lanterns=True)
    return Spots(Spot(0.36 if stage.sun_x < stage.width / 2 else 0.64, 0.91, 0.9), None, Spot(0.4, 0.35))


def village(stage: Stage) -> Spots:
    horizon = stage.y(0.56)
    stage.sky(horizon)
    stage.ridge(0.08, horizon, 150, 420)
    stage.haze(horizon)
    stage.ridge(0.25, stage.y(0.62), 70, 420, colour=stage.soil(GRASS, 0.2))
    scenery.gables(stage, 0.35, stage.y(0.66), 84, PLASTER, curved=stage.sight.weather == "rain")
    stage.ground(stage.y(0.66), GRASS, depth=0.5)
    scenery.gables(stage, 0.6, stage.y(0.78), 150, PLASTER)
    stage.ground(stage.y(0.78), (196, 172, 132), depth=0.75)
    scenery.grass(stage, 1.0, stage.y(1.0), 70, stage.soil(GRASS, 1.0))
    return Spots(Spot(0.45, 0.92))


# --- in the open ----------------------------------------------------------------------------------------------------


def mountain(stage: Stage) -> Spots:
    horizon = stage.y(0.6)
    stage.sky(horizon)
    stage.ridge(0.06, horizon, 380, 460, peaks=True, cap=stage.palette.lit(SNOW, 0.4))
    stage.haze(horizon, 1.2, 220)
    stage.ridge(0.25, stage.y(0.66), 190, 330, peaks=True)
    stage.haze(stage.y(0.68))
    stage.ridge(0.45, stage.y(0.78), 120, 420)
    scenery.pines(stage, 0.62, stage.y(0.86), 84, 0.35)
    stage.haze(stage.y(0.86), 0.7)
    stage.ridge(0.9, stage.y(0.96), 74, 620)
    return Spots(Spot(0.42, 0.925, 0.75, 0.9), None, Spot(0.5, 0.35))


def bamboo(stage: Stage) -> Spots:
    return forest(stage, bamboo=True)


def forest(stage: Stage, *, bamboo: bool = False) -> Spots:
    horizon = stage.y(0.64)
    stage.sky(horizon)
    stage.haze(horizon, 2.2, 360)
    green = stage.palette.lit((86, 132, 74))
    for depth, wide, count in ((0.15, 22, 16), (0.35, 34, 9)):
        scenery.trunks(stage, depth, wide, count, bamboo=bamboo)
        stage.haze(stage.y(0.6 + 0.3 * depth), 1.5, 330)
    stage.ground(stage.y(0.72), (116, 124, 78), depth=0.6, mottle=0.16)
    beams(stage)
    scenery.trunks(stage, 0.7, 58, 4, bamboo=bamboo)
    scenery.leaves(stage, 0.75, stage.y(0.17), 80, mix(stage.palette.silhouette(0.85), green, 0.35))
    scenery.grass(stage, 1.0, stage.y(1.0), 84, mix(stage.palette.silhouette(0.95), green, 0.4))
    return Spots(Spot(0.5, 0.9, 0.9, 0.65), None, Spot(0.5, 0.4))


def beams(stage: Stage) -> None:
    """Shafts of light that fall in from the sun's side."""
    width, height, u = stage.width, stage.height, stage.u
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    lean = 0.55 if stage.sun_x < width / 2 else -0.55
    slant = x - stage.sun_x - lean * y
    shafts = (np.sin(slant / (47 * u)) + 0.7 * np.sin(slant / (19 * u) + 2)).clip(0, None)
    alpha = shafts * 0.2 * stage.palette.glow * (1 - y / height * 0.8) * np.exp(-((slant / (0.4 * width)) ** 2))
    stage.still(solid(stage.palette.sun, np.asarray(alpha.clip(0, 1), np.float32)))


def desert(stage: Stage) -> Spots:
    horizon = stage.y(0.56)
    stage.sky(horizon)
    stage.ridge(0.05, horizon, 60, 600)
    stage.haze(horizon, 1.1)
    for depth, share, rise in ((0.25, 0.64, 90), (0.5, 0.76, 110), (0.8, 0.93, 120)):
        dune = mix(stage.soil((238, 174, 106), depth), stage.palette.near, 0.1 + 0.16 * depth)
        stage.dune(depth, stage.y(share), rise, 560, dune)
    return Spots(Spot(0.45, 0.88, 0.75, 0.8), None, Spot(0.55, 0.34))


def meadow(stage: Stage) -> Spots:
    horizon = stage.y(0.58)
    stage.sky(horizon)
    stage.ridge(0.08, horizon, 110, 420)
    stage.haze(horizon)
    for depth, share, local in ((0.25, 0.63, (150, 180, 110)), (0.45, 0.71, (134, 176, 90)), (0.7, 0.8, GRASS)):
        stage.ridge(depth, stage.y(share), 56, 520, colour=stage.soil(local, depth), rough=0.3)
    bloom = stage.palette.lit(stage.palette.accent)
    scenery.grass(stage, 0.85, stage.y(0.93), 70, stage.palette.lit((118, 168, 72)), bloom)
    scenery.grass(stage, 1.0, stage.y(1.04), 110, stage.palette.lit((86, 136, 62)), bloom)
    return Spots(Spot(0.45, 0.86, 0.9, 0.75), None, Spot(0.56, 0.42))


def snowfield(stage: Stage) -> Spots:
    horizon = stage.y(0.58)
    stage.sky(horizon)
    stage.ridge(0.06, horizon, 260, 400, peaks=True, cap=stage.palette.lit((255, 255, 255), 0.5))
    stage.haze(horizon)
    scenery.pines(stage, 0.3, stage.y(0.66), 76, 0.35)
    snow = stage.palette.lit(SNOW)
    for depth, share in ((0.4, 0.7), (0.6, 0.78)):
        stage.ridge(depth, stage.y(share), 44, 620, colour=mix(snow, stage.palette.far, 0.4 * (1 - depth)), rough=0.2)
    scenery.pines(stage, 0.7, stage.y(0.8), 170, 1.7)
    stage.ridge(0.85, stage.y(0.83), 40, 900, colour=snow, rough=0.2)
    return Spots(Spot(0.45, 0.9, 0.85, 0.85))


def space(stage: Stage) -> Spots:
    u, size = stage.u, (stage.width, stage.height)
    night = rows(((0.0, (6, 6, 20)), (0.6, (18, 14, 44)), (1.0, (40, 22, 66))), stage.height)
    colours = np.repeat(night[:, None], stage.width, axis=1)
    veil = clumps(size, (520 * u, 300 * u), stage.rng, 5)
    for tint, cloud in (((150, 60, 150), veil), ((40, 110, 180), 1 - veil)):
        colours += np.array(tint, np.float32) * (smoothstep(0.5, 0.85, cloud) * np.float32(0.5))[..., None]
    xs, ys = stage.rng.integers(0, stage.width, 900), stage.rng.integers(0, stage.height, 900)
    colours[ys, xs] += (stage.rng.random(900) ** 4 * 220 + 20)[:, None].astype(np.float32)
    stage.backdrop(colours)
    planet(stage, stage.width * 0.7, stage.height * 0.36, 150, stage.palette.accent)
    ground = mix(stage.palette.accent, (96, 66, 88), 0.55)
    stage.ridge(0.4, stage.y(0.84), 70, 300, colour=mix(ground, (10, 8, 30), 0.55), peaks=True)
    stage.ridge(0.8, stage.y(0.92), 60, 520, colour=mix(ground, (10, 8, 30), 0.3))
    return Spots(Spot(0.36, 0.92, 0.85), None, Spot(0.34, 0.66, 1.1, 0.5))


def planet(stage: Stage, x: float, y: float, radius: float, tint: Colour) -> None:
    u = stage.u
    side = even(radius * 2.6 * u)
    centre, r = (side / 2, side / 2), radius * u
    down, across = np.mgrid[0:side, 0:side].astype(np.float32)
    away = np.hypot(across - centre[0], down - centre[1])
    light = (1 - np.hypot(across - centre[0] + r * 0.45, down - centre[1] + r * 0.4) / (1.7 * r)).clip(0.04, 1)
    bands = clumps((side, side), (500 * u, 26 * u), stage.rng, 4)
    colours = (np.array(mix(tint, (255, 230, 210), 0.35), np.float32) * (0.65 + 0.7 * bands[..., None])) * light[..., None] * 1.25
    alpha = np.asarray((r - away + 0.5).clip(0, 1), np.float32)
    stage.glow(x, y, r * 1.1, mix(tint, (255, 255, 255), 0.3), 0.5)
    stage.still(solid(np.asarray(colours.clip(0, 255), np.float32), alpha), x - side / 2, y - side / 2)


# --- indoors --------------------------------------------------------------------------------------------------------


def _room(stage: Stage, wall: Colour, floor_y: float) -> None:
    """A wall with light from a window falling on it."""
    lit = stage.palette.lit(wall)
    warm = mix(lit, stage.palette.accent, 0.2 * stage.palette.lamps)
    colours = np.repeat(rows(((0.0, mix(warm, stage.palette.near, 0.45)), (0.7, warm), (1.0, mix(warm, stage.palette.near, 0.3))), stage.height)[:, None], stage.width, axis=1)
    light = glow_at((stage.width, stage.height), (stage.sun_x, floor_y * 0.45), stage.width * 0.42, 1.6)[..., None]
    colours += (np.array(mix(stage.palette.sun, warm, 0.3), np.float32) - colours) * light * np.float32(0.5)
    stage.backdrop(colours)
    stage.outdoors = False


def _window(stage: Stage, x: float, y: float, wide: float, high: float, panes: int = 2) -> None:
    """A window with the hour's sky in it."""
    u, palette = stage.u, stage.palette
    frame = mix(palette.lit((236, 228, 214)), palette.near, 0.25)

    def draw(pen: Pen, spread: Spread) -> None:
        left, w, h = spread.pad_px + x, wide * u, high * u
        pen.box(left - 12 * u, 0, w + 24 * u, h + 24 * u, frame, 4 * u)
        for row in range(40):
            ink = mix(palette.zenith, palette.sky, row / 20) if row < 20 else mix(palette.sky, palette.horizon, (row - 20) / 20)
            pen.box(left, (12 * u) + h * row / 40, w, h / 40 + 1.5, ink)
        pen.disc(left + w * 0.62, 12 * u + h * 0.5, 34 * u, palette.sun)
        base = mix(palette.far, palette.near, 0.3)
        for house in range(9):
            tall = float(stage.rng.uniform(0.12, 0.34)) * h
            pen.box(left + w * house / 9, 12 * u + h - tall, w / 9 + 1, tall, mix(base, palette.horizon, 0.2 * (house % 3)))
        for pane in range(1, panes):
            pen.box(left + w * pane / panes - 4 * u, 12 * u, 8 * u, h, frame)
        pen.box(left, 12 * u + h * 0.42, w, 6 * u, frame)
        pen.box(left - 24 * u, h + 20 * u, w + 48 * u, 16 * u, mix(frame, palette.sun, 0.3))

    stage.drawing(0.25, y, y + (high + 44) * u, draw)
    stage.glow(x + wide * u / 2, y + high * u / 2, 190 * u, palette.sun, 0.3 * (1 - 0.6 * palette.lamps))


def table(stage: Stage, y: float, local: Colour, depth: float = 0.8) -> None:
    stage.ground(y, local, depth=depth, mottle=0.08)


def kitchen(stage: Stage) -> Spots:
    u, palette = stage.u, stage.palette
    _room(stage, (206, 216, 204), stage.y(0.6))
    _window(stage, stage.sun_x - 150 * u, stage.y(0.1), 300, 230)

    def draw(pen: Pen, spread: Spread) -> None:
        width, shelf = spread.size_px[0], mix(palette.lit(WOOD), palette.near, 0.2)
        other = spread.pad_px + (stage.width * 0.58 if stage.sun_x < stage.width / 2 else stage.width * 0.04)
        for row in (150, 270):
            pen.box(other, row * u, 480 * u, 12 * u, shelf)
            x = other + 16 * u
            while x < other + 440 * u:
                tall, across = float(stage.rng.uniform(34, 86)) * u, float(stage.rng.uniform(26, 50)) * u
                jar = palette.lit([(222, 120, 84), (240, 226, 196), (96, 140, 128), (214, 172, 92)][int(stage.rng.integers(4))])
                pen.box(x, row * u - tall, across, tall, jar, 7 * u)
                pen.box(x + 3 * u, row * u - tall - 6 * u, across - 6 * u, 9 * u, shelf, 2 * u)
                x += across + 12 * u
        for pan in range(5):
            x = other + (50 + pan * 90) * u
            pen.line([(x, 282 * u), (x, 330 * u)], 4 * u, palette.near)
            pen.disc(x, (346 + pan % 2 * 8) * u, (20 + pan % 3 * 6) * u, mix(palette.near, palette.lit((200, 120, 80)), 0.55))
        pen.box(-4, 440 * u, width + 8, 16 * u, mix(shelf, palette.sun, 0.3))

    stage.drawing(0.35, stage.y(0.02), stage.y(0.02) + 456 * u, draw)
    for x in (0.36, 0.64):
        _pendant(stage, x, 0.2)
    table(stage, stage.y(0.74), (206, 160, 116))
    return Spots(Spot(0.5, 0.92, 1.1), None, Spot(0.5, 0.4), Spot(0.5, 0.88, 1.0, 0.8))


def _pendant(stage: Stage, x: float, y: float) -> None:
    u, ink = stage.u, stage.palette.near

    def draw(pen: Pen, spread: Spread) -> None:
        left, foot = spread.pad_px + stage.width * x, stage.y(y)
        pen.line([(left, 0), (left, foot - 40 * u)], 3 * u, ink)
        pen.polygon([(left - 14 * u, foot - 44 * u), (left + 14 * u, foot - 44 * u), (left + 56 * u, foot), (left - 56 * u, foot)], mix(ink, stage.palette.accent, 0.3))
        pen.disc(left, foot + 2 * u, 16 * u, mix(stage.palette.accent, (255, 244, 210), 0.7))

    stage.drawing(0.5, 0, stage.y(y) + 22 * u, draw)
    stage.glow(stage.width * x, stage.y(y) + 30 * u, 120 * u, mix(stage.palette.accent, (255, 232, 180), 0.6), 0.25 + 0.4 * stage.palette.lamps)


def cafe(stage: Stage) -> Spots:
    u, palette = stage.u, stage.palette
    _room(stage, (172, 122, 92), stage.y(0.6))
    _window(stage, stage.width * 0.08, stage.y(0.12), 420, 290, 3)

    def draw(pen: Pen, spread: Spread) -> None:
        left, board = spread.pad_px + stage.width * 0.56, mix((38, 46, 44), palette.near, 0.3)
        pen.box(left, 10 * u, 300 * u, 200 * u, mix(palette.lit(WOOD), palette.near, 0.3), 4 * u)
        pen.box(left + 10 * u, 20 * u, 280 * u, 180 * u, board)
        for row in range(6):
            across = float(stage.rng.uniform(90, 220)) * u
            pen.box(left + 30 * u, (40 + row * 25) * u, across, 6 * u, mix(board, (240, 236, 220), 0.6))
        counter = mix(palette.lit((120, 78, 52)), palette.near, 0.35)
        pen.box(left - 80 * u, 330 * u, 900 * u, 240 * u, counter)
        pen.box(left - 90 * u, 322 * u, 900 * u, 14 * u, mix(counter, palette.sun, 0.35))
        pen.box(left + 20 * u, 240 * u, 150 * u, 84 * u, mix(palette.near, (190, 190, 196), 0.45), 8 * u)
        for cup in range(5):
            pen.box(left + (200 + cup * 30) * u, 300 * u, 22 * u, 22 * u, palette.lit((244, 236, 222)), 5 * u)

    stage.drawing(0.35, stage.y(0.1), stage.y(0.1) + 580 * u, draw)
    for x in (0.3, 0.56, 0.82):
        _pendant(stage, x, 0.2)
    table(stage, stage.y(0.76), (150, 92, 56))
    return Spots(Spot(0.42, 0.93, 1.05), None, Spot(0.5, 0.4), Spot(0.5, 0.9, 1.15, 0.85))


def room(stage: Stage) -> Spots:
    u, palette = stage.u, stage.palette
    _room(stage, (214, 198, 178), stage.y(0.7))
    _window(stage, stage.width / 2 - 210 * u, stage.y(0.1), 420, 320, 2)

    def draw(pen: Pen, spread: Spread) -> None:
        middle, height = spread.pad_px + stage.width / 2, 560 * u
        cloth = mix(palette.lit((196, 108, 84)), palette.near, 0.15)
        for side in (-1, 1):
            for fold in range(6):
                x = middle + side * (212 + fold * 22) * u - (22 * u if side < 0 else 0)
                pen.box(x, 0, 23 * u, height, mix(cloth, palette.near, 0.28 * (fold % 2)))
        pen.box(middle - 380 * u, -2, 760 * u, 10 * u, palette.near)
        shelf = spread.pad_px + stage.width / 2 - 590 * u
        for row in range(4):
            pen.box(shelf, (130 + row * 110) * u, 180 * u, 9 * u, mix(palette.lit(WOOD), palette.near, 0.3))
            x = shelf + 8 * u
            while x < shelf + 160 * u:
                across, tall = float(stage.rng.uniform(9, 22)) * u, float(stage.rng.uniform(48, 84)) * u
                spine = palette.lit([(176, 70, 60), (60, 96, 120), (216, 176, 96), (88, 120, 88)][int(stage.rng.integers(4))])
                pen.box(x, (130 + row * 110) * u - tall, across, tall, spine)
                x += across + 2 * u
        plant = spread.pad_px + stage.width / 2 + 480 * u
        for leaf in range(9):
            lean = (leaf - 4) * 26 * u
            pen.polygon([(plant - 6 * u, 420 * u), (plant + 6 * u, 420 * u), (plant + lean * 1.6, 250 * u + abs(lean) * 0.6)], mix(palette.lit((74, 128, 84)), palette.near, 0.1 * (leaf % 3)))
        pen.polygon([(plant - 46 * u, 420 * u), (plant + 46 * u, 420 * u), (plant + 34 * u, 520 * u), (plant - 34 * u, 520 * u)], palette.lit((214, 150, 110)))

    stage.drawing(0.4, stage.y(0.05), stage.y(0.05) + 560 * u, draw)
    stage.ground(stage.y(0.78), (176, 126, 84), depth=0.75, mottle=0.06)
    return Spots(Spot(0.5, 0.93, 1.1), None, Spot(0.5, 0.4), Spot(0.5, 0.92, 1.0))


def studio(stage: Stage) -> Spots:
    u, palette = stage.u, stage.palette
    wall = mix(palette.accent, palette.light, 0.3)
    dark = mix(mix(wall, palette.near, 0.62), (20, 18, 28), 0.2)
    colours = np.repeat(rows(((0.0, dark), (0.6, mix(dark, wall, 0.45)), (1.0, dark)), stage.height)[:, None], stage.width, axis=1)
    light = glow_at((stage.width, stage.height), (stage.width / 2, stage.y(0.46)), 420 * u, 1.7)[..., None]
    colours += (np.array(mix(wall, (255, 246, 232), 0.5), np.float32) - colours) * light * np.float32(0.85)
    floor = even(stage.y(0.84))
    near, edge = mix(wall, (255, 246, 232), 0.35), mix(mix(wall, palette.near, 0.5), dark, 0.3)
    colours[floor:] = rows(((0.0, near), (1.0, edge)), stage.height - floor)[:, None]
    stage.backdrop(colours)
    stage.outdoors = False

    def arch(pen: Pen, spread: Spread) -> None:
        middle = spread.pad_px + stage.width / 2
        pen.disc(middle, 240 * u, 230 * u, mix(wall, (255, 250, 240), 0.28))
        pen.box(middle - 230 * u, 240 * u, 460 * u, 400 * u, mix(wall, (255, 250, 240), 0.28))

    stage.drawing(0.3, stage.y(0.5) - 250 * u, stage.y(0.84), arch)

    def plinth(pen: Pen, spread: Spread) -> None:
        middle, top, side = spread.pad_px + stage.width / 2, 40 * u, 215 * u
        face = mix(wall, (255, 248, 236), 0.35)
        for strip in range(40):
            x = -side + 2 * side * strip / 40
            shade = mix(face, palette.near, 0.5 * abs(strip / 40 - 0.35) ** 0.8)
            pen.box(middle + x, top, 2 * side / 40 + 1, spread.size_px[1], shade)
        pen.disc(middle, top, side, mix(face, (255, 255, 255), 0.35), 0.16)

    stage.drawing(0.8, stage.y(0.86) - 40 * u, None, plinth)
    return Spots(Spot(0.5, 0.87, 1.0, 0.8), None, Spot(0.5, 0.5), Spot(0.5, 0.865, 1.25, 0.8))


PLACES: Final[Mapping[str, Callable[[Stage], Spots]]] = {
    painter.__name__: painter
    for painter in (
        alley, bamboo, beach, bridge, cafe, city, desert, forest, harbour, kitchen, lake, market, meadow, mountain, rooftop, room,
        sea, snowfield, space, stadium, station, street, studio, temple, underwater, village, waterfall,
    )
}  # fmt: skip
