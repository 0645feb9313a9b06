"""takes.lock is read exactly, written the same way every time, and says where it is wrong."""

from __future__ import annotations

import pytest
from builders import a_landed_take

from pipeline.errors import UsageError
from pipeline.model.circle import HEAD, Circle, read_circles, write_circles
from pipeline.project import World

A, B = "a" * 64, "b" * 64
TEXT = f"{HEAD}live run.paris demo/run.paris/tk02 {A}\nsandbox 海邊 pilot/opening/tk11 {B}\n"


def a_circle(shot: str, **fields: object) -> Circle:
    take = a_landed_take(shot)
    return Circle(world=World.LIVE, shot=shot, slate=take.slate, sha256=take.sha256, **fields)


def refusal(*lines: str) -> str:
    with pytest.raises(UsageError) as refused:
        read_circles("\n".join(lines), "projects/demo/takes.lock")
    return str(refused.value)


def test_what_is_written_is_read() -> None:
    """And written the same again, whatever the order."""
    circles = read_circles(TEXT, "takes.lock")
    assert [(each.world, each.shot, str(each.slate)) for each in circles] == [
        ("live", "run.paris", "demo/run.paris/tk02"),
        ("sandbox", "海邊", "pilot/opening/tk11"),
    ]
    assert write_circles(reversed(circles)) == TEXT


def test_a_change_of_mind_is_one_line() -> None:
    """So git merges two that are of different shots."""
    two, one = write_circles([a_circle("a"), a_circle("b")]), write_circles([a_circle("b")])
    assert len(set(two.splitlines()) - set(one.splitlines())) == 1 and set(one.splitlines()) < set(two.splitlines())


def test_comments_blank_lines_and_the_line_ends_of_windows_do_no_harm() -> None:
    """Editors put them there."""
    assert len(read_circles("\ufeff" + TEXT.replace("\n", "\r\n") + "\r\n  # mine\r\n", "takes.lock")) == 2


def test_a_conflict_of_git_is_told_with_its_line() -> None:
    """And what to do about it."""
    said = refusal("# head", "<<<<<<< HEAD", f"live run demo/run/tk01 {A}", "=======", f"live run demo/run/tk02 {B}")
    assert said.startswith("projects/demo/takes.lock:2: git left a conflict here.")


def test_a_shot_has_one_take_a_world() -> None:
    """Both lines are named; what one world has says nothing about the other."""
    said = refusal(f"live run demo/run/tk01 {A}", "", f"live run demo/run/tk02 {B}")
    assert said.startswith("projects/demo/takes.lock:3: run has a take already, in line 1.")
    both = f"live run demo/run/tk01 {A}\nsandbox run demo/run/tk01 {A}\n"
    assert len(read_circles(both, "takes.lock")) == 2


@pytest.mark.parametrize(
    "line",
    [
        "live run demo/run/tk01",
        f"live run demo/run/tk01 {A} too much",
        f"preview run demo/run/tk01 {A}",
        f"live run demo/run {A}",
        f"live run demo/run/tk00 {A}",
        f"live run demo/run/two {A}",
        f"live run demo/run/tk01 {A[1:]}",
        f"live run demo/run/tk01 {A.upper()}",
    ],
)
def test_a_line_that_is_none_is_told_with_its_number(line: str) -> None:
    """Edited by hand, say."""
    assert refusal("", line).startswith("projects/demo/takes.lock:2: ")
