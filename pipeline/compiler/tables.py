"""CSV tables of a project as rows that templates go through: what a spreadsheet saves, read by its header.

Commas, semicolons and tabs separate, whichever the header has; a cell is text, without the space around it, and knows
its column and its line.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Final, TypeAlias

from pipeline.compiler.catalogue import Code
from pipeline.compiler.each import slug
from pipeline.compiler.findings import Findings
from pipeline.compiler.told import Leaf, told
from pipeline.model.finding import Source

Row: TypeAlias = Mapping[str, Leaf]
"""As templates see it."""

MAX_CELLS: Final = 20_000  # far above what 21 shots can use

_SEPARATORS: Final = ",;\t"
_HINT: Final = re.compile(r"sep=([,;\t])\s*\n", re.IGNORECASE)  # Excel's own first line


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """One row: its cells by their columns, in the header's order."""

    cells: Mapping[str, str]
    source: Source


def read_table(text: str, path: str, name: str, findings: Findings) -> list[Row]:
    """The rows of the table at `path`, which templates call `name`; those that cannot be read are findings.

    A row without a column `id` is given one: its first cell as a slug.
    """
    return [_row(row, name) for row in read_rows(text, path, findings)]


def read_rows(text: str, path: str, findings: Findings) -> list[WrittenRow]:
    """The rows of the table at `path` as they are written."""
    before = len(findings)
    header: Sequence[str] | None = None
    rows: list[WrittenRow] = []
    for line, cells in _lines(text, path, findings):
        source = Source(path=path, line=line)
        if header is None:
            header = cells
            if not _check_header(header, source, findings):
                break
        elif len(header) * (len(rows) + 1) > MAX_CELLS:
            advice = "Keep what the film needs."
            findings.add(Code.TABLE, source, f"this table has more than {MAX_CELLS:,} cells.", advice)
            break
        elif len(cells) != len(header):
            findings.add(Code.TABLE, source, *_odd_row(cells, header))
            if len(cells) == 1:
                break  # no separator of the header: all further rows would say the same
        else:
            rows.append(WrittenRow(dict(zip(header, cells, strict=True)), source))
    if header is None and len(findings) == before:
        findings.add(Code.TABLE, Source(path=path, line=1), "this table is empty.", "Its first line names the columns.")
    return rows


def _lines(text: str, path: str, findings: Findings) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, each with the line that it begins in."""
    hint = _HINT.match(text)
    header = next((line for line in text.split("\n") if line.strip()), "")
    separator = hint[1] if hint else max(_SEPARATORS, key=header.count)
    reader = csv.reader(StringIO(text), delimiter=separator, strict=True, skipinitialspace=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells) and not (hint and line == 1):
                yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        says, advice = f"this cannot be read as a table: {error}.", "Check the quotes in this row."
        if "expected after" in str(error) or "unexpected end" in str(error):
            says = "a quote in this row closes too early, or never."
            advice = 'Write one that is meant inside of a cell twice: "".'
        findings.add(Code.TABLE, Source(path=path, line=line), says, advice)


def _odd_row(cells: Sequence[str], header: Sequence[str]) -> tuple[str, str]:
    """What is wrong with a row that has not as many cells as the header, and what to do."""
    columns = f"the table has {len(header)} columns: {', '.join(header)}."
    if len(cells) > 1:
        advice = 'Put quotes around a cell that holds what separates them: "a, b".'
        return f"this row has {len(cells)} cells, but {columns}", advice
    return f"this row has one cell, but {columns}", "Separate all rows as the first line is: by , or ; or tabs."


def _check_header(header: Sequence[str], source: Source, findings: Findings) -> bool:
    twice = next((column for column, times in Counter(header).items() if times > 1 and column), None)
    if twice:
        findings.add(Code.TABLE, source, f'two columns are called "{twice}".', "Give one of them another name.")
    elif "" in header:
        says = f"column {header.index('') + 1} has no name."
        findings.add(Code.TABLE, source, says, "Name every column in the first line.")
    return twice is None and "" not in header


def _row(row: WrittenRow, name: str) -> Row:
    first = next(iter(row.cells.values()))
    row_id = row.cells.get("id") or slug(first)
    return {"id": row_id} | {
        column: told(cell, f"{name}.{row_id}.{column}", row.source) for column, cell in row.cells.items()
    }
