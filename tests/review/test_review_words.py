"""The author's words: shown whole, but never able to hide or act."""

from __future__ import annotations

import pytest

from pipeline.review.words import language_of, show_harmless


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("dos\r\nline", "dos\nline"),
        ("\x1b]0;title\x07", "␛]0;title␇"),
        ("a\x00b\x7fc", "a␀b⟨U+007F⟩c"),
        ("\u202egnp", "⟨U+202E⟩gnp"),
        ("zero\u200bwidth \ufeff", "zero⟨U+200B⟩width ⟨U+FEFF⟩"),
        ("family 👩\u200d👧", "family 👩\u200d👧"),
        ("霧氣，散開", "霧氣，散開"),
    ],
)
def test_unseen_characters_are_written_out(written: str, shown: str):
    """Lines, tabs and the joiners of emoji stay; the rest of the unseen gets a visible name."""
    assert show_harmless(written) == shown


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("A harbour at dawn", "en"),
        ("清晨的港口，霧氣慢慢散開", "zh-Hant"),
        ("清晨的港口，雾气慢慢散开", "zh-Hans"),
        ("港の朝、霧", "ja"),
        ("항구의 아침", "ko"),
        ("人", "zh-Hant"),
    ],
)
def test_the_language_is_read_from_the_letters(text: str, language: str):
    """Letters that both Chinese scripts share count as Traditional."""
    assert language_of(text) == language
