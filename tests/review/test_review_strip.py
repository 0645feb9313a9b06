"""The strip: clips and joins to scale."""

from __future__ import annotations

import pytest
from builders_review import a_media, a_shot, a_storyboard, a_timeline, facts_of

from pipeline.model.timeline import NarrationTrack
from pipeline.review.scenes import view_scenes
from pipeline.review.strip import Strip, view_strip


def strip_of(*shots: object, frames: int = 100) -> Strip:
    board = a_storyboard(*shots)
    timeline = a_timeline(board, frames=frames)
    return view_strip(timeline, view_scenes(facts_of(board, timeline=timeline)))


def test_clips_stand_to_scale():
    """Two clips of 100 frames, cut: half of the strip each."""
    strip = strip_of(a_shot("a"), a_shot("b"))
    assert [(clip.x, clip.width) for clip in strip.clips] == [(0, 50), (50, 50)]
    assert strip.joins == ()


def test_a_dissolve_covers_the_shared_frames():
    """100 + 100 − 40 = 160 frames; the shared ones are 60 … 99."""
    strip = strip_of(a_shot("a"), a_shot("b", join="dissolve 40"))
    assert [(clip.x, clip.width) for clip in strip.clips] == [(0, 62.5), (37.5, 62.5)]
    assert [(join.x, join.width) for join in strip.joins] == [(37.5, 25)]


def test_a_hold_covers_the_tail_of_the_clip_before():
    """Nothing is shared: 200 frames, and the hold lies on frames 80 … 99."""
    strip = strip_of(a_shot("a"), a_shot("b", join="hold 20"))
    assert [(clip.x, clip.width) for clip in strip.clips] == [(0, 50), (50, 50)]
    assert [(join.x, join.width, join.says) for join in strip.joins] == [(40, 10, "hold, 20 frames, into b")]


def test_a_dip_lies_on_both_sides_of_the_cut():
    """Nothing is shared: 200 frames, and the dip lies on frames 90 … 109."""
    (join,) = strip_of(a_shot("a"), a_shot("b", join="dip 20 white")).joins
    assert (join.x, join.width, join.says) == (45, 10, "dip, 20 frames, white, into b")


def test_a_wipe_covers_the_shared_frames():
    """100 + 100 − 40 = 160 frames; the shared ones are 60 … 99."""
    (join,) = strip_of(a_shot("a"), a_shot("b", join="wipe 40")).joins
    assert (join.x, join.width, join.says) == (37.5, 25, "wipe, 40 frames, left, into b")


def test_a_voice_lies_under_the_frames_in_which_it_is_heard():
    """From frame 50 of 200 on, for 40 frames."""
    board = a_storyboard(a_shot("a"), a_shot("b"))
    voice = NarrationTrack(media=a_media(), file="voice.wav", start=50, used_start=10, used_stop=50, gain_db=0)
    timeline = a_timeline(board, frames=100).model_copy(update={"narrations": (voice,)})
    strip = view_strip(timeline, view_scenes(facts_of(board, timeline=timeline)))
    assert strip.voices == (("voice.wav", 25, 20),)


@pytest.mark.parametrize(("frames", "count", "second"), [(24, 1, None), (192, 8, "0:01"), (192 * 21, 11, "0:15")])
def test_ticks_are_whole_seconds_and_few(frames: int, count: int, second: str | None):
    """1 s: the start alone; 8 s: every second; 168 s: every 15 s, the one at 165 s too near the edge."""
    ticks = strip_of(a_shot("a"), frames=frames).ticks
    assert len(ticks) == count
    assert ticks[0].says == "0:00"
    assert second is None or ticks[1].says == second


def test_scenes_without_items_are_left_out():
    """Scenes take their colours in the order in which they are seen."""
    scenes = view_scenes(facts_of(a_storyboard(a_shot("a", scene="one"), a_shot("b", scene="two"))))
    assert [(scene.id, scene.colour, scene.place) for scene in scenes] == [
        ("one", 0, "00:00:00:00 – 00:00:08:00"),
        ("two", 1, "00:00:08:00 – 00:00:16:00"),
    ]
