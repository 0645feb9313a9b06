"""Adding sound up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from timelines import a_clip, a_landed, a_timeline, a_voice

from pipeline.media.mixing import envelope, mix_blocks
from pipeline.model.instructions import Ducking, Mends
from pipeline.model.timeline import MusicTrack
from pipeline.render.sound import Fade, SoundPlan, plan_sound


def mixed(plan: SoundPlan, pcm_path: Path) -> np.ndarray:
    return np.concatenate(list(mix_blocks(plan, lambda _: pcm_path)))


def ones(path: Path, samples: int) -> Path:
    """PCM that is 1 everywhere."""
    np.ones((samples, 2), np.float32).tofile(path)
    return path


def test_two_fades_of_equal_power_add_up_to_one_power() -> None:
    """At every sample of the overlap."""
    at = np.arange(1_000)
    power = envelope(at, Fade(1_000, power=1)) ** 2 + envelope(999 - at, Fade(1_000, power=1)) ** 2
    assert power == pytest.approx(np.ones(1_000))


def test_sound_is_as_long_as_the_film_in_blocks_or_whole(tmp_path: Path) -> None:
    """20 s are five blocks; the middle of each clip is untouched."""
    clips = (a_clip("a", media=a_landed("a", frames=240)), a_clip("b", media=a_landed("b", frames=240)))
    whole = mixed(plan_sound(a_timeline(*clips)), ones(tmp_path / "a.f32", 480_000))
    assert whole.shape == (960_000, 2)
    assert whole[1_000:479_000].min() == whole[481_000:959_000].min() == 1


def test_a_clip_whose_sound_ends_early_goes_on_in_silence(tmp_path: Path) -> None:
    """95 ms short, as one route's clips are; it ends as softly as at a cut, over 576 samples."""
    whole = mixed(plan_sound(a_timeline(a_clip("a"))), ones(tmp_path / "a.f32", 379_440))
    assert whole[1_000 : 379_440 - 576].min() == 1
    assert whole[379_440 - 288, 0] == pytest.approx(0.5, abs=0.01)
    assert whole[379_439, 0] < 0.001
    assert np.abs(whole[379_440:]).max() == 0


@pytest.mark.parametrize("samples", [191_900, 192_100, 192_500])
def test_a_sound_that_ends_about_a_blocks_edge_ends_softly_too(tmp_path: Path, samples: int) -> None:
    """Blocks of 4 s, 192,000 samples, leave no step."""
    whole = mixed(plan_sound(a_timeline(a_clip("a"))), ones(tmp_path / "a.f32", samples))[1_000:380_000, 0]
    assert np.abs(np.diff(whole)).max() < 0.004
    assert whole[samples - 1_000 - 600] == 1


def test_an_unmended_clip_that_ends_early_ends_as_it_is(tmp_path: Path) -> None:
    """Its last sample is untouched."""
    plan = plan_sound(a_timeline(a_clip("a", mend=Mends.parse("none"))))
    assert mixed(plan, ones(tmp_path / "a.f32", 379_440))[379_439, 0] == 1


def test_a_trim_takes_the_sound_along(tmp_path: Path) -> None:
    """From frame 24 on, sample 48,000 is the first."""
    pcm_path = tmp_path / "a.f32"
    np.repeat(np.arange(384_000, dtype=np.float32), 2).tofile(pcm_path)
    whole = mixed(plan_sound(a_timeline(a_clip("a", start=24))), pcm_path)
    assert whole[1_000].tolist() == [49_000, 49_000]


def test_music_begins_again_where_it_ends(tmp_path: Path) -> None:
    """100,000 samples under 384,000, with a soft edge at each seam."""
    music = MusicTrack(media=a_landed("c"), file="theme.m4a", gain_db=0, fade_in=0, fade_out=0)
    plan = plan_sound(a_timeline(a_clip("a", sound="mute"), music=music))
    whole = mixed(plan, ones(tmp_path / "c.f32", 100_000))
    assert whole[[50_000, 150_000, 250_000, 350_000], 0].tolist() == [1, 1, 1, 1]
    assert np.abs(whole[[99_999, 100_000, 200_000]]).max() < 0.001


def test_of_trimmed_music_the_used_part_goes_round(tmp_path: Path) -> None:
    """Frames 2 to 5 of it, 6,000 samples, from frame 1 of the film on: 4,000 is heard again at 8,000 and 14,000."""
    pcm_path = tmp_path / "c.f32"
    np.repeat(np.arange(20_000, dtype=np.float32), 2).tofile(pcm_path)
    used = {"start": 1, "used_start": 2, "used_stop": 5}
    music = MusicTrack(media=a_landed("c"), file="theme.m4a", gain_db=0, fade_in=0, fade_out=0, **used)
    whole = mixed(plan_sound(a_timeline(a_clip("a", sound="mute"), music=music)), pcm_path)
    assert np.abs(whole[:2_000]).max() == 0
    assert whole[[5_000, 11_000, 17_000], 0].tolist() == [7_000, 7_000, 7_000]


def test_music_goes_down_before_a_voice_and_comes_back_after_it(tmp_path: Path) -> None:
    """By 6 dB within 2 frames, and up within 4; halfway it is 3 dB lower. Blocks of 4 s do not show in it."""
    music = MusicTrack(
        media=a_landed("c"), file="theme.m4a", gain_db=0, fade_in=0, fade_out=0, duck=Ducking.parse("-6dB 2f 4f")
    )
    timeline = a_timeline(a_clip("a", sound="mute"), music=music, narrations=(a_voice(start=90, used=(0, 12)),))
    plan = plan_sound(timeline)
    (alone,) = (piece for piece in plan.pieces if piece.loop)
    whole = mixed(replace(plan, pieces=(alone,)), ones(tmp_path / "c.f32", 400_000))[:, 0]
    down, halfway = 10 ** (-6 / 20), 10 ** (-3 / 20)
    frames = {87: 1, 88: 1, 89: halfway, 90: down, 96: down, 102: down, 104: halfway, 106: 1, 110: 1}
    assert whole[[frame * 2_000 for frame in frames]] == pytest.approx([*frames.values()], abs=1e-5)


def test_a_voice_is_heard_in_its_own_samples_alone(tmp_path: Path) -> None:
    """From frame 24 to frame 48: samples 48,000 to 95,999, silence on both sides."""
    plan = plan_sound(a_timeline(a_clip("a", sound="mute"), narrations=(a_voice(start=24, used=(0, 24)),)))
    heard = np.flatnonzero(np.abs(mixed(plan, ones(tmp_path / "d.f32", 96_000))[:, 0]) > 1e-9)
    assert (heard[0], heard[-1], len(heard)) == (48_000, 95_999, 48_000)


def test_an_unmended_clip_begins_and_ends_as_it_is(tmp_path: Path) -> None:
    """No sample of it is touched."""
    plan = plan_sound(a_timeline(a_clip("a", mend=Mends.parse("none"))))
    assert mixed(plan, ones(tmp_path / "a.f32", 384_000)).min() == 1
