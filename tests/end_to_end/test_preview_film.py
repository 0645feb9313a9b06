"""A preview from the command line: the film's own edit over painted clips, without a vendor."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from theatre import Theatre

STORYBOARD = """
{% scene "night" sound="-6dB" %}
{% shot "sea" %} A dark sea at night. {% title "Carry the mountain." from="1s" for="3s" %} {% endshot %}
{% shot "street" join="dissolve 12" %} A street at {{ hour }}. {% endshot %}
{% endscene %}
"""
PROJECT = "title: Demo\nvariables: {hour: night}\n"


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    """A workspace without any server, and a project that was previewed once."""
    without_server = Theatre(tmp_path_factory.mktemp("preview"), url="")
    without_server.write("demo", STORYBOARD, PROJECT)
    assert preview(without_server)["painted"] == ["sea", "street"]
    yield without_server


def preview(theatre: Theatre, *options: str) -> dict[str, Any]:
    done = theatre.run("preview", "demo", "--json", *options)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def pictures_of(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as film:
        return [frame.to_ndarray(format="gray") for frame in film.decode(video=0)]


def bright_share(picture: np.ndarray) -> float:
    """How much of the picture's middle is nearly white."""
    height, width = picture.shape
    return float((picture[height // 3 : height * 2 // 3, width // 8 : -width // 8] > 220).mean())


def test_a_preview_is_as_long_as_the_film_and_shows_its_titles(theatre: Theatre) -> None:
    """2 × 192 − 12 = 372 frames; the title is seen from frame 24 to 96, and white on a dark sea."""
    pictures = pictures_of(theatre.root / "projects/demo/build/preview.mp4")
    assert (len(pictures), pictures[0].shape) == (372, (360, 640))
    assert bright_share(pictures[60]) > 0.02 > 0.002 > bright_share(pictures[120])


def test_a_preview_touches_neither_ledger_nor_sandbox(theatre: Theatre) -> None:
    """All it keeps are clips and spans of its own."""
    kept = theatre.root / ".storyreel"
    assert [path.name for path in kept.iterdir()] == ["preview"]
    assert list(kept.rglob("*.sqlite3*")) == []


def test_one_changed_shot_paints_one_clip(theatre: Theatre) -> None:
    """The other comes from the cache; without a change nothing is made at all."""
    changed = preview(theatre, "--var", "hour=dawn")
    assert (changed["painted"], changed["film"]["frames"]) == (["street"], 372)
    assert preview(theatre, "--var", "hour=dawn") == {**changed, "painted": []}


def test_findings_end_a_preview_as_they_end_a_check(theatre: Theatre) -> None:
    """Exit code 3, and the finding as data."""
    theatre.write("broken", '{% shot "sea" %}A {{ sae }}.{% endshot %}')
    done = theatre.run("preview", "broken", "--json")
    assert done.returncode == 3
    assert "sae" in json.loads(done.stdout)["findings"][0]["says"]
