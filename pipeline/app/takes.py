"""All takes of a project, with where their clips lie and which of them the film uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.app.assignment import Assignment
from pipeline.app.compiling import compile_films
from pipeline.app.doors import open_ledger
from pipeline.app.planning import plan_now
from pipeline.digest import ContentHash
from pipeline.model.plan import PlannedShot
from pipeline.model.take import CHARGED, UNSENT, State, Take


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeLine:
    """One take of a project, or one of another project that its film uses.

    Attributes:
        shot: that it is listed for.
        is_in_film: the film uses it as things stand.
        is_asked_for: it is a retake that the next render shoots.
        is_stale: it is not of what the storyboard asks for by now; None if it cannot be told yet.
        clip: the content of its file in the store, if it is there.
    """

    shot: str
    take: Take
    is_circled: bool
    is_in_film: bool
    is_asked_for: bool
    is_stale: bool | None
    clip: ContentHash | None

    @property
    def charged(self) -> int:
        """What was, or may have been, charged."""
        return self.take.credits if self.take.state in (CHARGED | {State.FAILED}) - UNSENT else 0

    @property
    def is_refunded(self) -> bool:
        return self.take.state is State.FAILED


def take_lines(assigned: Assignment) -> tuple[TakeLine, ...]:
    """All takes, shot by shot in the film's order; then those of shots that are no more."""
    plan = plan_now(assigned, compile_films(assigned).storyboards)
    with open_ledger(assigned.store) as ledger:
        takes = ledger.takes()
    has_file = {take.sha256: assigned.store.take_path(take.sha256).is_file() for take in takes if take.sha256}
    rows = {row.shot: row for row in plan.shots}
    own = [take for take in takes if take.slate.project == plan.project]
    shots = [*rows, *dict.fromkeys(take.slate.shot for take in own if take.slate.shot not in rows)]
    return tuple(
        _take_line(shot, take, rows.get(shot), has_file)
        for shot in shots
        for take in sorted(_takes_for(shot, rows.get(shot), own, takes), key=lambda each: each.slate.number)
    )


def _takes_for(shot: str, row: PlannedShot | None, own: Sequence[Take], takes: Sequence[Take]) -> list[Take]:
    """Those of the shot itself, and the one that it uses of another."""
    of_shot = [take for take in own if take.slate.shot == shot]
    borrowed = [take for take in takes if row and str(take.slate) == row.film_slate and take not in of_shot]
    return [*of_shot, *borrowed]


def _take_line(shot: str, take: Take, row: PlannedShot | None, has_file: dict[ContentHash, bool]) -> TakeLine:
    is_the_films = row is not None and row.film_slate == str(take.slate)
    is_known = row is not None and row.waits_for is None and take.state in (State.VERIFIED, *UNSENT)
    return TakeLine(
        shot=shot,
        take=take,
        is_circled=is_the_films and row is not None and row.circled is not None,
        is_in_film=is_the_films and row is not None and row.has_clip and take.state is State.VERIFIED,
        is_asked_for=row is not None and row.slate == str(take.slate) and take.is_retake and take.state in UNSENT,
        is_stale=not take.is_answer_to(row.asked) if is_known and row else None,
        clip=take.sha256 if take.sha256 and has_file[take.sha256] else None,
    )
