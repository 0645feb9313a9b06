"""Two prompts side by side: only what differs stands out."""

from __future__ import annotations

import time

from pipeline.planner.word_difference import Piece, word_difference


def marked(old: str, new: str) -> str:
    """Old words in brackets, new ones in braces."""
    signs = {"both": "{}", "old": "[{}]", "new": "{{{}}}"}
    return "".join(
        signs[kind].format(text.strip()) + " " * text.endswith(" ") for text, kind in word_difference(old, new)
    )


def test_equal_texts_have_no_difference() -> None:
    """However their lines are broken."""
    assert word_difference("A runner\nat dawn.", "A runner at  dawn.") == ()
    assert word_difference("", "") == ()


def test_a_changed_word_stands_between_what_stayed() -> None:
    """The old one before the new one; a full stop is a word of its own."""
    assert marked("A runner at dawn.", "A runner at dusk.") == "A runner at [dawn]{dusk}."


def test_a_note_is_what_is_added_at_the_end() -> None:
    """It stands in a paragraph of its own."""
    assert marked("A runner at dawn.", "A runner at dawn.\n\nslower, please") == "A runner at dawn. {slower, please}"


def test_words_that_are_gone_are_shown() -> None:
    """At the beginning, too."""
    assert marked("Slowly, a runner runs.", "a runner runs.") == "[Slowly,] a runner runs."


def test_han_letters_are_compared_one_by_one() -> None:
    """There are no blanks between them."""
    assert marked("清晨的港灣。", "黃昏的港灣。") == "[清晨]{黃昏}的港灣。"


def test_what_stayed_is_shortened() -> None:
    """Five words on each side are enough to find the place."""
    old = " ".join(f"w{n}" for n in range(40))
    assert marked(old, old.replace("w20", "new")) == "… w15 w16 w17 w18 w19 [w20] {new} w21 w22 w23 w24 w25 …"
    assert marked(old, old.replace("w3 ", "new ")) == "w0 w1 w2 [w3] {new} w4 w5 w6 w7 w8 …"


def test_texts_without_a_common_word_are_shown_whole() -> None:
    """One after the other."""
    assert word_difference("One two.", "Три") == (Piece("One two.", "old"), Piece("Три", "new"))


def test_the_longest_prompts_are_compared_at_once() -> None:
    """20,000 words that are all others: nobody waits for that."""
    began = time.monotonic()
    old, new = (" ".join(f"{letter}{n}" for n in range(20_000)) for letter in "ab")
    assert [piece.kind for piece in word_difference(old, new)] == ["old", "new"]
    assert time.monotonic() - began < 5
