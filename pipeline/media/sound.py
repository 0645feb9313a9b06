"""The one sound track of a film: decodes each media once and adds them up; `mastering` does the rest.

Keeps the promises of `ports.SoundMaker`. No film is a multiple of an AAC packet long by itself. So silence is put
before it until its last packet is full, and the edit list begins after that silence: whoever counts samples counts
exactly 2,000 a frame.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import astuple, dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import numpy as np

from pipeline.digest import fingerprint
from pipeline.errors import MachineError
from pipeline.media.aac import preroll
from pipeline.media.aside import keep, open_aside
from pipeline.media.ffmpeg import Ffmpeg
from pipeline.media.filtering import FilterChain
from pipeline.media.loudness import LoudnessMeter
from pipeline.media.mastering import Mix, master
from pipeline.media.mixing import SAMPLE_BYTES, mix_blocks
from pipeline.media.probe import open_sound
from pipeline.media.pruning import note_use
from pipeline.media.threads import beside, in_thread
from pipeline.ports import Locate
from pipeline.project import StorePaths
from pipeline.render.sound import Piece, SoundPlan
from pipeline.timecode import SAMPLE_RATE, Samples

_DECODED: Final = (
    ("aresample", f"{SAMPLE_RATE}:async=1:first_pts=0"),
    ("aformat", f"sample_rates={SAMPLE_RATE}:channel_layouts=stereo:sample_fmts=flt"),
)


@dataclass(frozen=True, slots=True)
class SoundTrack:
    """`ports.Sounded`: a finished track, and what was heard on it."""

    path: Path
    samples: Samples
    loudness_lufs: float | None
    true_peak_dbtp: float | None


@dataclass(frozen=True, slots=True)
class SoundDesk:
    """Where sound is decoded, one media's at a time, and mixed, one film's at a time: that alone takes two cores.

    Several that are decoded side by side are not there sooner: they mostly wait for the interpreter, and so do the
    spans' makers.
    """

    ffmpeg: Ffmpeg
    paths: StorePaths
    locate: Locate
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock, compare=False, repr=False)
    _decoding: asyncio.Lock = field(default_factory=asyncio.Lock, compare=False, repr=False)

    async def prepare(self, piece: Piece) -> None:
        async with self._decoding:
            await self._prepare(piece)

    async def _prepare(self, piece: Piece) -> None:
        pcm_path = self._pcm_path(piece)
        if pcm_path.is_file():
            note_use(pcm_path)
            return
        source = self.locate(piece.source).absolute()
        if not source.is_file():
            raise MachineError(f"{source} is gone. Run again, it will be fetched or asked for.")
        with open_aside(self.paths.spans_dir) as aside:
            made = aside / "sound.f32"
            await in_thread(_decode, source, made)
            keep(made, pcm_path)

    async def make(self, plan: SoundPlan) -> SoundTrack:
        async with self._turn:
            return await self._make(plan)

    async def _make(self, plan: SoundPlan) -> SoundTrack:
        path = self.paths.span_path(plan.fingerprint, ".m4a")
        heard_path = path.with_suffix(".json")
        if path.is_file() and heard_path.is_file():
            note_use(path)
            note_use(heard_path)
            return SoundTrack(path, *json.loads(heard_path.read_text()))
        await asyncio.gather(*(self.prepare(piece) for piece in plan.pieces))
        with open_aside(self.paths.spans_dir) as aside:
            mix = await in_thread(self._mix, plan, aside / "mixed.f32")
            made, heard = await master(self.ffmpeg, plan, mix)
            noted = aside / heard_path.name
            noted.write_text(json.dumps(astuple(heard)))
            keep(noted, heard_path)
            keep(made, path)
        return SoundTrack(path, *astuple(heard))

    def _pcm_path(self, piece: Piece) -> Path:
        return self.paths.span_path(fingerprint({"pcm": 1, "media": piece.media.sha256}), ".f32")

    def _mix(self, plan: SoundPlan, path: Path) -> Mix:
        """Write the mix with its preroll, and measure it on the way."""
        meter, peak = LoudnessMeter.of_pcm(), 0.0
        with path.open("wb") as file, beside(meter.feed_pcm) as hand_over:
            file.write(bytes(preroll(plan.samples) * SAMPLE_BYTES))
            for block in mix_blocks(plan, self._pcm_path):
                hand_over([block])
                file.write(block.data)
                peak = max(peak, float(np.abs(block).max(initial=0.0)))
        meter.feed(None)
        return Mix(path, meter.read(), peak)


def _decode(source: Path, made: Path) -> None:
    """Write its sound as stereo at 48 kHz, through the edit list, from the instant at which the file begins.

    In this process: an ffmpeg of its own would take as long to begin as a clip's sound takes to decode.
    """
    with open_sound(source) as (container, stream), made.open("wb") as file:
        chain = FilterChain.of_stream(stream, *_DECODED)
        begins, last = Fraction(container.start_time or 0, av.time_base), None
        for frame in container.decode(stream):
            if begins and frame.pts is not None and frame.time_base:
                frame.pts -= round(begins / frame.time_base)
            heard = chain.feed(frame)
            file.writelines(map(_bytes, heard))
            last = frame
        heard = chain.feed(None)
        file.writelines(map(_bytes, heard))
        padding = _padding(last) if last else 0
        file.truncate(max(0, file.tell() - padding * SAMPLE_BYTES))


def _bytes(packed: av.AudioFrame) -> memoryview:
    """The samples of a frame in one plane, which may be longer."""
    return memoryview(packed.planes[0])[: packed.samples * SAMPLE_BYTES]


def _padding(frame: av.AudioFrame) -> Samples:
    """How much of it the file does not count, in samples of the film: what fills the last packet of a track up."""
    if not frame.duration or frame.time_base != Fraction(1, frame.sample_rate):
        return 0
    return round(Fraction(max(0, frame.samples - frame.duration) * SAMPLE_RATE, frame.sample_rate))
