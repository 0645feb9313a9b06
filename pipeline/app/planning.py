"""What a render would do and cost, and where a project stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.app.assignment import Assignment
from pipeline.app.compiling import check_project, compile_project
from pipeline.app.doors import look_on_hand, open_ledger
from pipeline.compiler import Compiled
from pipeline.host import write_whole
from pipeline.model.delivery import Film
from pipeline.model.plan import Plan
from pipeline.model.storyboard import Storyboard
from pipeline.model.take import CHARGED, State, Take
from pipeline.planner.plan import plan_film
from pipeline.production import delivered_film


def plan_project(assigned: Assignment) -> tuple[Compiled, Plan]:
    """What a render would do now, and cost; what it would refuse is refused. Changes nothing but `build/`."""
    compiled = check_project(assigned)
    return compiled, _plan(assigned, compiled.storyboard)


def _plan(assigned: Assignment, storyboard: Storyboard) -> Plan:
    with open_ledger(assigned.store) as ledger:
        on_hand = look_on_hand(assigned, ledger)
        plan = plan_film(storyboard, on_hand, only=assigned.mandate.only(storyboard, on_hand))
    write_whole(assigned.project.plan_path, plan.to_json().encode())
    return plan


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotStatus:
    """Where one shot stands: its take of the plan, or the last one."""

    shot: str
    take: Take | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Where a project stands; `takes` are all it ever had."""

    shots: tuple[ShotStatus, ...]
    takes: tuple[Take, ...]
    film: Film | None


def project_status(assigned: Assignment) -> Status:
    """Where each shot of the storyboard stands, and the film if there is one."""
    plan = _plan(assigned, compile_project(assigned).storyboard)
    with open_ledger(assigned.store) as ledger:
        takes = {str(take.slate): take for take in ledger.takes()}
    return Status(
        shots=tuple(ShotStatus(shot=row.shot, take=takes.get(row.film_slate), why=row.why) for row in plan.shots),
        takes=tuple(take for take in takes.values() if take.slate.project == assigned.project.name),
        film=delivered_film(assigned.project, None),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Credits of one project's takes."""

    spent: int
    in_doubt: int


def account_of(takes: Sequence[Take]) -> Account:
    """Spent counts what was charged and not refunded, whatever became of the clip."""
    in_doubt = sum(take.credits for take in takes if take.state is State.UNKNOWN)
    spent = sum(take.credits for take in takes if take.state in CHARGED - {State.ARMED, State.SENDING, State.UNKNOWN})
    return Account(spent=spent, in_doubt=in_doubt)
