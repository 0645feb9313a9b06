"""Measures sound as ITU-R BS.1770 does: how loud it is, gated, and its true peak. Handed in frame by frame."""

from __future__ import annotations

import math
from typing import Final, Self

import av
import numpy as np
from numpy.typing import NDArray

from pipeline.media.filtering import FilterChain, framed
from pipeline.timecode import SAMPLE_RATE

GATE_LUFS: Final = -70.0
"""The absolute gate: what never rises above it is silence."""

_METERED: Final = (
    ("aformat", f"sample_rates={SAMPLE_RATE}:channel_layouts=stereo:sample_fmts=fltp"),
    ("ebur128", "metadata=1"),
)
_OVERSAMPLED: Final = (
    ("aformat", "sample_fmts=fltp"),
    ("aresample", f"{4 * SAMPLE_RATE}"),  # where peaks between samples show (annex 2)
)


class LoudnessMeter:
    """Feed it sound from its first sample to its last, then read it once."""

    def __init__(self, chain: FilterChain) -> None:
        self._chain = chain
        self._seen: dict[str, str] = {}
        self._samples = 0

    @classmethod
    def of_stream(cls, stream: av.AudioStream) -> Self:
        """For frames decoded from `stream`."""
        return cls(FilterChain.of_stream(stream, *_METERED))

    @classmethod
    def of_pcm(cls) -> Self:
        """For `feed_pcm`, or for frames of packed float samples, stereo at 48 kHz."""
        return cls(FilterChain.of_pcm(*_METERED))

    def feed_pcm(self, block: NDArray[np.float32]) -> None:
        """Take the next samples, as samples by two channels at 48 kHz."""
        self.feed(framed(block, self._samples))
        self._samples += len(block)

    def feed(self, frame: av.AudioFrame | None) -> None:
        """Take the next frame, or None at the end."""
        for measured in self._chain.feed(frame):
            if measured.metadata:  # one frame in ten carries the figures up to there
                self._seen = dict(measured.metadata)

    def read(self) -> float | None:
        """The integrated loudness in LUFS, None for silence; call after `feed(None)`."""
        integrated = float(self._seen.get("lavfi.r128.I", "-inf"))
        return integrated if integrated > GATE_LUFS else None


class PeakMeter:
    """The highest true peak of frames decoded from `stream`; takes longer than their loudness."""

    def __init__(self, stream: av.AudioStream) -> None:
        self._chain = FilterChain.of_stream(stream, *_OVERSAMPLED)
        self._highest = 0.0

    def feed(self, frame: av.AudioFrame | None) -> None:
        """Take the next frame, or None at the end."""
        for oversampled in self._chain.feed(frame):
            for plane in oversampled.planes:
                samples = np.frombuffer(memoryview(plane), np.float32, oversampled.samples)
                self._highest = max(self._highest, float(samples.max()), -float(samples.min()))

    def read(self) -> float:
        """In dBTP, −inf where there is nothing at all; call after `feed(None)`."""
        return round(20 * math.log10(self._highest), 2) if self._highest else -math.inf
