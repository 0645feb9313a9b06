"""The author's words, made fit for a page: harmless, and with their language."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.model.storyboard import Card, Footage, Item, Shot
from pipeline.safe_text import safe_text


class Words(NamedTuple):
    """Harmless text and its language."""

    text: str
    lang: str


def as_words(text: str) -> Words:
    return Words(safe_text(text.strip()), language_of(text))


def text_of(item: Item) -> str:
    """What stands for an item in words, as written: the prompt, the file or the card's text."""
    match item:
        case Shot():
            return item.prompt
        case Footage():
            return item.file
        case Card():
            return item.text


def language_of(text: str) -> str:
    """The BCP 47 tag by which a browser picks the letter shapes of `text`; Han characters count as Traditional Chinese
    unless some of them stand only in the Simplified set."""
    if any("\u3040" <= letter <= "\u30ff" for letter in text):
        return "ja"
    if any("\uac00" <= letter <= "\ud7a3" for letter in text):
        return "ko"
    han = "".join(letter for letter in text if "\u4e00" <= letter <= "\u9fff")
    if not han:
        return "en"
    return "zh-Hans" if not _is_in("big5hkscs", han) and _is_in("gb2312", han) else "zh-Hant"


def _is_in(codec: str, text: str) -> bool:
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return False
    return True
