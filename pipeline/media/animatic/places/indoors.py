"""Places under a roof: rooms with a window, and the studio."""

from __future__ import annotations

import numpy as np

from pipeline.media.animatic.brush import Pen, glow_at
from pipeline.media.animatic.moving import fall_of
from pipeline.media.animatic.palette import Colour, mix, rows
from pipeline.media.animatic.plates import Paint
from pipeline.media.animatic.spots import WOOD, Spot, Spots
from pipeline.media.animatic.stage import MIDDLE, Spread, Stage, even


def _room(stage: Stage, wall: Colour, floor_y: float) -> None:
    """A wall with light from a window falling on it."""
    lit = stage.palette.lit(wall)
    warm = mix(lit, stage.palette.accent, 0.2 * stage.palette.lamps)
    colours = np.repeat(
        rows(
            ((0.0, mix(warm, stage.palette.near, 0.45)), (0.7, warm), (1.0, mix(warm, stage.palette.near, 0.3))),
            stage.height,
        )[:, None],
        stage.width,
        axis=1,
    )
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
            ink = (
                mix(palette.zenith, palette.sky, row / 20)
                if row < 20
                else mix(palette.sky, palette.horizon, (row - 20) / 20)
            )
            pen.box(left, (12 * u) + h * row / 40, w, h / 40 + 1.5, ink)
        if palette.sun_size:  # in the middle of the pane that is farthest from the lamps
            pane = 0 if x + w / 2 < stage.width / 2 else panes - 1
            pen.disc(left + w * (pane + 0.5) / panes, 12 * u + h * 0.21, 26 * u, palette.sun)
        base = mix(palette.far, palette.near, 0.3)
        for house in range(9):
            tall = float(stage.rng.uniform(0.12, 0.34)) * h
            pen.box(
                left + w * house / 9, 12 * u + h - tall, w / 9 + 1, tall, mix(base, palette.horizon, 0.2 * (house % 3))
            )

    def bars(pen: Pen, spread: Spread) -> None:
        left, w, h = spread.pad_px + x, wide * u, high * u
        for pane in range(1, panes):
            pen.box(left + w * pane / panes - 4 * u, 12 * u, 8 * u, h, frame)
        pen.box(left, 12 * u + h * 0.42, w, 6 * u, frame)
        pen.box(left - 24 * u, h + 20 * u, w + 48 * u, 16 * u, mix(frame, palette.sun, 0.3))

    stage.drawing(0.25, y, y + (high + 44) * u, draw)
    if stage.sight.weather in ("rain", "storm"):
        _wet_panes(stage, x, y + 12 * u, even(wide * u), even(high * u))
    stage.drawing(0.25, y, y + (high + 44) * u, bars)
    stage.glow(x + wide * u / 2, y + high * u / 2, 190 * u, palette.sun, 0.3 * (1 - 0.6 * palette.lamps))


def _wet_panes(stage: Stage, x: float, y: float, wide: int, high: int) -> None:
    """Drops that stay on the glass, others that run down it."""
    u, rng = stage.u, stage.rng
    ink, size = mix(stage.palette.horizon, (232, 240, 250), 0.65), (wide, high)
    right, down = (step * u for step in stage.move.slide(0.25))
    corner = (x - right * MIDDLE, y - down * MIDDLE)
    for count, long, pace in ((240, 0.0, 0.0), (34, 0.14, 1.0), (22, 0.22, 2.2)):
        pen = Pen(size)
        for _ in range(count):
            left, top = float(rng.random()) * wide, float(rng.random()) * high * (0.98 - long)
            foot, half = top + long * high, float(rng.uniform(0.9, 2.0)) * u
            pen.polygon([(left, top), (left + half * 0.8, foot), (left - half * 0.8, foot)], ink, 0.3)
            pen.disc(left, foot, half, ink, 1.3)
        drops = pen.paint()
        faint = Paint(drops.colours * np.float32(0.55), drops.alpha * np.float32(0.55))
        stage.drawables.append(fall_of(faint, (0.0, pace * u), corner=corner, slide=(right, down)))


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
                jar = palette.lit(
                    [(222, 120, 84), (240, 226, 196), (96, 140, 128), (214, 172, 92)][int(stage.rng.integers(4))]
                )
                pen.box(x, row * u - tall, across, tall, jar, 7 * u)
                pen.box(x + 3 * u, row * u - tall - 6 * u, across - 6 * u, 9 * u, shelf, 2 * u)
                x += across + 12 * u
        for pan in range(5):
            x = other + (50 + pan * 90) * u
            pen.line([(x, 282 * u), (x, 330 * u)], 4 * u, palette.near)
            pen.disc(
                x, (346 + pan % 2 * 8) * u, (20 + pan % 3 * 6) * u, mix(palette.near, palette.lit((200, 120, 80)), 0.55)
            )
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
        pen.polygon(
            [
                (left - 14 * u, foot - 44 * u),
                (left + 14 * u, foot - 44 * u),
                (left + 56 * u, foot),
                (left - 56 * u, foot),
            ],
            mix(ink, stage.palette.accent, 0.3),
        )
        pen.disc(left, foot + 2 * u, 16 * u, mix(stage.palette.accent, (255, 244, 210), 0.7))

    stage.drawing(0.5, 0, stage.y(y) + 22 * u, draw)
    stage.glow(
        stage.width * x,
        stage.y(y) + 30 * u,
        120 * u,
        mix(stage.palette.accent, (255, 232, 180), 0.6),
        0.25 + 0.4 * stage.palette.lamps,
    )


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
        pen.box(left - 80 * u, 330 * u, 900 * u, stage.height, counter)
        pen.box(left - 90 * u, 322 * u, 900 * u, 14 * u, mix(counter, palette.sun, 0.35))
        pen.box(left + 20 * u, 240 * u, 150 * u, 84 * u, mix(palette.near, (190, 190, 196), 0.45), 8 * u)
        for cup in range(5):
            pen.box(left + (200 + cup * 30) * u, 300 * u, 22 * u, 22 * u, palette.lit((244, 236, 222)), 5 * u)

    stage.drawing(0.35, stage.y(0.1), stage.y(0.77), draw)
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
                spine = palette.lit(
                    [(176, 70, 60), (60, 96, 120), (216, 176, 96), (88, 120, 88)][int(stage.rng.integers(4))]
                )
                pen.box(x, (130 + row * 110) * u - tall, across, tall, spine)
                x += across + 2 * u
        plant = spread.pad_px + stage.width / 2 + 480 * u
        for leaf in range(9):
            lean = (leaf - 4) * 26 * u
            pen.polygon(
                [(plant - 6 * u, 420 * u), (plant + 6 * u, 420 * u), (plant + lean * 1.6, 250 * u + abs(lean) * 0.6)],
                mix(palette.lit((74, 128, 84)), palette.near, 0.1 * (leaf % 3)),
            )
        pen.polygon(
            [
                (plant - 46 * u, 420 * u),
                (plant + 46 * u, 420 * u),
                (plant + 34 * u, 520 * u),
                (plant - 34 * u, 520 * u),
            ],
            palette.lit((214, 150, 110)),
        )

    stage.drawing(0.4, stage.y(0.05), stage.y(0.05) + 560 * u, draw)
    stage.ground(stage.y(0.78), (176, 126, 84), depth=0.75, mottle=0.06)
    return Spots(Spot(0.5, 0.93, 1.1), None, Spot(0.5, 0.4), Spot(0.5, 0.92, 1.0))


def studio(stage: Stage) -> Spots:
    u, palette = stage.u, stage.palette
    wall = mix(palette.accent, palette.light, 0.3)
    dark = mix(mix(wall, palette.near, 0.62), (20, 18, 28), 0.2)
    if stage.shows("dark"):
        wall, dark = mix(wall, (16, 14, 20), 0.7), (9.0, 9.0, 13.0)
    glare = 0.2 if stage.shows("dark") else 1.0
    colours = np.repeat(
        rows(((0.0, dark), (0.6, mix(dark, wall, 0.45)), (1.0, dark)), stage.height)[:, None], stage.width, axis=1
    )
    light = glow_at((stage.width, stage.height), (stage.width / 2, stage.y(0.46)), 420 * u, 1.7)[..., None]
    colours += (np.array(mix(wall, (255, 246, 232), 0.5 * glare), np.float32) - colours) * light * np.float32(0.85)
    floor = even(stage.y(0.84))
    near, edge = mix(wall, (255, 246, 232), 0.35 * glare), mix(mix(wall, palette.near, 0.5), dark, 0.3)
    colours[floor:] = rows(((0.0, near), (1.0, edge)), stage.height - floor)[:, None]
    stage.backdrop(colours)
    stage.outdoors = False

    def arch(pen: Pen, spread: Spread) -> None:
        middle = spread.pad_px + stage.width / 2
        pen.disc(middle, 240 * u, 230 * u, mix(wall, (255, 250, 240), 0.28 * glare))
        pen.box(middle - 230 * u, 240 * u, 460 * u, 400 * u, mix(wall, (255, 250, 240), 0.28 * glare))

    stage.drawing(0.3, stage.y(0.5) - 250 * u, stage.y(0.84), arch)

    def plinth(pen: Pen, spread: Spread) -> None:
        middle, top, side = spread.pad_px + stage.width / 2, 40 * u, 215 * u
        face = mix(wall, (255, 248, 236), 0.35 * max(glare, 0.4))
        for strip in range(40):
            x = -side + 2 * side * strip / 40
            shade = mix(face, palette.near, 0.5 * abs(strip / 40 - 0.35) ** 0.8)
            pen.box(middle + x, top, 2 * side / 40 + 1, spread.size_px[1], shade)
        pen.disc(middle, top, side, mix(face, (255, 255, 255), 0.35 * max(glare, 0.4)), 0.16)

    stage.drawing(0.8, stage.y(0.86) - 40 * u, None, plinth)
    return Spots(Spot(0.5, 0.87, 1.0, 0.8), None, Spot(0.5, 0.5), Spot(0.5, 0.865, 1.25, 0.8))
