"""A thousand hostile captions appear as they are written, in files for players and drawn into the picture."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pysubs2
import pytest
from hostile_captions import hostile_captions
from PIL import Image, ImageDraw, ImageFont
from timelines import a_caption, a_clip, a_timeline

from pipeline.media.caption_files import caption_files
from pipeline.media.cards import draw_words
from pipeline.media.faces import drawn_letters, face_for
from pipeline.media.letters import missing_letters
from pipeline.render.drawings import Setting, Words

SEED: Final = 27
COUNTS: Final = [20, pytest.param(1_000, marks=[pytest.mark.torture, pytest.mark.media])]
FRAMES: Final = 240
"""Of each caption: 10 s, so that it is known by its time whatever cues it was broken into."""
SIZE_PX, LETTERS_PX = (1280, 480), 45
ALIKE: Final = 0.95
LOOKALIKES: Final = str.maketrans("‹›＼｛｝‚․", "<>\\{},.")
SUBRIP_TIME: Final = r"\d\d:\d\d:\d\d,\d{3}"


def letters_of(text: str) -> str:
    """Without the white space at which lines may be broken, and without control characters."""
    return "".join(letter for letter in text if not letter.isspace() and unicodedata.category(letter) != "Cc")


def files_of(captions: Sequence[str]) -> dict[str, str]:
    overlays = tuple(a_caption(text, start=FRAMES * n, stop=FRAMES * (n + 1)) for n, text in enumerate(captions))
    clip = a_clip("a", captions=overlays, stop=FRAMES * len(captions))
    return dict(caption_files(a_timeline(clip, width_px=1280, height_px=720)))


def gathered(cues: Sequence[tuple[int, str]], count: int) -> list[str]:
    """The letters of each caption, from cues with the millisecond that each begins at."""
    said = [""] * count
    for begins_ms, text in cues:
        said[(begins_ms + 20) * 24 // 1_000 // FRAMES] += letters_of(text)
    return said


def read_vtt(text: str) -> list[tuple[int, str]]:
    """By the rules of WebVTT (W3C, 4), none forgiven: no markup that is not closed, no sign that is not escaped."""
    head, *blocks = text.rstrip("\n").split("\n\n")
    assert head == "WEBVTT"
    cues = []
    for block in blocks:
        _, times, *lines = block.split("\n")
        found = re.fullmatch(r"(\d\d):(\d\d):(\d\d)\.(\d{3}) --> \d\d:\d\d:\d\d\.\d{3}", times)
        assert found, times
        hours, minutes, seconds, thousandths = map(int, found.groups())
        said = "\n".join(lines)
        assert re.fullmatch(r"(?:[^<>&]|&(?:lt|gt|amp);)*", said), said
        cues.append((((hours * 60 + minutes) * 60 + seconds) * 1_000 + thousandths, html.unescape(said)))
    return cues


def read_srt(text: str) -> list[tuple[int, str]]:
    """Numbered blocks, each with its times, an empty line between them."""
    cues = []
    for n, block in enumerate(text.rstrip("\n").split("\n\n"), 1):
        number, times, *lines = block.split("\n")
        assert number == str(n)
        assert re.fullmatch(f"{SUBRIP_TIME} --> {SUBRIP_TIME}", times), times
        hours, minutes, seconds = map(int, times[:8].split(":"))
        cues.append((((hours * 60 + minutes) * 60 + seconds) * 1_000 + int(times[9:12]), "\n".join(lines)))
    return cues


@pytest.mark.parametrize("count", COUNTS)
def test_a_webvtt_file_holds_every_letter(count: int) -> None:
    """A strict reader gets back exactly what was written."""
    captions = hostile_captions(count, SEED)
    assert gathered(read_vtt(files_of(captions)["vtt"]), count) == [letters_of(caption) for caption in captions]
    print(f"{count} captions in WebVTT, letter for letter")


@pytest.mark.parametrize("count", COUNTS)
def test_a_subrip_file_holds_every_letter_or_one_that_looks_like_it(count: int) -> None:
    """It has no escape: only what would be markup is written with other signs. pysubs2 reads the same."""
    captions = hostile_captions(count, SEED)
    text = files_of(captions)["srt"]
    said = gathered(read_srt(text), count)
    assert [each.translate(LOOKALIKES) for each in said] == [letters_of(caption) for caption in captions]
    exact = sum(each == letters_of(caption) for each, caption in zip(said, captions, strict=True))
    events = pysubs2.SSAFile.from_string(text, "srt")
    read = gathered([(event.start, event.text.replace(r"\N", "")) for event in events], count)
    assert read == said
    print(f"{count} captions in SubRip, {exact} letter for letter, the others with look-alikes of markup")


@pytest.mark.parametrize("count", COUNTS)
def test_an_ass_file_holds_every_letter_or_one_that_looks_like_it(count: int) -> None:
    """It has no escape for braces and backslashes."""
    captions = hostile_captions(count, SEED)
    events = pysubs2.SSAFile.from_string(files_of(captions)["ass"], "ass")
    said = gathered([(event.start, event.plaintext) for event in events], count)
    assert [each.translate(LOOKALIKES) for each in said] == [letters_of(caption) for caption in captions]


@pytest.mark.parametrize("count", COUNTS)
def test_a_drawn_caption_is_what_is_written(tmp_path: Path, count: int) -> None:
    """As Pillow alone draws it, and like no other; what the font has no letter for is refused, not drawn as a box."""
    captions = [
        *dict.fromkeys(drawn_letters(text).split("\n")[0][:14].strip() for text in hostile_captions(count, SEED))
    ]
    drawable = [text for text in captions if text and not missing_letters(text) and text.isprintable()]
    alone = [small(drawn_alone(text)) for text in drawable]
    own, best = [], []
    for n, text in enumerate(drawable):
        picture = Image.open(draw_words(Words(text, Setting.CENTER), SIZE_PX, tmp_path))
        ours = small(Image.composite(picture.convert("L"), Image.new("L", picture.size), picture.getchannel("A")))
        likenesses = [likeness(ours, other) for other in alone]
        own.append(likenesses[n])
        best.append(max(likenesses))
    refused = len(captions) - len(drawable)
    print(f"{len(drawable)} captions drawn as Pillow draws them, to {min(own):.3f} at least; {refused} refused")
    assert len(drawable) > count // 4
    assert [text for text, found in zip(drawable, own, strict=True) if found < ALIKE] == []
    assert [text for text, found, most in zip(drawable, own, best, strict=True) if found < most - 0.01] == []


def drawn_alone(text: str) -> Image.Image:
    picture = Image.new("L", (3_000, 200))
    ImageDraw.Draw(picture).text((20, 40), text, "white", ImageFont.truetype(str(face_for(text)), LETTERS_PX))
    return picture


def small(picture: Image.Image) -> np.ndarray:
    """The ink alone, cut close."""
    ink = picture.crop(picture.point(lambda value: 255 if value > 128 else 0).getbbox())
    return np.asarray(ink.resize((192, 24), Image.Resampling.BOX), float)


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """1 for the same, 0 for nothing in common."""
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


@pytest.mark.parametrize("text", ["a\u2029b", "a\u2028b", "a\x85b", "\u202eab", "a\u200bb", "e\u0301"])
def test_signs_that_nobody_sees_break_no_drawing(tmp_path: Path, text: str) -> None:
    """A line break of any kind, a turn of direction, an accent by itself."""
    assert missing_letters(text) == ""
    assert Image.open(draw_words(Words(text, Setting.CENTER), (640, 160), tmp_path)).getbbox()


def test_an_accent_that_the_font_has_not_is_named() -> None:
    """Laid out over its letter it would be a box."""
    assert missing_letters("跑\u0338") == "\u0338"
