"""Whatever a slip of the hand does to a good project, it is a finding that points at a place that there is."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.compiler import Sources, compile_storyboard, read_sources
from pipeline.errors import StoryboardError
from pipeline.model.finding import Finding
from pipeline.project import ProjectPaths

ROOT = Path(__file__).parent.parent.parent
SLIPS = (
    "{",
    "}",
    "{%",
    "%}",
    "{{",
    "}}",
    "{#",
    "'",
    '"',
    "“",
    "」",
    "%",
    "(",
    "]",
    ":",
    "=",
    ",",
    "\\",
    "\t",
    "\n",
    "港",
)
OWN = ("storyboard.jinja", "storyboard.jinja", "project.yaml", "bible.yaml")


def mangled(sources: Sources, dice: random.Random) -> Sources:
    """`sources` with a few letters of one file taken out, put in or exchanged."""
    path = dice.choice([name for name in OWN if name in sources.texts])
    text = sources.texts[path]
    for _ in range(dice.randint(1, 3)):
        start = dice.randrange(len(text))
        stop = start + dice.choice((0, 1, 1, 2, 20))
        text = text[:start] + dice.choice(("", "", *SLIPS)) + text[stop:]
    return replace(sources, texts={**sources.texts, path: text})


def findings_of(sources: Sources) -> tuple[Finding, ...]:
    try:
        return compile_storyboard(sources).warnings
    except StoryboardError as error:
        return error.findings


def off_the_page(sources: Sources) -> Iterator[Finding]:
    """The findings whose place is not in their file: one column behind the last letter is the end of a line."""
    for finding in findings_of(sources):
        lines = sources.texts[finding.source.path].split("\n")
        line = lines[finding.source.line - 1] if finding.source.line <= len(lines) else None
        if line is None or (finding.source.column or 1) > len(line) + 1 or not finding.code:
            yield finding


@pytest.mark.parametrize("name", ["ad_campaign", "harbour_dawn"])
@pytest.mark.parametrize("count", [25, pytest.param(1_000, marks=[pytest.mark.torture, pytest.mark.words])])
def test_a_slip_of_the_hand_is_a_finding_at_a_place(name: str, count: int) -> None:
    """No traceback, no place off the page; the seed says how to see it again."""
    sources = read_sources(ProjectPaths(ROOT / "projects" / name), ROOT / "templates")
    seed = 1 if count < 100 else random.randrange(1 << 32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    assert [finding for _ in range(count) for finding in off_the_page(mangled(sources, dice))] == []
