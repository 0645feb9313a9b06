"""`storyreel seams`: how each join of the film is, and what was found inside its clips."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from pipeline.cli.options import AsJson, BaseUrl, Live, ProjectName, Speed, Var, assignment_of
from pipeline.cli.printing import counted, print_json, print_table, say
from pipeline.errors import SeamsError, UsageError

if TYPE_CHECKING:
    from pipeline.model.seam import Flaw, ScoreCard, Seam, Verdict

FailOn = Annotated[
    str,
    typer.Option("--fail-on", metavar="FLAWS", help="Exit 3 for such flaws that are not mended: flash,click … or any."),
]

HEAD: Final = ("at", "item", "join", "change", "colour", "loudness", "what was found")


def command(
    project: ProjectName,
    live: Live = False,
    base_url: BaseUrl = None,
    speed: Speed = None,
    var: Var = None,
    fail_on: FailOn = "",
    as_json: AsJson = False,
) -> None:
    """Measure each join of the film and each clip in it: what jumps, flashes, repeats or stalls, and what is mended."""
    from pipeline.app.seams import project_seams

    flaws = _read_flaws(fail_on)
    assigned = assignment_of(project, live=live, base_url=base_url, speed=speed, var=var, asks_vendor=False)
    card = project_seams(assigned)
    if as_json:
        print_json({"schema": card.schema_name, **card.model_dump(mode="json")})
    else:
        _print(card)
    open_flaws = [verdict for verdict in card.unmended if verdict.flaw in flaws]
    if open_flaws:
        raise SeamsError(_told(open_flaws))


def _read_flaws(words: str) -> frozenset[Flaw]:
    from pipeline.model.seam import Flaw

    names = words.replace(",", " ").split()
    if names == ["any"]:
        return frozenset(Flaw)
    unknown = [name for name in names if name not in set(Flaw)]
    if unknown:
        raise UsageError(f'--fail-on knows no flaw "{unknown[0]}". There are: any, {", ".join(Flaw)}.')
    return frozenset(map(Flaw, names))


def _print(card: ScoreCard) -> None:
    print_table(HEAD, [_row(seam, card) for seam in card.seams])
    missing = [check.item for check in card.clips if not check.is_measured and check.kind != "card"]
    if missing:
        say(f"Not measured, since there is no clip yet: {', '.join(missing)}.")
    shorter = f" Mends make the film {counted(card.dropped, 'frame')} shorter." if card.dropped else ""
    mended = len(card.verdicts) - len(card.unmended)
    say(f"{counted(len(card.verdicts), 'flaw')} found, {mended} mended.{shorter}")


def _row(seam: Seam, card: ScoreCard) -> tuple[str, ...]:
    from pipeline.timecode import clock_time

    return (
        clock_time(seam.at),
        seam.right,
        f"{seam.join}, continues" if seam.chain else str(seam.join) if seam.left else "",
        _figure(seam.change, 1),
        _figure(seam.colour_step, 1),
        _figure(seam.loudness_step, 1, " LU"),
        "; ".join(_brief(verdict) for verdict in card.of_item(seam.right)),
    )


def _brief(verdict: Verdict) -> str:
    return f"{verdict.flaw.told} {verdict.standing.told}"


def _figure(value: float | None, digits: int, unit: str = "") -> str:
    return "-" if value is None else f"{value:.{digits}f}{unit}"


def _told(verdicts: list[Verdict]) -> str:
    lines = [f"{verdict.says} {_advice(verdict)}" for verdict in verdicts]
    return f"{counted(len(verdicts), 'flaw')} not mended.\n" + "\n".join(lines)


def _advice(verdict: Verdict) -> str:
    from pipeline.model.seam import Standing

    if verdict.standing is Standing.OFF and verdict.mend:
        return f"The mend {verdict.mend} would put it right."
    return "A trim or a retake may help."
