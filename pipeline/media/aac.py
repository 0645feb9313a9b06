"""How AAC lies in packets: of 1,024 samples, behind 1,024 of priming, each overlapping the next.

Two encoders that hear the same sound put packets down that fit together. So a long track is encoded in parts side by
side: each begins a second earlier than it is used, and what it made until then is left out.

    packets  0 1 2 3 4 5 6 7 8 9
    part 0   0 1 2 3 4 ·                  ·: heard, and left out
    part 1         · · 5 6 7 8 9
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, Final

import av

from pipeline.media.probe import open_media
from pipeline.timecode import SAMPLE_RATE, Samples

PACKET: Final[Samples] = 1_024
PRIMING: Final[Samples] = 1_024  # of ffmpeg's AAC encoder

_LEAD: Final = 48  # packets that a part is ahead: what a limiter or a psychoacoustic model remembers is gone by then
_TRAIL: Final = 4  # packets that are heard beyond a part's end, for an encoder looks ahead
_OPTIONS: Final = {"movie_timescale": str(SAMPLE_RATE), "fflags": "+bitexact"}
_WORTH_PARTS: Final = 20 * SAMPLE_RATE // PACKET


def preroll(samples: Samples) -> Samples:
    """The silence before a film of `samples`, beside the priming, that makes its packets come out even."""
    return -samples % PACKET


@dataclass(frozen=True, slots=True)
class Part:
    """What one encoder does of a track.

    Attributes:
        start, stop: the samples that it hears, half-open.
        first, last: those of its own packets that are used, half-open.
    """

    start: Samples
    stop: Samples
    first: int
    last: int


def divide(samples: Samples, count: int) -> tuple[Part, ...]:
    """`samples`, which fill their packets, as `count` parts of about one length; a short track is one part."""
    packets = samples // PACKET + PRIMING // PACKET
    count = count if packets >= _WORTH_PARTS else 1
    edges = [packets * n // count for n in range(count + 1)]
    return tuple(_part(start, stop, samples) for start, stop in pairwise(edges))


def _part(start: int, stop: int, samples: Samples) -> Part:
    lead = min(_LEAD, start)
    begins = (start - lead) * PACKET
    return Part(begins, min(samples, (stop + _TRAIL) * PACKET), lead, lead + stop - start)


def join(parts: Sequence[Part], encoded: Sequence[Path], made: Path) -> None:
    """One track of what is used of each part. Raises MediaError."""
    with open_media(encoded[0]) as first, av.open(str(made), "w", format="mp4", options=_OPTIONS) as track:
        stream = track.add_stream_from_template(first.streams.audio[0])
        for at, packet in enumerate(_used(parts, encoded)):
            packet.time_base = Fraction(1, SAMPLE_RATE)
            packet.pts = packet.dts = at * PACKET - PRIMING
            packet.duration = PACKET
            packet.stream = stream
            track.mux(packet)


def _used(parts: Sequence[Part], encoded: Sequence[Path]) -> Iterator[av.Packet[Any]]:
    for part, path in zip(parts, encoded, strict=True):
        with open_media(path) as container:
            packets = (packet for packet in container.demux(audio=0) if packet.size)
            yield from islice(packets, part.first, part.last)
