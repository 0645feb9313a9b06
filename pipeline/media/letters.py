"""Sees that the package's font has every letter that is to be drawn. One that it has not would come out as a box."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.compiler.catalogue import Code
from pipeline.errors import StoryboardError
from pipeline.model.delivery import CaptionStyle
from pipeline.model.finding import Finding, Source
from pipeline.model.storyboard import Card, Storyboard


def check_letters(storyboard: Storyboard) -> None:
    """Raises StoryboardError: titles, cards or burnt captions that cannot be drawn, a finding each."""
    findings = [
        Finding(
            code=Code.NO_SUCH_LETTER,
            source=source,
            says=f"{what} cannot be drawn: the font that comes along has no {', '.join(missing)}.",
            help="Write it in other letters.",
        )
        for what, text, source in _drawn_words(storyboard)
        if (missing := missing_letters(text))
    ]
    if findings:
        raise StoryboardError(findings)


def missing_letters(text: str) -> str:
    """Each letter of `text` that would come out as a box, once."""
    unusual = "".join(dict.fromkeys(letter for letter in text if not letter.isascii() and not letter.isspace()))
    if not unusual:
        return ""
    from PIL import ImageFont  # most storyboards do without

    from pipeline.media.fonts import BOLD

    face = ImageFont.truetype(str(BOLD), 16)

    def drawn(letter: str) -> tuple[tuple[int, int], bytes]:
        mask = face.getmask(letter)
        return mask.size, bytes(mask)

    box = drawn("\U0010ffff")  # no character, and never will be (Unicode, 23.7)
    return "".join(letter for letter in unusual if drawn(letter) == box)


def _drawn_words(storyboard: Storyboard) -> Iterator[tuple[str, str, Source]]:
    """What it is, the words, where they are written."""
    is_burnt = storyboard.delivery.captions is CaptionStyle.BURN
    for item in storyboard.items:
        if isinstance(item, Card):
            yield f"the card {item.id}", item.text, item.source
        for title in item.titles:
            yield f"a title of {item.id}", title.text, title.source
        for caption in item.captions if is_burnt else ():
            yield f"a caption of {item.id}", caption.text, caption.source
