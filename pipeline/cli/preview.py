"""`storyreel preview`: see the film before a credit is spent."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.options import AsJson, ProjectName, Var, job_of
from pipeline.cli.printing import print_json, print_warnings

if TYPE_CHECKING:
    from pipeline.errors import StoryreelError
    from pipeline.preview import Previewed

Watch = Annotated[bool, typer.Option("--watch", help="Go on, and make it anew after each save, until Ctrl-C.")]
OpenNothing = Annotated[bool, typer.Option("--open-nothing", help="Do not show it in this desktop's player.")]


def command(
    project: ProjectName,
    watch: Watch = False,
    open_nothing: OpenNothing = False,
    var: Var = None,
    as_json: AsJson = False,
) -> None:
    """Cut the film over clips painted on this machine, small and at once: build/preview.mp4. Spends nothing."""
    from pipeline.app import preview_project, watch_preview
    from pipeline.errors import StoryboardError

    job = job_of(project, var=var)
    path = job.project.preview_path
    is_to_open = job.settings.has_screen and sys.stdout.isatty() and not (open_nothing or as_json)

    def show(outcome: Previewed | StoryreelError) -> None:
        if as_json:  # one line each
            typer.echo(json.dumps(_as_plain(outcome, path), ensure_ascii=False))
        else:
            _show(outcome, path)
            open_once(outcome)

    def open_once(outcome: Previewed | StoryreelError) -> None:
        nonlocal is_to_open
        if is_to_open and not isinstance(outcome, Exception):
            is_to_open = False
            typer.launch(str(path))

    if watch:
        watch_preview(job, _tell, show)
        return
    try:
        previewed = preview_project(job, _tell)
    except StoryboardError as error:
        if as_json:
            print_json(_as_plain(error, path))
        raise
    if as_json:
        print_json(_as_plain(previewed, path))
    else:
        show(previewed)


def _tell(line: str) -> None:
    typer.echo(line, err=True)


def _show(outcome: Previewed | StoryreelError, path: Path) -> None:
    if isinstance(outcome, Exception):
        _tell(f"storyreel: {outcome}")
        return
    print_warnings(outcome.warnings)
    _tell(_said(outcome, path))
    typer.echo(os.path.relpath(path))


def _said(previewed: Previewed, path: Path) -> str:
    from pipeline.timecode import FRAME_RATE

    film, count = previewed.film, len(previewed.painted)
    painted = {0: "no clip painted anew", 1: "1 clip painted"}.get(count, f"{count} clips painted")
    size = f"{film.width_px}×{film.height_px}, {float(film.frames / FRAME_RATE):.1f} s"
    return f"{path.name}: {size}, {painted}. No credits are spent."


def _as_plain(outcome: Previewed | StoryreelError, path: Path) -> dict[str, Any]:
    from pipeline.errors import StoryboardError

    if isinstance(outcome, StoryboardError):
        return {"findings": [finding.model_dump(mode="json") for finding in outcome.findings]}
    if isinstance(outcome, Exception):
        return {"error": str(outcome)}
    return {
        "preview": str(path),
        "painted": outcome.painted,
        "findings": [finding.model_dump(mode="json") for finding in outcome.warnings],
        "film": outcome.film.model_dump(mode="json"),
    }
