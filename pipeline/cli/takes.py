"""`storyreel takes`: all takes of a project, and where to find their clips."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from pipeline.cli.options import AsJson, BaseUrl, Live, ProjectName, Speed, Var, assignment_of
from pipeline.cli.printing import print_json, print_table, seen_from_here
from pipeline.errors import UsageError
from pipeline.model.take import State

if TYPE_CHECKING:
    from pipeline.app.takes import TakeLine

MaybeShot = Annotated[str, typer.Argument(metavar="SHOT", help="Of this shot alone.")]

HEAD: Final = ("take", "state", "in the film", "credits", "note", "when (UTC)", "clip")


def command(
    project: ProjectName,
    shot: MaybeShot = "",
    live: Live = False,
    base_url: BaseUrl = None,
    speed: Speed = None,
    var: Var = None,
    as_json: AsJson = False,
) -> None:
    """List all takes with where their clips lie: which one the film uses, what each cost, what became of it."""
    from pipeline.app.takes import take_lines

    assigned = assignment_of(project, live=live, base_url=base_url, speed=speed, var=var, asks_vendor=False)
    lines = take_lines(assigned)
    if shot and not (lines := tuple(line for line in lines if line.shot == shot)):
        raise UsageError(f'{assigned.project.name} has no take of a shot "{shot}".')
    paths = {line.clip: assigned.store.take_path(line.clip) for line in lines if line.clip}
    if as_json:
        print_json([_as_json(line, paths) for line in lines])
        return
    rows = [_row(line, assigned.project.name, paths) for line in lines if line.take.state is not State.WITHDRAWN]
    print_table(HEAD, rows)


def _row(line: TakeLine, project: str, paths: dict[Any, Path]) -> tuple[str, ...]:
    take = line.take
    is_own = take.slate.project == project
    return (
        take.slate.name if is_own else str(take.slate),
        take.state.told,
        _use(line),
        _credits(line) if is_own else "0",
        f'"{take.note}"' if take.note else "",
        f"{take.since:%Y-%m-%d %H:%M}",
        seen_from_here(paths[line.clip]) if line.clip else take.trouble or "",
    )


def _use(line: TakeLine) -> str:
    words = (
        ("yes", line.is_in_film),
        ("circled", line.is_circled),
        ("stale", line.is_stale),
        ("retake asked for", line.is_asked_for),
    )
    return ", ".join(word for word, is_so in words if is_so)


def _credits(line: TakeLine) -> str:
    return f"{line.charged} back" if line.is_refunded else str(line.charged)


def _as_json(line: TakeLine, paths: dict[Any, Path]) -> dict[str, Any]:
    take = line.take
    return {
        "shot": line.shot,
        "slate": str(take.slate),
        "state": take.state,
        "is_in_film": line.is_in_film,
        "is_circled": line.is_circled,
        "is_stale": line.is_stale,
        "is_retake": take.is_retake,
        "note": take.note,
        "credits": line.charged,
        "is_refunded": line.is_refunded,
        "since": take.since.isoformat(),
        "prompt": take.request.prompt,
        "trouble": take.trouble,
        "clip": str(paths[line.clip]) if line.clip else None,
    }
