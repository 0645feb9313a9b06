"""The user's word on a take that only the user can move on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.app.assignment import Assignment
from pipeline.app.compiling import compile_films
from pipeline.app.doors import hold, open_clip_store, open_ledger
from pipeline.app.planning import plan_now
from pipeline.errors import UsageError
from pipeline.host import SystemClock
from pipeline.model.take import Take
from pipeline.shoot.lifecycle import advance
from pipeline.shoot.resolve import Case, Word, case_of, check_answer_is_over, check_task_is_free, event_for, needs_word
from pipeline.shoot.start import settle_leftovers, take_back_clips

if TYPE_CHECKING:  # SQLAlchemy takes longer than most commands
    from pipeline.ledger.journal import SqliteLedger


def open_cases(assigned: Assignment) -> tuple[Case, ...]:
    """All takes of the project that wait for the user's word, by slate. Raises ProjectBusyError."""
    with hold(assigned), open_ledger(assigned.store) as ledger:
        _settle(assigned, ledger)
        taken = ledger.takes(assigned.project.name)
        return tuple(_case(assigned, ledger, take, taken) for take in taken if needs_word(take, taken))


def resolve_take(assigned: Assignment, shot: str, word: Word | None, task_id: str | None = None) -> Case:
    """Put the user's word on the last take of a shot into the ledger; without a word, just find out what happened.

    Args:
        shot: its id, or `shot/tkNN` for one take of it; of a shot that shares the take of an equal one, that take.

    Raises:
        UsageError: no such take, the word does not fit it, or the answer may still come.
        ProjectBusyError: a run of the project is under way.
    """
    clock = SystemClock()
    with hold(assigned), open_ledger(assigned.store) as ledger:
        _settle(assigned, ledger)
        taken = ledger.takes(assigned.project.name)
        take = _take_of(assigned, shot, taken)
        case = _case(assigned, ledger, take, taken)
        if word is None:
            return case
        event = event_for(take, word, task_id, now=clock.now())
        check_answer_is_over(case, now=clock.now())
        check_task_is_free(take, task_id or "", ledger.takes() if task_id else ())
        take = advance(take, event)
        ledger.append([(take, event)])
        return _case(assigned, ledger, take, ledger.takes(assigned.project.name))


def _settle(assigned: Assignment, ledger: SqliteLedger) -> None:
    """Find out what needs no word any more, or needs one now."""
    name, now = assigned.project.name, SystemClock().now()
    settle_leftovers(ledger, name, now)
    take_back_clips(ledger, name, open_clip_store(assigned, None), now)


def _take_of(assigned: Assignment, shot: str, taken: Sequence[Take]) -> Take:
    name = assigned.project.name
    if named := [take for take in taken if shot in (take.slate.shot, take.slate.name)]:
        return max(named, key=lambda each: each.slate.number)
    plan = plan_now(assigned, compile_films(assigned).storyboards)
    row = next((row for row in plan.shots if row.shot == shot), None)
    if row and (take := next((take for take in taken if str(take.slate) == row.film_slate), None)):
        return take
    todo = f": {row.why}" if row and row.why else "; storyreel status lists its shots."
    raise UsageError(f'{name} has no take of a shot "{shot}"{todo}')


def _case(assigned: Assignment, ledger: SqliteLedger, take: Take, taken: Sequence[Take]) -> Case:
    events, answer = ledger.events_of(take.slate), ledger.lost_answer(take.slate)
    return case_of(take, taken, events, answer, now=SystemClock().now(), policy=assigned.policy)
