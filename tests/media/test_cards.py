"""Drawing words."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipeline.media.cards import draw_card, draw_words
from pipeline.render.drawings import Setting, Words

SIZE_PX = (640, 360)


def covered(path: Path) -> tuple[int, int, int, int]:
    """The box around all that is not wholly transparent."""
    box = Image.open(path).getchannel("A").point(lambda alpha: 255 if alpha > 128 else 0).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize("setting", Setting)
@pytest.mark.parametrize("text", ["Run further", "跑得更遠", "A word that goes on " * 30, "無空格的長句" * 40])
def test_words_of_any_length_stay_inside_the_picture(tmp_path: Path, setting: Setting, text: str) -> None:
    """With room left on every side."""
    left, top, right, bottom = covered(draw_words(Words(text, setting), SIZE_PX, tmp_path))
    assert left > 20
    assert top > 4
    assert right < 620
    assert bottom < 356


def test_a_title_is_not_cut_off_below(tmp_path: Path) -> None:
    """Its middle is the picture's: nothing of it is missing."""
    _, top, _, bottom = covered(draw_words(Words("Hxgy", Setting.CENTER), SIZE_PX, tmp_path))
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
