"""Laying the sound out."""

from __future__ import annotations

import pytest
from timelines import a_caption, a_card, a_clip, a_landed, a_timeline, a_voice

from pipeline.model.instructions import Ducking, Mends
from pipeline.model.timeline import MusicTrack
from pipeline.render.sound import EDGE, Fade, Level, Loop, ducked, levelling_db, plan_sound, spoken_ranges
from pipeline.timecode import FrameRange


def test_sound_stands_where_its_picture_stands() -> None:
    """2,000 samples a frame, the trim taken off: clip b begins at frame 180."""
    timeline = a_timeline(a_clip("a"), a_clip("b", start=6, join="dissolve 12"))
    piece = plan_sound(timeline).pieces[1]
    assert (piece.start, piece.stop, piece.offset) == (360_000, 732_000, 12_000)


def test_a_dissolve_crosses_at_equal_power_over_the_shared_frames() -> None:
    """The fall of one is the rise of the other."""
    one, other = plan_sound(a_timeline(a_clip("a"), a_clip("b", join="dissolve 12"))).pieces
    assert one.fall == other.rise == Fade(24_000, power=1)


@pytest.mark.parametrize("join", ["wipe 12", "slide 12 up", "push 12 right"])
def test_what_overlaps_crosses_like_a_dissolve(join: str) -> None:
    """The fall of one is the rise of the other."""
    one, other = plan_sound(a_timeline(a_clip("a"), a_clip("b", join=join))).pieces
    assert one.fall == other.rise == Fade(24_000, power=1)
    assert one.stop - other.start == 24_000


def test_in_a_dip_sound_goes_and_comes_with_its_picture() -> None:
    """Two frames of the first clip, three of the second, which begins where the first ends."""
    one, other = plan_sound(a_timeline(a_clip("a"), a_clip("b", join="dip 5"))).pieces
    assert (one.fall, other.rise) == (Fade(4_000, power=1), Fade(6_000, power=1))
    assert one.stop == other.start


@pytest.mark.parametrize("join", ["cut", "hold 12"])
def test_a_cut_and_a_hold_have_soft_edges_and_share_nothing(join: str) -> None:
    """12 ms on each side."""
    one, other = plan_sound(a_timeline(a_clip("a"), a_clip("b", join=join))).pieces
    assert one.fall == other.rise == Fade(EDGE)
    assert one.stop == other.start


def test_a_lead_lets_sound_begin_before_its_picture() -> None:
    """12 frames: at sample 360,000 instead of 384,000, from its own frame 12 on. The clip before loses nothing."""
    one, other = plan_sound(a_timeline(a_clip("a"), a_clip("b", start=24, lead=12))).pieces
    assert (other.start, other.stop, other.offset) == (360_000, 720_000, 24_000)
    assert (one.stop, one.fall, other.rise) == (384_000, Fade(EDGE), Fade(EDGE))


def test_a_lag_lets_the_sound_before_go_on() -> None:
    """The second clip's picture is seen from sample 336,000 on; the first one's sound is heard until 360,000."""
    one, other = plan_sound(a_timeline(a_clip("a", stop=168), a_clip("b", lag=12))).pieces
    assert (one.stop, other.start) == (360_000, 336_000)
    assert (one.fall, other.rise) == (Fade(EDGE), Fade(EDGE))


def test_a_soft_join_grows_by_what_leads_and_lags() -> None:
    """A dissolve of 12: 12 + 6 frames of rise, 12 + 3 of fall."""
    clips = (a_clip("a", stop=180), a_clip("b", start=24, join="dissolve 12", lead=6, lag=3))
    one, other = plan_sound(a_timeline(*clips)).pieces
    assert (other.rise, one.fall) == (Fade(36_000, power=1), Fade(30_000, power=1))
    assert (one.stop, other.start) == (366_000, 324_000)


@pytest.mark.parametrize(
    ("loudness", "gain"),
    [(-20.0, 0.0), (-17.0, -3.0), (-24.5, 4.5), (-32.0, 8.0), (-7.0, -8.0), (None, 0.0)],
)
def test_clips_are_brought_to_one_loudness_within_bounds(loudness: float | None, gain: float) -> None:
    """−20 LUFS, at most 8 dB; silence is left alone."""
    assert levelling_db(loudness) == gain


def test_an_items_own_sound_comes_on_top() -> None:
    """−23 LUFS wants +3, the author −6."""
    media = a_landed("a", loudness_lufs=-23.0)
    (piece,) = plan_sound(a_timeline(a_clip("a", media=media, sound="-6dB"))).pieces
    assert piece.gain_db == -3.0


def test_what_is_mute_or_silent_has_no_piece() -> None:
    """A muted shot, footage without sound, a card."""
    silent = a_landed("b", samples=0, channels=0, loudness_lufs=None)
    timeline = a_timeline(a_clip("a", sound="mute"), a_clip("b", media=silent), a_card())
    assert plan_sound(timeline).pieces == ()


def test_music_lies_under_the_whole_film() -> None:
    """Looped, levelled like a clip (−16 wants −4), then the author's gain."""
    music = MusicTrack(media=a_landed("c", loudness_lufs=-16.0), file="theme.m4a", gain_db=-12, fade_in=0, fade_out=24)
    *_, piece = plan_sound(a_timeline(a_clip("a"), music=music)).pieces
    assert (piece.start, piece.stop, piece.gain_db, piece.loop) == (0, 384_000, -16.0, Loop())
    assert piece.fall == Fade(48_000)


def test_music_may_begin_later_and_with_a_part_of_its_file() -> None:
    """From frame 24 on to the film's end, its own frames 48 … 95 again and again."""
    used = {"start": 24, "used_start": 48, "used_stop": 96}
    music = MusicTrack(media=a_landed("c"), file="theme.m4a", gain_db=-12, fade_in=0, fade_out=24, **used)
    *_, piece = plan_sound(a_timeline(a_clip("a"), music=music)).pieces
    assert (piece.start, piece.stop, piece.offset) == (48_000, 384_000, 96_000)
    assert piece.loop == Loop(96_000, 192_000)


def test_speech_is_where_somebody_is_known_to_speak() -> None:
    """A narration, and what is said in a clip that is heard; not in a muted one, and not what nobody says."""
    said, noise = a_caption("Go.", "Mara", start=12, stop=36), a_caption("[thunder]", start=48, stop=60)
    timeline = a_timeline(
        a_clip("a", captions=(said, noise)),
        a_clip("b", join="dissolve 12", captions=(said,)),
        a_clip("c", sound="mute", captions=(said,)),
        narrations=(a_voice(start=100, used=(12, 48)),),
    )
    assert spoken_ranges(timeline) == (FrameRange(12, 36), FrameRange(100, 136), FrameRange(192, 216))


def test_music_is_down_from_the_first_word_to_the_last() -> None:
    """It begins to go 6 frames before, and has come back 18 frames after."""
    levels = [*ducked([FrameRange(24, 48)], Ducking())]
    assert levels == [Level(36_000, 0), Level(48_000, -8), Level(96_000, -8), Level(132_000, 0)]


@pytest.mark.parametrize(("pause", "points"), [(23, 4), (24, 4), (25, 8)])
def test_music_stays_down_in_pauses_too_short_to_come_up_in(pause: int, points: int) -> None:
    """18 frames up and 6 down leave nothing of 24."""
    levels = [*ducked([FrameRange(24, 48), FrameRange(30, 40), FrameRange(48 + pause, 100)], Ducking())]
    assert len(levels) == points
    assert [level.at for level in levels] == sorted(level.at for level in levels)


def test_music_that_is_not_ducked_stays_as_it_is() -> None:
    """Whoever speaks."""
    assert [*ducked([FrameRange(24, 48)], Ducking.parse("none"))] == []


def test_a_voice_begins_on_its_frame_and_goes_on_over_joins() -> None:
    """Frame 180 is sample 360,000; 36 frames of its own time from 12 on, with soft edges, levelled (−23 wants +3)."""
    voice = a_voice(start=180, used=(12, 48), media=a_landed("d", loudness_lufs=-23.0))
    *_, piece = plan_sound(a_timeline(a_clip("a"), a_clip("b"), narrations=(voice,))).pieces
    assert (piece.start, piece.stop, piece.offset) == (360_000, 432_000, 24_000)
    assert (piece.rise, piece.fall, piece.gain_db, piece.loop) == (Fade(EDGE), Fade(EDGE), 3.0, None)


def test_two_voices_may_speak() -> None:
    """Each is a piece of its own."""
    pieces = plan_sound(a_timeline(a_clip("a", sound="mute"), narrations=(a_voice(), a_voice(start=24)))).pieces
    assert [piece.start for piece in pieces] == [0, 48_000]


def test_an_item_may_keep_its_clicks() -> None:
    """Its own side of both cuts, never the other clip's; a dissolve is no mend and stays."""
    raw = Mends.parse("loudness")
    a, b, c = plan_sound(
        a_timeline(a_clip("a"), a_clip("b", mend=raw), a_clip("c", join="dissolve 12", mend=raw))
    ).pieces
    assert (a.fall, b.rise) == (Fade(EDGE), Fade(0))
    assert b.fall == c.rise == Fade(24_000, power=1)
    assert c.fall == Fade(0)


def test_an_item_may_keep_its_level() -> None:
    """−26 would want +6; its own gain still counts."""
    media = a_landed("a", loudness_lufs=-26.0)
    (piece,) = plan_sound(a_timeline(a_clip("a", media=media, sound="-2dB", mend=Mends.parse("click")))).pieces
    assert (piece.gain_db, piece.rise) == (-2.0, Fade(EDGE))
