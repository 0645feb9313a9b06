"""`kill -9` of a render at random moments: the film comes out, and no credit is spent twice."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest
from theatre import Theatre, open_theatre

STORYBOARD = """
{% scene "beach" %}
{% shot "run" each city in ["Paris", "Oslo", "Rome"] %} A runner in {{ city }}. {% endshot %}
{% shot "end" join="dissolve 12" %} A quiet harbour. {% endshot %}
{% endscene %}
"""


def kill_after(theatre: Theatre, seconds: float) -> bool:
    """Start a render and kill it, with all that it started; whether it was still at work."""
    render = theatre.start("render", "demo")
    time.sleep(seconds)
    was_running = render.poll() is None
    if was_running:
        os.kill(render.pid, signal.SIGKILL)
    render.wait()
    return was_running


def assert_comes_out(theatre: Theatre, kills: int, seed: int) -> None:
    """After each kill the doubtful takes are resolved by the server's log; then a render ends well."""
    chance = random.Random(seed)
    for number in range(kills):
        theatre.write("demo", STORYBOARD.replace("harbour", f"harbour {number}"))  # there is always something to do
        kill_after(theatre, chance.uniform(0.5, 4.0))
        theatre.resolve_by_the_servers_log("demo")
    done = theatre.run("render", "demo")
    assert done.returncode == 0, done.stderr
    assert (theatre.root / "projects/demo/out/demo.mp4").exists()
    assert set(theatre.charges_by_request().values()) <= {1}


def test_a_killed_render_goes_on_and_pays_nothing_twice(tmp_path: Path) -> None:
    """Three kills; the long round is `make torture`."""
    with open_theatre(tmp_path, "--clips", "plain") as theatre:
        assert_comes_out(theatre, kills=3, seed=7)


@pytest.mark.torture
def test_twenty_kills_of_a_render(tmp_path: Path) -> None:
    """At moments from the first import to the finished film."""
    with open_theatre(tmp_path, "--clips", "plain") as theatre:
        assert_comes_out(theatre, kills=20, seed=20)
