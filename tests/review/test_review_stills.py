"""Where a film is looked at, which still becomes the poster, and the sheet of all of them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from builders_review import a_picture, a_shot, a_storyboard, a_timeline
from PIL import Image

from pipeline.model.delivery import CaptionStyle, Delivery, Poster
from pipeline.model.timeline import CaptionOverlay, Overlay
from pipeline.review.animation import animated_frames, draw_animation
from pipeline.review.contact_sheet import draw_contact_sheet
from pipeline.review.lettering import Style, wrap
from pipeline.review.looks import look_at_clips, look_at_film
from pipeline.review.stills import choose_still, clear_ranges, still_frames
from pipeline.timecode import FrameRange

NOTE = Style(20, "#fff")


def a_chequer(light: str, dark: str, field_px: int = 8) -> Image.Image:
    """A picture with edges and contrast."""
    rows, columns = np.indices((180, 320)) // field_px
    mask = Image.fromarray((((rows + columns) % 2) * 255).astype("uint8"))
    return Image.composite(a_picture(light), a_picture(dark), mask)


def test_stills_keep_clear_of_soft_joins():
    """A dissolve of 20 takes both ends, a hold of 20 the tail before it."""
    board = a_storyboard(a_shot("a"), a_shot("b", join="dissolve 20"), a_shot("c", join="hold 20"))
    ranges = clear_ranges(a_timeline(board, frames=100))
    assert ranges == (FrameRange(0, 80), FrameRange(100, 160), FrameRange(180, 280))


def test_stills_keep_clear_of_a_dip():
    """Ten frames of each clip."""
    board = a_storyboard(a_shot("a"), a_shot("b", join="dip 20"))
    assert clear_ranges(a_timeline(board, frames=100)) == (FrameRange(0, 90), FrameRange(110, 200))


def test_a_clip_that_is_all_joins_is_seen_in_its_middle():
    """Ten frames in, ten frames out, and nothing between them."""
    board = a_storyboard(a_shot("a"), a_shot("b", join="dissolve 10"), a_shot("c", join="dissolve 10"))
    assert clear_ranges(a_timeline(board, frames=20))[1] == FrameRange(20, 21)


def test_four_stills_stand_in_the_middle_of_the_four_quarters():
    """192 frames: quarters of 48, their middles at 24, 72, 120 and 168."""
    assert still_frames(a_timeline(a_storyboard()))["run"] == (24, 72, 120, 168)


def test_the_poster_is_neither_black_nor_blank_nor_burnt_out():
    """Only one of these shows anything."""
    pictures = [a_picture("#000000"), a_picture("#ffffff"), a_picture("#808080"), a_chequer("#e0a040", "#204080")]
    assert choose_still(pictures) == 3


def test_the_poster_is_the_colourful_one_of_two():
    """Same edges, same luma or so: colour decides."""
    assert choose_still([a_chequer("#b0b0b0", "#404040"), a_chequer("#f0a030", "#103070")]) == 1


def test_of_equal_stills_the_first_is_the_poster():
    """The choice is the same on every machine; black ones alone are no error."""
    assert choose_still([a_chequer("#fff", "#000"), a_chequer("#fff", "#000")]) == 0
    assert choose_still([a_picture("#000000"), a_picture("#000000")]) == 0


@pytest.mark.parametrize(("size", "columns"), [((1280, 720), 4), ((720, 1280), 4)])
def test_eight_clips_fill_their_rows(size: tuple[int, int], columns: int):
    """Eight tiles in two rows of four, for either shape; a tile of (1920 − 120 − 90) / 4 = 427 px."""
    board = a_storyboard(*(a_shot(f"s{number}") for number in range(8)))
    timeline = a_timeline(board).model_copy(update={"width_px": size[0], "height_px": size[1]})
    red = [a_picture("#ff0000", size)] * 4
    sheet = Image.open(BytesIO(draw_contact_sheet(timeline, {"s3": red}, {})))
    last_of_first_row = 60 + 3 * (427 + 30) + 200
    assert sheet.width == 1920
    assert np.allclose(sheet.getpixel((last_of_first_row, 228)), (254, 0, 0), atol=3)


def test_a_sheet_stands_hostile_and_chinese_words():
    """Controls, one endless word, and wide letters without a space."""
    words = {"run": "\x1b\u202e" + "x" * 5000, "two": "清晨的港口，" * 300}
    timeline = a_timeline(a_storyboard(a_shot(), a_shot("two"), title="港灣" * 200))
    assert draw_contact_sheet(timeline, {}, words)[:2] == b"\xff\xd8"


def test_lines_break_between_words_and_between_wide_letters():
    """Three lines at most, none too wide, the last one open, and no line begins with a closing mark."""
    for text in ("the quick brown fox jumps over the lazy dog", "清晨的港口，霧氣在水面上慢慢散開。"):
        lines = wrap(text, NOTE, 90, 3)
        assert len(lines) == 3
        assert all(NOTE.width_px(line) <= 90 for line in lines)
        assert lines[-1].endswith("…")
        assert not any(line.startswith(("，", "。")) for line in lines)


def test_a_sheet_spells_what_its_usual_face_has_not():
    """Arabic letters are joined, and shorter than as many boxes."""
    assert NOTE.width_px("النهاية") < 5 * NOTE.size_px
    assert NOTE.width_px("ببب") < 0.9 * 3 * NOTE.width_px("ب")


def test_a_film_is_looked_at_through_one_door():
    """Once for all that is small, 48 pictures that move among it; and a poster of the film's width, with no title."""
    asked: list[tuple[list[int], int]] = []

    def extract(path: Path, frames: list[int], width_px: int) -> list[Image.Image]:
        asked.append((list(frames), width_px))
        return [a_chequer("#e0a040", "#204080").resize((width_px, width_px * 9 // 16)) for _ in frames]

    board = a_storyboard()
    timeline = a_timeline(board)
    titled = timeline.clips[0].model_copy(update={"overlays": (Overlay(text="x", place="center", start=0, stop=100),)})
    looks = look_at_film(Path("f.mp4"), timeline.model_copy(update={"clips": (titled,)}), board, extract)
    assert asked == [([24, *range(48, 144, 2), 168], 640), ([120], 1280)]
    assert set(looks.thumbnails) == {"run"}
    assert Image.open(BytesIO(looks.poster)).width == 1280


@pytest.mark.parametrize(("style", "poster"), [(CaptionStyle.BURN, 120), (CaptionStyle.FILE, 24)])
def test_nothing_under_a_burnt_caption_becomes_the_poster(style: CaptionStyle, poster: int):
    """The caption stands over the first 100 frames; captions in a file leave the picture alone. Equal stills else."""
    asked: list[list[int]] = []

    def extract(path: Path, frames: list[int], width_px: int) -> list[Image.Image]:
        asked.append(list(frames))
        return [a_chequer("#e0a040", "#204080") for _ in frames]

    timeline = a_timeline(a_storyboard())
    said = timeline.clips[0].model_copy(update={"captions": (CaptionOverlay(text="x", start=0, stop=100),)})
    film = timeline.model_copy(update={"clips": (said,), "delivery": Delivery(captions=style)})
    look_at_film(Path("f.mp4"), film, a_storyboard(), extract)
    assert asked[-1] == [poster]


@pytest.mark.parametrize(
    ("poster", "frame"), [("two@1s", 192 + 24), ("two@0f", 192), ("two@1m", 383), ("two", 192 + 24)]
)
def test_the_poster_shows_the_moment_that_is_named(poster: str, frame: int):
    """From the item's first frame, at the latest its last; an item alone is its best still, the first of equals."""
    asked: list[list[int]] = []

    def extract(path: Path, frames: list[int], width_px: int) -> list[Image.Image]:
        asked.append(list(frames))
        return [a_chequer("#e0a040", "#204080") for _ in frames]

    board = a_storyboard(a_shot("one"), a_shot("two"))
    board = board.model_copy(update={"delivery": Delivery(poster=Poster.parse(poster.replace("1m", "60s")))})
    look_at_film(Path("f.mp4"), a_timeline(board), board, extract)
    assert asked[-1] == [frame]


def test_the_animation_shows_some_of_each_clip():
    """Three clips of 192 frames: 16 pictures of each, every other frame, around the middles 96, 288 and 480."""
    board = a_storyboard(*(a_shot(name) for name in "abc"))
    frames = animated_frames(a_timeline(board))
    assert frames == (*range(80, 112, 2), *range(272, 304, 2), *range(464, 496, 2))


def test_the_animation_of_many_clips_shows_six_of_them():
    """Eight pictures of each: the 1st, 3rd, 5th … 11th of twelve, less what is not there."""
    board = a_storyboard(*(a_shot(f"s{n}") for n in range(12)))
    shown = animated_frames(a_timeline(board, frames=10))
    assert sorted({frame // 10 for frame in shown}) == [1, 3, 5, 7, 9, 11]
    assert len(shown) == 6 * 5


def test_an_animation_moves_at_the_films_pace():
    """Twelve pictures a second; equal ones make equal bytes."""
    pictures = [a_chequer("#e0a040", "#204080"), a_chequer("#204080", "#e0a040")]
    kept = draw_animation(pictures)
    moving = Image.open(BytesIO(kept))
    moving.load()
    assert (moving.n_frames, moving.info["duration"], kept == draw_animation(pictures)) == (2, 83, True)


def test_without_a_film_landed_clips_are_looked_at_themselves():
    """The middle frame of what is used of each; a clip that has not landed has no thumbnail."""
    timeline = a_timeline(a_storyboard(a_shot("a"), a_shot("b")))
    waiting = timeline.clips[1].model_copy(update={"media": None})
    timeline = timeline.model_copy(update={"clips": (timeline.clips[0], waiting)})
    seen = look_at_clips(timeline, lambda clip: Path(clip.item), lambda path, frames, width_px: [a_picture()])
    assert set(seen) == {"a"}


def test_wide_lines_are_joined_without_a_gap() -> None:
    """Chinese has no space between sentences; words keep theirs."""
    assert wrap("星空仍在。\n固定鏡頭 slow\npan", NOTE, 2000, 1) == ["星空仍在。固定鏡頭 slow pan"]
