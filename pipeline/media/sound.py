"""The one sound track of a film: decodes each media once and adds them up; `mastering` does the rest.

Keeps the promises of `ports.SoundMaker`. No film is a multiple of an AAC packet long by itself. So silence is put
before it until its last packet is full, and the edit list begins after that silence: whoever counts samples counts
exactly 2,000 a frame.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path

import ffmpeg
import numpy as np

from pipeline.digest import fingerprint
from pipeline.errors import MachineError
from pipeline.media.aac import preroll
from pipeline.media.aside import keep, open_aside
from pipeline.media.container import find_demuxer
from pipeline.media.ffmpeg import Ffmpeg
from pipeline.media.loudness import LoudnessMeter
from pipeline.media.mastering import PCM, Mix, master
from pipeline.media.mixing import SAMPLE_BYTES, mix_blocks
from pipeline.media.pruning import note_use
from pipeline.media.threads import in_thread
from pipeline.ports import Locate
from pipeline.project import StorePaths
from pipeline.render.sound import Piece, SoundPlan
from pipeline.timecode import SAMPLE_RATE, Samples


@dataclass(frozen=True, slots=True)
class SoundTrack:
    """`ports.Sounded`: a finished track, and what was heard on it."""

    path: Path
    samples: Samples
    loudness_lufs: float | None
    true_peak_dbtp: float | None


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
            made, samples, heard = await master(self.ffmpeg, plan, mix)
            noted = aside / heard_path.name
            noted.write_text(json.dumps([samples, heard.integrated_lufs, heard.true_peak_dbtp]))
            keep(noted, heard_path)
            keep(made, path)
        return SoundTrack(path, samples, heard.integrated_lufs, heard.true_peak_dbtp)

    def _pcm_path(self, piece: Piece) -> Path:
        return self.paths.span_path(fingerprint({"pcm": 1, "media": piece.media.sha256}), ".f32")

    def _mix(self, plan: SoundPlan, path: Path) -> Mix:
        """Write the mix with its preroll, and measure it on the way."""
        meter, peak = LoudnessMeter.of_pcm(has_peaks=False), 0.0
        with path.open("wb") as file:
            file.write(bytes(preroll(plan.samples) * SAMPLE_BYTES))
            for block in mix_blocks(plan, self._pcm_path):
                file.write(block.tobytes())
                meter.feed_pcm(block)
                peak = max(peak, float(np.abs(block).max(initial=0.0)))
        meter.feed(None)
        return Mix(path, meter.read().integrated_lufs, peak)


def _decoding(source: Path, made: Path) -> list[str]:
    """Through the edit list, from the instant at which the picture begins."""
    sound = ffmpeg.input(f"file:{source}", f=find_demuxer(source), protocol_whitelist="file").audio
    sound = sound.filter("aresample", SAMPLE_RATE, **{"async": 1, "first_pts": 0})
    output = ffmpeg.output(sound, f"file:{made}", **PCM)
    return [str(argument) for argument in ffmpeg.get_args(output)]
