"""Places without a roof or a road: mountains, woods, sands, and beyond the sky."""

from __future__ import annotations

from functools import partial

import numpy as np

from pipeline.media.animatic import scenery
from pipeline.media.animatic.brush import clumps, smoothstep, solid
from pipeline.media.animatic.palette import Colour, mix, rows
from pipeline.media.animatic.spots import GRASS, SNOW, Spot, Spots
from pipeline.media.animatic.stage import Stage, even


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
    scenery.road(stage, 0.86, 0.96, 0.9)
    return Spots(Spot(0.42, 0.925, 0.75, 0.9), None, Spot(0.5, 0.35))


def bamboo(stage: Stage) -> Spots:
    return forest(stage, bamboo=True)


def forest(stage: Stage, *, bamboo: bool = False) -> Spots:
    horizon = stage.y(0.64)
    stage.sky(horizon)
    stage.haze(horizon, 2.2, 360)
    if not bamboo and (stage.snowy or stage.shows("pines")):
        return pinewood(stage)
    green = stage.palette.lit((86, 132, 74))
    for depth, wide, count in ((0.15, 22, 16), (0.35, 34, 9)):
        scenery.trunks(stage, depth, wide, count, bamboo=bamboo)
        stage.haze(stage.y(0.6 + 0.3 * depth), 1.5, 330)
    stage.ground(stage.y(0.72), (116, 124, 78), depth=0.6, mottle=0.16)
    beams(stage)
    scenery.trunks(stage, 0.7, 58, 4, bamboo=bamboo)
    scenery.leaves(stage, 0.75, stage.y(0.17), 80, mix(stage.palette.silhouette(0.85), green, 0.35))
    scenery.road(stage, 0.82, 0.93)
    blades = mix(stage.palette.silhouette(0.95), green, 0.4)
    stage.stand(1.0, lambda: scenery.grass(stage, 1.0, stage.y(1.05), 84, blades))
    return Spots(Spot(0.5, 0.9, 0.9, 0.65), None, Spot(0.5, 0.4))


def pinewood(stage: Stage) -> Spots:
    """A clearing among conifers."""
    for depth, share, size, count in ((0.1, 0.68, 250, 16), (0.25, 0.72, 330, 11), (0.45, 0.76, 430, 7)):
        scenery.firs(stage, depth, stage.y(share), size, count, clear=0.3 * depth)
        stage.haze(stage.y(share), 1.1 - depth, 260)
    stage.ground(stage.y(0.74), (112, 122, 78), depth=0.6, mottle=0.14, wave=7)
    scenery.firs(stage, 0.7, stage.y(0.86), 640, 3.4, clear=0.62)
    scenery.road(stage, 0.83, 0.93)
    blades = mix(stage.palette.silhouette(0.95), stage.palette.lit((86, 132, 74)), 0.4)
    stage.stand(1.0, lambda: scenery.grass(stage, 1.0, stage.y(1.06), 90, blades))
    return Spots(Spot(0.5, 0.9, 0.95, 0.65), None, Spot(0.5, 0.36))


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
    front = ((0.75, 0.83, 50), (0.95, 1.03, 60)) if stage.shows("road") else ((0.8, 0.93, 120),)
    for depth, share, rise in ((0.25, 0.64, 90), (0.5, 0.76, 110), *front):
        dune = mix(stage.soil((238, 174, 106), depth), stage.palette.near, 0.05 + 0.1 * depth)
        paint = partial(stage.dune, depth, stage.y(share), rise, 560, dune)
        stage.stand(1.0, paint) if share > 1 else paint()
    scenery.road(stage, 0.81, 0.92)
    return Spots(Spot(0.45, 0.88, 0.75, 0.8), None, Spot(0.55, 0.34))


def meadow(stage: Stage) -> Spots:
    horizon = stage.y(0.58)
    stage.sky(horizon)
    stage.ridge(0.08, horizon, 110, 420)
    stage.haze(horizon)
    for depth, share, local in ((0.25, 0.63, (150, 180, 110)), (0.45, 0.71, (134, 176, 90)), (0.7, 0.8, GRASS)):
        stage.ridge(depth, stage.y(share), 56, 520, colour=stage.soil(local, depth), rough=0.3)
    bloom = stage.palette.lit(stage.palette.accent)
    if not stage.shows("road"):
        scenery.grass(stage, 0.85, stage.y(0.93), 70, stage.palette.lit((118, 168, 72)), bloom)
    scenery.road(stage, 0.79, 0.9)
    green = stage.palette.lit((86, 136, 62))
    stage.stand(1.0, lambda: scenery.grass(stage, 1.0, stage.y(1.06), 110, green, bloom))
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
    scenery.road(stage, 0.84, 0.94, 0.85)
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
    colours = (
        (np.array(mix(tint, (255, 230, 210), 0.35), np.float32) * (0.65 + 0.7 * bands[..., None]))
        * light[..., None]
        * 1.25
    )
    alpha = np.asarray((r - away + 0.5).clip(0, 1), np.float32)
    stage.glow(x, y, r * 1.1, mix(tint, (255, 255, 255), 0.3), 0.5)
    stage.still(solid(np.asarray(colours.clip(0, 255), np.float32), alpha), x - side / 2, y - side / 2)
