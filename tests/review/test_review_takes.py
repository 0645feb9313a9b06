"""Takes side by side in the report: which is in the film, and how their prompts differ."""

from __future__ import annotations

from builders_review import a_jpeg, a_plan, a_shot, a_storyboard, a_take, facts_of
from reading import Reading

from pipeline.model.plan import Decision
from pipeline.model.take import State, Take
from pipeline.review.facts import ReportFacts
from pipeline.review.report import build_report
from pipeline.review.takes import TakesView, view_takes

DAWN = "A runner on a beach at dawn."
FIRST, SECOND = a_take(prompt=DAWN), a_take(number=2, prompt=DAWN, note="slower")
BOARD = a_storyboard(a_shot(prompt=DAWN))


def facts(*takes: Take, used: Take = FIRST, circled: bool = False, **fields: object) -> ReportFacts:
    plan = a_plan(BOARD, Decision.REUSE)
    row = plan.shots[0].model_copy(update={"circled": str(used.slate) if circled else None})
    plan = plan.model_copy(update={"shots": (row,)})
    return facts_of(BOARD, {"run": used}, plan=plan, all_takes={"run": takes}, **fields)


def view(*takes: Take, **options: object) -> TakesView:
    return view_takes("run", DAWN, facts(*takes, **options))


def test_a_single_take_is_compared_with_nothing() -> None:
    """Most shots have one: the report stays as short as it was."""
    assert view(FIRST) == TakesView()
    assert Reading(build_report(facts(FIRST))).all("section", class_="takes") == []


def test_the_take_of_the_film_is_marked_and_so_is_a_circle() -> None:
    """Of several that have landed."""
    assert [take.uses for take in view(FIRST, SECOND, used=SECOND).takes] == [(), ("in the film",)]
    assert [take.uses for take in view(FIRST, SECOND, circled=True).takes] == [("in the film", "circled"), ()]


def test_a_prompt_is_compared_with_the_one_that_is_asked_for_now() -> None:
    """A note is what was added to it; an older prompt lacks the new word and has the old one."""
    older = a_take(number=3, prompt=DAWN.replace("dawn", "dusk"))
    same, noted, edited = (take.marks for take in view(FIRST, SECOND, older).takes)
    assert same == ()
    assert [(text, kind) for text, kind in noted if kind != "both"] == [("slower", "new")]
    assert [(text, kind) for text, kind in edited if kind != "both"] == [("dawn", "old"), ("dusk", "new")]


def test_what_each_take_cost_stands_beside_it() -> None:
    """One that failed comes back, one that nothing was sent of costs nothing."""
    takes = (FIRST, a_take(number=2, state=State.FAILED), a_take(number=3, state=State.PLANNED))
    assert [take.credits for take in view(*takes).takes] == ["10 credits", "10 credits, come back", "0 credits"]


def test_how_to_choose_is_said_where_there_is_a_choice() -> None:
    """And how to let go of what is circled."""
    assert "storyreel circle ad_campaign run TAKE" in view(FIRST, SECOND).todo
    assert "circle" not in view(FIRST, a_take(number=2, state=State.FAILED)).todo
    assert "storyreel circle ad_campaign run --release" in view(FIRST, SECOND, circled=True).todo


def test_takes_are_seen_side_by_side() -> None:
    """A still, a number and the marked words of each."""
    seen = Reading(build_report(facts(FIRST, SECOND, take_stills={"ad_campaign/run/tk02": a_jpeg()})))
    assert len(seen.all("img", alt="Still of tk02")) == 1
    assert "tk01 landed in the film" in seen.text and "… a beach at dawn. slower" in seen.text
    assert len(seen.all("ins")) == 1


def test_a_strangers_note_is_shown_harmlessly() -> None:
    """It is a prompt like any other."""
    hostile = a_take(number=2, prompt=DAWN, note="</q><script>alert(1)</script> \x1b[31m\u202e")
    page = build_report(facts(FIRST, hostile))
    assert "<script>alert" not in page and "\x1b" not in page and "\u202e" not in page
