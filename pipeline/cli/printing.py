"""How values look on a terminal. No command writes to a stream by itself: what is printed here is made safe."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import typer

from pipeline.errors import MachineError
from pipeline.safe_text import safe_block, safe_json, safe_line, safe_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.model.finding import Finding


class ReaderGoneError(Exception):
    """Nobody reads the answer any more."""


def counted(number: int, thing: str) -> str:
    """`1 shot`, `2 shots`."""
    return f"{number} {thing}{'s' * (number != 1)}"


def seen_from_here(path: Path) -> str:
    """`path` as one would type it here; whole where there is no here any more."""
    try:
        return os.path.relpath(path)
    except OSError:
        return str(path)


def say(text: str, *, err: bool = False) -> None:
    """Print one thing. Whatever stands in it, only its first line begins at the margin."""
    _write(f"{safe_block(text)}\n", err=err)


def print_document(text: str) -> None:
    """A whole text that is an answer: exact for whoever reads it from a pipe, safe where somebody looks at it."""
    _write(safe_text(text) if sys.stdout.isatty() else text, err=False)


def print_styled(lines: str, *, err: bool = False) -> None:
    """Lines with colours of ours in them; what is not ours was made safe when it was put into them."""
    _write(f"{lines}\n", err=err)


def print_json(value: Any, *, indent: int | None = 2) -> None:
    """Exact data, of which a terminal gets no character that it would obey."""
    _write(f"{safe_json(value, indent)}\n", err=False)


def print_findings(findings: Sequence[Finding]) -> None:
    for finding in findings:
        say(str(finding), err=True)


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]], *, err: bool = False) -> None:
    """Columns as wide as they need, the last one ragged; no borders, so that it pipes well."""
    from rich.cells import cell_len

    table = [[safe_line(cell) for cell in row] for row in (head, *rows)]
    widths = [max(cell_len(row[n]) for row in table) for n in range(len(head) - 1)]
    for row in table:
        cells = (cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=False))
        _write(f"{'  '.join((*cells, row[-1])).rstrip()}\n", err=err)


def ask(question: str) -> str:
    """What somebody at the terminal answers; empty for Enter alone."""
    answer: str = typer.prompt(safe_line(question), default="", show_default=False, err=True)
    return answer.strip()


def ask_yes(question: str) -> bool:
    return typer.confirm(safe_line(question), err=True)


def _write(text: str, *, err: bool) -> None:
    """Talk that nobody can hear ends nothing. Raises ReaderGoneError and MachineError for an answer."""
    try:
        typer.echo(text, nl=False, err=err)
    except OSError as error:
        _send_nowhere(2 if err else 1)
        if isinstance(error, BrokenPipeError) and not err:
            raise ReaderGoneError from None
        if not err:
            raise MachineError(f"the answer cannot be printed: {error.strerror}. Let it go elsewhere.") from error


def _send_nowhere(descriptor: int) -> None:
    """What is still in the stream would fail again when Python ends."""
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)
