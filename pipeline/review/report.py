"""The report of a film: one HTML file. What it says is decided in `page`, how a file is made of it in `one_file`."""

from __future__ import annotations

from pipeline.review.facts import ReportFacts
from pipeline.review.one_file import as_one_file
from pipeline.review.page import view_page

__all__ = ["ReportFacts", "build_report"]


def build_report(facts: ReportFacts) -> str:
    """The whole page; equal facts give equal text."""
    page = view_page(facts)
    return as_one_file("report", page, page.texts, has_script=True)
