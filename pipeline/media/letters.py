"""Sees that one of the package's faces has every letter that is to be drawn; others would come out as boxes."""

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
        Finding(code=Code.NO_SUCH_LETTER, source=source, says=f"{what} cannot be drawn: {why}.", help=advice)
        for what, text, source in _drawn_words(storyboard)
        for why, advice in _obstacles(text)
    ]
    if findings:
        raise StoryboardError(findings)


def _obstacles(text: str) -> Iterator[tuple[str, str]]:
    """Why `text` cannot be drawn, and what to do about it."""
    if missing := missing_letters(text):
        advice = "Write it in other letters, or each script in a title of its own."
        yield f"no font that comes along has all of its letters: {', '.join(missing)}", advice
    elif not text.isascii():
        from pipeline.media.faces import can_set_from_right, is_from_right

        if is_from_right(text) and not can_set_from_right():
            why = "it is read from right to left, and the library that sets it so, FriBidi, is not on this machine"
            yield why, "Install it, as `libfribidi0` or `fribidi`, or write the words in other letters."


def missing_letters(text: str) -> str:
    """Each letter of `text` that would come out as a box, once."""
    if text.isascii():
        return ""
    from pipeline.media.faces import face_for, missing_in  # heavy, and most storyboards do without

    return missing_in(face_for(text), text)


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
