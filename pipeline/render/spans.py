"""Cuts a Timeline into Spans, each made on its own: pure, so that an edited title or shot is seen to touch few of them.

    film     0         24       72            180   192   204                       372
    clips    |── run ─────────────────────────|─────|                                |
                                              |───────── packshot ───────────────────|     dissolve 12
    titles             |────────|
    spans    |   body  | titled |     body    | mix |             body               |

A boundary stands wherever another picture begins or ends, a mix begins or ends, or something drawn over it comes or
goes; between two boundaries every frame is made the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import Final

from pipeline.digest import Fingerprint, fingerprint
from pipeline.model.storyboard import JoinKind
from pipeline.model.timeline import Clip, Timeline
from pipeline.render.drawings import Drawing, DrawnPart, plan_drawings
from pipeline.render.encoding import SETTINGS, EncodeSettings
from pipeline.timecode import FrameRange, Frames

VERSION: Final = 3
"""Goes up when equal inputs and settings would give other pictures, such as titles drawn in another way."""


class Way(StrEnum):
    """How a span is made."""

    ENCODED = "encoded"


@dataclass(frozen=True, slots=True)
class Layer:
    """One clip's picture in a span.

    Attributes:
        used: the frames in the media's film-rate time; a single one if it is held.
        is_held: whether that one frame stands for the whole span.
    """

    clip: Clip
    used: FrameRange
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class Mix:
    """How far a join has come: frame k of the span shows (first + k + 1) / (frames + 1) of the incoming picture.

    Attributes:
        first: frames of the join before this span; not 0 only where something is drawn that begins inside a join.
        frames: of the whole join.
    """

    first: Frames
    frames: Frames


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A run of film frames that is made one way; the unit of the render cache.

    Attributes:
        place: in film frames.
        layers: one picture, or the outgoing and the incoming one of a mix.
        drawn: what is laid over it, the lowest first.
    """

    place: FrameRange
    size_px: tuple[int, int]
    layers: tuple[Layer, ...]
    mix: Mix | None = None
    drawn: tuple[DrawnPart, ...] = ()
    way: Way = Way.ENCODED
    settings: EncodeSettings = SETTINGS

    @property
    def frames(self) -> Frames:
        return len(self.place)

    @property
    def is_ready(self) -> bool:
        """Whether all its media has landed."""
        return all(layer.clip.is_landed for layer in self.layers)

    @property
    def fingerprint(self) -> Fingerprint:
        """Over what it shows and how it is encoded, not where it stands: a moved shot is not encoded again."""
        return fingerprint(
            {
                "span": VERSION,
                "settings": asdict(self.settings),
                "way": self.way,
                "size_px": self.size_px,
                "frames": self.frames,
                "layers": [_layer_body(layer) for layer in self.layers],
                "mix": asdict(self.mix) if self.mix else None,
                "drawn": [part.body for part in self.drawn],
            }
        )


def plan_spans(timeline: Timeline, settings: EncodeSettings = SETTINGS) -> tuple[Span, ...]:
    """Spans that hold each film frame exactly once, in order."""
    places, drawings = timeline.places, plan_drawings(timeline)
    edges = {0, timeline.frames}
    for apart in (*_join_ranges(timeline.clips, places), *(drawing.place for drawing in drawings)):
        edges |= {apart.start, apart.stop}
    spans = (_span(timeline, places, drawings, FrameRange(*edge)) for edge in pairwise(sorted(edges)))
    return tuple(replace(span, settings=settings) for span in spans)


def _join_ranges(clips: Sequence[Clip], places: Sequence[FrameRange]) -> Iterator[FrameRange]:
    """For each clip the film frames of the join into it; empty, where it begins, for a cut.

    dissolve   A A A a a a           hold   A A A a a a
                     b b b B B                          B B B B
                     |---|                        |---|
    """
    for clip, place in zip(clips, places, strict=True):
        start = place.start - (clip.join.frames if clip.join.kind is JoinKind.HOLD else 0)
        yield FrameRange(start, start + clip.join.frames)


def _span(timeline: Timeline, places: Sequence[FrameRange], drawings: Sequence[Drawing], place: FrameRange) -> Span:
    clips, size_px = timeline.clips, (timeline.width_px, timeline.height_px)
    drawn = tuple(part for drawing in drawings if (part := drawing.within(place)))
    for n, joining in enumerate(_join_ranges(clips, places)):
        if joining.overlap(place):
            return Span(
                place=place,
                size_px=size_px,
                layers=(_layer(clips[n - 1], places[n - 1], place), _incoming(clips[n], places[n], place)),
                mix=Mix(place.start - joining.start, len(joining)),
                drawn=drawn,
            )
    showing = next(n for n, clip_place in enumerate(places) if clip_place.overlap(place))
    return Span(place=place, size_px=size_px, layers=(_layer(clips[showing], places[showing], place),), drawn=drawn)


def _layer(clip: Clip, clip_place: FrameRange, place: FrameRange) -> Layer:
    return Layer(clip, place.shifted(clip.start - clip_place.start))


def _incoming(clip: Clip, clip_place: FrameRange, place: FrameRange) -> Layer:
    """The moving clip of a dissolve, or the first frame of a hold, held."""
    if clip.join.kind is JoinKind.HOLD:
        return Layer(clip, FrameRange(clip.start, clip.start + 1), is_held=True)
    return _layer(clip, clip_place, place)


def _layer_body(layer: Layer) -> dict[str, object]:
    clip = layer.clip
    if clip.kind == "card":  # one frame of it is like another
        return {"card": clip.text, "ground": clip.ground}
    sha256 = clip.media.sha256 if clip.media else None
    return {"media": sha256, "start": layer.used.start, "stop": layer.used.stop, "held": layer.is_held}
