"""Another take of a shot is only ever asked for, and only of a shot that has its clip."""

from __future__ import annotations

import pytest
from builders import NOON, a_landed_take, a_shot, a_storyboard, a_take

from pipeline.errors import UsageError
from pipeline.model.storyboard import Storyboard
from pipeline.model.take import State, Take
from pipeline.planner.on_hand import TakesOnHand
from pipeline.planner.plan import plan_film
from pipeline.shoot.retake import new_retake, withdrawals

SLOWER = "slower"


def asked(*takes: Take, film: Storyboard | None = None, shot: str = "run", note: str = SLOWER) -> Take:
    plan = plan_film(film or a_storyboard(), TakesOnHand(takes=takes, has_file=lambda _clip: True))
    return new_retake(shot, plan, [take for take in takes if take.slate.shot == shot], note, NOON)


def refusal(*takes: Take, **options: object) -> str:
    with pytest.raises(UsageError) as refused:
        asked(*takes, **options)
    return str(refused.value)


def test_a_retake_is_a_planned_take_of_its_own_number() -> None:
    """Its request is the shot's with the note in a paragraph of its own."""
    take = asked(a_landed_take("run"))
    assert (str(take.slate), take.state, take.note, take.credits) == ("demo/run/tk02", State.PLANNED, SLOWER, 10)
    assert take.request.prompt == "A prompt for run.\n\nslower"
    assert take.asked.prompt == "A prompt for run." and take.is_answer_to(a_landed_take("run").fingerprint)


def test_a_shot_that_uses_anothers_clip_gets_a_take_of_its_own() -> None:
    """Another project's, or that of an equal shot of the film."""
    theirs = a_landed_take("opening", project="pilot", prompt="A prompt for run.")
    assert str(asked(theirs).slate) == "demo/run/tk01"
    twins = a_storyboard(a_shot("run", prompt="Same."), a_shot("again", prompt="Same."))
    assert str(asked(a_landed_take("run", prompt="Same."), film=twins, shot="again").slate) == "demo/again/tk01"


def test_a_second_ask_takes_the_place_of_the_first() -> None:
    """Its note is not added to the note before."""
    first = a_take("run", number=2, is_retake=True, note="faster")
    take = asked(a_landed_take("run"), first)
    assert (take.slate.number, take.request.prompt) == (3, "A prompt for run.\n\nslower")
    assert [old.slate.number for old, _ in withdrawals([a_landed_take("run"), first, take], NOON)] == [2, 3]


def test_a_shot_that_was_never_shot_has_no_retake() -> None:
    """Nor one that only stands on a shot that is about to be shot."""
    assert "storyreel render demo shoots it" in refusal()
    twins = a_storyboard(a_shot("run", prompt="Same."), a_shot("again", prompt="Same."))
    assert "has no clip yet" in refusal(film=twins, shot="again")


def test_a_shot_whose_prompt_was_edited_is_shot_anew_anyway() -> None:
    """The next render does."""
    assert "anew anyway" in refusal(a_landed_take("run", prompt="Another."))


@pytest.mark.parametrize("state", [State.SENDING, State.SUBMITTED, State.UNKNOWN, State.LOST, State.FAILED])
def test_a_shot_whose_take_is_under_way_or_open_has_no_retake(state: State) -> None:
    """What to do about it first is in the sentence."""
    assert "storyreel re" in refusal(a_take("run", state=state))


def test_an_unknown_shot_is_told_with_those_there_are() -> None:
    """A typing error costs nothing."""
    assert refusal(a_landed_take("run"), shot="walk").endswith("There are: run.")


def test_only_retakes_that_nothing_was_sent_of_are_withdrawn() -> None:
    """A planned first take is the storyboard's to ask for."""
    sent = a_take("run", number=3, is_retake=True, state=State.SUBMITTED)
    assert withdrawals([a_take("run"), a_landed_take("run", number=2), sent], NOON) == []
