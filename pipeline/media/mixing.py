"""Adds the pieces of a sound plan up, block by block, so that memory does not grow with the film.

Files of PCM in, arrays out; knows no ffmpeg.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pipeline.render.sound import EDGE, Fade, Level, Loop, Piece, SoundPlan
from pipeline.timecode import SAMPLE_RATE, Samples

CHANNELS: Final = 2
SAMPLE_BYTES: Final = 4 * CHANNELS
BLOCK: Final[Samples] = SAMPLE_RATE

Stereo: TypeAlias = NDArray[np.float32]
"""Samples by channels, ±1."""

Positions: TypeAlias = NDArray[np.int64]


def mix_blocks(plan: SoundPlan, locate_pcm: Callable[[Piece], Path]) -> Iterator[Stereo]:
    """The film's sound from its first sample to its last."""
    for start in range(0, plan.samples, BLOCK):
        stop = min(start + BLOCK, plan.samples)
        block = np.zeros((stop - start, CHANNELS), np.float32)
        for piece in plan.pieces:
            begin, end = max(start, piece.start), min(stop, piece.stop)
            if begin < end:
                block[begin - start : end - start] += _play(piece, locate_pcm(piece), begin, end)
        yield block


def _play(piece: Piece, pcm_path: Path, begin: Samples, end: Samples) -> Stereo:
    """What the piece adds at the film samples from `begin` up to `end`."""
    offset, count = begin - piece.start + piece.offset, end - begin
    sound = _read_round(pcm_path, offset, count, piece.loop) if piece.loop else _read_once(pcm_path, offset, count)
    if piece.fall.samples and not piece.loop:
        _soften_end(sound, _length(pcm_path) - offset, piece.stop - begin)
    sound *= np.float32(10 ** (piece.gain_db / 20))
    _fade(sound, begin - piece.start, piece.rise)
    _fade(sound[::-1], piece.stop - end, piece.fall)
    _follow(sound, begin, piece.levels)
    return sound


def _soften_end(sound: Stereo, left: Samples, wanted: Samples) -> None:
    """Let a media of which `left` samples are there, and more are `wanted`, end without a click, in place."""
    if 0 < left < wanted:
        _fade(sound[:left][::-1], max(0, left - len(sound)), Fade(EDGE))


def _follow(sound: Stereo, begin: Samples, levels: Sequence[Level]) -> None:
    """Bring `sound`, which begins at the film's sample `begin`, to an envelope's levels, in place."""
    for one, other in pairwise(levels):
        inside = sound[max(0, one.at - begin) : max(0, other.at - begin)]
        if not len(inside) or one.gain_db == other.gain_db == 0:
            continue
        if one.gain_db == other.gain_db:
            inside *= np.float32(10 ** (one.gain_db / 20))
        else:
            at = max(begin, one.at) + np.arange(len(inside))
            gain_db = np.interp(at, [one.at, other.at], [one.gain_db, other.gain_db])
            inside *= (10 ** (gain_db / 20)).astype(np.float32)[:, None]


def _fade(sound: Stereo, away: Samples, fade: Fade) -> None:
    """Fade the beginning of `sound` in place; it lies `away` samples from where the fade is silent."""
    inside = sound[: max(0, fade.samples - away)]
    inside *= envelope(np.arange(away, away + len(inside)), fade).astype(np.float32)[:, None]


def envelope(away: Positions, fade: Fade) -> NDArray[np.float64]:
    """The gain `away` samples from where the fade is silent; taken at the middle of a sample, so that two fades of
    equal power that cross add up to one power everywhere.
    """
    turned = np.clip((away + 0.5) / max(fade.samples, 1), 0, 1) * (np.pi / 2)
    return np.asarray(np.sin(turned) ** fade.power)


def _length(pcm_path: Path) -> Samples:
    return pcm_path.stat().st_size // SAMPLE_BYTES


def _read_once(pcm_path: Path, offset: Samples, count: Samples) -> Stereo:
    """`count` samples from `offset`; silence where the media has ended."""
    found = np.fromfile(pcm_path, np.float32, count * CHANNELS, offset=offset * SAMPLE_BYTES).reshape(-1, CHANNELS)
    return found if len(found) == count else np.pad(found, ((0, count - len(found)), (0, 0)))


def _read_round(pcm_path: Path, offset: Samples, count: Samples, loop: Loop) -> Stereo:
    """`count` samples from `offset`, beginning again at the loop's end, with a soft edge on both sides of that."""
    end = _length(pcm_path)
    length = min(loop.stop if loop.stop is not None else end, end) - loop.start
    runs = []
    while count > 0:
        begin = (offset - loop.start) % length
        run = _read_once(pcm_path, loop.start + begin, min(count, length - begin))
        _fade(run, begin, Fade(EDGE))
        _fade(run[::-1], length - begin - len(run), Fade(EDGE))
        runs.append(run)
        offset, count = offset + len(run), count - len(run)
    return np.concatenate(runs)
