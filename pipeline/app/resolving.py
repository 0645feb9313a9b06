"""The user's word on a take that only the user can move on."""

from __future__ import annotations

from pipeline.app.assignment import Assignment
from pipeline.app.doors import hold, open_ledger
from pipeline.errors import UsageError
from pipeline.host import SystemClock
from pipeline.model.take import Take
from pipeline.shoot.lifecycle import advance
from pipeline.shoot.resolve import Word, check_answer_is_over, event_for
from pipeline.shoot.start import settle_leftovers


def resolve_take(assigned: Assignment, shot: str, word: Word | None, task_id: str | None = None) -> Take:
    """Put the user's word on the last take of a shot into the ledger; without a word, just find out what happened.

    Args:
        shot: its id, or `shot/tkNN` for one take of it.

    Raises:
        UsageError: no such take, the word does not fit it, or the answer may still come.
        ProjectBusyError: a run of the project is under way.
    """
    clock = SystemClock()
    with hold(assigned), open_ledger(assigned.store) as ledger:
        settle_leftovers(ledger, assigned.project.name, clock.now())
        takes = [take for take in ledger.takes(assigned.project.name) if shot in (take.slate.shot, take.slate.name)]
        if not takes:
            raise UsageError(
                f'{assigned.project.name} has no take of a shot "{shot}"; storyreel status lists its shots.'
            )
        take = max(takes, key=lambda each: each.slate.number)
        if word is not None:
            event = event_for(take, word, task_id, now=clock.now())
            check_answer_is_over(take, ledger.events_of(take.slate), now=clock.now(), policy=assigned.policy)
            take = advance(take, event)
            ledger.append([(take, event)])
        return take
