"""What planning is told, read out of the ledger, the store and the project's pictures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pipeline.model.circle import Circle
from pipeline.planner.forecast import Pace
from pipeline.planner.on_hand import TakesOnHand
from pipeline.ports import Ledger, Pictures, TakeStore
from pipeline.project import ProjectPaths, World
from pipeline.shoot.policy import Policy


def pace_of(ledger: Ledger, key_id: str, policy: Policy, now: datetime) -> Pace:
    """How soon the key may shoot."""
    return Pace(policy=policy, now=now, calls=ledger.calls_in(key_id=key_id, since=now - policy.window.span))


def takes_on_hand(
    ledger: Ledger,
    store: TakeStore,
    pictures: Pictures,
    project: ProjectPaths,
    world: World,
    circles: Mapping[str, Circle],
    pace: Pace,
) -> TakesOnHand:
    """What planning needs to know of the ledger, the store and the project's pictures."""
    takes = ledger.takes()
    sizes = {take.sha256: take.size_bytes for take in takes}
    return TakesOnHand(
        takes=takes,
        has_file=lambda sha256: store.has(sha256, sizes.get(sha256)),
        late_frame=pictures.of_frame,
        picture=pictures.of_file,
        has_project=project.has_neighbour,
        circles=circles,
        pace=pace,
        world=world,
    )
