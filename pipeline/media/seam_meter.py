"""Measures clips for their seams: each decoded once a content, then remembered beside the spans. Judges nothing.

A clip that is verified is measured while it is decoded for that. Pictures are compared as 32 × 18 cells, the means of
their parts: that is blind to grain and to what an encoder does, and sees each cut, each shift of colour, each movement.
Equal bytes give equal measures.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from av.video.reformatter import Interpolation
from numpy.typing import NDArray
from pydantic import ValidationError

from pipeline.digest import ContentHash, fingerprint
from pipeline.host import write_whole
from pipeline.media.probe import inspect
from pipeline.media.pruning import note_use
from pipeline.model.media import Media, MediaInfo
from pipeline.model.seam import CELLS, Bars, ClipMeasures, Colour
from pipeline.project import StorePaths
from pipeline.timecode import SAMPLE_RATE, SAMPLES_PER_FRAME, Samples

VERSION: Final = 1
"""Goes up when a clip would be measured in another way."""

_BARS_SEEN: Final = 12
"""Bars are looked for in one frame of so many, never in the first few, which may be another picture."""
_DARK_MEAN, _DARK_MOST = 4.0, 48  # of a row or column in a bar, full range; some ringing of the picture beside it
_LIT: Final = 24.0
"""Darker pictures say nothing about bars."""

_K_WEIGHTING: Final = (
    # the two filters of ITU-R BS.1770-4 at 48 kHz: b0, b1, b2, a1, a2
    (1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585),
    (1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621),
)

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SeamMeter:
    """`ports.ClipMeter` over the render cache of one world."""

    paths: StorePaths

    def begin(self) -> Measuring:
        """For a clip that is decoded anyway: show it every frame, then `keep` it."""
        return Measuring()

    def keep(self, media: Media, measuring: Measuring) -> ClipMeasures:
        """What was seen of `media` from its first frame to its last. Raises MachineError if it cannot be kept."""
        measures = measuring.read(media.info)
        write_whole(self._path(media.sha256), measures.model_dump_json().encode())
        return measures

    def known(self, sha256: ContentHash) -> ClipMeasures | None:
        """What was measured before; decodes nothing."""
        path = self._path(sha256)
        with suppress(OSError, ValidationError):
            measures = ClipMeasures.model_validate_json(path.read_bytes())
            note_use(path)
            return measures
        return None

    def measure(self, media: Media, path: Path | None = None) -> ClipMeasures:
        known = self.known(media.sha256)
        if known is not None:
            return known
        measuring = self.begin()
        inspect(path or self.paths.take_path(media.sha256), beside=measuring.take)
        return self.keep(media, measuring)

    def _path(self, sha256: ContentHash) -> Path:
        return self.paths.span_path(fingerprint({"seam": VERSION, "media": sha256}), ".json")


@dataclass(slots=True)
class Measuring:
    """One clip, as its frames go by."""

    _cells: list[bytes] = field(default_factory=list)  # of each picture's luma
    _colours: list[Colour] = field(default_factory=list)
    _edges: _Edges | None = None
    _sound: _Sound | None = None

    def take(self, frame: object) -> None:
        """The next frame of picture or sound."""
        if isinstance(frame, av.VideoFrame):
            self._take_picture(frame)
        elif isinstance(frame, av.AudioFrame):
            self._sound = self._sound or _Sound(frame)
            self._sound.take(frame)

    def read(self, seen: MediaInfo) -> ClipMeasures:
        """At the film's rate; call once all has gone by."""
        if self._sound is not None:
            self._sound.take(None)
        last = len(self._cells) - 1
        shown = [min(last, n * seen.frames // seen.film_frames) for n in range(seen.film_frames)]
        return ClipMeasures(
            frames=seen.film_frames,
            cells=b64encode(b"".join(self._cells[n] for n in shown)).decode(),
            colours=tuple(self._colours[n] for n in shown),
            bars=self._edges.read() if self._edges else Bars(),
            energy=tuple(self._sound.energy[: seen.film_frames]) if self._sound else (),
            edges=tuple(self._sound.edges[: seen.film_frames]) if self._sound else (),
        )

    def _take_picture(self, frame: av.VideoFrame) -> None:
        cells = frame.reformat(*CELLS, "yuv444p", interpolation=Interpolation.AREA).to_ndarray()
        if len(self._cells) % _BARS_SEEN == _BARS_SEEN // 2:
            self._edges = self._edges or _Edges(frame.width, frame.height)
            self._edges.take(frame)
        self._cells.append(cells[0].tobytes())
        means, spreads = cells.mean((1, 2), np.float64), cells.std((1, 2), np.float64)
        self._colours.append(Colour(_rounded(means), _rounded(spreads)))


class _Edges:
    """The darkest that each row and each column has been at its brightest."""

    def __init__(self, width_px: int, height_px: int) -> None:
        self._sides = {0: np.zeros((2, width_px)), 1: np.zeros((2, height_px))}  # mean and most, of columns and of rows
        self._is_lit = False

    def take(self, frame: av.VideoFrame) -> None:
        luma = frame.reformat(format="gray").to_ndarray()
        if luma.mean() < _LIT or luma.shape != (len(self._sides[1][0]), len(self._sides[0][0])):
            return
        self._is_lit = True
        for axis, brightest in self._sides.items():
            np.maximum(brightest, (luma.mean(axis), luma.max(axis)), out=brightest)

    def read(self) -> Bars:
        if not self._is_lit:
            return Bars()
        (left, right), (top, bottom) = map(self._dark_ends, (0, 1))
        return Bars(left=left, right=right, top=top, bottom=bottom)

    def _dark_ends(self, axis: int) -> tuple[int, int]:
        """How many dark lines stand at either end."""
        mean, most = self._sides[axis]
        bright = np.flatnonzero((mean > _DARK_MEAN) | (most > _DARK_MOST))
        return (int(bright[0]), int(len(mean) - 1 - bright[-1])) if len(bright) else (0, 0)


class _Sound:
    """Sound as it is heard from the clip's first picture on, frame by frame of the film."""

    def __init__(self, first: av.AudioFrame) -> None:
        self.energy: list[float] = []
        self.edges: list[tuple[float, float]] = []
        self._plain = _graph(first, ())
        self._weighted = _graph(first, _K_WEIGHTING)
        self._of_plain, self._of_weighted = _Blocks(self._note_edges), _Blocks(self._note_energy)

    def take(self, frame: av.AudioFrame | None) -> None:
        """The next frame, or None at the end."""
        for graph, blocks in ((self._plain, self._of_plain), (self._weighted, self._of_weighted)):
            graph.push(frame)
            for block in _pulled(graph):
                blocks.take(block)
            if frame is None:
                blocks.end()

    def _note_edges(self, block: _Floats) -> None:
        middle = block.mean(0)
        self.edges.append((round(float(middle[0]), 5), round(float(middle[-1]), 5)))

    def _note_energy(self, block: _Floats) -> None:
        self.energy.append(float(f"{(block**2).sum() / SAMPLES_PER_FRAME:.4g}"))


class _Blocks:
    """Sound in pieces of any length, handed on a film frame at a time; what is left at the end counts as a frame."""

    def __init__(self, note: Callable[[_Floats], None]) -> None:
        self._note = note
        self._waiting: list[_Floats] = []
        self._samples: Samples = 0

    def take(self, piece: _Floats) -> None:
        self._waiting.append(piece)
        self._samples += piece.shape[1]
        if self._samples >= SAMPLES_PER_FRAME:
            whole = np.concatenate(self._waiting, axis=1)
            stop: Samples = self._samples // SAMPLES_PER_FRAME * SAMPLES_PER_FRAME
            for at in range(0, stop, SAMPLES_PER_FRAME):
                self._note(whole[:, at : at + SAMPLES_PER_FRAME])
            self._waiting, self._samples = [whole[:, stop:]], self._samples - stop

    def end(self) -> None:
        if self._samples:
            self._note(np.concatenate(self._waiting, axis=1))
            self._samples = 0


def _graph(first: av.AudioFrame, filters: Sequence[Sequence[float]]) -> av.filter.Graph:
    """To 48 kHz stereo from the instant at which the picture begins, as `media.sound` decodes it."""
    graph = av.filter.Graph()
    chain = [
        graph.add_abuffer(
            sample_rate=first.sample_rate, format=first.format.name, layout=first.layout.name, time_base=first.time_base
        ),
        graph.add("aresample", f"{SAMPLE_RATE}:async=1:first_pts=0"),
        graph.add("aformat", f"sample_rates={SAMPLE_RATE}:channel_layouts=stereo:sample_fmts=dblp"),
        *(graph.add("biquad", _biquad(coefficients)) for coefficients in filters),
        graph.add("abuffersink"),
    ]
    for left, right in pairwise(chain):
        left.link_to(right)
    graph.configure()
    return graph


def _biquad(coefficients: Sequence[float]) -> str:
    names = ("b0", "b1", "b2", "a1", "a2")
    return ":".join((*(f"{name}={value}" for name, value in zip(names, coefficients, strict=True)), "a0=1"))


def _pulled(graph: av.filter.Graph) -> list[_Floats]:
    pieces: list[_Floats] = []
    while True:
        try:
            frame: Any = graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return pieces
        pieces.append(frame.to_ndarray())


def _rounded(values: NDArray[np.floating[Any]]) -> tuple[float, float, float]:
    """To a hundredth of a level: processors may differ beyond that."""
    first, second, third = (round(float(value), 2) for value in values)
    return first, second, third
