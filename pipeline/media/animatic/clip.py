"""One clip from one brief: picks the painter, lays marks and slate over it, hands all to `encode`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
from PIL import Image

from pipeline.media.animatic import encode, lens, pictures, scene, slate, sound
from pipeline.media.animatic.encode import Planes, Sound
from pipeline.media.animatic.plates import Canvas, blank_canvas
from pipeline.media.animatic.sight import read_prompt
from pipeline.timecode import SAMPLE_RATE, SAMPLES_PER_FRAME, SHOT_FRAMES, Frames

MARK_FRAME: Final = 96
MARK_PX: Final = 64
MARK_SAMPLES: Final = SAMPLE_RATE // 50  # 20 ms
WHITE: Final = 235
ON_TWOS: Final[Frames] = 2  # as animators say: each picture is shown twice
LARGEST_PAINTED: Final = 1920 * 1080


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipBrief:
    """What to paint."""

    shot: str  # label on the slate
    prompt: str
    size_px: tuple[int, int]
    images: tuple[Path, ...] = ()  # given pictures, local files, in order
    image_roles: Literal["none", "frames", "refs"] = "none"
    seed: int = 0
    slate: bool = True
    marks: bool = False  # frame 96: a white square in the corner, and a 20-ms tone of `mark_hz`
    draft: bool = False  # for a look in passing: on twos, encoded with little work, the slate without the prompt
    plain: bool = False  # one flat picture, for batteries of tests


def mark_hz(shot: str) -> float:
    """The tone of a shot's mark: 400 to 4,000 Hz in steps of 0.1 Hz, drawn from the name.

    Two names may come to lie near each other: 20 ms tell tones apart that differ by 50 Hz or more.
    """
    return 400.0 + int.from_bytes(hashlib.sha256(shot.encode()).digest()[:4]) % 36_001 / 10


def paint_clip(brief: ClipBrief, path: Path) -> None:
    """Write the finished mp4 of `brief` at `path`, whole or not at all."""
    frames = _plain_frames(brief) if brief.plain else _painted_frames(brief)
    if brief.marks:
        frames = _marked_frames(frames)
    encode.write_clip(path, frames, lambda: _sound(brief), _effort(brief))


def paint_placeholder(text: str, size_px: tuple[int, int], path: Path) -> None:
    """Write a picture that stands for a remote image, with `text` on it."""
    slate.placeholder(text, size_px).save(path)


def _is_large(brief: ClipBrief) -> bool:
    return brief.size_px[0] * brief.size_px[1] > LARGEST_PAINTED


def _effort(brief: ClipBrief) -> encode.Effort:
    if brief.plain:
        return encode.CHEAP
    if brief.draft:
        return encode.HASTY
    return encode.QUICK if _is_large(brief) else encode.CAREFUL


def _rng(brief: ClipBrief) -> np.random.Generator:
    digest = hashlib.sha256(f"{brief.seed}\n{brief.prompt}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8]))


def _sound(brief: ClipBrief) -> Sound:
    rng = _rng(brief)
    ambience = sound.quiet_noise(rng) if brief.plain else sound.ambience(read_prompt(brief.prompt, _rng(brief)), rng)
    return _marked_sound(ambience, mark_hz(brief.shot)) if brief.marks else ambience


def _painted_frames(brief: ClipBrief) -> Iterator[Planes]:
    """The picture with its grain and slate; what is larger than 1080p is painted at half its size."""
    halves = _is_large(brief)
    size_px = (brief.size_px[0] // 2, brief.size_px[1] // 2) if halves else brief.size_px
    rng = _rng(brief)
    grain = lens.Grain(size_px, rng)
    label = slate.draw_slate(brief.shot, "" if brief.draft else brief.prompt, size_px) if brief.slate else None
    step = ON_TWOS if brief.draft else 1
    for frame, canvas in zip(range(0, SHOT_FRAMES, step), _canvases(brief, size_px, rng, step), strict=True):
        grain.over(canvas, frame)
        if label:
            label.lay(canvas, frame)
        planes = _doubled(canvas) if halves else canvas.planes
        yield from (planes for _ in range(step))


def _canvases(brief: ClipBrief, size_px: tuple[int, int], rng: np.random.Generator, step: Frames) -> Iterator[Canvas]:
    if brief.image_roles == "frames" and brief.images:
        return pictures.moved(brief.images, size_px, step)
    stage = scene.set_stage(read_prompt(brief.prompt, rng), size_px, rng, guests=brief.images)
    return scene.play(stage, step)


def _doubled(canvas: Canvas) -> Planes:
    larger = blank_canvas((canvas.size_px[0] * 2, canvas.size_px[1] * 2))
    for small, large in zip((canvas.luma, *canvas.chroma), (larger.luma, *larger.chroma), strict=True):
        large[:] = np.asarray(
            Image.fromarray(small).resize((large.shape[1], large.shape[0]), Image.Resampling.BILINEAR)
        )
    return larger.planes


def _plain_frames(brief: ClipBrief) -> Iterator[Planes]:
    width, height = brief.size_px
    rng = _rng(brief)
    planes = np.empty((height * 3 // 2, width), np.uint8)
    top, bottom = rng.uniform(50, 180, 2)
    planes[:height] = np.linspace(top, bottom, height).astype(np.uint8)[:, None]
    chroma = planes[height:].reshape(2, -1)
    chroma[:] = rng.uniform(100, 156, (2, 1)).astype(np.uint8)
    for _ in range(SHOT_FRAMES):
        yield planes


def _marked_frames(frames: Iterator[Planes]) -> Iterator[Planes]:
    for number, planes in enumerate(frames):
        if number != MARK_FRAME:
            yield planes
            continue
        marked = planes.copy()
        height = planes.shape[0] * 2 // 3
        marked[:MARK_PX, :MARK_PX] = WHITE
        for chroma in marked[height:].reshape(2, height // 2, -1):
            chroma[: MARK_PX // 2, : MARK_PX // 2] = 128
        yield marked


def _marked_sound(ambience: Sound, hertz: float) -> Sound:
    marked = ambience.copy()
    start = MARK_FRAME * SAMPLES_PER_FRAME
    tone = 0.6 * np.sin(2 * np.pi * hertz * np.arange(MARK_SAMPLES) / SAMPLE_RATE)
    marked[:, start : start + MARK_SAMPLES] = tone
    return marked
