"""The takes of one run: what every part of the runner looks at, and the only place where an event becomes true.

An event is folded by `lifecycle`, made durable in the ledger, and only then shown. Starts nothing by itself.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.errors import StoryreelError
from pipeline.model.answer import Answer
from pipeline.model.take import Event, State, Take
from pipeline.ports import Clock, Dice, Ledger, TakeStore, VeoApi
from pipeline.project import World
from pipeline.shoot.actions import Ask, Submit, next_action
from pipeline.shoot.addresses import Addresses
from pipeline.shoot.lifecycle import advance
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

Tell = Callable[[str], None]
"""Told in a sentence what holds a run up."""


def fold_all(events: Iterable[Change]) -> list[Change]:
    """Each event with the take that it leads to, instead of the take that it happens to."""
    return [(advance(take, event), event) for take, event in events]


@dataclass(slots=True)
class Board:
    """The takes by slate, and how far the run may still go with them.

    Attributes:
        watch: called after an event is durable.
        changed: set whenever the runner should look again.
        stopped_by: why nothing more is submitted; the first reason is the one that is told.
        left_out: takes that are not submitted in this run, by slate, and why.
        is_draining: nothing new is started at all.
    """

    doors: Doors
    terms: Terms
    watch: Watcher
    tell: Tell
    takes: dict[str, Take] = field(init=False, default_factory=dict)
    changed: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    stopped_by: StoryreelError | None = field(init=False, default=None)
    left_out: dict[str, StoryreelError] = field(init=False, default_factory=dict)
    is_draining: bool = field(init=False, default=False)

    @property
    def now(self) -> datetime:
        return self.doors.clock.now()

    def add(self, takes: Iterable[Take]) -> None:
        """Take these on. One that is known already is left as it is."""
        for take in takes:
            if str(take.slate) not in self.takes:
                self.takes[str(take.slate)] = take
        self.changed.set()

    def current(self, take: Take) -> Take:
        """The take as it is by now."""
        return self.takes[str(take.slate)]

    def waiting(self) -> list[Take]:
        """Those that want to be sent, in order."""
        return [
            take
            for slate, take in self.takes.items()
            if isinstance(next_action(take), Submit) and slate not in self.left_out
        ]

    def asked(self) -> list[Take]:
        """Those that check-status is asked about."""
        return [take for take in self.takes.values() if isinstance(next_action(take), Ask)]

    def in_doubt(self) -> list[Take]:
        return [take for take in self.takes.values() if take.state is State.UNKNOWN]

    def record(self, events: Sequence[Change], answer: Answer | None = None) -> None:
        """Fold events into their takes and make both durable, together with the answer that they were read from."""
        if events:
            changes = fold_all(events)
            self.doors.ledger.append(changes, answer)
            self.show(changes)

    def show(self, changes: Sequence[Change]) -> None:
        """Let changes be seen that are durable."""
        for take, event in changes:
            self.takes[str(take.slate)] = take
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
