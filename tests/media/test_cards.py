"""Drawing words."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFont

from pipeline.media.cards import break_lines, draw_card, draw_title
from pipeline.media.fonts import BOLD
from pipeline.model.storyboard import TitlePlace

SIZE_PX = (640, 360)


def lines_of(text: str, width_px: int) -> list[str]:
    return list(break_lines(text, ImageFont.truetype(str(BOLD), 20), width_px))


def covered(path: Path) -> tuple[int, int, int, int]:
    """The box around all that is not wholly transparent."""
    box = Image.open(path).getchannel("A").point(lambda alpha: 255 if alpha > 128 else 0).getbbox()
    assert box is not None
    return box


def test_words_break_at_spaces() -> None:
    """And lines as written stay lines."""
    assert lines_of("AURA\nA quiet word for you", 150) == ["AURA", "A quiet word", "for you"]


def test_chinese_breaks_between_characters() -> None:
    """Six of 20 px go into 120 px."""
    assert lines_of("清晨的港口霧還沒有散去", 121) == ["清晨的港口霧", "還沒有散去"]


def test_no_line_begins_with_a_closing_mark() -> None:
    """The character before it comes along."""
    assert lines_of("清晨的港口霧，還沒有散去", 121) == ["清晨的港口", "霧，還沒有散", "去"]


def test_no_line_ends_with_an_opening_mark() -> None:
    """It goes with what it opens."""
    assert lines_of("清晨的港口「霧」散去", 121) == ["清晨的港口", "「霧」散去"]


@pytest.mark.parametrize("place", TitlePlace)
@pytest.mark.parametrize("text", ["Run further", "跑得更遠", "A word that goes on " * 30, "無空格的長句" * 40])
def test_a_title_of_any_length_stays_inside_the_picture(tmp_path: Path, place: TitlePlace, text: str) -> None:
    """With room left on every side."""
    left, top, right, bottom = covered(draw_title(text, place, SIZE_PX, tmp_path))
    assert left > 20
    assert top > 4
    assert right < 620
    assert bottom < 356


def test_a_title_is_not_cut_off_below(tmp_path: Path) -> None:
    """Its middle is the picture's: nothing of it is missing."""
    _, top, _, bottom = covered(draw_title("Hxgy", TitlePlace.CENTER, SIZE_PX, tmp_path))
    assert (top + bottom) / 2 == pytest.approx(180, abs=3)


@pytest.mark.parametrize(("ground", "is_light"), [("#101418", True), ("#f4efe6", False)])
def test_a_cards_words_stand_out_from_its_ground(tmp_path: Path, ground: str, is_light: bool) -> None:
    """White on dark, nearly black on light."""
    plane = np.asarray(Image.open(draw_card("The End", ground, SIZE_PX, tmp_path)).convert("L")).astype(int)
    corner = int(plane[0, 0])
    ink = int(plane.max() if is_light else plane.min())
    assert abs(ink - corner) > 150


def test_drawing_does_not_read_a_dot_env(tmp_path: Path) -> None:
    """MoviePy would load the one above it into the environment."""
    before = dict(os.environ)
    draw_card("The End", "#101418", SIZE_PX, tmp_path)
    assert dict(os.environ) == before
