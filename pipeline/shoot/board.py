"""The takes of one run: what every part of the runner looks at, and the only place where an event becomes true.

An event is folded by `lifecycle`, made durable in the ledger, and only then shown. Starts nothing by itself.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import NamedTuple, Self, TypeVar

from pipeline.errors import StoryreelError
from pipeline.model.answer import Answer
from pipeline.model.storyboard import Resolution
from pipeline.model.take import Event, State, Take
from pipeline.ports import Clock, Dice, Ledger, TakeStore, VeoApi
from pipeline.project import World
from pipeline.shoot.actions import Action, Ask, Fetch, Inspect, Submit, next_action
from pipeline.shoot.addresses import Addresses
from pipeline.shoot.lifecycle import advance
from pipeline.shoot.line import Line, Place
from pipeline.shoot.outcomes import Change
from pipeline.shoot.policy import Policy

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """What shooting needs of the outside."""

    api: VeoApi
    ledger: Ledger
    store: TakeStore
    addresses: Addresses
    clock: Clock
    dice: Dice


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a run may do.

    Attributes:
        key_id: stands for the key in the ledger; the key itself never does.
        cap: the most credits the project may have spent or in play; None: no cap.
        shots_per_request: how many shots share a generate.
        world: for commands that the user is told to type.
    """

    key_id: str
    cap: int | None
    shots_per_request: int
    policy: Policy
    world: World


Watcher = Callable[[Take, Event | None], None]
"""Told of every take at the start (no event) and after each event."""

Rank = Callable[[Take], int]
"""The place of a take among all that a run shoots, such as that of its shot in the films."""

Wish = TypeVar("Wish", Fetch, Inspect)

Tell = Callable[[str], None]
"""Told in a sentence what holds a run up."""


def fold_all(events: Iterable[Change]) -> list[Change]:
    """Each event with the take that it leads to, instead of the take that it happens to."""
    return [(advance(take, event), event) for take, event in events]


class Alike(NamedTuple):
    """What takes have in common that may share a request; one that goes alone shares none."""

    resolution: Resolution
    goes_alone: bool

    @classmethod
    def of(cls, take: Take) -> Self:
        return cls(take.request.resolution, take.goes_alone)


@dataclass(slots=True)
class Board:
    """The takes by slate, in lines by what they want next, and how far the run may still go with them.

    A season has thousands of takes and looks at them tens of thousands of times: nothing here walks over all of them.

    Attributes:
        watch: called after an event is durable.
        rank: takes of a lower rank are sent and fetched first; those of one rank in the order in which they came.
        changed: set whenever the runner should look again.
        stopped_by: why nothing more is submitted; the first reason is the one that is told.
        left_out: takes that are not submitted in this run, or that nothing follows in it, by slate, and why.
        is_draining: nothing new is started at all.
        calls_made: of the API, by this run.
    """

    doors: Doors
    terms: Terms
    watch: Watcher
    tell: Tell
    rank: Rank = lambda _take: 0
    takes: dict[str, Take] = field(init=False, default_factory=dict)
    changed: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    stopped_by: StoryreelError | None = field(init=False, default=None)
    left_out: dict[str, StoryreelError] = field(init=False, default_factory=dict)
    is_draining: bool = field(init=False, default=False)
    calls_made: int = field(init=False, default=0)
    _waiting: dict[Alike, Line] = field(init=False, default_factory=lambda: defaultdict(Line))
    _lines: dict[type[Action], Line] = field(init=False, default_factory=lambda: defaultdict(Line))
    _stands: dict[str, tuple[Line, Place]] = field(init=False, default_factory=dict)
    _arrivals: dict[str, tuple[int, int]] = field(init=False, default_factory=dict)  # rank and number of arrival
    _in_vain: Counter[str] = field(init=False, default_factory=Counter)
    _doubts: dict[str, None] = field(init=False, default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.doors.clock.now()

    def add(self, takes: Iterable[Take]) -> None:
        """Take these on. One that is known already is left as it is."""
        for take in takes:
            if (slate := str(take.slate)) not in self.takes:
                self._arrivals[slate] = self.rank(take), len(self._arrivals)
                self._put(slate, take)
        self.changed.set()

    def current(self, take: Take) -> Take:
        """The take as it is by now."""
        return self.takes[str(take.slate)]

    def first_waiting(self) -> Take | None:
        """The one that is to be sent next."""
        firsts = [line.first for line in self._waiting.values() if line]
        return self.takes[min(firsts)[2]] if firsts else None

    def waiting_like(self, take: Take, most: int) -> list[Take]:
        """At most so many that want to be sent and may share a request with this one, in order."""
        return [self.takes[slate] for slate in islice(self._waiting[Alike.of(take)], most)]

    def waiting(self) -> dict[Alike, int]:
        """How many want to be sent."""
        return {alike: len(line) for alike, line in self._waiting.items() if line}

    def asked(self) -> list[Take]:
        """Those that check-status is asked about, the one that was sent first at the head."""
        return [self.takes[slate] for slate in self._lines[Ask]]

    def asked_since(self) -> tuple[datetime, datetime] | None:
        """When the first and the last of those were sent; None if there are none."""
        line = self._lines[Ask]
        return (line.first[0], line.last[0]) if line else None

    def wanting(self, kind: type[Wish]) -> Iterator[tuple[Take, Wish]]:
        """Those that want to be fetched, or inspected, in order."""
        takes = (self.takes[slate] for slate in self._lines[kind])
        return ((take, action) for take in takes if isinstance(action := next_action(take), kind))

    def in_doubt(self) -> list[Take]:
        return [self.takes[slate] for slate in self._doubts]

    def note_vain_try(self, take: Take) -> int:
        """Count that this run has asked for the clip, or fetched it, and has not got it; returns how often by now."""
        self._in_vain[str(take.slate)] += 1
        return self._in_vain[str(take.slate)]

    def leave_out(self, slate: str, why: StoryreelError) -> None:
        """Do without this take in this run, and with all others."""
        self.left_out[slate] = why
        self._put(slate, self.takes[slate])

    def record(self, events: Sequence[Change], answer: Answer | None = None) -> None:
        """Fold events into their takes and make both durable, together with the answer that they were read from."""
        if events:
            changes = fold_all(events)
            self.doors.ledger.append(changes, answer)
            self.show(changes)

    def show(self, changes: Sequence[Change]) -> None:
        """Let changes be seen that are durable."""
        for take, event in changes:
            self._put(str(take.slate), take)
            facts = {"action": event.kind, "slate": str(take.slate), "task_id": take.task_id}
            log.info("%s: %s", take.slate, take.state, extra=facts)
            self.watch(take, event)
        self.changed.set()

    def stop(self, reason: StoryreelError) -> None:
        """Submit nothing more in this run."""
        self.stopped_by = self.stopped_by or reason

    def end(self, reason: StoryreelError) -> None:
        """Submit nothing more and ask nothing more."""
        self.stop(reason)
        self.drain()

    def drain(self) -> None:
        """Start nothing new."""
        self.is_draining = True
        self.changed.set()

    def _put(self, slate: str, take: Take) -> None:
        """Let the take stand where what it wants next is done."""
        self.takes[slate] = take
        if stood := self._stands.pop(slate, None):
            line, place = stood
            line.remove(place)
        self._doubts.pop(slate, None)
        if take.state is State.UNKNOWN:
            self._doubts[slate] = None
        rank, arrival = self._arrivals[slate]
        match action := next_action(take):
            case None:
                return
            case Submit():
                if slate in self.left_out:
                    return
                line, place = self._waiting[Alike.of(take)], (rank, arrival, slate)
            case Ask():
                line, place = self._lines[Ask], (action.submitted_at, arrival, slate)
            case _:
                line, place = self._lines[type(action)], (rank, arrival, slate)
        line.add(place)
        self._stands[slate] = line, place
