"""The language of the author's words."""

from __future__ import annotations

import pytest

from pipeline.review.words import language_of


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
