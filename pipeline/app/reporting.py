"""What people look at after a run: report, contact sheet, poster, captions."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.app.assignment import Assignment
from pipeline.app.doors import locate, open_meter
from pipeline.cutting import Made
from pipeline.errors import StoryreelError, UsageError
from pipeline.host import SystemClock, read_made, take_away, write_whole
from pipeline.model.delivery import FilmPictures
from pipeline.model.plan import Plan
from pipeline.model.seam import ScoreCard
from pipeline.model.storyboard import Storyboard
from pipeline.model.take import State, Take
from pipeline.model.timeline import Timeline
from pipeline.planner.account import account_of
from pipeline.project import FilmPaths, ProjectPaths

if TYPE_CHECKING:  # and late where they are used: SQLAlchemy, httpx, PyAV and numpy take longer than most commands
    from pipeline.ledger.journal import SqliteLedger
    from pipeline.review.looks import Looks
    from pipeline.review.seam_strips import SeamStrips


def report(assigned: Assignment, storyboard: Storyboard, plan: Plan, ledger: SqliteLedger, made: Made | None) -> None:
    """Write what people look at: the report always, contact sheet, poster and animation with a film."""
    from pipeline.media.caption_files import played_captions
    from pipeline.review.facts import ReportFacts
    from pipeline.review.report import build_report

    timeline, looks = _look(assigned, storyboard, made)
    if made:
        write_whole(assigned.project.contact_sheet_path, looks.contact_sheet)
        write_whole(assigned.project.poster_path, looks.poster)
        write_whole(assigned.project.animation_path, looks.animation)
        pictures = _pictures_of(storyboard, made)
        write_whole(assigned.project.pictures_document_path, pictures.to_json().encode())
    card = _score_card(assigned, storyboard, timeline)
    takes = {str(take.slate): take for take in ledger.takes()}
    all_takes = _all_takes(plan, takes)
    facts = ReportFacts(
        storyboard=storyboard,
        plan=plan,
        timeline=timeline,
        film=made.film if made else None,
        beside=[each.film for each in made.beside] if made else [],
        takes={row.shot: takes[row.film_slate] for row in plan.shots if row.film_slate in takes},
        world=assigned.access.world,
        credits_spent=account_of(storyboard.project, _own(assigned, takes.values()), ()).spent,
        credits_saved=plan.credits_saved,
        made_at=SystemClock().now(),
        film_href=os.path.relpath(assigned.project.film_path, assigned.project.report_path.parent),
        thumbnails=looks.thumbnails,
        poster=looks.poster,
        captions=played_captions(made.timeline) if made else "",
        all_takes=all_takes,
        take_stills=_take_stills(assigned, all_takes),
        card=card,
        seam_strips=_seam_strips(assigned, card, timeline, made) if card and timeline else {},
    )
    write_whole(assigned.project.report_path, build_report(facts).encode())


def _own(assigned: Assignment, takes: Iterable[Take]) -> list[Take]:
    """The takes of the film: of a series, those of its episode."""
    beginning = f"{assigned.project.episode}." if assigned.project.episode else ""
    return [take for take in takes if take.slate.shot.startswith(beginning)]


def _all_takes(plan: Plan, takes: Mapping[str, Take]) -> dict[str, list[Take]]:
    """By shot: its own, oldest first, and what it uses of another."""
    by_shot: dict[str, list[Take]] = {row.shot: [] for row in plan.shots}
    own = [take for take in takes.values() if take.slate.project == plan.project and take.slate.shot in by_shot]
    for take in sorted(own, key=lambda each: each.slate.number):
        if take.state is not State.WITHDRAWN:
            by_shot[take.slate.shot].append(take)
    for row in plan.shots:
        used = takes.get(row.film_slate)
        if used and used not in by_shot[row.shot]:
            by_shot[row.shot].append(used)
    return by_shot


def _take_stills(assigned: Assignment, all_takes: Mapping[str, Sequence[Take]]) -> dict[str, bytes]:
    from pipeline.media.pictures import extract_frames
    from pipeline.review.looks import look_at_takes

    def clip_of(take: Take) -> Path | None:
        path = assigned.store.take_path(take.sha256) if take.sha256 else None
        return path if path and path.is_file() else None

    beside_others = (take for takes in all_takes.values() if len(takes) > 1 for take in takes)
    return look_at_takes(beside_others, clip_of, extract_frames)


def _score_card(assigned: Assignment, storyboard: Storyboard, timeline: Timeline | None) -> ScoreCard | None:
    """Of what is measured already: a report waits for nothing. None for a timeline of another storyboard."""
    from pipeline.edit.seams import judge_seams

    if timeline is None or [clip.item for clip in timeline.clips] != [item.id for item in storyboard.items]:
        return None
    meter = open_meter(assigned)
    known = {clip.media.sha256: meter.known(clip.media.sha256) for clip in timeline.clips if clip.media}
    return judge_seams(storyboard, timeline, {sha256: seen for sha256, seen in known.items() if seen})


def _seam_strips(
    assigned: Assignment, card: ScoreCard, timeline: Timeline, made: Made | None
) -> Mapping[str, SeamStrips]:
    from pipeline.media.pictures import extract_frames
    from pipeline.review.seam_strips import look_at_seams

    film_path = assigned.project.film_path if made else None
    return look_at_seams(card, timeline, film_path, partial(locate, assigned), extract_frames)


def has_pictures(project: ProjectPaths, storyboard: Storyboard, made: Made) -> bool:
    """Whether the pictures beside the film are there, and are those of this film and this order."""
    paths = (project.poster_path, project.contact_sheet_path, project.animation_path)
    with suppress(OSError, UsageError):
        made_from = FilmPictures.from_json(read_made(project.pictures_document_path))
        return made_from == _pictures_of(storyboard, made) and all(path.is_file() for path in paths)
    return False


def _pictures_of(storyboard: Storyboard, made: Made) -> FilmPictures:
    return FilmPictures(film=made.film.sha256, poster=storyboard.delivery.poster)


def write_captions(paths: FilmPaths, timeline: Timeline) -> None:
    """Beside the film; what an earlier film had and this one has not is taken away."""
    from pipeline.media.caption_files import caption_files

    for kind, text in caption_files(timeline).items():
        path = paths.captions_path(kind)
        if text:
            write_whole(path, text.encode())
        else:
            take_away(path)


def _look(assigned: Assignment, storyboard: Storyboard, made: Made | None) -> tuple[Timeline | None, Looks]:
    """The pictures of the film; while there is none, those of the clips that have landed."""
    from pipeline.media.pictures import extract_frames
    from pipeline.review.looks import Looks, look_at_clips, look_at_film

    if made:
        return made.timeline, look_at_film(assigned.project.film_path, made.timeline, storyboard, extract_frames)
    try:
        timeline = Timeline.from_json(read_made(assigned.project.timeline_path))
        thumbnails = look_at_clips(timeline, partial(locate, assigned), extract_frames)
    except (OSError, StoryreelError):
        return None, Looks(contact_sheet=b"", poster=b"", animation=b"", thumbnails={})
    return timeline, Looks(contact_sheet=b"", poster=b"", animation=b"", thumbnails=thumbnails)
