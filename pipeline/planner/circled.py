"""What becomes of a shot whose take the author has circled: it is used, whatever the prompt says by now. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pipeline.model.circle import Circle
from pipeline.model.plan import Decision, Plan
from pipeline.model.take import State, Take
from pipeline.planner.decide import BLOCKED_WHY, GONE_WHY, RESUMED_WHY, Choice, way_out
from pipeline.planner.on_hand import ON_ITS_WAY, Asking, TakesOnHand

HERE: Final = "its circled take is here"


def decide_circled(circle: Circle, take: Take | None, changed: str, asking: Asking, on_hand: TakesOnHand) -> Choice:
    """REUSE, RESUME or BLOCKED; never paid.

    Args:
        take: the circled one, None if no ledger here knows its clip.
        changed: what the storyboard asks for else by now; empty if nothing.
    """
    release = f"storyreel circle {asking.project} {asking.shot} --release{on_hand.world.option}"
    if take is None:
        why = (
            f"the clip that is circled, of {circle.slate}, is not in this store: bring .storyreel/{on_hand.world} from "
            f"the machine that has it; or do without: {release}"
        )
        return Choice(Decision.BLOCKED, why, circle.slate)
    if on_hand.is_here(take):
        stale = f"stale, still circled ({changed}); to shoot it anew: {release}"
        return Choice(Decision.REUSE, stale if changed else HERE, take.slate)
    if take.state is State.VERIFIED:
        return Choice(Decision.RESUME, GONE_WHY, take.slate)
    if take.state in ON_ITS_WAY:
        return Choice(Decision.RESUME, RESUMED_WHY.get(take.state, f"its take is {take.state}"), take.slate)
    open_word = f"{way_out(take, on_hand)}; " if take.state in BLOCKED_WHY else ""
    why = f"the take that is circled, {take.slate}, is {take.state.told}; {open_word}or do without: {release}"
    return Choice(Decision.BLOCKED, why, take.slate)


def beside(circled: Take, choice: Choice | None, newest: Take | None, asking: Asking, on_hand: TakesOnHand) -> str:
    """A clause on what there is of a shot beside its circled take; empty if nothing.

    Args:
        choice: what becomes of a retake that has not landed.
        newest: the newest take of the shot that has landed, of what the storyboard asks for.
    """
    keeps = f"the film keeps {circled.slate.name}, which is circled"
    if choice and choice.decision is Decision.BLOCKED and choice.slate:
        return f"{choice.slate.name} is open: {choice.why}"
    if choice:
        return keeps
    if newest and newest.slate.number > circled.slate.number and asking.is_own(circled):
        take = f"storyreel circle {asking.project} {asking.shot} {newest.slate.take}{on_hand.world.option}"
        return f"{newest.slate.name} is newer; to use it: {take}"
    return ""


def find_take(named: str, project: str, shot: str, on_hand: TakesOnHand) -> Take | None:
    """The take that somebody calls `tk02`, `2`, `shot/tk02` or `project/shot/tk02`; None if there is no such take."""
    *where, number = named.strip().split("/")
    digits = number.removeprefix("tk")
    if len(where) > 2 or not (digits.isascii() and digits.isdigit()):
        return None
    project_named, shot_named = [project, shot][: 2 - len(where)] + where
    taken = on_hand.of_shot(project_named, shot_named)
    wanted = digits.lstrip("0")  # compared as text: Python makes no number of 5,000 digits
    return next((take for take in taken if str(take.slate.number) == wanted), None)


def kept_circled(plan: Plan, landed: Iterable[Take]) -> Iterator[str]:
    """A sentence for each shot whose circled take the film keeps, though one of `landed` is another take of it."""
    circled = {(plan.project, row.shot): row.circled for row in plan.shots if row.circled}
    for take in landed:
        kept = circled.get((take.slate.project, take.slate.shot))
        if take.state is State.VERIFIED and kept and kept != str(take.slate):
            use = f"storyreel circle {plan.project} {take.slate.shot} {take.slate.take}{plan.world.option}"
            yield f"{take.slate.shot}: the film keeps {kept}, which is circled. To use {take.slate.take}: {use}"
