"""The user's ask for another take of a shot. Pure: from the shot's row of the plan to a take that the next run shoots.

The API has no seed: what makes the take another one is chance, and the note that its prompt ends with.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from pipeline.errors import UsageError
from pipeline.model.plan import Decision, Plan, PlannedShot
from pipeline.model.take import UNSENT, Slate, Take, Withdrawn
from pipeline.shoot.policy import CREDITS_A_SHOT

NOT_NOW: Final = {
    Decision.SHOOT: "has no clip yet: storyreel render {project}{live} shoots it",
    Decision.STALE: "asks for something else since it was shot: storyreel render {project}{live} shoots it anew anyway",
    Decision.REUSE: "has no clip yet: storyreel render {project}{live} shoots it",  # with one that asks for the same
    Decision.WAITS: "goes on from a clip that is not here yet: storyreel render {project}{live} comes first",
    Decision.RESUME: "is on its way ({why}): storyreel render {project}{live} comes first",
    Decision.BLOCKED: "has something open: {why}",
}
"""Why a shot has no retake, by what becomes of it without."""


def new_retake(shot: str, plan: Plan, taken: Sequence[Take], note: str, now: datetime) -> Take:
    """The take that is to be shot.

    Args:
        taken: the takes that the shot has by now.
        note: what is added to the prompt; empty to send it as it is.

    Raises:
        UsageError: there is no such shot, or nothing that the take would be another one of.
    """
    row = next((row for row in plan.shots if row.shot == shot), None)
    if row is None:
        shots = ", ".join(row.shot for row in plan.shots)
        raise UsageError(f'{plan.project} has no shot "{shot}". There are: {shots}.')
    if row.waits_for or not _has_clip(row, plan):
        told = NOT_NOW[Decision.WAITS if row.waits_for else row.decision]
        reason = told.format(project=plan.project, live=plan.world.option, why=row.why)
        raise UsageError(f"{shot} {reason}. A retake is of a shot that has its clip.")
    request = row.request.without_note(row.note).with_note(note)
    number = max((take.slate.number for take in taken), default=0) + 1
    return Take(
        slate=Slate(project=plan.project, shot=shot, number=number),
        request=request,
        fingerprint=request.fingerprint,
        credits=CREDITS_A_SHOT[request.resolution],
        since=now,
        is_retake=True,
        note=note,
        made_of=row.made_of,
    )


def _has_clip(row: PlannedShot, plan: Plan) -> bool:
    """Its own or another's that has landed, if only beside a retake that nothing was sent of."""
    if row.decision is Decision.SHOOT:
        return row.is_retake
    is_shot_now = any(other.slate == row.slate and other.credits for other in plan.shots)
    return row.decision is Decision.REUSE and not is_shot_now


def withdrawals(taken: Sequence[Take], now: datetime) -> list[tuple[Take, Withdrawn]]:
    """What takes the retakes back that nothing was sent of."""
    return [(take, Withdrawn(at=now)) for take in taken if take.is_retake and take.state in UNSENT]
