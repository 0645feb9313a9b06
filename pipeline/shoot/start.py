"""What a run finds in the ledger and opens there before it shoots. The project's lock is held by now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.model.plan import PlannedShot
from pipeline.model.take import (
    AnswerLost,
    CameBack,
    Event,
    NothingSent,
    PaidAgain,
    Replanned,
    Revived,
    Slate,
    State,
    Take,
)
from pipeline.ports import Ledger, TakeStore
from pipeline.shoot.actions import Submit, next_action
from pipeline.shoot.board import fold_all
from pipeline.shoot.lifecycle import WITHOUT_ITS_CLIP, advance
from pipeline.shoot.outcomes import Change
from pipeline.shoot.policy import CREDITS_A_SHOT


def settle_leftovers(ledger: Ledger, project: str, now: datetime) -> tuple[Take, ...]:
    """Write down what became of takes whose run died: armed, nothing left; sending, nobody knows.

    Unless the answer came and could only be kept beside the ledger: then it is taken over first.

    Returns:
        the takes that changed.
    """
    changed = list(_take_over_rescued(ledger, project))
    left = [(take, event) for take in ledger.takes(project) if (event := _left_behind(take, now)) is not None]
    settled = fold_all(left)
    ledger.append(settled)
    return (*changed, *(take for take, _ in settled))


def _take_over_rescued(ledger: Ledger, project: str) -> Iterator[Take]:
    sending = {str(take.slate): take for take in ledger.takes(project) if take.state is State.SENDING}
    for rescued in ledger.rescued() if sending else ():
        ours = [
            (sending.pop(slate), event)
            for slate, nonce, event in rescued.events
            if slate in sending and sending[slate].nonce == nonce
        ]
        changes = fold_all(ours)
        if changes:
            ledger.append(changes, rescued.answer)
            yield from (take for take, _ in changes)


def _left_behind(take: Take, now: datetime) -> Event | None:
    match take.state:
        case State.ARMED:
            return NothingSent(at=now, reason="the run ended before anything was sent")
        case State.SENDING:
            return AnswerLost(at=now, reason="the run ended while the request was under way")
        case State.REJECTED:
            return Replanned(at=now)
        case _:
            return None


def take_back_clips(ledger: Ledger, project: str, store: TakeStore, now: datetime) -> None:
    """Write down which clips, once landed and then gone, are in the store again: nobody need be asked for them."""
    back = [take for take in ledger.takes(project) if take.state in WITHOUT_ITS_CLIP and _is_back(take, store)]
    ledger.append(fold_all((take, CameBack(at=now)) for take in back))


def _is_back(take: Take, store: TakeStore) -> bool:
    """What the file holds is looked at before it is used, as that of any other."""
    return take.media is not None and store.has(take.media.sha256, take.media.size_bytes)


def open_takes(rows: Iterable[PlannedShot], project: str, ledger: Ledger, now: datetime) -> list[Take]:
    """The takes that a run of `project` begins with, in the order of `rows`; new ones are in the ledger after this.

    Takes of the project that no shot asks for any more, but that were paid for, come along at the end: their clips are
    fetched, too. Planned ones among them are left alone.
    """
    board = {str(take.slate): take for take in open_rows(rows, ledger, now)}
    for take in ledger.takes(project):
        if not isinstance(next_action(take), Submit):
            board.setdefault(str(take.slate), take)
    return list(board.values())


def open_rows(rows: Iterable[PlannedShot], ledger: Ledger, now: datetime) -> list[Take]:
    """The takes of `rows`, new ones written down: nothing but what these shots want. As many rows, as many takes."""
    rows = tuple(rows)
    slates = {row.slate for row in rows} | {row.instead_of for row in rows if row.instead_of}
    known = {str(take.slate): take for take in ledger.takes_named(slates)}
    opening = _Opening(known, now)
    opened = [opening.take_of(row) for row in rows]
    ledger.append(opening.changes)
    ledger.open_takes(opening.new)
    return opened


@dataclass(slots=True)
class _Opening:
    """What is to be written for the rows that a run begins with.

    Attributes:
        known: takes by slate; where two rows ask for the same, the second finds what the first has come to.
    """

    known: dict[str, Take]
    now: datetime
    changes: list[Change] = field(default_factory=list)
    new: list[Take] = field(default_factory=list)

    def take_of(self, row: PlannedShot) -> Take:
        if row.instead_of:
            self._happens(row.instead_of, PaidAgain(at=self.now, by="grant"))
        if row.slate not in self.known:
            self.known[row.slate] = take = _new_take(row, self.now)
            self.new.append(take)
        elif self.known[row.slate].state is State.VERIFIED:
            self._happens(row.slate, Revived(at=self.now))
        return self.known[row.slate]

    def _happens(self, slate: str, event: Event) -> None:
        self.known[slate] = take = advance(self.known[slate], event)
        self.changes.append((take, event))


def _new_take(row: PlannedShot, now: datetime) -> Take:
    return Take(
        slate=Slate.parse(row.slate),
        request=row.request,
        fingerprint=row.fingerprint,
        credits=CREDITS_A_SHOT[row.request.resolution],
        since=now,
        is_retake=row.is_retake,
        note=row.note,
        made_of=row.made_of,
    )
