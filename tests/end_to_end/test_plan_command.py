"""The plan before money, from outside: kept and held to, selected from, and refused beyond a price."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from footage import write_clip
from theatre import Theatre, open_theatre

STORYBOARD = """
{% scene "beach" %}{% shot "run" each city in cities %} A runner in {{ city }}. {% endshot %}{% endscene %}
{% scene "town" %}{% shot "walk" %} A walker. {% endshot %}{% endscene %}
"""
PROJECT = "title: Demo\nvariables: {cities: [Paris, Oslo]}\n"


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    """A server with tiny clips, and one project of three shots."""
    root = tmp_path_factory.mktemp("theatre")
    footage = root / "footage"
    footage.mkdir()
    write_clip(footage / "any.mp4", frames=4, hz=None)
    with open_theatre(root, "--footage", str(footage)) as opened:
        opened.write("demo", STORYBOARD, PROJECT)
        yield opened


def plan_of(theatre: Theatre, *options: str) -> dict[str, str]:
    """What is decided of each shot."""
    plan = json.loads(theatre.run("plan", "demo", "--json", *options).stdout)
    return {row["shot"]: row["decision"] for row in plan["shots"]}


def test_a_plan_is_printed_with_its_sum(theatre: Theatre) -> None:
    """Three shots, three calls; time by the vendor's clock."""
    lines = theatre.run("plan", "demo").stdout.splitlines()
    assert lines[1].split() == ["+", "run.paris", "shoot", "10", "new"]
    assert lines[-1].startswith("30 credits in 3 calls, about ")


def test_a_plan_beyond_the_allowed_credits_exits_4(theatre: Theatre) -> None:
    """It is printed all the same; a selection of it may be within."""
    done = theatre.run("plan", "demo", "--max-credits", "29")
    assert done.returncode == 4 and "run.paris" in done.stdout and "max_credits" in done.stderr
    assert theatre.run("plan", "demo", "--max-credits", "10", "--select", "scene:town").returncode == 0


def test_a_plan_refuses_what_a_render_would_refuse(theatre: Theatre) -> None:
    """The author's own files are looked at before a price is told; where the project stands is told all the same."""
    folder = theatre.write("broken", STORYBOARD + '{% footage "packshot" file="packshot.mp4" %}', PROJECT)
    (folder / "packshot.mp4").write_bytes(b"no film at all")
    refused = theatre.run("plan", "broken")
    assert refused.returncode == 3 and "packshot.mp4 cannot be used" in refused.stderr and not refused.stdout
    assert theatre.run("status", "broken").returncode == 0


def test_a_shot_is_not_selected_without_what_it_goes_on_from(theatre: Theatre) -> None:
    """The sentence says what to write; nothing is sent."""
    theatre.write("chain", STORYBOARD + '{% shot "rest" continues=true %} She rests. {% endshot %}', PROJECT)
    refused = theatre.run("render", "chain", "--select", "shot:rest")
    assert refused.returncode == 2 and "--select +shot:rest brings it along" in refused.stderr
    assert theatre.run("plan", "chain", "--select", "+shot:rest").returncode == 0


def test_only_what_is_selected_is_shot(theatre: Theatre) -> None:
    """Selectors may follow one another; without a film yet, it says what is missing and exits 0."""
    done = theatre.run("render", "demo", "--select", "shot:w*", "scene:town")
    assert done.returncode == 0 and "run.paris, run.oslo" in done.stderr
    assert plan_of(theatre) == {"run.paris": "shoot", "run.oslo": "shoot", "walk": "reuse"}


def test_a_plan_that_was_agreed_to_is_held_to(theatre: Theatre, tmp_path: Path) -> None:
    """An edited variable breaks it before anything is sent; edited back, it holds."""
    kept = str(tmp_path / "kept.json")
    assert theatre.run("plan", "demo", "--exclude", "shot:run.paris", "--out", kept).returncode == 0
    charged = len(theatre.charges())
    theatre.write("demo", STORYBOARD.replace("A runner", "A swimmer"), PROJECT)
    refused = theatre.run("render", "demo", "--plan", kept)
    assert refused.returncode == 4 and "run.oslo: asks for something else now" in refused.stderr
    assert len(theatre.charges()) == charged
    theatre.write("demo", STORYBOARD, PROJECT)
    assert theatre.run("render", "demo", "--plan", kept).returncode == 0
    assert plan_of(theatre) == {"run.paris": "shoot", "run.oslo": "reuse", "walk": "reuse"}
