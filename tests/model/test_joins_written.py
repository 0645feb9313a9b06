"""Joins as people write them."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from pipeline.model.join import DipColour, Join, JoinKind, Way


@pytest.mark.parametrize(
    ("written", "said", "overlap", "tail", "head"),
    [
        ("cut", "cut", 0, 0, 0),
        ("dissolve", "dissolve 12", 12, 12, 12),
        ("dissolve 0.5s", "dissolve 12", 12, 12, 12),
        ("hold 12f", "hold 12", 0, 12, 0),
        ("dip 24", "dip 24", 0, 12, 12),
        ("dip 24 black", "dip 24", 0, 12, 12),
        ("dip 5 white", "dip 5 white", 0, 2, 3),
        ("dip white 1s", "dip 24 white", 0, 12, 12),
        ("wipe", "wipe 12", 12, 12, 12),
        ("wipe 8 left", "wipe 8", 8, 8, 8),
        ("wipe right", "wipe 12 right", 12, 12, 12),
        ("slide 8 up", "slide 8 up", 8, 8, 8),
        ("push 0.5 s down", "push 12 down", 12, 12, 12),
    ],
)
def test_a_join_says_itself_and_what_it_takes(written: str, said: str, overlap: int, tail: int, head: int) -> None:
    """What is shared, and the frames of either item that it changes."""
    join = Join.parse(written)
    assert (str(join), join.overlap, join.tail, join.head) == (said, overlap, tail, head)
    assert Join.parse(said) == join


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("fade", "is no join; write"),
        ("cut 12", "a cut has no length"),
        ("dissolve 12 white", 'no length that can be read; write "dissolve 12"'),
        ("wipe 12 north", 'and behind it one of "left", "right", "up", "down"'),
        ("wipe 12 left up", "no length that can be read"),
        ("dip 24 red", 'one of "black", "white"'),
        ("dip 1", "at least 2 frames"),
        ("push 0", "at least one frame"),
    ],
)
def test_what_is_no_join_says_what_to_write(written: str, why: str) -> None:
    """In a sentence."""
    with pytest.raises(ValueError, match=why):
        Join.parse(written)


@pytest.mark.parametrize(("kind", "how"), [("wipe", None), ("dip", Way.UP), ("hold", DipColour.BLACK)])
def test_a_join_goes_a_way_of_its_kind_or_is_none(kind: str, how: object) -> None:
    """However it is made."""
    with pytest.raises(ValidationError):
        Join(kind=JoinKind(kind), frames=12, how=how)
