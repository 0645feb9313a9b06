"""Letters that the package's font has, and has not."""

from __future__ import annotations

import pytest
from builders import a_shot, a_storyboard

from pipeline.errors import StoryboardError
from pipeline.media.letters import check_letters, missing_letters
from pipeline.model.delivery import CaptionStyle, Delivery
from pipeline.model.finding import Source
from pipeline.model.storyboard import Caption, Card, Storyboard, Title

HERE = Source(path="storyboard.jinja", line=7)
WRITTEN = [
    "Run further.",
    "Café “Zürich” — 3 €…",
    "跑得更遠，「清晨」！",
    "さくら・カメラ",
    "陶喆 囍",
    "Весна → Ω ♥",
    "A\u00a0b\n",
    "Zażółć gęślą jaźń, Příliš žluťoučký, İğdır'da",
    "Đường phố sáng nay",
    "שָׁלוֹם, עולם! 2026",
    "صباح الخير، العالم! 2026",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_common_scripts_can_be_drawn(text: str) -> None:
    """Rare letters of Chinese names, and signs, too."""
    assert missing_letters(text) == ""


def test_two_scripts_that_no_face_has_together_are_told() -> None:
    """Chinese and Arabic: the letter that the nearest face lacks."""
    assert missing_letters("跑跑 خير") == "跑"


def test_what_would_be_a_box_is_named_once() -> None:
    """Hangul, an emoji, Thai."""
    assert missing_letters("한 run 🏃🏃 ก") == "한🏃ก"


def a_board(style: CaptionStyle) -> Storyboard:
    said, title = Caption(text="한", source=HERE), Title(text="🏃", source=HERE)
    card = Card(id="end", scene="s", text="ก", frames=24, source=HERE)
    return a_storyboard(a_shot("a", captions=(said,), titles=(title,)), card, delivery=Delivery(captions=style))  # type: ignore[arg-type]


@pytest.mark.parametrize(("style", "drawn"), [(CaptionStyle.BURN, "🏃한ก"), (CaptionStyle.FILE, "🏃ก")])
def test_words_that_cannot_be_drawn_are_findings(style: CaptionStyle, drawn: str) -> None:
    """Captions only where they are burnt: a player has fonts of its own."""
    with pytest.raises(StoryboardError) as caught:
        check_letters(a_board(style))
    assert [finding.says[-2] for finding in caught.value.findings] == [*drawn]
