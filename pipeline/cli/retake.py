"""`storyreel retake`: another take of a shot that has its clip."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.options import AsJson, BaseUrl, Live, ProjectName, ShotName, Speed, Var, assignment_of
from pipeline.cli.printing import print_json, say

Note = Annotated[str, typer.Option("--note", metavar="WORDS", help='Added to its prompt, such as "slower".')]
Withdraw = Annotated[bool, typer.Option("--withdraw", help="Take it back, as long as nothing was sent.")]


def command(
    project: ProjectName,
    shot: ShotName,
    note: Note = "",
    withdraw: Withdraw = False,
    live: Live = False,
    base_url: BaseUrl = None,
    speed: Speed = None,
    var: Var = None,
    as_json: AsJson = False,
) -> None:
    """Ask for another take of a shot, which the next render shoots; asking costs nothing."""
    from pipeline.app.retaking import ask_for_retake, withdraw_retake

    assigned = assignment_of(project, live=live, base_url=base_url, speed=speed, var=var, asks_vendor=False)
    note = " ".join(note.split())
    takes = withdraw_retake(assigned, shot) if withdraw else (ask_for_retake(assigned, shot, note),)
    if as_json:
        print_json([{"slate": str(take.slate), "state": take.state, "credits": take.credits} for take in takes])
        return
    for take in takes:
        if withdraw:
            say(f"{take.slate} is withdrawn; nothing was sent.")
        else:
            option = assigned.access.world.option
            say(
                f"{take.slate} is asked for, and nothing sent yet. storyreel render {assigned.project.name}{option} "
                f"shoots it for {take.credits} credits; --withdraw takes it back."
            )
