"""How long shooting will take, by the vendor's clock: the run played through with the policy's own rules.

Deterministic: chance is in the middle, and the shots take times that are spread evenly between the shortest and the
longest. It begins with the calls that the key has made within the last hour. A call is answered at once; what counts
are the generation, the polls that find its end, and the waiting of shots that continue others.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from typing import Final

from pipeline.model.storyboard import Resolution
from pipeline.shoot.policy import Policy, most_together, next_poll, requests_wanted, room_from

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
    resolution: Resolution = Resolution.HD


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a run comes to.

    Attributes:
        calls: generate calls.
        duration: until the last clip has landed.
        landed: by the name of a take, when its clip has; from the start of the run.
    """

    calls: int
    duration: timedelta
    landed: Mapping[str, timedelta] = field(default_factory=dict)


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
class _Sent:
    """A request on its way: how many of its clips have not landed."""

    at: datetime
    open: int


@dataclass(slots=True)
class _Run:
    """The state of the play. Takes are known by their places in the film, which is the order in which they are sent."""

    takes: Sequence[ExpectedTake]
    size: int
    policy: Policy
    times: Sequence[timedelta]
    now: datetime
    calls: deque[tuple[datetime, bool]]  # within the window: when, and whether it was a poll
    last_poll: datetime | None = None
    submits: int = 0
    ready: dict[Resolution, list[int]] = field(default_factory=dict)  # heaps
    open: dict[Resolution, list[tuple[datetime, int, _Sent]]] = field(default_factory=dict)  # heaps, by their ends
    asked_at: dict[Resolution, datetime] = field(default_factory=dict)
    sent: deque[_Sent] = field(default_factory=deque)  # without those at either end of which all clips have landed
    followers: dict[str, list[int]] = field(default_factory=dict)
    landed: dict[str, timedelta] = field(default_factory=dict)

    def play(self) -> Forecast:
        began = self.now
        names = {take.name for take in self.takes}
        for place, take in enumerate(self.takes):
            if take.is_sent:
                self._send([place])
            elif take.after in names:
                self.followers.setdefault(take.after or "", []).append(place)
            else:
                self._make_ready(place)
        while any(self.ready.values()) or self.sent:
            self._submit_what_may_be()
            self.now = min(at for at in (self._next_submit(), self._next_poll()) if at is not None)
            if self._next_poll() == self.now:  # looked at anew, as `runner` does: it may be less urgent by now
                self._poll(began)
        return Forecast(calls=self.submits, duration=self.now - began, landed=self.landed)

    def _make_ready(self, place: int) -> None:
        heappush(self.ready.setdefault(self.takes[place].resolution, []), place)

    def _submit_what_may_be(self) -> None:
        while self._next_submit() == self.now:
            first = min((places for places in self.ready.values() if places), key=lambda places: places[0])
            together = most_together(self.takes[first[0]].resolution, self.size)
            self._send([heappop(first) for _ in range(min(together, len(first)))])
            self.calls.append((self.now, False))
            self.submits += 1

    def _send(self, places: Sequence[int]) -> None:
        """The shots of one request are generated one after another."""
        done_at, request = self.now, _Sent(self.now, len(places))
        self.sent.append(request)
        for place in places:
            done_at += self.times[place]
            heappush(self.open.setdefault(self.takes[place].resolution, []), (done_at, place, request))

    def _next_submit(self) -> datetime | None:
        if not any(self.ready.values()):
            return None
        self._forget_calls()
        return max(self.now, room_from(self.calls, self.policy.submit_window) or self.now)

    def _next_poll(self) -> datetime | None:
        if not self.sent:
            return None
        self._forget_calls()
        waiting = {resolution: len(places) for resolution, places in self.ready.items()}
        due = next_poll(
            now=self.now,
            last_poll=self.last_poll,
            submitted_at=[self.sent[0].at, self.sent[-1].at],
            calls=len(self.calls),
            submits_waiting=requests_wanted(waiting, self.size),
            policy=self.policy,
            chance=_CHANCE,
        )
        return max(due, self.now, room_from(self.calls, self.policy.window) or self.now)

    def _forget_calls(self) -> None:
        while self.calls and self.calls[0][0] <= self.now - self.policy.window.span:
            self.calls.popleft()

    def _poll(self, began: datetime) -> None:
        """Ask about one resolution: that which was not asked about for longest."""
        if self.policy.every_call_counts:
            self.calls.append((self.now, True))
        self.last_poll = self.now
        resolution = min(
            (each for each in self.open if self.open[each]), key=lambda each: self.asked_at.get(each, _START)
        )
        self.asked_at[resolution] = self.now
        open_ = self.open[resolution]
        while open_ and open_[0][0] <= self.now:
            _, place, request = heappop(open_)
            request.open -= 1
            self.landed[self.takes[place].name] = self.now - began
            for follower in self.followers.get(self.takes[place].name, ()):
                self._make_ready(follower)
        while self.sent and not self.sent[0].open:
            self.sent.popleft()
        while self.sent and not self.sent[-1].open:
            self.sent.pop()


def forecast(
    takes: Sequence[ExpectedTake], *, shots_per_request: int, pace: Pace, shortest: timedelta, longest: timedelta
) -> Forecast:
    """Play a run through whose shots take from `shortest` to `longest` to generate; no takes take no time.

    Args:
        takes: in the order of the film, or of the films: a take that waited for another has its place there, too.
    """
    times = [shortest + (longest - shortest) * _spread(n) for n in range(1, len(takes) + 1)]
    calls = deque((at, False) for at in pace.calls)
    return _Run(takes, shots_per_request, pace.policy, times, pace.now, calls).play()


def _spread(n: int) -> float:
    """The n-th of numbers that fill 0 … 1 evenly, however many there are: 1/2, 1/4, 3/4, 1/8, 5/8 (van der Corput)."""
    total, share = 0.0, 0.5
    while n:
        total += share * (n % 2)
        n, share = n // 2, share / 2
    return total
