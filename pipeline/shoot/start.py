"""What a run finds in the ledger and opens there before it shoots. The project's lock is held by now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from pipeline.model.plan import PlannedShot
from pipeline.model.take import AnswerLost, Event, NothingSent, PaidAgain, Replanned, Revived, Slate, State, Take
from pipeline.ports import Ledger
from pipeline.shoot.actions import Submit, next_action
from pipeline.shoot.lifecycle import advance
from pipeline.shoot.policy import CREDITS_A_SHOT


def settle_leftovers(ledger: Ledger, project: str, now: datetime) -> tuple[Take, ...]:
    """Write down what became of takes whose run died: armed, nothing left; sending, nobody knows.

    Unless the answer came and could only be kept beside the ledger: then it is taken over first.

    Returns:
        the takes that changed.
    """
    changed = list(_take_over_rescued(ledger, project))
    for take in ledger.takes(project):
        if (event := _left_behind(take, now)) is not None:
            take = _append(ledger, take, event)
            changed.append(take)
    return tuple(changed)


def _take_over_rescued(ledger: Ledger, project: str) -> Iterator[Take]:
    sending = {str(take.slate): take for take in ledger.takes(project) if take.state is State.SENDING}
    for rescued in ledger.rescued() if sending else ():
        ours = [
            (sending.pop(slate), event)
            for slate, nonce, event in rescued.events
            if slate in sending and sending[slate].nonce == nonce
        ]
        changes = [(advance(take, event), event) for take, event in ours]
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
    """The takes of `rows`, new ones written down: nothing but what these shots want."""
    known = {str(take.slate): take for take in ledger.takes()}
    return list(_opened(rows, ledger, known, now))


def _opened(rows: Iterable[PlannedShot], ledger: Ledger, known: dict[str, Take], now: datetime) -> Iterator[Take]:
    for row in rows:
        if row.instead_of:
            known[row.instead_of] = _append(ledger, known[row.instead_of], PaidAgain(at=now, by="grant"))
        take = known.get(row.slate)
        if take is None:
            take = _new_take(row, now)
            ledger.open_take(take)
        elif take.state is State.VERIFIED:
            take = _append(ledger, take, Revived(at=now))
        known[row.slate] = take  # another shot may ask for the same
        yield take


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


def _append(ledger: Ledger, take: Take, event: Event) -> Take:
    take = advance(take, event)
    ledger.append([(take, event)])
    return take
