"""What is said of a wait that is long enough to be wondered at."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

SAID_FROM: Final = timedelta(seconds=2)
"""Shorter waits are the ordinary pace of a run."""

HOUR_IS_FULL: Final = "The calls that the vendor allows an hour are used up; {what} in about {wait}."
THROTTLED: Final = "The vendor asks for a pause (429); {what} in about {wait}."
NEXT_REQUEST: Final = "the next request leaves"
NEXT_QUESTION: Final = "it is asked about the clips again"


def told_wait(sentence: str, what: str, wait: timedelta) -> str | None:
    """The sentence about a wait; None for one that nobody notices."""
    if wait < SAID_FROM:
        return None
    seconds = round(wait.total_seconds())
    return sentence.format(what=what, wait=f"{seconds} s" if seconds < 100 else f"{round(seconds / 60)} min")
