"""Puts the subjects of a prompt onto the stage: which of them, where, how large, in which light."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from operator import itemgetter
from typing import Final

import numpy as np

from pipeline.media.animatic import effects
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

KINDS: Final[Mapping[str, str]] = {
    "fishing_boat": "boat",
    "perfume": "bottle",
    "bus": "car",
    "sports_car": "car",
    "truck": "car",
    "umbrella": "walker",
}
"""Who is named by the left word is not also the right one."""

RESTING: Final[Mapping[tuple[str, str], str]] = {
    ("stand", "walker"): "stander",
    ("stand", "child"): "small_stander",
    ("stand", "umbrella"): "umbrella_stander",
    ("sit", "walker"): "sitter",
    ("sit", "child"): "small_sitter",
    ("sit", "umbrella"): "umbrella_stander",
}
"""How people look who do not walk."""

THERE_ALREADY: Final = (
    ("forest", "tree"),
    ("market", "lantern"),
    ("alley", "lantern"),
    ("temple", "lantern"),
)
"""What a place is full of needs no actor."""

LOCAL: Final[Mapping[tuple[str, str], str]] = {("harbour", "boat"): "fishing_boat"}
SPECIAL: Final[Mapping[tuple[str, str], Spot]] = {
    ("station", "train"): Spot(0.74, 0.722, 1.05, 0.55),
    ("bridge", "car"): Spot(0.5, 0.503, 0.3, 0.45),
    ("bridge", "train"): Spot(0.5, 0.503, 0.32, 0.45),
    ("harbour", "lighthouse"): Spot(0.8, 0.525, 0.7, 0.3),
    ("sea", "lighthouse"): Spot(0.78, 0.7, 1.0, 0.45),
    ("beach", "lighthouse"): Spot(0.78, 0.54, 0.7, 0.1),
    ("meadow", "tree"): Spot(0.68, 0.8, 0.8, 0.6),
}


EFFECTS: Final[Mapping[str, tuple[effects.Effect, ...]]] = {
    "lighthouse": (effects.beam, effects.spray),
    "cup": (effects.steam_of_cup,),
    "lantern": (effects.cord,),
}
"""What shines or rises from a figure."""


def cast(stage: Stage, spots: Spots) -> None:
    """Add the subjects, and what the place has standing among them, the farthest first."""
    for place, name in enumerate(_wanted(stage)):
        spot = SPECIAL.get((stage.sight.place, name)) or _spot(FIGURES[name], spots)
        if spot is not None:
            spot = _beside(spot, place, stage)
            if stage.shows("close") and not place:
                spot = _near(spot, FIGURES[name])
            stage.stand(spot.y, partial(_perform, stage, name, spot))
    furnish(stage)


def furnish(stage: Stage) -> None:
    """Paint what stands, the farthest first; of equals the first named."""
    for _, paint in sorted(stage.standing, key=itemgetter(0)):
        paint()


def _wanted(stage: Stage) -> tuple[str, ...]:
    """At most three figures by name, each only once by its most telling name."""
    place, stance = stage.sight.place, stage.sight.stance
    names = [name for name in stage.sight.figures if (place, name) not in THERE_ALREADY]
    names = [name for name in names if not any(KINDS.get(other) == name for other in names)]
    people = [name for name in names if name in PEOPLE]
    names = [name for name in names if name not in people[1:]]
    if not stage.sight.figures:
        names = list(EXTRAS.get(place, ()))
    return tuple(RESTING.get((stance, name), LOCAL.get((place, name), name)) for name in names[:3])


def _near(spot: Spot, figure: Figure) -> Spot:
    """Half as large again, and still in the frame."""
    return replace(spot, scale=spot.scale * 1.45, y=spot.y + (0.1 if figure.home == "ground" else 0.02))


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


def _perform(stage: Stage, name: str, spot: Spot) -> None:
    figure = FIGURES[name]
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
        paint = rimmed(pen.paint(), stage.palette.sun, towards, 0.35 if table else max(0.4, 0.75 * stage.palette.glow))
        paints.append(_grounded(paint, mirrored, shadow=figure.home in ("ground", "table")))
    _enter(stage, figure, spot, tuple(paints), (wide, even(tall * 1.14)), hold)
    for effect in EFFECTS.get(name, ()):
        effect(stage, effects.Anchor(spot.x * stage.width, stage.y(spot.y), tall, _pace(stage, figure, spot)))


def _mirrors(stage: Stage, figure: Figure) -> float:
    """How much of a figure its ground mirrors."""
    if figure.home == "water":
        return 0.0 if stage.sight.weather == "storm" else 0.42
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
        _shade(alpha, high)
    return Paint(colours, alpha.clip(0, 1))


def _shade(alpha: Floats, foot: int) -> None:
    """Dark ground below whatever is near it: the lowest third of a figure, pressed flat and blurred."""
    wide = alpha.shape[1]
    print_ = alpha[foot - foot // 3 : foot].max(axis=0)
    blur = np.hanning(max(5, foot // 3) + 2)
    across = np.convolve(np.pad(print_, len(blur)), blur / blur.sum(), "same")[len(blur) : -len(blur)]
    thick = max(2.0, foot * 0.035)
    down = (np.arange(alpha.shape[0]) - foot + 1) / thick
    dark = 0.5 * np.exp(-(down**2))[:, None] * across[None, :wide]
    alpha += dark.astype(np.float32) * (1 - alpha)


def _enter(
    stage: Stage, figure: Figure, spot: Spot, paints: tuple[Paint, ...], size: tuple[int, int], hold: int
) -> None:
    """Onto the stage, at its spot in the middle of the clip, on its way."""
    pace = _pace(stage, figure, spot)
    x = spot.x * stage.width - figure.front * size[1] / 1.14 - size[0] / 2 - pace[0] * MIDDLE
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
