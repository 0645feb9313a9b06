"""Camera moves: how fast what is near and what is far slides over the frame, and through which window it is seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import pi, sin
from typing import Final

import numpy as np
from PIL import Image

from pipeline.media.animatic.plates import Canvas, blank_canvas
from pipeline.timecode import SHOT_FRAMES

Pace = tuple[float, float]
"""Pixels a frame, right and down, for a frame whose short side has 720."""


@dataclass(frozen=True, slots=True)
class Window:
    """The part of the painted frame that is seen: its middle in shares of the frame, and how much it is enlarged."""

    x: float = 0.5
    y: float = 0.5
    zoom: float = 1.0


@dataclass(frozen=True, slots=True)
class Move:
    """`slide` gives the pace of a layer by its depth (1 is at the lens), `look` the window by time, 0 … 1."""

    slide: Callable[[float], Pace] = lambda _: (0.0, 0.0)
    look: Callable[[float], Window] | None = None
    horizon: float = 0.0  # how much higher the horizon lies, in shares of the height


def _eased(part: float) -> float:
    """From 0 to 1, gently at both ends."""
    return part * 0.7 + 0.3 * (1 - (sin(pi / 2 + pi * part) + 1) / 2)


def _shaken(part: float) -> Window:
    """A breath and a step: slow waves that never meet."""
    x = 0.006 * sin(2 * pi * 2.3 * part) + 0.003 * sin(2 * pi * 7.1 * part + 1) + 0.0012 * sin(2 * pi * 17 * part)
    y = 0.007 * sin(2 * pi * 3.1 * part + 2) + 0.003 * sin(2 * pi * 8.3 * part) + 0.0014 * sin(2 * pi * 19 * part)
    return Window(0.5 + x, 0.5 + y, 1.05)


MOVES: Final[Mapping[str, Move]] = {
    "static": Move(),
    "pan": Move(lambda depth: (-0.25 - 1.5 * depth**1.2, 0.0)),
    "tracking": Move(lambda depth: (-0.25 - 4.5 * depth**1.5, 0.0)),
    "crane": Move(lambda depth: (0.0, 0.25 + 1.0 * depth**1.2)),
    "orbit": Move(lambda depth: (1.0 - 3.0 * depth, 0.0)),
    "aerial": Move(lambda depth: (-0.25 * (depth > 0.3), 0.25 + 1.0 * depth), horizon=0.12),
    "tilt": Move(look=lambda part: Window(0.5, 0.42 + 0.16 * (1 - _eased(part)), 1.2)),
    "push": Move(lambda depth: (0.0, 0.25 * (depth > 0.8)), lambda part: Window(0.5, 0.53, 1 + 0.17 * _eased(part))),
    "pull": Move(
        lambda depth: (0.0, -0.25 * (depth > 0.8)), lambda part: Window(0.5, 0.53, 1.18 - 0.18 * _eased(part))
    ),
    "handheld": Move(look=_shaken),
}


class Viewfinder:
    """Enlarges the window of a move out of a painted frame; the same frame is used for every picture."""

    def __init__(self, size_px: tuple[int, int]) -> None:
        self._seen = blank_canvas(size_px)

    def seen(self, painted: Canvas, look: Callable[[float], Window] | None, frame: int) -> Canvas:
        """`painted` through the window at `frame`; without a window, itself."""
        if look is None:
            return painted
        window = look(frame / (SHOT_FRAMES - 1))
        for whole, part in zip((painted.luma, *painted.chroma), (self._seen.luma, *self._seen.chroma), strict=True):
            height, width = whole.shape
            wide, high = width / window.zoom, height / window.zoom
            left = min(max(window.x * width - wide / 2, 0.0), width - wide)
            top = min(max(window.y * height - high / 2, 0.0), height - high)
            picture = Image.fromarray(whole)
            part[:] = np.asarray(
                picture.resize((width, height), Image.Resampling.BILINEAR, box=(left, top, left + wide, top + high))
            )
        return self._seen
