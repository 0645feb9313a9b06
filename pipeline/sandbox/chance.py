"""Faults by chance: which one meets the n-th call at a door, from a seed alone. Pure."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from pipeline.sandbox.faults import KINDS, Door, Rule

ENDS: Final = ("close", "reset")
GATEWAY: Final = (502, 503, 504, 520)

DRAWS: Final[Mapping[str, Callable[[Random], dict[str, Any]]]] = {
    "drop": lambda dice: {"end": dice.choice(ENDS), "charged": dice.random() < 0.5},
    "cut": lambda dice: {"end": dice.choice(ENDS), "at_byte": dice.randrange(300)},
    "late": lambda dice: {"seconds": dice.randrange(1, 200) / 1000},
    "error": lambda dice: {"charged": dice.random() < 0.5, **dice.choice(_ERRORS)},
    "rate_limited": lambda dice: {"retry_after": dice.choice((None, "1", "5"))},
    "fail": lambda _: {},
    "failed_at_once": lambda _: {},
    "refund_late": lambda dice: {"seconds": dice.randrange(1, 600)},
    "reordered": lambda _: {},
    "missing": lambda _: {},
    "extra": lambda dice: {"count": dice.randrange(1, 4)},
    "word": lambda dice: {"word": dice.choice(("queued", "running", "COMPLETED", "cancelled", ""))},
    "not_found": lambda _: {},
    "no_url": lambda _: {},
    "expired": lambda dice: {"status": dice.choice((403, 404, 410))},
    "truncated": lambda dice: {"at_byte": dice.randrange(100_000), "honest": dice.random() < 0.5},
    "spliced": lambda dice: {"etag": dice.choice((None, "changing"))},
    "flipped": lambda dice: {"count": dice.randrange(1, 65), "seed": dice.randrange(2**32)},
    "page": lambda _: {},
    "redirected": lambda dice: {"to": dice.choice(("self", "http://10.0.0.1/clip.mp4", "ftp://127.0.0.1/clip.mp4"))},
    "etag": lambda dice: {"etag": dice.choice(("weak", "missing", "changing"))},
    "no_range": lambda _: {},
}
"""How the parameters of a kind are drawn. What is not here ends a run or waits for ever: only a rule asks for it."""

_ERRORS: Final[tuple[dict[str, Any], ...]] = (*({"status": status} for status in GATEWAY), {"form": "json"})


@dataclass(frozen=True, slots=True)
class Chance:
    """How often, and what. Raises ValueError for a rate outside 0 to 1 and for a kind that is not drawn."""

    rate: float
    seed: int
    kinds: tuple[str, ...] | None = None  # None: all

    def __post_init__(self) -> None:
        if not 0 <= self.rate <= 1:
            raise ValueError(f"The chance of a fault is between 0 and 1, not {self.rate}.")
        if foreign := [kind for kind in self.kinds or () if kind not in DRAWS]:
            raise ValueError(f"{', '.join(foreign)} cannot be drawn by chance; there are {', '.join(DRAWS)}.")

    def draw(self, door: Door, n: int) -> Rule | None:
        """The fault that meets the `n`-th call at the door, if any."""
        dice = random.Random(f"{self.seed} {door} {n}")  # noqa: S311 - no secret
        kinds = [kind for kind in DRAWS if door in KINDS[kind].doors and (self.kinds is None or kind in self.kinds)]
        if dice.random() >= self.rate or not kinds:
            return None
        kind = dice.choice(kinds)
        return Rule(door, kind, **DRAWS[kind](dice))
