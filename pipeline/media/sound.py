"""The one sound track of a film: decodes each media once, mixes, brings it to the ordered loudness, encodes it once.

Keeps the promises of `ports.SoundMaker`. AAC comes in packets of 1,024 samples behind 1,024 of priming, and no film is
a multiple of that long by itself. So silence is put before it until its last packet is full, and the edit
list begins after that silence: whoever counts samples counts exactly 2,000 a frame.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import ffmpeg

from pipeline.digest import fingerprint
from pipeline.errors import MachineError
from pipeline.media.aside import keep, open_aside
from pipeline.media.container import find_demuxer
from pipeline.media.ffmpeg import Ffmpeg
from pipeline.media.loudness import Loudness, LoudnessMeter
from pipeline.media.mixing import CHANNELS, SAMPLE_BYTES, mix_blocks
from pipeline.media.probe import listen
from pipeline.media.threads import in_thread
from pipeline.model.delivery import Delivery
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
_MAX_DRIVE_DB: Final = 3.0  # on top of the first gain: a film of hard peaks stays quieter rather than squashed
_NEAR_ENOUGH_LU: Final = 0.5
_AAC_PEAKS_DB: Final = 0.5  # what AAC adds to them as a rule
_MAX_ROUNDS: Final = 4


def preroll(samples: Samples) -> Samples:
    """The silence before a film of `samples`, beside the priming, that makes its packets come out even."""
    return -samples % PACKET


@dataclass(frozen=True, slots=True)
class SoundDesk:
    """Where sound is decoded and mixed."""

    ffmpeg: Ffmpeg
    paths: StorePaths
    locate: Locate

    async def prepare(self, piece: Piece) -> None:
        pcm_path = self._pcm_path(piece)
        if pcm_path.is_file():
            return
        source = self.locate(piece.source).absolute()
        if not source.is_file():
            raise MachineError(f"{source} is gone. Run again, it will be fetched or asked for.")
        with open_aside(self.paths.spans_dir) as aside:
            made = aside / "sound.f32"
            await self.ffmpeg.run(f"decode the sound of {source.name}", _decoding(source, made))
            keep(made, pcm_path)

    async def make(self, plan: SoundPlan) -> Path:
        path = self.paths.span_path(plan.fingerprint, ".m4a")
        if path.is_file():
            return path
        await asyncio.gather(*(self.prepare(piece) for piece in plan.pieces))
        with open_aside(self.paths.spans_dir) as aside:
            mixed = aside / "mixed.f32"
            loudness = await in_thread(self._mix, plan, mixed)
            keep(await self._master(plan, mixed, loudness), path)
        return path

    def _pcm_path(self, piece: Piece) -> Path:
        return self.paths.span_path(fingerprint({"pcm": 1, "media": piece.media.sha256}), ".f32")

    def _mix(self, plan: SoundPlan, mixed: Path) -> Loudness:
        """Write the mix with its preroll, and measure it on the way."""
        meter = LoudnessMeter.of_pcm(has_peaks=False)
        with mixed.open("wb") as file:
            file.write(bytes(preroll(plan.samples) * SAMPLE_BYTES))
            for block in mix_blocks(plan, self._pcm_path):
                file.write(block.tobytes())
                meter.feed_pcm(block)
        meter.feed(None)
        return meter.read()

    async def _master(self, plan: SoundPlan, mixed: Path, loudness: Loudness) -> Path:
        """Encode with one gain and a limiter; again with better figures if what is heard is off the order.

        A limiter takes loudness away and AAC adds to peaks, so that neither can be hit for sure the first time.
        """
        order, made = plan.delivery, mixed.with_suffix(".m4a")
        gain_db = first_db = _bounded(order.loudness_lufs - (loudness.integrated_lufs or order.loudness_lufs))
        ceiling_dbtp = order.true_peak_dbtp - _AAC_PEAKS_DB
        for rounds_left in reversed(range(_MAX_ROUNDS if plan.settings.is_mastered else 1)):
            made.unlink(missing_ok=True)
            arguments = _mastering(mixed, made, gain_db, ceiling_dbtp, plan)
            await self.ffmpeg.run("encode the film's sound", arguments)
            if not rounds_left:  # whatever would be heard, it stays
                break
            _, heard = await in_thread(listen, made)
            off_lu, over_db = _misses(order, heard)
            better_db = min(_bounded(gain_db - off_lu), first_db + _MAX_DRIVE_DB)
            if over_db <= 0 and abs(better_db - gain_db) <= _NEAR_ENOUGH_LU:
                break
            gain_db, ceiling_dbtp = better_db, ceiling_dbtp - max(0.0, over_db)
        return made


def _misses(order: Delivery, heard: Loudness) -> tuple[float, float]:
    """How much louder it is than ordered, and how far its peaks are over the ceiling."""
    if heard.integrated_lufs is None or heard.true_peak_dbtp is None:
        return 0.0, 0.0
    return heard.integrated_lufs - order.loudness_lufs, heard.true_peak_dbtp - order.true_peak_dbtp


def _bounded(gain_db: float) -> float:
    return max(-_MAX_MASTER_DB, min(_MAX_MASTER_DB, gain_db))


def _decoding(source: Path, made: Path) -> list[str]:
    """Through the edit list, from the instant at which the picture begins."""
    sound = ffmpeg.input(f"file:{source}", f=find_demuxer(source), protocol_whitelist="file").audio
    sound = sound.filter("aresample", SAMPLE_RATE, **{"async": 1, "first_pts": 0})
    return _arguments(ffmpeg.output(sound, f"file:{made}", **_PCM))


def _mastering(mixed: Path, made: Path, gain_db: float, ceiling_dbtp: float, plan: SoundPlan) -> list[str]:
    whole = plan.samples + preroll(plan.samples)
    sound = ffmpeg.input(f"file:{mixed}", **_PCM).audio.filter("volume", f"{gain_db:.3f}dB")
    sound = sound.filter("aresample", _OVERSAMPLED if plan.settings.is_mastered else SAMPLE_RATE)
    limit = 10 ** (ceiling_dbtp / 20)
    sound = sound.filter("alimiter", limit=f"{limit:.6f}", level=0, attack=5, release=80, latency=1)
    sound = sound.filter("aresample", SAMPLE_RATE).filter("apad", whole_len=whole).filter("atrim", end_sample=whole)
    encoding = {**_AAC, **({} if plan.settings.is_mastered else _HASTY), "b:a": f"{plan.settings.sound_kbps}k"}
    return _arguments(ffmpeg.output(sound, f"file:{made}", **encoding))


def _arguments(output: object) -> list[str]:
    return [str(argument) for argument in ffmpeg.get_args(output)]
