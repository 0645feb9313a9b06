"""Mends as they are written."""

from __future__ import annotations

import pytest

from pipeline.model.instructions import SAFE_MENDS, Mend, Mends


@pytest.mark.parametrize(
    ("written", "kept", "told"),
    [
        ("safe", {*SAFE_MENDS}, "safe"),
        ("all", {*Mend}, "all"),
        ("none", set(), "none"),
        ("click, flash", {Mend.CLICK, Mend.FLASH}, "click flash"),
        ("bars safe", {*SAFE_MENDS, Mend.BARS}, "safe bars"),
        ("loudness click repeat flash", {*SAFE_MENDS}, "safe"),
        ("colour bars", {Mend.COLOUR, Mend.BARS}, "colour bars"),
        ("click colour", {Mend.CLICK, Mend.COLOUR}, "click colour"),
    ],
)
def test_mends_are_read_and_told_in_one_way(written: str, kept: set[Mend], told: str) -> None:
    """What is told reads as the same again."""
    mends = Mends.parse(written)
    assert (mends.kept, str(mends)) == (kept, told)
    assert Mends.parse(told) == mends


@pytest.mark.parametrize("wrong", ["", "clack", "safe clack", "all none"])
def test_what_is_no_mend_is_refused_with_those_that_there_are(wrong: str) -> None:
    """All of them, in their order."""
    with pytest.raises(ValueError, match="click, loudness, flash, repeat, colour, bars"):
        Mends.parse(wrong)


def test_what_is_safe_is_on_unless_it_is_switched_off() -> None:
    """No picture that is kept is changed by it."""
    assert Mends() == Mends.parse("safe") == Mends.parse("click loudness flash repeat")
