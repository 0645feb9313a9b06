"""Everything that a report is made of, gathered by the caller; the report itself opens no file and asks no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.model.delivery import Film
from pipeline.model.plan import Plan
from pipeline.model.seam import ScoreCard
from pipeline.model.storyboard import Storyboard
from pipeline.model.take import Take
from pipeline.model.timeline import Timeline
from pipeline.project import World
from pipeline.review.seam_strips import SeamStrips


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFacts:
    """One film, or what became of it so far.

    Attributes:
        plan, timeline, film: None as long as the run has not come to them.
        beside: the same film in other shapes.
        takes: by item id: the take that the film uses, or the last one tried when none landed.
        all_takes: by item id: what a shot has had, oldest first, and what it uses of another; withdrawn ones left out.
        take_stills: by slate, small JPEGs of the takes of shots that have several.
        credits_spent: by this film's takes, all runs; refunds taken off.
        credits_saved: what the reused takes would have cost.
        made_at: aware, UTC.
        film_href: from the report's folder to the film, forward slashes, not percent-encoded.
        thumbnails: by item id, small JPEGs.
        poster: a JPEG shown until the film plays; empty for none.
        card: how the film's joins are; None where nothing was measured.
        seam_strips: by the id of the item behind the seam, for some of those with a flaw that can be seen.
        captions: WebVTT that the film is played with; empty for none.
    """

    storyboard: Storyboard
    plan: Plan | None
    timeline: Timeline | None
    film: Film | None
    takes: Mapping[str, Take]
    world: World
    credits_spent: int
    credits_saved: int
    made_at: datetime
    film_href: str
    thumbnails: Mapping[str, bytes]
    poster: bytes = b""
    captions: str = ""
    all_takes: Mapping[str, Sequence[Take]] = field(default_factory=dict)
    take_stills: Mapping[str, bytes] = field(default_factory=dict)
    card: ScoreCard | None = None
    seam_strips: Mapping[str, SeamStrips] = field(default_factory=dict)
    beside: Sequence[Film] = ()
