"""Whole films, listened to: every sound at its sample, no click, the levels that were ordered."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from cutting_room import Cutting
from footage import greys_of, sound_of
from timelines import a_caption

from pipeline.media.loudness import LoudnessMeter
from pipeline.media.probe import inspect
from pipeline.model.delivery import PRESETS, Delivery
from pipeline.model.instructions import Ducking
from pipeline.model.timeline import Clip, MusicTrack
from pipeline.timecode import SAMPLES_PER_FRAME

MONO = {"layout": "mono", "sample_rate": 44_100, "hz": 443.0}
CUT_OFF = {"cut_off": 0.095, "hz": 311.0}  # as one route's clips are
SILENT = {"hz": None}
QUIET = 10 ** (-60 / 20)


@pytest.fixture
def cutting(tmp_path: Path) -> Cutting:
    return Cutting(tmp_path)


def stereo_of(path: Path) -> np.ndarray:
    """Samples by channels, through the edit list."""
    with av.open(str(path)) as film:
        return np.concatenate([frame.to_ndarray() for frame in film.decode(audio=0)], axis=1).T


def lufs_of(sound: np.ndarray) -> float:
    meter = LoudnessMeter.of_pcm()
    for start in range(0, len(sound), 4_800):
        meter.feed_pcm(np.ascontiguousarray(sound[start : start + 4_800], np.float32))
    meter.feed(None)
    heard = meter.read()
    assert heard is not None
    return heard


def test_sound_is_as_long_as_the_picture_to_the_sample(cutting: Cutting) -> None:
    """Mono at 44.1 kHz, none at all, and sound 95 ms short, in joins of all kinds: 5 × 12 frames less 2 × 4."""
    clips = (
        cutting.clip("a", frames=12),
        cutting.clip("b", frames=12, join="dissolve 4", **MONO),
        cutting.clip("c", frames=12, join="hold 4", **SILENT),
        cutting.clip("d", frames=12, join="dip 5", **CUT_OFF),
        cutting.clip("e", frames=12, join="push 4", **MONO),
    )
    cutting.cut(*clips)
    seen = inspect(cutting.film_path, must_be_mp4=True)
    assert (seen.frames, seen.samples, len(sound_of(cutting.film_path))) == (52, 104_000, 104_000)


def flash(n: int) -> int:
    return 235 if n == 6 else 30


def knock(at: np.ndarray) -> np.ndarray:
    """A sound that rises at once, every twelfth of a second, and dies away: it fits itself at one place alone."""
    return np.exp(-60 * (at % (1 / 12))) * (1 + at)


@pytest.mark.parametrize(
    ("join", "lead", "start"),
    [("cut", 0, 240), ("dissolve 2", 0, 200), ("hold 2", 0, 240), ("cut", 3, 240)],
)
def test_at_clip_21_sound_stands_with_its_picture_to_the_sample(
    cutting: Cutting, join: str, lead: int, start: int
) -> None:
    """20 clips of 12 frames before it; a J-cut lets its sound begin three frames earlier, at the same sample of it."""
    one, other = cutting.clip("a", frames=12), cutting.clip("b", frames=12, grey=60, hz=600.0)
    last = cutting.clip("c", frames=18, grey=flash, hz=900.0, heard=knock)
    between = [(one, other)[n % 2].model_copy(update={"join": last.join.parse(join)}) for n in range(1, 20)]
    last = last.model_copy(update={"join": last.join.parse(join), "start": lead, "lead": lead})
    cutting.cut(one, *between, last)
    assert greys_of(cutting.film_path).index(max(greys_of(cutting.film_path)[start:])) == start + 6 - lead
    whole = sound_of(cutting.folder / "c.mp4")
    begin, skipped = (start - lead) * SAMPLES_PER_FRAME, 6 * SAMPLES_PER_FRAME  # behind the join
    assert lag_of(whole[skipped:28_000], sound_of(cutting.film_path)[begin + skipped :]) == 0


def lag_of(sound: np.ndarray, film: np.ndarray) -> int:
    """By how many samples `film` is later than `sound`; both begin at what should be the same sample."""
    inner = sound[1_000:-1_000]
    fits = [float(np.dot(inner, film[1_000 + lag : 1_000 + lag + len(inner)])) for lag in range(-200, 201)]
    return int(np.argmax(fits)) - 200


def test_sound_leads_and_lags_by_its_frames(cutting: Cutting) -> None:
    """Over a silent clip from frame 12 to 36: the one before is heard to frame 18, the one behind from 30 on."""
    before = cutting.clip("a").model_copy(update={"stop": 12})
    between = cutting.clip("b", **SILENT).model_copy(update={"lag": 6})
    behind = cutting.clip("c", hz=600.0).model_copy(update={"start": 12, "lead": 6})
    film = cutting.cut(before, between, behind)
    heard = np.abs(sound_of(cutting.film_path))
    assert film.frames == 48
    assert heard[34_000:35_000].max() > 0.1
    assert heard[37_000:59_000].max() < 10 ** (-50 / 20)
    assert heard[61_000:62_000].max() > 0.1


def test_at_every_cut_it_is_quiet_for_a_moment(cutting: Cutting) -> None:
    """Of clips of all kinds, each cut off mid-wave: within four samples of each cut below −60 dBFS."""
    kinds: list[dict[str, object]] = [{"hz": 523.0}, MONO, CUT_OFF, {"hz": 331.0}, SILENT, {"hz": 277.0}]
    clips = [
        cutting.clip(name, frames=12, join="hold 2" if name == "d" else "cut", **made)
        for name, made in zip("abcdef", kinds, strict=True)
    ]
    cutting.cut(*clips)
    heard = stereo_of(cutting.film_path)
    assert np.abs(heard).max() > 0.1
    for cut in range(24_000, 144_000, 24_000):
        assert np.abs(heard[cut - 4 : cut + 4]).max() < QUIET


def test_a_sound_that_ends_before_its_picture_does_not_click(cutting: Cutting) -> None:
    """95 ms before the end it has nearly gone: from one sample to the next it moves a third of what it did, at most."""
    cutting.cut(cutting.clip("a", **CUT_OFF), cutting.clip("b", **SILENT))
    heard = sound_of(cutting.film_path)
    end = 48_000 - 4_560
    around, inside = np.abs(np.diff(heard[end - 150 : end + 300])), np.abs(np.diff(heard[10_000:30_000]))
    assert around.max() < 0.33 * inside.max()
    assert np.abs(heard[end + 200 : 48_000]).max() < 10 ** (-50 / 20)


def loud(db: float) -> object:
    return lambda at: np.full_like(at, 10 ** (db / 20))


def test_clips_are_heard_at_one_level(cutting: Cutting) -> None:
    """Of tones from −13 to −27 LUFS, each clip's second in the film is within 1 LU of the others."""
    levels = {"a": 5, "b": -9, "c": 0, "d": -3}
    clips = [cutting.clip(name, heard=loud(db), hz=700.0 + 50 * db) for name, db in levels.items()]
    cutting.cut(*clips)
    heard = stereo_of(cutting.film_path)
    lufs = [lufs_of(heard[at + 2_000 : at + 46_000]) for at in range(0, 192_000, 48_000)]
    assert max(lufs) - min(lufs) < 1


def test_every_preset_is_met(cutting: Cutting) -> None:
    """Within half a LU, as the film says and as it is heard, and no peak above what was ordered."""
    clips = (
        cutting.clip("a", frames=48, heard=knock, hz=300.0),
        cutting.clip("b", frames=48, join="dissolve 12", **MONO),
    )
    for lufs in PRESETS.values():
        film = cutting.cut(*clips, delivery=Delivery(loudness_lufs=lufs))
        assert film.loudness_lufs == pytest.approx(lufs, abs=0.5)
        assert lufs_of(stereo_of(cutting.film_path)) == pytest.approx(lufs, abs=0.5)
        assert film.true_peak_dbtp is not None
        assert film.true_peak_dbtp <= -1


def test_music_is_heard_lower_while_somebody_speaks(cutting: Cutting) -> None:
    """A tone of 1,000 Hz under a line of a second: 8 dB lower there, and back before the clip is over."""
    line = a_caption("Go on.", "Mara", start=24, stop=48)
    clip = cutting.clip("a", frames=96, hz=250.0).model_copy(update={"captions": (line,)})
    theme = cutting.clip("theme", frames=24, hz=1_000.0)
    cutting.cut(clip, music=music_of(theme, Ducking()))
    before, under, after = (tone(cutting.film_path, first, last) for first, last in ((4, 16), (26, 46), (70, 90)))
    assert 20 * np.log10(under / before) == pytest.approx(-8, abs=0.3)
    assert 20 * np.log10(after / before) == pytest.approx(0, abs=0.3)


def music_of(theme: Clip, duck: Ducking) -> MusicTrack:
    assert theme.media is not None
    return MusicTrack(media=theme.media, file="theme.m4a", gain_db=-6, duck=duck, fade_in=0, fade_out=0)


def tone(path: Path, first: int, last: int) -> float:
    """How much of 1,000 Hz there is between two frames."""
    heard = sound_of(path)[first * SAMPLES_PER_FRAME : last * SAMPLES_PER_FRAME]
    return abs(np.dot(heard, np.exp(-2j * np.pi * 1_000 * np.arange(len(heard)) / 48_000))) / len(heard)
