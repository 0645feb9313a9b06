"""Given pictures: a slow move from the first to the last, or pictures that lean in the painted place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageOps

from pipeline.media.animatic.brush import MARGIN, Pen
from pipeline.media.animatic.plates import Canvas, Paint, blank_canvas, layer_of, print_of
from pipeline.media.animatic.stage import Stage, even
from pipeline.timecode import SHOT_FRAMES, Frames

ROOM: Final = 1.16
"""A picture is held this much larger than the frame, so that the move has where to go."""
KINDS: Final = ("PNG", "JPEG", "WEBP")
"""No others are opened: some have Pillow run a program."""
MOST_PIXELS: Final = 8_192 * 4_320
CROSS: Final = (120, 168)
"""From the first frame of this to the second, the first picture gives way to the last."""


def open_picture(path: Path) -> Image.Image:
    """The picture at `path`, upright, in RGB. Raises OSError if it is none, or larger than anybody gives."""
    with Image.open(path, formats=KINDS) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise OSError(f"{path}: {picture.width}×{picture.height} is too large a picture")
        return ImageOps.exif_transpose(picture).convert("RGB")


def moved(pictures: tuple[Path, ...], size_px: tuple[int, int], step: Frames = 1) -> Iterator[Canvas]:
    """Every `step`th frame of a move over the first picture, and to the last if there are two."""
    larger = (even(size_px[0] * ROOM), even(size_px[1] * ROOM))
    stills = [_still(open_picture(path), larger) for path in (pictures[0], *pictures[1:][-1:])]
    seen = [blank_canvas(size_px) for _ in stills]
    for frame in range(0, SHOT_FRAMES, step):
        share = min(max((frame - CROSS[0]) / (CROSS[1] - CROSS[0]), 0.0), 1.0) if len(stills) > 1 else 0.0
        if share < 1:
            _look(stills[0], seen[0], frame / SHOT_FRAMES)
        if share > 0:
            _look(stills[-1], seen[-1], 1 - frame / SHOT_FRAMES)
        if 0 < share < 1:
            weight = np.uint16(round(share * share * (3 - 2 * share) * 256))
            mixed = seen[0].planes * (256 - weight) + seen[-1].planes * weight
            seen[0].planes[:] = mixed >> 8
        yield seen[-1] if share == 1 else seen[0]


def _still(picture: Image.Image, size_px: tuple[int, int]) -> tuple[Image.Image, ...]:
    """The three planes of `picture`, cut to fill `size_px`."""
    field = np.asarray(ImageOps.fit(picture, size_px, Image.Resampling.LANCZOS), np.float32)
    plates = print_of(Paint(field, np.ones(field.shape[:2], np.float32)))
    return tuple(Image.fromarray(plate.colours) for plate in (plates.luma, plates.blue, plates.red))


def _look(still: tuple[Image.Image, ...], canvas: Canvas, part: float) -> None:
    """A window that grows smaller, drifting to the right; at `part` 0 it is the whole picture, so that a shot which
    goes on from another begins with the very frame.
    """
    zoom = 1 + 0.14 * part
    for plane, onto in zip(still, (canvas.luma, *canvas.chroma), strict=True):
        width, height = plane.size
        wide, high = width / zoom, height / zoom
        left, top = (width - wide) * (0.3 + 0.4 * part), (height - high) * 0.45
        box = (left, top, left + wide, top + high)
        onto[:] = np.asarray(plane.resize((onto.shape[1], onto.shape[0]), Image.Resampling.BILINEAR, box=box))


def lean(stage: Stage, pictures: tuple[Path, ...]) -> None:
    """Up to three pictures as prints with a white edge, standing in front of the place."""
    high = (0.5 if len(pictures) < 3 else 0.4) * min(stage.height, stage.width)
    for number, path in enumerate(pictures[:3]):
        picture = open_picture(path)
        picture.thumbnail((round(high * 1.5), round(high)), Image.Resampling.LANCZOS)
        edge = round(12 * stage.u)
        card = ImageOps.expand(picture, (edge, edge, edge, edge * 3), (246, 243, 236))
        angle = (3.2, -2.4, 1.4)[number]
        turned = card.convert("RGBA").rotate(angle, Image.Resampling.BICUBIC, expand=True)
        pen = Pen((turned.width + edge, turned.height + edge), 1)
        shade = Image.new("RGBA", turned.size, (0, 0, 0, 90))
        pen.picture.paste(shade, (MARGIN + edge, MARGIN + edge), turned.getchannel("A").point(lambda a: a // 3))
        pen.picture.alpha_composite(turned, (MARGIN, MARGIN))
        x = stage.width * (number + 1) / (len(pictures[:3]) + 1) - pen.size_px[0] / 2
        y = stage.height * 0.9 - pen.size_px[1]
        spread = stage.spread(0.55, y, y + pen.size_px[1])
        start = (spread.start[0] + spread.pad_px * 4 + round(x) * 4, spread.start[1])
        stage.drawables.append(layer_of(pen.paint, start, spread.pace, SHOT_FRAMES))
