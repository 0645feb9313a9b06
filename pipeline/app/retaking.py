"""The user's ask for another take of a shot; it costs nothing until the next render."""

from __future__ import annotations

from typing import Final

from pipeline.app.assignment import Assignment
from pipeline.app.compiling import compile_films
from pipeline.app.doors import hold, look_on_hand, open_ledger
from pipeline.errors import UsageError
from pipeline.host import SystemClock
from pipeline.model.take import Take
from pipeline.planner.plan import plan_films
from pipeline.shoot.lifecycle import advance
from pipeline.shoot.retake import new_retake, withdrawals
from pipeline.shoot.start import settle_leftovers

MAX_NOTE_LETTERS: Final = 2_000
"""The vendor names no bound of a prompt; a note is what is added to one."""


def _check_note(note: str, shot: str) -> None:
    if len(note) > MAX_NOTE_LETTERS:
        raise UsageError(
            f"--note takes at most {MAX_NOTE_LETTERS:,} letters, not {len(note):,}. What every take of {shot} should "
            "have belongs in its prompt."
        )
    try:
        note.encode()
    except UnicodeEncodeError:
        raise UsageError("--note holds bytes that are no UTF-8. Type it in a terminal that speaks it.") from None


def ask_for_retake(assigned: Assignment, shot: str, note: str) -> Take:
    """Write a retake into the ledger, in place of one that was asked for and not sent.

    Raises:
        UsageError: the shot has nothing that this would be another take of, or the note cannot be one.
        ProjectBusyError: a run of the project is under way.
    """
    _check_note(note, shot)
    now = SystemClock().now()
    with hold(assigned), open_ledger(assigned.store) as ledger:
        films = compile_films(assigned).storyboards
        settle_leftovers(ledger, assigned.project.name, now)
        on_hand = look_on_hand(assigned, ledger)
        taken = on_hand.of_shot(assigned.project.name, shot)
        take = new_retake(shot, plan_films(films, on_hand), taken, note, now)
        ledger.open_take(take)  # first: whoever is killed in between has asked twice, and the newer one is shot
        ledger.append([(advance(old, event), event) for old, event in withdrawals(taken, now)])
        return take


def withdraw_retake(assigned: Assignment, shot: str) -> tuple[Take, ...]:
    """Take back what was asked for and not sent. Raises UsageError if there is nothing, ProjectBusyError."""
    now = SystemClock().now()
    with hold(assigned), open_ledger(assigned.store) as ledger:
        settle_leftovers(ledger, assigned.project.name, now)
        taken = [take for take in ledger.takes(assigned.project.name) if take.slate.shot == shot]
        changes = [(advance(take, event), event) for take, event in withdrawals(taken, now)]
        if not changes:
            raise UsageError(
                f'{assigned.project.name} has no retake of a shot "{shot}" that could be withdrawn: nothing is asked '
                "for, or it was sent."
            )
        ledger.append(changes)
        return tuple(take for take, _ in changes)
