"""The score card through the command line: of a film, before one, and as a gate for others."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from theatre import Theatre, open_theatre, short_clips

CHAIN = """{% scene "s" %}
{% shot "run" %} A runner at dawn. {% endshot %}
{% shot "rest" continues=true %} She rests. {% endshot %}
{% card "end" text="End" for="1s" %}
{% endscene %}"""


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    """A film of a chain; the server's clips are one grey each."""
    root = tmp_path_factory.mktemp("theatre")
    with open_theatre(root, *short_clips(root / "clips", frames=48)) as opened:
        opened.write("demo", CHAIN)
        opened.write("unshot", CHAIN.replace("dawn", "dusk"))
        rendered = opened.run("render", "demo")
        assert rendered.returncode == 0, rendered.stderr
        yield opened


def test_the_score_card_is_of_the_film_that_was_made(theatre: Theatre) -> None:
    """Its length is the film's: the picture that `rest` was given is shown once, in both."""
    card = json.loads(theatre.run("seams", "demo", "--json").stdout)
    film = json.loads((theatre.root / "projects/demo/build/film.json").read_text())
    assert [(seam["left"], seam["right"], seam["chain"]) for seam in card["seams"]] == [
        ("", "run", False),
        ("run", "rest", True),
        ("rest", "end", False),
    ]
    assert card["schema"] == "Seams.1"
    assert card["frames"] == film["frames"] == 48 + 48 + 24 - card["dropped"]
    assert card["dropped"] == card["seams"][1]["dropped"]


def test_flaws_that_are_not_mended_fail_where_that_is_asked(theatre: Theatre) -> None:
    """Exit 3 with a sentence for each; kinds that are not named pass, and a word that is no flaw is refused."""
    failed = theatre.run("seams", "demo", "--fail-on", "any")
    assert (failed.returncode, "run: the picture is frozen for" in failed.stderr) == (3, True)
    assert theatre.run("seams", "demo", "--fail-on", "flash,bars").returncode == 0
    refused = theatre.run("seams", "demo", "--fail-on", "wobble")
    assert (refused.returncode, 'no flaw "wobble"' in refused.stderr) == (2, True)


def test_before_a_film_it_says_what_it_cannot_judge(theatre: Theatre) -> None:
    """Nothing is sent, nothing is charged."""
    told = theatre.run("seams", "unshot")
    assert told.returncode == 0
    assert "there is no clip yet: run, rest" in told.stdout
    assert len(theatre.charges()) == 2
