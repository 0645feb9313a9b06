"""Captions as files."""

from __future__ import annotations

import pysubs2
import pytest
from timelines import a_caption, a_clip, a_timeline

from pipeline.media.caption_files import caption_files
from pipeline.model.delivery import CaptionStyle, Delivery
from pipeline.model.timeline import Timeline


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


@pytest.mark.parametrize("kind", ["srt", "vtt"])
@pytest.mark.parametrize("words", ["1 < 2 & 3 > 2", "<i>not markup</i>", r"{\p1}drawn", r"C:\New", "{braces}", "-->"])
def test_no_words_are_taken_for_markup(kind: str, words: str) -> None:
    """One cue comes back, with as many letters."""
    text = caption_files(a_film(a_caption(words)))[kind]
    (event,) = pysubs2.SSAFile.from_string(text, keep_html_tags=True)
    seen = event.text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert len(seen) == len(words)


def test_without_captions_there_are_no_files() -> None:
    """Nothing said, or nothing wanted."""
    assert caption_files(a_film()) == {"srt": "", "vtt": ""}
    assert caption_files(a_film(a_caption(), style=CaptionStyle.NONE)) == {"srt": "", "vtt": ""}
