"""`storyreel explain` tells what a code means."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from pipeline.cli.commands import app


def told(*arguments: str) -> str:
    return CliRunner().invoke(app, ["explain", *arguments]).stdout


def test_a_code_is_explained_with_a_wrong_and_a_right_example() -> None:
    """However it is typed."""
    lines = told("sb104").split("\n")
    assert lines[0] == "SB104 There is no such tag"
    assert lines.index("Wrong:") < lines.index("Right:")
    assert '    {% shoot "run" %}A runner on a beach. Wind.{% endshoot %}' in lines


def test_without_a_code_all_are_listed() -> None:
    """Advice is told from errors."""
    lines = told().split("\n")
    assert "SB104           There is no such tag" in lines
    assert "SB504  warning  A prompt does not say what is heard" in lines


def test_programs_get_the_same() -> None:
    """One object a rule."""
    (rule,) = json.loads(told("SB504", "--json"))
    assert (rule["code"], rule["severity"]) == ("SB504", "warning")
    assert rule["wrong"] and rule["right"]


def test_an_unknown_code_is_a_slip_of_the_caller() -> None:
    """With what is nearest."""
    result = CliRunner().invoke(app, ["explain", "SB1O9"])
    assert result.exit_code == 2
    assert 'there is no rule "SB1O9". Did you mean "SB109"?' in result.stderr
