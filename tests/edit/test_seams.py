"""What is found at joins and in clips, each flaw in a tiny clip that has it; and nothing in clips that have none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scenery import Set, barred, even, hills, instead

from pipeline.model.instructions import Trim
from pipeline.model.seam import Bars, Flaw


@pytest.fixture
def film(tmp_path: Path) -> Set:
    return Set(tmp_path)


def test_clean_clips_have_no_flaw(film: Set) -> None:
    """Two scenes by a cut, a third by a dissolve, and a shot that goes on from it one step further: nothing to say."""
    film.shoot("a", hills(0))
    film.shoot("b", hills(1))
    film.shoot("c", hills(2), join="dissolve 12")
    film.shoot("d", hills(2, start=48 * 1.5), continues="c")
    assert film.found() == []


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_first_frames_of_another_picture_are_a_flash(film: Set, frames: int) -> None:
    """They differ from the next by far more than that from what follows; left out, as many."""
    film.shoot("a", hills(0))
    film.shoot("b", instead(hills(1), hills(4), *range(frames)))
    card = film.card()
    assert film.found() == [("b", "flash", "mended")]
    assert (card.dropped, card.frames, card.seams[1].dropped) == (frames, 96 - frames, frames)


def test_a_flash_longer_than_three_frames_is_a_cut(film: Set) -> None:
    """Nothing is left out of it."""
    film.shoot("a", instead(hills(1), hills(4), 0, 1, 2, 3))
    assert film.found() == [("a", "inner_cut", "left")]


def test_a_lively_beginning_is_no_flash(film: Set) -> None:
    """All frames differ by as much."""
    film.shoot("a", hills(0, pace=15))
    assert film.found() == []


def test_a_trimmed_flash_is_not_in_the_film(film: Set) -> None:
    """The author cut it off."""
    film.shoot("a", instead(hills(1), hills(4), 0), trim=Trim.parse("2f-"))
    assert (film.found(), film.card().dropped) == ([], 0)


def test_a_flash_that_is_to_stay_is_told(film: Set) -> None:
    """With what could be done."""
    film.shoot("a", instead(hills(1), hills(4), 0), mend="none")
    assert film.found() == [("a", "flash", "off")]
    assert film.card().verdicts[0].says.startswith("a: its first frame is another picture: frame 1 differs by")


def test_the_picture_that_a_shot_was_given_is_not_shown_twice(film: Set) -> None:
    """`b` begins with the last picture of `a`; it goes, and the film is a frame shorter."""
    film.shoot("a", hills(0))
    film.shoot("b", hills(0, start=47 * 1.5), continues="a")
    assert film.found() == [("b", "repeat", "mended")]
    assert film.card().frames == 95


def test_a_given_picture_that_comes_back_brighter_is_a_repeat_all_the_same(film: Set) -> None:
    """By 3 levels: not enough for a step of colour."""
    film.shoot("a", hills(0))
    film.shoot("b", hills(0, start=47 * 1.5, light=3), continues="a")
    assert film.found() == [("b", "repeat", "mended")]


def test_only_a_shot_that_continues_repeats(film: Set) -> None:
    """Two shots that happen to look alike are as their author wants them, and so is a soft join."""
    film.shoot("a", hills(0))
    film.shoot("b", hills(0, start=47 * 1.5))
    film.shoot("c", hills(0, start=94 * 1.5), continues="b", join="hold 12")
    assert film.found() == []


def test_a_chain_that_stands_still_at_its_join_is_told(film: Set) -> None:
    """The last 3 frames of `a` and the first 5 of `b` hold; the given picture is left out, and 6 changes are none."""
    film.shoot("a", lambda n: hills(0)(min(n, 44)))
    film.shoot("b", lambda n: hills(0, start=44 * 1.5)(max(0, n - 4)), continues="a")
    assert film.found() == [("b", "repeat", "mended"), ("b", "stall", "left")]
    assert [verdict.measured for verdict in film.card().verdicts if verdict.flaw is Flaw.STALL] == [6]


def test_other_colours_in_a_chain_are_a_step(film: Set) -> None:
    """8 levels brighter; told, since colours are mended only where asked."""
    film.shoot("a", hills(0))
    film.shoot("b", hills(0, start=48 * 1.5, light=8), continues="a")
    assert film.found() == [("b", "colour", "off")]
    assert film.card().verdicts[-1].measured == pytest.approx(8, abs=1)


def test_bars_are_measured_to_the_pixel(film: Set) -> None:
    """35 of 160 columns on either side, whatever the first frame holds."""
    film.shoot("a", instead(barred(hills(0), 35), hills(4), 0), mend="flash")
    (seen,) = film.measured().values()
    assert seen.bars == Bars(left=35, right=35)
    assert film.found() == [("a", "flash", "mended"), ("a", "bars", "off")]


def test_darkness_on_one_side_is_no_bar(film: Set) -> None:
    """A wall, a night."""

    def walled(n: int) -> np.ndarray:
        planes = hills(0)(n)
        planes[0][:, :40] = 16
        return planes

    film.shoot("a", walled)
    assert film.found() == []


def test_a_step_of_loudness_is_told_after_levelling(film: Set) -> None:
    """`b` is loud as a whole, but whispers for its first second: 26 dB below its rest."""
    film.shoot("a", hills(0))
    film.shoot("b", hills(1), frames=96, heard=lambda at: np.where(at < 1.5, 0.05, 1.0))
    assert film.found() == [("b", "loudness", "left")]


def test_a_quiet_clip_is_no_step_once_it_is_levelled(film: Set) -> None:
    """14 dB below; 8 of them are added, which leaves 6."""
    film.shoot("a", hills(0))
    film.shoot("b", hills(1), heard=lambda at: np.full_like(at, 0.2))
    (verdict,) = [verdict for verdict in film.card().verdicts if verdict.flaw is Flaw.LOUDNESS]
    assert (verdict.standing.value, verdict.measured) == ("mended", pytest.approx(14, abs=0.3))


@pytest.mark.parametrize(("mend", "standing"), [("safe", "mended"), ("none", "off")])
def test_a_wave_that_is_cut_off_clicks(film: Set, mend: str, standing: str) -> None:
    """In two seconds a tone of 437.125 Hz does 874 turns and a quarter: it ends at its highest, 0.14 of full scale."""
    film.shoot("a", hills(0), hz=437.125, mend=mend)
    film.shoot("b", hills(1), mend=mend)
    (verdict,) = film.card().verdicts
    assert (verdict.flaw.value, verdict.standing.value) == ("click", standing)


def test_a_silent_tail_is_told(film: Set) -> None:
    """40 frames of 72."""
    film.shoot("a", hills(0), frames=72, heard=lambda at: np.where(at < 32 / 24, 1.0, 0.0))
    assert film.found() == [("a", "silence", "left")]
    assert film.card().verdicts[0].measured == pytest.approx(40, abs=1)


def test_a_clip_that_is_silent_throughout_or_muted_has_no_silent_tail(film: Set) -> None:
    """It never had a sound, or nobody hears it."""
    film.shoot("a", hills(0), hz=None)
    film.shoot("b", hills(1), frames=72, heard=lambda at: np.where(at < 1, 1.0, 0.0), sound="mute")
    assert film.found() == []


def test_a_cut_inside_a_clip_is_told_at_its_frame(film: Set) -> None:
    """At frame 30."""
    film.shoot("a", lambda n: hills(0)(n) if n < 30 else hills(4)(n))
    (verdict,) = film.card().verdicts
    assert (verdict.flaw.value, verdict.start, verdict.standing.value) == ("inner_cut", 30, "left")


def test_a_frozen_picture_is_told(film: Set) -> None:
    """Frames 12 to 47 show one picture, which the encoder makes finer for a while before it lets it be."""
    film.shoot("a", lambda n: hills(0)(n if n < 12 else max(12, n - 35)), frames=60)
    (verdict,) = film.card().verdicts
    assert (verdict.flaw.value, verdict.stop, verdict.standing.value) == ("freeze", 47, "left")
    assert 12 <= verdict.start < 18


def test_a_black_stretch_is_told_and_is_not_frozen(film: Set) -> None:
    """30 frames of 60; the picture comes back by itself, in a fade."""

    def fading(n: int) -> np.ndarray:
        share = min(1.0, max(0.0, (n - 30) / 10))
        return (even(16)(n) * (1 - share) + hills(0)(n) * share).round().astype(np.uint8)

    film.shoot("a", fading, frames=60)
    assert film.found() == [("a", "black", "left")]


def test_what_has_not_landed_is_not_judged(film: Set) -> None:
    """Its seam has no figures, its clip no flaw."""
    film.shoot("a", hills(0))
    film.shoot("b", hills(1))
    del film.media["b"]
    card = film.card()
    assert (card.seams[1].change, card.clips[1].is_measured) == (None, False)


def test_equal_bytes_give_equal_measures(film: Set) -> None:
    """Kept or made anew."""
    film.shoot("a", hills(0))
    (first,) = film.measured().values()
    again = Set(film.folder / "elsewhere").meter.measure(film.media["a"], film.paths[film.media["a"].sha256])
    assert film.meter.known(film.media["a"].sha256) == first == again


def test_measures_of_another_length_are_none(film: Set) -> None:
    """A picture of each film frame, no more and no fewer."""
    film.shoot("a", hills(0), frames=36)
    (seen,) = film.measured().values()
    assert (seen.frames, len(seen.luma(35)), len(seen.luma(36)), len(seen.changes)) == (36, 576, 0, 35)
    assert seen.bars == Bars()
    assert len(seen.energy) == len(seen.edges) == 36
