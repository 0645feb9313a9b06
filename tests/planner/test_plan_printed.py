"""What the printed plan looks like, and how its selectors may be written."""

from __future__ import annotations

from typing import Any

import pytest
from builders import a_request

from pipeline.cli.options import spread
from pipeline.cli.plan_table import print_plan, totals
from pipeline.model.plan import Decision, Plan, PlannedShot

HERE = "its clip is here"


def a_row(shot: str, decision: Decision = Decision.REUSE, price: int = 0, why: str = HERE) -> PlannedShot:
    request = a_request(shot)
    slate = f"demo/{shot}/tk01"
    return PlannedShot(
        shot=shot,
        slate=slate,
        decision=decision,
        why=why,
        request=request,
        fingerprint=request.fingerprint,
        credits=price,
    )


def a_plan(*rows: PlannedShot, **fields: Any) -> Plan:
    return Plan(project="demo", shots=rows, **fields)


def printed(plan: Plan, capsys: pytest.CaptureFixture[str]) -> list[str]:
    print_plan(plan)
    return capsys.readouterr().out.splitlines()


def test_columns_are_aligned_by_cells(capsys: pytest.CaptureFixture[str]) -> None:
    """A Han letter takes two; no line ends in blanks."""
    rows = (a_row("跑步", Decision.SHOOT, 10, "new"), a_row("run.x", Decision.STALE, 10, "aspect ratio changed"))
    assert printed(a_plan(*rows, calls=2), capsys) == [
        "   shot   what   credits  why",
        "+  跑步   shoot       10  new",
        "~  run.x  stale       10  aspect ratio changed",
        "",
        "20 credits in 2 calls.",
    ]


def test_what_is_left_as_it_is_shares_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """More than three of one reason; the shots that something happens to stand first."""
    rows = (*(a_row(name) for name in "abcd"), a_row("e", Decision.SHOOT, 10, "new"), a_row("f", why="as a"))
    lines = printed(a_plan(*rows), capsys)
    assert [line.split()[:3] for line in lines[1:4]] == [["+", "e", "shoot"], ["=", "f", "reuse"], ["=", "4", "shots"]]
    assert lines[3].endswith("its clip is here: a, b, c, d")


def test_no_line_of_a_pipe_is_wrapped(capsys: pytest.CaptureFixture[str]) -> None:
    """However long a reason is."""
    lines = printed(a_plan(a_row("a", Decision.SHOOT, 10, "word " * 200)), capsys)
    assert lines[1].count("word") == 200


def test_control_characters_are_shown_not_sent(capsys: pytest.CaptureFixture[str]) -> None:
    """A prompt cannot talk to the terminal."""
    lines = printed(a_plan(a_row("a", Decision.SHOOT, 10, "\x1b[2Jgone")), capsys)
    assert "\x1b" not in lines[1] and "␛[2Jgone" in lines[1]


ONE_CALL = "10 credits in 1 call"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, f"{ONE_CALL}."),
        ({"seconds_estimated": 211, "seconds_at_most": 300}, f"{ONE_CALL}, about 4 min (at most 5)."),
        ({"credits_granted": 40}, f"{ONE_CALL}, up to 40 more, granted, where an answer is lost."),
        (
            {"credits_granted": 40, "cap": 30},
            f"{ONE_CALL}, up to 20 more, granted, where an answer is lost, 10 of 30 spent then.",
        ),
        ({"credits_granted": 40, "cap": 10}, f"{ONE_CALL}, 10 of 10 spent then."),
        ({"credits_saved": 70, "cap": 200}, f"{ONE_CALL}, 70 saved by reuse, 10 of 200 spent then."),
        ({"credits_spent": 95, "cap": 100}, f"{ONE_CALL}, 105 of 100 spent then.\nThat is 5 over the cap: "),
    ],
)
def test_the_last_line_is_the_sum(fields: dict[str, Any], said: str) -> None:
    """Minutes are rounded, the most of them up."""
    assert totals(a_plan(a_row("a", Decision.SHOOT, 10, "new"), calls=1, **fields)).startswith(said)


def test_what_waits_is_counted_as_up_to() -> None:
    """20 credits, of which 10 at once."""
    rows = (a_row("a", Decision.SHOOT, 10, "new"), a_row("b", Decision.WAITS, 10, "continues a"))
    assert totals(a_plan(*rows, calls=2)) == "Up to 20 credits (10 at once) in 2 calls."
    assert totals(a_plan(a_row("a"), credits_saved=10)) == "Nothing to pay, 10 saved by reuse."


def test_what_is_blocked_is_counted() -> None:
    """Nothing to pay is not all well."""
    assert totals(a_plan(a_row("a", Decision.BLOCKED, 0, "failed"))) == "Nothing to pay, 1 shot blocked."


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("--select a:b c:d demo", "--select a:b --select c:d demo"),
        ("demo --select a:b +c:d --json", "demo --select a:b --select +c:d --json"),
        ("--select a:b --base-url http://x", "--select a:b --base-url http://x"),
        ("--select demo x:y --exclude z:z", "--select demo --select x:y --exclude z:z"),
    ],
)
def test_several_selectors_may_follow_one_option(written: str, read: str) -> None:
    """Every word with a colon in it; the project's name has none."""
    assert list(spread(written.split())) == read.split()
