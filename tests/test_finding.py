"""How a finding is shown."""

from __future__ import annotations

from pipeline.model.finding import Finding, Severity, Source


def test_the_caret_stands_under_the_column_behind_wide_characters() -> None:
    """港口 takes four cells of a terminal; column 3 begins after them."""
    finding = Finding(source=Source(path="a", line=7, column=3), says="No.", help="Do.", excerpt="港口 x")
    assert str(finding).splitlines() == ["a:7:3: No. Do.", "  7 | 港口 x", "    |     ^"]


def test_a_finding_names_its_rule_and_whether_it_stops_the_film() -> None:
    """The code stands behind the place, so that one can look it up."""
    place = Source(path="a", line=7)
    error = Finding(code="SB104", source=place, says="No.", help="Do.")
    warning = Finding(code="SB504", severity=Severity.WARNING, source=place, says="No.", help="Do.")
    assert str(error) == "a:7: SB104 No. Do."
    assert str(warning) == "a:7: SB504 warning: No. Do."


def test_a_long_line_is_shown_around_the_place() -> None:
    """A file of one line must not fill the screen."""
    finding = Finding(source=Source(path="a", line=1, column=501), says="No.", help="", excerpt="x" * 500 + "y" * 500)
    _, shown, caret = str(finding).split("\n")
    assert shown == "  1 | …" + "x" * 80 + "y" * 80 + "…"
    assert shown[caret.index("^") - 1 : caret.index("^") + 1] == "xy"


def test_what_is_quoted_cannot_steer_a_terminal() -> None:
    """A storyboard that somebody sent may hold escape sequences."""
    finding = Finding(source=Source(path="a", line=1), says="\x1b[2J", help="", excerpt="\x07")
    assert str(finding) == "a:1: ␛[2J\n  1 | ␇"


def test_a_file_name_cannot_pass_for_a_finding_of_its_own() -> None:
    """By a line break in it, by a letter that begins a sequence, or by one that turns the line around."""
    place = Source(path="a\nb:1: SB999 \x9b31m\u202ec", line=1)
    assert str(Finding(source=place, says="No.", help="")) == "a␊b:1: SB999 ⟨U+009B⟩31m⟨U+202E⟩c:1: No."
