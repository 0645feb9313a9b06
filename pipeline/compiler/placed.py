"""What stands on an item of the film or over all of it: titles, captions, what is said, voices, logos.

One mechanism places them all: the item is the shot in which they are written, or the one that `on` names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pipeline.compiler.catalogue import Code
from pipeline.compiler.draft import Draft, Drafts
from pipeline.compiler.each import meant
from pipeline.compiler.findings import did_you_mean
from pipeline.compiler.reading import Reading, given
from pipeline.compiler.speech import Line, name_of, placed
from pipeline.model.storyboard import Caption, Logo, Narration, Title
from pipeline.timecode import Frames

_OVER_THE_FILM: Final = frozenset({"narration", "logo"})  # what needs no item


@dataclass(frozen=True, slots=True)
class Placed:
    """A tag, its arguments as read, and the id of the item it is about; "" for the whole film."""

    draft: Draft
    fields: dict[str, Any]
    on: str


def place_all(drafts: Drafts, reading: Reading) -> tuple[Placed, ...]:
    """All that is placed, by the order of the items and then as written; what has no place is a finding."""
    ids = {item.id for item in drafts.items}
    written = [(draft, item.id) for item in drafts.items for draft in item.placed]
    written += [(draft, "") for draft in drafts.placed]
    found = []
    for draft, owner in written:
        fields = reading.fields(draft)
        on = _item_of(draft, fields.get("on", ""), owner, ids, reading)
        if on is not None:
            found.append(Placed(draft, fields, on))
    return tuple(found)


def _item_of(draft: Draft, on: str, owner: str, ids: Collection[str], reading: Reading) -> str | None:
    if on:
        item = meant(on, draft.parts, ids)
        if item is None and ids:  # without any item, there are worse things to say
            reading.add(Code.NO_SUCH_ITEM, draft, f'no item is called "{on}".', did_you_mean(on, ids), "on")
        return item
    if draft.is_broken and not owner:
        return None
    if not owner and draft.tag not in _OVER_THE_FILM:
        says = f"this {draft.tag} stands over nothing."
        reading.add(Code.OVER_NOTHING, draft, says, 'Put it into a shot, or name its item: on="…".')
        return None
    return owner


def titles_of(stands: Sequence[Placed], reading: Reading) -> tuple[Title, ...]:
    """The titles among what stands on one item."""
    return tuple(
        Title(
            text=reading.words(title.draft),
            source=title.draft.source,
            **given(title.fields, place="place", start="from", frames="for"),
        )
        for title in stands
        if title.draft.tag == "title"
    )


def captions_of(stands: Sequence[Placed], length: Frames | None, reading: Reading) -> tuple[Caption, ...]:
    """The captions among what stands on one item, of which `length` frames are used: those written and those said."""
    said = [each for each in stands if each.draft.tag == "say"]
    lines = [Line(each.draft.prompt, each.fields.get("from"), each.fields.get("for")) for each in said]
    times = placed(lines, length)
    return tuple(_captions(stands, times, reading))


def _captions(stands: Sequence[Placed], times: Iterator[tuple[Frames, Frames]], reading: Reading) -> Iterator[Caption]:
    for each in stands:
        if each.draft.tag == "say":
            start, frames = next(times)
            speaker = "" if each.draft.head is None else name_of(each.draft.head)
            yield Caption(text=each.draft.prompt, speaker=speaker, start=start, frames=frames, source=each.draft.source)
        elif each.draft.tag == "caption":
            times_given = given(each.fields, speaker="speaker", start="from", frames="for")
            yield Caption(text=reading.words(each.draft), source=each.draft.source, **times_given)


def narrations_of(stands: Sequence[Placed]) -> tuple[Narration, ...]:
    """The voices of the film, wherever they begin."""
    return tuple(
        Narration(
            file=each.fields.get("file", ""),
            on=each.on,
            source=each.draft.source,
            **given(each.fields, start="from", trim="trim", gain_db="gain"),
        )
        for each in stands
        if each.draft.tag == "narration"
    )


def logos_of(stands: Sequence[Placed], reading: Reading) -> tuple[Logo, ...]:
    """The logos of the film; one over all of it has no times."""
    logos = []
    for each in stands:
        if each.draft.tag != "logo":
            continue
        timed = [name for name in ("from", "for") if name in each.fields]
        if timed and not each.on:
            says = f"this logo stands over the whole film, which has no `{timed[0]}`."
            reading.add(
                Code.OVER_NOTHING, each.draft, says, 'Name an item for it, on="…", or leave that out.', timed[0]
            )
        times = given(each.fields, corner="place", width="width", start="from", frames="for")
        logos.append(Logo(file=each.fields.get("file", ""), on=each.on, source=each.draft.source, **times))
    return tuple(logos)
