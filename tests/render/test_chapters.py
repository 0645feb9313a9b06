"""Dividing a film into chapters."""

from __future__ import annotations

from timelines import a_card, a_clip, a_timeline

from pipeline.model.timeline import Clip
from pipeline.render.chapters import plan_chapters


def chapters(*clips: Clip) -> list[tuple[str, int, int]]:
    return [(each.title, each.place.start, each.place.stop) for each in plan_chapters(a_timeline(*clips))]


def of_scene(scene: str, letter: str, join: str = "cut") -> Clip:
    return a_clip(letter, join=join).model_copy(update={"scene": scene})


def test_each_run_of_a_scenes_clips_is_a_chapter() -> None:
    """Two clips of 192 frames at the beach, one at sea."""
    clips = of_scene("beach", "a"), of_scene("beach", "b"), of_scene("sea", "c")
    assert chapters(*clips) == [("beach", 0, 384), ("sea", 384, 576)]


def test_a_join_belongs_to_the_scene_that_comes() -> None:
    """A dissolve of 12 begins at 180, and so does the chapter: none has a frame of another."""
    assert chapters(of_scene("beach", "a"), of_scene("sea", "b", "dissolve 12")) == [
        ("beach", 0, 180),
        ("sea", 180, 372),
    ]


def test_a_scene_that_comes_back_is_another_chapter() -> None:
    """Chapters follow one another in time."""
    clips = of_scene("beach", "a"), of_scene("sea", "b"), of_scene("beach", "c")
    assert [title for title, _, _ in chapters(*clips)] == ["beach", "sea", "beach"]


def test_what_stands_in_no_scene_is_named_after_itself() -> None:
    """A card behind the last scene."""
    end = a_card().model_copy(update={"scene": ""})
    assert chapters(of_scene("beach", "a"), end) == [("beach", 0, 192), ("card", 192, 240)]


def test_a_film_of_one_scene_has_no_chapters() -> None:
    """One chapter would say nothing."""
    assert chapters(of_scene("beach", "a"), of_scene("beach", "b")) == []
