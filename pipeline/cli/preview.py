"""`storyreel preview`: see the film before a credit is spent."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from pipeline.cli.options import AsJson, ProjectName, Var, job_of
from pipeline.cli.printing import print_json

if TYPE_CHECKING:
    from pipeline.preview import Previewed


def command(project: ProjectName, var: Var = None, as_json: AsJson = False) -> None:
    """Cut the film over clips painted on this machine, small and at once: build/preview.mp4. Spends nothing."""
    from pipeline.app import preview_project
    from pipeline.cli.progress import watching

    job = job_of(project, var=var)
    with watching(sys.stderr) as watcher:
        previewed = preview_project(job, watcher)
    path = job.project.preview_path
    if as_json:
        print_json({"preview": str(path), "painted": previewed.painted, **previewed.film.model_dump(mode="json")})
    else:
        typer.echo(_told(previewed, path), err=True)
        typer.echo(os.path.relpath(path))


def _told(previewed: Previewed, path: Path) -> str:
    from pipeline.timecode import FRAME_RATE

    film = previewed.film
    seconds = float(film.frames / FRAME_RATE)
    painted = f"{len(previewed.painted)} clips painted" if previewed.painted else "no clip painted"
    return f"{path.name}: {film.width_px}×{film.height_px}, {seconds:.1f} s, {painted}. No credits are spent."
