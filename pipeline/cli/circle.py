"""`storyreel circle`: which take of a shot the film uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import AsJson, BaseUrl, Live, ProjectName, ShotName, Speed, Var, assignment_of
from pipeline.cli.printing import print_json, say
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.app.circling import Circling
    from pipeline.model.circle import Circle

TakeName = Annotated[str, typer.Argument(metavar="TAKE", help="tk02 or 2; of another shot in full: film/run/tk02.")]
Release = Annotated[bool, typer.Option("--release", help="Let go of what is circled.")]


def command(
    project: ProjectName,
    shot: ShotName,
    take: TakeName = "",
    release: Release = False,
    live: Live = False,
    base_url: BaseUrl = None,
    speed: Speed = None,
    var: Var = None,
    as_json: AsJson = False,
) -> None:
    """Choose the take of a shot for the film, whatever its prompt says from now on; kept in takes.lock."""
    from pipeline.app.circling import circle_take, release_take

    if bool(take) == release:
        raise UsageError("name a take to circle it, or pass --release to let go of the one that is.")
    assigned = assignment_of(project, live=live, base_url=base_url, speed=speed, var=var, asks_vendor=False)
    circling = release_take(assigned, shot) if release else circle_take(assigned, shot, take)
    if as_json:
        print_json({"shot": shot, "before": _slate(circling.before), "circled": _slate(circling.now)})
        return
    say(_told(circling, shot))
    render = f"storyreel render {assigned.project.name}{assigned.access.world.option}"
    if release:
        say(f"{render} uses the newest take of what the storyboard asks for, and shoots one if there is none.")
    elif circling.before != circling.now:
        say(f"{render} cuts the film with it, for nothing.")


def _slate(circle: Circle | None) -> str | None:
    return str(circle.slate) if circle else None


def _told(circling: Circling, shot: str) -> str:
    before, now = circling
    if now is None:
        return f"{shot}: {_slate(before)} is not circled any more."
    if before == now:
        return f"{shot}: {now.slate} was circled already."
    return f"{shot}: {now.slate} is circled{f', and {before.slate} no longer' if before else ''}."
