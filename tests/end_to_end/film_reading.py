"""Looks at a film as a viewer would: which frame shows the mark, at which sample a tone begins."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

MARK_PX = 64


def picture_of(path: Path) -> NDArray[np.uint8]:
    """The luma of the top left 64-px square of every frame: (frames, 64, 64)."""
    with av.open(str(path)) as film:
        return np.stack([frame.to_ndarray(format="gray")[:MARK_PX, :MARK_PX] for frame in film.decode(video=0)])


def marked_frames(path: Path) -> list[int]:
    """The frames that show the white square."""
    squares = picture_of(path)
    return [int(frame) for frame in np.flatnonzero(squares.reshape(len(squares), -1).min(axis=1) > 200)]


def sound_of(path: Path) -> NDArray[np.float32]:
    """The first channel, decoded through the edit list, at 48 kHz."""
    with av.open(str(path)) as film:
        blocks = [frame.to_ndarray()[0] for frame in film.decode(audio=0)]
    return np.concatenate(blocks).astype(np.float32)


def tone_begins(sound: NDArray[np.float32], frequency_hz: float) -> int:
    """The sample at which a 20-ms tone of this frequency begins: where a window of its length holds most of it."""
    length = 960
    at = np.arange(len(sound)) / 48_000
    turned = np.cumsum(np.concatenate([[0], sound * np.exp(-2j * np.pi * frequency_hz * at)]))
    power = np.abs(turned[length:] - turned[:-length])
    return int(np.argmax(power))
