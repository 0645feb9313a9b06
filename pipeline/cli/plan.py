"""`storyreel plan`: what a render would shoot, and cost."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import (
    AsJson,
    BaseUrl,
    Exclude,
    Live,
    MaxCredits,
    PayAgain,
    ProjectName,
    Reshoot,
    Select,
    Speed,
    Var,
    assignment_of,
)
from pipeline.cli.printing import print_findings, print_json, say

Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Keep the plan; render --plan FILE holds to it.")
]


def command(
    project: ProjectName,
    live: Live = False,
    base_url: BaseUrl = None,
    speed: Speed = None,
    var: Var = None,
    select: Select = None,
    exclude: Exclude = None,
    max_credits: MaxCredits = None,
    pay_again_credits: PayAgain = None,
    reshoot_failed: Reshoot = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Say what a render would shoot, what it would reuse and why, and what it would cost; sends nothing."""
    from pipeline.app.planning import plan_project
    from pipeline.cli.plan_table import print_plan
    from pipeline.host import write_whole

    grants = {"pay_again_credits": pay_again_credits, "reshoot_failed": reshoot_failed}
    assigned = assignment_of(
        project,
        live=live,
        base_url=base_url,
        speed=speed,
        var=var,
        budget={"max_credits": max_credits, **grants},
        select=select,
        exclude=exclude,
    )
    compiled, plan = plan_project(assigned)
    print_findings(compiled.warnings)
    if as_json:
        sums = {"credits": plan.credits, "credits_now": plan.credits_now, "credits_over_cap": plan.credits_over_cap}
        print_json({**plan.model_dump(mode="json"), **sums})
    else:
        print_plan(plan)
    assigned.mandate.check(plan)
    if out:
        write_whole(out, plan.to_json().encode())
        run = f"storyreel render {assigned.project.name}{plan.world.option} --plan {out}"
        say(f"Kept in {out}. To hold a run to it: {run}", err=True)
