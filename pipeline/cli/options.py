"""The options that commands share, and the Job they make."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipeline.app import Job

ProjectName = Annotated[str, typer.Argument(metavar="PROJECT", help="Name of a folder in projects/.")]
Live = Annotated[bool, typer.Option("--live", help="Use the vendor's API and real credits (NANOPHOTO_API_KEY).")]
BaseUrl = Annotated[str | None, typer.Option("--base-url", metavar="URL", help="A sandbox that already runs here.")]
Speed = Annotated[float | None, typer.Option("--speed", metavar="X", help="How fast that sandbox's clock runs.")]
Var = Annotated[list[str] | None, typer.Option("--var", metavar="NAME=VALUE", help="Set a variable; may be repeated.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]


def job_of(
    project: str,
    *,
    live: bool = False,
    base_url: str | None = None,
    speed: float | None = None,
    var: list[str] | None = None,
    budget: dict[str, int | None] | None = None,
) -> Job:
    """What the options and the environment come to. Raises UsageError."""
    from pipeline import settings
    from pipeline.access import choose_access
    from pipeline.app import Job
    from pipeline.project import find_workspace

    here = settings.read()
    workspace = find_workspace(Path.cwd(), here.home)
    return Job(
        settings=here,
        workspace=workspace,
        project=workspace.project(project),
        access=choose_access(here, live=live, base_url=base_url, speed=speed),
        variables=dict(_split(each) for each in var or ()),
        budget={name: number for name, number in (budget or {}).items() if number is not None},
    )


def _split(assignment: str) -> tuple[str, str]:
    from pipeline.errors import UsageError

    name, equals, value = assignment.partition("=")
    if not equals or not name.strip():
        raise UsageError(f'--var takes NAME=VALUE, not "{assignment}".')
    return name.strip(), value
