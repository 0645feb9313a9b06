"""`storyreel resolve`: your word on a take that cannot go on by itself."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.options import AsJson, BaseUrl, Live, ProjectName, Speed, assignment_of
from pipeline.cli.printing import counted, print_json, say

if TYPE_CHECKING:
    from pipeline.app.assignment import Assignment
    from pipeline.shoot.resolve import Case, Word

MaybeShot = Annotated[str, typer.Argument(metavar="SHOT", help="Or SHOT/tkNN; none: all that wait for your word.")]
Adopt = Annotated[str | None, typer.Option("--adopt", metavar="TASK_ID", help="The task is there: go on with it.")]
NotCharged = Annotated[bool, typer.Option("--not-charged", help="Nothing was charged: the next render shoots it.")]
PayAgain = Annotated[bool, typer.Option("--pay-again", help="Shoot it anew, whatever became of this take.")]
Abandon = Annotated[bool, typer.Option("--abandon", help="Give the take up, and the shot with it.")]
Revive = Annotated[bool, typer.Option("--revive", help="Ask for a lost or damaged clip once more; costs nothing.")]


def command(
    project: ProjectName,
    shot: MaybeShot = "",
    adopt: Adopt = None,
    not_charged: NotCharged = False,
    pay_again: PayAgain = False,
    abandon: Abandon = False,
    revive: Revive = False,
    live: Live = False,
    base_url: BaseUrl = None,
    speed: Speed = None,
    as_json: AsJson = False,
) -> None:
    """Say what became of a take in doubt; without an answer, explain what happened and what each answer means."""
    from pipeline.app.resolving import open_cases, resolve_take
    from pipeline.errors import UsageError
    from pipeline.shoot.resolve import Word

    given = {
        Word.ADOPT: adopt is not None,
        Word.NOT_CHARGED: not_charged,
        Word.PAY_AGAIN: pay_again,
        Word.ABANDON: abandon,
        Word.REVIVE: revive,
    }
    word = _one_of(given)
    if word and not shot:
        raise UsageError(f"--{word} of which shot? storyreel resolve {project} lists those that wait for your word.")
    assigned = assignment_of(project, live=live, base_url=base_url, speed=speed, asks_vendor=False)
    if not shot:
        _tell_all(open_cases(assigned), assigned, as_json=as_json)
        return
    case = resolve_take(assigned, shot, word, adopt)
    if as_json:
        print_json(_as_json(case, assigned))
    else:
        _tell(case, assigned, has_answered=word is not None)


def _one_of(given: dict[Word, bool]) -> Word | None:
    from pipeline.errors import UsageError

    words = [word for word, is_given in given.items() if is_given]
    if len(words) > 1:
        raise UsageError(f"one answer, please, not {' and '.join(f'--{word}' for word in words)}.")
    return words[0] if words else None


def _tell_all(cases: tuple[Case, ...], assigned: Assignment, *, as_json: bool) -> None:
    if as_json:
        print_json([_as_json(case, assigned) for case in cases])
        return
    waits = "waits" if len(cases) < 2 else "wait"
    say(f"{counted(len(cases), 'take') if cases else 'Nothing'} of {assigned.project.name} {waits} for your word.")
    for case in cases:
        say("")
        _tell(case, assigned, has_answered=False)


def _tell(case: Case, assigned: Assignment, *, has_answered: bool) -> None:
    from pipeline.cli.case_told import afterwards, told

    world = assigned.access.world
    is_embedded = assigned.access.base_url is None
    state_dir = Path(os.path.relpath(assigned.store.server_dir)) if is_embedded else None
    for line in [afterwards(case, world)] if has_answered else told(case, world=world, state_dir=state_dir):
        say(line)


def _as_json(case: Case, assigned: Assignment) -> dict[str, Any]:
    from pipeline.cli.case_told import answers

    take = case.take
    return {
        "slate": str(take.slate),
        "state": take.state,
        "task_id": take.task_id,
        "sent_id": take.sent_id,
        "sent_at": case.sent_at.isoformat() if case.sent_at else None,
        "trouble": take.trouble,
        "credits": take.credits,
        "credits_in_doubt": case.credits_in_doubt,
        "answer": case.answer.body if case.answer else None,
        "task_id_found": case.task_id,
        "answers": [
            {"command": command, "means": meaning} for command, meaning in answers(case, assigned.access.world)
        ],
    }
