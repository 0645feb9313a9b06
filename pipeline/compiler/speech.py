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

_NO_SUBTITLES: Final = (" No subtitles.", "不要字幕。")  # in English, in Chinese
_HAN: Final = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_NO_CHINESE: Final = re.compile("[\u3040-\u30ff\uac00-\ud7af]")  # kana, hangul
_SIMPLIFIED: Final = frozenset("个书买什们会体关别国对师开当总无时来样欢气爱电还说这边过进远门问间马")

_CJK: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
_WORD: Final = re.compile(r"\w+(?:['’.-]\w+)*")
_QUOTED: Final = re.compile(r"""["“”「『](?P<words>[^"“”「」『』]+)["“”」』]""")
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

    Who has no name is described, with the pictures of the description. Who is described in Chinese speaks in a Chinese
    sentence: `阿嬤以溫柔的聲音說：「回來了。」`.
    """
    who, voice = (speaker.name or speaker, speaker.voice) if isinstance(speaker, Entry) else (speaker, None)
    if _is_chinese(str(who), words) and (voice is None or _HAN.search(voice)):
        says = "说" if _SIMPLIFIED & set(f"{who}{voice}{words}") else "說"
        by = () if voice is None else ("" if voice.startswith(("以", "用")) else "以", voice)
        return joined((who, *by, says, "：「", words, "」"))
    how = () if voice is None else (", ", carried(_in_voice(voice), (voice,)))
    return joined((who, " says", *how, ': "', words, '"'))


def without_subtitles(prompt: str, look: str) -> str:
    """What ends a prompt in which somebody speaks, or the words would be painted into it; empty if it is there."""
    told = f"{prompt} {look}".lower()
    if "no subtitles" in told or "字幕" in told:
        return ""
    english, chinese = _NO_SUBTITLES
    return chinese if _is_chinese(prompt, "") and len(_HAN.findall(prompt)) > len(_WORD.findall(prompt)) else english


def _is_chinese(who: str, words: str) -> bool:
    return bool(_HAN.search(who)) and not _NO_CHINESE.search(f"{who}{words}")


def unquoted(words: str) -> str:
    """`words` without the quotes around all of them: the sentence that asks for a line has quotes of its own."""
    found = _QUOTED.fullmatch(words)
    return found["words"].strip() if found else words


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
