"""Puts the subjects of a prompt onto the stage: which of them, where, how large, in which light."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from pipeline.media.animatic.brush import Pen, rimmed
from pipeline.media.animatic.figures import FIGURES, Figure
from pipeline.media.animatic.figurine import Figurine, Inks
from pipeline.media.animatic.palette import mix
from pipeline.media.animatic.plates import Cycle, Floats, Paint, layer_of, print_of
from pipeline.media.animatic.spots import Spot, Spots
from pipeline.media.animatic.stage import MIDDLE, Stage, even, soft
from pipeline.timecode import SHOT_FRAMES

POSES: Final = 32
"""At most so many drawings of one figure; longer cycles show each for some frames."""

PEOPLE: Final = ("runner", "dancer", "cyclist", "child", "umbrella", "walker")
"""Of these one is enough: "a man runs" is no second man."""

EXTRAS: Final[Mapping[str, tuple[str, ...]]] = {
    "harbour": ("boat", "birds"),
    "sea": ("boat", "birds"),
    "beach": ("birds",),
    "lake": ("boat",),
    "station": ("train",),
    "cafe": ("cup",),
    "kitchen": ("cup",),
    "room": ("cat",),
    "studio": ("bottle",),
    "underwater": ("fish",),
    "space": ("rocket",),
    "stadium": ("runner",),
    "street": ("car",),
    "market": ("walker",),
    "alley": ("cat",),
    "bridge": ("ship",),
    "meadow": ("tree",),
    "mountain": ("birds",),
    "village": ("birds",),
    "temple": ("lantern",),
}
"""Who is there when the prompt names nobody."""

LOCAL: Final[Mapping[tuple[str, str], str]] = {("harbour", "boat"): "fishing_boat"}
SPECIAL: Final[Mapping[tuple[str, str], Spot]] = {
    ("station", "train"): Spot(0.5, 0.722, 1.05, 0.55),
    ("bridge", "car"): Spot(0.5, 0.503, 0.3, 0.45),
    ("bridge", "train"): Spot(0.5, 0.503, 0.32, 0.45),
    ("harbour", "lighthouse"): Spot(0.8, 0.525, 0.7, 0.3),
    ("sea", "lighthouse"): Spot(0.78, 0.7, 1.0, 0.45),
    ("beach", "lighthouse"): Spot(0.78, 0.54, 0.7, 0.1),
    ("meadow", "tree"): Spot(0.68, 0.8, 0.8, 0.6),
}


def cast(stage: Stage, spots: Spots) -> None:
    """Add the subjects to the stage, the farthest first."""
    entries = []
    for place, name in enumerate(_wanted(stage)):
        spot = SPECIAL.get((stage.sight.place, name)) or _spot(FIGURES[name], spots)
        if spot is not None:
            entries.append((spot.y, place, name, spot))
    for _, place, name, spot in sorted(entries):
        _perform(stage, FIGURES[name], _beside(spot, place, stage))


def _wanted(stage: Stage) -> tuple[str, ...]:
    """At most three figures by name; things for the table come alone unless somebody is named too."""
    names = list(stage.sight.figures)
    if "umbrella" in names and "walker" in names:
        names.remove("walker")
    people = [name for name in names if name in PEOPLE]
    names = [name for name in names if name not in people[1:]]
    if "fishing_boat" in names and "boat" in names:
        names.remove("boat")
    if "perfume" in names and "bottle" in names:
        names.remove("bottle")
    if not names:
        names = list(EXTRAS.get(stage.sight.place, ()))
    if stage.sight.place == "forest" and "tree" in names:
        names.remove("tree")
    return tuple(LOCAL.get((stage.sight.place, name), name) for name in names[:3])


def _spot(figure: Figure, spots: Spots) -> Spot | None:
    return {"ground": spots.ground, "water": spots.water, "air": spots.air, "table": spots.table}[figure.home]


def _beside(spot: Spot, place: int, stage: Stage) -> Spot:
    """The second and third step aside."""
    aside = (0.0, 0.24, -0.26)[place] * (1 if stage.sun_x > stage.width / 2 else -1)
    return replace(spot, x=min(max(spot.x + aside, 0.16), 0.84)) if place else spot


def _inks(stage: Stage, spot: Spot, *, lit: bool, dyed: bool) -> Inks:
    palette = stage.palette
    body = mix(palette.silhouette(spot.depth), palette.near, 0.6)
    dye = palette.cloth or palette.accent
    cloth = mix(palette.lit(dye), dye, 0.55)
    if dyed and palette.cloth:
        body = mix(body, cloth, 0.75)
    light = palette.lit((255, 250, 244))
    if lit:
        body, cloth, light = mix(body, (26, 22, 30), 0.6), dye, mix(light, (255, 250, 244), 0.65)
    return Inks(body, cloth, light, mix(palette.accent, (255, 222, 140), 0.7))


def _perform(stage: Stage, figure: Figure, spot: Spot) -> None:
    table = figure.home == "table"
    tall = figure.height * spot.scale * stage.u
    wide = even(tall * figure.wide)
    hold = -(-figure.poses // POSES)
    inks = _inks(stage, spot, lit=table or not stage.outdoors, dyed=figure.dyed)
    mirrored = _mirrors(stage, figure)
    paints = []
    for pose in range(0, figure.poses, hold):
        pen = Pen((wide, even(tall * 1.14)))
        figure.draw(Figurine(pen, tall), pose / figure.poses, inks)
        towards = (2.4 * stage.u * (1 if stage.sun_x > spot.x * stage.width else -1), -1.6 * stage.u)
        paint = rimmed(pen.paint(), stage.palette.sun, towards, 0.35 if table else 0.75 * stage.palette.glow)
        paints.append(_grounded(paint, mirrored, shadow=figure.home in ("ground", "table")))
    _enter(stage, figure, spot, tuple(paints), (wide, even(tall * 1.14)), hold)


def _mirrors(stage: Stage, figure: Figure) -> float:
    """How much of a figure its ground mirrors."""
    if figure.home == "water":
        return 0.42
    wet = stage.sight.weather in ("rain", "storm") and stage.outdoors
    shiny = stage.sight.place in ("studio", "alley") or (stage.sight.place == "street" and stage.palette.lamps > 0.8)
    return 0.3 if wet or shiny else 0.0 if figure.home != "table" else 0.14


def _grounded(paint: Paint, mirrored: float, *, shadow: bool) -> Paint:
    """`paint` with a strip below it for its mirror image and its shadow."""
    high, wide = paint.alpha.shape
    below = even(high * (0.45 if mirrored else 0.05))
    colours = np.concatenate([paint.colours, np.zeros((below, wide, 3), np.float32)])
    alpha = np.concatenate([paint.alpha, np.zeros((below, wide), np.float32)])
    if mirrored:
        fade = np.linspace(mirrored, 0, below, dtype=np.float32)[:, None]
        colours[high - 2 : high - 2 + below] += (
            paint.colours[::-1][:below] * fade[..., None] * (1 - alpha[high - 2 : high - 2 + below, :, None])
        )
        alpha[high - 2 : high - 2 + below] += (
            paint.alpha[::-1][:below] * fade * (1 - alpha[high - 2 : high - 2 + below])
        )
    if shadow:
        _shade(colours, alpha, high, wide)
    return Paint(colours, alpha.clip(0, 1))


def _shade(colours: Floats, alpha: Floats, foot: int, wide: int) -> None:
    """A soft dark ellipse under the foot, behind all that is there."""
    thick = max(alpha.shape[0] - foot, 4)
    thick = min(thick, max(6, wide // 14))
    y, x = np.ogrid[0 : alpha.shape[0], 0:wide]
    away = np.hypot((x - wide / 2) / (wide * 0.42), (y - foot + 2) / thick)
    dark = (0.4 * (1 - away).clip(0, 1)).astype(np.float32) * (1 - alpha)
    alpha += dark


def _enter(
    stage: Stage, figure: Figure, spot: Spot, paints: tuple[Paint, ...], size: tuple[int, int], hold: int
) -> None:
    """Onto the stage, at its spot in the middle of the clip, on its way."""
    pace = _pace(stage, figure, spot)
    x = spot.x * stage.width - size[0] / 2 - pace[0] * MIDDLE
    y = stage.y(spot.y) - size[1] + 2 - pace[1] * MIDDLE
    if figure.home == "air":
        y += size[1] / 2
    if len(paints) == 1:
        quarters = (round(pace[0] * 4), round(pace[1] * 4))
        layer = layer_of(soft(paints[0]), (round(x) * 4, round(y) * 4), quarters, SHOT_FRAMES)
        stage.drawables.append(layer)
    else:
        stage.drawables.append(Cycle(tuple(print_of(paint) for paint in paints), (x, y), pace, hold))


def _pace(stage: Stage, figure: Figure, spot: Spot) -> tuple[float, float]:
    """Its own way and the camera's; a camera that tracks goes along with it."""
    slide = stage.move.slide(spot.depth)
    if stage.sight.camera == "tracking" and figure.pace:
        return 0.0, round(slide[1] * stage.u * 2) / 2
    own = figure.pace * spot.scale
    return round((own + slide[0]) * stage.u * 2) / 2, round(slide[1] * stage.u * 2) / 2
