"""The author's own pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from timelines import a_logo

from pipeline.errors import MediaError
from pipeline.media import stills
from pipeline.media.stills import draw_logo, inspect_still
from pipeline.model.storyboard import Corner


def write_mark(path: Path, size_px: tuple[int, int] = (200, 100), colour: tuple[int, ...] = (255, 0, 0, 128)) -> Path:
    Image.new("RGBA", size_px, colour).save(path)
    return path


def box_of(picture_path: Path) -> tuple[int, int, int, int]:
    box = Image.open(picture_path).getchannel("A").getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize(
    ("corner", "box"),
    [
        (Corner.TOP_LEFT, (50, 25, 150, 75)),
        (Corner.TOP_RIGHT, (850, 25, 950, 75)),
        (Corner.BOTTOM_LEFT, (50, 425, 150, 475)),
        (Corner.BOTTOM_RIGHT, (850, 425, 950, 475)),
        (Corner.CENTER, (450, 225, 550, 275)),
    ],
)
def test_a_logo_stands_in_its_corner_of_the_safe_area(tmp_path: Path, corner: Corner, box: tuple[int, ...]) -> None:
    """5 % of each side stay free, a tenth of the width is taken, and 2:1 stays 2:1."""
    mark = write_mark(tmp_path / "logo.png")
    assert box_of(draw_logo(mark, a_logo(corner=corner, width=0.1), (1000, 500), tmp_path)) == box


@pytest.mark.parametrize(
    ("corner", "box"),
    [
        (Corner.TOP_RIGHT, (425, 140, 475, 165)),
        (Corner.BOTTOM_LEFT, (25, 835, 75, 860)),
        (Corner.CENTER, (225, 488, 275, 513)),
    ],
)
def test_an_upright_films_logo_keeps_clear_of_the_apps_signs(
    tmp_path: Path, corner: Corner, box: tuple[int, ...]
) -> None:
    """14 % of 1000 stay free above and below, 5 % of 500 at the sides."""
    mark = write_mark(tmp_path / "logo.png")
    assert box_of(draw_logo(mark, a_logo(corner=corner, width=0.1), (500, 1000), tmp_path)) == box


def test_a_logo_never_leaves_the_safe_area(tmp_path: Path) -> None:
    """A tall one at 90 % of the width is as high as there is room for."""
    mark = write_mark(tmp_path / "logo.png", (100, 300))
    left, top, right, bottom = box_of(draw_logo(mark, a_logo(width=0.9), (1000, 500), tmp_path))
    assert (top, bottom, right - left) == (25, 475, 150)


def test_a_logo_keeps_its_transparency(tmp_path: Path) -> None:
    """Half transparent stays half transparent."""
    drawn = Image.open(draw_logo(write_mark(tmp_path / "logo.png"), a_logo(), (1000, 500), tmp_path))
    assert drawn.getpixel((900, 50)) == (255, 0, 0, 128)


def test_a_still_has_a_size_and_no_length(tmp_path: Path) -> None:
    """Nothing in it moves or sounds."""
    seen = inspect_still(write_mark(tmp_path / "logo.png"))
    assert (seen.codec, seen.width_px, seen.height_px, seen.film_frames, seen.samples) == ("png", 200, 100, 0, 0)


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    """A page, a picture cut short, one that would unpack to more than can be handled."""
    page, short = tmp_path / "page.png", write_mark(tmp_path / "short.png", (90, 70))
    page.write_bytes(b"<html>404</html>")
    short.write_bytes(short.read_bytes()[:60])
    for path in (page, short):
        with pytest.raises(MediaError):
            inspect_still(path)


def test_a_picture_that_would_unpack_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the size that it says it has, before a pixel is unpacked."""
    monkeypatch.setattr(stills, "MAX_PIXELS", 9_999)
    with pytest.raises(MediaError, match="100×100 is larger"):
        inspect_still(write_mark(tmp_path / "logo.png", (100, 100)))
