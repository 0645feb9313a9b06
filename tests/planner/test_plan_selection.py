"""Which shots a selector means."""

from __future__ import annotations

import pytest
from builders import a_landed_take, a_shot, a_storyboard, a_take

from pipeline.errors import UsageError
from pipeline.model.instructions import Continuation
from pipeline.model.storyboard import GenerationType, Storyboard
from pipeline.model.take import State
from pipeline.planner.on_hand import TakesOnHand
from pipeline.planner.plan import plan_film
from pipeline.planner.selection import Selection, select


def a_film() -> Storyboard:
    """run.paris and run.oslo on the beach; talk, walk and rest in town, of which walk and rest go on from another."""
    frames = GenerationType.FRAMES
    shots = {
        "run.paris": a_shot("run.paris"),
        "run.oslo": a_shot("run.oslo"),
        "talk": a_shot("talk"),
        "walk": a_shot("walk", continues=Continuation(shot="talk"), generation=frames),
        "rest": a_shot("rest", continues=Continuation(shot="walk"), generation=frames),
    }
    beach = {"run.paris", "run.oslo"}
    scenes = {name: "beach" if name in beach else "town" for name in shots}
    return a_storyboard(*(shot.model_copy(update={"scene": scenes[name]}) for name, shot in shots.items()))


def chosen(*wanted: str, exclude: tuple[str, ...] = ()) -> list[str]:
    """The shots that are meant, in film order; run.paris has a clip, run.oslo one of an older prompt."""
    film = a_film()
    takes = (a_landed_take("run.paris"), a_landed_take("run.oslo", "b", prompt="Older."))
    plan = plan_film(film, TakesOnHand(takes=takes, has_file=lambda _clip: True))
    meant = select(Selection(wanted, exclude), {"": film}, plan)
    return [shot.id for shot in film.shots if shot.id in meant]


@pytest.mark.parametrize(
    ("selector", "shots"),
    [
        ("shot:talk", ["talk"]),
        ("shot:run.*", ["run.paris", "run.oslo"]),
        ("shot:run", ["run.paris", "run.oslo"]),
        ("scene:beach", ["run.paris", "run.oslo"]),
        ("scene:t*", ["talk", "walk", "rest"]),
        ("state:stale", ["run.oslo"]),
        ("state:reuse", ["run.paris"]),
        ("+state:waits", ["talk", "walk", "rest"]),
        ("+kind:continued", ["talk", "walk", "rest"]),
        ("kind:text", ["run.paris", "run.oslo", "talk"]),
        ("+shot:rest", ["talk", "walk", "rest"]),
        ("shot:talk+", ["talk", "walk", "rest"]),
    ],
)
def test_a_selector_means_these_shots(selector: str, shots: list[str]) -> None:
    """By id, scene, what the plan says, or what is sent along."""
    assert chosen(selector) == shots


def test_several_selectors_are_a_union() -> None:
    """Written one by one, or with spaces in one word."""
    assert chosen("shot:talk", "state:stale") == ["run.oslo", "talk"]
    assert chosen("shot:talk state:stale") == ["run.oslo", "talk"]


def test_a_comma_asks_for_both() -> None:
    """Of the beach only what is stale."""
    assert chosen("scene:beach,state:stale", "kind:text,scene:town") == ["run.oslo", "talk"]


def test_what_is_excluded_is_left_out() -> None:
    """Of what was selected; of all, if nothing was."""
    assert chosen("scene:town", exclude=("shot:walk+",)) == ["talk"]
    assert chosen(exclude=("scene:town",)) == ["run.paris", "run.oslo"]


@pytest.mark.parametrize("selector", ["shot:rest", "state:waits", "shot:talk shot:rest"])
def test_a_shot_is_not_selected_without_what_it_has_to_wait_for(selector: str) -> None:
    """Neither of the shots that it hangs on has a clip; the sentence says what to write instead."""
    with pytest.raises(UsageError, match=r"has to be shot first and is not selected. --select \+shot:"):
        chosen(selector)


def test_a_shot_whose_anchor_is_on_its_way_needs_no_more() -> None:
    """What is paid already lands without a word."""
    film = a_film()
    plan = plan_film(film, TakesOnHand(takes=(a_take("talk", state=State.SUBMITTED),), has_file=lambda _clip: True))
    assert select(Selection(("shot:walk",)), {"": film}, plan) == {"walk"}


@pytest.mark.parametrize(
    ("selector", "told"),
    [
        ("talk", '"talk" is no selector. Write shot:run'),
        ("tag:x", 'no selector "tag:"'),
        ("shot:tlak", "There are: run.paris, run.oslo, talk, walk, rest."),
        ("scene:beech", "There are: beach, town."),
        (
            "state:old",
            "There are: shoot, stale, waits, reuse, resume, blocked, failed, refused, doubtful, lost, damaged.",
        ),
        ("kind:film", "There are: text, frames, reference, continued."),
        ("state:blocked", "no shot is left by --select state:blocked"),
        (",", '"," is no selector'),
    ],
)
def test_a_selector_that_means_nothing_is_a_usage_error(selector: str, told: str) -> None:
    """It names what there is."""
    with pytest.raises(UsageError) as error:
        chosen(selector)
    assert told in str(error.value)
