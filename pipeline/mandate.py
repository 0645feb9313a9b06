"""What one command lets a run pay for: the shots it selects, the plan it agrees to, the credits it allows.

Refuses before anything is sent. The project's own cap is another matter: the ledger holds it, request by request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import MoneyError, UsageError
from pipeline.model.plan import Decision, Plan
from pipeline.model.storyboard import Storyboard
from pipeline.planner.agreement import differences
from pipeline.planner.on_hand import TakesOnHand
from pipeline.planner.plan import plan_films
from pipeline.planner.selection import Selection, select
from pipeline.project import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """Nothing said is: all shots, whatever they cost.

    Attributes:
        agreed: a plan made before; what it does not hold is not paid.
        agreed_path: where it lies; for sentences.
        is_capped: the cap was set by this command, so that a plan beyond it is refused as a whole.
    """

    selection: Selection = field(default_factory=Selection)
    agreed: Plan | None = None
    agreed_path: Path | None = None
    is_capped: bool = False

    def only(self, films: Mapping[str, Storyboard], on_hand: TakesOnHand) -> frozenset[str] | None:
        """The shots that may be paid for; None for all. Raises UsageError for a selector that means nothing."""
        if self.selection:
            return select(self.selection, films, plan_films(films, on_hand), on_hand.takes)
        if self.agreed and self.agreed.decided(Decision.SKIP):
            return frozenset(row.shot for row in self.agreed.shots if row.decision is not Decision.SKIP)
        return None

    def check(self, plan: Plan) -> None:
        """Raises MoneyError if `plan` goes beyond it."""
        if self.is_capped and plan.credits_over_cap:
            raise MoneyError(
                f"the plan costs up to {plan.credits} credits, {plan.credits_spent} are spent or in play, and "
                f"the cap, max_credits, is {plan.cap}. Nothing was sent. Allow more, or choose shots with --select."
            )
        if self.agreed and (told := differences(self.agreed, plan)):
            listed = "".join(f"\n  {sentence}" for sentence in told)
            raise MoneyError(
                f"the plan {self.agreed_path} does not hold any more; nothing was sent:{listed}\n"
                f"Make it anew: storyreel plan {plan.project}{plan.world.option} --out {self.agreed_path}"
            )

    def bounded(self, plan: Plan) -> Plan:
        """The plan with the cap of the run: where one was agreed to, not even a grant goes beyond its sum."""
        if self.agreed is None:
            return plan
        agreed = self.agreed.credits_in_all
        return plan.model_copy(update={"cap": agreed if plan.cap is None else min(agreed, plan.cap)})


def read_agreed_plan(path: Path, *, project: str, world: World) -> Plan:
    """The plan at `path`. Raises UsageError if it cannot be read or is of another project or world."""
    try:
        agreed = Plan.from_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the plan {path} cannot be read: {error}.") from error
    if agreed.project != project:
        raise UsageError(f"{path} is a plan of {agreed.project}, not of {project}.")
    if agreed.world != world:
        raise UsageError(
            f"{path} is no plan for {world} credits. Make one: storyreel plan {project}{world.option} --out {path}"
        )
    return agreed
