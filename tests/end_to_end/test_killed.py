"""`kill -9` of a render at random moments: the film comes out, and no credit is spent twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
from pathlib import Path

import pytest
from theatre import Theatre, open_theatre

STORYBOARD = """
{% scene "beach" %}
{% shot "run" each city in ["Paris", "Oslo", "Rome"] %} A runner in {{ city }}. {% endshot %}
{% shot "end" join="dissolve 12" continues="run.oslo -1" %} A quiet harbour. {% endshot %}
{% endscene %}
"""


KILLS_A_FILM = 5


def kill_after(theatre: Theatre, project: str, seconds: float) -> bool:
    """Start a render and kill it; False if it had ended well by then."""
    render = theatre.start("render", project)
    try:
        assert render.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        os.kill(render.pid, signal.SIGKILL)
        render.wait()
        return True
    return False


def film_in_spite_of_kills(theatre: Theatre, project: str, chance: random.Random) -> int:
    """Kill its render a few times, resolving doubts by the server's log, and let the last one end; the kills."""
    theatre.write(
        project, STORYBOARD.replace("harbour", f"harbour of {project}").replace("runner", f"{project} runner")
    )
    kills = 0
    while kills < KILLS_A_FILM and kill_after(theatre, project, chance.uniform(0.6, 5.0)):
        kills += 1
        theatre.resolve_by_the_servers_log(project)
    done = theatre.run("render", project)
    assert done.returncode == 0, done.stderr
    assert (theatre.root / f"projects/{project}/out/{project}.mp4").exists()
    return kills


def assert_comes_out(theatre: Theatre, kills: int, seed: int) -> None:
    """So many kills over as many films as it takes; every request was charged once."""
    chance, films, happened = random.Random(seed), 0, 0
    while happened < kills:
        films += 1
        happened += film_in_spite_of_kills(theatre, f"film{films}", chance)
    print(f"{happened} kills, {films} films, {len(theatre.charges())} charges, seed {seed}")
    assert set(theatre.charges_by_request().values()) == {1}
    assert len(theatre.charges_by_request()) == 4 * films


def test_a_killed_render_goes_on_and_pays_nothing_twice(tmp_path: Path) -> None:
    """Three kills at least; the long round is `make torture`."""
    with open_theatre(tmp_path, "--clips", "plain") as theatre:
        assert_comes_out(theatre, kills=3, seed=7)


@pytest.mark.torture
def test_twenty_kills_of_a_render(tmp_path: Path) -> None:
    """At moments from the first import to the finished film."""
    with open_theatre(tmp_path, "--clips", "plain") as theatre:
        assert_comes_out(theatre, kills=20, seed=20)
