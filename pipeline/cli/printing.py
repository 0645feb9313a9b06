"""How values look on a terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model.finding import Finding


def counted(number: int, thing: str) -> str:
    """`1 shot`, `2 shots`."""
    return f"{number} {thing}{'s' * (number != 1)}"


def print_json(value: Any) -> None:
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


def print_warnings(warnings: Sequence[Finding]) -> None:
    for warning in warnings:
        typer.echo(str(warning), err=True)


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]], *, err: bool = False) -> None:
    """Columns as wide as they need, the last one ragged; no borders, so that it pipes well."""
    from rich.cells import cell_len

    widths = [max(cell_len(row[n]) for row in (head, *rows)) for n in range(len(head) - 1)]
    for row in (head, *rows):
        cells = (cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=False))
        typer.echo("  ".join((*cells, row[-1])).rstrip(), err=err)
