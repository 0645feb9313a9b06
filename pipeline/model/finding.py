"""What the compiler has to say about a line that somebody wrote."""

from __future__ import annotations

import unicodedata
from enum import StrEnum

from pipeline.model.value import Value


class Source(Value):
    """Where a value was written.

    Attributes:
        path: relative to the project, or `templates/…` for a shared one; forward slashes.
        line: from 1.
        column: from 1, in characters; None where only the line is known.
    """

    path: str
    line: int
    column: int | None = None

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" + (f":{self.column}" if self.column else "")


class Severity(StrEnum):
    ERROR = "error"  # no film can be made of this
    WARNING = "warning"  # it can, but credits or a good picture may be lost; may be switched off


class Finding(Value):
    """One thing that is wrong, and what to do about it.

    Attributes:
        code: names the rule, such as "SB012"; `storyreel explain` tells all about it.
        says: what is wrong, as one sentence.
        help: what to do next, as one sentence.
        excerpt: the source line as written, without its newline; empty if it is not known.
    """

    source: Source
    says: str
    help: str
    excerpt: str = ""
    code: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        shown = f"{self.source}: {self.says} {self.help}".rstrip()
        if not self.excerpt:
            return shown
        number = str(self.source.line)
        shown += f"\n  {number} | {self.excerpt}"
        if self.source.column:
            pad = "".join(map(_blank, self.excerpt[: self.source.column - 1]))
            shown += f"\n  {' ' * len(number)} | {pad}^"
        return shown


def _blank(letter: str) -> str:
    """White space as wide as `letter` on a terminal: Han and kana take two cells."""
    if letter == "\t":
        return "\t"
    return "  " if unicodedata.east_asian_width(letter) in "WF" else " "
