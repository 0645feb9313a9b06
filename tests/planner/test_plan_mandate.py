"""What one command lets a run pay for, and what it refuses before anything is sent."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import a_landed_take, a_shot, a_storyboard

from pipeline.errors import MoneyError, UsageError
from pipeline.mandate import Mandate, read_agreed_plan
from pipeline.model.plan import Plan
from pipeline.model.storyboard import Budget
from pipeline.planner.on_hand import TakesOnHand
from pipeline.planner.plan import plan_film
from pipeline.planner.selection import Selection
from pipeline.project import World

FILM = a_storyboard(a_shot("run"), a_shot("walk"))
NOTHING = TakesOnHand(takes=(), has_file=lambda _clip: True)


def a_plan(*, cap: int | None = None, only: tuple[str, ...] | None = None) -> Plan:
    """20 credits, or 10 for one of the two."""
    return plan_film(FILM.model_copy(update={"budget": Budget(max_credits=cap)}), NOTHING, only=only)


def test_without_a_word_every_shot_may_be_paid_for() -> None:
    """Even beyond the project's own cap, which the ledger holds request by request."""
    assert Mandate().only({"": FILM}, NOTHING) is None
    Mandate().check(a_plan(cap=10))


def test_a_price_that_was_set_by_the_command_is_not_exceeded() -> None:
    """19 of 20; with nothing to pay, no price is too low."""
    with pytest.raises(MoneyError, match="up to 20 credits"):
        Mandate(is_capped=True).check(a_plan(cap=19))
    here = TakesOnHand(takes=(a_landed_take("run"),), has_file=lambda _clip: True)
    Mandate(is_capped=True).check(plan_film(a_storyboard(budget=Budget(max_credits=0)), here))


def test_a_plan_brings_the_selection_that_it_was_made_with() -> None:
    """As written selectors would."""
    assert Mandate(agreed=a_plan(only=("walk",))).only({"": FILM}, NOTHING) == {"walk"}
    assert Mandate(selection=Selection(("shot:walk",))).only({"": FILM}, NOTHING) == {"walk"}


def test_an_agreed_plan_that_does_not_hold_is_refused_shot_by_shot() -> None:
    """And the sentence says how to make it anew."""
    mandate = Mandate(agreed=a_plan(only=("walk",)), agreed_path=Path("kept.json"))
    mandate.check(a_plan(only=("walk",)))
    with pytest.raises(MoneyError) as error:
        mandate.check(a_plan())
    assert "\n  run: would cost 10 credits" in str(error.value)
    assert str(error.value).endswith("Make it anew: storyreel plan demo --out kept.json")


def test_a_run_that_holds_to_a_plan_spends_no_more_than_its_sum() -> None:
    """20 credits were agreed to; the cap of the project may be lower, and counts alone where nothing was."""
    agreed = Mandate(agreed=a_plan())
    assert [agreed.bounded(a_plan(cap=cap)).cap for cap in (None, 15, 90)] == [20, 15, 20]
    assert [Mandate().bounded(a_plan(cap=cap)).cap for cap in (None, 15)] == [None, 15]


@pytest.mark.parametrize(
    ("text", "world", "told"),
    [
        (None, World.SANDBOX, "cannot be read"),
        ("{}", World.SANDBOX, "Plan.1"),
        (a_plan().model_copy(update={"project": "other"}).to_json(), World.SANDBOX, "a plan of other, not of demo"),
        (a_plan().to_json(), World.LIVE, "no plan for live credits"),
    ],
)
def test_what_is_no_plan_of_this_project_and_world_is_refused(
    tmp_path: Path, text: str | None, world: World, told: str
) -> None:
    """A sandbox's plan spends no real credits."""
    path = tmp_path / "kept.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(UsageError) as error:
        read_agreed_plan(path, project="demo", world=world)
    assert told in str(error.value)
