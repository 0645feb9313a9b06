"""Every rule is explained, and its examples are what they say they are."""

from __future__ import annotations

import pytest
from cases import findings_in

from pipeline.compiler.catalogue import Code
from pipeline.compiler.explanations import read_explanations
from pipeline.shipped import findings_path

EXPLANATIONS = read_explanations(findings_path().read_text(encoding="utf-8"))
SHOWN = [code for code, explanation in EXPLANATIONS.items() if explanation.wrong]


def test_every_rule_is_explained():
    """In the order of the codes, so that the list reads well."""
    assert list(EXPLANATIONS) == list(Code)


def test_what_a_storyboard_can_show_is_shown():
    """The others are about files, machines and clips, or cannot be seen on a page."""
    unseen = {*(Code.NO_STORYBOARD, Code.SEVERAL_STORYBOARDS, Code.LINK_OUT, Code.TEXT_TOO_LARGE, Code.NO_UTF8)}
    unseen |= {Code.UNREADABLE_FILE, Code.NO_SUCH_VARIABLE, Code.TOO_MUCH, Code.CONTROL_CHARACTER, Code.WHICH_FILM}
    assert set(SHOWN) == {code for code in Code if code not in unseen and not "SB400" < code < "SB500"}


@pytest.mark.parametrize("code", SHOWN)
def test_the_wrong_example_breaks_this_rule_alone(code: Code):
    """Whoever tries it sees what the explanation is about."""
    assert {finding.code for finding in findings_in(EXPLANATIONS[code].wrong)} == {code}


@pytest.mark.parametrize("code", SHOWN)
def test_the_right_example_has_no_finding(code: Code):
    """Not even a warning."""
    assert [str(finding) for finding in findings_in(EXPLANATIONS[code].right)] == []
