"""Decides which faults meet a call: rules as a test or a file wrote them, or chance under a seed.

A `FaultScript` may be held and changed by a test while the server runs; it is the only thing that the two share. The
same rules, seed and sequence of calls give the same faults, whatever the clock says.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from pipeline.sandbox.chance import Chance
from pipeline.sandbox.faults import Door, Met, Rule, ShotSeen


@dataclass(frozen=True, slots=True)
class Happening:
    """What was done to a call: the `n`-th at its door since the script was made or cleared."""

    n: int
    door: Door
    met: Met

    @property
    def fault(self) -> str:
        return self.met.fault


@dataclass(slots=True)
class _Watched:
    rule: Rule
    number: int
    calls: int = 0


class FaultScript:
    """The rules in force. Safe to use from any thread."""

    def __init__(self, *rules: Rule, chance: Chance | None = None, seed: int = 0) -> None:
        self._chance = chance
        self._seed = seed  # of the rules' own chances
        self._lock = threading.Lock()
        self._watched: list[_Watched] = []
        self._calls: Counter[Door] = Counter()
        self._happened: list[Happening] = []
        self._rules_added = 0
        self.add(*rules)

    @classmethod
    def random(cls, rate: float, seed: int, *, kinds: Iterable[str] | None = None) -> Self:
        """Each call meets a fault with the probability `rate`: which one, the seed, the door and its number decide.

        `kinds` are some of `chance.DRAWS`, None all of them: only what a patient client outlives.
        """
        return cls(chance=Chance(rate, seed, None if kinds is None else tuple(kinds)), seed=seed)

    def add(self, *rules: Rule) -> None:
        """Let the rules hold from the next call on; each begins to count with it."""
        with self._lock:
            for rule in rules:
                self._rules_added += 1
                self._watched.append(_Watched(rule, self._rules_added))

    def clear(self) -> None:
        """No rule holds any more, and nothing happens by chance. What happened stays told."""
        with self._lock:
            self._watched.clear()
            self._chance = None

    @property
    def happened(self) -> tuple[Happening, ...]:
        """All that was done, in the order of the calls."""
        with self._lock:
            return tuple(self._happened)

    def meet(self, door: Door, shots: Sequence[ShotSeen]) -> tuple[Met, ...]:
        """Count a call, and say which faults meet it, in the order of their rules."""
        with self._lock:
            self._calls[door] += 1
            n = self._calls[door]
            found = [met for watched in self._watched if (met := self._try(watched, door, shots))]
            if self._chance and (drawn := self._chance.draw(door, n)):
                found.append(Met(drawn, tuple(shot.shot_id for shot in shots_of(drawn, shots)), n))
            self._happened += [Happening(n, door, met) for met in found]
            return tuple(found)

    def _try(self, watched: _Watched, door: Door, shots: Sequence[ShotSeen]) -> Met | None:
        rule = watched.rule
        about = shots_of(rule, shots)
        if door not in rule.doors or (not about and rule.shot is not None):
            return None
        watched.calls += 1
        if not rule.is_met_by(watched.calls) or (rule.fault == "fresh" and not is_fresh(rule, about)):
            return None
        draw = random.Random(f"{self._seed} {watched.number} {watched.calls}").random()  # noqa: S311 - no secret
        met = Met(rule, tuple(shot.shot_id for shot in about), watched.calls)
        return met if draw < rule.chance else None


def shots_of(rule: Rule, shots: Sequence[ShotSeen]) -> tuple[ShotSeen, ...]:
    """Those of a call's shots that the rule is about."""
    fitting = [shot for shot in shots if shot.fits(rule.shot)]
    return tuple(shot for n, shot in enumerate(fitting, 1) if not rule.positions or n in rule.positions)


def is_fresh(rule: Rule, shots: Sequence[ShotSeen]) -> bool:
    return any(shot.asked < rule.asks or shot.age_s < rule.seconds for shot in shots)
