"""`storyreel series check|plan|render|status|report`: many films from one project."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from pipeline.cli.options import (
    AsJson,
    BaseUrl,
    Exclude,
    Live,
    MaxCredits,
    PayAgain,
    Reshoot,
    Select,
    Speed,
    Var,
    assignment_of,
)
from pipeline.cli.printing import counted, print_findings, print_json, print_table, say, seen_from_here
from pipeline.cli.render import AgreedPlan, Yes, ask_to_spend, told_film, told_world

if TYPE_CHECKING:
    from pipeline.app.assignment import Assignment
    from pipeline.app.compiling import CompiledFilms
    from pipeline.app.series import FilmStatus, SeriesMade, SeriesStatus
    from pipeline.errors import StoryreelError
    from pipeline.model.finding import Finding
    from pipeline.model.plan import Plan
    from pipeline.production import Outcome

SeriesName = Annotated[str, typer.Argument(metavar="SERIES", help="Name of a folder in projects/ with several films.")]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Keep the plan; series render --plan FILE holds to it.")
]

GRAVEST: Final = (5, 4, 8, 6, 3, 2)
"""What a run with several ends of films exits with: the first of these that one of them has."""

NONE: Final = "-"


def check(series: SeriesName, var: Var = None, as_json: AsJson = False) -> None:
    """Compile every film and list what is wrong with each; sends nothing."""
    from pipeline.app.series import check_series

    listed, compiled = check_series(assignment_of(series, var=var))
    if as_json:
        print_json({"films": {name: _findings_of(compiled, name) for name in _names(compiled)}})
    for name in _names(compiled):
        _tell_findings(compiled, name)
    good, shots = compiled.films, sum(len(film.shots) for film in compiled.storyboards.values())
    broken = f" {counted(len(compiled.broken), 'film')} cannot be made." if compiled.broken else ""
    say(f"{listed.title}: {counted(len(good), 'film')}, {counted(shots, 'shot')}.{broken}", err=True)
    if compiled.broken:
        raise typer.Exit(next(iter(compiled.broken.values())).exit_code)


def plan(
    series: SeriesName,
    live: Live = False,
    base_url: BaseUrl = None,
    speed: Speed = None,
    var: Var = None,
    select: Select = None,
    exclude: Exclude = None,
    max_credits: MaxCredits = None,
    pay_again_credits: PayAgain = None,
    reshoot_failed: Reshoot = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Say what a render of all films would shoot once for all of them, what it would cost, and when each is there."""
    from pipeline.app.series import plan_series
    from pipeline.cli.series_table import print_series_plan
    from pipeline.host import write_whole

    grants = {"pay_again_credits": pay_again_credits, "reshoot_failed": reshoot_failed}
    assigned = assignment_of(
        series,
        live=live,
        base_url=base_url,
        speed=speed,
        var=var,
        budget={"max_credits": max_credits, **grants},
        select=select,
        exclude=exclude,
    )
    planned = plan_series(assigned)
    for name in planned.compiled.broken:
        _tell_findings(planned.compiled, name)
    if as_json:
        sums = {"credits": planned.plan.credits, "credits_over_cap": planned.plan.credits_over_cap}
        print_json({**planned.plan.model_dump(mode="json"), **sums, "broken": list(planned.compiled.broken)})
    else:
        print_series_plan(planned)
    assigned.mandate.check(planned.plan)
    if out:
        write_whole(out, planned.plan.to_json().encode())
        run = f"storyreel series render {assigned.project.name}{planned.plan.world.option} --plan {out}"
        say(f"Kept in {out}. To hold a run to it: {run}", err=True)


def render(
    series: SeriesName,
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
    """Make all films into projects/SERIES/out/, the first ones first; what fails holds up none but itself."""
    grants = {"pay_again_credits": pay_again_credits, "reshoot_failed": reshoot_failed}
    assigned = assignment_of(
        series,
        live=live,
        base_url=base_url,
        speed=speed,
        var=var,
        budget={"max_credits": max_credits, **grants},
        select=select,
        exclude=exclude,
        agreed_path=agreed_plan,
    )
    say(told_world(assigned.access), err=True)
    make(assigned, confirm=lambda plan: not live or yes or ask_to_spend(plan), as_json=as_json)


def make(assigned: Assignment, *, confirm: Callable[[Plan], bool], as_json: bool) -> None:
    """Render the series, and tell what became of it. Raises typer.Exit if not all of it came out."""
    from pipeline.app.series import render_series
    from pipeline.cli.series_progress import watching_series
    from pipeline.log import log_to

    with log_to(assigned.store.log_path), watching_series(sys.stderr, as_json=as_json) as viewer:
        made = render_series(assigned, viewer, confirm)
    if as_json:
        print_json({"event": "end", **_made_as_json(made)}, indent=None)
    else:
        _tell_made(made, assigned.project.name, live=assigned.access.world.option)
        say(f"The series: {seen_from_here(assigned.project.report_path)}", err=True)
    say(told_world(assigned.access), err=True)
    if ends := _ends(made):
        raise typer.Exit(next(code for code in (*GRAVEST, *ends) if code in ends))


def status(
    series: SeriesName,
    live: Live = False,
    base_url: BaseUrl = None,
    speed: Speed = None,
    var: Var = None,
    as_json: AsJson = False,
) -> None:
    """Say where each film stands: its shots, what it still costs, and whether it is there."""
    from pipeline.app.series import series_status

    assigned = assignment_of(series, live=live, base_url=base_url, speed=speed, var=var, asks_vendor=False)
    standing = series_status(assigned)
    if as_json:
        films = [_status_as_json(film) for film in standing.films]
        print_json({"series": standing.plan.project, "films": films, "credits": asdict(standing.account)})
    else:
        _print_status(standing)


def report(series: SeriesName, live: Live = False, var: Var = None) -> None:
    """Write the page of the series anew, as things stand, and say where it is."""
    from pipeline.app.series import write_series_report

    assigned = assignment_of(series, live=live, var=var, asks_vendor=False)
    write_series_report(assigned)
    say(seen_from_here(assigned.project.report_path))


COMMANDS: Final = (check, plan, render, status, report)


def _names(compiled: CompiledFilms) -> list[str]:
    listed = compiled.series.episodes if compiled.series else ()
    return [episode.name for episode in listed]


def _tell_findings(compiled: CompiledFilms, name: str) -> None:
    if findings := _findings(compiled, name):
        say(f"{name}:", err=True)
        print_findings(findings)
    elif name in compiled.broken:
        say(f"{name}: {compiled.broken[name]}", err=True)


def _findings(compiled: CompiledFilms, name: str) -> Sequence[Finding]:
    from pipeline.errors import StoryboardError

    error = compiled.broken.get(name)
    if error is None:
        return compiled.films[name].warnings
    return error.findings if isinstance(error, StoryboardError) else ()


def _findings_of(compiled: CompiledFilms, name: str) -> list[Any]:
    return [finding.model_dump(mode="json") for finding in _findings(compiled, name)]


def _ends(made: SeriesMade) -> list[int]:
    """The exit codes of all that went wrong."""
    from pipeline.cutting import Made
    from pipeline.errors import StoryreelError

    errors = [made.stopped_by] if made.stopped_by else []
    for outcome in made.outcomes.values():
        errors += [outcome] if isinstance(outcome, StoryreelError) else []
        errors += outcome.failures if isinstance(outcome, Made) else []
    return [error.exit_code for error in errors]


def _tell_made(made: SeriesMade, name: str, *, live: str) -> None:
    """A row a film, why those that are not there are not, and the command that goes on with them alone."""
    from pipeline.cutting import Made

    print_table(("film", "", "what came out"), [(film, *_told(outcome)) for film, outcome in made.outcomes.items()])
    for sentence in _reasons(made.outcomes, made.stopped_by):
        say(sentence, err=True)
    is_there = sum(isinstance(outcome, Made) for outcome in made.outcomes.values())
    told = f"{is_there} of {counted(len(made.outcomes), 'film')}; {made.account.spent} credits spent"
    saved = f", {made.account.saved} saved by shared shots" if made.account.saved else ""
    doubt = f", {made.account.in_doubt} in doubt" if made.account.in_doubt else ""
    say(f"{told}{saved}{doubt}.", err=True)
    if undone := made.undone:
        which = (
            "" if len(undone) == len(made.outcomes) else f" --select {' '.join(f'episode:{each}' for each in undone)}"
        )
        say(f"To go on with what is left: storyreel series render {name}{live}{which}", err=True)


def _told(outcome: Outcome) -> tuple[str, str]:
    from pipeline.cutting import Made
    from pipeline.production import Unfinished

    if isinstance(outcome, Made):
        return ("up to date" if not outcome.has_news else "made"), told_film(outcome)
    if isinstance(outcome, Unfinished):
        return "not yet", f"{', '.join(outcome.missing)} still to be shot, and not selected"
    return "not made", str(outcome).partition("\n")[0]


def _reasons(outcomes: Mapping[str, Outcome], stopped_by: StoryreelError | None) -> list[str]:
    """What is more to say of errors than the table has room for, each once."""
    from pipeline.cutting import Made
    from pipeline.errors import StoryreelError

    errors = [*(outcome for outcome in outcomes.values() if isinstance(outcome, StoryreelError))]
    errors += [error for outcome in outcomes.values() if isinstance(outcome, Made) for error in outcome.failures]
    sentences = [*([str(stopped_by)] if stopped_by else []), *(str(error) for error in errors if "\n" in str(error))]
    return list(dict.fromkeys(sentences))


def _made_as_json(made: SeriesMade) -> dict[str, Any]:
    from pipeline.cutting import Made

    def film(outcome: Outcome) -> dict[str, Any]:
        word, sentence = _told(outcome)
        path = str(outcome.paths.path) if isinstance(outcome, Made) else None
        return {"outcome": word, "film": path, "told": sentence}

    films = {name: film(outcome) for name, outcome in made.outcomes.items()}
    stopped_by = str(made.stopped_by) if made.stopped_by else None
    return {"films": films, "undone": made.undone, "stopped_by": stopped_by, "credits": asdict(made.account)}


def _print_status(standing: SeriesStatus) -> None:
    rows = [_status_row(film) for film in standing.films]
    print_table(("film", "shots", "to pay", "film is", "title"), rows)
    for film in standing.films:
        if film.trouble:
            say(f"{film.name}: {film.trouble}", err=True)
    account, cap = standing.account, standing.plan.cap
    more = [(account.refunded, "refunded"), (account.in_doubt, "in doubt"), (account.saved, "saved by shared shots")]
    told = f"{account.spent}{f' of {cap}' if cap is not None else ''} credits spent"
    say(", ".join((told, *(f"{number} {word}" for number, word in more if number))) + ".")


def _status_row(film: FilmStatus) -> tuple[str, str, str, str, str]:
    there = "there" if film.film else "not yet"
    if film.plan is None:
        return film.name, NONE, NONE, "broken", film.title
    return film.name, f"{film.landed} of {len(film.plan.shots)}", str(film.plan.credits), there, film.title


def _status_as_json(film: FilmStatus) -> dict[str, Any]:
    return {
        "film": film.name,
        "title": film.title,
        "shots": len(film.plan.shots) if film.plan else None,
        "landed": film.landed,
        "credits": film.plan.credits if film.plan else None,
        "sha256": film.film.sha256 if film.film else None,
        "trouble": film.trouble or None,
    }
