"""Drawing words."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFont

from pipeline.media.cards import draw_card, draw_words
from pipeline.media.faces import face_for
from pipeline.media.fonts import ARABIC, BOLD, HEBREW, LATIN
from pipeline.render.drawings import Setting, Words

SIZE_PX = (640, 360)


def covered(path: Path) -> tuple[int, int, int, int]:
    """The box around all that is not wholly transparent."""
    box = Image.open(path).getchannel("A").point(lambda alpha: 255 if alpha > 128 else 0).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize("setting", Setting)
@pytest.mark.parametrize(
    "text", ["Run further", "跑得更遠", "A word that goes on " * 30, "無空格的長句" * 40, "صباح الخير", "ąęłżő"]
)
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


def test_hebrew_is_read_from_right_to_left(tmp_path: Path) -> None:
    """The full stop, written last, stands at the left: what is leftmost reaches no higher than a stop does."""
    ink = np.asarray(Image.open(draw_words(Words("שלום.", Setting.CENTER), SIZE_PX, tmp_path)).convert("L")) > 200
    rows, columns = np.nonzero(ink)
    leftmost = rows[columns <= columns.min() + 2]
    assert leftmost.min() > (rows.min() + rows.max()) / 2


def test_arabic_letters_are_joined() -> None:
    """Three of one letter are shorter than three times the letter alone."""
    face = ImageFont.truetype(str(face_for("ببب")), 40)
    assert face.getlength("ببب") < 0.9 * 3 * face.getlength("ب")


@pytest.mark.parametrize(
    ("text", "face"),
    [("Café 跑", BOLD), ("Łódź", LATIN), ("Весна", BOLD), ("שלום 1", HEBREW), ("خير, ok", ARABIC)],
)
def test_a_text_is_set_in_one_face_that_has_all_of_it(text: str, face: Path) -> None:
    """The usual one if it can; each has Latin letters and figures of its own."""
    assert face_for(text) == face
