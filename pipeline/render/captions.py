"""Lays the film's captions out on film time, as a subtitler would. Pure; `media` draws them and writes them to files.

    clip a   |─────── "Every morning …" ──────|
    clip b                       |──── "… begins somewhere." ────|      12 frames shared by a dissolve
    cues     |──── Every … ──────|──── … begins somewhere. ──────|

One cue is seen at a time: it ends at the latest where the next begins. Two that begin together are a dialogue. A cue
has two lines at most; what is longer goes on in the next cue.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Final

from pipeline.model.timeline import CaptionOverlay, Timeline
from pipeline.render.lines import break_evenly, cells, spaced
from pipeline.timecode import FrameRange

MAX_LINES: Final = 2
_CELLS_WIDE, _CELLS_SQUARE, _CELLS_TALL = 42, 32, 26
"""The longest line, in cells: 42 Latin letters or 21 of Chinese; fewer where the picture is square or upright, so that
logos in its corners stay free.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """What is read at one time.

    Attributes:
        place: in film frames.
        speaker: who says it; empty if nobody in particular, or more than one.
    """

    place: FrameRange
    lines: tuple[str, ...]
    speaker: str = ""


def plan_captions(timeline: Timeline) -> tuple[Cue, ...]:
    """The film's captions, in order; no two share a frame."""
    heard = _heard(timeline, _widest(timeline))
    return tuple(cue for said in _in_turn(heard) for cue in _split(said) if len(cue.place))


def _widest(timeline: Timeline) -> int:
    if timeline.width_px < timeline.height_px:
        return _CELLS_TALL
    return _CELLS_SQUARE if timeline.width_px == timeline.height_px else _CELLS_WIDE


def _heard(timeline: Timeline, widest: int) -> list[Cue]:
    """Every caption where it is heard, in any number of lines; those that begin together are one."""
    heard = sorted(
        (
            (FrameRange(caption.start, caption.stop).shifted(place.start), caption)
            for clip, place in zip(timeline.clips, timeline.places, strict=True)
            for caption in clip.captions
        ),
        key=lambda each: each[0].start,
    )
    return [_together([*group], widest) for _, group in groupby(heard, key=lambda each: each[0].start)]


def _together(group: Sequence[tuple[FrameRange, CaptionOverlay]], widest: int) -> Cue:
    place = FrameRange(group[0][0].start, max(place.stop for place, _ in group))
    if len(group) == 1:
        caption = group[0][1]
        return Cue(place=place, lines=_lines(caption.text, widest), speaker=caption.speaker)
    lines = [line for _, caption in group for line in _lines(f"– {spaced(caption.text)}", widest)]
    return Cue(place=place, lines=tuple(lines))


def _lines(text: str, widest: int) -> tuple[str, ...]:
    """As written where that fits, else broken anew."""
    written = tuple(spaced(line) for line in text.strip().splitlines())
    if len(written) <= MAX_LINES and all(cells(line) <= widest for line in written):
        return written
    return break_evenly(text, widest)


def _in_turn(heard: Sequence[Cue]) -> Iterator[Cue]:
    for cue, after in pairwise(heard):
        yield replace(cue, place=FrameRange(cue.place.start, min(cue.place.stop, after.place.start)))
    yield from heard[-1:]


def _split(cue: Cue) -> Iterator[Cue]:
    """Cues of `MAX_LINES` lines, each seen in proportion to its length."""
    parts = [cue.lines[n : n + MAX_LINES] for n in range(0, len(cue.lines), MAX_LINES)]
    lengths = [sum(map(cells, part)) or 1 for part in parts]
    start, read = cue.place.start, 0
    for part, length in zip(parts, lengths, strict=True):
        read += length
        stop = cue.place.start + len(cue.place) * read // sum(lengths)
        yield replace(cue, place=FrameRange(start, stop), lines=part)
        start = stop
