"""What must hold of films however often its runs were killed: their ledger and their store against the server's logs.

Each rule finds sentences about what is wrong; there are none when all is well.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from pipeline.model.take import CHARGED, UNSENT, Armed, Connected, Event, State, Take
from pipeline.project import StorePaths
from pipeline.shoot.lifecycle import NEXT

_event: Final[TypeAdapter[Event]] = TypeAdapter(Event)
ENDED: Final = (State.VERIFIED, State.FAILED, State.WRITTEN_OFF)


@dataclass(frozen=True, slots=True)
class Books:
    """All that is known about the films of a store.

    Attributes:
        takes: by slate.
        events: with the slates they happened to, in the order in which they became durable.
        charges: lines of the server's log, oldest first.
        sent: the shots of all generate calls that the server read, as it did.
        calls: how many it answered, questions too.
        kept: the names of the clips.
        caps: what each project may cost.
    """

    takes: dict[str, Take]
    events: list[tuple[str, Event]]
    charges: list[dict[str, Any]]
    sent: list[str]
    calls: int
    kept: set[str]
    caps: dict[str, int]


def open_books(
    store: StorePaths, charges: list[dict[str, Any]], requests: list[dict[str, Any]], caps: dict[str, int]
) -> Books:
    """What a store holds, beside what the server's two logs say of it."""
    with closing(sqlite3.connect(store.ledger_path)) as ledger:
        takes = [Take.model_validate_json(row) for (row,) in ledger.execute("SELECT take FROM takes")]
        rows = ledger.execute("SELECT slate, event FROM events ORDER BY seq")
        events = [(slate, _event.validate_json(event)) for slate, event in rows]
    generates = [line for line in requests if line["path"].endswith("generate") and "body" in line]
    return Books(
        takes={str(take.slate): take for take in takes},
        events=events,
        charges=charges,
        sent=[shot["id"] for line in generates for shot in line["body"]["shots"]],
        calls=len(requests),
        kept={path.name for path in _clips(store)},
        caps=caps,
    )


def torn_clips(store: StorePaths) -> list[str]:
    """Files with a take's name that are not whole: never, not even just after a kill."""
    hashes = ((path, hashlib.sha256(path.read_bytes()).hexdigest()) for path in _clips(store))
    return [f"a torn clip: {path.name}" for path, sha256 in hashes if path.name != f"{sha256}.mp4"]


def _clips(store: StorePaths) -> Iterator[Path]:
    for path in (store.root / "takes").rglob("*"):
        if path.is_file() and store.parts_dir not in path.parents:
            yield path


def charged_twice(books: Books) -> Iterator[str]:
    """A request is charged once, and a failed one gets it back; what was written off by a grant is not counted."""
    takes = {take.sent_id: take for take in books.takes.values()}
    written_off = {sent_id for sent_id, take in takes.items() if take.state is State.WRITTEN_OFF}
    lines = [line for line in books.charges if line["shotId"] not in written_off]
    charges = Counter(line["request"] for line in lines if line["kind"] == "charge")
    refunds = Counter(line["request"] for line in lines if line["kind"] == "refund")
    failed = Counter(
        line["request"]
        for line in lines
        if line["kind"] == "charge" and line["shotId"] in takes and takes[line["shotId"]].state is State.FAILED
    )
    for request, times in charges.items():
        if times > 1 or refunds[request] != failed[request]:
            yield f"double charge: {times} charges and {refunds[request]} refunds of {request}"


def lost_track_of_a_task(books: Books) -> Iterator[str]:
    """Every charge belongs to a take that was sent, and its task is the take's; in doubt, it was written off."""
    takes = {take.sent_id: take for take in books.takes.values()}
    for line in books.charges:
        take = takes.get(line["shotId"])
        is_known = take is not None and (take.task_id == line["taskId"] or take.state is State.WRITTEN_OFF)
        if take is None or not is_known or take.state in UNSENT:
            yield f"lost task: {line['taskId']} of {line['shotId']} is in no take"


def sent_what_is_not_durable(books: Books) -> Iterator[str]:
    """A nonce that the server has seen was armed, and its sending written down, before."""
    nonces = {event.nonce: slate for slate, event in books.events if isinstance(event, Armed)}
    connected = Counter(slate for slate, event in books.events if isinstance(event, Connected))
    sent = Counter(nonces.get(shot.rpartition("~")[2], "") for shot in books.sent)
    yield from (f"not durable: the nonce of {shot}" for shot in books.sent if shot.rpartition("~")[2] not in nonces)
    yield from (
        f"not durable: {slate} was sent {n} times" for slate, n in sent.items() if slate and n > connected[slate]
    )


def stuck(books: Books) -> Iterator[str]:
    """Every take has ended; one of which nothing was sent, because another project's clip came first, needs no end."""
    landed = {take.fingerprint for take in books.takes.values() if take.state is State.VERIFIED}
    for slate, take in books.takes.items():
        if take.state not in ENDED and not (take.state in UNSENT and take.fingerprint in landed):
            yield f"stuck shot: {slate} is {take.state}"


def not_the_fold(books: Books) -> Iterator[str]:
    """Every event is in the table, and a take's state is what its events lead to."""
    states = dict.fromkeys(books.takes, State.PLANNED)
    for slate, event in books.events:
        if (states[slate], type(event)) not in NEXT:
            yield f"not in the table: {event.kind} of {slate}, which is {states[slate]}"
        states[slate] = _after(states[slate], event)
    for slate, take in books.takes.items():
        if take.state is not states[slate]:
            yield f"not the fold: {slate} is {take.state}, its events lead to {states[slate]}"


def over_the_cap(books: Books) -> Iterator[str]:
    """At every event, what a project has spent or in play is within its cap."""
    states = dict.fromkeys(books.takes, State.PLANNED)
    for slate, event in books.events:
        states[slate] = _after(states[slate], event)
        spent: Counter[str] = Counter()
        for each, state in states.items():
            spent[each.partition("/")[0]] += books.takes[each].credits if state in CHARGED else 0
        for project in spent:
            if spent[project] > books.caps[project]:
                yield f"over the cap: {project} has {spent[project]} credits in play after {event.kind} of {slate}"


def _after(state: State, event: Event) -> State:
    return NEXT.get((state, type(event)), state)


def lost_clips(books: Books) -> Iterator[str]:
    """Every verified take has its file."""
    for slate, take in books.takes.items():
        if take.state is State.VERIFIED and f"{take.sha256}.mp4" not in books.kept:
            yield f"lost clip: that of {slate}"


RULES: Final[tuple[Callable[[Books], Iterator[str]], ...]] = (
    charged_twice,
    lost_track_of_a_task,
    sent_what_is_not_durable,
    stuck,
    not_the_fold,
    over_the_cap,
    lost_clips,
)


def audit(books: Books) -> list[str]:
    return [told for rule in RULES for told in rule(books)]
