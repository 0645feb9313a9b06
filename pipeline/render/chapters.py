"""Divides a film into chapters, one for each run of clips of one scene. Pure; `media` writes them into the file.

clips      a  |  b ╳ c  |  d          scenes   beach: a b   sea: c d
chapters   |── beach ─|──── sea ────|          a join belongs to the scene that comes
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise

from pipeline.model.timeline import Timeline
from pipeline.timecode import FrameRange


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the film that players name and jump to.

    Attributes:
        title: the scene's id; where clips stand in no scene, the first one's own.
        place: in film frames; it begins where the chapter before it ends.
    """

    title: str
    place: FrameRange


def plan_chapters(timeline: Timeline) -> tuple[Chapter, ...]:
    """The film's chapters, from its first frame to its last; none where there would be one only."""
    runs = [next(run) for _, run in groupby(zip(timeline.clips, timeline.places, strict=True), lambda at: at[0].scene)]
    begins = [place.start for _, place in runs]
    if len(runs) < 2:
        return ()
    places = (FrameRange(*edges) for edges in pairwise([*begins, timeline.frames]))
    return tuple(Chapter(clip.scene or clip.item, place) for (clip, _), place in zip(runs, places, strict=True))
