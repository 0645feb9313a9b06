"""What a render would do and cost."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.app.assignment import Assignment
from pipeline.app.compiling import check_project
from pipeline.app.doors import look_on_hand, open_ledger
from pipeline.compiler import Compiled
from pipeline.host import write_whole
from pipeline.model.plan import Plan
from pipeline.model.storyboard import Storyboard
from pipeline.planner.plan import plan_films


def plan_project(assigned: Assignment) -> tuple[Compiled, Plan]:
    """What a render would do now, and cost; what it would refuse is refused. Changes nothing but `build/`."""
    compiled = check_project(assigned)
    return compiled, plan_now(assigned, {assigned.project.episode: compiled.storyboard})


def plan_now(assigned: Assignment, films: Mapping[str, Storyboard]) -> Plan:
    """The plan of the films of a project, kept as `build/plan.json`."""
    with open_ledger(assigned.store) as ledger:
        on_hand = look_on_hand(assigned, ledger)
        plan = plan_films(films, on_hand, only=assigned.mandate.only(films, on_hand))
    write_whole(assigned.project.plan_path, plan.to_json().encode())
    return plan
