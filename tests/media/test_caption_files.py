"""Captions as files."""

from __future__ import annotations

import pysubs2
import pytest
from timelines import a_caption, a_clip, a_timeline

from pipeline.media.caption_files import caption_files
from pipeline.model.delivery import CaptionStyle, Delivery
from pipeline.model.storyboard import TitlePlace
from pipeline.model.timeline import Overlay, Timeline

NONE = {"srt": "", "vtt": "", "ass": ""}


def a_film(*captions: object, style: CaptionStyle = CaptionStyle.FILE) -> Timeline:
    delivery = Delivery(captions=style)
    clip = a_clip("a", captions=captions)
    return a_timeline(clip, width_px=1280, height_px=720, delivery=delivery)


def test_a_subrip_file_is_numbered_timed_and_broken_into_lines() -> None:
    """Frame 36 is 1.5 s, frame 84 is 3.5 s."""
    text = caption_files(a_film(a_caption("Carry\nthe mountain.", "Mara", start=36, stop=84)))["srt"]
    assert text.strip() == "1\n00:00:01,500 --> 00:00:03,500\nCarry\nthe mountain."


def test_webvtt_keeps_who_speaks() -> None:
    """As the cue's voice; SubRip has no place for it."""
    text = caption_files(a_film(a_caption("跑得更遠。", "瑪拉", stop=24)))["vtt"]
    assert text.startswith("WEBVTT\n")
    assert "00:00:00.000 --> 00:00:01.000\n<v 瑪拉>跑得更遠。\n" in text


def test_a_time_between_milliseconds_is_never_late() -> None:
    """Frame 25 is at 1041.67 ms; a cue that begins at 1042 would miss it."""
    assert "00:00:01,041 -->" in caption_files(a_film(a_caption(start=25, stop=50)))["srt"]


def test_ass_says_who_speaks_and_where_the_words_stand() -> None:
    """Words at 5 % of 720 px, which is a line of 1.448 × 36 = 52; a comma would end the name's field."""
    text = caption_files(a_film(a_caption("Carry\nthe mountain.", "Mara, the elder", start=36, stop=84)))["ass"]
    read = pysubs2.SSAFile.from_string(text)
    (event,), style = read.events, read.styles["Caption"]
    assert (event.start, event.end, event.name) == (1500, 3500, "Mara， the elder")
    assert (event.text, event.style) == (r"Carry\Nthe mountain.", "Caption")
    assert (style.fontsize, read.info["PlayResX"], read.info["PlayResY"]) == (52, "1280", "720")
    assert "http" not in text


def test_an_ass_caption_makes_room_for_a_title_as_a_drawn_one_does() -> None:
    """It stands above while a title stands below."""
    below = Overlay(text="Mara, runner", place=TitlePlace.LOWER, start=0, stop=48)
    clip = a_clip("a", captions=(a_caption(stop=24), a_caption(start=60, stop=84)), overlays=(below,))
    read = pysubs2.SSAFile.from_string(caption_files(a_timeline(clip))["ass"])
    assert [event.style for event in read.events] == ["CaptionAbove", "Caption"]
    assert read.styles["CaptionAbove"].alignment == pysubs2.Alignment.TOP_CENTER


def test_ass_captions_are_never_late() -> None:
    """Frame 5 is at 208.3 ms: 0.20 s, where rounding would say 0.21 and be a frame late."""
    text = caption_files(a_film(a_caption(start=5, stop=30)))["ass"]
    assert "Dialogue: 0,0:00:00.20,0:00:01.25,Caption," in text


@pytest.mark.parametrize("kind", ["srt", "vtt", "ass"])
@pytest.mark.parametrize("words", ["1 < 2 & 3 > 2", "<i>not markup</i>", r"{\p1}drawn", r"C:\New", "{braces}", "-->"])
def test_no_words_are_taken_for_markup(kind: str, words: str) -> None:
    """One cue comes back, with as many letters."""
    text = caption_files(a_film(a_caption(words)))[kind]
    (event,) = pysubs2.SSAFile.from_string(text, keep_html_tags=True)
    seen = event.text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert len(seen) == len(words)


def test_without_captions_there_are_no_files() -> None:
    """Nothing said, or nothing wanted."""
    assert caption_files(a_film()) == NONE
    assert caption_files(a_film(a_caption(), style=CaptionStyle.NONE)) == NONE
