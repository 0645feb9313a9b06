"""The one sound track of a film: decodes each media once, mixes, brings it to the ordered loudness, encodes it once.

Keeps the promises of `ports.SoundMaker`. AAC comes in packets of 1,024 samples behind 1,024 of priming, and no film is
a multiple of that long by itself. So silence is put before it until its last packet is full, and the edit
list begins after that silence: whoever counts samples counts exactly 2,000 a frame.
"""

from __future__ import annotations

import asyncio
import json
import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import ffmpeg
import numpy as np

from pipeline.digest import fingerprint
from pipeline.errors import MachineError
from pipeline.media.aside import keep, open_aside
from pipeline.media.container import find_demuxer
from pipeline.media.ffmpeg import Ffmpeg
from pipeline.media.loudness import GATE_LUFS, Loudness, LoudnessMeter
from pipeline.media.mixing import BLOCK, CHANNELS, SAMPLE_BYTES, mix_blocks
from pipeline.media.probe import listen
from pipeline.media.pruning import note_use
from pipeline.media.threads import in_thread
from pipeline.ports import Locate
from pipeline.project import StorePaths
from pipeline.render.sound import Piece, SoundPlan
from pipeline.timecode import SAMPLE_RATE, Samples

PACKET: Final[Samples] = 1_024
PRIMING: Final[Samples] = 1_024  # of ffmpeg's AAC encoder

_PCM: Final = {"f": "f32le", "ar": SAMPLE_RATE, "ac": CHANNELS}
_AAC: Final = {
    "f": "mp4",
    "c:a": "aac",
    "aac_coder": "fast",  # the default one, and intensity stereo, put peaks up to 2 dB over a limited signal (9.0)
    "aac_is": 0,
    "fflags": "+bitexact",
    "flags:a": "+bitexact",
}
_HASTY: Final = {"aac_ms": 0, "aac_pns": 0, "aac_tns": 0}  # a fifth less time, for what is not mastered
_OVERSAMPLED: Final = 4 * SAMPLE_RATE  # where peaks between samples show (ITU-R BS.1770, annex 2)
_MAX_MASTER_DB: Final = 24.0
_DRIVES_DB: Final = (0.0, 1.5, 3.0)  # on top of that: a film of hard peaks stays quieter rather than squashed
_AAC_PEAKS_DB: Final = 0.5  # what AAC adds to them as a rule
_MAX_ROUNDS: Final = 3


def preroll(samples: Samples) -> Samples:
    """The silence before a film of `samples`, beside the priming, that makes its packets come out even."""
    return -samples % PACKET


@dataclass(frozen=True, slots=True)
class SoundTrack:
    """`ports.Sounded`: a finished track, and what was heard on it."""

    path: Path
    samples: Samples
    loudness_lufs: float | None
    true_peak_dbtp: float | None


@dataclass(frozen=True, slots=True)
class _Mix:
    """All pieces added up, as PCM with its preroll; `peak` is the highest sample."""

    path: Path
    loudness_lufs: float | None
    peak: float


@dataclass(frozen=True, slots=True)
class SoundDesk:
    """Where sound is decoded and mixed."""

    ffmpeg: Ffmpeg
    paths: StorePaths
    locate: Locate

    async def prepare(self, piece: Piece) -> None:
        pcm_path = self._pcm_path(piece)
        if pcm_path.is_file():
            note_use(pcm_path)
            return
        source = self.locate(piece.source).absolute()
        if not source.is_file():
            raise MachineError(f"{source} is gone. Run again, it will be fetched or asked for.")
        with open_aside(self.paths.spans_dir) as aside:
            made = aside / "sound.f32"
            await self.ffmpeg.run(f"decode the sound of {source.name}", _decoding(source, made))
            keep(made, pcm_path)

    async def make(self, plan: SoundPlan) -> SoundTrack:
        path = self.paths.span_path(plan.fingerprint, ".m4a")
        heard_path = path.with_suffix(".json")
        if path.is_file() and heard_path.is_file():
            note_use(path)
            note_use(heard_path)
            return SoundTrack(path, *json.loads(heard_path.read_text()))
        await asyncio.gather(*(self.prepare(piece) for piece in plan.pieces))
        with open_aside(self.paths.spans_dir) as aside:
            mix = await in_thread(self._mix, plan, aside / "mixed.f32")
            made, samples, heard = await self._master(plan, mix)
            noted = aside / heard_path.name
            noted.write_text(json.dumps([samples, heard.integrated_lufs, heard.true_peak_dbtp]))
            keep(noted, heard_path)
            keep(made, path)
        return SoundTrack(path, samples, heard.integrated_lufs, heard.true_peak_dbtp)

    def _pcm_path(self, piece: Piece) -> Path:
        return self.paths.span_path(fingerprint({"pcm": 1, "media": piece.media.sha256}), ".f32")

    def _mix(self, plan: SoundPlan, path: Path) -> _Mix:
        """Write the mix with its preroll, and measure it on the way."""
        meter, peak = LoudnessMeter.of_pcm(has_peaks=False), 0.0
        with path.open("wb") as file:
            file.write(bytes(preroll(plan.samples) * SAMPLE_BYTES))
            for block in mix_blocks(plan, self._pcm_path):
                file.write(block.tobytes())
                meter.feed_pcm(block)
                peak = max(peak, float(np.abs(block).max(initial=0.0)))
        meter.feed(None)
        return _Mix(path, meter.read().integrated_lufs, peak)

    async def _master(self, plan: SoundPlan, mix: _Mix) -> tuple[Path, Samples, Loudness]:
        """Encode with one gain and a limiter; again under a lower ceiling while peaks come out too high.

        AAC adds to peaks, by how much nobody knows before.
        """
        made, ceiling_dbtp = mix.path.with_suffix(".m4a"), plan.delivery.true_peak_dbtp - _AAC_PEAKS_DB
        gain_db = await in_thread(_find_gain, plan, mix, ceiling_dbtp)
        rounds_left = _MAX_ROUNDS if plan.settings.is_mastered else 1
        while True:
            made.unlink(missing_ok=True)
            await self.ffmpeg.run("encode the film's sound", _mastering(mix.path, made, gain_db, ceiling_dbtp, plan))
            samples, heard = await in_thread(listen, made, has_peaks=plan.settings.is_mastered)
            rounds_left -= 1
            over_db = (heard.true_peak_dbtp or -math.inf) - plan.delivery.true_peak_dbtp
            if over_db <= 0 or not rounds_left:
                return made, samples, heard
            ceiling_dbtp -= over_db


def _find_gain(plan: SoundPlan, mix: _Mix, ceiling_dbtp: float) -> float:
    """What makes the mix as loud as ordered once it is limited: a limiter takes loudness away.

    The limiter of these trials sees samples alone, which tells the loudness to a hundredth of a decibel.
    """
    if mix.loudness_lufs is None:
        return 0.0
    first_db = _bounded(plan.delivery.loudness_lufs - mix.loudness_lufs)
    is_limited = mix.peak * 10 ** (first_db / 20) > 10 ** (ceiling_dbtp / 20)
    if not is_limited or not plan.settings.is_mastered:
        return first_db
    tried_db = [_bounded(first_db + drive_db) for drive_db in _DRIVES_DB]
    with ThreadPoolExecutor(2) as pool:
        heard = list(pool.map(lambda gain_db: _limited_lufs(mix, gain_db, ceiling_dbtp), tried_db))
    return float(np.interp(plan.delivery.loudness_lufs, heard, tried_db))


def _limited_lufs(mix: _Mix, gain_db: float, ceiling_dbtp: float) -> float:
    meter = LoudnessMeter.of_pcm(has_peaks=False, through=_limiting(gain_db, ceiling_dbtp))
    with mix.path.open("rb") as file:
        while len(block := np.fromfile(file, np.float32, BLOCK * CHANNELS)):
            meter.feed_pcm(block.reshape(-1, CHANNELS))
    meter.feed(None)
    return meter.read().integrated_lufs or GATE_LUFS


def _bounded(gain_db: float) -> float:
    return max(-_MAX_MASTER_DB, min(_MAX_MASTER_DB, gain_db))


def _decoding(source: Path, made: Path) -> list[str]:
    """Through the edit list, from the instant at which the picture begins."""
    sound = ffmpeg.input(f"file:{source}", f=find_demuxer(source), protocol_whitelist="file").audio
    sound = sound.filter("aresample", SAMPLE_RATE, **{"async": 1, "first_pts": 0})
    return _arguments(ffmpeg.output(sound, f"file:{made}", **_PCM))


def _mastering(mixed: Path, made: Path, gain_db: float, ceiling_dbtp: float, plan: SoundPlan) -> list[str]:
    whole = plan.samples + preroll(plan.samples)
    sound = ffmpeg.input(f"file:{mixed}", **_PCM).audio
    sound = sound.filter("aresample", _OVERSAMPLED if plan.settings.is_mastered else SAMPLE_RATE)
    for name, arguments in _limiting(gain_db, ceiling_dbtp):
        sound = sound.filter(name, **dict(each.split("=") for each in arguments.split(":")))
    sound = sound.filter("aresample", SAMPLE_RATE).filter("apad", whole_len=whole).filter("atrim", end_sample=whole)
    encoding = {**_AAC, **({} if plan.settings.is_mastered else _HASTY), "b:a": f"{plan.settings.sound_kbps}k"}
    return _arguments(ffmpeg.output(sound, f"file:{made}", **encoding))


def _limiting(gain_db: float, ceiling_dbtp: float) -> tuple[tuple[str, str], ...]:
    """A gain and a limiter, as filters with their arguments."""
    limit = 10 ** (ceiling_dbtp / 20)
    limiter = f"limit={limit:.6f}:level=0:attack=5:release=80:latency=1"
    return ("volume", f"volume={gain_db:.3f}dB:precision=float"), ("alimiter", limiter)


def _arguments(output: object) -> list[str]:
    return [str(argument) for argument in ffmpeg.get_args(output)]
