"""Every credit is in one column: spent, come back, in doubt, or never needed."""

from __future__ import annotations

import pytest
from builders import a_landed_take, a_take

from pipeline.model.storyboard import Resolution
from pipeline.model.take import State, Take
from pipeline.planner.account import Account, account_of


def account(*takes: Take, used: tuple[Take, ...] = ()) -> Account:
    return account_of("demo", takes, used)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.PLANNED, Account()),
        (State.ARMED, Account()),
        (State.REJECTED, Account()),
        (State.WITHDRAWN, Account()),
        (State.SENDING, Account(in_doubt=10)),
        (State.UNKNOWN, Account(in_doubt=10)),
        (State.SUBMITTED, Account(spent=10)),
        (State.PROCESSING, Account(spent=10)),
        (State.SUCCEEDED, Account(spent=10)),
        (State.DOWNLOADED, Account(spent=10)),
        (State.VERIFIED, Account(spent=10)),
        (State.CORRUPT, Account(spent=10)),
        (State.LOST, Account(spent=10)),
        (State.ABANDONED, Account(spent=10)),
        (State.WRITTEN_OFF, Account(spent=10)),
        (State.FAILED, Account(refunded=10)),
    ],
)
def test_a_take_counts_once_wherever_it_stands(state: State, expected: Account) -> None:
    """What was written off or given up may have been charged, and is taken for it."""
    assert account(a_take(state=state)) == expected


def test_every_state_has_its_column() -> None:
    """A new one is given its place in the test above."""
    assert len(State) == 16


def test_a_failed_take_that_was_shot_anew_came_back_all_the_same() -> None:
    """30 credits at 4k; the second take was charged."""
    failed = a_take(state=State.WRITTEN_OFF, credits=0)
    uhd = failed.request.model_copy(update={"resolution": Resolution.UHD})
    takes = failed.model_copy(update={"request": uhd}), a_take(number=2, state=State.VERIFIED, credits=30)
    assert account(*takes) == Account(spent=30, refunded=30)


def test_the_first_use_of_an_own_clip_saves_nothing() -> None:
    """It was bought for this; the second shot that asks for the same saves its price."""
    run = a_landed_take("run")
    assert account(run, used=(run,)) == Account(spent=10)
    assert account(run, used=(run, run)) == Account(spent=10, saved=10)


def test_every_use_of_another_projects_clip_saves_its_price() -> None:
    """The other project's account has it as spent."""
    theirs = a_landed_take("opening", project="pilot")
    assert account(theirs, used=(theirs, theirs)) == Account(saved=20)
    assert account_of("pilot", [theirs], [theirs]) == Account(spent=10)


def test_a_clip_that_no_shot_uses_was_spent_all_the_same() -> None:
    """A retake that is not circled."""
    first, second = a_landed_take("run"), a_landed_take("run", number=2)
    assert account(first, second, used=(second,)) == Account(spent=20)


def test_accounts_add_up() -> None:
    """Column by column."""
    one = Account(spent=1, refunded=2, in_doubt=3, saved=4)
    assert one + Account(spent=10, refunded=20, in_doubt=30, saved=40) == Account(
        spent=11, refunded=22, in_doubt=33, saved=44
    )
