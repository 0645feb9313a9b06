"""Writes the film's captions down as files for players: SubRip, WebVTT, ASS. The text only; who asks puts it to disk.

Nobody's name is shown: who speaks is seen. WebVTT keeps it as the cue's voice, ASS as its name, where players and
editors look for it. ASS says how captions look, too: as they do when they are drawn into the picture.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Final

import pysubs2

from pipeline.media.cards import type_of
from pipeline.model.delivery import CaptionStyle
from pipeline.model.timeline import Timeline
from pipeline.render.captions import Cue, plan_captions
from pipeline.render.drawings import Setting, caption_settings
from pipeline.render.lines import spaced
from pipeline.timecode import milliseconds_of

_MARKUP: Final = re.compile(
    r"<(?=\s*/?\s*\w)"  # a tag
    r"|(?<=--)>|(?<=\d:\d\d)[,.](?=\d)"  # times
    r"|\\(?=[Nnh])"  # a break
    r"|(?<=\{)\\"  # a command
)
"""What players of SubRip would take for something else than letters."""

_BACKSLASH: Final = "\0"  # stands for one while pysubs2 writes; no text holds it
_LOOKALIKES: Final = {"<": "‹", ">": "›", "\\": "＼", ",": "‚", ".": "․"}
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Control characters: all that is left out of a file."""


def caption_files(timeline: Timeline) -> Mapping[str, str]:
    """By suffix, what stands in each file; nothing in a film without captions, or if none are wanted."""
    cues = plan_captions(timeline) if timeline.delivery.captions is not CaptionStyle.NONE else ()
    if not cues:
        return dict.fromkeys((*_SPELLINGS, "ass"), "")
    plain = {kind: _written([spell(cue) for cue in cues], cues, kind) for kind, spell in _SPELLINGS.items()}
    return plain | {"ass": _styled(timeline, cues)}


def played_captions(timeline: Timeline) -> str:
    """WebVTT to play the film with; nothing where its picture has the captions already."""
    return caption_files(timeline)["vtt"] if timeline.delivery.captions is CaptionStyle.FILE else ""


def _written(texts: Sequence[str], cues: Sequence[Cue], kind: str) -> str:
    subtitles = pysubs2.SSAFile()
    subtitles.events = [
        pysubs2.SSAEvent(milliseconds_of(cue.place.start), milliseconds_of(cue.place.stop), _broken(text))
        for text, cue in zip(texts, cues, strict=True)
    ]
    written = subtitles.to_string(kind, keep_ssa_tags=True)  # braces in a caption are braces
    return written.replace(_BACKSLASH, "\\")


def _broken(text: str) -> str:
    """With breaks as pysubs2 wants them; a backslash of the text's own would be one, too."""
    return text.replace("\\", _BACKSLASH).replace("\n", r"\N")


def _plain(cue: Cue) -> str:
    """SubRip knows no escape: what would be markup is written with letters that look like it."""
    return _MARKUP.sub(lambda found: _LOOKALIKES[found[0]], _text(cue))


def _voiced(cue: Cue) -> str:
    """Markup of WebVTT is `<…>` and `&…;` (W3C WebVTT, 3.2)."""
    text, speaker = (html.escape(words, quote=False) for words in (_text(cue), spaced(_UNSEEN.sub("", cue.speaker))))
    return f"<v {speaker}>{text}" if speaker else text


def _text(cue: Cue) -> str:
    return _UNSEEN.sub("", "\n".join(cue.lines))


def _styled(timeline: Timeline, cues: Sequence[Cue]) -> str:
    """Advanced SubStation Alpha. Its times are hundredths: rounded down, as `milliseconds_of` does, never late."""
    size_px = timeline.width_px, timeline.height_px
    subtitles = pysubs2.SSAFile()
    subtitles.info = {
        "Title": " ".join(timeline.title.split()),
        "PlayResX": str(size_px[0]),
        "PlayResY": str(size_px[1]),
        "WrapStyle": "2",  # lines are broken as they are written
        "ScaledBorderAndShadow": "yes",
        "YCbCr Matrix": "TV.709",
    }
    subtitles.styles = {name: _style(setting, size_px) for setting, name in _STYLES.items()}
    subtitles.events = [
        pysubs2.SSAEvent(
            milliseconds_of(cue.place.start) // 10 * 10,
            milliseconds_of(cue.place.stop) // 10 * 10,
            _text(cue).translate(_NO_TAGS).replace("\n", r"\N"),
            name=" ".join(cue.speaker.split()).translate(_NO_TAGS).replace(",", "，"),  # a comma would end the field
            style=_STYLES[setting],
        )
        for cue, setting in zip(cues, caption_settings(timeline, cues), strict=True)
    ]
    return subtitles.to_string("ass", header_notice="captions of a film")


def _style(setting: Setting, size_px: tuple[int, int]) -> pysubs2.SSAStyle:
    """As `cards` draws the words: the same letters at the same place, with an edge for the soft shadow."""
    how, (width_px, height_px) = type_of(setting, size_px), size_px
    letters_px = int(min(size_px) * how.letters)
    is_above = how.edge == "top"
    margin = how.at if is_above else 1 - how.at
    return pysubs2.SSAStyle(
        fontname=_FACE,
        fontsize=round(letters_px * _LINE),
        bold=True,
        primarycolor=pysubs2.Color(255, 255, 255),
        outlinecolor=pysubs2.Color(0, 0, 0, 64),
        backcolor=pysubs2.Color(0, 0, 0, 128),
        outline=round(letters_px / 16, 1),
        shadow=round(letters_px / 24, 1),
        alignment=pysubs2.Alignment.TOP_CENTER if is_above else pysubs2.Alignment.BOTTOM_CENTER,
        marginl=round(width_px * (1 - how.width) / 2),
        marginr=round(width_px * (1 - how.width) / 2),
        marginv=max(0, round(height_px * margin - letters_px * (_ABOVE_INK if is_above else _BELOW_INK))),
    )


_STYLES: Final = {Setting.CAPTION: "Caption", Setting.CAPTION_ABOVE: "CaptionAbove"}
_NO_TAGS: Final = str.maketrans("{}\\", "｛｝＼")
_FACE: Final = "Noto Sans CJK TC"
_LINE: Final = 1.448  # ascent and descent of that face, in its letters' size: ASS measures letters by the line
_ABOVE_INK, _BELOW_INK = 0.28, 0.06  # between the line's edge and the tallest and the deepest letter, in their size

_SPELLINGS: Final = {"srt": _plain, "vtt": _voiced}
"""By the files' suffixes, which are pysubs2's names for the formats, too."""
