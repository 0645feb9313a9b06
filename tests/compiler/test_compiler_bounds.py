"""What a template may make, and what it may never see: said at its line, before any wall is touched."""

from __future__ import annotations

import pytest
from builders_compiler import compiled, findings_of, the_prompt

from pipeline.errors import StoryboardError


def said_of(expression: str) -> tuple[str, str]:
    """The code and the sentence of what is found first where `expression` is written."""
    template = '{% import "camera.jinja" as camera_ %}{% shot a %}\n{{ ' + expression + " }}{% endshot %}"
    with pytest.raises(StoryboardError) as raised:
        compiled(template)
    found = raised.value.findings[0]
    assert found.source.line == 2
    return found.code, found.says


@pytest.mark.parametrize(
    "expression",
    [
        "'ab' * 100_001",
        "('ab' * 10_000)|replace('a', 'b' * 100)",
        "'x'.ljust(200_001)",
        "range(60_000)|join",
        "[1, 2, 3] * 40_000",
        "(range(60_000)|list) + (range(60_000)|list)",
    ],
)
def test_no_text_or_list_grows_beyond_measure(expression: str):
    """By an operator, a filter or a method."""
    assert said_of(expression) == ("SB115", "this is too much: it would make too long a text or list.")


@pytest.mark.parametrize("expression", ["9 ** (9 ** 9)", "(9 ** 999) * (9 ** 3000)", "('f' * 9999)|int(base=16)"])
def test_no_number_grows_beyond_measure(expression: str):
    """Python itself would refuse to write it out, and say so less kindly."""
    assert said_of(expression) == ("SB115", "this is too much: it would make too large a number.")


def test_what_a_film_needs_is_within_measure():
    """Powers, lists and texts of a usual size."""
    template = "{% shot a %}{{ 2 ** 10 }} {{ 'ab' * 3 }} {{ ([1, 2] + [3])|join }}{% endshot %}"
    assert the_prompt(template) == "1024 ababab 123"


def test_nothing_is_left_to_chance():
    """Each reading would be another film, and paid for again."""
    assert said_of("[1, 2]|random") == ("SB105", 'there is no filter "random".')
    assert said_of("lipsum()") == ("SB109", 'nothing is called "lipsum".')


@pytest.mark.parametrize(
    "expression",
    ["range", "camera_.low", "namespace(a=1)", "'x'.upper", "[1]|map('upper')", "cycler('a')", "'x'.join", "self"],
)
def test_an_object_of_python_is_no_text(expression: str):
    """Its address in memory would be part of a prompt, another one each time."""
    assert said_of(expression)[0] == "SB111"


@pytest.mark.parametrize(
    "expression",
    [
        "''.__class__",
        "''|attr('__class__')",
        "self.__init__.__globals__",
        "'{0.__class__}'.format(hero)",
        "[hero]|map(attribute='__class__')|first",
        "place._origins",
        "'x'.encode('idna')",
    ],
)
def test_what_stands_behind_a_value_is_not_seen(expression: str):
    """Whichever way a template asks for it."""
    assert said_of(expression)[0] == "SB114"


def test_a_film_has_so_many_tags():
    """A loop of ten thousand shots ends at the thousandth."""
    said = findings_of("{% for i in range(9_999) %}{% shot ('s' ~ i) %}x{% endshot %}{% endfor %}")
    assert any("the templates reach more than 1,000 tags" in line for line in said)


@pytest.mark.parametrize("expression", ["(" * 900 + "1" + ")" * 900, "1 + " * 900 + "1", "not " * 900 + "1"])
def test_what_is_too_deep_to_be_read_is_told_at_its_line(expression: str):
    """Not as if a macro called itself."""
    assert said_of(expression) == ("SB115", "brackets and signs stand too deep in one another here.")


def test_tags_stand_in_one_another_so_far():
    """A hundred do, the one in the next line is one too many."""
    said = findings_of("{% if 1 %}" * 100 + "\n{% if 1 %}" + "{% endif %}" * 101)
    assert said == [
        "storyboard.jinja:2:1: tags stand too deep in one another here. "
        "Make a macro or a template of its own of the inner ones."
    ]
