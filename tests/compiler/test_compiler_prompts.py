"""Prompts arrive as they were written."""

from __future__ import annotations

import pytest
from builders_compiler import the_prompt
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.compiler.prelex import prepare


def test_indentation_that_all_lines_share_is_taken_off():
    """What goes beyond it stays."""
    assert the_prompt("{% shot a %}\n    One.\n      Two.\n\n    Three.\n{% endshot %}") == "One.\n  Two.\n\nThree."


def test_lines_of_control_tags_and_comments_leave_nothing():
    """As if they had not been there; words around them on the line stay."""
    template = (
        "{% shot a %}\n  One.\n  {# why #}\n  {% if true %}\n  Two {% if true %}and{% endif %} more.\n  {% endif %}\n"
        "{% endshot %}"
    )
    assert the_prompt(template) == "One.\nTwo and more."


def test_a_value_of_several_lines_keeps_its_own_indentation():
    """Only what the author wrote in the shot is set flush."""
    project = "variables:\n  poem: |\n    a\n      b\n"
    assert the_prompt("{% shot a %}\n    {{ poem }}\n    c\n{% endshot %}", project=project) == "a\n  b\n\nc"


def test_nothing_is_escaped():
    """A prompt is no HTML."""
    assert the_prompt('{% shot a %}"Run" & <hide> — 50 % 🌊{% endshot %}') == '"Run" & <hide> — 50 % 🌊'


def test_verbatim_takes_braces_as_they_are():
    """Even what would be a tag."""
    assert the_prompt('{% shot a verbatim %}\n  {{ x }} {% y %} {# z\n    "\\n" \\ #}\n{% endshot %}') == (
        '{{ x }} {% y %} {# z\n  "\\n" \\ #}'
    )


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="{}%#\"'\\ab \n漢🌊-", max_size=40))
def test_verbatim_changes_no_letter(words: str):
    """Whatever stands in it comes out, but for the space around it and its margin."""
    text = f"|{words}|".replace("\n", "\n|")
    assert the_prompt("{% shot a verbatim %}" + text + "{% endshot %}") == text


@pytest.mark.parametrize(
    "text", ["{% shot a %}\n  x\n  {# c #}\n  {% set y = 1 %}\n\n{% endshot %}\nz", '{% card "a\nb" %}']
)
def test_every_line_keeps_its_number(text: str):
    """What Jinja reads has as many lines as what was written."""
    assert prepare(text, "t").text.count("\n") == text.count("\n")
