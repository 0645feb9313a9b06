"""What continues another shot waits for its clip, and is shot anew only if the picture that it begins with changed."""

from __future__ import annotations

import pytest
from builders import a_landed_take, a_request, a_shot, a_storyboard, a_take

from pipeline.digest import ContentHash
from pipeline.model.instructions import Continuation, Trim
from pipeline.model.plan import Decision, ImageRef, Plan
from pipeline.model.storyboard import GenerationType, Shot
from pipeline.model.take import State, Take
from pipeline.planner.on_hand import TakesOnHand
from pipeline.planner.plan import plan_film

PICTURE = ContentHash("f" * 64)


def walk(shot: str = "walk", after: str = "run", frame: int = 0) -> Shot:
    return a_shot(shot, continues=Continuation(shot=after, frame=frame), generation=GenerationType.FRAMES)


def landed_walk(picture: ContentHash, shot: str = "walk") -> Take:
    """The take of `walk()` that began with `picture`."""
    request = a_request(f"A prompt for {shot}.", generation=GenerationType.FRAMES, images=(ImageRef(sha256=picture),))
    return a_landed_take(shot, "b", request=request)


def planned(*shots: Shot, takes: tuple[Take, ...] = (), only: tuple[str, ...] | None = None) -> Plan:
    """The plan where all clips are in the store and end on PICTURE."""
    on_hand = TakesOnHand(takes=takes, has_file=lambda _clip: True, late_frame=lambda _clip, _frame: PICTURE)
    return plan_film(a_storyboard(*shots), on_hand, only=only)


def test_a_continued_shot_waits_and_its_price_counts() -> None:
    """20 credits at most, 10 of them now; nothing is sent for it yet."""
    plan = planned(a_shot("run"), walk())
    assert [row.decision for row in plan.shots] == [Decision.SHOOT, Decision.WAITS]
    assert (plan.shots[1].waits_for, plan.credits, plan.credits_now, plan.calls) == ("run", 20, 10, 2)


def test_a_continued_shot_that_has_a_clip_may_keep_it() -> None:
    """Only its own prompt makes it stale for certain; the new clip's last picture may be the same."""
    takes = (a_landed_take("run"), landed_walk(PICTURE))
    row = planned(a_shot("run", prompt="Anew."), walk(), takes=takes).shots[1]
    assert row.why == "continues run, whose clip is not here yet; kept if that ends on the same picture"
    edited = walk().model_copy(update={"prompt": "A prompt for walks."})
    row = planned(a_shot("run", prompt="Anew."), edited, takes=takes).shots[1]
    assert row.why.endswith('; prompt changed: its own text, storyboard.jinja:1: "walk" → "walks"')


def test_a_chain_waits_link_by_link() -> None:
    """In whatever order the film shows it."""
    plan = planned(walk("rest", after="walk"), walk(), a_shot("run"))
    assert [(row.decision, row.waits_for) for row in plan.shots] == [
        (Decision.WAITS, "walk"),
        (Decision.WAITS, "run"),
        (Decision.SHOOT, None),
    ]


def test_once_the_clip_is_here_its_picture_is_asked_for() -> None:
    """By content; the address comes when it is published."""
    row = planned(a_shot("run"), walk(), takes=(a_landed_take("run"),)).shots[1]
    assert (row.decision, row.request.images) == (Decision.SHOOT, (ImageRef(sha256=PICTURE),))


def test_a_new_clip_that_ends_on_the_same_picture_keeps_what_continues_it() -> None:
    """The continued shot's own clip was made from the first; its anchor has a second now."""
    takes = (a_landed_take("run"), a_landed_take("run", "c", number=2, prompt="Anew."), landed_walk(PICTURE))
    plan = planned(a_shot("run", prompt="Anew."), walk(), takes=takes)
    assert [row.decision for row in plan.shots] == [Decision.REUSE, Decision.REUSE]


def test_another_picture_makes_what_continues_it_stale() -> None:
    """And the plan names the shot that ends otherwise."""
    row = planned(a_shot("run"), walk(), takes=(a_landed_take("run"), landed_walk(ContentHash("0" * 64)))).shots[1]
    assert (row.decision, row.credits) == (Decision.STALE, 10)
    assert "`run`" in row.why


def test_the_frame_is_counted_from_the_end_of_what_is_used() -> None:
    """Of 192 frames 0–95 are used: three before the last of them is frame 92."""
    asked: list[int] = []

    def late_frame(_clip: ContentHash, frame: int) -> ContentHash:
        asked.append(frame)
        return PICTURE

    on_hand = TakesOnHand(takes=(a_landed_take("run"),), has_file=lambda _clip: True, late_frame=late_frame)
    plan_film(a_storyboard(a_shot("run", trim=Trim(stop=96)), walk(frame=-3)), on_hand)
    assert asked == [92]


def test_what_continues_a_blocked_shot_is_blocked() -> None:
    """It costs nothing until the user's word on the first."""
    plan = planned(a_shot("run"), walk(), takes=(a_take("run", state=State.UNKNOWN),))
    assert [row.decision for row in plan.shots] == [Decision.BLOCKED, Decision.BLOCKED]
    assert plan.shots[1].why == "continues run, which is blocked" and plan.credits == 0


def test_two_that_wait_for_the_same_picture_are_paid_once() -> None:
    """Equal prompts, equal first pictures: one request. Another frame of it is another request."""
    twins = [walk(name).model_copy(update={"prompt": "Same."}) for name in ("one", "two")]
    other = walk("three", frame=-1).model_copy(update={"prompt": "Same."})
    assert [row.credits for row in planned(a_shot("run"), *twins, other).shots] == [10, 10, 0, 10]


def test_shots_that_are_not_selected_are_left_as_they_are() -> None:
    """What continues one of them cannot be shot, and says how to select both."""
    shots = (a_shot("run"), walk(), walk("rest", after="walk"), walk("end", after="rest"), a_shot("last"))
    plan = planned(*shots, only=("rest", "last"))
    skip, blocked = Decision.SKIP, Decision.BLOCKED
    assert [row.decision for row in plan.shots] == [skip, skip, blocked, skip, Decision.SHOOT]
    assert plan.shots[2].why.endswith("+shot:rest selects both") and plan.credits == 10


@pytest.mark.parametrize(
    ("continues", "trim", "frame"),
    [("run", "", 191), ("run -6", "", 185), ("run -6", "1s-2s", 41), ("run -6", "0f-3f", 0), ("run", "9s-10s", 191)],
)
def test_a_late_frame_lies_in_the_part_that_is_used(continues: str, trim: str, frame: int) -> None:
    """Counted back from its last frame, and never before its first; a trim beyond the clip counts as none."""
    used = Trim.parse(trim) if trim else Trim()
    assert Continuation.parse(continues).frame_of(192, used) == frame
