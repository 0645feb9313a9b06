"""What lies between the scene and the eye: rain, snow, fog, flashes, the dark corners and the grain of the film."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from pipeline.media.animatic.brush import Pen, clumps, smoothstep, solid
from pipeline.media.animatic.moving import fall_of
from pipeline.media.animatic.palette import mix
from pipeline.media.animatic.plates import Bytes, Canvas, Print, layer_of, print_of
from pipeline.media.animatic.stage import Stage, even, soft
from pipeline.timecode import SHOT_FRAMES

GRAIN: Final = 1.6
"""Standard deviation of the film grain, in steps of luma."""


def weather(stage: Stage) -> None:
    """What falls or drifts in front of all."""
    kind = stage.sight.weather
    if not stage.outdoors or stage.sight.place in ("space", "underwater"):
        return
    if kind in ("rain", "storm"):
        rain(stage, heavy=kind == "storm")
    if kind == "storm":
        stage.drawables.append(Lightning(_flash(stage), tuple(sorted(int(n) for n in stage.rng.integers(20, 180, 2)))))
    if kind == "snow":
        snow(stage)
    if kind == "fog":
        fog(stage)


def rain(stage: Stage, *, heavy: bool) -> None:
    """Two sheets of slanted strokes, the nearer faster and longer."""
    ink = mix(stage.palette.light, (226, 234, 246), 0.65)
    for long, count, pace in ((26, 420, (-6, 34)), (52, 190 if heavy else 120, (-10, 56))):
        size = (even(stage.width), even(stage.height))
        pen = Pen(size)
        for _ in range(count):
            x, y = stage.rng.random() * size[0], stage.rng.random() * (size[1] - 60 * stage.u)
            length = long * stage.u * float(stage.rng.uniform(0.6, 1.2))
            lean = length * pace[0] / pace[1]
            half = stage.u * (0.5 + long / 60)
            pen.polygon([(x, y), (x + half, y), (x + half + lean, y + length), (x + lean, y + length)], ink, 0.34)
        stage.drawables.append(fall_of(pen.paint(), (round(pace[0] * stage.u), round(pace[1] * stage.u))))


def snow(stage: Stage) -> None:
    """Three depths of flakes that sway."""
    ink = mix(stage.palette.light, (255, 255, 255), 0.7)
    for radius, count, pace, sway in ((1.8, 420, 2, 8), (3.4, 170, 4, 16), (6.5, 46, 6, 26)):
        size = (even(stage.width), even(stage.height))
        pen = Pen(size)
        for _ in range(count):
            r = radius * stage.u * float(stage.rng.uniform(0.6, 1.3))
            x, y = stage.rng.uniform(r, size[0] - r), stage.rng.uniform(r, size[1] - r)
            pen.disc(float(x), float(y), r, ink)
        paint = pen.paint()
        veiled = type(paint)(paint.colours * np.float32(0.8), paint.alpha * np.float32(0.8))
        stage.drawables.append(fall_of(veiled, (0, round(pace * stage.u)), sway_px=sway * stage.u))


def fog(stage: Stage) -> None:
    """A bank that drifts by, thickest low down."""
    size = (stage.width + SHOT_FRAMES + 4, even(stage.height * 0.8))
    lumps = clumps(size, (620 * stage.u, 130 * stage.u), stage.rng, 4)
    down = np.linspace(0, 1, size[1], dtype=np.float32)[:, None]
    alpha = smoothstep(0.3, 0.75, lumps) * np.sin(down * np.pi).clip(0, 1) ** 0.8 * np.float32(0.62)
    paint = solid(mix(stage.palette.horizon, (255, 255, 255), 0.12), np.asarray(alpha, np.float32))
    top = even(stage.height * 0.2)
    stage.drawables.append(layer_of(soft(paint), (0, top * 4), (-2, 0), SHOT_FRAMES))


def vignette(stage: Stage) -> None:
    """Corners a little darker."""
    y, x = np.ogrid[-1 : 1 : stage.height * 1j, -1 : 1 : stage.width * 1j]
    away = np.sqrt((x * x + y * y) / 2)
    alpha = smoothstep(0.55, 1.2, np.asarray(away, np.float32)) * np.float32(0.42)
    stage.still(solid(mix(stage.palette.near, (4, 4, 10), 0.5), alpha))


def _flash(stage: Stage) -> Print:
    alpha = np.full((stage.height, stage.width), 0.5, np.float32)
    return print_of(solid((226, 232, 255), alpha))


@dataclass(frozen=True, slots=True)
class Lightning:
    """A flash at some frames: two frames of light, one dark, one light."""

    light: Print = field(repr=False)
    frames: tuple[int, ...]

    def draw(self, canvas: Canvas, frame: int) -> None:
        if any(frame - flash in (0, 1, 3) for flash in self.frames):
            self.light.lay(canvas, 0, 0)


class Grain:
    """Film grain: one field of noise, another corner of it for each frame."""

    def __init__(self, size_px: tuple[int, int], rng: np.random.Generator) -> None:
        width, height = size_px
        noise = rng.normal(0, GRAIN, (height + 64, width + 64)).round().clip(-4, 4)
        self._field: Bytes = noise.astype(np.int8).view(np.uint8)
        self._corners = rng.integers(0, 64, (SHOT_FRAMES, 2))

    def over(self, canvas: Canvas, frame: int) -> None:
        """Add to the luma: it keeps 16 … 235, so that bytes which wrap around subtract and never overflow."""
        x, y = self._corners[frame]
        width, height = canvas.size_px
        np.add(canvas.luma, self._field[y : y + height, x : x + width], out=canvas.luma)
