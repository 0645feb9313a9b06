"""What a take's state means to the person who waits for the film: a word, a tone, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from pipeline.model.plan import Decision, PlannedShot
from pipeline.model.take import State, Take
from pipeline.project import World


class Tone(StrEnum):
    """How a standing is coloured; the word beside it says the same to those who see no colour."""

    GOOD = "good"
    BUSY = "busy"
    IDLE = "idle"
    ASKS = "asks"  # the user's word is needed
    BAD = "bad"


NEEDS_USER: Final = frozenset({Tone.ASKS, Tone.BAD})


class Standing(NamedTuple):
    """Attributes: todo: sentences with commands between backticks, to be filled in; empty if there is nothing to do."""

    word: str
    tone: Tone
    todo: str = ""

    def todo_for(self, project: str, shot: str, world: World) -> str:
        """The sentences with commands that can be typed as they stand."""
        return self.todo.format(project=project, shot=shot, live=world.option)


_RENDER: Final = "`storyreel render {project}{live}`"
_RESOLVE: Final = "`storyreel resolve {project} {shot}{live}`"
_GO_ON: Final = f"Paid for and on its way. Run {_RENDER} again: it goes on from here and costs nothing more."
_ONCE_MORE: Final = (
    f"To ask for it once more, for nothing: {_RESOLVE} with `--revive`. To shoot it anew, for credits: `--pay-again`."
)
_AGAIN: Final = f"The next {_RENDER} shoots it again."

NOT_SHOT: Final = Standing("not shot", Tone.IDLE, f"No take yet. {_RENDER} shoots it.")

STANDINGS: Final[Mapping[State, Standing]] = {
    State.PLANNED: Standing("planned", Tone.IDLE, f"Nothing is sent and nothing owed. {_RENDER} shoots it."),
    State.ARMED: Standing("about to be sent", Tone.BUSY, f"No byte has left. {_RENDER} takes it up again."),
    State.SENDING: Standing("being sent", Tone.BUSY, f"If the run has ended, {_RENDER} finds out what became of it."),
    State.UNKNOWN: Standing(
        "in doubt",
        Tone.ASKS,
        "The answer was lost, so it may have been charged and is not sent again by itself. Look for the task in your "
        f"account, then say what you found: {_RESOLVE} with `--adopt TASK_ID`, `--not-charged`, `--pay-again` or "
        "`--abandon`.",
    ),
    State.SUBMITTED: Standing("waiting", Tone.BUSY, _GO_ON),
    State.PROCESSING: Standing("generating", Tone.BUSY, _GO_ON),
    State.SUCCEEDED: Standing("to be fetched", Tone.BUSY, _GO_ON),
    State.DOWNLOADED: Standing("being verified", Tone.BUSY, _GO_ON),
    State.VERIFIED: Standing("landed", Tone.GOOD),
    State.REJECTED: Standing(
        "refused",
        Tone.BAD,
        f"Refused and not charged. Change what the reason names; the next {_RENDER} sends it again.",
    ),
    State.FAILED: Standing(
        "failed",
        Tone.BAD,
        f"Its credits come back. Change the prompt and run {_RENDER}, or have the same one shot again: "
        "`storyreel render {project}{live} --reshoot-failed 1`.",
    ),
    State.CORRUPT: Standing(
        "damaged",
        Tone.ASKS,
        f"Three downloads did not decode; the file is kept. {_ONCE_MORE}",
    ),
    State.LOST: Standing(
        "lost",
        Tone.ASKS,
        f"Nothing came of its task, or its clip could not be fetched. {_ONCE_MORE}",
    ),
    State.WRITTEN_OFF: Standing("written off", Tone.IDLE, f"You let it be paid again. {_AGAIN}"),
    State.WITHDRAWN: Standing(
        "withdrawn",
        Tone.IDLE,
        "You took this retake back before it was sent. To ask for another: `storyreel retake {project} {shot}{live}`.",
    ),
    State.ABANDONED: Standing(
        "given up",
        Tone.BAD,
        f"You gave this shot up: take it out of the storyboard, or {_RESOLVE} with `--pay-again`.",
    ),
}


def standing_of(take: Take | None, planned: PlannedShot | None) -> Standing:
    """Where a shot stands; without a take the plan's reason stands in for the missing history."""
    if take is not None:
        return STANDINGS[take.state]
    if planned is not None and planned.waits_for:
        word = "blocked" if planned.decision is Decision.BLOCKED else "waiting"
        return Standing(word, Tone.IDLE, f"It begins where {planned.waits_for} ends, so that clip comes first.")
    if planned is not None and planned.decision is Decision.BLOCKED:
        return Standing("blocked", Tone.ASKS, f"{_RESOLVE} says what can be done.")
    return NOT_SHOT
