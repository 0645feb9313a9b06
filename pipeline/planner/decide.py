"""What becomes of one request: a list of rules, the first that has an answer wins.

The decision hangs on the takes of a request's Fingerprint alone, so that an edited prompt is a new request and a
prompt edited back finds its old take again. Equal requests are shot once, whichever project asks first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.model.plan import Decision, TakeRequest
from pipeline.model.storyboard import Budget
from pipeline.model.take import CHARGED, Slate, State, Take
from pipeline.planner.on_hand import ON_ITS_WAY, TakesOnHand

BLOCKED_WHY: Final = {
    State.UNKNOWN: "charged or not, only your account tells; to go on: storyreel resolve {project} {shot}{live}",
    State.ABANDONED: "to shoot it anew: storyreel resolve {project} {shot}{live} --pay-again",
    State.LOST: "to try once more: storyreel resolve {project} {shot}{live} --revive",
    State.CORRUPT: "to fetch it once more, for nothing: storyreel resolve {project} {shot}{live} --revive",
    State.FAILED: "its credits come back; to shoot it again: storyreel render {project}{live} --reshoot-failed 1",
}
"""Ends of a take that only the user's word opens again."""

RESUMED_WHY: Final = {State.SENDING: "is being sent; if that run has died, the next one finds out what became of it"}
"""Where the state alone says too little."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What becomes of a request.

    Attributes:
        why: one clause; empty for a new take, whose reason lies in what changed.
        slate: None for a new take.
    """

    decision: Decision
    why: str = ""
    slate: Slate | None = None
    instead_of: Slate | None = None


def decide(request: TakeRequest, project: str, on_hand: TakesOnHand, grants: Grants) -> Choice:
    """SHOOT, REUSE, RESUME or BLOCKED."""
    equal = on_hand.equal_to(request)
    for rule in (_landed, _resumed, _elsewhere, _planned):
        if (choice := rule(equal, project, on_hand)) is not None:
            return choice
    return _blocked(equal, project, on_hand, grants) or _new(equal, project)


class Grants:
    """What of the budget's grants is left; each use in a plan counts."""

    def __init__(self, budget: Budget, takes: Sequence[Take]) -> None:
        written_off = sum(take.credits for take in takes if take.state is State.WRITTEN_OFF and take.is_granted)
        self._credits_left = budget.pay_again_credits - written_off
        self._reshoot_failed = budget.reshoot_failed

    def pay_again(self, take: Take) -> bool:
        if take.credits > self._credits_left:
            return False
        self._credits_left -= take.credits
        return True

    def reshoot(self, takes: Sequence[Take]) -> bool:
        return sum(take.state is State.FAILED for take in takes) <= self._reshoot_failed


def _landed(equal: Sequence[Take], project: str, on_hand: TakesOnHand) -> Choice | None:
    """A clip that is here, this project's first."""
    landed = _own_first((take for take in equal if take.state is State.VERIFIED), project)
    for take in landed:
        if on_hand.is_here(take):
            return Choice(Decision.REUSE, "its clip is here", take.slate)
    return (
        Choice(Decision.RESUME, "its clip is gone from the store; fetched again", landed[0].slate) if landed else None
    )


def _resumed(equal: Sequence[Take], project: str, _on_hand: TakesOnHand) -> Choice | None:
    for take in equal:
        if take.state in ON_ITS_WAY - {State.ARMED} and take.slate.project == project:
            return Choice(Decision.RESUME, RESUMED_WHY.get(take.state, f"its take is {take.state}"), take.slate)
    return None


def _elsewhere(equal: Sequence[Take], project: str, on_hand: TakesOnHand) -> Choice | None:
    """Another project paid for it, or may have, and it has not landed: shooting it here, too, would pay twice."""
    for take in equal:
        if take.state in CHARGED - {State.VERIFIED, State.WRITTEN_OFF} and take.slate.project != project:
            todo = f"render {take.slate.project} to its end first" if take.state in ON_ITS_WAY else _todo(take, on_hand)
            why = f"the same request as {take.slate}, which is {take.state}; {todo}"
            return Choice(Decision.BLOCKED, why, take.slate)
    return None


def _planned(equal: Sequence[Take], project: str, _on_hand: TakesOnHand) -> Choice | None:
    """A take of which no byte has left. An armed one is its run's for a moment, or was left behind by one that died."""
    for take in equal:
        if take.state in (State.PLANNED, State.ARMED, State.REJECTED) and take.slate.project == project:
            return Choice(Decision.SHOOT, "planned before, nothing was charged", take.slate)
    return None


def _blocked(equal: Sequence[Take], project: str, on_hand: TakesOnHand, grants: Grants) -> Choice | None:
    """A take of this request ended badly: a grant opens the way for a new one, else the user's word must."""
    ended = [take for take in equal if take.slate.project == project and take.state in BLOCKED_WHY]
    if not ended:
        return None
    last = next((take for take in ended if take.state is not State.FAILED), ended[-1])
    if last.state is State.UNKNOWN and grants.pay_again(last):
        return Choice(Decision.SHOOT, "in doubt, and paying again is granted", instead_of=last.slate)
    if last.state is State.FAILED and grants.reshoot(ended):
        return Choice(Decision.SHOOT, "failed, and shooting it again is granted")
    return Choice(Decision.BLOCKED, _todo(last, on_hand), last.slate)


def _todo(take: Take, on_hand: TakesOnHand) -> str:
    """What the user can say of a take; the take is named where its shot has a later one."""
    project, shot, number = take.slate.project, take.slate.shot, take.slate.number
    is_last = all(other.slate.number <= number for other in on_hand.of_shot(project, shot))
    name, live = shot if is_last else take.slate.name, on_hand.world.option
    return BLOCKED_WHY[take.state].format(project=project, shot=name, live=live)


def _new(equal: Sequence[Take], project: str) -> Choice:
    is_written_off = any(take.slate.project == project for take in equal)
    return Choice(Decision.SHOOT, "its take is written off, by your word" if is_written_off else "")


def _own_first(takes: Iterable[Take], project: str) -> list[Take]:
    return sorted(takes, key=lambda take: take.slate.project != project)
