"""Tiny real clips for tests: each frame one grey, each clip one tone, so that both can be read back out of a film."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from pipeline.digest import hash_file
from pipeline.media.probe import inspect
from pipeline.model.media import Media

SIZE_PX = (160, 96)


def write_clip(
    path: Path,
    *,
    frames: int = 24,
    grey: int | Callable[[int], int] = 128,
    hz: float | None = 440.0,
    size_px: tuple[int, int] = SIZE_PX,
    rate: int = 24,
    sample_rate: int = 48_000,
    layout: str = "stereo",
    cut_off: float = 0,
    noise: int = 0,
    x264: str = "",
    draw: Callable[[int], np.ndarray] | None = None,
    heard: Callable[[np.ndarray], np.ndarray] | None = None,
) -> Path:
    """A clip whose frame n is all `grey` (of n), with a tone of −20 dBFS or so, or without sound.

    Args:
        cut_off: how many seconds before its picture its sound ends.
        noise: how far, at most, a pixel is brighter than its frame; makes a large file.
        x264: more of its parameters.
        draw: the Y, U and V of frame n as 3 × height × width, instead of a grey.
        heard: shapes the tone: the level at each instant, in seconds.
    """
    grain = np.random.default_rng(noise)
    with av.open(str(path), "w", options={"video_track_timescale": "12288"}) as container:
        picture = container.add_stream(
            "libx264", rate=rate, options={"preset": "ultrafast", "crf": "10", "x264-params": x264}
        )
        picture.width, picture.height = size_px
        sound = container.add_stream("aac", rate=sample_rate, layout=layout) if hz else None
        for n in range(frames):
            level = grey(n) if callable(grey) else grey
            plane = np.full((size_px[1] * 3 // 2, size_px[0]), 128, np.uint8)
            plane[: size_px[1]] = level
            if noise:
                plane[: size_px[1]] += grain.integers(0, noise, (size_px[1], size_px[0]), np.uint8, endpoint=True)
            frame = av.VideoFrame.from_ndarray(plane, format="yuv420p")
            if draw is not None:
                frame = av.VideoFrame.from_ndarray(draw(n), format="yuv444p").reformat(format="yuv420p")
            frame.pts, frame.time_base = n, Fraction(1, rate)
            container.mux(picture.encode(frame))
        container.mux(picture.encode(None))
        if sound is not None and hz:
            at = np.arange(frames * sample_rate // rate - round(cut_off * sample_rate)) / sample_rate
            loud = heard(at) if heard else 1.0
            wave = np.tile((0.14 * loud * np.sin(2 * np.pi * hz * at)).astype(np.float32), (sound.channels, 1))
            for start in range(0, wave.shape[1], 1_024):
                block = av.AudioFrame.from_ndarray(np.ascontiguousarray(wave[:, start : start + 1_024]), "fltp", layout)
                block.sample_rate, block.pts, block.time_base = sample_rate, start, Fraction(1, sample_rate)
                container.mux(sound.encode(block))
            container.mux(sound.encode(None))
    return path


def media_of(path: Path) -> Media:
    return Media(sha256=hash_file(path), size_bytes=path.stat().st_size, info=inspect(path))


def greys_of(path: Path) -> list[int]:
    """The luma in the middle of every frame, as it is coded."""
    with av.open(str(path)) as film:
        planes = (frame.to_ndarray(format="yuv420p") for frame in film.decode(video=0))
        return [int(plane[plane.shape[0] // 3, plane.shape[1] // 2]) for plane in planes]


def brightest_of(path: Path) -> list[int]:
    """The brightest luma of every frame, as it is coded."""
    with av.open(str(path)) as film:
        planes = (frame.to_ndarray(format="yuv420p") for frame in film.decode(video=0))
        return [int(plane[: plane.shape[0] * 2 // 3].max()) for plane in planes]


def sound_of(path: Path) -> np.ndarray:
    """The first channel, through the edit list."""
    with av.open(str(path)) as film:
        return np.concatenate([frame.to_ndarray()[0] for frame in film.decode(audio=0)])
