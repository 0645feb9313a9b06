"""What shines or rises from a subject and keeps moving: a turning beam, steam, spray. Each is a loop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Final

import numpy as np
from PIL import Image

from pipeline.media.animatic.brush import Pen, solid
from pipeline.media.animatic.palette import mix
from pipeline.media.animatic.plates import Cycle, Floats, Paint, print_of
from pipeline.media.animatic.stage import MIDDLE, Stage, even

BEAM_POSES: Final = 24
STEAM_POSES: Final = 24
SPRAY_POSES: Final = 24
COARSE: Final = 3
"""What is all soft is worked out at this part of its size."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a subject's foot is in the middle of the clip, how high it is, and its way: pixels, pixels a frame."""

    x: float
    y: float
    tall: float
    pace: tuple[float, float] = (0.0, 0.0)


Effect = Callable[[Stage, Anchor], None]


def _loop(stage: Stage, anchor: Anchor, paints: list[Paint], corner: tuple[float, float], hold: int) -> None:
    """Show `paints` in turn with their corner at `corner`, going along with the anchor."""
    start = (corner[0] - anchor.pace[0] * MIDDLE, corner[1] - anchor.pace[1] * MIDDLE)
    stage.drawables.append(Cycle(tuple(print_of(paint) for paint in paints), start, anchor.pace, hold))


def beam(stage: Stage, anchor: Anchor) -> None:
    """The light of a lighthouse goes round once in four seconds; towards us it flares."""
    if stage.palette.lamps < 0.3:
        return
    reach, high = even(0.6 * stage.width), even(0.5 * anchor.tall)
    light = mix(stage.palette.accent, (255, 246, 214), 0.75)
    down, along = np.ogrid[-high / 2 : high / 2 : high * 1j, -reach : reach : 2 * reach * 1j]
    across = (down / np.float32(1.0)).astype(np.float32)
    glow = np.exp(-np.hypot(down, along).astype(np.float32) / np.float32(0.13 * anchor.tall))
    sides = {side: _cone(across, (along * side).astype(np.float32), reach) for side in (-1, 1)}
    paints = []
    for pose in range(BEAM_POSES):
        turn = 2 * pi * (pose + 0.5) / BEAM_POSES
        flare = 0.4 + 0.6 * max(0.0, sin(turn)) ** 3
        cone = sides[1 if cos(turn) > 0 else -1] * np.float32(0.62 * abs(cos(turn)) ** 0.7)
        alpha = 1 - (1 - cone) * (1 - glow * np.float32(flare))
        paints.append(solid(light, np.asarray(alpha * stage.palette.lamps, np.float32)))
    _loop(stage, anchor, paints, (anchor.x - reach, anchor.y - 0.84 * anchor.tall - high / 2), 4)


def _cone(across: Floats, along: Floats, reach: float) -> Floats:
    """A beam to the right: wider and fainter the farther."""
    wide = np.float32(5) + along.clip(0, None) * np.float32(0.1)
    fade = (1 - along / np.float32(reach)).clip(0, 1) * (along > 0)
    return np.asarray(np.exp(-((across / wide) ** 2)) * fade, np.float32)


def steam_of_cup(stage: Stage, anchor: Anchor) -> None:
    steam(stage, Anchor(anchor.x, anchor.y - 0.55 * anchor.tall, anchor.tall, anchor.pace))


def steam(stage: Stage, anchor: Anchor) -> None:
    """Three soft wisps that rise from the anchor, wind, widen and thin out."""
    wide, high = even(0.9 * anchor.tall / COARSE), even(anchor.tall / COARSE)
    across = np.linspace(-0.5, 0.5, wide, dtype=np.float32)[None, :]
    up = np.linspace(1, 0, high, dtype=np.float32)[:, None]
    white = mix(stage.palette.light, (255, 252, 246), 0.55)
    envelope = np.minimum(up * 7, 1) * (1 - up) ** 1.4
    paints = []
    for pose in range(STEAM_POSES):
        time, alpha = pose / STEAM_POSES, np.zeros((high, wide), np.float32)
        for wisp, x in enumerate((-0.16, 0.0, 0.15)):
            middle = x + up * (
                0.09 * np.sin(2 * pi * (1.1 * up - time + wisp * 0.31))
                + 0.04 * np.sin(2 * pi * (2.3 * up - 2 * time + wisp * 0.57))
            )
            dense = 0.65 + 0.35 * np.sin(2 * pi * (1.7 * up - time + wisp * 0.43))
            alpha += dense * np.exp(-(((across - middle) / (0.022 + 0.075 * up)) ** 2))
        veil = Image.fromarray(np.asarray((alpha * envelope * 0.5).clip(0, 0.75), np.float32))
        fine = veil.resize((wide * COARSE, high * COARSE), Image.Resampling.BILINEAR)
        paints.append(solid(white, np.asarray(fine, np.float32)))
    _loop(stage, anchor, paints, (anchor.x - wide * COARSE / 2, anchor.y - high * COARSE), 3)


def cord(stage: Stage, anchor: Anchor) -> None:
    """What a lantern hangs by, up out of the frame; one that flies has none."""
    if stage.shows("aloft"):
        return
    top = anchor.y - 0.46 * anchor.tall
    high = even(top + abs(anchor.pace[1]) * MIDDLE)
    if high > 0:
        pen = Pen((4, high))
        pen.line([(2, 0), (2, high)], max(1.0, 1.6 * stage.u), mix(stage.palette.near, stage.palette.light, 0.2))
        _loop(stage, anchor, [pen.paint()], (anchor.x - 2, top - high), 1)


def spray(stage: Stage, anchor: Anchor) -> None:
    """In a storm a wave breaks at the foot: drops fly up and fall back."""
    if stage.sight.weather != "storm":
        return
    wide, high = even(1.5 * anchor.tall), even(0.75 * anchor.tall)
    foam = mix(stage.palette.light, (236, 244, 250), 0.6)
    drops = [
        (
            float(stage.rng.normal()) * 0.28,
            *(float(stage.rng.uniform(*ends)) for ends in ((0.2, 1.0), (0.8, 2.6), (-0.3, 0.1))),
        )
        for _ in range(320)
    ]
    paints = []
    for pose in range(SPRAY_POSES):
        pen = Pen((wide, high))
        for aside, push, radius, late in drops:
            time = 1.2 * pose / SPRAY_POSES + late
            x, y = wide * (0.5 + aside * (0.5 + time)), high * push * (1 - abs(aside)) * 3.4 * time * (1 - time)
            if y > 0:
                pen.disc(x, high - y, radius * stage.u * (1.3 - 0.6 * time), foam)
        paints.append(pen.paint())
    _loop(stage, anchor, paints, (anchor.x - wide / 2, anchor.y - high + 4 * stage.u), 3)
