"""Broken projects, one a file of `corpus/`, with every word that is said of them.

A case is a project as `cases` reads it, and behind `=== findings` what is found in it, excerpts and carets too.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from cases import files_of, findings_in

from pipeline.compiler.catalogue import Code

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.txt"))
PARTED = "=== findings\n"


def parts_of(case: Path) -> tuple[str, str]:
    """The project, and what is said of it."""
    project, _, said = case.read_text(encoding="utf-8").partition(PARTED)
    return project, said


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case.stem)
def test_all_is_said_in_these_words(case: Path):
    """File, line, column, code, sentence, advice, excerpt and caret."""
    project, said = parts_of(case)
    assert "".join(f"{finding}\n" for finding in findings_in(project)) == said


def test_the_corpus_breaks_every_rule_that_a_text_can_break():
    """The others are about files, machines and clips; a prompt with a control character cannot be read here."""
    said = "".join(parts_of(case)[1] for case in CORPUS)
    unseen = {*(Code.NO_STORYBOARD, Code.SEVERAL_STORYBOARDS, Code.LINK_OUT, Code.TEXT_TOO_LARGE, Code.NO_UTF8)}
    unseen |= {Code.UNREADABLE_FILE, Code.NO_SUCH_VARIABLE, Code.CONTROL_CHARACTER, Code.WHICH_FILM}
    assert [code for code in Code if code not in said] == [
        code for code in Code if code in unseen or "SB400" < code < "SB500"
    ]


def test_the_corpus_comes_in_by_every_door():
    """Templates, both documents, the project file, the bible, the series and tables."""
    paths = {path for case in CORPUS for path, _, _ in files_of(parts_of(case)[0])}
    wanted = {
        "storyboard.jinja",
        "storyboard.yaml",
        "storyboard.json",
        "project.yaml",
        "bible.yaml",
        "series.yaml",
        "legs.csv",
    }
    assert wanted <= paths
