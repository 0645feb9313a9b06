"""A retake is shot because the user asked for it, comes into the film by itself, and touches no other shot."""

from __future__ import annotations

import pytest
from builders import a_landed_take, a_shot, a_storyboard, a_take

from pipeline.digest import ContentHash
from pipeline.model.instructions import Continuation
from pipeline.model.plan import Decision, Plan, PlannedShot
from pipeline.model.storyboard import Budget, GenerationType, Storyboard
from pipeline.model.take import State, Take
from pipeline.planner.agreement import differences
from pipeline.planner.on_hand import TakesOnHand
from pipeline.planner.plan import plan_film
from pipeline.planner.selection import Selection, select

TWINS = a_storyboard(a_shot("run", prompt="Same."), a_shot("again", prompt="Same."))
CHAIN = a_storyboard(
    a_shot("run"), a_shot("rest", continues=Continuation(shot="run"), generation=GenerationType.FRAMES)
)


def planned(storyboard: Storyboard, *takes: Take, only: set[str] | None = None) -> Plan:
    """Every clip is here, and the last frame of each is a picture of its own."""
    on_hand = TakesOnHand(
        takes=takes, has_file=lambda _clip: True, late_frame=lambda clip, _frame: ContentHash(f"end of {clip}")
    )
    return plan_film(storyboard, on_hand, only=only)


def row_of(*takes: Take, **options: object) -> PlannedShot:
    return planned(a_storyboard(**options), *takes).shots[0]


def a_retake(shot: str = "run", number: int = 2, note: str = "slower", **fields: object) -> Take:
    return a_take(shot, number=number, is_retake=True, note=note, **fields)


def a_landed_retake(shot: str = "run", number: int = 2, note: str = "slower", **fields: object) -> Take:
    return a_landed_take(shot, "b", number=number, is_retake=True, note=note, **fields)


def test_a_retake_is_shot_for_its_price_with_its_note() -> None:
    """Although the clip is here; the note is the last paragraph of what is sent."""
    row = row_of(a_landed_take("run"), a_retake())
    assert (row.decision, row.slate, row.credits) == (Decision.SHOOT, "demo/run/tk02", 10)
    assert row.why == 'retake: asked for by you, "slower"'
    assert row.request.prompt == "A prompt for run.\n\nslower"


def test_a_retake_that_has_landed_comes_into_the_film() -> None:
    """The newest of the shot; the one before stays where it is."""
    row = row_of(a_landed_take("run"), a_landed_retake())
    assert (row.decision, row.slate) == (Decision.REUSE, "demo/run/tk02")


def test_a_retake_without_a_note_is_the_request_as_it_is() -> None:
    """Only that it was asked for tells it apart."""
    row = row_of(a_landed_take("run"), a_retake(note=""))
    assert (row.decision, row.why) == (Decision.SHOOT, "retake: asked for by you")
    assert row.fingerprint == a_take("run").fingerprint


def test_a_retake_that_was_withdrawn_is_as_if_it_had_never_been_asked_for() -> None:
    """But its number is not given to another."""
    row = row_of(a_landed_take("run"), a_retake(state=State.WITHDRAWN))
    assert (row.decision, row.slate) == (Decision.REUSE, "demo/run/tk01")
    edited = planned(a_storyboard(a_shot("run", prompt="Another.")), a_landed_take("run"), a_retake(state="withdrawn"))
    assert edited.shots[0].slate == "demo/run/tk03"


@pytest.mark.parametrize("state", [State.UNKNOWN, State.LOST, State.CORRUPT, State.FAILED])
def test_a_retake_that_ended_badly_waits_for_the_users_word(state: State) -> None:
    """The clip before it is not quietly put in its place."""
    row = row_of(a_landed_take("run"), a_retake(state=state))
    assert (row.decision, row.slate, row.credits) == (Decision.BLOCKED, "demo/run/tk02", 0)


def test_a_retake_that_was_given_up_leaves_the_shot_as_it_was() -> None:
    """Its clip from before is used again."""
    assert row_of(a_landed_take("run"), a_retake(state=State.ABANDONED)).slate == "demo/run/tk01"


@pytest.mark.parametrize("before", [State.WRITTEN_OFF, State.FAILED])
@pytest.mark.parametrize("last", [State.ABANDONED, State.WITHDRAWN])
def test_the_last_word_on_a_retake_holds_for_those_before_it(before: State, last: State) -> None:
    """It had been shot again, and is not once more; one that failed still waits if only an ask was taken back."""
    row = row_of(a_landed_take("run"), a_retake(state=before), a_retake(number=3, state=last))
    if (before, last) == (State.FAILED, State.WITHDRAWN):
        assert (row.decision, row.slate) == (Decision.BLOCKED, "demo/run/tk02")
    else:
        assert (row.decision, row.slate) == (Decision.REUSE, "demo/run/tk01")


def test_a_retake_that_is_paid_again_keeps_its_note() -> None:
    """By the user's word, or by a grant."""
    for state, budget in ((State.WRITTEN_OFF, Budget()), (State.UNKNOWN, Budget(pay_again_credits=10))):
        row = row_of(a_landed_take("run"), a_retake(state=state), budget=budget)
        assert (row.decision, row.slate, row.note, row.is_retake) == (Decision.SHOOT, "demo/run/tk03", "slower", True)


def test_a_failed_retake_is_shot_again_as_often_as_granted() -> None:
    """The first failure of the shot's first take does not count."""
    takes = (a_take("run", state=State.FAILED), a_landed_take("run", number=2))
    failed = a_retake(number=3, state=State.FAILED), a_retake(number=4, state=State.FAILED)
    once = Budget(reshoot_failed=1)
    assert row_of(*takes, failed[0], budget=once).slate == "demo/run/tk04"
    assert row_of(*takes, *failed, budget=once).decision is Decision.BLOCKED


@pytest.mark.parametrize("note", ["", "slower"])
@pytest.mark.parametrize("state", [State.PLANNED, State.SENDING, State.UNKNOWN, State.PROCESSING, State.VERIFIED])
def test_a_retake_leaves_a_shot_that_asks_for_the_same_alone(state: State, note: str) -> None:
    """Wherever it stands: the other shot keeps the clip that both had."""
    media = {"media": a_landed_retake().media, "sha256": "b" * 64} if state is State.VERIFIED else {}
    retake = a_retake(prompt="Same.", state=state, note=note, **media)
    plan = planned(TWINS, a_landed_take("run", prompt="Same."), retake)
    run, again = plan.shots
    assert run.slate == "demo/run/tk02"
    assert (again.decision, again.slate, again.credits) == (Decision.REUSE, "demo/run/tk01", 0)


def test_a_retake_of_another_project_changes_no_film_here() -> None:
    """Its first take is still shared."""
    theirs = a_landed_take("run", project="pilot"), a_landed_retake(project="pilot")
    assert row_of(*theirs).slate == "pilot/run/tk01"


def test_a_shot_that_continues_a_retake_waits_for_it() -> None:
    """It would begin with a picture that is not in the film any more."""
    run = a_landed_take("run")
    [_, rest] = planned(CHAIN, run).shots
    rested = a_landed_take("rest", "c", request=rest.request)
    assert [row.decision for row in planned(CHAIN, run, rested).shots] == [Decision.REUSE, Decision.REUSE]
    plan = planned(CHAIN, run, rested, a_retake())
    assert [row.decision for row in plan.shots] == [Decision.SHOOT, Decision.WAITS]
    assert (plan.credits, plan.credits_now) == (20, 10)


def test_a_retake_that_is_not_selected_leaves_the_film_as_it_is() -> None:
    """And so does not keep a shot that continues it from being selected alone."""
    takes = (a_landed_take("run"), a_retake())
    plan = planned(CHAIN, *takes, only=select(Selection(("shot:rest",)), {"": CHAIN}, planned(CHAIN, *takes)))
    assert [(row.decision, row.slate) for row in plan.shots] == [
        (Decision.REUSE, "demo/run/tk01"),
        (Decision.SHOOT, "demo/rest/tk01"),
    ]


def test_an_agreed_plan_does_not_hold_a_retake_that_was_asked_for_later() -> None:
    """Nor another note; but it holds while the retake is carried out."""
    landed, film = a_landed_take("run"), a_storyboard()
    before, agreed = planned(film, landed), planned(film, landed, a_retake())
    assert [said.partition(":")[0] for said in differences(before, agreed)] == ["run"]
    assert len(differences(agreed, planned(film, landed, a_retake(note="faster")))) == 1
    for now in (a_retake(state=State.PROCESSING), a_landed_retake()):
        assert differences(agreed, planned(film, landed, now)) == ()


def test_a_prompt_that_is_edited_into_the_notes_words_finds_the_retake() -> None:
    """An equal request has landed: it is never paid again."""
    edited = a_storyboard(a_shot("run", prompt="A prompt for run.\n\nslower"))
    assert planned(edited, a_landed_take("run"), a_landed_retake()).shots[0].slate == "demo/run/tk02"


def test_what_changed_is_told_without_the_note() -> None:
    """The author took no "slower" out."""
    edited = a_storyboard(a_shot("run", prompt="A prompt for runs."))
    row = planned(edited, a_landed_take("run"), a_landed_retake()).shots[0]
    assert row.why == 'prompt changed: its own text, storyboard.jinja:1: "run" → "runs"'
    assert (row.note, row.is_retake) == ("", False)


def test_a_retake_with_a_note_is_no_clip_of_anothers_request() -> None:
    """Another shot, or another project, did not ask for "slower"; its request was never shot."""
    noted = a_landed_retake(prompt="Same.", number=1)
    assert [row.decision for row in planned(TWINS, noted).shots] == [Decision.REUSE, Decision.SHOOT]
    theirs = a_landed_retake(project="pilot", number=1)
    assert row_of(theirs).decision is Decision.SHOOT
    assert row_of(a_landed_retake(project="pilot", number=1, note="")).decision is Decision.REUSE


def test_a_retake_of_a_prompt_that_was_edited_since_is_told_and_not_sent() -> None:
    """The shot is shot by its new words; the note is not quietly dropped."""
    row = planned(a_storyboard(a_shot("run", prompt="New.")), a_landed_take("run"), a_retake()).shots[0]
    assert (row.decision, row.slate, row.request.prompt) == (Decision.STALE, "demo/run/tk03", "New.")
    assert row.why.endswith(
        "retake tk02 is of what it asked for before, and not sent: storyreel retake demo run --withdraw"
    )


def test_a_retake_that_nothing_was_sent_of_is_its_own_shots_alone() -> None:
    """The other waits for the word on the take that both had, and does not send the retake for itself."""
    lost = a_take("run", prompt="Same.", state=State.LOST)
    run, again = planned(TWINS, lost, a_retake(prompt="Same.", note="")).shots
    assert (run.slate, run.is_retake) == ("demo/run/tk02", True)
    assert (again.decision, again.slate) == (Decision.BLOCKED, "demo/run/tk01")


def test_a_shot_that_stands_on_anothers_retake_keeps_it_when_a_newer_one_lands() -> None:
    """The clip that both had is gone from the store, and so the retake before is all that there is for it."""
    gone = a_landed_take("run", "a", prompt="Same.")
    second, third = (
        a_landed_take("run", letter, number=n, is_retake=True, prompt="Same.") for n, letter in ((2, "b"), (3, "c"))
    )
    on_hand = TakesOnHand(takes=(gone, second, third), has_file=lambda clip: clip[0] != "a")
    run, again = plan_film(TWINS, on_hand).shots
    assert (run.slate, again.slate) == ("demo/run/tk03", "demo/run/tk02")


def test_a_shot_of_which_only_a_withdrawn_retake_is_left_is_new() -> None:
    """It had stood on another project's clip."""
    row = row_of(a_retake(number=1, note="", state=State.WITHDRAWN))
    assert (row.decision, row.slate, row.why) == (Decision.SHOOT, "demo/run/tk02", "new")
