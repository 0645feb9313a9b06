"""`storyreel publish`: public addresses for a project's pictures."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.options import AsJson, ProjectName, Var, assignment_of
from pipeline.cli.printing import ask, print_json, print_table, say

if TYPE_CHECKING:
    from pipeline.publication import Publication

Said = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FILE=URL]…", help="With kind manual: a picture, and where you have put it."),
]


def command(project: ProjectName, said: Said = None, var: Var = None, as_json: AsJson = False) -> None:
    """Give the pictures that go with prompts the public addresses that the vendor needs; costs nothing.

    Which publisher does it stands in storyreel.yaml, beside projects/.

    \b
    You upload the pictures yourself, and say where they are, here:
      publisher: {kind: manual}
    They are copied into a folder that the world sees at an address:
      publisher: {kind: static, folder: DIR, base_url: https://…}
    A program of yours uploads them; the last line it prints is the address:
      publisher: {kind: command, command: [PROGRAM, "{file}", "{name}"]}
    """
    from pipeline.app.publishing import publish_project
    from pipeline.shoot.addresses import all_of

    assigned = assignment_of(project, var=var)
    done = publish_project(assigned, dict(map(_split, said or ())))
    if not as_json and sys.stdin.isatty() and (answers := _ask(done)):
        done = publish_project(assigned, answers)
    if as_json:
        print_json([_as_json(each) for each in done])
    elif done:
        rows = [(each.wanted.picture.told, ", ".join(each.wanted.shots), each.url or "none yet") for each in done]
        print_table(("picture", "shots", "address"), rows)
    else:
        say("No picture of this project's own goes with a prompt.", err=True)
    if problems := [each.problem for each in done if each.problem]:
        raise all_of(problems, assigned.project.name)


def _ask(done: list[Publication]) -> dict[str, str]:
    """The addresses of the pictures that wait for the user; one that is left out goes on waiting."""
    answers = {}
    for each in done:
        if each.waits_for_the_user:
            told = each.wanted.picture.told
            answers[told] = ask(f"Address of {told} (Enter: later)")
    return {name: url for name, url in answers.items() if url}


def _split(assignment: str) -> tuple[str, str]:
    from pipeline.errors import UsageError

    name, equals, url = assignment.partition("=")
    if not equals:
        raise UsageError(f'a picture and its address are written FILE=URL, not "{assignment}".')
    return name.strip(), url.strip()


def _as_json(each: Publication) -> dict[str, Any]:
    return {
        "picture": each.wanted.picture.told,
        "file": str(each.wanted.picture.path),
        "sha256": each.wanted.picture.sha256,
        "shots": each.wanted.shots,
        "url": each.url or None,
        "problem": each.problem.sentence if each.problem else None,
    }
