"""Places among houses: streets, markets, stations, temples, villages."""

from __future__ import annotations

from functools import partial

from pipeline.media.animatic import effects, scenery
from pipeline.media.animatic.brush import Pen
from pipeline.media.animatic.palette import Colour, mix
from pipeline.media.animatic.spots import GRASS, PLASTER, STONE, WOOD, Spot, Spots
from pipeline.media.animatic.stage import Spread, Stage, even


def city(stage: Stage) -> Spots:
    horizon = stage.y(0.7)
    stage.sky(horizon)
    scenery.skyline(stage, 0.08, horizon, 120, 330, 46)
    stage.haze(horizon, 1.2, 220)
    scenery.skyline(stage, 0.35, horizon + 20 * stage.u, 90, 300, 66)
    stage.haze(horizon + 40 * stage.u, 1.0)
    scenery.skyline(stage, 0.7, stage.y(0.9), 60, 240, 110)
    scenery.road(stage, 0.9, 1.01)
    return Spots(Spot(0.5, 0.97, 0.7, 0.9), None, Spot(0.5, 0.35))


def street(stage: Stage) -> Spots:
    horizon = stage.y(0.62)
    stage.sky(horizon)
    scenery.skyline(stage, 0.15, horizon, 140, 380, 60)
    stage.haze(horizon, 1.2, 220)
    facades(stage, 0.45, stage.y(0.73), 300)
    stage.ground(stage.y(0.73), (128, 126, 134), depth=0.6, mottle=0.04)
    stripes(stage, stage.y(0.865))
    if stage.sight.weather in ("rain", "storm") or (stage.sight.hour in ("night", "blue") and not stage.snowy):
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
                    ink = (
                        lamp if rng.random() < 0.15 + 0.5 * stage.palette.lamps else mix(wall, stage.palette.near, 0.5)
                    )
                    pen.box(
                        x + across * (0.08 + column * 0.23),
                        foot - tall + (24 + row * 58) * u,
                        across * 0.13,
                        36 * u,
                        ink,
                        3 * u,
                    )
            shade = stage.palette.accent if rng.random() < 0.4 else mix(dark, stage.palette.lit((90, 140, 130)), 0.6)
            pen.box(x + 10 * u, foot - 70 * u, across * 0.58, 64 * u, lamp)
            pen.box(x + across * 0.7, foot - 74 * u, across * 0.2, 76 * u, mix(wall, stage.palette.near, 0.65))
            pen.polygon(
                [
                    (x + 6 * u, foot - 78 * u),
                    (x + across * 0.66, foot - 78 * u),
                    (x + across * 0.7, foot - 56 * u),
                    (x, foot - 56 * u),
                ],
                shade,
            )
            if stage.palette.lamps > 0.6:
                _sign(pen, x + across * 0.68, foot - tall * float(rng.uniform(0.62, 0.8)), stage)
            x += across + 2 * u

    stage.drawing(depth, y - size * 1.25 * u, y + 3 * u, draw)


def _sign(pen: Pen, x: float, y: float, stage: Stage) -> None:
    """An upright sign of light that stands out from a wall, with strokes for letters."""
    u = stage.u
    inks: tuple[Colour, ...] = ((70, 226, 226), (255, 74, 150), (255, 206, 92), stage.palette.accent)
    ink = inks[int(stage.rng.integers(len(inks)))]
    pen.box(x - 5 * u, y - 5 * u, 40 * u, 112 * u, mix(ink, stage.palette.near, 0.55), 8 * u)
    pen.box(x, y, 30 * u, 102 * u, mix(ink, stage.palette.near, 0.12), 5 * u)
    for stroke in range(4):
        pen.box(x + 7 * u, y + (12 + stroke * 22) * u, 16 * u, 5 * u, mix(ink, (255, 255, 255), 0.8))
        pen.box(
            x + (8 + 6 * (stroke % 2)) * u, y + (12 + stroke * 22) * u, 5 * u, 14 * u, mix(ink, (255, 255, 255), 0.8)
        )


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
    if stage.sight.weather in ("rain", "storm") or stage.palette.lamps > 0.5:
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
        pen.polygon(
            [(left - 66 * u, 22 * u), (left, -20 * u + 6), (left + 66 * u, 22 * u)], mix(tank, stage.palette.near, 0.4)
        )
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
    if stage.shows("steam") or stage.palette.lamps > 0.8:
        for x in (0.22, 0.7):
            effects.steam(stage, effects.Anchor(stage.width * x, stage.y(0.665), 190 * stage.u))
    scenery.bulbs(stage, 0.5, stage.y(0.08), 70, 62, lanterns=True)
    scenery.bulbs(stage, 0.75, stage.y(-0.01), 60, 80)
    stage.stand(0.8, lambda: scenery.crowd(stage, 0.6, stage.y(0.79), 185, 4.5))
    return Spots(Spot(0.47, 0.9, 1.0, 0.7), None, Spot(0.6, 0.3))


def station(stage: Stage) -> Spots:
    horizon = stage.y(0.6)
    stage.sky(horizon)
    scenery.skyline(stage, 0.1, horizon, 50, 190, 60)
    stage.haze(horizon, 1.2)
    stage.ground(stage.y(0.62), (110, 100, 98), depth=0.5, mottle=0.12)
    rails(stage, stage.y(0.7))
    stage.stand(0.8, partial(_platform, stage))
    return Spots(Spot(0.45, 0.95, 1.0, 0.85), None, Spot(0.5, 0.35))


def rails(stage: Stage, y: float) -> None:
    """Two rails on sleepers that hardly show in the ballast."""
    u, steel = stage.u, mix(stage.palette.lit((190, 190, 200)), stage.palette.sun, 0.35)
    wood = mix(stage.soil((110, 100, 98), 0.7), stage.palette.near, 0.4)

    def draw(pen: Pen, spread: Spread) -> None:
        for number in range(int(spread.size_px[0] / (44 * u)) + 1):
            x = number * 44 * u
            pen.polygon([(x + 2 * u, 0), (x + 16 * u, 0), (x + 14 * u, 26 * u), (x - 4 * u, 26 * u)], wood)
        for top in (4, 17):
            pen.box(-4, top * u, spread.size_px[0] + 8, 3 * u, steel)

    stage.drawing(0.55, y, y + 28 * u, draw)


def _platform(stage: Stage) -> None:
    """The near platform and the canopy on it, its posts all in one row."""
    u, depth = stage.u, 0.8
    edge = stage.y(0.8)

    def face(pen: Pen, spread: Spread) -> None:
        wide = spread.size_px[0] + 8
        pen.box(-4, 0, wide, 30 * u, mix(stage.palette.lit((96, 90, 92)), stage.palette.near, 0.55))
        pen.box(-4, 0, wide, 7 * u, stage.soil((214, 208, 200), 1.0))

    def line(pen: Pen, spread: Spread) -> None:
        pen.box(
            -4, 0, spread.size_px[0] + 8, 5 * u, mix(stage.palette.lit((240, 196, 70)), stage.soil(STONE, 1.0), 0.25)
        )

    stage.drawing(depth, edge - 20 * u, edge + 10 * u, face)
    stage.ground(edge, (178, 170, 164), depth=depth, mottle=0.03)
    stage.drawing(depth, edge + 16 * u, edge + 22 * u, line)
    stage.drawing(depth, 0, stage.y(0.88), partial(_canopy, stage), rim=0.25)


def _canopy(stage: Stage, pen: Pen, spread: Spread) -> None:
    u, foot, roof = stage.u, stage.y(0.87), stage.y(0.1)
    ink, lamp = (
        mix(stage.palette.silhouette(0.8), stage.palette.near, 0.5),
        mix(stage.palette.accent, (255, 244, 214), 0.7),
    )
    width, step = spread.size_px[0], 460 * u
    shine = lamp if stage.palette.lamps > 0.2 else ink
    for number in range(int(width / step) + 2):
        x = (number - 0.5) * step + (spread.pad_px + stage.width * 0.5) % step
        pen.box(x - 7 * u, roof, 14 * u, foot - roof, ink)
        pen.box(x - 13 * u, foot - 26 * u, 26 * u, 26 * u, ink, 3 * u)
        for side in (-1, 1):
            arch = [(x + side * (7 + 105 * k / 8) * u, roof + 92 * u * (1 - k / 8) ** 2) for k in range(9)]
            pen.polygon([*arch, (x + side * 7 * u, roof)], ink)
        middle = x + step / 2
        pen.line([(middle, roof), (middle, roof + 26 * u)], 3 * u, ink)
        pen.box(middle - 62 * u, roof + 24 * u, 124 * u, 34 * u, mix(ink, stage.palette.lit((40, 84, 150)), 0.6), 4 * u)
        pen.box(middle - 46 * u, roof + 38 * u, 92 * u, 6 * u, mix(ink, (246, 246, 240), 0.75))
        for share in (0.22, 0.78):
            pen.box(x + share * step - 34 * u, roof + 2 * u, 68 * u, 7 * u, shine, 3 * u)
    pen.box(-4, -4, width + 8, roof + 6 * u, ink)
    pen.box(-4, roof - 12 * u, width + 8, 5 * u, mix(ink, stage.palette.light, 0.3))


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
        roof, lamp = (
            mix(stage.palette.silhouette(0.7), stage.palette.near, 0.5),
            mix(stage.palette.accent, (255, 220, 150), 0.4),
        )
        for tier in range(5):
            half, y = (150 - tier * 22) * u, foot - (tier * 76 + 14) * u
            pen.box(middle - half * 0.62, y - 60 * u, half * 1.24, 62 * u, wall)
            for door in range(3):
                pen.box(
                    middle + (door - 1) * half * 0.36 - 9 * u,
                    y - 44 * u,
                    18 * u,
                    34 * u,
                    lamp if stage.palette.lamps > 0.05 else roof,
                )
            eaves = ((-1.16, 66), (-0.9, 54), (0.9, 54), (1.16, 66), (0.6, 80), (-0.6, 80))
            pen.polygon([(middle + half * side, y - up * u) for side, up in eaves], roof)
        pen.polygon(
            [(middle - 8 * u, foot - 394 * u), (middle + 8 * u, foot - 394 * u), (middle, foot - 420 * u + 2)], lamp
        )
        pen.box(
            middle - 190 * u, foot - 16 * u, 380 * u, 40 * u, mix(stage.palette.lit(STONE), stage.palette.near, 0.4)
        )

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
    scenery.road(stage, 0.86, 0.96)
    stage.stand(1.0, lambda: scenery.grass(stage, 1.0, stage.y(1.05), 70, stage.soil(GRASS, 1.0)))
    return Spots(Spot(0.45, 0.92))
