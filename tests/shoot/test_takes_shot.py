"""Retakes and circles over a real socket: what is sent, what it costs, which clip the film is cut from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from backlot import Backlot, open_backlot
from builders import a_shot, a_storyboard

from pipeline.errors import AnswerInDoubtError
from pipeline.model.circle import Circle
from pipeline.model.instructions import Continuation
from pipeline.model.plan import Decision
from pipeline.model.storyboard import GenerationType
from pipeline.model.take import Take
from pipeline.project import World

FILM = a_storyboard(a_shot("run"))


@pytest.fixture
def lot(tmp_path: Path) -> Iterator[Backlot]:
    with open_backlot(tmp_path, {"run": 40}) as opened:
        assert opened.shoot(FILM) is None
        yield opened


def circled(take: Take) -> dict[str, Circle]:
    return {"run": Circle(world=World.SANDBOX, shot="run", slate=take.slate, sha256=take.sha256)}


def clip_of_film(lot: Backlot) -> str:
    timeline = json.loads(lot.project.timeline_path.read_text())
    return str(timeline["clips"][0]["media"]["sha256"])


def test_a_retake_is_sent_once_with_its_note(lot: Backlot) -> None:
    """And the film is cut from it."""
    lot.ask_for_retake(FILM, "run", "slower")
    for _ in range(2):
        assert lot.shoot(FILM) is None
    assert [sent["prompt"] for sent in lot.sent()] == ["A prompt for run.", "A prompt for run.\n\nslower"]
    assert [row.slate for row in lot.plan(FILM).shots] == ["demo/run/tk02"]


def test_a_retake_of_a_circled_shot_is_paid_and_left_out(lot: Backlot) -> None:
    """The film is cut from the circled clip; letting go of it costs nothing."""
    (first,) = lot.landed()
    lot.ask_for_retake(FILM, "run", "slower")
    assert lot.shoot(FILM, circles=circled(first)) is None
    assert (clip_of_film(lot), lot.charges(), len(lot.landed())) == (first.sha256, 2, 2)
    assert lot.plan(FILM).credits == 0


def test_a_retake_waits_for_a_plan_with_its_price_where_the_circled_clip_is_gone(lot: Backlot) -> None:
    """That is fetched again, for nothing, as the plan says, and the film cut from it; the next plan has the price."""
    (first,) = lot.landed()
    lot.ask_for_retake(FILM, "run", "slower")
    lot.store.take_path(first.sha256 or "").unlink()  # type: ignore[arg-type]
    assert lot.plan(FILM, circles=circled(first)).credits == 0
    assert lot.shoot(FILM, circles=circled(first)) is None
    assert lot.charges() == 1
    assert lot.plan(FILM, circles=circled(first)).credits == 10
    assert lot.shoot(FILM, circles=circled(first)) is None
    assert (clip_of_film(lot), lot.charges()) == (first.sha256, 2)


def test_equal_shots_that_wait_have_a_price_for_each_of_their_retakes(tmp_path: Path) -> None:
    """Both go on from a clip that is gone from the store; where it comes back the same, both retakes are sent."""
    goes_on = {"continues": Continuation(shot="a"), "generation": GenerationType.FRAMES, "prompt": "Same."}
    film = a_storyboard(a_shot("a"), a_shot("b", **goes_on), a_shot("c", **goes_on))
    with open_backlot(tmp_path, {"a": 40, "b": 90, "c": 140}) as lot:
        assert lot.shoot(film) is None
        lot.ask_for_retake(film, "b", "slower")
        lot.ask_for_retake(film, "c", "faster")
        anchor = next(take for take in lot.landed() if take.slate.shot == "a")
        lot.store.take_path(anchor.sha256 or "").unlink()  # type: ignore[arg-type]
        charges = lot.charges()
        assert lot.plan(film).credits == 20
        assert lot.shoot(film) is None
        assert lot.charges() == charges + 2


def test_a_retake_in_doubt_ends_the_run_and_a_circle_lets_the_film_go_on(lot: Backlot) -> None:
    """Nothing is hushed up, and nothing is sent again."""
    (first,) = lot.landed()
    lot.ask_for_retake(FILM, "run", "[sandbox: lose the answer]")
    assert isinstance(lot.shoot(FILM), AnswerInDoubtError)
    assert lot.plan(FILM).shots[0].why.endswith("storyreel circle demo run tk01")
    assert lot.shoot(FILM, circles=circled(first)) is None
    assert (clip_of_film(lot), lot.charges()) == (first.sha256, 2)


def test_a_circled_clip_of_another_machine_is_never_paid(lot: Backlot) -> None:
    """Its shot waits for the person who has it."""
    (first,) = lot.landed()
    elsewhere = circled(first.model_copy(update={"sha256": "e" * 64}))
    lot.shoot(FILM, circles=elsewhere)
    (row,) = lot.plan(FILM, circles=elsewhere).shots
    assert (row.decision, lot.charges()) == (Decision.BLOCKED, 1)
