"""Decides for each shot whether it is shot, reused, gone on with or blocked.

Pure: the takes come in as values. Equal requests are shot once, whichever shot or project asks first. The decision
hangs on the takes of a request's Fingerprint alone, so that an edited prompt is a new request and a prompt edited
back finds its old take again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.digest import ContentHash
from pipeline.model.plan import Decision, ImageRef, Plan, PlannedShot, TakeRequest
from pipeline.model.storyboard import Budget, Shot, Storyboard
from pipeline.model.take import CHARGED, Slate, State, Take
from pipeline.shoot.policy import CREDITS_A_SHOT, Policy, group_size
from pipeline.timecode import Frames

BLOCKED_WHY: Final = {
    State.UNKNOWN: "charged or not, only your account tells; to go on: storyreel resolve {project} {shot}",
    State.ABANDONED: "to shoot it anew: storyreel resolve {project} {shot} --pay-again",
    State.LOST: "to try once more: storyreel resolve {project} {shot} --revive",
    State.CORRUPT: "to fetch it once more, for nothing: storyreel resolve {project} {shot} --revive",
    State.FAILED: "its credits come back; to shoot it again: storyreel render {project} --reshoot-failed 1",
}
"""Ends of a take that only the user's word opens again."""

ON_ITS_WAY: Final = frozenset(
    {State.ARMED, State.SENDING, State.SUBMITTED, State.PROCESSING, State.SUCCEEDED, State.DOWNLOADED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakesOnHand:
    """What the ledger and the store know.

    Attributes:
        takes: of all projects of the world, oldest first.
        has_file: whether a clip of this content lies in the store.
        late_frame: the content of the picture of a clip's frame, by the clip's content and the frame's index from its
            beginning at the film's rate; None if the clip is not in the store.
        picture: the content of one of the project's own picture files, by its path in the project.
    """

    takes: Sequence[Take]
    has_file: Callable[[ContentHash], bool]
    late_frame: Callable[[ContentHash, Frames], ContentHash | None] = lambda _clip, _frame: None
    picture: Callable[[str], ContentHash] = lambda file: ContentHash(file)

    def equal_to(self, request: TakeRequest) -> list[Take]:
        wanted = request.fingerprint
        return [take for take in self.takes if take.fingerprint == wanted]

    def of_shot(self, project: str, shot: str) -> list[Take]:
        return [take for take in self.takes if (take.slate.project, take.slate.shot) == (project, shot)]


def request_of(shot: Shot, storyboard: Storyboard) -> TakeRequest:
    """What the API is told about a shot."""
    return TakeRequest(
        prompt=shot.prompt,
        generation=shot.generation,
        aspect=storyboard.aspect,
        resolution=storyboard.resolution,
        images=tuple(ImageRef(url=image.url) for image in shot.images),
    )


def plan_film(storyboard: Storyboard, on_hand: TakesOnHand, policy: Policy) -> Plan:
    """One row a shot, in film order."""
    rows: list[PlannedShot] = []
    grants = _Grants(storyboard.budget, [take for take in on_hand.takes if take.slate.project == storyboard.project])
    for shot in storyboard.shots:
        request = request_of(shot, storyboard)
        twin = next((row for row in rows if row.fingerprint == request.fingerprint), None)
        rows.append(_shared(shot, twin) if twin else _decide(shot, request, storyboard.project, on_hand, grants))
    to_shoot = [row for row in rows if row.decision is Decision.SHOOT]
    size = group_size(
        len(to_shoot), resolution=storyboard.resolution, max_doubt_credits=storyboard.budget.max_doubt_credits
    )
    calls = math.ceil(len(to_shoot) / size)
    reused = sum(row.decision is Decision.REUSE for row in rows)
    return Plan(
        project=storyboard.project,
        shots=tuple(rows),
        shots_per_request=size,
        calls=calls,
        seconds_estimated=_seconds(calls, size, policy) if calls else 0,
        credits_saved=reused * CREDITS_A_SHOT[storyboard.resolution],
    )


def _seconds(calls: int, size: int, policy: Policy) -> int:
    """Requests run side by side, the shots of one request one after another; a full window makes the rest wait."""
    windows = (calls - 1) // policy.submit_window.calls
    return round((windows * policy.window.span + size * policy.generation).total_seconds())


def _shared(shot: Shot, twin: PlannedShot) -> PlannedShot:
    decision = Decision.REUSE if twin.decision is Decision.SHOOT else twin.decision
    return twin.model_copy(
        update={
            "shot": shot.id,
            "decision": decision,
            "why": f"the same request as {twin.shot}",
            "credits": 0,
            "instead_of": None,
        }
    )


def _decide(shot: Shot, request: TakeRequest, project: str, on_hand: TakesOnHand, grants: _Grants) -> PlannedShot:
    equal = on_hand.equal_to(request)
    for rule in (_landed, _resumed, _elsewhere, _planned):
        if (choice := rule(equal, project, on_hand)) is not None:
            break
    else:
        choice = _blocked(equal, project, on_hand, grants) or _new(equal, on_hand, project, shot)
    price = CREDITS_A_SHOT[request.resolution] if choice.decision is Decision.SHOOT else 0
    return PlannedShot(
        shot=shot.id,
        slate=str(choice.slate or _next_slate(on_hand, project, shot)),
        decision=choice.decision,
        why=choice.why,
        request=request,
        fingerprint=request.fingerprint,
        credits=price,
        instead_of=str(choice.instead_of) if choice.instead_of else None,
    )


@dataclass(frozen=True, slots=True)
class _Choice:
    decision: Decision
    why: str
    slate: Slate | None = None  # None: a new take
    instead_of: Slate | None = None


def _landed(equal: Sequence[Take], project: str, on_hand: TakesOnHand) -> _Choice | None:
    """A clip that is here, this project's first."""
    landed = _own_first((take for take in equal if take.state is State.VERIFIED), project)
    for take in landed:
        if take.sha256 and on_hand.has_file(take.sha256):
            return _Choice(Decision.REUSE, "its clip is here", take.slate)
    return (
        _Choice(Decision.RESUME, "its clip is gone from the store; fetched again", landed[0].slate) if landed else None
    )


def _resumed(equal: Sequence[Take], project: str, _on_hand: TakesOnHand) -> _Choice | None:
    for take in equal:
        if take.state in ON_ITS_WAY and take.slate.project == project:
            return _Choice(Decision.RESUME, f"its take is {take.state}", take.slate)
    return None


def _elsewhere(equal: Sequence[Take], project: str, on_hand: TakesOnHand) -> _Choice | None:
    """Another project paid for it, or may have, and it has not landed: shooting it here, too, would pay twice."""
    for take in equal:
        if take.state in CHARGED - {State.VERIFIED, State.WRITTEN_OFF} and take.slate.project != project:
            todo = f"render {take.slate.project} to its end first" if take.state in ON_ITS_WAY else _todo(take, on_hand)
            why = f"the same request as {take.slate}, which is {take.state}; {todo}"
            return _Choice(Decision.BLOCKED, why, take.slate)
    return None


def _planned(equal: Sequence[Take], project: str, _on_hand: TakesOnHand) -> _Choice | None:
    for take in equal:
        if take.state in (State.PLANNED, State.REJECTED) and take.slate.project == project:
            return _Choice(Decision.SHOOT, "planned before, nothing was charged", take.slate)
    return None


def _blocked(equal: Sequence[Take], project: str, on_hand: TakesOnHand, grants: _Grants) -> _Choice | None:
    """A take of this request ended badly: a grant opens the way for a new one, else the user's word must."""
    ended = [take for take in equal if take.slate.project == project and take.state in BLOCKED_WHY]
    if not ended:
        return None
    last = next((take for take in ended if take.state is not State.FAILED), ended[-1])
    if last.state is State.UNKNOWN and grants.pay_again(last):
        return _Choice(Decision.SHOOT, "in doubt, and paying again is granted", instead_of=last.slate)
    if last.state is State.FAILED and grants.reshoot(ended):
        return _Choice(Decision.SHOOT, "failed, and shooting it again is granted")
    return _Choice(Decision.BLOCKED, _todo(last, on_hand), last.slate)


def _todo(take: Take, on_hand: TakesOnHand) -> str:
    """What the user can say of a take; the take is named where its shot has a later one."""
    project, shot, number = take.slate.project, take.slate.shot, take.slate.number
    is_last = all(other.slate.number <= number for other in on_hand.of_shot(project, shot))
    return BLOCKED_WHY[take.state].format(project=project, shot=shot if is_last else take.slate.name)


def _new(equal: Sequence[Take], on_hand: TakesOnHand, project: str, shot: Shot) -> _Choice:
    if any(take.slate.project == project for take in equal):
        return _Choice(Decision.SHOOT, "its take is written off, by your word")
    is_known = bool(on_hand.of_shot(project, shot.id))
    return _Choice(Decision.SHOOT, "its prompt or its settings changed" if is_known else "new")


def _own_first(takes: Iterable[Take], project: str) -> list[Take]:
    return sorted(takes, key=lambda take: take.slate.project != project)


def _next_slate(on_hand: TakesOnHand, project: str, shot: Shot) -> Slate:
    numbers = [take.slate.number for take in on_hand.of_shot(project, shot.id)]
    return Slate(project=project, shot=shot.id, number=max(numbers, default=0) + 1)


class _Grants:
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
