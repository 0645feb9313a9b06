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
