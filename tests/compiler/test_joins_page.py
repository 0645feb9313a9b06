"""The page about joins: what it writes is understood, and what it says of lengths is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.compiler import Sources, compile_storyboard
from pipeline.model.delivery import PRESETS
from pipeline.model.instructions import Ducking
from pipeline.model.join import Join, JoinKind
from pipeline.model.storyboard import Music

PAGE = (Path(__file__).parents[2] / "docs" / "joins.md").read_text(encoding="utf-8")
OF_A_JOIN = re.compile(r"\| `(cut|dissolve|hold|dip|wipe|slide|push)")
ROWS = [line.split("|")[1:-1] for line in PAGE.splitlines() if OF_A_JOIN.match(line)]
WRITTEN = [(row[0], join) for row in ROWS for join in re.findall(r"`([^`]+)`", row[0])]


def test_every_join_has_its_row() -> None:
    """And no other has one."""
    assert {Join.parse(join).kind for _, join in WRITTEN} == set(JoinKind)


@pytest.mark.parametrize("row", [row for row in ROWS if len(row) == 5], ids=lambda row: row[0].strip())
def test_the_page_says_how_much_shorter_a_join_makes_the_film(row: list[str]) -> None:
    """By its overlap, or not at all."""
    overlaps = {Join.parse(join).overlap for join in re.findall(r"`([^`]+)`", row[0])}
    assert overlaps == {int(row[2].split()[0]) if "shorter" in row[2] else 0}


def test_the_storyboards_of_the_page_compile() -> None:
    """As one film, without a warning."""
    text = "\n".join(re.findall(r"^```jinja\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
    files = frozenset({"assets/theme.m4a"})
    compiled = compile_storyboard(Sources(project="demo", texts={"storyboard.jinja": text}, files=files))
    assert compiled.warnings == ()
    assert [(item.lead, item.lag) for item in compiled.storyboard.items] == [(0, 0), (12, 6)]


def test_the_defaults_that_the_page_gives_are_those() -> None:
    """Of ducking and of loudness."""
    duck = Ducking()
    assert f"{-duck.gain_db:g} dB unless" in PAGE
    assert f"over the {duck.attack} frames before" in PAGE
    assert f"over the {duck.release}\nafter" in PAGE
    assert f"(−{-Music.model_fields['gain_db'].default:g} dB without one)" in PAGE
    assert all(f"| `{word}` | −{-lufs:g} |" in PAGE for word, lufs in PRESETS.items())
