"""Takes through the command line: asked for, shot, chosen, let go; what is in the film and what it cost."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from theatre import Theatre, open_theatre

ONE_SHOT = '{% scene "s" %}{% shot "run" %} A runner at {{ hour }}. {% endshot %}{% endscene %}'
PROJECT = "title: Demo\nvariables: {hour: dawn}\n"


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    with open_theatre(tmp_path_factory.mktemp("theatre"), "--clips", "plain") as opened:
        yield opened


def film_of(theatre: Theatre, project: str) -> tuple[str, int]:
    """The only clip of the film that a render makes now, and how many clips were charged by then."""
    assert theatre.run("render", project).returncode == 0
    timeline = json.loads((theatre.root / f"projects/{project}/build/timeline.json").read_text())
    return timeline["clips"][0]["media"]["sha256"], len(theatre.charges())


def test_a_retake_comes_into_the_film_and_a_circle_takes_it_out(theatre: Theatre) -> None:
    """Two clips are paid for; choosing between them is free."""
    folder = theatre.write("demo", ONE_SHOT, PROJECT)
    first, _ = film_of(theatre, "demo")
    assert theatre.run("retake", "demo", "run", "--note", "slower").returncode == 0
    second, _ = film_of(theatre, "demo")
    assert theatre.run("circle", "demo", "run", "1").returncode == 0
    (folder / "project.yaml").write_text(PROJECT.replace("dawn", "dusk"))
    assert (film_of(theatre, "demo"), second != first) == ((first, 2), True)
    assert len((folder / "takes.lock").read_text().splitlines()) == 3
    told = [
        (line["slate"], line["is_in_film"], line["is_circled"], line["is_stale"], line["note"], line["credits"])
        for line in json.loads(theatre.run("takes", "demo", "--json").stdout)
    ]
    assert told == [
        ("demo/run/tk01", True, True, True, "", 10),
        ("demo/run/tk02", False, False, True, "slower", 10),
    ]


def test_the_status_of_all_projects_adds_up_and_a_broken_one_is_a_row(theatre: Theatre) -> None:
    """Two films share a clip: one bought it, the other saved its price."""
    for name in ("bought", "shared"):
        theatre.write(name, ONE_SHOT.replace("runner", "swimmer"), PROJECT)
        film_of(theatre, name)
    theatre.write("broken", "{% shot %}", PROJECT)
    done = json.loads(theatre.run("status", "--json").stdout)
    lines = {line["project"]: line for line in done["projects"]}
    assert [lines[name]["credits"]["spent"] for name in ("bought", "shared", "broken")] == [10, 0, 0]
    assert [lines[name]["credits"]["saved"] for name in ("bought", "shared", "broken")] == [0, 10, 0]
    assert lines["broken"]["trouble"].startswith("storyboard.jinja:1") and lines["shared"]["has_film"]
    assert done["credits"]["spent"] == sum(line["credits"]["spent"] for line in done["projects"])


def test_a_retake_that_nobody_wants_any_more_is_not_shot(theatre: Theatre) -> None:
    """Asked for twice, withdrawn once: nothing is left of either."""
    theatre.write("moody", ONE_SHOT.replace("runner", "walker"), PROJECT)
    _, charged = film_of(theatre, "moody")
    for note in ("slower", "faster"):
        assert theatre.run("retake", "moody", "run", "--note", note).returncode == 0
    assert theatre.run("retake", "moody", "run", "--withdraw").returncode == 0
    assert film_of(theatre, "moody")[1] == charged


def test_a_lock_file_with_a_conflict_stops_everything_and_names_its_line(theatre: Theatre) -> None:
    """Nothing is sent by a guess."""
    folder = theatre.write("merged", ONE_SHOT, PROJECT)
    (folder / "takes.lock").write_text("<<<<<<< HEAD\n")
    done = theatre.run("render", "merged")
    assert done.returncode == 2 and "projects/merged/takes.lock:1: git left a conflict" in done.stderr
