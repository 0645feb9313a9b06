"""The author's choice among the takes of a shot; it costs nothing, and the next render cuts the film by it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.app.assignment import Assignment
from pipeline.app.compiling import compile_films
from pipeline.app.doors import hold, look_on_hand, open_ledger
from pipeline.app.takes_lock import all_circles, keep_circles
from pipeline.digest import ContentHash
from pipeline.errors import UsageError, shortlist
from pipeline.lock import hold_project
from pipeline.model.circle import Circle
from pipeline.model.take import State, Take
from pipeline.planner.circled import find_take
from pipeline.planner.on_hand import TakesOnHand


class Circling(NamedTuple):
    """What was circled for a shot, and what is now; None for nothing."""

    before: Circle | None
    now: Circle | None


def circle_take(assigned: Assignment, shot: str, named: str) -> Circling:
    """Let the film use a take of the shot until somebody says otherwise.

    Args:
        named: `tk02`, `2`, `shot/tk02` or `project/shot/tk02`.

    Raises:
        UsageError: no such shot, no such take, or its clip is not here.
        ProjectBusyError: a run of the project is under way.
    """
    with hold(assigned), open_ledger(assigned.store) as ledger:
        shots = [shot.id for film in compile_films(assigned).storyboards.values() for shot in film.shots]
        on_hand = look_on_hand(assigned, ledger)
        take = _take_to_circle(assigned.project.name, shots, on_hand, shot, named)
        world = assigned.access.world
        return _keep(assigned, shot, Circle(world=world, shot=shot, slate=take.slate, sha256=_clip_of(take, on_hand)))


def release_take(assigned: Assignment, shot: str) -> Circling:
    """Let go of what is circled; the storyboard need not compile for that. Raises UsageError if nothing is."""
    with hold_project(assigned.project.root, assigned.project.holder_path):  # the store may be away
        circling = _keep(assigned, shot, None)
        if circling.before is None:
            raise UsageError(f'{assigned.project.name} has no circled take of a shot "{shot}".')
        return circling


def _take_to_circle(project: str, shots: Sequence[str], on_hand: TakesOnHand, shot: str, named: str) -> Take:
    if shot not in shots:
        raise UsageError(f'{project} has no shot "{shot}". There are: {shortlist(shots)}.')
    take = find_take(named, project, shot, on_hand)
    if take is None:
        landed = [each.slate.take for each in on_hand.of_shot(project, shot) if each.state is State.VERIFIED]
        there = f"Landed are: {', '.join(landed)}." if landed else "It has none of its own that has landed."
        raise UsageError(
            f'{shot} has no take "{named}". {there} storyreel takes {project} lists all; one of another '
            "shot is named in full, such as run.paris/tk02."
        )
    return take


def _clip_of(take: Take, on_hand: TakesOnHand) -> ContentHash:
    if take.sha256 is None or not on_hand.is_here(take):
        raise UsageError(f"{take.slate} is {take.state.told}, and its clip is not here: only a clip can be circled.")
    return take.sha256


def _keep(assigned: Assignment, shot: str, circle: Circle | None) -> Circling:
    world, circles = assigned.access.world, all_circles(assigned)
    before = next((each for each in circles if (each.world, each.shot) == (world, shot)), None)
    others = [each for each in circles if each is not before]
    if before != circle:
        keep_circles(assigned, [*others, *([circle] if circle else [])])
    return Circling(before, circle)
