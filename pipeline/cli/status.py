"""`storyreel status`: where each shot stands; without a project, where each project stands."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from pipeline.cli.options import AsJson, BaseUrl, Live, Speed, Var, assignment_of
from pipeline.cli.printing import counted, print_json, print_table, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.app.assignment import Assignment
    from pipeline.app.status import ProjectLine, ShotStatus, Status
    from pipeline.planner.account import Account

MaybeProject = Annotated[str, typer.Argument(metavar="PROJECT", help="A folder in projects/; none: all of them.")]

NONE: Final = "-"


def command(
    project: MaybeProject = "",
    live: Live = False,
    base_url: BaseUrl = None,
    speed: Speed = None,
    var: Var = None,
    as_json: AsJson = False,
) -> None:
    """Say where each shot of a project stands and what it cost; without a project, where every project stands."""
    from pipeline.app.status import project_status

    def assign(name: str) -> Assignment:
        return assignment_of(name, live=live, base_url=base_url, speed=speed, var=var, asks_vendor=False)

    if project:
        status = project_status(assign(project))
        if as_json:
            _print_json_of(status)
        else:
            _print_project(status)
    else:
        _print_workspace(assign, live=live, as_json=as_json)


def _print_project(status: Status) -> None:
    rows = [(shot.shot, _state(shot), _slate(shot), _takes(shot), shot.why) for shot in status.shots]
    print_table(("shot", "state", "take", "takes", "what comes next"), rows)
    cap = f" of {status.plan.cap}" if status.plan.cap is not None else ""
    say(f"{_told(status.account, cap)}. {_films(status)}.")


def _films(status: Status) -> str:
    if len(status.films) == 1:
        return "The film is there" if status.films_there else "The film is not there yet"
    return f"{status.films_there} of {counted(len(status.films), 'film')} are there"


def _state(shot: ShotStatus) -> str:
    return shot.take.state.told if shot.take else NONE


def _slate(shot: ShotStatus) -> str:
    return str(shot.take.slate) if shot.take else NONE


def _takes(shot: ShotStatus) -> str:
    return f"{shot.takes}, circled" if shot.is_circled else str(shot.takes)


def _told(account: Account, cap: str = "") -> str:
    """Only what there is, but always what was spent."""
    more = (
        f"{number} {word}"
        for number, word in (
            (account.refunded, "refunded"),
            (account.in_doubt, "in doubt"),
            (account.saved, "saved by reuse"),
        )
        if number
    )
    return ", ".join((f"{account.spent}{cap} credits spent", *more))


def _print_json_of(status: Status) -> None:
    shots = [_as_json(shot) for shot in status.shots]
    sums = {"credits": asdict(status.account), "credits_spent": status.account.spent, "cap": status.plan.cap}
    film = next((str(film.sha256) for film in status.films.values() if film), None) if len(status.films) == 1 else None
    print_json({"project": status.plan.project, "world": status.plan.world, "shots": shots, **sums, "film": film})


def _as_json(row: ShotStatus) -> dict[str, Any]:
    take = row.take
    return {
        "shot": row.shot,
        "slate": str(take.slate) if take else None,
        "take": take.slate.number if take else None,
        "takes": row.takes,
        "is_circled": row.is_circled,
        "state": take.state if take else None,
        "sent_id": take.sent_id if take else None,
        "task_id": take.task_id if take else None,
        "credits": take.credits if take else 0,
        "trouble": take.trouble if take else None,
        "why": row.why,
    }


def _print_workspace(assign: Callable[[str], Assignment], *, live: bool, as_json: bool) -> None:
    from pipeline import settings
    from pipeline.app.status import workspace_status
    from pipeline.planner.account import Account
    from pipeline.project import World, current_folder, find_workspace

    world = World.LIVE if live else World.SANDBOX
    workspace = find_workspace(current_folder(), settings.read().home)
    lines = workspace_status(workspace.project_names(), assign, workspace.store(world))
    in_all = sum((line.account for line in lines), Account())
    if as_json:
        projects = [_line_as_json(line) for line in lines]
        print_json({"world": world, "projects": projects, "credits": asdict(in_all)})
        return
    head = ("project", "shots", "spent", "refunded", "in doubt", "saved", "cap", "film")
    whole = ("in all", "", *map(str, _columns(in_all)), "", "")
    print_table(head, [*map(_line, lines), whole])


def _columns(account: Account) -> tuple[int, int, int, int]:
    return account.spent, account.refunded, account.in_doubt, account.saved


def _line(line: ProjectLine) -> tuple[str, ...]:
    sums = tuple(map(str, _columns(line.account)))
    if line.status is None:
        return (line.name, NONE, *sums, NONE, line.trouble)
    shots, cap = line.status.shots, line.status.plan.cap
    landed = sum(shot.has_clip for shot in shots)
    there, in_all = line.status.films_there, len(line.status.films)
    film = ("there" if there else "not yet") if in_all == 1 else f"{there} of {in_all}"
    return (line.name, f"{landed} of {len(shots)}", *sums, NONE if cap is None else str(cap), film)


def _line_as_json(line: ProjectLine) -> dict[str, Any]:
    status = line.status
    return {
        "project": line.name,
        "trouble": line.trouble or None,
        "shots": len(status.shots) if status else None,
        "landed": sum(shot.has_clip for shot in status.shots) if status else None,
        "credits": asdict(line.account),
        "cap": status.plan.cap if status else None,
        "has_film": status.films_there == len(status.films) if status else None,
    }
