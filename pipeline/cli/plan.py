"""`storyreel plan`: what a render would shoot, and cost."""

from __future__ import annotations

from pipeline.cli.options import AsJson, BaseUrl, Live, ProjectName, Speed, Var, job_of
from pipeline.cli.printing import print_json, print_plan, print_warnings


def command(
    project: ProjectName,
    live: Live = False,
    base_url: BaseUrl = None,
    speed: Speed = None,
    var: Var = None,
    as_json: AsJson = False,
) -> None:
    """Say what a render would shoot, what it would reuse and why, and what it would cost; sends nothing."""
    from pipeline.app import plan_project

    compiled, plan = plan_project(job_of(project, live=live, base_url=base_url, speed=speed, var=var))
    print_warnings(compiled.warnings)
    if as_json:
        print_json({**plan.model_dump(mode="json"), "credits": plan.credits})
    else:
        print_plan(plan)
