"""The plan of a series on a terminal: a row a film, what is paid for another reason than being new, and the sum."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import typer

from pipeline.cli.plan_table import print_plan_rows, totals
from pipeline.cli.printing import counted, print_styled, print_table
from pipeline.model.plan import PRICED, Decision, Plan, PlannedShot

if TYPE_CHECKING:
    from pipeline.app.series import SeriesPlanned

NEW = "new"
"""What `plan` says of a shot that has no take: of all others, the reason is worth a row."""


def print_series_plan(planned: SeriesPlanned) -> None:
    titles = {name: film.title for name, film in planned.compiled.storyboards.items()}
    rows = [(film.name, *_columns(planned.plan, film.shots), titles[film.name]) for film in planned.plan.films]
    after = [_minutes(film.seconds_estimated) for film in planned.plan.films]
    head = ("film", "shots", "to pay", "credits", "is here after", "title")
    print_table(head, [(*row[:-1], when, row[-1]) for row, when in zip(rows, after, strict=True)])
    if told := [row for row in planned.plan.shots if _is_worth_a_row(row)]:
        print_styled("")
        print_plan_rows(planned.plan.model_copy(update={"shots": tuple(told)}))
    print_styled(f"\n{typer.style(f'{_shared(planned.plan)} {totals(planned.plan)}', bold=True)}")


def _columns(plan: Plan, shots: tuple[str, ...]) -> tuple[str, str, str]:
    rows = [row for row in plan.shots if row.shot in shots]
    paid = [row for row in rows if row.decision in PRICED and row.credits]
    return str(len(rows)), str(len(paid)), str(sum(row.credits for row in paid))


def _is_worth_a_row(row: PlannedShot) -> bool:
    is_quiet = row.decision in (Decision.REUSE, Decision.SKIP, Decision.RESUME)
    return not is_quiet and (row.why != NEW or row.decision is Decision.BLOCKED)


def _shared(plan: Plan) -> str:
    """As in "126 shots, 88 of them unlike."."""
    unlike = len({row.film_slate for row in plan.shots})
    return f"{counted(len(plan.shots), 'shot')}, {unlike} unique."


def _minutes(seconds: int) -> str:
    return "now" if not seconds else f"{math.ceil(seconds / 60)} min"
