"""Measures loudness as ITU-R BS.1770 does, gated, on decoded sound that is handed in frame by frame."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import av

from pipeline.timecode import SAMPLE_RATE

GATE_LUFS: Final = -70.0
"""The absolute gate: what never rises above it is silence."""


@dataclass(frozen=True, slots=True)
class Loudness:
    """Of a whole piece of sound, as stereo at 48 kHz; both None for silence."""

    integrated_lufs: float | None
    true_peak_dbtp: float | None


class LoudnessMeter:
    """Feed it frames of one stream, then read it once."""

    def __init__(self, stream: av.AudioStream) -> None:
        self._graph = av.filter.Graph()
        chain = (
            self._graph.add_abuffer(template=stream),
            self._graph.add("aformat", f"sample_rates={SAMPLE_RATE}:channel_layouts=stereo:sample_fmts=fltp"),
            self._graph.add("ebur128", "metadata=1:peak=true"),
            self._graph.add("abuffersink"),
        )
        for left, right in pairwise(chain):
            left.link_to(right)
        self._graph.configure()
        self._seen: dict[str, str] = {}

    def feed(self, frame: av.AudioFrame | None) -> None:
        """Take the next frame, or None at the end."""
        self._graph.push(frame)
        while True:
            try:
                measured = self._graph.pull()
            except (av.BlockingIOError, av.EOFError):
                return
            if measured.metadata:  # one frame in ten carries the figures up to there
                self._seen = dict(measured.metadata)

    def read(self) -> Loudness:
        """What was measured; call after `feed(None)`."""
        integrated = float(self._seen.get("lavfi.r128.I", "-inf"))
        peaks = [float(value) for key, value in self._seen.items() if key.startswith("lavfi.r128.true_peaks_ch")]
        if not integrated > GATE_LUFS or not peaks or max(peaks) <= 0:
            return Loudness(None, None)
        return Loudness(integrated, round(20 * math.log10(max(peaks)), 2))
