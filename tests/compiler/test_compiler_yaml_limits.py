"""No text of YAML stands for more than it may, and none is misread in silence."""

from __future__ import annotations

import pytest
from builders_compiler import some_sources

from pipeline.compiler.findings import Findings
from pipeline.compiler.yaml_tree import MAX_DEPTH, MAX_NODES, read_yaml

TEN_OF = "[{0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}]"


def said_of(text: str) -> str:
    """The one finding, without its excerpt."""
    findings = Findings(some_sources(""))
    assert read_yaml(text, "t.yaml", findings) is None
    (finding,) = findings.error().findings
    return str(finding).split("\n")[0]


def value_of(text: str) -> object:
    findings = Findings(some_sources(""))
    tree = read_yaml(text, "t.yaml", findings)
    assert tree is not None and not findings
    return tree.plain()


def aliases(levels: int, shape: str) -> str:
    """Lines that each repeat the one before, as `shape` says."""
    lines = [f"a{i}: &a{i} {shape.format(f'*a{i - 1}')}" for i in range(1, levels)]
    return "\n".join(["a0: &a0 x", *lines])


def test_an_alias_counts_as_all_that_it_repeats():
    """Each line holds ten times as much as the one before: 1, 11, 111, 1,111, and 11,111 values are too many."""
    assert value_of(aliases(4, TEN_OF))
    said = said_of(aliases(5, TEN_OF))
    assert said.startswith("t.yaml:5:") and "too many values" in said


def test_an_alias_is_as_deep_as_what_it_repeats():
    """Line n holds n levels of lists under its key, the 40th is one too deep."""
    assert value_of(aliases(MAX_DEPTH, "[{}]"))
    assert said_of(aliases(MAX_DEPTH + 1, "[{}]")).startswith(f"t.yaml:{MAX_DEPTH + 1}:")


def test_an_alias_is_as_long_as_what_it_repeats():
    """Six times 90,000 letters are more than 500,000."""
    assert value_of("a: &a " + "y" * 90_000 + "\nb: [*a, *a, *a, *a]")
    assert said_of("a: &a " + "y" * 90_000 + "\nb: [*a, *a, *a, *a, *a]").startswith("t.yaml:2:21: SB015")


@pytest.mark.parametrize("opened", ["[", "{a: ", "- ", "? "])
def test_nesting_ends_before_it_is_built(opened: str):
    """However it is written."""
    assert said_of("x:\n  " + opened * 5_000).startswith("t.yaml:2:")


def test_values_are_counted():
    """As they are read, so that the rest of them is not."""
    assert "too many values" in said_of("[" + "a, " * (MAX_NODES + 1) + "]")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: " + "x" * 500_000, "t.yaml:1: SB015 this file has more than 500,000 characters."),
        ("x: y\na: b\x00c", "t.yaml:2:5: SB010 this cannot be read as YAML: the character U+0000 may not"),
        ("x: y\na: b\x85c", "t.yaml:2:5: SB010 this cannot be read as YAML: the character U+0085 may not"),
        ("base: &b {x: 1}\nall:\n  <<: *b", 't.yaml:3:3: SB016 there are no merges ("<<") here.'),
        ("a: !!python/object/apply:os.system [id]", 't.yaml:1:4: SB016 a value cannot begin with "!".'),
        ("!!binary a: b", 't.yaml:1:1: SB016 a value cannot begin with "!".'),
        ("a: &a {b: *a}", 't.yaml:1:11: SB016 a value cannot begin with "*".'),
    ],
)
def test_what_is_refused_has_its_place(text: str, said: str):
    """With line and column."""
    assert said_of(text).startswith(said)


@pytest.mark.parametrize(
    "number", ["12345678901234567890", "1e999", "-1e999", "0x1ffffffffffffffff", "+" + "9" * 5_000]
)
def test_a_number_beyond_reach_stays_as_written(number: str):
    """It is not rounded, and never infinite."""
    assert value_of(f"a: {number}") == {"a": number}
