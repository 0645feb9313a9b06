"""From a template to a film through the command line, a real server and real files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from film_reading import marked_frames, sound_of, tone_begins
from theatre import Theatre, open_theatre

from pipeline.media.animatic import mark_hz

STORYBOARD = """
{% scene "beach" look="golden hour" %}
{% shot "run" each city in ["Paris", "Oslo"] %} A runner in {{ city }}. {% endshot %}
{% shot "sea" join="dissolve 12" %} Waves at {{ hour }}. {% endshot %}
{% shot "end" join="hold 12" %} A quiet harbour. {% endshot %}
{% endscene %}
"""
PROJECT = "title: Demo\nvariables: {hour: dawn}\n"
FRAME_SAMPLES = 2_000


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    """A server with plain, marked clips, and a film of four shots that was rendered once."""
    with open_theatre(tmp_path_factory.mktemp("theatre"), "--clips", "plain") as opened:
        opened.write("demo", STORYBOARD, PROJECT)
        done = opened.run("render", "demo")
        assert done.returncode == 0, done.stderr
        yield opened


def film_path(theatre: Theatre) -> Path:
    return theatre.root / "projects/demo/out/demo.mp4"


def test_a_film_is_as_long_as_its_clips_less_their_overlaps(theatre: Theatre) -> None:
    """4 × 192 − 12 = 756 frames; a hold shares nothing. 2,000 samples a frame."""
    film = json.loads((theatre.root / "projects/demo/build/film.json").read_text())
    assert (film["frames"], film["samples"]) == (756, 756 * FRAME_SAMPLES)
    assert len(sound_of(film_path(theatre))) == 756 * FRAME_SAMPLES


def test_every_shots_picture_stands_in_its_place(theatre: Theatre) -> None:
    """Frame 96 of each clip carries the mark: at 96, 192 + 96, 372 + 96 and 564 + 96."""
    assert marked_frames(film_path(theatre)) == [96, 288, 468, 660]


def test_every_shots_sound_stands_in_its_place(theatre: Theatre) -> None:
    """The tone of each shot begins with its frame 96, within a frame."""
    sound = sound_of(film_path(theatre))
    for shot, frame in (("run.paris", 96), ("run.oslo", 288), ("sea", 468), ("end", 660)):
        assert abs(tone_begins(sound, mark_hz(shot)) - frame * FRAME_SAMPLES) <= FRAME_SAMPLES, shot


def test_each_shot_was_charged_once(theatre: Theatre) -> None:
    """Four shots, four charges."""
    assert sorted(theatre.charges_by_request().values()) == [1, 1, 1, 1]


def test_a_second_render_changes_nothing_and_costs_nothing(theatre: Theatre) -> None:
    """Not a call, and the same file."""
    requests, film = theatre.state_dir / "requests.jsonl", film_path(theatre)
    before = (requests.read_text(), film.stat().st_mtime_ns)
    assert theatre.run("render", "demo").returncode == 0
    assert (requests.read_text(), film.stat().st_mtime_ns) == before


def test_after_an_edit_only_what_it_touches_is_shot(theatre: Theatre) -> None:
    """One variable stands in one prompt: one new charge, and the plan said so."""
    before = len(theatre.charges())
    plan = json.loads(theatre.run("plan", "demo", "--var", "hour=dusk", "--json").stdout)
    done = theatre.run("render", "demo", "--var", "hour=dusk")
    assert done.returncode == 0, done.stderr
    assert (plan["credits"], len(theatre.charges()) - before) == (10, 1)
    assert theatre.run("render", "demo").returncode == 0  # edited back: the old clip is still there
    assert len(theatre.charges()) - before == 1


def test_what_people_look_at_is_there(theatre: Theatre) -> None:
    """Film, contact sheet, poster, animation, and a report that names every shot."""
    folder = theatre.root / "projects/demo"
    report = (folder / "build/report.html").read_text()
    assert all(f"demo/{shot}/tk01" in report for shot in ("run.paris", "run.oslo", "sea", "end"))
    assert all(
        (folder / "out" / name).stat().st_size > 1000 for name in ("demo.jpg", "demo-contact.jpg", "demo-preview.webp")
    )


def test_captions_lie_beside_the_film(theatre: Theatre) -> None:
    """`end` begins at frame 564, 23.5 s. A caption asks for no new clip."""
    caption = '{% caption "Home." on="end" from="1s" for="2s" %}\n{% endscene %}'
    before, srt_path = len(theatre.charges()), film_path(theatre).with_suffix(".srt")
    theatre.write("demo", STORYBOARD.replace("{% endscene %}", caption), PROJECT)
    assert theatre.run("render", "demo").returncode == 0
    assert srt_path.read_text().strip() == "1\n00:00:24,500 --> 00:00:26,500\nHome."
    assert len(theatre.charges()) == before
