"""Mends as they are seen in the film's own frames."""

from __future__ import annotations

import asyncio
from pathlib import Path

import av
import numpy as np
import pytest
from cutting_room import Cutting
from footage import SIZE_PX
from scenery import Draw, Set, barred, hills, instead

from pipeline.edit import assemble_timeline
from pipeline.model.delivery import Film
from pipeline.model.finding import Source
from pipeline.model.storyboard import Title, TitlePlace


class Screening(Set):
    """A set whose film is made and looked at."""

    def film(self) -> Film:
        cutting = Cutting(self.folder)
        for sha256, path in self.paths.items():
            cutting.know(sha256, path)

        async def finish() -> Film:
            return await cutting.maker().finish(self.timeline(), cutting.film_path, lambda _: None)

        return asyncio.run(finish())

    def frames(self) -> list[np.ndarray]:
        """The film's pictures, as Y, U and V."""
        self.film()
        with av.open(str(self.folder / "out" / "film.mp4")) as film:
            return [frame.reformat(format="yuv444p").to_ndarray() for frame in film.decode(video=0)]


@pytest.fixture
def screening(tmp_path: Path) -> Screening:
    return Screening(tmp_path)


def apart(frame: np.ndarray, drawn: np.ndarray) -> float:
    """The mean difference of luma from a picture as it was drawn."""
    return float(np.abs(frame[0].astype(float) - drawn[0]).mean())


def means(frame: np.ndarray) -> list[float]:
    return [float(plane.mean()) for plane in frame]


def test_a_flash_is_not_in_the_film(screening: Screening) -> None:
    """24 + 24 − 2 frames; the first of `b` is its third, and its sound has moved along: 46 frames of it."""
    scene = instead(hills(1), hills(4), 0, 1)
    screening.shoot("a", hills(0), frames=24)
    screening.shoot("b", scene, frames=24)
    frames = screening.frames()
    assert len(frames) == 46
    assert apart(frames[23], hills(0)(23)) < 3
    assert apart(frames[24], scene(2)) < 3
    assert screening.film().samples == 46 * 2_000


def test_a_hold_holds_the_first_frame_after_the_flash(screening: Screening) -> None:
    """The last mixed frame shows 8 of 9 parts of it, and nothing of the leaked image."""
    scene = instead(hills(1), hills(4), 0)
    screening.shoot("a", hills(0), frames=24)
    screening.shoot("b", scene, frames=24, join="hold 8")
    wanted = hills(0)(23) / 9 + scene(1) * (8 / 9)
    assert apart(screening.frames()[23], wanted) < 3


def test_a_picture_is_shown_once_in_a_chain(screening: Screening) -> None:
    """The drift goes on by 1.5 pixels a frame, as if it were one clip."""
    screening.shoot("a", hills(0), frames=24)
    screening.shoot("b", hills(0, start=23 * 1.5), frames=24, continues="a")
    frames = screening.frames()
    assert len(frames) == 47
    assert all(apart(frame, hills(0)(n)) < 3 for n, frame in enumerate(frames))


def test_words_stay_with_the_frames_that_are_left(screening: Screening) -> None:
    """A title from frame 6 to the end comes 6 frames after the first that is left, and ends with the clip."""
    title = Title(text="Run", place=TitlePlace.CENTER, start=6, source=Source(path="storyboard.jinja", line=1))
    screening.shoot("a", instead(hills(1), hills(4), 0), frames=24, titles=(title,))
    (clip,) = screening.timeline().clips
    assert (clip.start, clip.frames, clip.overlays[0].start, clip.overlays[0].stop) == (1, 23, 6, 23)


def test_a_mend_never_keeps_a_film_from_being_cut(screening: Screening) -> None:
    """Without its first frame `b` would be shorter than the dissolve into it: it keeps it, and that is told."""
    screening.shoot("a", hills(0), frames=24)
    screening.shoot("b", instead(hills(1), hills(4), 0), frames=12, join="dissolve 12")
    assert screening.found() == [("b", "flash", "left")]
    assert screening.timeline().frames == 24


def test_a_chain_has_the_colours_of_its_first_shot(screening: Screening) -> None:
    """`b` is 8 levels brighter and 6 bluer than `a`, `c` 10 and 8; at both joins less than 2 are left of that."""
    screening.shoot("a", hills(0), frames=24)
    screening.shoot("b", hills(0, start=36, light=8, tint=6), frames=24, continues="a", mend="safe colour")
    screening.shoot("c", hills(0, start=72, light=10, tint=8), frames=24, continues="b", mend="safe colour")
    frames = screening.frames()
    assert screening.found() == [("b", "colour", "mended")]  # from `b` to `c` it is 2: no flaw by itself
    for n in (24, 48):
        assert means(frames[n]) == pytest.approx(means(frames[n - 1]), abs=2)
    assert means(frames[60]) == pytest.approx(means(hills(0)(60)), abs=2)


def test_colours_are_moved_within_bounds(screening: Screening) -> None:
    """Of 30 levels 12 are taken, and the rest is told."""
    screening.shoot("a", hills(0, light=-30), frames=24)
    screening.shoot("b", hills(0, start=36), frames=24, continues="a", mend="colour")
    assert screening.found() == [("b", "colour", "left")]
    assert means(screening.frames()[24])[0] == pytest.approx(means(hills(0)(24))[0] - 12, abs=1.5)


def test_colours_are_never_matched_across_scenes(screening: Screening) -> None:
    """The second scene begins with a look of its own."""
    screening.shoot("a", hills(0), frames=24)
    screening.shoot("b", hills(0, start=36, light=8), frames=24, continues="a", mend="all")
    screening.shots[1] = screening.shots[1].model_copy(update={"scene": "later"})
    assert screening.timeline().clips[1].match is None


def test_bars_are_cut_off_and_the_picture_fills_the_frame(screening: Screening) -> None:
    """20 black columns on either side; what was at column 20 is at the left edge, and nothing is black."""
    scene: Draw = barred(hills(0), 20)
    screening.shoot("a", scene, frames=24, mend="bars")
    frame = screening.frames()[12][0].astype(float)
    assert frame.shape == SIZE_PX[::-1]
    assert frame[:, :4].mean() == pytest.approx(float(scene(12)[0][12:84, 20:23].mean()), abs=6)
    assert frame.min() > 40


def test_a_mended_clip_is_encoded_and_the_others_are_copied(screening: Screening) -> None:
    """24 of 72 frames."""
    screening.shoot("a", hills(0), frames=24)
    screening.shoot("b", barred(hills(1), 20), frames=24, mend="bars")
    screening.shoot("c", hills(2), frames=24)
    assert screening.film().frames_encoded == 24


def test_equal_clips_are_mended_equally(tmp_path: Path) -> None:
    """Elsewhere, the same timeline and the same bytes."""
    films = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        screening = Screening(tmp_path / name)
        screening.shoot("a", hills(0), frames=24)
        screening.shoot("b", hills(0, start=36, light=8, tint=6), frames=24, continues="a", mend="all")
        films.append((screening.timeline(), screening.film().sha256))
    assert films[0] == films[1]


def test_measures_change_no_film_that_needs_no_mend(screening: Screening) -> None:
    """With them and without, one timeline."""
    screening.shoot("a", hills(0), frames=24)
    screening.shoot("b", hills(1), frames=24)
    plain = assemble_timeline(screening.storyboard, screening.media)
    assert assemble_timeline(screening.storyboard, screening.media, screening.measured()) == plain
