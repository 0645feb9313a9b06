"""`storyreel preview`: see the film before a credit is spent."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.options import AsJson, ProjectName, Var, assignment_of
from pipeline.cli.printing import print_findings, print_json, say, seen_from_here

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
    from pipeline.app.previewing import preview_project, watch_preview
    from pipeline.errors import StoryboardError

    assigned = assignment_of(project, var=var)
    path = assigned.project.preview_path
    opens = assigned.settings.has_screen and sys.stdout.isatty() and not open_nothing
    show = partial(_print_json, path, None if watch else 2) if as_json else _Talk(path, opens=opens)
    if watch:
        watch_preview(assigned, _say, show)
        return
    try:
        show(preview_project(assigned, _say))
    except StoryboardError as error:
        if as_json:
            show(error)
        raise


@dataclass(slots=True)
class _Talk:
    """Says what a preview came to, prints its path, and opens it the first time."""

    path: Path
    opens: bool

    def __call__(self, outcome: Previewed | StoryreelError) -> None:
        from pipeline.errors import StoryboardError

        if isinstance(outcome, StoryboardError):
            print_findings(outcome.findings)
            return
        if isinstance(outcome, Exception):
            _say(f"storyreel: {outcome}")
            return
        print_findings(outcome.warnings)
        _say(_told(outcome, self.path))
        say(seen_from_here(self.path))
        if self.opens:
            self.opens = False
            typer.launch(str(self.path))


def _say(line: str) -> None:
    say(line, err=True)


def _told(previewed: Previewed, path: Path) -> str:
    from pipeline.timecode import FRAME_RATE

    film, count = previewed.film, len(previewed.painted)
    painted = {0: "no clip painted anew", 1: "1 clip painted"}.get(count, f"{count} clips painted")
    size = f"{film.width_px}×{film.height_px}, {float(film.frames / FRAME_RATE):.1f} s"
    return f"{path.name}: {size}, {painted}. No credits are spent."


def _print_json(path: Path, indent: int | None, outcome: Previewed | StoryreelError) -> None:
    print_json(_as_plain(outcome, path), indent=indent)


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
