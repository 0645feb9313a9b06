"""Ducking as people write it."""

from __future__ import annotations

import pytest

from pipeline.model.instructions import Ducking


@pytest.mark.parametrize(
    ("written", "said", "gain_db", "attack", "release"),
    [
        ("-8dB", "-8dB", -8, 6, 18),
        ("−10 ", "-10dB", -10, 6, 18),
        ("-6dB 3 12", "-6dB 3f 12f", -6, 3, 12),
        ("-6dB 0.25s 0.75s", "-6dB", -6, 6, 18),
        ("none", "none", 0, 6, 18),
        ("0dB", "none", 0, 6, 18),
    ],
)
def test_ducking_says_itself(written: str, said: str, gain_db: float, attack: int, release: int) -> None:
    """How far, and how fast in frames."""
    duck = Ducking.parse(written)
    assert (str(duck), duck.gain_db, duck.attack, duck.release) == (said, gain_db, attack, release)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("6dB", "is no ducking; write how far music goes down"),
        ("-41dB", "to -40dB"),
        ("low", '"none"'),
        ("", "is no ducking"),
        ("-8dB 6f", "times come in twos"),
        ("-8dB fast slow", "is no time"),
    ],
)
def test_what_is_no_ducking_says_what_to_write(written: str, why: str) -> None:
    """In a sentence."""
    with pytest.raises(ValueError, match=why):
        Ducking.parse(written)
