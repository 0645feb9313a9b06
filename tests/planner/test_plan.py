"""What is shot, reused, gone on with or blocked, and why."""

from __future__ import annotations

from builders import NOON, a_landed_take, a_shot, a_storyboard, a_take, after

from pipeline.model.plan import Decision, Plan
from pipeline.model.storyboard import Budget, Resolution, Storyboard
from pipeline.model.take import State, Take
from pipeline.planner.forecast import Pace
from pipeline.planner.on_hand import TakesOnHand
from pipeline.planner.plan import plan_film
from pipeline.project import World


def planned(storyboard: Storyboard, *takes: Take, files: str = "abc", pace: Pace | None = None) -> Plan:
    """The plan with these takes on hand; clips are in the store whose hash begins with one of `files`."""
    on_hand = TakesOnHand(takes=takes, has_file=lambda sha256: sha256[0] in files, pace=pace or Pace())
    return plan_film(storyboard, on_hand)


def test_a_new_shot_is_shot_for_its_price() -> None:
    """10 credits at 720p, 30 at 4k."""
    assert planned(a_storyboard()).credits == 10
    assert planned(a_storyboard(resolution=Resolution.UHD)).credits == 30


def test_a_landed_shot_costs_nothing() -> None:
    """And the plan says what that saves."""
    plan = planned(a_storyboard(a_shot("run"), a_shot("walk")), a_landed_take("run"))
    assert [row.decision for row in plan.shots] == [Decision.REUSE, Decision.SHOOT]
    assert (plan.credits, plan.credits_saved) == (10, 10)


def test_an_edited_prompt_is_a_new_take() -> None:
    """The second take of the shot; editing it back would find the first."""
    edited = a_storyboard(a_shot("run", prompt="Another."))
    row = planned(edited, a_landed_take("run")).shots[0]
    assert (row.decision, row.slate) == (Decision.STALE, "demo/run/tk02")


def test_another_projects_clip_is_reused() -> None:
    """A shot that two episodes share is bought once."""
    theirs = a_landed_take("opening", project="pilot", prompt="A prompt for run.")
    assert planned(a_storyboard(), theirs).shots[0].slate == "pilot/opening/tk01"


def test_equal_shots_of_one_film_are_shot_once() -> None:
    """The second stands on the take of the first."""
    plan = planned(a_storyboard(a_shot("run", prompt="Same."), a_shot("again", prompt="Same.")))
    assert [(row.decision, row.slate) for row in plan.shots] == [
        (Decision.SHOOT, "demo/run/tk01"),
        (Decision.REUSE, "demo/run/tk01"),
    ]


def test_a_take_on_its_way_is_gone_on_with() -> None:
    """It is paid for."""
    row = planned(a_storyboard(), a_take("run", state=State.PROCESSING)).shots[0]
    assert (row.decision, row.credits) == (Decision.RESUME, 0)


def test_a_take_that_was_left_armed_is_still_to_be_paid() -> None:
    """Its run died before a byte left: the next one sends it."""
    plan = planned(a_storyboard(), a_take("run", state=State.ARMED))
    assert (plan.shots[0].decision, plan.shots[0].slate) == (Decision.SHOOT, "demo/run/tk01")
    assert (plan.credits, plan.credits_spent) == (10, 0)


def test_what_is_spent_counts_against_the_cap() -> None:
    """95 of 100 spent: one more shot is 5 over."""
    spent = a_take("old", state=State.VERIFIED, credits=95)
    plan = planned(a_storyboard(budget=Budget(max_credits=100)), spent)
    assert (plan.credits_spent, plan.cap, plan.credits_over_cap) == (95, 100, 5)


def test_a_take_whose_file_is_gone_is_fetched_again() -> None:
    """Not paid again."""
    row = planned(a_storyboard(), a_landed_take("run", "z")).shots[0]
    assert (row.decision, row.credits) == (Decision.RESUME, 0)


def test_a_take_of_a_project_that_was_renamed_says_how_to_go_on() -> None:
    """`render pilot` alone would be told that there is no such project."""
    theirs = a_take("opening", project="pilot", prompt="A prompt for run.", state=State.SUBMITTED)
    on_hand = TakesOnHand(takes=[theirs], has_file=lambda _sha256: True, has_project=lambda name: name != "pilot")
    (row,) = plan_film(a_storyboard(), on_hand).shots
    todo, _, where = row.why.partition(". ")
    assert todo.endswith("render pilot to its end first")
    assert where.startswith("There is no project pilot here: do that in the workspace that has it, or give its folder")


def test_a_take_on_its_way_elsewhere_blocks() -> None:
    """Shooting it here, too, would pay twice."""
    row = planned(a_storyboard(), a_take("run", project="other", state=State.SUBMITTED)).shots[0]
    assert row.decision is Decision.BLOCKED and "other" in row.why


def test_what_another_project_paid_for_in_vain_blocks() -> None:
    """It may have been charged: the user's word there comes first, and then it is shot here."""
    for state in (State.UNKNOWN, State.LOST, State.CORRUPT, State.ABANDONED):
        row = planned(a_storyboard(), a_take("run", project="other", state=state)).shots[0]
        assert (row.decision, row.credits) == (Decision.BLOCKED, 0), state
        assert "storyreel resolve other run" in row.why
    theirs = a_take("run", project="other", state=State.WRITTEN_OFF)
    assert planned(a_storyboard(), theirs).shots[0].decision is Decision.SHOOT


def test_the_take_that_blocks_is_named_where_its_shot_has_a_later_one() -> None:
    """The prompt was edited and edited back; and a shot that was renamed is known by its old name."""
    doubt, later = a_take("run", state=State.UNKNOWN), a_landed_take("run", number=2, prompt="Another.")
    assert planned(a_storyboard(), doubt, later).shots[0].why.endswith("storyreel resolve demo run/tk01")
    renamed = a_storyboard(a_shot("walk", prompt="A prompt for run."))
    assert planned(renamed, doubt).shots[0].why.endswith("storyreel resolve demo run")


def test_a_plan_knows_its_world_and_so_do_its_commands() -> None:
    """Typed without --live, the command would look for the take in the sandbox."""
    doubt = a_take("run", state=State.UNKNOWN)
    plan = plan_film(a_storyboard(), TakesOnHand(takes=(doubt,), has_file=lambda _clip: True, world=World.LIVE))
    assert plan.world is World.LIVE
    assert plan.shots[0].why.endswith("storyreel resolve demo run --live")


def test_a_doubt_blocks_whatever_failed_later() -> None:
    """A grant for failed takes pays for no take in doubt."""
    storyboard = a_storyboard(budget=Budget(reshoot_failed=1))
    doubt, failed = a_take("run", state=State.UNKNOWN), a_take("run", number=2, state=State.FAILED)
    assert planned(storyboard, doubt, failed).shots[0].decision is Decision.BLOCKED


def test_bad_ends_block_until_the_user_says_more() -> None:
    """In doubt, failed, lost, corrupt, given up: none is shot again by itself."""
    for state in (State.UNKNOWN, State.FAILED, State.LOST, State.CORRUPT, State.ABANDONED):
        row = planned(a_storyboard(), a_take("run", state=state)).shots[0]
        assert (row.decision, row.credits) == (Decision.BLOCKED, 0), state


def test_a_grant_lets_doubtful_takes_be_paid_again_up_to_its_sum() -> None:
    """15 credits are one take of 10, not two."""
    storyboard = a_storyboard(a_shot("one"), a_shot("two"), budget=Budget(pay_again_credits=15))
    plan = planned(storyboard, a_take("one", state=State.UNKNOWN), a_take("two", state=State.UNKNOWN))
    assert [(row.decision, row.instead_of) for row in plan.shots] == [
        (Decision.SHOOT, "demo/one/tk01"),
        (Decision.BLOCKED, None),
    ]
    assert (plan.credits, plan.credits_granted) == (10, 5)


def test_a_used_up_grant_opens_nothing() -> None:
    """A take that was written off by the grant counts against it."""
    storyboard = a_storyboard(budget=Budget(pay_again_credits=10))
    used = a_take("run", state=State.WRITTEN_OFF, is_granted=True)
    doubt = a_take("run", number=2, state=State.UNKNOWN)
    plan = planned(storyboard, used, doubt)
    assert (plan.shots[0].decision, plan.credits_granted) == (Decision.BLOCKED, 0)


def test_a_failed_shot_is_shot_again_as_often_as_granted() -> None:
    """Once: the second failure blocks."""
    storyboard = a_storyboard(budget=Budget(reshoot_failed=1))
    first, second = a_take("run", state=State.FAILED), a_take("run", number=2, state=State.FAILED)
    assert planned(storyboard, first).shots[0].slate == "demo/run/tk02"
    assert planned(storyboard, first, second).shots[0].decision is Decision.BLOCKED


def test_a_written_off_take_makes_room_for_a_new_one() -> None:
    """The user said: pay again."""
    row = planned(a_storyboard(), a_take("run", state=State.WRITTEN_OFF)).shots[0]
    assert (row.decision, row.slate) == (Decision.SHOOT, "demo/run/tk02")


def calls_made(count: int) -> Pace:
    """So many calls of the key, ten minutes ago."""
    return Pace(now=after(600), calls=[NOON] * count)


def test_single_shots_are_soonest_while_the_hour_carries_them() -> None:
    """21 calls of 78 for submits."""
    film = a_storyboard(*(a_shot(f"s{n}") for n in range(21)))
    plan = planned(film)
    assert (plan.shots_per_request, plan.calls) == (1, 21)
    assert plan.seconds_at_most < 600


def test_where_the_hour_is_nearly_full_shots_share_requests() -> None:
    """8 calls are left: 7 requests of 3 leave at once and take 15 min, where 13 single ones would wait 50 min more."""
    film = a_storyboard(*(a_shot(f"s{n}") for n in range(21)))
    plan = planned(film, pace=calls_made(70))
    assert (plan.shots_per_request, plan.calls) == (3, 7)
    assert plan.seconds_at_most < 1_300


def test_what_one_lost_answer_may_put_in_doubt_bounds_a_request() -> None:
    """20 credits are two shots: 16 of them by two are the 8 calls that are left; by three they would be 6."""
    film = a_storyboard(*(a_shot(f"s{n}") for n in range(16)), budget=Budget(max_doubt_credits=20))
    assert planned(film, pace=calls_made(70)).shots_per_request == 2
