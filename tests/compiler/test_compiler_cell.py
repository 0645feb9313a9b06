"""A cell compiles what the compiler compiles, and nothing that a template does leaves it."""

from __future__ import annotations

import io
import struct

import pytest
from builders_compiler import compiled, some_sources

from pipeline.compiler.cell import Cell, Limits
from pipeline.compiler.cell_wire import received
from pipeline.errors import StoryboardError

SHOT = "{% shot a %}A boat.{% endshot %}"
FOR_EVER = "{% shot a %}\n{% for i in range(90000) %}{% for j in range(90000) %}{% endfor %}{% endfor %}{% endshot %}"


def said_of(cell: Cell, storyboard: str) -> str:
    """The one finding, without its excerpt."""
    with pytest.raises(StoryboardError) as raised:
        cell.compile(some_sources(storyboard))
    (finding,) = raised.value.findings
    return str(finding).split("\n")[0]


def test_a_cell_compiles_as_the_compiler_does():
    """Words of any script, bible, variables of the command line: the same storyboard comes back."""
    film = "{% scene s %}{% shot a each c in cities %}{{ c }} {{ hero }} {{ place }} 🌊{% endshot %}{% endscene %}"
    sources = some_sources(film, project="variables:\n  cities: [Paris, 臺北]\n  place: a beach\n")
    with Cell() as cell:
        assert cell.compile(sources, {"place": "港"}).storyboard == compiled(
            film, project=sources.texts["project.yaml"], variables={"place": "港"}
        )


def test_a_loop_without_end_is_a_finding_at_its_line():
    """And the next storyboard is compiled as if nothing had been."""
    with Cell(Limits(cpu_seconds=0.2)) as cell:
        assert said_of(cell, FOR_EVER).startswith("storyboard.jinja:2: SB115 this takes longer than 0.2 s.")
        assert cell.compile(some_sources(SHOT)).storyboard.shots[0].prompt == "A boat."


def test_an_answer_nested_without_end_is_no_answer():
    """A cell that was taken over cannot bring its keeper down."""
    answer = io.BytesIO(struct.pack("!I", 100_000) + b"[" * 100_000)
    with pytest.raises(ValueError, match="nested without end"):
        received(answer.read)


def test_what_was_found_before_is_said_all_the_same():
    """A name that is missing in the first line, a loop without end in the second."""
    with Cell(Limits(cpu_seconds=0.2)) as cell, pytest.raises(StoryboardError) as raised:
        cell.compile(some_sources("{% shot b %}{{ nobody }}{% endshot %}" + FOR_EVER))
    assert [finding.code for finding in raised.value.findings] == ["SB109", "SB115"]


def test_a_cell_that_does_not_listen_is_ended_and_another_begins():
    """It is killed when its time is over; each job that has no time is told so."""
    with Cell(Limits(wall_seconds=0)) as cell:
        for _ in range(2):
            assert said_of(cell, SHOT).startswith("storyboard.jinja:1: SB115 this takes longer than 0 s.")


def test_memory_has_an_end():
    """A text that doubles itself meets it before the machine does."""
    text = "{% shot a %}\n{% set x = namespace(v='ab') %}{% for i in range(90) %}{% set x.v = x.v ~ x.v %}{% endfor %}"
    with Cell(Limits(memory_bytes=300_000_000)) as cell:
        assert said_of(cell, text + "{% endshot %}").startswith("storyboard.jinja:2: ")
