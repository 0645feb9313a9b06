"""Measures loudness as ITU-R BS.1770 does, gated, on decoded sound that is handed in frame by frame."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final, Self

import av
import numpy as np
from numpy.typing import NDArray

from pipeline.timecode import SAMPLE_RATE

GATE_LUFS: Final = -70.0
"""The absolute gate: what never rises above it is silence."""


@dataclass(frozen=True, slots=True)
class Loudness:
    """Of a whole piece of sound, as stereo at 48 kHz; both None for silence, the peak also if it was not measured."""

    integrated_lufs: float | None
    true_peak_dbtp: float | None


class LoudnessMeter:
    """Feed it sound from its first sample to its last, then read it once.

    Args:
        source: the filter graph's source, told what kind of sound will come.
        has_peaks: whether true peaks are measured too; they take three times as long as the rest.
        through: filters that the sound goes through before it is measured, each with its arguments.
    """

    def __init__(
        self,
        graph: av.filter.Graph,
        source: av.filter.FilterContext,
        *,
        has_peaks: bool,
        through: Sequence[tuple[str, str]] = (),
    ) -> None:
        self._graph = graph
        chain = (
            source,
            *(graph.add(name, arguments) for name, arguments in through),
            graph.add("aformat", f"sample_rates={SAMPLE_RATE}:channel_layouts=stereo:sample_fmts=fltp"),
            graph.add("ebur128", f"metadata=1:peak={'true' if has_peaks else 'none'}"),
            graph.add("abuffersink"),
        )
        for left, right in pairwise(chain):
            left.link_to(right)
        graph.configure()
        self._seen: dict[str, str] = {}
        self._samples = 0

    @classmethod
    def of_stream(cls, stream: av.AudioStream, *, has_peaks: bool = True) -> Self:
        """For frames decoded from `stream`."""
        graph = av.filter.Graph()
        return cls(graph, graph.add_abuffer(template=stream), has_peaks=has_peaks)

    @classmethod
    def of_pcm(cls, *, has_peaks: bool = True, through: Sequence[tuple[str, str]] = ()) -> Self:
        """For `feed_pcm`."""
        graph = av.filter.Graph()
        source = graph.add_abuffer(sample_rate=SAMPLE_RATE, format="flt", layout="stereo")
        return cls(graph, source, has_peaks=has_peaks, through=through)

    def feed_pcm(self, block: NDArray[np.float32]) -> None:
        """Take the next samples, as samples by two channels at 48 kHz."""
        frame = av.AudioFrame.from_ndarray(block.reshape(1, -1), format="flt", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, self._samples, Fraction(1, SAMPLE_RATE)
        self._samples += len(block)
        self.feed(frame)

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
        if not integrated > GATE_LUFS:
            return Loudness(None, None)
        return Loudness(integrated, round(20 * math.log10(max(peaks)), 2) if peaks else None)
