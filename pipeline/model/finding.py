"""What the compiler has to say about a line that somebody wrote."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from typing import Final

from pipeline.model.value import Value
from pipeline.safe_text import safe_line

_SHOWN_CHARS: Final = 160  # of a line; a file may be one line of a thousand letters


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
        kind = "warning: " if self.severity is Severity.WARNING else ""
        head = " ".join(part for part in (f"{self.source}:", self.code, f"{kind}{self.says}", self.help) if part)
        return "\n".join(safe_line(line) for line in (head, *self._pointed()))

    def _pointed(self) -> list[str]:
        """The excerpt with its line number, and a caret below the column; of a long line, what is around that."""
        if not self.excerpt:
            return []
        at = min((self.source.column or 1) - 1, len(self.excerpt))
        start = max(0, at - _SHOWN_CHARS // 2) if len(self.excerpt) > _SHOWN_CHARS else 0
        shown = self.excerpt[start : start + _SHOWN_CHARS]
        before, after = "…" * (start > 0), "…" * (start + len(shown) < len(self.excerpt))
        number = str(self.source.line)
        lines = [f"  {number} | {before}{shown}{after}"]
        if self.source.column:
            pad = "".join(map(_blank, safe_line(before + shown[: at - start])))
            lines.append(f"  {' ' * len(number)} | {pad}^")
        return lines


def _blank(letter: str) -> str:
    """White space as wide as `letter` on a terminal: Han and kana take two cells, a mark on a letter none."""
    if letter == "\t":
        return "\t"
    if unicodedata.combining(letter):
        return ""
    return "  " if unicodedata.east_asian_width(letter) in "WF" else " "
