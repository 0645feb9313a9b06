"""The sample series: what its films share, and what a change of one of them touches. Counted by hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.compiler import Sources, compile_storyboard, read_sources
from pipeline.compiler.findings import Findings
from pipeline.compiler.listing import list_series
from pipeline.model.join import JoinKind
from pipeline.model.storyboard import Storyboard
from pipeline.project import ProjectPaths
from pipeline.timecode import FRAME_RATE, SHOT_FRAMES

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def sources() -> Sources:
    return read_sources(ProjectPaths(ROOT / "projects" / "night_shift"), ROOT / "templates")


def films(sources: Sources) -> dict[str, Storyboard]:
    """By episode, each without a warning."""
    series = list_series(Findings(sources))
    assert series is not None
    compiled = {each.name: compile_storyboard(sources.of(each)) for each in series.episodes}
    assert all(film.warnings == () for film in compiled.values())
    return {name: film.storyboard for name, film in compiled.items()}


def prompts(film: Storyboard) -> dict[str, str]:
    return {shot.id: shot.prompt for shot in film.shots}


def test_thirty_shots_are_shot_as_twenty_one_clips(sources: Sources):
    """Five a film. The city is in all six, the tram in three, the beam and the boats in two: 30 − 5 − 2 − 1 − 1."""
    season = films(sources)
    assert [len(film.shots) for film in season.values()] == [5] * 6
    used = Counter(prompt for film in season.values() for prompt in prompts(film).values())
    assert len(used) == 21
    assert sorted(number for number in used.values() if number > 1) == [2, 2, 3, 6]


def test_every_film_lasts_about_forty_seconds(sources: Sources):
    """Five shots of 8 s, but for what a meeting leaves out and a dissolve takes, and the last card."""
    for film in films(sources).values():
        overlaps = sum(item.join.frames for item in film.items if item.join.kind is JoinKind.DISSOLVE)
        lengths = [
            item.frames if item.kind == "card" else len(range(SHOT_FRAMES)[item.trim.start : item.trim.stop])
            for item in film.items
        ]
        assert 35 <= (sum(lengths) - overlaps) / FRAME_RATE <= 40


def test_another_weather_for_one_episode_changes_its_own_three_shots_alone(sources: Sources):
    """Fog over the last tram: neither the city nor the meeting asks for anything else, and no other film does."""
    text = sources.texts["series.yaml"].replace("A night of steady rain", "A night of thin fog", 1)
    before, after = films(sources), films(replace(sources, texts={**sources.texts, "series.yaml": text}))
    changed = {
        shot
        for name, film in after.items()
        for shot, prompt in prompts(film).items()
        if prompts(before[name])[shot] != prompt
    }
    assert changed == {"s01e01.work.stop", "s01e01.work.run", "s01e01.work.bridge"}
