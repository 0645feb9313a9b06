"""Breaking words into lines."""

from __future__ import annotations

from pipeline.render.lines import break_evenly, break_lines, cells


def lines_of(text: str, widest: int) -> list[str]:
    return [*break_lines(text, lambda line: cells(line) <= widest)]


def test_words_break_at_spaces() -> None:
    """And lines as written stay lines."""
    assert lines_of("AURA\nA quiet word for you", 12) == ["AURA", "A quiet word", "for you"]


def test_chinese_breaks_between_characters() -> None:
    """Six of two cells go into twelve."""
    assert lines_of("清晨的港口霧還沒有散去", 12) == ["清晨的港口霧", "還沒有散去"]


def test_no_line_begins_with_a_closing_mark() -> None:
    """The character before it comes along."""
    assert lines_of("清晨的港口霧，還沒有散去", 12) == ["清晨的港口", "霧，還沒有散", "去"]


def test_no_line_ends_with_an_opening_mark() -> None:
    """It goes with what it opens."""
    assert lines_of("清晨的港口「霧」散去", 12) == ["清晨的港口", "「霧」散去"]


def test_even_lines_leave_no_word_alone() -> None:
    """Filled up to 17 letters, "you" would be left."""
    assert lines_of("a quiet word for you", 17) == ["a quiet word for", "you"]
    assert break_evenly("a quiet word for you", 17) == ("a quiet", "word for you")


def test_even_lines_end_where_a_clause_ends() -> None:
    """A line more or less even matters less: 16 cells and 12 beside 14 and 14."""
    assert break_evenly("清晨的港口霧散去，城市的燈還亮", 20) == ("清晨的港口霧散去，", "城市的燈還亮")
