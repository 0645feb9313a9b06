"""Sends sound through ffmpeg's filters in this process, frame by frame."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Self

import av
import numpy as np
from numpy.typing import NDArray

from pipeline.timecode import SAMPLE_RATE, Samples


def framed(block: NDArray[np.float32], at: Samples) -> av.AudioFrame:
    """Samples by two channels at 48 kHz, the first of them the sample `at` of the whole, as a chain takes them."""
    frame = av.AudioFrame.from_ndarray(block.reshape(1, -1), format="flt", layout="stereo")
    frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, at, Fraction(1, SAMPLE_RATE)
    return frame


class FilterChain:
    """Filters one behind the other, each with its arguments: feed it sound from the first frame to the last, then None.

    Args:
        source: the filter graph's source, told what kind of sound will come.
    """

    def __init__(
        self, graph: av.filter.Graph, source: av.filter.FilterContext, filters: tuple[tuple[str, str], ...]
    ) -> None:
        self._graph = graph
        chain = (source, *(graph.add(name, arguments) for name, arguments in filters), graph.add("abuffersink"))
        for left, right in pairwise(chain):
            left.link_to(right)
        graph.configure()

    @classmethod
    def of_stream(cls, stream: av.AudioStream, *filters: tuple[str, str]) -> Self:
        """For frames decoded from `stream`."""
        graph = av.filter.Graph()
        return cls(graph, graph.add_abuffer(template=stream), filters)

    @classmethod
    def of_pcm(cls, *filters: tuple[str, str]) -> Self:
        """For packed float samples, stereo at 48 kHz."""
        graph = av.filter.Graph()
        return cls(graph, graph.add_abuffer(sample_rate=SAMPLE_RATE, format="flt", layout="stereo"), filters)

    def feed(self, frame: av.AudioFrame | None) -> list[av.AudioFrame]:
        """What has come out since."""
        self._graph.push(frame)
        came: list[av.AudioFrame] = []
        while True:
            try:
                filtered = self._graph.pull()
            except (av.BlockingIOError, av.EOFError):
                return came
            assert isinstance(filtered, av.AudioFrame)  # noqa: S101 - sound went in
            came.append(filtered)
