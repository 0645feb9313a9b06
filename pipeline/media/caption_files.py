"""Writes the film's captions down as files for players: SubRip and WebVTT. The text only; who asks puts it to disk.

Nobody's name is shown: who speaks is seen. WebVTT keeps it as the cue's voice, where players and editors look for it.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Final

import pysubs2

from pipeline.model.delivery import CaptionStyle
from pipeline.model.timeline import Timeline
from pipeline.render.captions import Cue, plan_captions
from pipeline.timecode import milliseconds_of

_LOOKALIKES: Final = str.maketrans("<>\\", "‹›＼")


def caption_files(timeline: Timeline) -> Mapping[str, str]:
    """By suffix, what stands in each file; nothing in a film without captions, or if none are wanted."""
    cues = plan_captions(timeline) if timeline.delivery.captions is not CaptionStyle.NONE else ()
    if not cues:
        return dict.fromkeys(_SPELLINGS, "")
    return {kind: _written([spell(cue) for cue in cues], cues, kind) for kind, spell in _SPELLINGS.items()}


def played_captions(timeline: Timeline) -> str:
    """WebVTT to play the film with; nothing where its picture has the captions already."""
    return caption_files(timeline)["vtt"] if timeline.delivery.captions is CaptionStyle.FILE else ""


def _written(texts: Sequence[str], cues: Sequence[Cue], kind: str) -> str:
    subtitles = pysubs2.SSAFile()
    subtitles.events = [
        pysubs2.SSAEvent(milliseconds_of(cue.place.start), milliseconds_of(cue.place.stop), text.replace("\n", r"\N"))
        for text, cue in zip(texts, cues, strict=True)
    ]
    return subtitles.to_string(kind, keep_ssa_tags=True)  # braces in a caption are braces


def _plain(cue: Cue) -> str:
    """SubRip knows no escape, and players take `<…>` and `{\\…}` for markup."""
    return "\n".join(cue.lines).translate(_LOOKALIKES)


def _voiced(cue: Cue) -> str:
    """Markup of WebVTT is `<…>` and `&…;` (W3C WebVTT, 3.2)."""
    text, speaker = (
        html.escape(words, quote=False).replace("\\", "＼") for words in ("\n".join(cue.lines), cue.speaker)
    )
    return f"<v {' '.join(speaker.split())}>{text}" if speaker else text


_SPELLINGS: Final = {"srt": _plain, "vtt": _voiced}
"""By the files' suffixes, which are pysubs2's names for the formats, too."""
