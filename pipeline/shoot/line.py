"""A line in which takes stand: each has its place, whoever came before it. Knows no takes, only their slates."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Place = tuple[Any, int, str]
"""What a line is ordered by, the number of the take's arrival, its slate."""


@dataclass(slots=True)
class Line:
    """The slates of takes that want the same, by their places."""

    _places: list[Place] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[str]:
        return (slate for _, _, slate in self._places)

    @property
    def first(self) -> Place:
        """Raises IndexError if nobody stands in it."""
        return self._places[0]

    @property
    def last(self) -> Place:
        """Raises IndexError if nobody stands in it."""
        return self._places[-1]

    def add(self, place: Place) -> None:
        insort(self._places, place)

    def remove(self, place: Place) -> None:
        """Raises ValueError if it is not there."""
        at = bisect_left(self._places, place)
        if self._places[at : at + 1] != [place]:
            raise ValueError(f"nobody stands at {place}")
        del self._places[at]
