"""What holds for the plan of any small ledger: takes in all states, twins, chains, retakes, circles, two projects."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import count

import pytest
from builders import a_landed_take, a_shot, a_storyboard, a_take

from pipeline.digest import ContentHash
from pipeline.model.circle import Circle
from pipeline.model.instructions import Continuation
from pipeline.model.plan import PAID, Decision, Plan, PlannedShot
from pipeline.model.storyboard import Budget, GenerationType, Storyboard
from pipeline.model.take import UNSENT, State, Take
from pipeline.planner.account import account_of
from pipeline.planner.on_hand import TakesOnHand
from pipeline.planner.plan import plan_film
from pipeline.project import World

LEDGERS = 400
SHOTS = ("a", "b", "c")  # c goes on from a
PROMPTS = ("One.", "Two.")
NOT_LANDED = [state for state in State if state is not State.VERIFIED]


@dataclass(frozen=True)
class Case:
    film: Storyboard
    takes: tuple[Take, ...]
    circles: dict[str, Circle]
    here: frozenset[str]

    def plan(self, *, without: str = "", backwards: bool = False) -> Plan:
        """Args: without: the shot whose circle is left out."""
        takes = tuple(reversed(self.takes)) if backwards else self.takes
        on_hand = TakesOnHand(
            takes=takes,
            has_file=lambda sha256: sha256 in self.here,
            late_frame=lambda clip, _frame: ContentHash(f"end of {clip}") if clip in self.here else None,
            circles={shot: circle for shot, circle in self.circles.items() if shot != without},
        )
        return plan_film(self.film, on_hand)

    def take(self, slate: str) -> Take | None:
        return next((take for take in self.takes if str(take.slate) == slate), None)


def a_case(seed: int) -> Case:
    dice, clips = random.Random(seed), count()
    film = a_film(dice)
    takes = tuple(take for shot in SHOTS for take in some_takes(dice, film, shot, clips))
    landed = [take for take in takes if take.sha256]
    here = frozenset(str(take.sha256) for take in landed if dice.random() < 0.9)
    circles = {
        shot: Circle(world=World.SANDBOX, shot=shot, slate=take.slate, sha256=take.sha256)
        for shot in SHOTS
        if landed and dice.random() < 0.4 and (take := dice.choice(landed)).sha256
    }
    return Case(film, takes, circles, here)


def a_film(dice: random.Random) -> Storyboard:
    a, b = (a_shot(shot, prompt=dice.choice(PROMPTS)) for shot in SHOTS[:2])
    c = a_shot("c", prompt="Three.", continues=Continuation(shot="a"), generation=GenerationType.FRAMES)
    grants = Budget(pay_again_credits=dice.choice([0, 10]), reshoot_failed=dice.choice([0, 1]))
    return a_storyboard(a, b, c, budget=grants)


def some_takes(dice: random.Random, film: Storyboard, shot: str, clips: count[int]) -> list[Take]:
    """Up to three of a shot, of words that it asks for or does not, here or in another project."""
    takes = []
    for number in range(1, dice.randint(0, 3) + 1):
        is_retake = number > 1 and dice.random() < 0.5
        fields = {
            "project": dice.choice(["demo", "demo", "demo", "other"]),
            "number": number,
            "prompt": dice.choice(PROMPTS),
            "is_retake": is_retake,
            "note": dice.choice(["", "Slower."]) if is_retake else "",
        }
        if dice.random() < 0.5:
            take = a_landed_take(shot, **fields)
            clip = ContentHash(f"{next(clips):064x}")
            takes.append(take.model_copy(update={"sha256": clip, "media": take.media}))
        else:
            takes.append(a_take(shot, state=dice.choice(NOT_LANDED), **fields))
    return takes


def told(rows: tuple[PlannedShot, ...]) -> list[tuple[str, str, str, int]]:
    return [(row.shot, row.decision, row.film_slate, row.credits) for row in rows]


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return [a_case(seed) for seed in range(LEDGERS)]


def test_what_is_paid_is_a_take_of_its_own_that_nothing_was_sent_of(cases: list[Case]) -> None:
    """No take is paid twice, and none that is under way, has landed or is in doubt."""
    for case in cases:
        paid = [row.slate for row in case.plan().decided(*PAID)]
        assert len(paid) == len(set(paid))
        assert all((take := case.take(slate)) is None or take.state in UNSENT for slate in paid), paid


def test_a_circled_clip_that_is_here_is_in_the_film_and_is_not_paid(cases: list[Case]) -> None:
    """Whatever is asked for, and whatever else has landed or failed; a retake may be shot beside it."""
    seen = 0
    for case in cases:
        for row in case.plan().shots:
            if row.shot in case.circles and case.circles[row.shot].sha256 in case.here:
                assert row.film_slate == str(case.circles[row.shot].slate)
                assert row.decision is Decision.REUSE or row.is_retake
                seen += 1
    assert seen > LEDGERS / 10


def test_a_circle_of_one_shot_changes_no_other_that_does_not_go_on_from_it(cases: list[Case]) -> None:
    """But for a twin that stood on its row: that decides by itself now."""
    for case in cases:
        for shot in case.circles:
            rows, before = case.plan().shots, {row.shot: row for row in case.plan(without=shot).shots}
            for row in rows:
                was = before[row.shot]
                if row.shot == shot or (row.shot == "c" and shot == "a") or was.why.startswith("the same request as"):
                    continue
                assert told((row,)) == told((was,)), (row, was)


def test_a_shot_with_a_clip_of_its_own_request_is_paid_only_as_a_retake(cases: list[Case]) -> None:
    """The clip is here, and was paid for."""
    for case in cases:
        for row in case.plan().shots:
            equal = [take for take in case.takes if take.fingerprint == row.asked and str(take.sha256) in case.here]
            if any(take.state is State.VERIFIED for take in equal) and row.waits_for is None:
                assert row.is_retake or not row.credits, row


def test_a_plan_does_not_hang_on_the_order_of_the_ledger_s_takes(cases: list[Case]) -> None:
    """Of two clips that are as good, the same is used every time; grants go to the same."""
    for case in cases:
        if not case.film.budget.pay_again_credits:
            forwards, backwards = case.plan(), case.plan(backwards=True)
            assert [row.decision for row in forwards.shots] == [row.decision for row in backwards.shots]


def test_no_credit_is_in_two_columns(cases: list[Case]) -> None:
    """What takes were charged, came back and are in doubt is their price, each once; others' cost nothing here."""
    for case in cases:
        account = account_of("demo", case.takes, ())
        own = [take for take in case.takes if take.slate.project == "demo"]
        free = sum(take.credits for take in own if take.state in {*UNSENT, State.WITHDRAWN})
        assert account.spent + account.refunded + account.in_doubt + free == sum(take.credits for take in own)
