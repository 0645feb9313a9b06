"""Every way to join two clips, looked at picture by picture."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from cutting_room import Cutting
from footage import SIZE_PX, greys_of
from timelines import a_card

from pipeline.media.probe import inspect
from pipeline.model.join import Join
from pipeline.model.storyboard import Corner

OUT, IN = 50, 150
WIDTH_PX, HEIGHT_PX = SIZE_PX


@pytest.fixture
def cutting(tmp_path: Path) -> Cutting:
    return Cutting(tmp_path)


def near(expected: list[float]) -> object:
    return pytest.approx(expected, abs=1.5)


def lumas_of(path: Path) -> list[np.ndarray]:
    """The luma of every picture."""
    with av.open(str(path)) as film:
        return [frame.to_ndarray(format="yuv420p")[:HEIGHT_PX].astype(int) for frame in film.decode(video=0)]


def striped(_: int) -> np.ndarray:
    """Grey, its colour another one every two pixels: as fine as 4:2:0 has them."""
    picture = np.full((3, HEIGHT_PX, WIDTH_PX), 128, np.uint8)
    picture[1] = np.where(np.arange(WIDTH_PX) // 2 % 2, 90, 166)
    return picture


def test_a_dissolve_leaves_colours_as_sharp_as_they_are(cutting: Cutting) -> None:
    """From a picture to itself: in its middle the stripes differ by as much as before it."""
    clips = [cutting.clip(name, draw=striped, join=join) for name, join in (("a", "cut"), ("b", "dissolve 6"))]
    cutting.cut(*clips)
    with av.open(str(cutting.film_path)) as film:
        blues = [frame.to_ndarray(format="yuv444p")[1].astype(int) for frame in film.decode(video=0)]
    contrasts = [np.abs(np.diff(blue[:, ::2], axis=1)).mean() for blue in blues]
    assert contrasts[21] == pytest.approx(contrasts[10], rel=0.1)


def test_a_dip_goes_to_black_and_comes_out_of_it(cutting: Cutting) -> None:
    """In even steps: three frames from 52 to 16, of which the last is black; then black, and up to 148 again."""
    film = cutting.cut(cutting.clip("a", grey=52), cutting.clip("b", grey=148, join="dip 6"))
    assert greys_of(cutting.film_path)[20:28] == near([52, 40, 28, 16, 16, 60, 104, 148])
    assert film.frames == 48


def test_a_dip_to_white_of_an_odd_length(cutting: Cutting) -> None:
    """Two frames of the outgoing clip, three of the incoming one; both are white beside the cut."""
    cutting.cut(cutting.clip("a", grey=35), cutting.clip("b", grey=175, join="dip 5 white"))
    assert greys_of(cutting.film_path)[21:28] == near([35, 135, 235, 235, 215, 195, 175])


def test_the_shortest_dip_is_black_where_the_clips_meet(cutting: Cutting) -> None:
    """One frame of each side."""
    cutting.cut(cutting.clip("a", grey=52), cutting.clip("b", grey=148, join="dip 2"))
    assert greys_of(cutting.film_path)[22:26] == near([52, 16, 16, 148])


def test_a_dip_moves_while_it_is_dark(cutting: Cutting) -> None:
    """The incoming clip, which brightens by 4 a frame, is at its third frame when it is seen whole again."""
    cutting.cut(cutting.clip("a"), cutting.clip("b", grey=lambda n: 40 + 4 * n, join="dip 4"))
    assert greys_of(cutting.film_path)[26:29] == near([48, 52, 56])


# Pictures of 160 × 96, joins of 3: the edge has gone a quarter, a half and three quarters of the way.
MOVES = ["wipe", "slide", "push"]


def slope(darkest: int) -> np.ndarray:
    """Brighter to the right by 40 and downward by 40: every place of the picture is known by its grey."""
    down, right = np.indices((HEIGHT_PX, WIDTH_PX))
    return darkest + right * 40 // WIDTH_PX + down * 40 // HEIGHT_PX


FIRST, LAST = slope(20), slope(140)
LEFT, RIGHT, TOP, BOTTOM = np.s_[:, :80], np.s_[:, 80:], np.s_[:48], np.s_[48:]


HALFWAY = {
    "wipe": {
        "left": (FIRST[LEFT], LAST[RIGHT]),
        "right": (LAST[LEFT], FIRST[RIGHT]),
        "up": (FIRST[TOP], LAST[BOTTOM]),
        "down": (LAST[TOP], FIRST[BOTTOM]),
    },
    "slide": {
        "left": (FIRST[LEFT], LAST[LEFT]),
        "right": (LAST[RIGHT], FIRST[RIGHT]),
        "up": (FIRST[TOP], LAST[TOP]),
        "down": (LAST[BOTTOM], FIRST[BOTTOM]),
    },
    "push": {
        "left": (FIRST[RIGHT], LAST[LEFT]),
        "right": (LAST[RIGHT], FIRST[LEFT]),
        "up": (FIRST[BOTTOM], LAST[TOP]),
        "down": (LAST[BOTTOM], FIRST[TOP]),
    },
}


@pytest.mark.parametrize("kind", MOVES)
def test_moves_show_what_they_should_and_take_even_steps(cutting: Cutting, kind: str) -> None:
    """A wipe moves neither picture, a slide the incoming one, a push both; a film of each of the four ways.

    One clip of 12 frames and another, four times: 8 × 12 − 4 × 3 frames, between the pairs a cut.
    """
    first = cutting.clip("a", frames=12, grey=lambda _: FIRST)
    last = cutting.clip("b", frames=12, grey=lambda _: LAST)
    ways = HALFWAY[kind]
    lasts = [last.model_copy(update={"join": Join.parse(f"{kind} 3 {way}")}) for way in ways]
    cutting.cut(*(clip for other in lasts for clip in (first, other)))
    pictures = lumas_of(cutting.film_path)
    assert len(pictures) == 84
    for start, parts in zip(range(8, 84, 21), ways.values(), strict=True):
        shares = [(picture > 120).mean() for picture in pictures[start : start + 5]]
        assert shares == pytest.approx([0, 0.25, 0.5, 0.75, 1], abs=0.02)
        halves = np.concatenate(parts, axis=0 if len(parts[0]) == HEIGHT_PX // 2 else 1)
        assert np.abs(pictures[start + 2] - halves).mean() < 1.5


@pytest.mark.parametrize("kind", MOVES)
def test_an_edge_stands_between_pairs_of_pixels(cutting: Cutting, kind: str) -> None:
    """Each pair has one colour. Of 160 pixels a seventh is 22.9, so it goes 22; two are 45.7, so it goes 44 …"""
    cutting.cut(cutting.clip("a", grey=OUT), cutting.clip("b", grey=IN, join=f"{kind} 6"))
    gone = [round(160 * (picture > (OUT + IN) / 2).mean()) for picture in lumas_of(cutting.film_path)[18:24]]
    assert gone == [22, 44, 68, 90, 114, 136]


def test_both_clips_go_on_while_one_pushes_the_other(cutting: Cutting) -> None:
    """Each brightens by 2 a frame: the last frames of one beside the first frames of the other."""
    clips = [
        cutting.clip(name, grey=lambda n, at=at: at + 2 * n, join=join)
        for name, at, join in (("a", 20, "cut"), ("b", 140, "push 3"))
    ]
    cutting.cut(*clips)
    pictures = lumas_of(cutting.film_path)[21:24]
    assert [int(np.median(picture[:, 8])) for picture in pictures] == near([62, 64, 66])
    assert [int(np.median(picture[:, -8])) for picture in pictures] == near([140, 142, 144])


def test_a_logo_that_comes_inside_a_wipe_does_not_disturb_it(cutting: Cutting) -> None:
    """From its second frame on: the wipe is in two spans, and its edge goes on."""
    logo = cutting.logo(corner=Corner.TOP_RIGHT, width=0.05, start=22, stop=30)
    film = cutting.cut(cutting.clip("a", grey=OUT), cutting.clip("b", grey=IN, join="wipe 3 right"), logos=(logo,))
    halves = [picture[HEIGHT_PX // 2 :] for picture in lumas_of(cutting.film_path)[20:25]]
    assert [(half > (OUT + IN) / 2).mean() for half in halves] == pytest.approx([0, 0.25, 0.5, 0.75, 1], abs=0.03)
    assert film.spans >= 4


def test_a_logo_that_comes_inside_a_dip_does_not_disturb_it(cutting: Cutting) -> None:
    """From the second frame of one side to the first of the other: both go on where they were."""
    logo = cutting.logo(corner=Corner.TOP_RIGHT, width=0.05, start=22, stop=25)
    cutting.cut(cutting.clip("a", grey=52), cutting.clip("b", grey=148, join="dip 6"), logos=(logo,))
    assert greys_of(cutting.film_path)[20:28] == near([52, 40, 28, 16, 16, 60, 104, 148])


def test_a_card_joins_like_a_clip(cutting: Cutting) -> None:
    """Every frame and every sample is there, 24 + 24 + 24 − 6, and a second film encodes nothing."""
    clips = (cutting.clip("a"), a_card(frames=24, join="dip 6"), cutting.clip("b", grey=60, join="slide 6 up"))
    first = cutting.cut(*clips)
    seen = inspect(cutting.film_path, must_be_mp4=True)
    assert (seen.frames, seen.samples) == (66, 132_000)
    again = cutting.cut(*clips)
    assert (again.sha256, again.frames_encoded) == (first.sha256, 0)
