"""`storyreel render`: a project to a film."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from pipeline.cli.printing import ask_yes, print_json, say, seen_from_here

if TYPE_CHECKING:
    from pipeline.access import Access
    from pipeline.cutting import Made
    from pipeline.errors import StoryboardError
    from pipeline.model.plan import Plan
    from pipeline.production import Unfinished

AgreedPlan = Annotated[
    Path | None,
    typer.Option("--plan", metavar="FILE", help="Hold to this plan of plan --out; exit 4 if it is not as agreed."),
]
Yes = Annotated[bool, typer.Option("--yes", help="With --live: spend the planned credits without asking.")]


def command(
    project: ProjectName,
    live: Live = False,
    base_url: BaseUrl = None,
    speed: Speed = None,
    var: Var = None,
    select: Select = None,
    exclude: Exclude = None,
    agreed_plan: AgreedPlan = None,
    yes: Yes = False,
    max_credits: MaxCredits = None,
    pay_again_credits: PayAgain = None,
    reshoot_failed: Reshoot = None,
    as_json: AsJson = False,
) -> None:
    """Shoot what is missing and cut the film into projects/PROJECT/out/; what is there is not paid for again."""
    from pipeline.app.rendering import render_project
    from pipeline.cli.progress import watching
    from pipeline.errors import StoryboardError
    from pipeline.log import log_to
    from pipeline.production import Unfinished

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
        agreed_path=agreed_plan,
    )
    where = told_world(assigned.access)
    say(where, err=True)
    try:
        with log_to(assigned.store.log_path), watching(sys.stderr) as watcher:
            made = render_project(assigned, watcher, lambda plan: not live or yes or ask_to_spend(plan))
    except StoryboardError as error:
        if not asks_which_film(error):
            raise
        from pipeline.cli import series

        series.make(assigned, confirm=lambda plan: not live or yes or ask_to_spend(plan), as_json=as_json)
        return
    if isinstance(made, Unfinished):
        _tell_missing(made, as_json=as_json)
    elif as_json:
        beside = [{"film": str(each.paths.path), **each.film.model_dump(mode="json")} for each in made.beside]
        print_json({"film": str(made.paths.path), **made.film.model_dump(mode="json"), "beside": beside})
    else:
        for film in (made, *made.beside):
            say(told_film(film), err=True)
            say(seen_from_here(film.paths.path))
    say(where, err=True)


def asks_which_film(error: StoryboardError) -> bool:
    """Whether nothing is wrong but that the project has several films."""
    from pipeline.compiler.catalogue import Code

    return [finding.code for finding in error.findings] == [Code.WHICH_FILM]


def told_world(access: Access) -> str:
    if access.base_url is None:
        return "Sandbox: the clips are drawn on this machine, no credits are spent. --live shoots them for real."
    if access.world == "sandbox":
        return f"Sandbox at {access.base_url}: no credits are spent."
    return "Live: shots are bought from the vendor with real credits."


def ask_to_spend(plan: Plan) -> bool:
    from pipeline.cli.plan_table import print_plan

    print_plan(plan, err=True)
    if not sys.stdin.isatty():
        say("Nobody is here to confirm; pass --yes to spend them.", err=True)
        return False
    return ask_yes(f"Spend {plan.credits} credits?")


def _tell_missing(made: Unfinished, *, as_json: bool) -> None:
    if as_json:
        print_json({"film": None, "missing": made.missing})
    say(f"No film yet: {', '.join(made.missing)} still to be shot, and not selected.", err=True)


def told_film(made: Made) -> str:
    from pipeline.timecode import FRAME_RATE

    film, name = made.film, made.paths.path.name
    size = f"{film.width_px}×{film.height_px}, {float(film.frames / FRAME_RATE):.1f} s, {film.size_bytes / 1e6:.1f} MB"
    if not made.is_new:
        return f"{name} is up to date ({size}); nothing was encoded."
    return f"{name}: {size}, {film.frames_encoded} of {film.frames} frames encoded in this run."
