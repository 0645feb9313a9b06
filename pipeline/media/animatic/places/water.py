"""Places by, on and under the water."""

from __future__ import annotations

from functools import partial
from math import cos, pi, sin

import numpy as np

from pipeline.media.animatic import scenery
from pipeline.media.animatic.brush import Pen, clumps, smoothstep, solid, wander
from pipeline.media.animatic.moving import Heave
from pipeline.media.animatic.palette import Colour, mix, rows
from pipeline.media.animatic.plates import Cycle, print_of
from pipeline.media.animatic.spots import PLASTER, SAND, SNOW, WOOD, Spot, Spots
from pipeline.media.animatic.stage import MIDDLE, Spread, Stage, even
from pipeline.timecode import SHOT_FRAMES


def beach(stage: Stage) -> Spots:
    horizon = stage.y(0.52)
    stage.sky(horizon)
    stage.ridge(0.06, horizon, 66, 520)
    stage.haze(horizon)
    stage.water(horizon, calm=0.45)
    surf(stage, stage.y(0.71))
    stage.ground(stage.y(0.73), SAND, depth=0.7, wave=9, mottle=0.07)
    scenery.road(stage, 0.79, 0.9)
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
    if stage.sight.weather == "storm":
        stormy_water(stage, 0.5)
        return Spots(Spot(0.5, 0.74, 0.9), Spot(0.45, 0.72, 1.15, 0.45), Spot(0.6, 0.36))
    stage.water(horizon, calm=0.15)
    for number, share in enumerate((0.66, 0.8, 0.94)):
        depth = 0.4 + 0.25 * number
        base = mix(stage.palette.silhouette(depth), stage.palette.zenith, 0.35)
        stage.ridge(depth, stage.y(share), 20 + 16 * number, 150 + 90 * number, colour=base)
    return Spots(Spot(0.5, 0.74, 0.9), Spot(0.5, 0.7, 1.15, 0.45), Spot(0.6, 0.4))


def stormy_water(stage: Stage, top: float, foot: float = 1.02) -> None:
    """No mirror: from share `top` down one rank of broken waves before the other, each on its own way."""
    palette = stage.palette
    deep = mix(mix(palette.lit((46, 104, 118)), palette.zenith, 0.4), palette.near, 0.12)
    pale = mix(palette.horizon, deep, 0.35)
    ranks = 6
    for rank in range(ranks):
        near = rank / (ranks - 1)
        share = top + (foot - top) * near**1.35 * 0.86
        colour = mix(pale, mix(deep, palette.near, 0.3 * near), 0.25 + 0.75 * near)
        paint = partial(
            _wave, stage, rank, stage.y(share), (9 + 52 * near) * stage.u, (120 + 420 * near) * stage.u, colour
        )
        stage.stand(share - 0.05, paint) if near > 0.55 else paint()


def _wave(stage: Stage, rank: int, y: float, tall: float, long: float, colour: Colour) -> None:
    """One rank: sharp crests with foam that trails down their backs."""
    reach, drift = (0.25 * long, 0.16 * tall), (-1 if rank % 2 else 1) * even(2 * stage.u)
    size = (even(stage.width + 2 * reach[0] + abs(drift) * SHOT_FRAMES) + 2, even(3.4 * tall + 60 * stage.u))
    crest = np.float32(tall) * (0.25 + np.abs(wander(size[0], long, stage.rng, 4, 0.42)).clip(0, 1.2))
    below = np.arange(size[1], dtype=np.float32)[:, None] - crest[None, :]
    foam = mix(stage.palette.lit((236, 244, 248)), stage.palette.light, 0.5)
    lumps = clumps(size, (0.22 * long, 0.16 * tall + 3), stage.rng, 4)
    peak = (1.15 - crest / tall).clip(0, 1)[None, :]
    crowns = peak * np.exp(-below.clip(0, None) / np.float32(0.3 * tall))
    broken = smoothstep(0.47, 0.67, np.asarray(lumps * 0.55 + 0.6 * crowns, np.float32))
    trails = 0.3 * smoothstep(0.55, 0.75, lumps) * np.exp(-below.clip(0, None) / np.float32(1.6 * tall))
    white = np.maximum(broken, trails)[..., None]
    shade = rows(((0.0, mix(colour, foam, 0.12)), (0.35, colour), (1.0, mix(colour, stage.palette.near, 0.4))), size[1])
    colours = shade[:, None] * (1 - white) + np.array(foam, np.float32) * white
    paint = solid(np.asarray(colours, np.float32), (below + 0.5).clip(0, 1))
    left = -reach[0] - (drift * SHOT_FRAMES if drift > 0 else 0)
    pace = stage.move.slide(0.3 + 0.1 * rank)
    start = (left, y - tall - round(pace[1] * stage.u) * MIDDLE)
    stage.drawables.append(
        Heave(print_of(paint), start, (drift, round(pace[1] * stage.u)), reach, 70 + 9 * rank, rank * 0.37)
    )


def harbour(stage: Stage) -> Spots:
    horizon = stage.y(0.5)
    stage.sky(horizon)
    stage.ridge(0.05, horizon, 130, 420)
    stage.haze(horizon)
    scenery.gables(stage, 0.25, horizon + 4 * stage.u, 60, PLASTER)
    masts(stage, 0.4, horizon + 16 * stage.u)
    stage.haze(horizon + 10 * stage.u, 0.6, 60)
    if stage.sight.weather == "storm":
        stormy_water(stage, 0.53, 0.96)
    else:
        stage.water(horizon + 14 * stage.u, calm=0.65)
    stage.stand(0.88, lambda: pier(stage, stage.y(0.9)))
    return Spots(Spot(0.36, 0.905, 0.85, 0.9), Spot(0.57, 0.74, 1.25, 0.5))


def masts(stage: Stage, depth: float, y: float) -> None:
    """Moored boats: hulls, masts, rigging."""
    u, rng, ink = stage.u, stage.rng, stage.palette.silhouette(depth)

    def draw(pen: Pen, spread: Spread) -> None:
        foot = 170 * u
        for _ in range(int(spread.size_px[0] / (105 * u))):
            x, tall = float(rng.random()) * spread.size_px[0], float(rng.uniform(70, 150)) * u
            hull = mix(ink, stage.palette.lit(PLASTER[int(rng.integers(5))]), 0.35)
            pen.polygon(
                [(x - 42 * u, foot - 16 * u), (x + 48 * u, foot - 20 * u), (x + 34 * u, foot), (x - 34 * u, foot)], hull
            )
            pen.box(x - 22 * u, foot - 32 * u, 30 * u, 18 * u, ink)
            pen.line([(x, foot - 10 * u), (x, foot - tall)], 2.4 * u, ink)
            for end in (-40 * u, 46 * u):
                pen.line([(x, foot - tall), (x + end, foot - 16 * u)], 1, ink)

    stage.drawing(depth, y - 170 * u, y + 2 * u, draw)


def pier(stage: Stage, y: float) -> None:
    """Planks and posts in front of the lens."""
    u = stage.u
    plank = mix(stage.soil(WOOD, 1.0), stage.palette.near, 0.2 if stage.snowy else 0.55)

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
    if stage.shows("stone"):
        return stone_bridge(stage, horizon)
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
            curve = [(left + gap * k / 40, 14 * u + (road - 18 * u) * (1 - (k / 20 - 1) ** 2)) for k in range(41)]
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
    return Spots(Spot(0.5, 0.505, 0.42, 0.45), Spot(0.5, 0.8, 1.0, 0.6), Spot(0.5, 0.3))


def stone_bridge(stage: Stage, horizon: float) -> Spots:
    """Round arches of masonry from bank to bank."""
    u = stage.u
    stage.ridge(0.1, horizon, 130, 420)
    stage.haze(horizon, 1.1, 200)
    scenery.pines(stage, 0.28, horizon + 8 * u, 70, 0.4)
    stage.haze(stage.y(0.62), 0.8, 120)
    deck, foot = stage.y(0.5), stage.y(0.645)
    stage.drawing(0.45, deck - 24 * u, foot, partial(_arches, stage, foot - deck), rim=0.3)
    stage.water(stage.y(0.64), calm=0.55)
    scenery.grass(stage, 1.0, stage.y(1.04), 110, stage.palette.silhouette(0.95))
    return Spots(Spot(0.5, 0.508, 0.5, 0.45), Spot(0.5, 0.82, 1.0, 0.6), Spot(0.5, 0.3))


def _arches(stage: Stage, high: float, pen: Pen, spread: Spread) -> None:
    u, top, step = stage.u, 24 * stage.u, 300 * stage.u
    stone = mix(stage.soil((176, 160, 140), 0.6), stage.palette.silhouette(0.6), 0.4)
    joint, pale = mix(stone, stage.palette.near, 0.22), mix(stone, stage.palette.lit((255, 248, 232)), 0.35)
    pen.box(-4, top - 20 * u, spread.size_px[0] + 8, high + 24 * u, stone)
    for row in range(int(high / (17 * u)) + 2):
        y = top - 4 * u + row * 17 * u
        pen.box(-4, y, spread.size_px[0] + 8, 1.2 * u, joint)
        for block in range(int(spread.size_px[0] / (38 * u)) + 1):
            pen.box((block + 0.5 * (row % 2)) * 38 * u, y, 1.2 * u, 17 * u, joint)
    for number in range(int(spread.size_px[0] / step) + 2):
        x = (number - 0.5) * step + (spread.pad_px + stage.width / 2) % step
        half, rise = 118 * u, high - 26 * u
        for wider, ink, alpha in ((15 * u, pale, 1.0), (0.0, stone, 0.0)):
            span = half + wider
            curve = [
                (x - span * cos(pi * k / 24), top + high + 8 - (rise + wider) * sin(pi * k / 24)) for k in range(25)
            ]
            pen.polygon([*curve, (x + span, top + high + 40), (x - span, top + high + 40)], ink, alpha)
        pen.box(x + step / 2 - 19 * u, top + 4 * u, 38 * u, high + 20, mix(stone, joint, 0.6))
    pen.box(-4, top - 22 * u, spread.size_px[0] + 8, 6 * u, pale)
    pen.box(-4, top + 1 * u, spread.size_px[0] + 8, 4 * u, joint)


def waterfall(stage: Stage) -> Spots:
    horizon, u = stage.y(0.42), stage.u
    stage.sky(horizon)
    stage.ridge(0.1, horizon, 160, 420, peaks=True)
    stage.haze(horizon)
    _falling(stage, stage.y(0.24) + 4 * u, stage.y(0.74), 150)
    rock = mix(stage.palette.silhouette(0.55), stage.palette.lit((96, 108, 92)), 0.35)
    for side in (0, 1):

        def cliff(pen: Pen, spread: Spread, side: int = side) -> None:
            middle, foot = spread.pad_px + stage.width * 0.5, spread.size_px[1]
            edge = middle + (110 * u if side else -110 * u)
            out = spread.size_px[0] + 9 if side else -9
            steps = [
                (edge + (1 if side else -1) * abs(float(stage.rng.normal())) * 26 * u, foot * k / 9) for k in range(10)
            ]
            rim = [
                (out + (edge - out) * k / 7, (34 + float(stage.rng.uniform(-16, 16)) - 20 * abs(k - 4) / 4) * u)
                for k in range(8)
            ]
            pen.polygon([*rim, *steps[1:], (out, foot)], rock)
            for k, (x, y) in enumerate(rim):
                tall = (60 + 24 * (k % 3)) * u
                for tier in range(4):
                    wide = (9 + 5 * tier) * u
                    top = y + 12 * u - tall + tall * 0.2 * tier
                    pen.polygon(
                        [(x - wide, top + tall * 0.36), (x, top), (x + wide, top + tall * 0.36)],
                        mix(rock, stage.palette.near, 0.35),
                    )
            for _ in range(26):
                x, y = (
                    float(
                        stage.rng.uniform(
                            min(edge, out) + (20 * u if side else 0), max(edge, out) - (0 if side else 70 * u)
                        )
                    ),
                    float(stage.rng.random()) * foot,
                )
                pen.polygon(
                    [(x, y), (x + 50 * u, y + 20 * u), (x + 36 * u, y + 110 * u)], mix(rock, stage.palette.near, 0.3)
                )

        stage.drawing(0.45, stage.y(0.24) - 44 * u, None, cliff, rim=0.3)
    stage.haze(stage.y(0.74), 2.0, 170)
    stage.water(stage.y(0.73), calm=0.4)
    scenery.pines(stage, 0.85, stage.y(1.04), 150, 0.7)
    return Spots(Spot(0.3, 0.9, 0.7), Spot(0.6, 0.84, 0.8, 0.7))


def _falling(stage: Stage, top: float, foot: float, half: float) -> None:
    """A curtain of water: two veils of strokes that run down."""
    u = stage.u
    wide, high = even(2 * half * u), even((foot - top) / 2) * 2
    white = mix(stage.palette.lit((236, 246, 255)), stage.palette.sun, 0.2)
    shade = mix(white, stage.palette.sky, 0.45)
    edge = np.sin(np.linspace(0.05, np.pi - 0.05, wide)).astype(np.float32)[None, :] ** 0.4
    poses = []
    half_way = clumps((wide, high // 2), (8 * u, 130 * u), stage.rng, 3)
    strokes = np.concatenate([half_way, half_way[::-1]])  # ends as it begins, so that it can run for ever
    for pose in range(16):
        moved = np.roll(strokes, pose * high // 16, axis=0)
        foam = smoothstep(0.35, 0.65, moved)[..., None]
        colours = np.array(shade, np.float32) * (1 - foam) + np.array(white, np.float32) * foam
        poses.append(print_of(solid(np.asarray(colours, np.float32), np.repeat(edge, high, axis=0) * np.float32(0.97))))
    spread = stage.spread(0.45, top, foot)
    x = (stage.width - wide) / 2 - (spread.pace[0] * 96) / 4
    stage.drawables.append(
        Cycle(tuple(poses), (x, top - spread.pace[1] * 24), (spread.pace[0] / 4, spread.pace[1] / 4), hold=1)
    )


def underwater(stage: Stage) -> Spots:
    u, palette = stage.u, stage.palette
    deep, pale = mix((6, 40, 84), palette.zenith, 0.2), mix((120, 214, 220), palette.horizon, 0.2)
    colours = np.repeat(
        rows(((0.0, pale), (0.45, mix(pale, deep, 0.6)), (1.0, deep)), stage.height)[:, None], stage.width, axis=1
    )
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
            x, size, ink = (
                float(rng.random()) * spread.size_px[0],
                float(rng.uniform(40, 120)) * u * (0.5 + depth),
                inks[int(rng.integers(4))],
            )
            for stem in range(5):
                lean = (stem - 2) * 0.28
                pen.line(
                    [
                        (x, foot),
                        (x + lean * size * 0.5, foot - size * 0.6),
                        (x + lean * size, foot - size * (1 - 0.1 * abs(stem - 2))),
                    ],
                    size * 0.1,
                    ink,
                )

    stage.drawing(depth, y - 170 * u, y + 40 * u, draw)
