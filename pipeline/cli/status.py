"""`storyreel status`: where each shot stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.cli.options import AsJson, BaseUrl, Live, ProjectName, Speed, Var, assignment_of
from pipeline.cli.printing import print_json, print_table, say

if TYPE_CHECKING:
    from pipeline.app.planning import ShotStatus


def command(
    project: ProjectName,
    live: Live = False,
    base_url: BaseUrl = None,
    speed: Speed = None,
    var: Var = None,
    as_json: AsJson = False,
) -> None:
    """Say where each shot of the storyboard stands."""
    from pipeline.app.planning import account_of, project_status

    assigned = assignment_of(project, live=live, base_url=base_url, speed=speed, var=var)
    report = project_status(assigned)
    account = account_of(report.takes)
    if as_json:
        shots = [_as_json(row) for row in report.shots]
        print_json({"project": project, "world": assigned.access.world, "shots": shots, "credits_spent": account.spent})
        return
    rows = [
        (row.shot, row.take.state.told if row.take else "-", str(row.take.slate) if row.take else "-", row.why)
        for row in report.shots
    ]
    print_table(("shot", "state", "take", "what comes next"), rows)
    doubt = f", {account.in_doubt} in doubt" if account.in_doubt else ""
    film = "is there" if report.film else "is not there yet"
    say(f"{account.spent} credits spent{doubt}. The film {film}.")


def _as_json(row: ShotStatus) -> dict[str, Any]:
    take = row.take
    return {
        "shot": row.shot,
        "slate": str(take.slate) if take else None,
        "take": take.slate.number if take else None,
        "state": take.state if take else None,
        "sent_id": take.sent_id if take else None,
        "task_id": take.task_id if take else None,
        "credits": take.credits if take else 0,
        "trouble": take.trouble if take else None,
        "why": row.why,
    }
