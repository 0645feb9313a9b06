"""Values of YAML know where they come from, and are otherwise what they are."""

from __future__ import annotations

import pytest
from builders_compiler import findings_of, the_prompt

from pipeline.compiler.told import Told, joined, origins_of, told
from pipeline.model.finding import Source

HERE = Source(path="project.yaml", line=3)
PROJECT = "variables:\n  city: Paris\n  size: 7\n  ratio: 1.5\n  cities: [Paris, Rome]\n"


def names(value: object) -> list[str]:
    return [origin.name for origin in origins_of([value])]


def test_a_told_text_is_its_text():
    """Equal, found in mappings, of the same length and order."""
    city = told("Paris", "city", HERE)
    assert city == "Paris" and {"Paris": 1}[city] == 1 and isinstance(city, str) and city < "Rome"  # type: ignore[index,operator]
    assert (told(7, "size", HERE), told(True, "flag", HERE), told(None, "none", HERE)) == (7, True, None)


def test_what_is_joined_of_told_values_carries_all_of_them_once():
    """In the order in which they are met."""
    city, size = told("Paris", "city", HERE), told(7, "size", HERE)
    text = joined([city, " ", size, " ", city])
    assert text == "Paris 7 Paris" and names(text) == ["city", "size"]


@pytest.mark.parametrize("number", ["9.90", "007", "+5", "1e3", "0x1F"])
def test_a_number_is_written_out_as_its_author_wrote_it(number: str):
    """A price keeps its cents, and stays a number to reckon with."""
    project = f"variables: {{price: {number}}}\n"
    assert the_prompt("{% shot a %}For {{ price }}.{% endshot %}", project=project) == f"For {number}."
    assert the_prompt("{% shot a %}{{ 'more' if price > 4 }}{% endshot %}", project=project) == "more"


def test_a_text_of_plain_pieces_stays_plain():
    """Nothing is carried that is not there."""
    assert not isinstance(joined(["a", "b"]), Told)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("city", "Paris"),
        ("city | upper", "PARIS"),
        ("city ~ '!'", "Paris!"),
        ("city + '!'", "Paris!"),
        ("'%s!' % city", "Paris!"),
        ("city.lower()", "paris"),
        ("size", "7"),
        ("size + 1", "8"),
        ("ratio", "1.5"),
        ("cities | join(' and ')", "Paris and Rome"),
        ("cities | map('upper') | join(' ')", "PARIS ROME"),
        ("'yes' if city == 'Paris' and city is string and size is number else 'no'", "yes"),
        ("{'Paris': 'found'}[city]", "found"),
        ("[city, 'Rome'] | sort | first", "Paris"),
        ("'%03d' % size", "007"),
    ],
)
def test_a_told_value_behaves_as_its_value(expression: str, text: str):
    """In filters, tests, comparisons and lookups."""
    assert the_prompt("{% shot a %}{{ " + expression + " }}{% endshot %}", project=PROJECT) == text


@pytest.mark.parametrize(
    "expression",
    [
        "city._origins",
        "city | attr('_origins')",
        "'{0._origins}'.format(city)",
        "[city] | map(attribute='_origins') | join",
    ],
)
def test_a_template_cannot_see_what_a_value_carries(expression: str):
    """The sandbox gives no name that begins with an underscore."""
    assert findings_of("{% shot a %}{{ " + expression + " }}{% endshot %}", project=PROJECT)
