"""What is ordered: shapes, their sizes, and which films a delivery comes to."""

from __future__ import annotations

import pytest

from pipeline.model.delivery import Delivery, Fit, Format, Platform, Shape


@pytest.mark.parametrize(
    ("shape", "short_px", "size_px"),
    [
        (Shape.WIDE, 720, (1280, 720)),
        (Shape.TALL, 1080, (1080, 1920)),
        (Shape.SQUARE, 1080, (1080, 1080)),
        (Shape.PORTRAIT, 1080, (1080, 1350)),
        (Shape.PORTRAIT, 720, (720, 900)),
        (Shape.WIDE, 2160, (3840, 2160)),
        (Shape.TALL, 96, (96, 170)),  # 170.67, made even
    ],
)
def test_a_shape_has_an_even_size_by_its_shorter_side(shape: Shape, short_px: int, size_px: tuple[int, int]) -> None:
    """H.264 with halved chroma knows even sizes alone."""
    assert shape.size_px(short_px) == size_px


def test_without_formats_one_film_is_made() -> None:
    """In the storyboard's own shape."""
    assert Delivery().films(Shape.TALL) == (Format(shape=Shape.TALL),)


def test_formats_stand_beside_the_film() -> None:
    """The film first; one of its own shape says how it is fitted."""
    wide, square = Format(shape=Shape.WIDE, fit=Fit.parse("blur")), Format(shape=Shape.SQUARE)
    assert Delivery(formats=(square, wide)).films(Shape.WIDE) == (wide, square)


def test_the_film_may_have_another_shape_than_its_clips() -> None:
    """Then theirs is not made, unless it is asked for."""
    square, wide = Format(shape=Shape.SQUARE), Format(shape=Shape.WIDE)
    assert Delivery(shape=Shape.SQUARE).films(Shape.WIDE) == (square,)
    assert Delivery(shape=Shape.SQUARE, formats=(wide,)).films(Shape.WIDE) == (square, wide)


@pytest.mark.parametrize("text", ["crop", "crop left", "crop bottom", "fit", "blur"])
def test_a_fit_is_written_as_it_is_read(text: str) -> None:
    """The same everywhere."""
    assert str(Fit.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "says"), [("zoom", "no way to fit"), ("blur left", 'write "blur"'), ("crop middle", "center, left")]
)
def test_what_is_no_fit_is_told_with_what_to_write(text: str, says: str) -> None:
    """A sentence that ends in an example."""
    with pytest.raises(ValueError, match=says):
        Fit.parse(text)


def test_a_format_is_written_as_it_is_read() -> None:
    """`for` is no name that Python takes, and is one in every file."""
    order = Delivery(formats=(Format(shape=Shape.TALL, platform=Platform.TIKTOK), Format(shape=Shape.SQUARE)))
    written = order.model_dump(mode="json")
    assert written["formats"][0] == {"shape": "9:16", "fit": "crop", "items": {}, "for": "tiktok"}
    assert Delivery.model_validate(written) == order
