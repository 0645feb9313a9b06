"""`storyreel init`: a project to begin with."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from pipeline.cli.options import AsJson
from pipeline.cli.printing import print_json, print_table, say, seen_from_here

if TYPE_CHECKING:
    from pipeline.starters import Starter

NEXT: Final = (
    ("preview {name} --watch", "see it while you write, without a credit"),
    ("plan {name}", "what shooting it would cost"),
    ("render {name}", "the film, in the sandbox; --live shoots it for real"),
)

NewName = Annotated[str | None, typer.Argument(metavar="NAME", help="Name of the new folder in projects/.")]
Template = Annotated[str | None, typer.Option("--template", "-t", metavar="STARTER", help="Which starter to copy.")]


def command(name: NewName = None, template: Template = None, as_json: AsJson = False) -> None:
    """Begin a project from a starter; without --template, list the starters."""
    from pipeline import settings
    from pipeline.compiler.findings import did_you_mean
    from pipeline.errors import UsageError
    from pipeline.project import current_folder, workspace_here
    from pipeline.starters import begin_project, starters

    known = {starter.name: starter for starter in starters()}
    if template is None:
        _list(known.values(), as_json)
        if name is not None:
            raise UsageError(f"choose a starter: storyreel init {name} --template {next(iter(known))}")
        return
    if template not in known:
        raise UsageError(f'there is no starter "{template}". {did_you_mean(template, known)}')
    if name is None:
        raise UsageError(f"give the project a name: storyreel init my_film --template {template}")
    workspace = workspace_here(current_folder(), settings.read().home)
    begun = begin_project(workspace, name, known[template])
    commands = [f"{_as_called()} {line.format(name=name)}" for line, _ in NEXT]
    if as_json:
        print_json({"project": str(begun.folder), "added": begun.added, "next": commands})
        return
    _tell(begun.folder, begun.added)
    for line in ("", "Write in storyboard.jinja; what it plays with stands in project.yaml and bible.yaml. Then:", ""):
        say(line)
    width = max(map(len, commands))
    for line, (_, says) in zip(commands, NEXT, strict=True):
        say(f"  {line:{width}}   # {says}")


def _list(starters: Iterable[Starter], as_json: bool) -> None:
    if as_json:
        print_json({"starters": [{"name": each.name, "says": each.says} for each in starters]})
    else:
        print_table(("starter", "what it is"), [(each.name, each.says) for each in starters])


def _tell(folder: Path, added: tuple[str, ...]) -> None:
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    say(f"{seen_from_here(folder)}/ is begun: {', '.join(files)}.")
    if added:
        folders = sorted({f"{Path(name).parent.as_posix()}/" for name in added})
        say(f"The workspace got what it lacked in {', '.join(folders)}.")


def _as_called() -> str:
    """`storyreel`, or the path to it that was typed, so that what is printed can be typed again."""
    return "storyreel" if shutil.which("storyreel") else sys.argv[0]
