"""How a finding is shown."""

from __future__ import annotations

from pipeline.model.finding import Finding, Source


def test_the_caret_stands_under_the_column_behind_wide_characters() -> None:
    """港口 takes four cells of a terminal; column 3 begins after them."""
    finding = Finding(source=Source(path="a", line=7, column=3), says="No.", help="Do.", excerpt="港口 x")
    assert str(finding).splitlines() == ["a:7:3: No. Do.", "  7 | 港口 x", "    |     ^"]
