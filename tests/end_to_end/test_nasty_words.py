"""Words that would talk to a terminal, hide or forge a line, sent through the real commands by author and vendor."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from serving import serve_app
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from test_command_line import storyreel

from pipeline.safe_text import safe_text

NASTY: Final = "\x1b]0;owned\x07 \x9b31m \u202egnp \u2066x \u2028 \x00 \x85 [red]x[/red]\nstoryreel: all is paid"
AS_YAML: Final = json.dumps(NASTY)  # JSON is YAML

STORYBOARD: Final = """{% scene "s" %}
{% shot "run" %} A runner. Wind. {% endshot %}
{% shot "pack" first=picture %} A flask. Wind. {% endshot %}
{% endscene %}
"""
PICTURE: Final = "he\u202ero\u2028.png"

PROJECTS: Final = {
    "said": (f"title: {AS_YAML}\nvariables: {{picture: {json.dumps(PICTURE)}}}\n", STORYBOARD),
    "refused": (f"title: {AS_YAML}\nvariables: {{word: {AS_YAML}}}\n", STORYBOARD.replace("A runner", "{{ word }}")),
    "misspelt": (f"{AS_YAML}: 1\n", f'{{% shot "{NASTY}" {NASTY} %}}'),
}


async def refuse(_request: Request) -> Response:
    return JSONResponse({"error": NASTY, "errorCode": "INVALID_INPUT"}, 400, {"X-RateLimit-Remaining": "7\x1b"})


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """Projects with such words, and a vendor whose every answer holds them."""
    root = tmp_path_factory.mktemp("workspace")
    for name, (project, storyboard) in PROJECTS.items():
        (root / "projects" / name).mkdir(parents=True)
        (root / "projects" / name / "project.yaml").write_text(project)
        (root / "projects" / name / "storyboard.jinja").write_text(storyboard)
    (root / "projects/said" / PICTURE).write_bytes(b"no picture \x1b")
    vendor = Starlette(routes=[Route("/{path:path}", refuse, methods=["POST", "PUT", "GET"])])
    with serve_app(vendor) as url:
        yield root, url


def assert_harmless(done: subprocess.CompletedProcess[str]) -> None:
    """Nothing that a terminal obeys, and no line at the margin that is not ours."""
    said = done.stdout + done.stderr
    assert said == safe_text(said)
    assert "\nstoryreel: all is paid" not in said and "Traceback" not in said


QUICK: Final = (
    "plan said",
    "check refused",
    "check misspelt --json",
    "publish said",
    "render said --base-url URL --json",
)

WHOLE: Final = (
    *("check NAME", "check NAME --json", "plan NAME", "plan NAME --json", "status NAME", "status NAME --json"),
    *("publish NAME", "publish NAME --json", "preview NAME --open-nothing", "render NAME --base-url URL"),
    *("render NAME --base-url URL --json", "resolve NAME run --base-url URL", "status NAME --base-url URL"),
    *("takes NAME run --base-url URL", "status --base-url URL", "doctor --base-url URL", "convert projects/NAME.yaml"),
)


def assert_says_nothing_that_a_terminal_obeys(workspace: tuple[Path, str], command: str) -> None:
    root, url = workspace
    assert_harmless(storyreel(root, *command.replace("URL", url).split()))


@pytest.mark.parametrize("command", QUICK)
def test_no_command_says_what_a_terminal_obeys(workspace: tuple[Path, str], command: str) -> None:
    """Whether it ends well or not."""
    assert_says_nothing_that_a_terminal_obeys(workspace, command)


@pytest.mark.torture
@pytest.mark.words
@pytest.mark.parametrize("name", PROJECTS)
@pytest.mark.parametrize("command", WHOLE)
def test_no_command_at_all_does(workspace: tuple[Path, str], name: str, command: str) -> None:
    """Each, on each project."""
    assert_says_nothing_that_a_terminal_obeys(workspace, command.replace("NAME", name))


def test_files_that_people_look_at_hold_none_of_it(workspace: tuple[Path, str]) -> None:
    """What the vendor said is shown in the talk and in the report, written out; JSON has the exact words, escaped."""
    root, url = workspace
    (root / "projects/said/storyboard.jinja").write_text(STORYBOARD.replace(" first=picture", ""))
    done = storyreel(root, "render", "said", "--base-url", url)
    report, log = root / "projects/said/build/report.html", root / ".storyreel/sandbox/log.jsonl"
    assert_harmless(done)
    assert done.returncode == 6 and "␛]0;owned␇ ⟨U+009B⟩31m ⟨U+202E⟩gnp" in done.stderr
    assert "[red]x[/red]" in done.stderr and "␛]0;owned␇" in report.read_text()
    assert all(text == safe_text(text) for text in (report.read_text(), log.read_text()))
    shots = json.loads(storyreel(root, "status", "said", "--base-url", url, "--json").stdout)["shots"]
    assert NASTY in shots[0]["trouble"]
