"""A prompt is read as people mean it, and whatever it says becomes a picture and a sound."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFont

from pipeline.media.animatic import ClipBrief, cast, paint_clip, paint_placeholder, sound
from pipeline.media.animatic import sight as words
from pipeline.media.animatic.camera import MOVES
from pipeline.media.animatic.figures import FIGURES
from pipeline.media.animatic.moving import Heave, Ripples
from pipeline.media.animatic.palette import HOURS, TINTS
from pipeline.media.animatic.places import PLACES
from pipeline.media.animatic.plates import Paint, blank_canvas, print_of, settled
from pipeline.media.animatic.scene import play, set_stage
from pipeline.media.animatic.sight import Sight, read_prompt
from pipeline.media.fonts import BOLD, REGULAR

TINY = (320, 180)


def dice() -> np.random.Generator:
    return np.random.default_rng(7)


def read(prompt: str) -> Sight:
    return read_prompt(prompt, dice())


@cache
def first_frame(sight: Sight) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    stage = set_stage(sight, TINY, dice())
    return next(play(stage)).planes.copy()


@pytest.mark.parametrize(
    ("prompt", "place", "hour", "weather", "camera", "figure"),
    [
        ("A runner on a foggy beach at dawn, tracking shot", "beach", "dawn", "fog", "tracking", "runner"),
        ("Fishing boats leave the harbour at dusk. Slow pan.", "harbour", "dusk", "", "pan", "fishing_boat"),
        ("雨夜的小巷，撐傘的人走過，手持鏡頭", "alley", "night", "rain", "handheld", "umbrella"),
        ("港口黎明，薄霧，渔船，推近", "harbour", "dawn", "fog", "push", "fishing_boat"),
        ("A perfume bottle, push in", "studio", "", "", "push", "perfume"),
        ("Storm over the sea, lighthouse, drone shot, night", "sea", "night", "storm", "aerial", "lighthouse"),
    ],
)
def test_prompt_is_read_in_both_languages(
    prompt: str, place: str, hour: str, weather: str, camera: str, figure: str
) -> None:
    """An empty column is left to chance."""
    seen = read(prompt)
    assert (seen.place, seen.camera, seen.figures[0] if figure != "umbrella" else "umbrella") == (place, camera, figure)
    assert hour in ("", seen.hour)
    assert weather in ("", seen.weather)


def test_words_end_where_they_end() -> None:
    """A carpet is no car, a report no port; a lookout who watches wears no watch."""
    assert read("a carpet, a report, a crew that watches, 馬路").figures == ()


def test_plural_names_what_the_singular_names() -> None:
    """Nobody has to list meadows beside meadow."""
    assert read("A hot-air balloon over meadows").place == "meadow"


def test_colour_of_the_land_dyes_nothing() -> None:
    """Green meadows make no green balloon, a red balloon stays red."""
    assert read("a balloon over green meadows").colours == ()
    assert read("a red balloon over green meadows, 藍色的海").colours == ("red",)


def test_what_is_only_heard_is_not_seen() -> None:
    """A sentence of sounds adds to what is heard alone."""
    sight = read("一個女人在市場。聲音：海鷗叫聲，火車。固定鏡頭")
    assert (sight.place, sight.camera, sight.figures) == ("market", "static", ("walker",))
    assert set(sight.heard) == {"walker", "birds", "train"}


@pytest.mark.parametrize(
    ("prompt", "stance"),
    [("a woman stands on a roof", "stand"), ("老人坐在碼頭", "sit"), ("a man waits", "stand"), ("a man", "walk")],
)
def test_people_stand_and_sit_when_it_is_written(prompt: str, stance: str) -> None:
    """Who is given no verb walks."""
    assert read(prompt).stance == stance


@pytest.mark.parametrize(
    ("prompt", "place", "detail"),
    [
        ("a red sports car on a desert highway", "desert", "road"),
        ("a car among the dunes", "desert", "road"),
        ("松林裡的鹿", "forest", "pines"),
        ("a stone bridge", "bridge", "stone"),
    ],
)
def test_detail_is_shown_in_its_place(prompt: str, place: str, detail: str) -> None:
    """A road leads through a place and is none; a car brings its road along."""
    assert (read(prompt).place, detail in read(prompt).details) == (place, True)


@pytest.mark.parametrize("prompt", ["", "zzzz qqq", "🙂", "<script>", "%d {{ x }}", "ɸ" * 5000])
def test_unknown_prompt_is_a_pleasant_default(prompt: str) -> None:
    """Nothing that is written makes the painter fail."""
    assert first_frame(read(prompt)).std() > 5


def test_every_word_has_its_drawing() -> None:
    """The vocabulary and the tables of painters name the same things."""
    assert set(words.PLACES) == set(PLACES) == set(sound.PLACES)
    assert set(words.HOURS) == set(HOURS)
    assert set(words.CAMERAS) == set(MOVES)
    assert set(words.COLOURS) == set(TINTS)
    assert set(words.FIGURES) <= set(FIGURES)
    assert {*cast.RESTING.values(), *cast.LOCAL.values(), *cast.KINDS, *cast.EFFECTS} <= set(FIGURES)


@pytest.mark.parametrize("place", sorted(PLACES))
def test_every_place_is_painted(place: str) -> None:
    """Wide and without a fault; no two seeds needed."""
    sight = Sight(place=place, hour="dusk", weather="rain", camera="pan", figures=(), colours=())
    assert first_frame(sight).std() > 5


@pytest.mark.parametrize("camera", sorted(MOVES))
def test_every_camera_shows_the_whole_clip(camera: str) -> None:
    """No move runs off what is painted: no black at the foot of the last frame."""
    sight = Sight(place="beach", hour="noon", weather="snow", camera=camera, figures=("walker",), colours=("neon",))
    *_, last = play(set_stage(sight, TINY, dice()))
    assert last.luma[-4:].min() > 16


@pytest.mark.parametrize("figure", sorted(FIGURES))
def test_every_figure_is_seen(figure: str) -> None:
    """The frame with it differs from the frame without."""
    empty = Sight(place="desert", hour="noon", weather="clear", camera="static", figures=(), colours=())
    with_it = Sight(place="desert", hour="noon", weather="clear", camera="static", figures=(figure,), colours=())
    if FIGURES[figure].home != "water":
        assert not np.array_equal(first_frame(empty), first_frame(with_it))


@pytest.mark.parametrize("place", ["forest", "harbour", "village", "station", "meadow", "street"])
def test_snow_lies_on_the_ground(place: str) -> None:
    """More than flakes in front of the lens: what is underfoot grows paler."""
    bare, white = (
        Sight(place=place, hour="morning", weather=weather, camera="static", figures=(), colours=())
        for weather in ("clear", "snow")
    )
    foot = slice(int(TINY[1] * 0.93), TINY[1])
    assert first_frame(white)[foot].mean() > first_frame(bare)[foot].mean() + 10


@pytest.mark.parametrize(("weather", "mirrors"), [("clear", True), ("storm", False)])
def test_stormy_sea_is_no_mirror(weather: str, mirrors: bool) -> None:
    """Waves break over one another instead."""
    sight = Sight(place="sea", hour="night", weather=weather, camera="static", figures=(), colours=())
    drawn = {type(drawable) for drawable in set_stage(sight, TINY, dice()).drawables}
    assert (Ripples in drawn, Heave in drawn) == (mirrors, not mirrors)


def test_layers_that_stand_still_become_one_picture() -> None:
    """Joined, they look as they did one by one, but for rounding."""
    sight = Sight(place="forest", hour="noon", weather="clear", camera="static", figures=(), colours=())
    stage = set_stage(sight, TINY, dice())
    slow = blank_canvas(TINY)
    for drawable in stage.drawables:
        drawable.draw(slow, 0)
    quick = next(play(stage)).planes
    assert len(settled(stage.drawables, TINY)) < len(stage.drawables)
    assert np.abs(slow.planes.astype(int) - quick).max() <= 8


def test_plate_blends_by_its_alpha() -> None:
    """White at a quarter over black: 16 + (235 - 16) / 4 = 70.75 in luma."""
    quarter = np.full((4, 4), 0.25, np.float32)
    canvas = blank_canvas((4, 4))
    print_of(Paint(quarter[..., None] * np.full(3, 255, np.float32), quarter)).lay(canvas, 0, 0)
    assert set(canvas.luma.ravel()) <= {70, 71, 72}


@pytest.mark.parametrize("prompt", ["beach", "harbour storm", "studio, perfume", "stadium, a runner", "forest"])
def test_ambience_is_as_loud_as_real_clips(prompt: str) -> None:
    """-20 LUFS within one unit, and no sample at full scale."""
    heard = sound.ambience(read(prompt), dice())
    assert sound.loudness(heard.astype(float)) == pytest.approx(-20, abs=1)
    assert np.abs(heard).max() < 0.95


def test_loudness_of_the_reference_tone_is_right() -> None:
    """BS.1770: 997 Hz at full scale in one channel reads -3.01 LUFS."""
    tone = np.zeros((2, sound.LENGTH))
    tone[0] = np.sin(2 * np.pi * 997 * np.arange(sound.LENGTH) / 48_000)
    assert sound.loudness(tone) == pytest.approx(-3.01, abs=0.05)


@pytest.mark.parametrize("roles", ["frames", "refs"])
def test_given_pictures_are_in_the_clip(tmp_path: Path, roles: str) -> None:
    """A red picture makes the middle of the clip red."""
    import av

    Image.new("RGB", (400, 300), (230, 10, 10)).save(tmp_path / "red.png")
    brief = ClipBrief(
        shot="a", prompt="lake", size_px=TINY, images=(tmp_path / "red.png",), image_roles=roles, slate=False
    )
    paint_clip(brief, tmp_path / "clip.mp4")
    with av.open(str(tmp_path / "clip.mp4")) as container:
        picture = next(container.decode(video=0)).to_ndarray(format="rgb24")
    red, green, _ = picture[100:130, 150:170].reshape(-1, 3).mean(axis=0)
    assert red > green + 120


def test_placeholder_has_the_size_asked_for(tmp_path: Path) -> None:
    """It can be opened like any picture."""
    paint_placeholder("https://example.com/產品.jpg", (300, 200), tmp_path / "card.png")
    with Image.open(tmp_path / "card.png") as card:
        assert card.size == (300, 200)


@pytest.mark.parametrize("path", [REGULAR, BOLD])
def test_fonts_hold_latin_and_both_chineses(path: Path) -> None:
    """Every letter has a drawing of its own, none is the empty box."""
    face = ImageFont.truetype(str(path), 24)
    box = face.getmask("\uffff").getbbox(), bytes(face.getmask("\uffff"))
    for letter in "Aéß—…「」、。港龍门龙ひカㄅ％":
        assert (face.getmask(letter).getbbox(), bytes(face.getmask(letter))) != box


def test_fonts_stay_small() -> None:
    """The one that a report carries under 2 MB, the one that draws every name under 5; the licence beside them."""
    assert REGULAR.stat().st_size < 2_000_000
    assert BOLD.stat().st_size < 5_000_000
    assert REGULAR.with_name("OFL.txt").read_text().startswith("Copyright")
