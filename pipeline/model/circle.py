"""Circle: the take that the author chose for a shot; and how `takes.lock` spells the circles of a project.

One line a shot, so that git shows a change of mind as one line and merges two shots without a word. A take is known by
its slate, for people, and by the content of its clip: on another machine the same slate may be another clip.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from pydantic import Field

from pipeline.digest import ContentHash
from pipeline.errors import UsageError
from pipeline.model.take import Slate
from pipeline.model.value import Value
from pipeline.project import World

HEAD: Final = """\
# The takes that were chosen for the film, one a line: world, shot, take, SHA-256 of its clip.
# `storyreel circle` writes this file. Keep it in git.
"""

_WORLDS: Final = (World.LIVE, World.SANDBOX)
_FORM: Final = "world, shot, project/shot/tkNN and the SHA-256 of its clip"
_MARKS: Final = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


class Circle(Value):
    """`shot` is the project's; the take may be of another shot or project."""

    world: World
    shot: str
    slate: Slate
    sha256: ContentHash = Field(min_length=64, max_length=64)


def write_circles(circles: Iterable[Circle]) -> str:
    """The text of `takes.lock`, sorted; equal circles give equal text."""
    lines = sorted(f"{each.world} {each.shot} {each.slate} {each.sha256}\n" for each in circles)
    return HEAD + "".join(lines)


def read_circles(text: str, name: str) -> tuple[Circle, ...]:
    """The circles of a `takes.lock`, in its order.

    Args:
        name: of the file, for sentences.

    Raises:
        UsageError: names the first line that is not one, or that speaks of a shot again.
    """
    seen: dict[tuple[World, str], int] = {}
    circles = []
    for number, line in _lines(text):
        circle = _read_line(line, f"{name}:{number}")
        before = seen.setdefault((circle.world, circle.shot), number)
        if before != number:
            raise UsageError(
                f"{name}:{number}: {circle.shot} has a take already, in line {before}. Keep one of the two lines."
            )
        circles.append(circle)
    return tuple(circles)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Those that say something, with their numbers."""
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, line


def _read_line(line: str, where: str) -> Circle:
    if line.startswith(_MARKS):
        raise UsageError(
            f"{where}: git left a conflict here. Of each shot keep the line that is to hold, and take out the lines "
            "that begin with <<<<<<<, ======= and >>>>>>>."
        )
    words = line.split()
    if len(words) != 4:
        raise UsageError(f"{where}: a line has four words, {_FORM}; this one has {len(words)}. {_HOW}")
    world, shot, slate, sha256 = words
    if world not in _WORLDS:
        raise UsageError(f"{where}: the first word is {' or '.join(_WORLDS)}. {_HOW}")
    if not _SHA256.fullmatch(sha256):
        raise UsageError(f"{where}: the last word is no SHA-256. {_HOW}")
    try:
        return Circle(world=World(world), shot=shot, slate=Slate.parse(slate), sha256=ContentHash(sha256))
    except ValueError as error:
        raise UsageError(f"{where}: the third word is no take, such as film/run.paris/tk02. {_HOW}") from error


_HOW: Final = "Take the line out, and let storyreel circle write it anew."
