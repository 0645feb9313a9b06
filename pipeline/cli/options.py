"""The options that commands share, and the Assignment they make."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
import typer.core

if TYPE_CHECKING:
    from pipeline.app.assignment import Assignment
    from pipeline.model.capabilities import Capabilities
    from pipeline.project import Workspace

ProjectName = Annotated[str, typer.Argument(metavar="PROJECT", help="Name of a folder in projects/.")]
ShotName = Annotated[str, typer.Argument(metavar="SHOT", help="The shot's id, as storyreel status shows it.")]
Live = Annotated[bool, typer.Option("--live", help="Use the vendor's API and real credits (NANOPHOTO_API_KEY).")]
BaseUrl = Annotated[str | None, typer.Option("--base-url", metavar="URL", help="A sandbox that already runs here.")]
Speed = Annotated[float | None, typer.Option("--speed", metavar="X", help="How fast that sandbox's clock runs.")]
Var = Annotated[list[str] | None, typer.Option("--var", metavar="NAME=VALUE", help="Set a variable; may be repeated.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]
Select = Annotated[
    list[str] | None,
    typer.Option("--select", metavar="SELECTOR…", help="Only these: scene:beach shot:run.* state:stale kind:text"),
]
Exclude = Annotated[list[str] | None, typer.Option("--exclude", metavar="SELECTOR…", help="All but these.")]
MaxCredits = Annotated[
    int | None,
    typer.Option("--max-credits", min=0, help="The most this project may cost, with what is spent; exit 4 beyond it."),
]

PayAgain = Annotated[
    int | None, typer.Option("--pay-again-credits", min=0, help="Shoot doubtful takes anew up to this.")
]
Reshoot = Annotated[
    int | None, typer.Option("--reshoot-failed", min=0, max=5, help="Shoot failed shots so often anew.")
]

SPREADING: Final = ("--select", "--exclude")
"""Options that take several words, as in `--select scene:beach shot:run.*`: every word with a colon in it."""


class Command(typer.core.TyperCommand):
    """A command whose selectors may follow one another."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, list(spread(args)))


def spread(words: list[str]) -> Iterator[str]:
    """`--select a:b c:d` as `--select a:b --select c:d`."""
    option, is_first = "", False
    for word in words:
        if word in SPREADING:
            option, is_first = word, True
        elif is_first:
            is_first = False
        elif option and ":" in word and not word.startswith("-"):
            yield option
        else:
            option = ""
        yield word


def assignment_of(
    project: str,
    *,
    live: bool = False,
    base_url: str | None = None,
    speed: float | None = None,
    var: list[str] | None = None,
    budget: dict[str, int | None] | None = None,
    select: list[str] | None = None,
    exclude: list[str] | None = None,
    agreed_path: Path | None = None,
    asks_vendor: bool = True,
) -> Assignment:
    """What the options and the environment come to.

    Args:
        asks_vendor: without it, what is live is looked at without a key.

    Raises:
        UsageError: they do not go together, or lack something.
    """
    from pipeline import settings
    from pipeline.access import UNASKED, choose_access
    from pipeline.app.assignment import Assignment
    from pipeline.errors import UsageError
    from pipeline.mandate import Mandate, read_agreed_plan
    from pipeline.model.capabilities import Capabilities
    from pipeline.planner.selection import Selection
    from pipeline.project import World, current_folder, find_workspace

    if agreed_path and (select or exclude):
        raise UsageError("--plan holds the selection that it was made with: leave --select and --exclude out.")
    here = settings.read()
    workspace = find_workspace(current_folder(), here.home)
    is_unasked = live and not asks_vendor and base_url is None and speed is None
    access = UNASKED if is_unasked else choose_access(here, live=live, base_url=base_url, speed=speed)
    paths = workspace.project(project)
    set_anew = {name: number for name, number in (budget or {}).items() if number is not None}
    return Assignment(
        settings=here,
        workspace=workspace,
        project=paths,
        access=access,
        variables=dict(_split(each) for each in var or ()),
        budget=set_anew,
        mandate=Mandate(
            selection=Selection(tuple(select or ()), tuple(exclude or ())),
            agreed=read_agreed_plan(agreed_path, project=paths.name, world=access.world) if agreed_path else None,
            agreed_path=agreed_path,
            is_capped="max_credits" in set_anew,
        ),
        vendor=_known_of_vendor(workspace) if access.world is World.LIVE else Capabilities(),
    )


def _known_of_vendor(workspace: Workspace) -> Capabilities:
    """What `storyreel.yaml` says of the vendor beyond the vendor's own page. Raises UsageError."""
    from pipeline.publish.settings import read_workspace_file

    return read_workspace_file(workspace.settings_path).vendor


def _split(assignment: str) -> tuple[str, str]:
    from pipeline.errors import UsageError

    name, equals, value = assignment.partition("=")
    if not equals or not name.strip():
        raise UsageError(f'--var takes NAME=VALUE, not "{assignment}".')
    return name.strip(), value
