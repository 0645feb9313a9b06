"""The strip: the film drawn to scale. All positions and widths are per cent of the film's length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from pipeline.model.join import JoinKind
from pipeline.model.timeline import Timeline
from pipeline.review.phrases import join_text
from pipeline.review.scenes import ItemView, SceneView
from pipeline.safe_text import safe_text
from pipeline.timecode import FRAME_RATE, Frames

_TICK_SECONDS: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300)
_MOST_TICKS: Final = 12
_LAST_TICK: Final = 96.0  # beyond it a label would be cut at the edge


class StripClip(NamedTuple):
    item: ItemView
    colour: int
    x: float
    width: float


class StripJoin(NamedTuple):
    kind: JoinKind
    says: str
    x: float
    width: float


class StripVoice(NamedTuple):
    """A narration."""

    says: str
    x: float
    width: float


class Tick(NamedTuple):
    says: str
    x: float


class Strip(NamedTuple):
    clips: tuple[StripClip, ...]
    joins: tuple[StripJoin, ...]
    voices: tuple[StripVoice, ...]
    ticks: tuple[Tick, ...]


def view_strip(timeline: Timeline, scenes: Sequence[SceneView]) -> Strip:
    return Strip(
        clips=tuple(_clips(timeline.frames, scenes)),
        joins=tuple(_joins(timeline)),
        voices=tuple(_voices(timeline)),
        ticks=tuple(_ticks(timeline.frames)),
    )


def _clips(total: Frames, scenes: Sequence[SceneView]) -> Iterator[StripClip]:
    for scene in scenes:
        for item in scene.items:
            if item.place is not None:
                x, width = _share(item.place.start, total), _share(len(item.place), total)
                yield StripClip(item, scene.colour, x, width)


def _joins(timeline: Timeline) -> Iterator[StripJoin]:
    """Soft joins only; a cut is the edge of its clips.

    dissolve, wipe, slide, push:      hold: the last frames of        dip: the last of the clip before,
    the frames shared                 the clip before                 and the first of this one
    A A A[A A]                        A A A[A A]                      A A A[A A
         [B B]B B B                             B B B B B                       B B]B B B
    """
    standing = zip(timeline.clips, timeline.places, strict=True)
    for (_, before), (clip, _) in pairwise(standing):
        if clip.join.kind is not JoinKind.CUT:
            x = _share(before.stop - clip.join.tail, timeline.frames)
            says = f"{join_text(clip.join)}, into {clip.item}"
            yield StripJoin(clip.join.kind, says, x, _share(clip.join.frames, timeline.frames))


def _voices(timeline: Timeline) -> Iterator[StripVoice]:
    for voice in timeline.narrations:
        width = _share(voice.used_stop - voice.used_start, timeline.frames)
        yield StripVoice(safe_text(voice.file), _share(voice.start, timeline.frames), width)


def _ticks(total: Frames) -> Iterator[Tick]:
    """Marks at whole seconds, as dense as `_MOST_TICKS` allows."""
    dense = (seconds for seconds in _TICK_SECONDS if total <= seconds * FRAME_RATE * _MOST_TICKS)
    step = int(next(dense, _TICK_SECONDS[-1]) * FRAME_RATE)
    for frame in range(0, total, step):
        if _share(frame, total) <= _LAST_TICK:
            minutes, seconds = divmod(int(frame / FRAME_RATE), 60)
            yield Tick(f"{minutes}:{seconds:02d}", _share(frame, total))


def _share(frames: Frames, total: Frames) -> float:
    return round(100 * frames / total, 4)
