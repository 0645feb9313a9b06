"""Takes through the command line: asked for, shot, chosen, told; one film with two takes stands for all."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from theatre import Theatre, open_theatre

ONE_SHOT = '{% scene "s" %}{% shot "run" %} A runner at {{ hour }}. {% endshot %}{% endscene %}'
PROJECT = "title: Demo\nvariables: {hour: dawn}\n"


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    """A film whose shot was retaken with a note."""
    with open_theatre(tmp_path_factory.mktemp("theatre"), "--clips", "plain") as opened:
        opened.write("demo", ONE_SHOT, PROJECT)
        render(opened, "demo")
        done(opened, "retake", "demo", "run", "--note", "slower")
        render(opened, "demo")
        yield opened


def done(theatre: Theatre, *command: str) -> Any:
    """What a command answers."""
    ran = theatre.run(*command)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout) if "--json" in command else ran.stdout


def render(theatre: Theatre, project: str) -> str:
    """The content of the only clip that the film is cut from."""
    done(theatre, "render", project)
    timeline = json.loads((theatre.root / f"projects/{project}/build/timeline.json").read_text())
    return str(timeline["clips"][0]["media"]["sha256"])


def test_a_circle_takes_a_retake_out_of_the_film_and_outlives_an_edit(theatre: Theatre) -> None:
    """Two clips are paid for; choosing between them is free."""
    first, second = (line["clip"] for line in done(theatre, "takes", "demo", "--json"))
    done(theatre, "circle", "demo", "run", "1")
    (theatre.root / "projects/demo/project.yaml").write_text(PROJECT.replace("dawn", "dusk"))
    assert (render(theatre, "demo") in first, first != second, len(theatre.charges())) == (True, True, 2)
    told = [
        (line["slate"], line["is_in_film"], line["is_circled"], line["is_stale"], line["note"], line["credits"])
        for line in done(theatre, "takes", "demo", "--json")
    ]
    assert told == [
        ("demo/run/tk01", True, True, True, "", 10),
        ("demo/run/tk02", False, False, True, "slower", 10),
    ]


def test_the_status_of_all_projects_adds_up_and_a_broken_one_is_a_row(theatre: Theatre) -> None:
    """One film bought a clip twice, another saves its price, a third does not compile."""
    theatre.write("shared", ONE_SHOT, PROJECT)
    theatre.write("broken", "{% shot %}", PROJECT)
    told = done(theatre, "status", "--json")
    lines = {line["project"]: line for line in told["projects"]}
    sums = {name: (line["credits"]["spent"], line["credits"]["saved"]) for name, line in lines.items()}
    assert sums == {"demo": (20, 0), "shared": (0, 10), "broken": (0, 0)}
    assert (told["credits"]["spent"], told["credits"]["saved"]) == (20, 10)
    assert lines["broken"]["trouble"].startswith("storyboard.jinja:1")
    assert (lines["demo"]["has_film"], lines["shared"]["has_film"]) == (True, False)


def test_a_retake_that_was_asked_for_twice_is_withdrawn_at_once(theatre: Theatre) -> None:
    """The second had taken the place of the first."""
    for note in ("slower", "faster"):
        done(theatre, "retake", "demo", "run", "--note", note)
    done(theatre, "retake", "demo", "run", "--withdraw")
    assert done(theatre, "plan", "demo", "--json")["credits"] == 0


@pytest.mark.parametrize(
    ("note", "says"),
    [
        ("slower " * 15_000, "--note takes at most 2,000 letters, not 104,999"),
        ("sl\udcffwer", "--note holds bytes that are no UTF-8"),
    ],
)
def test_a_note_that_cannot_be_sent_is_refused(theatre: Theatre, note: str, says: str) -> None:
    """Nothing is asked for, which the next render would pay for."""
    ran = theatre.run("retake", "demo", "run", "--note", note)
    assert ran.returncode == 2 and says in ran.stderr
    assert done(theatre, "plan", "demo", "--json")["credits"] == 0


def test_a_lock_file_with_a_conflict_stops_everything_and_names_its_line(theatre: Theatre) -> None:
    """Nothing is sent by a guess."""
    folder = theatre.write("merged", ONE_SHOT, PROJECT)
    (folder / "takes.lock").write_text("<<<<<<< HEAD\n")
    ran = theatre.run("render", "merged")
    assert ran.returncode == 2 and "projects/merged/takes.lock:1: git left a conflict" in ran.stderr


def test_a_cut_answer_that_names_the_task_is_one_command_away_from_its_clip(tmp_path: Path) -> None:
    """Exit 5, the command that resolve shows, and the film: one charge."""
    (tmp_path / "faults.yaml").write_text("rules: [{door: generate, fault: cut, at_byte: 240, nth: 1}]")
    with open_theatre(tmp_path, "--clips", "plain", "--faults", str(tmp_path / "faults.yaml")) as theatre:
        theatre.write("demo", ONE_SHOT, PROJECT)
        assert theatre.run("render", "demo").returncode == 5
        (case,) = done(theatre, "resolve", "demo", "--json")
        task_id = theatre.charges()[0]["taskId"]
        assert case["answers"][0]["command"] == f"storyreel resolve demo run --adopt {task_id}"
        insist(theatre, "resolve", "demo", "run", "--adopt", task_id)
        render(theatre, "demo")
        assert len(theatre.charges()) == 1


def insist(theatre: Theatre, *command: str) -> None:
    """Run a command that may be told to wait a moment."""
    for _ in range(20):
        if theatre.run(*command).returncode == 0:
            return
        time.sleep(0.5)
    raise AssertionError(command)
