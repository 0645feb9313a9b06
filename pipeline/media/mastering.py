"""Brings a mix to the ordered loudness and encodes it: one gain, a limiter, AAC; then listens to what came out.

A limiter takes loudness away, and AAC adds to peaks, by how much nobody knows before. So the gain is found in trials,
and the ceiling is lowered while peaks come out too high.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

import ffmpeg
import numpy as np

from pipeline.media.aac import Part, divide, join, preroll
from pipeline.media.ffmpeg import Ffmpeg
from pipeline.media.filtering import FilterChain, framed
from pipeline.media.loudness import GATE_LUFS, LoudnessMeter
from pipeline.media.mixing import CHANNELS, SAMPLE_BYTES
from pipeline.media.probe import Heard, listen
from pipeline.media.threads import beside, in_thread
from pipeline.render.sound import SoundPlan
from pipeline.timecode import SAMPLE_RATE, Samples

PCM: Final = {"f": "f32le", "ar": SAMPLE_RATE, "ac": CHANNELS}

_AAC: Final = {
    "f": "mp4",
    "c:a": "aac",
    "aac_coder": "fast",  # the default one, and intensity stereo, put peaks up to 2 dB over a limited signal (9.0)
    "aac_is": 0,
    "fflags": "+bitexact",
    "flags:a": "+bitexact",
}
_HASTY: Final = {"aac_ms": 0, "aac_pns": 0, "aac_tns": 0}  # a fifth less time, for what is not mastered
_OVERSAMPLED: Final = 2 * SAMPLE_RATE  # peaks between samples show to 0.2 dB, twice that finds no more worth its time
_IN_FLOAT: Final = "internal_sample_fmt=fltp"  # else the limiter's doubles are resampled, for a fifth more time
_MAX_MASTER_DB: Final = 24.0
_MOST_DRIVE_DB: Final = 3.0  # on top of that: a film of hard peaks stays quieter rather than squashed
_LITTLE_DB: Final = 0.2  # of loudness that the limiter takes: as much gain gives it back, to a few hundredths
_AAC_PEAKS_DB: Final = 0.5  # what AAC adds to them as a rule
_MAX_ROUNDS: Final = 3
_PACKED: Final = ("aformat", "sample_fmts=flt")
_AT_ONCE: Final = 2
_TRIED: Final[Samples] = SAMPLE_RATE // 2  # at a time: the limiter's filters hold a dozen of it, in double precision


@dataclass(frozen=True, slots=True)
class Mix:
    """All pieces added up, as PCM with its preroll; `peak` is the highest sample."""

    path: Path
    loudness_lufs: float | None
    peak: float


@dataclass(frozen=True, slots=True)
class _Level:
    """A gain, and the ceiling of the limiter behind it."""

    gain_db: float
    ceiling_dbtp: float

    @property
    def filter(self) -> tuple[str, str]:
        """With its arguments."""
        levels = f"level_in={_factor(self.gain_db):.6f}:limit={_factor(self.ceiling_dbtp):.6f}:level=0"
        return "alimiter", f"{levels}:attack=5:release=80:latency=1"


async def master(runner: Ffmpeg, plan: SoundPlan, mix: Mix) -> tuple[Path, Heard]:
    """The mix as AAC in an MP4 beside it, and what was heard of it.

    Raises:
        FfmpegError, MediaError.
    """
    ceiling_dbtp, made = plan.delivery.true_peak_dbtp - _AAC_PEAKS_DB, mix.path.with_suffix(".m4a")
    gain_db = await in_thread(_find_gain, plan, mix, ceiling_dbtp)
    for rounds_left in reversed(range(_MAX_ROUNDS if plan.settings.is_mastered else 1)):
        await _encode(runner, plan, mix.path, _Level(gain_db, ceiling_dbtp), made)
        heard = await in_thread(listen, made, has_peaks=plan.settings.is_mastered)
        over_db = (heard.true_peak_dbtp or -math.inf) - plan.delivery.true_peak_dbtp
        if over_db <= 0 or not rounds_left:
            break
        ceiling_dbtp -= over_db
    return made, heard


def _find_gain(plan: SoundPlan, mix: Mix, ceiling_dbtp: float) -> float:
    """What makes the mix as loud as ordered once it is limited.

    What the limiter takes away is added, if that is little. Else it is tried at the other end, too, of what it may be
    driven by; between them loudness is taken to grow evenly. Both are true to a tenth of a decibel or so. The limiter
    of these trials sees samples alone.
    """
    if mix.loudness_lufs is None:
        return 0.0
    first_db = _bounded(plan.delivery.loudness_lufs - mix.loudness_lufs)
    if mix.peak * _factor(first_db) <= _factor(ceiling_dbtp) or not plan.settings.is_mastered:
        return first_db
    first_lufs = _limited_lufs(mix.path, _Level(first_db, ceiling_dbtp))
    missing_db = plan.delivery.loudness_lufs - first_lufs
    if missing_db <= _LITTLE_DB:
        return _bounded(first_db + missing_db)
    most_db = _bounded(first_db + _MOST_DRIVE_DB)
    most_lufs = _limited_lufs(mix.path, _Level(most_db, ceiling_dbtp))
    return float(np.interp(plan.delivery.loudness_lufs, [first_lufs, most_lufs], [first_db, most_db]))


def _limited_lufs(mixed: Path, level: _Level) -> float:
    """How loud the mix is behind the limiter, measured beside it."""
    limiter, meter = FilterChain.of_pcm(level.filter, _PACKED), LoudnessMeter.of_pcm()
    with mixed.open("rb") as file, beside(meter.feed) as hand_over:
        for at in count(step=_TRIED):
            block = np.fromfile(file, np.float32, _TRIED * CHANNELS).reshape(-1, CHANNELS)
            hand_over(limiter.feed(framed(block, at) if len(block) else None))
            if not len(block):
                break
    meter.feed(None)
    return meter.read() or GATE_LUFS


async def _encode(runner: Ffmpeg, plan: SoundPlan, mixed: Path, level: _Level, made: Path) -> None:
    """All parts side by side, by one ffmpeg: two would hold twice as much."""
    parts = divide(plan.samples + preroll(plan.samples), _AT_ONCE)
    paths = [made.with_stem(f"{made.stem}{n}") for n in range(len(parts))]
    for path in paths:
        path.unlink(missing_ok=True)  # of a round before
    outputs = [_encoding(part, mixed, path, level, plan) for part, path in zip(parts, paths, strict=True)]
    arguments = ffmpeg.get_args(ffmpeg.merge_outputs(*outputs))
    await runner.run("encode the film's sound", [str(argument) for argument in arguments])
    await in_thread(join, parts, paths, made)


def _encoding(part: Part, mixed: Path, made: Path, level: _Level, plan: SoundPlan) -> ffmpeg.nodes.OutputStream:
    """One output with filters of its own: what is named together is filtered one after the other."""
    length, oversampled = part.stop - part.start, _OVERSAMPLED if plan.settings.is_mastered else SAMPLE_RATE
    filters = (
        f"atrim=end_sample={length},aresample={oversampled}:{_IN_FLOAT}",
        "=".join(level.filter),
        f"aresample={SAMPLE_RATE}:{_IN_FLOAT},apad=whole_len={length},atrim=end_sample={length}",
    )
    settings = {**_AAC, **({} if plan.settings.is_mastered else _HASTY), "b:a": f"{plan.settings.sound_kbps}k"}
    sound = ffmpeg.input(f"file:{mixed}", skip_initial_bytes=part.start * SAMPLE_BYTES, **PCM).audio
    return ffmpeg.output(sound, f"file:{made}", af=",".join(filters), **settings)


def _bounded(gain_db: float) -> float:
    return max(-_MAX_MASTER_DB, min(_MAX_MASTER_DB, gain_db))


def _factor(level_db: float) -> float:
    return float(10 ** (level_db / 20))
