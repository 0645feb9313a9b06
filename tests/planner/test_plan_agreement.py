"""A plan that was agreed to holds as long as nothing else would be sent and no credit more be paid."""

from __future__ import annotations

from builders import a_landed_take, a_shot, a_storyboard, a_take

from pipeline.digest import ContentHash
from pipeline.model.instructions import Continuation
from pipeline.model.plan import Decision, Plan, TakeRequest
from pipeline.model.storyboard import GenerationType, Shot
from pipeline.model.take import State, Take
from pipeline.planner.agreement import differences, within
from pipeline.planner.on_hand import TakesOnHand
from pipeline.planner.plan import plan_film

FRAME = ContentHash("f" * 64)


def planned(*shots: Shot, takes: tuple[Take, ...] = (), only: tuple[str, ...] | None = None) -> Plan:
    on_hand = TakesOnHand(takes=takes, has_file=lambda _clip: True, late_frame=lambda _clip, _frame: FRAME)
    return plan_film(a_storyboard(*shots), on_hand, only=only)


def test_the_same_plan_holds() -> None:
    """Nothing has changed."""
    shots = (a_shot("run"), a_shot("walk"))
    assert differences(planned(*shots), planned(*shots)) == ()


def test_a_plan_holds_while_it_is_carried_out() -> None:
    """One shot has landed, one is on its way: what is left is less than was agreed."""
    shots = (a_shot("run"), a_shot("walk"))
    takes = (a_landed_take("run"), a_take("walk", state=State.SUBMITTED))
    assert differences(planned(*shots), planned(*shots, takes=takes)) == ()


def test_a_continued_shot_holds_when_its_anchor_has_landed() -> None:
    """Its request got the first image that it waited for."""
    walk = a_shot("walk", continues=Continuation(shot="run"), generation=GenerationType.FRAMES)
    now = planned(a_shot("run"), walk, takes=(a_landed_take("run"),))
    assert differences(planned(a_shot("run"), walk), now) == ()
    edited = walk.model_copy(update={"prompt": "Another."})
    assert len(differences(planned(a_shot("run"), edited), now)) == 1


def test_a_shot_that_goes_on_from_another_breaks_it() -> None:
    """Its first picture is not known yet, but it will be another one."""
    walk, frames = Continuation(shot="run"), GenerationType.FRAMES
    agreed = planned(a_shot("run"), a_shot("fall"), a_shot("walk", continues=walk, generation=frames))
    other = walk.model_copy(update={"frame": -3}), walk.model_copy(update={"shot": "fall"})
    for continues in other:
        now = planned(a_shot("run"), a_shot("fall"), a_shot("walk", continues=continues, generation=frames))
        assert [said.partition(";")[0] for said in differences(agreed, now)] == ["walk: asks for something else now"]


def test_an_edited_prompt_breaks_it() -> None:
    """With the reason that a new plan gives."""
    agreed = planned(a_shot("run"), takes=(a_landed_take("run"),))
    now = planned(a_shot("run", prompt="A prompt for runs."), takes=(a_landed_take("run"),))
    said = 'run: asks for something else now; prompt changed: its own text, storyboard.jinja:1: "run" → "runs".'
    assert differences(agreed, now) == (said,)


def test_a_clip_that_is_gone_breaks_it_only_if_it_is_paid_anew() -> None:
    """A take that was written off costs 10 credits; one that is fetched again nothing."""
    agreed = planned(a_shot("run"), takes=(a_landed_take("run"),))
    now = planned(a_shot("run"), takes=(a_take("run", state=State.WRITTEN_OFF),))
    (said,) = differences(agreed, now)
    assert said.startswith("run: would cost 10 credits instead of 0 (reuse)")


def test_a_shot_that_is_paid_twice_breaks_it() -> None:
    """Its price is as agreed, but a take of it was written off meanwhile, which may have been charged."""
    now = planned(a_shot("run"), takes=(a_take("run", state=State.WRITTEN_OFF),))
    assert now.credits == 10
    assert differences(planned(a_shot("run")), now) == ("demo would have spent 20 credits in the end instead of 10.",)


def test_a_run_pays_for_what_its_plan_had_a_price_for_and_leaves_the_rest() -> None:
    """Walk had a clip when the run began, and asks for something else by now; run is shot as it was to be."""
    shots = (a_shot("run"), a_shot("walk"))
    now = planned(*shots)
    kept = within(planned(*shots, takes=(a_landed_take("walk"),)), now)
    assert [(row.decision, row.credits) for row in kept.shots] == [(Decision.SHOOT, 10), (Decision.BLOCKED, 0)]
    assert kept.shots[1].why == "could not be shot when this run began; run again to shoot it, for 10 credits"


def test_a_clip_that_waits_for_one_that_is_fetched_again_just_waits() -> None:
    """Both were here when the run began; the first was damaged in the store."""
    walk = a_shot("walk", continues=Continuation(shot="run"), generation=GenerationType.FRAMES)
    run = a_landed_take("run")
    begun = planned(a_shot("run"), walk, takes=(run, a_landed_take("walk", request=_asked(walk, run))))
    now = planned(a_shot("run"), walk, takes=(run.model_copy(update={"state": State.SUBMITTED}),))
    assert [row.decision for row in begun.shots] == [Decision.REUSE, Decision.REUSE]
    assert [(row.decision, row.credits) for row in within(begun, now).shots] == [
        (Decision.RESUME, 0),
        (Decision.WAITS, 0),
    ]


def _asked(shot: Shot, anchor: Take) -> TakeRequest:
    return planned(a_shot("run"), shot, takes=(anchor,)).shots[1].request


def test_another_shot_breaks_it_and_so_does_one_less() -> None:
    """Both are told by their ids."""
    said = differences(planned(a_shot("run"), a_shot("walk")), planned(a_shot("run"), a_shot("rest")))
    assert [sentence.split(":")[0] for sentence in said] == ["rest", "walk"]


def test_a_shot_that_was_not_selected_is_not_agreed_to() -> None:
    """It would cost 10 credits, and the plan left it out."""
    shots = (a_shot("run"), a_shot("walk"))
    (said,) = differences(planned(*shots, only=("run",)), planned(*shots))
    assert said.startswith("walk: would cost 10 credits instead of 0 (skip)")
