"""What is said in a shot: the sentence of the prompt that asks for it, and when its caption can be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Final

from pipeline.compiler.bible import Entry
from pipeline.compiler.told import carried, joined
from pipeline.timecode import FRAME_RATE, Frames

WORDS_A_SECOND: Final = Fraction(5, 2)
CJK_A_SECOND: Final = Fraction(9, 2)
FIRST_LINE_AT: Final[Frames] = 12
NO_SUBTITLES: Final = "No subtitles."
"""Ends a prompt in which somebody speaks: or the words would be painted into the picture."""

_CJK: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
_WORD: Final = re.compile(r"\w+(?:['’.-]\w+)*")
_SAID_HOW: Final = re.compile(r"(?:in|with|as)\s", re.IGNORECASE)
_WITH_ARTICLE: Final = re.compile(r"(?:an?|the|his|her|their|its)\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """Words that are said or read, with the times that are written down for them."""

    words: str
    start: Frames | None = None
    frames: Frames | None = None


def frames_to_say(words: str) -> Frames:
    """How long it takes to say `words`; a frame at least."""
    syllables = len(_CJK.findall(words))
    seconds = Fraction(len(_WORD.findall(_CJK.sub(" ", words)))) / WORDS_A_SECOND + syllables / CJK_A_SECOND
    return max(1, ceil(seconds * FRAME_RATE))


def sentence(speaker: object, words: str) -> str:
    """What the prompt says, such as `Mara says, in a low, warm voice: "Carry the mountain."`; carries its parts.

    Who has no name is described, with the pictures of the description.
    """
    if not isinstance(speaker, Entry):
        return joined((speaker, ' says: "', words, '"'))
    how = () if speaker.voice is None else (", ", carried(_in_voice(speaker.voice), (speaker.voice,)))
    return joined((speaker.name or speaker, " says", *how, ': "', words, '"'))


def name_of(speaker: object) -> str:
    """Who speaks, as a caption says it: the name of a character, or what it is called in templates."""
    return str(speaker.name or speaker.id) if isinstance(speaker, Entry) else str(speaker).strip()


def placed(lines: Iterable[Line], length: Frames | None) -> Iterator[tuple[Frames, Frames]]:
    """Start and length of the caption of each line: one after another, unless a time is written down.

    Args:
        length: how many frames of the item are used, if that is known. What takes longer to say is cut to it.
    """
    at = FIRST_LINE_AT
    for line in lines:
        start = at if line.start is None else line.start
        frames = frames_to_say(line.words) if line.frames is None else line.frames
        at = start + frames
        if length is not None and line.start is None:
            start = min(start, length - 1)
        if length is not None and line.frames is None:
            frames = max(1, min(frames, length - start))
        yield start, frames


def _in_voice(voice: str) -> str:
    """ "low" and "a low voice" as "in a low voice"; "in a whisper" as it is."""
    words = voice.strip().rstrip(".")
    if _SAID_HOW.match(words):
        return words
    if _WITH_ARTICLE.match(words):
        return f"in {words}"
    article = "an" if words[:1].lower() in "aeiou" else "a"
    return f"in {article} {words}" if words.lower().endswith("voice") else f"in {article} {words} voice"
