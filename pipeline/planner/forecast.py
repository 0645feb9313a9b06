"""How long shooting will take, by the vendor's clock: the run played through with the policy's own rules.

Deterministic: chance is in the middle, and the shots take times that are spread evenly between the shortest and the
longest. It begins with the calls that the key has made within the last hour. A call is answered at once; what counts
are the generation, the polls that find its end, and the waiting of shots that continue others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from pipeline.shoot.policy import Policy, next_poll

_START: Final = datetime(2000, 1, 1, tzinfo=UTC)
_CHANCE: Final = 0.5


@dataclass(frozen=True, slots=True)
class ExpectedTake:
    """One take that is to land.

    Attributes:
        after: the name of the take whose clip it waits for.
        is_sent: it is on its way already, and taken for one that was sent just now.
    """

    name: str
    after: str | None = None
    is_sent: bool = False


@dataclass(frozen=True, slots=True)
class Forecast:
    """Attributes: calls: generate calls. duration: until the last clip has landed."""

    calls: int
    duration: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """By which rules shooting goes on, and what of the window is used up at the start.

    Attributes:
        calls: of the key, made within the window that ends `now`, oldest first.
    """

    policy: Policy = field(default_factory=Policy)
    now: datetime = _START
    calls: Sequence[datetime] = ()


@dataclass(slots=True)
class _Task:
    name: str
    submitted_at: datetime
    done_at: datetime


@dataclass(slots=True)
class _Run:
    """The state of the play."""

    takes: Sequence[ExpectedTake]
    size: int
    policy: Policy
    times: Mapping[str, timedelta]
    now: datetime
    calls: list[datetime]
    last_poll: datetime | None = None
    submits: int = 0
    ready: list[str] = field(default_factory=list)
    open: list[_Task] = field(default_factory=list)

    def play(self) -> Forecast:
        began = self.now
        for take in self.takes:
            if take.is_sent:
                self._send([take.name])
        names = {take.name for take in self.takes}
        self.ready = [take.name for take in self.takes if not take.is_sent and take.after not in names]
        while self.ready or self.open:
            self._submit_what_may_be()
            self.now = min(at for at in (self._next_submit(), self._next_poll()) if at is not None)
            if self.now == self._next_poll():
                self._poll()
        return Forecast(calls=self.submits, duration=self.now - began)

    def _submit_what_may_be(self) -> None:
        while self.ready and self._next_submit() == self.now:
            batch, self.ready = self.ready[: self.size], self.ready[self.size :]
            self._send(batch)
            self.calls.append(self.now)
            self.submits += 1

    def _send(self, names: Sequence[str]) -> None:
        """The shots of one request are generated one after another."""
        done_at = self.now
        for name in names:
            done_at += self.times[name]
            self.open.append(_Task(name, self.now, done_at))

    def _next_submit(self) -> datetime | None:
        if not self.ready:
            return None
        window = self.policy.submit_window
        recent = self._recent()
        return self.now if len(recent) < window.calls else recent[-window.calls] + window.span

    def _next_poll(self) -> datetime | None:
        if not self.open:
            return None
        due = next_poll(
            now=self.now,
            last_poll=self.last_poll,
            submitted_at=[task.submitted_at for task in self.open],
            calls=len(self._recent()),
            submits_waiting=-(-len(self.ready) // self.size),
            policy=self.policy,
            chance=_CHANCE,
        )
        recent, window = self._recent(), self.policy.window
        return max(due, self.now) if len(recent) < window.calls else max(due, recent[-window.calls] + window.span)

    def _recent(self) -> list[datetime]:
        return [at for at in self.calls if at > self.now - self.policy.window.span]

    def _poll(self) -> None:
        self.calls.append(self.now)
        self.last_poll = self.now
        landed = {task.name for task in self.open if task.done_at <= self.now}
        self.open = [task for task in self.open if task.name not in landed]
        self.ready += [take.name for take in self.takes if take.after in landed and not take.is_sent]


def forecast(
    takes: Sequence[ExpectedTake], *, shots_per_request: int, pace: Pace, shortest: timedelta, longest: timedelta
) -> Forecast:
    """Play a run through whose shots take from `shortest` to `longest` to generate; no takes take no time."""
    times = {take.name: shortest + (longest - shortest) * _spread(n) for n, take in enumerate(takes, start=1)}
    return _Run(takes, shots_per_request, pace.policy, times, pace.now, list(pace.calls)).play()


def _spread(n: int) -> float:
    """The n-th of numbers that fill 0 … 1 evenly, however many there are: 1/2, 1/4, 3/4, 1/8, 5/8 (van der Corput)."""
    total, share = 0.0, 0.5
    while n:
        total += share * (n % 2)
        n, share = n // 2, share / 2
    return total
