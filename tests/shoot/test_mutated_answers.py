"""Answers to a check-status, damaged in every way: none makes a take do what the table does not allow, none escapes."""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from builders import NOON, a_take, after

from pipeline.api.wire import read_status
from pipeline.model.answer import Answer, NoTask, Statuses, TaskRef
from pipeline.model.take import State, Take
from pipeline.shoot.lifecycle import NEXT, advance
from pipeline.shoot.outcomes import believe

STATES = (State.SUBMITTED, State.PROCESSING)
NASTY: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        1e308,
        float("nan"),
        float("inf"),
        10**400,
        "",
        " ",
        "completed",
        "failed",
        "proces\0sing",
    ),
    *("\ud800", "\u202e", "x" * 100_000, "https://\x00/", "file:///etc/passwd", [], {}, [[]], {"a": {}}, ["task_0"]),
)


def takes() -> list[Take]:
    return [
        a_take(f"s{n}", state=STATES[n % 2], sent_id=f"s{n}~x", task_id=f"task_{n}", submitted_at=NOON)
        for n in range(6)
    ]


def a_body() -> dict[str, Any]:
    """As the vendor answers: two are done, two at work, one has failed, one is done without an address."""
    shots: list[dict[str, Any]] = [
        {"shotId": f"s{n}~x", "taskId": f"task_{n}", "status": "processing"} for n in range(6)
    ]
    for done in shots[:2]:
        done.update(status="completed", videoUrl="https://video.example/1.mp4", generationTime=90)
    shots[4].update(status="failed", error="Video generation failed")
    shots[5].update(status="completed")
    return {"status": "failed", "shots": shots}


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) inside a document; most are those of single shots."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, item in inside for place in ((value, key), *_places(item))]


def replace_a_value(body: Any, dice: random.Random) -> Any:
    container, key = dice.choice(_places(body))
    container[key] = copy.deepcopy(dice.choice(NASTY))
    return body


def take_a_value_out(body: Any, dice: random.Random) -> Any:
    container, key = dice.choice(_places(body))
    del container[key]
    return body


def swap_two_values(body: Any, dice: random.Random) -> Any:
    (one, first), (two, second) = dice.choice(_places(body)), dice.choice(_places(body))
    one[first], two[second] = copy.deepcopy(two[second]), copy.deepcopy(one[first])
    return body


def say_a_shot_twice(body: Any, dice: random.Random) -> Any:
    again = {**a_body()["shots"][dice.randrange(6)], "status": dice.choice(NASTY)}
    body["shots"].insert(dice.randrange(6), again)
    return body


def shuffle_the_shots(body: Any, dice: random.Random) -> Any:
    dice.shuffle(body["shots"])
    return body


def replace_all(_body: Any, dice: random.Random) -> Any:
    return copy.deepcopy(dice.choice(NASTY))


MUTATIONS: tuple[Callable[[Any, random.Random], Any], ...] = (
    *(replace_a_value, take_a_value_out, swap_two_values, say_a_shot_twice, shuffle_the_shots, replace_all),
)


def damaged_text(dice: random.Random) -> str:
    """One to three mutations of the document, and now and then of its bytes."""
    body: Any = a_body()
    for _ in range(dice.randint(1, 3)):
        if isinstance(body, dict) and isinstance(body.get("shots"), list) and len(body["shots"]) > 1:
            [mutate] = dice.choices(MUTATIONS, weights=(8, 5, 4, 4, 4, 1))
            body = mutate(body, dice)
    raw = bytearray(json.dumps(body, ensure_ascii=dice.random() < 0.5).encode(errors="surrogatepass"))
    for _ in range(dice.choice((0, 0, 1, 5)) if raw else 0):
        raw[dice.randrange(len(raw))] = dice.randrange(256)
    cut = dice.randrange(len(raw) + 1) if dice.random() < 0.1 else len(raw)
    return bytes(raw[:cut]).decode(errors="replace")


def hear(text: str, status: int, retry_after: str | None) -> str:
    """Read the answer, and let it happen to the takes; what came of it, in a word."""
    own = takes()
    refs = [TaskRef(sent_id=take.sent_id or "", task_id=take.task_id or "") for take in own]
    outcome = read_status(Answer(at=NOON, endpoint="check-status", status=status, body=text), refs, retry_after)
    if not isinstance(outcome, Statuses):
        return "no task" if isinstance(outcome, NoTask) else "no status"
    changes = believe(own, outcome, now=after(60))
    for take, event in changes:
        moved = advance(take, event)  # raises where the table has no such row
        assert moved.state is NEXT[take.state, type(event)]
        assert (moved.task_id, moved.slate) == (take.task_id, take.slate)
        assert moved.state is not State.SUCCEEDED or moved.url
    assert len({take.slate for take, _ in changes}) == len(changes), "one shot, one event"
    return "changed" if changes else "unchanged"


def hear_damaged(count: int, seed: int) -> None:
    dice, came = random.Random(seed), Counter[str]()
    for _ in range(count):
        status = 200 if dice.random() < 0.85 else dice.choice((201, 299, 401, 404, 429, 500, 502))
        retry_after = dice.choice((None, "5", "-5", "soon", "9" * 500, "٣", "²", ""))
        came[hear(damaged_text(dice), status, retry_after)] += 1
    print(f"{count} answers: {dict(came)}, seed {seed}")
    assert came["changed"] > count / 3 and came["unchanged"] and came["no status"]


def test_a_whole_answer_changes_what_it_says() -> None:
    """Two are done, two are seen at work that were not, one failed; one that is done without an address stays."""
    assert hear(json.dumps(a_body()), 200, None) == "changed"


def test_damaged_answers_do_no_harm() -> None:
    """A few hundred; the same every time."""
    hear_damaged(500, seed=1)


@pytest.mark.torture
def test_five_thousand_damaged_answers_do_no_harm() -> None:
    """Others every time; the seed is printed."""
    hear_damaged(5_000, random.SystemRandom().randrange(10**6))
