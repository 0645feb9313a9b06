"""Names the author's own files that a film is made of, and has each looked at. Opens none of them itself.

What cannot be used is a finding at the line that asks for it, all of them at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.compiler.catalogue import Code
from pipeline.errors import MediaError, StoryboardError
from pipeline.model.finding import Finding, Source
from pipeline.model.media import FileKind, Media
from pipeline.model.storyboard import Footage, Storyboard


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFile:
    """A file that the storyboard asks for.

    Attributes:
        key: under which `assemble_timeline` looks for what it holds.
        file: relative to the project's folder.
    """

    key: str
    file: str
    kind: FileKind
    source: Source


def own_files(storyboard: Storyboard) -> Iterator[OwnFile]:
    """Footage by its item's id, all else by `key_of` its file: that is never an id."""
    for item in storyboard.items:
        if isinstance(item, Footage):
            yield OwnFile(key=item.id, file=item.file, kind=FileKind.CLIP, source=item.source)
    for track in (*([storyboard.music] if storyboard.music else ()), *storyboard.narrations):
        yield OwnFile(key=key_of(track.file), file=track.file, kind=FileKind.SOUND, source=track.source)
    for logo in storyboard.logos:
        yield OwnFile(key=key_of(logo.file), file=logo.file, kind=FileKind.STILL, source=logo.source)


def key_of(file: str) -> str:
    """The key of a file that is no item of its own."""
    return f"file:{file}"


def look_at_own_files(storyboard: Storyboard, look: Callable[[OwnFile], Media]) -> dict[str, Media]:
    """What `assemble_timeline` needs to know of them.

    Args:
        look: says what a file holds; raises MediaError.

    Raises:
        StoryboardError: some cannot be used; one finding a file.
    """
    media: dict[str, Media] = {}
    findings: dict[str, Finding] = {}
    for own in own_files(storyboard):
        try:
            media[own.key] = look(own)
        except MediaError as error:
            says = f"{own.file} cannot be used: {error.reason}."
            advice = f"It has to be {own.kind.asks}; export it anew or name another."
            findings[own.key] = Finding(code=Code.UNUSABLE_FILE, source=own.source, says=says, help=advice)
    if findings:
        raise StoryboardError([*findings.values()])
    return media
