"""One film in several shapes: what is seen of each picture, and that nothing else differs."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from cutting_room import Cutting
from timelines import a_card, a_title

from pipeline.model.delivery import Film, Fit, Format, Shape
from pipeline.model.timeline import Clip

WIDTH_PX, HEIGHT_PX = 160, 96
LEFT, MIDDLE, RIGHT = 50, 120, 200


@pytest.fixture
def cutting(tmp_path: Path) -> Cutting:
    return Cutting(tmp_path)


def stripes(cutting: Cutting, name: str = "a", **made: Any) -> Clip:
    """Dark on the left, grey in the middle, light on the right: 32, 96 and 32 pixels."""
    levels = np.repeat([LEFT, MIDDLE, RIGHT], [32, 96, 32]).astype(np.uint8)
    return cutting.clip(name, grey=lambda _: levels, **made)


def cut(cutting: Cutting, shape: Shape, fit: str, *clips: Clip, **tracks: Any) -> Film:
    timeline = cutting.timeline(*clips, **tracks).shaped(Format(shape=shape, fit=Fit.parse(fit)))
    return asyncio.run(cutting.maker().finish(timeline, cutting.film_path, lambda _: None))


def luma_of(path: Path, frame: int = 6) -> np.ndarray:
    """The luma of one frame, row by row."""
    with av.open(str(path)) as film:
        picture = list(film.decode(video=0))[frame]
        return picture.to_ndarray(format="yuv420p")[: picture.height].astype(int)


def sounds_of(path: Path) -> list[bytes]:
    with av.open(str(path)) as film:
        return [bytes(packet) for packet in film.demux(audio=0) if packet.size]


def near(*levels: float) -> object:
    return pytest.approx(list(levels), abs=3)


def test_cropping_fills_the_shape_and_keeps_the_middle(cutting: Cutting) -> None:
    """96 × 96 of 160 × 96: the 96 pixels in the middle, to every edge."""
    film = cut(cutting, Shape.SQUARE, "crop", stripes(cutting))
    luma = luma_of(cutting.film_path)
    assert (film.width_px, film.height_px) == (96, 96)
    assert [luma[48, 3], luma[48, 48], luma[48, 92], luma[2, 48]] == near(*[MIDDLE] * 4)


@pytest.mark.parametrize(("side", "columns"), [("left", (LEFT, MIDDLE)), ("right", (MIDDLE, RIGHT))])
def test_cropping_keeps_the_side_that_is_named(cutting: Cutting, side: str, columns: tuple[int, int]) -> None:
    """The outermost third of the square, and its other end."""
    cut(cutting, Shape.SQUARE, f"crop {side}", stripes(cutting))
    luma = luma_of(cutting.film_path)
    assert [luma[48, 6], luma[48, 89]] == near(*columns)


def test_fitting_shows_all_between_black_bars(cutting: Cutting) -> None:
    """160 × 96 in 96 × 96 is 58 high, with 19 black lines above and below."""
    cut(cutting, Shape.SQUARE, "fit", stripes(cutting))
    luma = luma_of(cutting.film_path)
    assert [luma[48, 4], luma[48, 48], luma[48, 92]] == pytest.approx([LEFT, MIDDLE, RIGHT], abs=5)
    assert [luma[8, 48], luma[88, 48]] == near(16, 16)


def test_blurring_shows_all_before_itself(cutting: Cutting) -> None:
    """Above and below stands the filled picture, darker: 16 + 0.7 × (120 − 16) = 89."""
    cut(cutting, Shape.SQUARE, "blur", stripes(cutting))
    luma = luma_of(cutting.film_path)
    assert [luma[48, 4], luma[48, 48], luma[48, 92]] == pytest.approx([LEFT, MIDDLE, RIGHT], abs=5)
    assert [luma[6, 48], luma[90, 48]] == near(89, 89)


@pytest.mark.parametrize("fit", ["crop", "fit", "blur"])
def test_joins_are_made_in_every_shape(cutting: Cutting, fit: str) -> None:
    """A dissolve and a hold: 24 + 24 − 6 + 24 frames, whose middles go from grey to grey."""
    clips = [
        cutting.clip(name, grey=grey, join=join)
        for name, grey, join in (("a", 50, "cut"), ("b", 150, "dissolve 6"), ("c", 90, "hold 6"))
    ]
    film = cut(cutting, Shape.TALL, fit, *clips)
    middles = [int(luma_of(cutting.film_path, n)[85, 48]) for n in (0, 30, 65)]
    assert (film.frames, film.width_px, film.height_px) == (66, 96, 170)
    assert middles == near(50, 150, 90)


def test_a_single_item_is_fitted_in_its_own_way(cutting: Cutting) -> None:
    """The packshot between bars, the shot before it cropped, and in the middle of their dissolve both."""
    clips = cutting.clip("run", grey=120), cutting.clip("packshot", grey=200, join="dissolve 5")
    ordered = Format(shape=Shape.SQUARE, items={"packshot": Fit.parse("fit")})
    timeline = cutting.timeline(*clips).shaped(ordered)
    asyncio.run(cutting.maker().finish(timeline, cutting.film_path, lambda _: None))
    seen = [[int(luma_of(cutting.film_path, n)[row, 48]) for n in (6, 21, 36)] for row in (8, 48)]
    assert seen == [pytest.approx([120, 68, 16], abs=3), pytest.approx([120, 160, 200], abs=3)]


def test_every_shape_has_the_same_sound(cutting: Cutting) -> None:
    """Packet by packet."""
    clips = (cutting.clip("a"), cutting.clip("b", hz=700.0))
    cut(cutting, Shape.SQUARE, "crop", *clips)
    square = sounds_of(cutting.film_path)
    cut(cutting, Shape.TALL, "blur", *clips)
    assert sounds_of(cutting.film_path) == square


def test_words_are_drawn_for_the_shape_and_never_cropped(cutting: Cutting) -> None:
    """A card's words, which would not fit into the middle of a wide picture, keep clear of the square's edges."""
    cut(cutting, Shape.SQUARE, "crop", a_card("Every morning, everywhere", frames=12))
    light = np.argwhere(luma_of(cutting.film_path) > 150)
    assert light.size
    assert light.min() >= 4
    assert light.max() <= 91


def test_a_title_lies_over_a_fitted_picture_where_it_does_over_any(cutting: Cutting) -> None:
    """In the middle of the shape, whatever the picture below leaves blank."""
    titled = cutting.clip("a", grey=40).model_copy(update={"overlays": (a_title("Run", start=0, stop=24),)})
    cut(cutting, Shape.TALL, "fit", titled)
    rows = np.argwhere(luma_of(cutting.film_path, 12) > 180)[:, 0]
    assert (rows.min() + rows.max()) / 2 == pytest.approx(85, abs=3)


def test_a_shape_that_was_made_is_not_made_again(cutting: Cutting) -> None:
    """Its spans have Fingerprints of their own; equal ones give equal bytes, and another fit is another picture."""
    clips = (stripes(cutting), stripes(cutting, "b", join="dissolve 6"))
    first, again = (cut(cutting, Shape.SQUARE, "blur", *clips) for _ in range(2))
    assert (first.frames_encoded, again.frames_encoded) == (42, 0)
    assert first.sha256 == again.sha256
    assert cut(cutting, Shape.SQUARE, "crop", *clips).frames_encoded == 42


def test_a_card_is_the_same_however_pictures_are_fitted(cutting: Cutting) -> None:
    """Nothing of it is fitted."""
    cut(cutting, Shape.SQUARE, "blur", a_card(frames=12))
    assert cut(cutting, Shape.SQUARE, "crop", a_card(frames=12)).frames_encoded == 0
