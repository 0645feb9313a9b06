"""`storyreel convert`: from a storyboard document to a project with a template."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.printing import print_document, say, seen_from_here

Document = Annotated[Path, typer.Argument(metavar="FILE", help="A storyboard.yaml, or a storyboard.json.")]
Out = Annotated[str | None, typer.Option("--out", metavar="NAME", help="Make projects/NAME of it.")]


def command(document: Document, out: Out = None) -> None:
    """Write a storyboard document as a template that asks for the same film; print it, or make a project of it."""
    from pipeline import settings
    from pipeline.conversion import convert_document, write_project
    from pipeline.project import current_folder, workspace_here

    converted = convert_document(document)
    if out is None:
        print_document(converted.texts["storyboard.jinja"])
        return
    folder = workspace_here(current_folder(), settings.read().home).new_project(out).root
    write_project(converted, folder)
    say(f"The same film in {len(converted.storyboard.items)} clips. Next: storyreel check {out}", err=True)
    say(seen_from_here(folder))
