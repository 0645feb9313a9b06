"""When tasks end, and the word above them: pure decisions, row by row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.sandbox.contract import Shot
from pipeline.sandbox.desk import status_of
from pipeline.sandbox.vault import State, Task, endings_of

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
SHOT = Shot(
    shot_id="run", prompt="Run.", generation_type="TEXT_2_VIDEO", aspect_ratio="16:9", resolution="720p", image_urls=()
)


def a_task(
    name: str, *, due_s: int = 0, doom: str | None = None, batch: str = "one", state: State = "processing"
) -> Task:
    return Task(
        task_id=name,
        batch=batch,
        key="51281012",
        shot=SHOT,
        nth_request=0,
        nth_take=0,
        generation_s=120,
        due_at=NOON + timedelta(seconds=due_s),
        state=state,
        doom=doom,
    )


@pytest.mark.parametrize(
    ("tasks", "endings"),
    [
        ([a_task("drawn")], ["drawn completed"]),
        ([a_task("drawn", due_s=1)], []),
        ([a_task("undrawn")], []),
        ([a_task("undrawn", doom="so be it")], ["undrawn failed"]),
        ([a_task("undrawn", doom="so be it", due_s=1)], []),
        ([a_task("undrawn"), a_task("drawn")], []),
        ([a_task("undrawn"), a_task("undrawn", doom="so be it")], []),
        ([a_task("undrawn"), a_task("drawn", batch="two")], ["drawn completed"]),
        ([a_task("undrawn", doom="so be it"), a_task("drawn")], ["undrawn failed", "drawn completed"]),
    ],
)
def test_a_task_ends_when_time_clip_and_turn_allow(tasks: list[Task], endings: list[str]) -> None:
    """Its time is over, its clip is there or never will be, and those ahead of it in the request have ended."""
    found = endings_of(tasks, now=NOON, has_clip=lambda task: task.task_id == "drawn")
    assert [f"{task.task_id} {state}" for task, state in found] == endings


@pytest.mark.parametrize(
    ("states", "word"),
    [
        (["processing", "completed"], "processing"),
        (["completed", "completed"], "completed"),
        (["completed", "failed"], "failed"),
        (["processing", "failed"], "failed"),
    ],
)
def test_the_word_above_the_shots_is_the_worst_of_them(states: list[State], word: str) -> None:
    """One failed shot fails the whole, even while others are being made."""
    assert status_of([a_task("any", state=state) for state in states]) == word
