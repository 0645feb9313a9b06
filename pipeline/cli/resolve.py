"""`storyreel resolve`: your word on a take that cannot go on by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import AsJson, BaseUrl, Live, ProjectName, Speed, assignment_of
from pipeline.cli.printing import print_json, say

if TYPE_CHECKING:
    from pipeline.model.take import Take
    from pipeline.shoot.resolve import Word

Adopt = Annotated[str | None, typer.Option("--adopt", metavar="TASK_ID", help="The task is there: go on with it.")]
NotCharged = Annotated[bool, typer.Option("--not-charged", help="Nothing was charged: the next render shoots it.")]
PayAgain = Annotated[bool, typer.Option("--pay-again", help="Shoot it anew, whatever became of this take.")]
Abandon = Annotated[bool, typer.Option("--abandon", help="Give the take up, and the shot with it.")]
Revive = Annotated[bool, typer.Option("--revive", help="Ask for a lost or damaged clip once more; costs nothing.")]


def command(
    project: ProjectName,
    shot: Annotated[str, typer.Argument(metavar="SHOT", help="The shot's id, as storyreel status shows it.")],
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
    from pipeline.app.resolving import resolve_take
    from pipeline.shoot.resolve import Word

    given = {
        Word.ADOPT: adopt is not None,
        Word.NOT_CHARGED: not_charged,
        Word.PAY_AGAIN: pay_again,
        Word.ABANDON: abandon,
        Word.REVIVE: revive,
    }
    assigned = assignment_of(project, live=live, base_url=base_url, speed=speed)
    take = resolve_take(assigned, shot, _one_of(given), adopt)
    if as_json:
        print_json({"slate": str(take.slate), "state": take.state, "task_id": take.task_id, "sent_id": take.sent_id})
    else:
        _explain(take)


def _one_of(given: dict[Word, bool]) -> Word | None:
    from pipeline.errors import UsageError

    words = [word for word, is_given in given.items() if is_given]
    if len(words) > 1:
        raise UsageError(f"one answer, please, not {' and '.join(f'--{word}' for word in words)}.")
    return words[0] if words else None


def _explain(take: Take) -> None:
    from pipeline.shoot.resolve import MEANING, Word, words_for

    trouble = f": {take.trouble}" if take.trouble else "."
    say(f"{take.slate} is {take.state.told}{trouble}")
    say(f"Since {take.since:%Y-%m-%d %H:%M:%S} UTC; {take.credits} credits; sent as {take.sent_id or '-'}.")
    words = words_for(take)
    if Word.ADOPT in words:
        say("Look into your account at the vendor's for a task of that name and time, then say one of:")
    for word in words:
        say(f"  --{word:<12} {MEANING[word]}")
