"""A prompt as 192 frames: sets the stage, casts it, and shows it through the camera."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from pipeline.media.animatic import lens
from pipeline.media.animatic.camera import MOVES, Viewfinder
from pipeline.media.animatic.cast import cast, furnish
from pipeline.media.animatic.palette import palette_of
from pipeline.media.animatic.pictures import lean
from pipeline.media.animatic.places import PLACES
from pipeline.media.animatic.plates import Canvas, blank_canvas, settled
from pipeline.media.animatic.sight import Sight
from pipeline.media.animatic.stage import Stage
from pipeline.timecode import SHOT_FRAMES, Frames


def set_stage(sight: Sight, size_px: tuple[int, int], rng: np.random.Generator, guests: tuple[Path, ...] = ()) -> Stage:
    """All of a scene, painted and in its order; `guests` are given pictures that take the place of the subjects."""
    stage = Stage(size_px, sight, palette_of(sight), MOVES[sight.camera], rng)
    spots = PLACES[sight.place](stage)
    if guests:
        lean(stage, guests)
        furnish(stage)
    else:
        cast(stage, spots)
    lens.weather(stage)
    lens.vignette(stage)
    return stage


def play(stage: Stage, step: Frames = 1) -> Iterator[Canvas]:
    """Every `step`th frame of a scene; each is good until the next is asked for."""
    canvas = blank_canvas((stage.width, stage.height))
    drawables = settled(stage.drawables, (stage.width, stage.height))
    viewfinder = Viewfinder((stage.width, stage.height))
    for frame in range(0, SHOT_FRAMES, step):
        for drawable in drawables:
            drawable.draw(canvas, frame)
        yield viewfinder.seen(canvas, stage.move.look, frame)
