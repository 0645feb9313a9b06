"""What a run says, and ends with, when shots have no clip. Pure: from the plan's rows and their takes to an error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipeline.errors import AnswerInDoubtError, ShotFailedError, StoryreelError
from pipeline.model.plan import Decision, PlannedShot
from pipeline.model.take import State, Take

Missing = tuple[PlannedShot, Take | None]
"""A shot without a clip, and its take if it has one."""

NEXT_RUN: Final = {
    State.REJECTED: "nothing was charged; mend what was refused and run again",
    State.UNKNOWN: "it is granted that the next run pays for it again",
}
"""What to do about a shot that is not blocked and has no clip all the same."""

SAYS_WHY: Final = (Decision.WAITS, Decision.BLOCKED, Decision.SKIP)
"""Decisions whose reason is all there is to say of a shot without a take."""


def why_missing(missing: Sequence[Missing], stopped_by: StoryreelError | None = None) -> StoryreelError:
    """What a run ends with when shots have no clip: a doubt outweighs all else, since money hangs on it.

    Args:
        stopped_by: why the run went no further; then the shots that only it held up need no sentence of their own.
    """
    in_doubt = [(row, take) for row, take in missing if take and take.state is State.UNKNOWN]
    if stopped_by and (not in_doubt or isinstance(stopped_by, AnswerInDoubtError)):
        return stopped_by
    told = [str(stopped_by)] if stopped_by else []
    sentences = "\n".join([*told, *(_sentence(row, take) for row, take in (in_doubt if stopped_by else missing))])
    if in_doubt:
        return AnswerInDoubtError(sentences, [str(take.slate) for _, take in in_doubt])
    return ShotFailedError(sentences, [row.slate for row, _ in missing])


def _sentence(row: PlannedShot, take: Take | None) -> str:
    if take is None:
        return f"{row.shot}: {row.why}." if row.decision in SAYS_WHY else f"{row.shot}: not shot yet."
    trouble = f": {take.trouble}" if take.trouble else ""
    todo = row.why if row.decision is Decision.BLOCKED else NEXT_RUN.get(take.state, "run again to go on")
    return f"{row.shot}: {take.slate} is {take.state.told}{trouble}. {todo[0].upper()}{todo[1:]}."
