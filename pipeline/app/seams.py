"""How the joins of a project's film are, as things stand: measures what has landed, changes nothing."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.app.assignment import Assignment
from pipeline.app.compiling import compile_project, quoting
from pipeline.app.doors import open_ledger, open_meter
from pipeline.app.planning import plan_now
from pipeline.cutting import measure_for_mends, own_media
from pipeline.edit import assemble_timeline
from pipeline.edit.seams import judge_seams
from pipeline.model.media import Media
from pipeline.model.plan import Plan
from pipeline.model.seam import ScoreCard
from pipeline.model.storyboard import Storyboard
from pipeline.model.take import State, Take
from pipeline.model.timeline import Timeline


def project_seams(assigned: Assignment) -> ScoreCard:
    """The score card of the film as a render would cut it now; shots that have no clip yet are not judged.

    Raises:
        StoryboardError: the storyboard has findings.
        MediaError, MachineError: a clip cannot be read.
    """
    from pipeline.media.library import Library  # heavy

    storyboard = compile_project(assigned).storyboard
    plan = plan_now(assigned, {assigned.project.episode: storyboard})
    with open_ledger(assigned.store) as ledger:
        takes = {str(take.slate): take for take in ledger.takes()}
    with quoting(assigned):
        own = own_media(storyboard, assigned.project, Library(assigned.store))
        return score(assigned, storyboard, {**own, **_landed(plan, takes)})[0]


def score(assigned: Assignment, storyboard: Storyboard, media: Mapping[str, Media]) -> tuple[ScoreCard, Timeline]:
    """The score card, and the timeline that it is of."""
    seen = measure_for_mends(storyboard, media, assigned.project, open_meter(assigned), all_footage=True)
    timeline = assemble_timeline(storyboard, media, seen)
    return judge_seams(storyboard, timeline, seen), timeline


def _landed(plan: Plan, takes: Mapping[str, Take]) -> dict[str, Media]:
    """The media of the shots whose clip is here."""
    used = ((row.shot, takes.get(row.film_slate)) for row in plan.shots if row.has_clip)
    return {shot: take.media for shot, take in used if take and take.state is State.VERIFIED and take.media}
