"""What becomes of one request: a list of rules, the first that has an answer wins.

The decision hangs on the takes of a request's Fingerprint alone, so that an edited prompt is a new request and a
prompt edited back finds its old take again. Equal requests are shot once, whichever project asks first. A retake, asked
for by the user, is its own shot's: it neither holds up nor changes another that asks for the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline.model.plan import Decision, TakeRequest
from pipeline.model.storyboard import Budget
from pipeline.model.take import PAID_FOR, UNSENT, Slate, State, Take
from pipeline.planner.on_hand import ON_ITS_WAY, Asking, TakesOnHand

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

GONE_WHY: Final = "its clip is gone from the store; fetched again"

NOT_SENT: Final = UNSENT | {State.WITHDRAWN}


@dataclass(frozen=True, slots=True)
class Choice:
    """What becomes of a request.

    Attributes:
        why: one clause; empty for a new take, whose reason lies in what changed.
        slate: None for a new take.
        retake: the take that was asked for, or its predecessor; None where none was.
    """

    decision: Decision
    why: str = ""
    slate: Slate | None = None
    instead_of: Slate | None = None
    retake: Take | None = None


def decide(request: TakeRequest, asking: Asking, on_hand: TakesOnHand, grants: Grants) -> Choice:
    """SHOOT, REUSE, RESUME or BLOCKED; retakes that have not landed are `decide_retake`'s."""
    equal = [take for take in on_hand.equal_to(request, asking) if not (take.is_retake and take.state in NOT_SENT)]
    for rule in (_landed, _resumed, _elsewhere, _planned):
        if (choice := rule(equal, asking, on_hand)) is not None:
            return choice
    return _blocked(equal, asking.project, on_hand, grants) or _new(equal, asking.project)


def decide_retake(request: TakeRequest, asking: Asking, on_hand: TakesOnHand, grants: Grants) -> Choice | None:
    """What becomes of the newest retake of a shot: SHOOT, RESUME or BLOCKED; None if there is none or it has landed."""
    equal = on_hand.equal_to(request, asking)
    retakes = [take for take in equal if asking.is_own(take) and take.is_retake]
    newest = _newest(take for take in retakes if take.state is not State.WITHDRAWN)
    if newest is None or newest.state in (State.VERIFIED, State.ABANDONED):
        return None
    if newest.state is State.WRITTEN_OFF and newest != _newest(retakes):
        return None  # the one that was to take its place was withdrawn
    choice = _of_retake(newest, retakes, on_hand, grants)
    landed = _landed(equal, asking, on_hand) if choice.decision is Decision.BLOCKED else None
    if landed and landed.slate:
        without = _circle(landed.slate, asking, on_hand)
        choice = replace(choice, why=f"{choice.why}; or to keep what is there: {without}")
    return replace(choice, retake=newest)


def _newest(takes: Iterable[Take]) -> Take | None:
    return max(takes, key=lambda take: take.slate.number, default=None)


def _circle(slate: Slate, asking: Asking, on_hand: TakesOnHand) -> str:
    take = slate.take if asking == (slate.project, slate.shot) else slate
    return f"storyreel circle {asking.project} {asking.shot} {take}{on_hand.world.option}"


def _of_retake(newest: Take, retakes: Sequence[Take], on_hand: TakesOnHand, grants: Grants) -> Choice:
    if newest.state in UNSENT:
        return Choice(Decision.SHOOT, f"retake: asked for by you{_quoted(newest.note)}", newest.slate)
    if newest.state is State.WRITTEN_OFF:
        return Choice(Decision.SHOOT, f"retake{_quoted(newest.note)}: the one before is written off, by your word")
    if newest.state in ON_ITS_WAY:
        return _going_on(newest)
    failed = [take for take in retakes if take.state is State.FAILED and take.fingerprint == newest.fingerprint]
    return _ended(failed if newest in failed else [newest], on_hand, grants)


def _quoted(note: str) -> str:
    return f', "{note}"' if note else ""


class Grants:
    """What of the budget's grants is left; each use in a plan counts.

    Attributes:
        credits_left: for takes in doubt.
    """

    def __init__(self, budget: Budget, takes: Sequence[Take]) -> None:
        written_off = sum(take.credits for take in takes if take.state is State.WRITTEN_OFF and take.is_granted)
        self.credits_left = max(0, budget.pay_again_credits - written_off)
        self._reshoot_failed = budget.reshoot_failed

    def pay_again(self, take: Take) -> bool:
        if take.credits > self.credits_left:
            return False
        self.credits_left -= take.credits
        return True

    def reshoot(self, takes: Sequence[Take]) -> bool:
        return sum(take.state is State.FAILED for take in takes) <= self._reshoot_failed


def _landed(equal: Sequence[Take], asking: Asking, on_hand: TakesOnHand) -> Choice | None:
    """The newest clip that is here; the shot's own before others'. Others' retakes last, the first of them first.

    So a retake changes no other shot, not even one that has no clip but of an earlier retake.
    """

    def rank(take: Take) -> tuple[bool, bool, bool, bool, int]:
        is_own, is_of_project = asking.is_own(take), take.slate.project == asking.project
        is_first_hand = is_own or not take.is_retake
        age = take.slate.number if is_first_hand else -take.slate.number
        return on_hand.is_here(take), is_own, is_first_hand, is_of_project, age

    best = max((take for take in equal if take.state is State.VERIFIED), key=rank, default=None)
    if best is None:
        return None
    if on_hand.is_here(best):
        return Choice(Decision.REUSE, "its clip is here", best.slate)
    return Choice(Decision.RESUME, GONE_WHY, best.slate)


def _resumed(equal: Sequence[Take], asking: Asking, _on_hand: TakesOnHand) -> Choice | None:
    for take in equal:
        if take.state in ON_ITS_WAY - {State.ARMED} and take.slate.project == asking.project:
            return _going_on(take)
    return None


def _going_on(take: Take) -> Choice:
    return Choice(Decision.RESUME, RESUMED_WHY.get(take.state, f"its take is {take.state}"), take.slate)


def _elsewhere(equal: Sequence[Take], asking: Asking, on_hand: TakesOnHand) -> Choice | None:
    """Another project paid for it, or may have, and it has not landed: shooting it here, too, would pay twice."""
    for take in equal:
        if take.state in PAID_FOR - {State.VERIFIED} and take.slate.project != asking.project:
            is_coming = take.state in ON_ITS_WAY
            todo = f"render {take.slate.project} to its end first" if is_coming else way_out(take, on_hand)
            where = _where(take.slate.project, on_hand)
            why = f"the same request as {take.slate}, which is {take.state}; {todo}{where}"
            return Choice(Decision.BLOCKED, why, take.slate)
    return None


def _where(project: str, on_hand: TakesOnHand) -> str:
    """Where a word on another project's take can be said, if not here."""
    if on_hand.has_project(project):
        return ""
    return (
        f". There is no project {project} here: do that in the workspace that has it, "
        "or give its folder the old name until then"
    )


def _planned(equal: Sequence[Take], asking: Asking, _on_hand: TakesOnHand) -> Choice | None:
    """A take of which no byte has left. An armed one is its run's for a moment, or was left behind by one that died."""
    for take in equal:
        if take.state in UNSENT and take.slate.project == asking.project:
            return Choice(Decision.SHOOT, "planned before, nothing was charged", take.slate)
    return None


def _blocked(equal: Sequence[Take], project: str, on_hand: TakesOnHand, grants: Grants) -> Choice | None:
    ended = [take for take in equal if take.slate.project == project and take.state in BLOCKED_WHY]
    return _ended(ended, on_hand, grants) if ended else None


def _ended(ended: Sequence[Take], on_hand: TakesOnHand, grants: Grants) -> Choice:
    """Takes of a request ended badly: a grant opens the way for a new one, else the user's word must."""
    last = next((take for take in ended if take.state is not State.FAILED), ended[-1])
    if last.state is State.UNKNOWN and grants.pay_again(last):
        return Choice(Decision.SHOOT, "in doubt, and paying again is granted", instead_of=last.slate)
    if last.state is State.FAILED and grants.reshoot(ended):
        return Choice(Decision.SHOOT, "failed, and shooting it again is granted")
    return Choice(Decision.BLOCKED, way_out(last, on_hand), last.slate)


def way_out(take: Take, on_hand: TakesOnHand) -> str:
    """What the user can say of a take; the take is named where its shot has a later one."""
    project, shot, number = take.slate.project, take.slate.shot, take.slate.number
    is_last = all(other.slate.number <= number for other in on_hand.of_shot(project, shot))
    name, live = shot if is_last else take.slate.name, on_hand.world.option
    return BLOCKED_WHY[take.state].format(project=project, shot=name, live=live)


def _new(equal: Sequence[Take], project: str) -> Choice:
    is_written_off = any(take.slate.project == project for take in equal)
    return Choice(Decision.SHOOT, "its take is written off, by your word" if is_written_off else "")
