"""Writes a stand-in clip in the shape that the vendor's own clips have; knows no picture and no sound.

The next picture is painted while the last one is encoded, and the sound beside both, in threads.
H.264 High, 24/1 without drift, one IDR, two B-frames with a pyramid, no colour tags; AAC-LC 48 kHz stereo behind an
edit list; `moov` last. The mp4 muxer adds the rest by itself: a time base of 1/12288, and the lists that hide delays.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray

from pipeline.timecode import FRAME_RATE, SAMPLE_RATE

Planes = NDArray[np.uint8]
"""One picture as ffmpeg's yuv420p: Y, then U, then V, in one array of `height * 3 / 2` rows."""

Sound = NDArray[np.float32]
"""Two rows, left and right, of samples in -1 … 1."""

AAC_SAMPLES: Final = 1024
LEVELS: Final = ((640 * 480, "3"), (1280 * 720, "3.1"), (1920 * 1088, "4"), (4096 * 2304, "5.1"))
MEGABITS_PER_720P: Final = 2.4  # the real ones take 1.2 to 3.9 Mb/s


@dataclass(frozen=True, slots=True)
class Effort:
    """How much work x264 puts in. One thread, so that equal pictures make equal bytes."""

    preset: str
    x264: str


CAREFUL: Final = Effort("veryfast", "ref=1:rc-lookahead=8:subme=1:me=dia:mbtree=0")
QUICK: Final = Effort("superfast", "ref=1:rc-lookahead=4:subme=1:me=dia:mbtree=0")  # for what is larger than 1080p
HASTY: Final = Effort("ultrafast", "rc-lookahead=0")  # for a look in passing
CHEAP: Final = Effort("ultrafast", "cabac=1:8x8dct=1:rc-lookahead=0:aq-mode=0:weightp=0:no-deblock=1")
_STRUCTURE: Final = "keyint=infinite:scenecut=0:bframes=2:b-pyramid=normal:b-adapt=0:threads=1:lookahead-threads=1"


def write_clip(path: Path, frames: Iterable[Planes], sound: Callable[[], Sound], effort: Effort = CAREFUL) -> None:
    """Encode `frames` and what `sound` returns into `path`, which appears whole or not at all.

    Args:
        frames: each is good until the next is asked for.

    Raises:
        OSError: the disk does not let us.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        _encode(part, iter(frames), sound, effort)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _encode(part: Path, frames: Iterator[Planes], sound: Callable[[], Sound], effort: Effort) -> None:
    with (
        ThreadPoolExecutor(max_workers=2) as aside,
        av.open(str(part), "w", format="mp4", options={"fflags": "+bitexact"}) as container,
    ):
        sounding = aside.submit(sound)
        pictures = _painted_ahead(frames, aside)
        first = next(pictures)
        picture = container.add_stream("libx264", rate=FRAME_RATE, options=_x264_options(first, effort))
        picture.width, picture.height, picture.pix_fmt = first.width, first.height, "yuv420p"
        picture.thread_count = 1
        ambience = container.add_stream("aac", rate=SAMPLE_RATE, layout="stereo", options={"aac_coder": "fast"})
        ambience.bit_rate = 128_000
        for stream in (picture, ambience):
            stream.codec_context.flags |= av.codec.context.Flags.bitexact
        blocks = _audio_frames(sounding.result())
        for number, frame in enumerate(chain((first,), pictures)):
            frame.pts = number
            container.mux(picture.encode(frame))
            for _ in range(2):  # 1.95 blocks of sound a frame: keeps the two interleaved
                if (block := next(blocks, None)) is not None:
                    container.mux(ambience.encode(block))
        for block in blocks:
            container.mux(ambience.encode(block))
        container.mux(picture.encode(None))
        container.mux(ambience.encode(None))


def _painted_ahead(frames: Iterator[Planes], aside: ThreadPoolExecutor) -> Iterator[av.VideoFrame]:
    """The pictures, each painted while the one before it is used."""
    coming = aside.submit(_next_picture, frames)
    while (picture := coming.result()) is not None:
        coming = aside.submit(_next_picture, frames)
        yield picture


def _next_picture(frames: Iterator[Planes]) -> av.VideoFrame | None:
    planes = next(frames, None)
    return None if planes is None else av.VideoFrame.from_ndarray(planes, format="yuv420p")


def _x264_options(picture: av.VideoFrame, effort: Effort) -> dict[str, str]:
    pixels = picture.width * picture.height
    level = next(name for limit, name in LEVELS if pixels <= limit)
    megabits = MEGABITS_PER_720P * (pixels / (1280 * 720)) ** 0.75
    return {
        "preset": effort.preset,
        "profile": "high",
        "level": level,
        "b": f"{megabits:.3f}M",
        "x264-params": f"{_STRUCTURE}:{effort.x264}",
    }


def _audio_frames(sound: Sound) -> Iterator[av.AudioFrame]:
    samples = np.clip(sound, -1.0, 1.0).astype(np.float32)
    for start in range(0, samples.shape[1], AAC_SAMPLES):
        block = np.ascontiguousarray(samples[:, start : start + AAC_SAMPLES])
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="stereo")
        frame.sample_rate = SAMPLE_RATE
        frame.pts = start
        yield frame
