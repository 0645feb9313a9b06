"""What each state means to the user."""

from __future__ import annotations

import pytest
from builders_review import a_plan, a_storyboard, a_take

from pipeline.model.plan import Decision
from pipeline.model.take import State
from pipeline.project import World
from pipeline.review.standing import STANDINGS, Tone, standing_of


def test_every_state_has_a_standing():
    """No state of the model is left without a word."""
    assert set(STANDINGS) == set(State)


@pytest.mark.parametrize("state", [state for state in State if state is not State.VERIFIED])
def test_every_state_but_landed_says_what_to_do(state: State):
    """Only a landed take leaves nothing to do, and every sentence knows project and shot alone."""
    said = STANDINGS[state].todo_for("film", "run", World.SANDBOX)
    assert "`storyreel re" in said
    assert "{" not in said


def test_a_live_film_is_helped_by_live_commands():
    """A command copied from a live report must not end up in the sandbox."""
    said = STANDINGS[State.UNKNOWN].todo_for("film", "run", World.LIVE)
    assert "`storyreel resolve film run --live`" in said


def test_a_landed_take_leaves_nothing_to_do():
    """Verified: good, and silent."""
    assert standing_of(a_take(), None) == ("landed", Tone.GOOD, "")


def test_a_shot_that_continues_another_names_it():
    """There is nothing to resolve: the clip of the other comes first."""
    (planned,) = a_plan(a_storyboard(), Decision.BLOCKED).shots
    standing = standing_of(None, planned.model_copy(update={"waits_for": "run"}))
    assert standing.tone is Tone.IDLE and "where run ends" in standing.todo


def test_a_blocked_shot_without_a_take_asks_for_the_user():
    """The plan knows that it may not be shot, even if its take is not shown."""
    (planned,) = a_plan(a_storyboard(), Decision.BLOCKED).shots
    assert standing_of(None, planned).tone is Tone.ASKS
