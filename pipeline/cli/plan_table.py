"""The plan on a terminal: a row for each shot, and one for many that have the same reason.

Rows are aligned by terminal cells, so that Han letters take two; the reasons wrap inside their column where somebody
looks at them, and never in a pipe.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.cli.printing import counted, print_styled
from pipeline.model.plan import Decision, Plan, PlannedShot
from pipeline.safe_text import safe_line


class Look(NamedTuple):
    sign: str
    style: str


DIM: Final = "dim"

LOOKS: Final = {
    Decision.SHOOT: Look("+", "green"),
    Decision.STALE: Look("~", "yellow"),
    Decision.WAITS: Look("…", "cyan"),
    Decision.RESUME: Look(">", "cyan"),
    Decision.BLOCKED: Look("!", "red"),
    Decision.REUSE: Look("=", DIM),
    Decision.SKIP: Look("-", DIM),
}

QUIET: Final = (Decision.REUSE, Decision.SKIP)
"""Nothing happens to these."""

FOLDED: Final = (Decision.STALE, *QUIET)
"""Of these, shots that have one reason share a line."""

FEW: Final = 3
"""So many of a reason still have a row each."""

PIPE_COLUMNS: Final = 10_000
"""No line is this long: nothing wraps in a pipe."""


def print_plan(plan: Plan, *, err: bool = False) -> None:
    print_plan_rows(plan, err=err)
    print_styled(f"\n{typer.style(totals(plan), bold=True)}", err=err)


def print_plan_rows(plan: Plan, *, err: bool = False) -> None:
    stream = sys.stderr if err else sys.stdout
    console = Console(file=stream, width=None if stream.isatty() else PIPE_COLUMNS, highlight=False)
    with console.capture() as captured:
        console.print(_table(plan))
    print_styled("\n".join(line.rstrip() for line in captured.get().splitlines()), err=err)


def _table(plan: Plan) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("", no_wrap=True)
    table.add_column("shot", overflow="fold", max_width=32)
    table.add_column("what", no_wrap=True)
    table.add_column("credits", justify="right", no_wrap=True)
    table.add_column("why", overflow="fold", ratio=1)
    for row in _rows(plan.shots):
        table.add_row(*row)
    return table


def _row(decision: Decision, *told: str) -> list[Text]:
    """The sign and the word of a decision in its colour; what is left as it is, dim from end to end.

    Args:
        told: the shot, its price and the reason.
    """
    shot, price, why = (Text(safe_line(cell), style=DIM if decision in QUIET else "") for cell in told)
    sign, style = LOOKS[decision]
    return [Text(sign, style=style), shot, Text(decision, style=style), price, why]


def _rows(shots: Sequence[PlannedShot]) -> Iterator[list[Text]]:
    """In film order, and what shares a line after them."""
    together: dict[tuple[Decision, str], list[PlannedShot]] = {}
    for shot in shots:
        together.setdefault((shot.decision, shot.why), []).append(shot)
    folded = {key: alike for key, alike in together.items() if key[0] in FOLDED and len(alike) > FEW}
    for shot in shots:
        if (shot.decision, shot.why) not in folded:
            yield _row(shot.decision, shot.shot, _price(shot), shot.why)
    for (decision, why), alike in folded.items():
        price, names = sum(shot.credits for shot in alike), ", ".join(shot.shot for shot in alike)
        yield _row(decision, f"{len(alike)} shots", str(price), f"{why}: {names}")


def _price(shot: PlannedShot) -> str:
    return f"≤ {shot.credits}" if shot.decision is Decision.WAITS and shot.credits else str(shot.credits)


def totals(plan: Plan) -> str:
    """What the plan comes to, as one line; another where that is more than the cap allows."""
    parts = [f"{_sum(plan)} in {counted(plan.calls, 'call')}" if plan.credits else "Nothing to pay"]
    if plan.credits and (granted := plan.most_spent - plan.credits_in_all) > 0:
        parts.append(f"up to {granted} more, granted, where an answer is lost")
    if plan.credits_saved:
        parts.append(f"{plan.credits_saved} saved by reuse")
    if blocked := plan.decided(Decision.BLOCKED):
        parts.append(f"{counted(len(blocked), 'shot')} blocked")
    if plan.seconds_estimated:
        parts.append(_duration(plan))
    if plan.cap is not None and plan.credits:
        parts.append(f"{plan.credits_in_all} of {plan.cap} spent then")
    return f"{', '.join(parts)}.{_over_cap(plan)}"


def _sum(plan: Plan) -> str:
    if plan.credits_now == plan.credits:
        return f"{plan.credits} credits"
    return f"Up to {plan.credits} credits ({plan.credits_now} at once)"


def _over_cap(plan: Plan) -> str:
    if not plan.credits_over_cap:
        return ""
    return (
        f"\nThat is {plan.credits_over_cap} over the cap: {plan.credits_spent} are spent, and a render stops before it."
    )


def _duration(plan: Plan) -> str:
    likely, most = max(1, round(plan.seconds_estimated / 60)), math.ceil(plan.seconds_at_most / 60)
    return f"about {likely} min" + (f" (at most {most})" if most > likely else "")
