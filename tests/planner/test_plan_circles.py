"""A circled take is in the film until a person says otherwise: no edit and no newer take moves it, at no cost."""

from __future__ import annotations

from typing import Any

import pytest
from builders import a_landed_take, a_request, a_shot, a_storyboard, a_take

from pipeline.digest import ContentHash
from pipeline.model.circle import Circle
from pipeline.model.instructions import Continuation
from pipeline.model.plan import Decision, ImageRef, Plan, PlannedShot
from pipeline.model.storyboard import AspectRatio, GenerationType, Storyboard
from pipeline.model.take import State, Take
from pipeline.planner.agreement import differences
from pipeline.planner.circled import find_take
from pipeline.planner.on_hand import TakesOnHand
from pipeline.planner.plan import plan_film
from pipeline.project import World

FIRST = a_landed_take("run")
SECOND = a_landed_take("run", "b", number=2, is_retake=True, note="slower")
EDITED = a_storyboard(a_shot("run", prompt="A prompt for runs."))
CHAIN = a_storyboard(
    a_shot("run"), a_shot("rest", continues=Continuation(shot="run"), generation=GenerationType.FRAMES)
)


def a_circle(take: Take, shot: str = "run") -> Circle:
    return Circle(world=World.SANDBOX, shot=shot, slate=take.slate, sha256=take.sha256)


def on_hand(*takes: Take, circled: tuple[Circle, ...] = (), files: str = "abc") -> TakesOnHand:
    """Clips are in the store whose hash begins with one of `files`; the last frame of each is a picture of its own."""
    return TakesOnHand(
        takes=takes,
        has_file=lambda sha256: sha256[0] in files,
        late_frame=lambda clip, _frame: ContentHash(f"end of {clip}"),
        circles={circle.shot: circle for circle in circled},
    )


def planned(storyboard: Storyboard, *takes: Take, circled: tuple[Circle, ...], files: str = "abc") -> Plan:
    return plan_film(storyboard, on_hand(*takes, circled=circled, files=files))


def row_of(storyboard: Storyboard, *takes: Take, circled: Take, files: str = "abc") -> PlannedShot:
    return planned(storyboard, *takes, circled=(a_circle(circled),), files=files).shots[0]


def test_a_circled_take_is_used_though_a_newer_one_has_landed() -> None:
    """And the plan says how to take the newer one."""
    row = row_of(a_storyboard(), FIRST, SECOND, circled=FIRST)
    assert (row.decision, row.slate, row.circled) == (Decision.REUSE, "demo/run/tk01", "demo/run/tk01")
    assert row.why == "its circled take is here; run/tk02 is newer; to use it: storyreel circle demo run tk02"


def test_an_edited_prompt_leaves_a_circled_take_in_the_film() -> None:
    """Stale, still circled: with what changed, and how to shoot it anew."""
    row = row_of(EDITED, FIRST, circled=FIRST)
    assert (row.decision, row.slate, row.credits) == (Decision.REUSE, "demo/run/tk01", 0)
    assert row.why == (
        'stale, still circled (prompt changed: its own text, storyboard.jinja:1: "run" → "runs"); '
        "to shoot it anew: storyreel circle demo run --release"
    )


def test_a_changed_format_leaves_a_circled_take_in_the_film() -> None:
    """Not the prompt alone may change."""
    row = row_of(a_storyboard(aspect=AspectRatio.TALL), FIRST, circled=FIRST)
    assert row.decision is Decision.REUSE and "(aspect ratio changed: 16:9 → 9:16)" in row.why


def test_a_note_makes_no_take_stale() -> None:
    """It answers what the storyboard asks for."""
    assert row_of(a_storyboard(), FIRST, SECOND, circled=SECOND).why == "its circled take is here"


def test_a_take_of_another_shot_can_be_circled() -> None:
    """Of another project, too."""
    theirs = a_landed_take("opening", "c", project="pilot")
    assert row_of(a_storyboard(), FIRST, theirs, circled=theirs).slate == "pilot/opening/tk01"


def test_a_circle_of_one_twin_changes_nothing_for_the_other() -> None:
    """Two shots ask for the same, and one has a retake that is circled."""
    twins = a_storyboard(a_shot("run", prompt="Same."), a_shot("again", prompt="Same."))
    first, retake = a_landed_take("run", prompt="Same."), a_landed_take("run", "b", number=2, prompt="Same.")
    plan = planned(twins, first, retake.model_copy(update={"is_retake": True}), circled=(a_circle(retake),))
    assert [row.slate for row in plan.shots] == ["demo/run/tk02", "demo/run/tk01"]
    plan = planned(twins, first, circled=(a_circle(first, "again"),))
    assert [row.circled for row in plan.shots] == [None, "demo/run/tk01"]


def test_a_stale_circled_shot_is_not_what_an_equal_one_stands_on() -> None:
    """The other asks for the new words, and is shot."""
    twins = a_storyboard(a_shot("run", prompt="New."), a_shot("again", prompt="New."))
    plan = planned(twins, FIRST, circled=(a_circle(FIRST),))
    assert [row.decision for row in plan.shots] == [Decision.REUSE, Decision.SHOOT]


def test_a_clip_of_another_machine_blocks_and_is_never_paid() -> None:
    """Nor is the take of this machine that has the same number taken for it."""
    for takes in ((), (a_landed_take("run", "b"),)):
        row = row_of(a_storyboard(), *takes, circled=FIRST)
        assert (row.decision, row.credits, row.circled) == (Decision.BLOCKED, 0, None)
        assert "not in this store" in row.why and row.why.endswith("storyreel circle demo run --release")


def test_a_circle_that_blocks_its_shot_does_not_block_its_twin() -> None:
    """That has the clip that both would have."""
    twins = a_storyboard(a_shot("run", prompt="Same."), a_shot("again", prompt="Same."))
    plan = planned(twins, a_landed_take("run", "b", prompt="Same."), circled=(a_circle(FIRST),))
    assert [row.decision for row in plan.shots] == [Decision.BLOCKED, Decision.REUSE]


def test_a_circled_clip_is_known_by_its_content() -> None:
    """Its ledger may call it otherwise."""
    renamed = FIRST.model_copy(update={"slate": FIRST.slate.model_copy(update={"number": 5})})
    assert row_of(a_storyboard(), renamed, circled=FIRST).slate == "demo/run/tk05"


def test_a_circled_clip_that_is_gone_is_fetched_again() -> None:
    """Its task is known."""
    row = row_of(EDITED, FIRST, circled=FIRST, files="")
    assert (row.decision, row.slate, row.credits) == (Decision.RESUME, "demo/run/tk01", 0)


@pytest.mark.parametrize("state", [State.LOST, State.CORRUPT, State.WRITTEN_OFF, State.ABANDONED])
def test_a_circled_clip_that_cannot_be_fetched_waits_for_the_users_word(state: State) -> None:
    """It was chosen: nothing is put in its place."""
    lost = FIRST.model_copy(update={"state": state})
    row = row_of(a_storyboard(), lost, SECOND, circled=lost)
    assert (row.decision, row.credits) == (Decision.BLOCKED, 0) and "--release" in row.why


def test_a_retake_of_a_circled_shot_is_shot_beside_it() -> None:
    """The film keeps the one that is circled."""
    for storyboard in (a_storyboard(), EDITED):
        retake = a_take("run", number=3, is_retake=True, note="slower", prompt=storyboard.shots[0].prompt)
        row = row_of(storyboard, FIRST, retake, circled=FIRST)
        assert (row.decision, row.slate, row.film_slate) == (Decision.SHOOT, "demo/run/tk03", "demo/run/tk01")
        assert row.why.endswith("; the film keeps run/tk01, which is circled")


def test_a_retake_that_ended_badly_does_not_hold_up_a_circled_shot() -> None:
    """But the plan does not hush it up."""
    failed = a_take("run", number=2, is_retake=True, state=State.UNKNOWN)
    row = row_of(a_storyboard(), FIRST, failed, circled=FIRST)
    assert (row.decision, row.slate) == (Decision.REUSE, "demo/run/tk01")
    assert "run/tk02 is open" in row.why and "storyreel resolve demo run" in row.why


def test_a_circle_is_the_way_out_of_a_retake_that_ended_badly() -> None:
    """The sentence says so."""
    failed = a_take("run", number=2, is_retake=True, state=State.FAILED)
    assert planned(a_storyboard(), FIRST, failed, circled=()).shots[0].why.endswith("storyreel circle demo run tk01")


def test_a_shot_goes_on_from_the_circled_take() -> None:
    """Not from the newest, and not from a retake that is being shot."""
    for beside in (SECOND, a_take("run", number=2, is_retake=True)):
        row = planned(CHAIN, FIRST, beside, circled=(a_circle(FIRST),)).shots[1]
        assert row.decision is Decision.SHOOT
        assert row.request.images[0].sha256 == f"end of {FIRST.sha256}"


def test_a_circled_shot_waits_for_no_other() -> None:
    """Though it goes on from one that has no clip."""
    rest = a_landed_take("rest", "c")
    plan = planned(CHAIN, rest, circled=(a_circle(rest, "rest"),))
    assert [(row.decision, row.credits) for row in plan.shots] == [(Decision.SHOOT, 10), (Decision.REUSE, 0)]
    only = plan_film(CHAIN, on_hand(rest, circled=(a_circle(rest, "rest"),)), only={"run"})
    assert [row.decision for row in only.shots] == [Decision.SHOOT, Decision.REUSE]


def a_waiting_retake(**how: Any) -> tuple[Take, Take, Take]:
    """A landed run, a landed rest that begins where it ended, and a retake of that one."""
    picture = ImageRef(sha256=ContentHash(f"end of {FIRST.sha256}"))
    asked = a_request("A prompt for rest.", generation=GenerationType.FRAMES, images=(picture,))
    retake = a_take("rest", number=2, is_retake=True, request=asked, **how)
    return FIRST, a_landed_take("rest", "c", request=asked), retake


@pytest.mark.parametrize("note", ["", "slower"])
def test_the_retake_of_a_circled_shot_that_waits_has_a_price(note: str) -> None:
    """The shot before it is shot anew: if that ends on the same picture, the retake is shot, at no further word."""
    first, rest, retake = takes = a_waiting_retake(note=note)
    circled = (a_circle(rest, "rest"),)
    edited = CHAIN.model_copy(update={"items": (EDITED.shots[0], CHAIN.shots[1])})
    agreed = planned(edited, *takes, circled=circled)
    assert [(row.decision, row.credits) for row in agreed.shots] == [(Decision.STALE, 10), (Decision.WAITS, 10)]
    waits = agreed.shots[1]
    assert (waits.slate, waits.film_slate) == ("demo/rest/tk02", "demo/rest/tk01")
    assert "shot if run ends on the same picture; the film keeps rest/tk01, which is circled" in waits.why
    anew = a_landed_take("run", "a", number=2, prompt=EDITED.shots[0].prompt)
    now = planned(edited, first, rest, retake, anew, circled=circled)
    assert [(row.decision, row.slate) for row in now.shots][1] == (Decision.SHOOT, "demo/rest/tk02")
    assert differences(agreed, now) == ()


def test_a_retake_that_cannot_come_costs_nothing() -> None:
    """What the shot asks for has changed since, or it is not selected, or what it goes on from is not."""
    first, rest, retake = a_waiting_retake()
    circles = (a_circle(rest, "rest"),)
    edited = CHAIN.model_copy(update={"items": (EDITED.shots[0], CHAIN.shots[1])})
    other = a_shot("rest", prompt="Other words.", continues=Continuation(shot="run"), generation=GenerationType.FRAMES)
    changed = edited.model_copy(update={"items": (edited.shots[0], other)})
    assert planned(changed, first, rest, retake, circled=circles).shots[1].decision is Decision.REUSE
    for only in ("run", "rest"):
        plan = plan_film(edited, on_hand(first, rest, retake, circled=circles), only={only})
        assert (plan.shots[1].decision, plan.shots[1].credits) == (Decision.REUSE, 0)


def test_an_agreed_plan_holds_while_a_circled_shot_is_retaken() -> None:
    """Less is left to do than was agreed."""
    circled, asked = (a_circle(FIRST),), a_take("run", number=2, is_retake=True, note="slower")
    agreed = planned(a_storyboard(), FIRST, asked, circled=circled)
    assert differences(agreed, planned(a_storyboard(), FIRST, SECOND, circled=circled)) == ()


@pytest.mark.parametrize(
    ("named", "slate"),
    [
        ("2", "demo/run/tk02"),
        ("tk02", "demo/run/tk02"),
        ("tk2", "demo/run/tk02"),
        ("rest/1", "demo/rest/tk01"),
        ("pilot/opening/tk01", "pilot/opening/tk01"),
        ("3", None),
        ("two", None),
        ("", None),
        ("a/b/c/1", None),
        ("²", None),
        ("0", None),
        ("9" * 5_000, None),
    ],
)
def test_a_take_can_be_named_in_short(named: str, slate: str | None) -> None:
    """As far as it is not that of another shot or project."""
    takes = (FIRST, SECOND, a_landed_take("rest"), a_landed_take("opening", project="pilot"))
    found = find_take(named, "demo", "run", on_hand(*takes))
    assert (str(found.slate) if found else None) == slate
