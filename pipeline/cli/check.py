"""`storyreel check`: compile a storyboard and say what is wrong with it."""

from __future__ import annotations

import typer

from pipeline.cli.options import AsJson, ProjectName, Var
from pipeline.cli.printing import print_json


def command(project: ProjectName, var: Var = None, as_json: AsJson = False) -> None:
    """Compile the storyboard and list what is wrong with it; sends nothing."""
    from pipeline.app import compile_project
    from pipeline.cli.options import job_of
    from pipeline.errors import StoryboardError

    try:
        storyboard = compile_project(job_of(project, var=var))
    except StoryboardError as error:
        if as_json:
            print_json({"findings": [finding.model_dump(mode="json") for finding in error.findings]})
        raise
    if as_json:
        print_json({"findings": []})
        return
    typer.echo(
        f"{storyboard.title}: {len(storyboard.shots)} shots, {len(storyboard.items)} clips. No findings.", err=True
    )
