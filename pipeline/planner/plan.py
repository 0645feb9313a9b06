"""Storyboards and takes on hand → Plan: one row a shot, what continues another after it, and what all of it comes to.

Pure: the takes come in as values. What becomes of one request is decided in `decide`; here stands what shots have to do
with each other: equal requests share a take, and a shot that continues another waits for its clip.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from pipeline.digest import ContentHash, Fingerprint
from pipeline.model.plan import PAID, PRICED, Decision, Plan, PlannedFilm, PlannedShot, TakeRequest
from pipeline.model.storyboard import Budget, Shot, Storyboard
from pipeline.model.take import UNSENT, State, Take
from pipeline.planner.changes import what_changed, what_changed_so_far
from pipeline.planner.circled import beside, decide_circled
from pipeline.planner.decide import Choice, Grants, decide, decide_retake
from pipeline.planner.forecast import ExpectedTake, Forecast, Pace, forecast
from pipeline.planner.on_hand import Asking, TakesOnHand
from pipeline.planner.requests import first_picture, request_of
from pipeline.shoot.policy import CREDITS_A_SHOT, most_in_doubt

NO_GRANTS: Final = Budget()
HOUR_SECONDS: Final = 3600


def plan_film(storyboard: Storyboard, on_hand: TakesOnHand, *, only: Collection[str] | None = None) -> Plan:
    """One row a shot, in film order.

    Args:
        only: the shots that may be paid for; the others are left as they are. None: all.
    """
    return plan_films({"": storyboard}, on_hand, only=only)


def plan_films(films: Mapping[str, Storyboard], on_hand: TakesOnHand, *, only: Collection[str] | None = None) -> Plan:
    """The plan of all films of a project, whose shots have ids of their own: what several ask for is shot once.

    Args:
        films: at least one, by name; they have the project and its budget in common.
    """
    storyboards = list(films.values())
    deciding = _Rows(storyboards, on_hand, only)
    rows = deciding.decided()
    project, budget = storyboards[0].project, storyboards[0].budget
    size, likely, slowest = _soonest(rows, budget, on_hand.pace)
    return Plan(
        project=project,
        shots=rows,
        films=_finished(films, rows, likely, on_hand.pace),
        shots_per_request=size,
        calls=likely.calls,
        seconds_estimated=_vendors_seconds(likely.duration, on_hand.pace),
        seconds_at_most=_vendors_seconds(slowest.duration, on_hand.pace),
        credits_saved=saved_by(rows),
        credits_granted=deciding.credits_granted,
        credits_spent=on_hand.credits_of(project),
        cap=budget.max_credits,
        world=on_hand.world,
    )


def _finished(
    films: Mapping[str, Storyboard], rows: Sequence[PlannedShot], likely: Forecast, pace: Pace
) -> tuple[PlannedFilm, ...]:
    """When each film of several has its last clip."""
    if not any(films):
        return ()
    slates = {row.shot: row.slate for row in rows}
    planned = []
    for name, storyboard in films.items():
        shots = tuple(shot.id for shot in storyboard.shots)
        last = max((likely.landed.get(slates[shot], timedelta()) for shot in shots), default=timedelta())
        planned.append(PlannedFilm(name=name, shots=shots, seconds_estimated=_vendors_seconds(last, pace)))
    return tuple(planned)


def _soonest(rows: Sequence[PlannedShot], budget: Budget, pace: Pace) -> tuple[int, Forecast, Forecast]:
    """How many shots share a request so that the last clip is here soonest, and when that is: likely, and at most.

    Shots of one request are generated one after another, requests side by side: single shots are soonest, unless the
    calls that are left of the hour do not carry them.
    """
    paid = [row.request.resolution for row in rows if row.decision in PAID]
    most = max((most_in_doubt(resolution, budget.max_doubt_credits) for resolution in set(paid)), default=1)
    sizes = range(1, max(1, min(most, len(paid))) + 1)
    plays = [(size, *_forecasts(rows, size, pace)) for size in sizes]
    return min(plays, key=lambda play: (play[1].duration, play[0]))


def _vendors_seconds(duration: timedelta, pace: Pace) -> int:
    """By the vendor's clock, whose hour is the window."""
    return round(duration / pace.policy.window.span * HOUR_SECONDS)


def _forecasts(rows: Sequence[PlannedShot], size: int, pace: Pace) -> tuple[Forecast, Forecast]:
    """With shots that take as long as the vendor says, and with shots that all take the longest."""
    slates = {row.shot: row.slate for row in rows}
    expected = [
        ExpectedTake(
            row.slate,
            after=slates.get(row.waits_for or ""),
            is_sent=row.decision is Decision.RESUME,
            resolution=row.request.resolution,
        )
        for row in rows
        if row.credits or row.decision is Decision.RESUME
    ]
    policy = pace.policy
    longest = policy.generation_at_most + policy.landing
    each = list({take.name: take for take in expected}.values())
    likely, slowest = (
        forecast(each, shots_per_request=size, pace=pace, shortest=shortest + policy.landing, longest=longest)
        for shortest in (policy.generation_at_least, policy.generation_at_most)
    )
    return likely, slowest


class _Rows:
    """One pass over the shots of all films, anchors before what continues them."""

    def __init__(self, storyboards: Sequence[Storyboard], on_hand: TakesOnHand, only: Collection[str] | None) -> None:
        self._on_hand, self._only = on_hand, only
        self._project, budget = storyboards[0].project, storyboards[0].budget
        self._films = {shot.id: storyboard for storyboard in storyboards for shot in storyboard.shots}
        self._shots = {shot.id: shot for storyboard in storyboards for shot in storyboard.shots}
        own = on_hand.of_project(self._project)
        self._grants, self._no_grants = Grants(budget, own), Grants(NO_GRANTS, ())
        self._rows: dict[str, PlannedShot] = {}
        self._shared: dict[tuple[object, ...], PlannedShot] = {}  # rows that an equal request may stand on

    def decided(self) -> tuple[PlannedShot, ...]:
        for shot in _anchors_first(self._shots):
            row = self._row(shot)
            is_wanting = row.decision in PRICED or (row.waits_for is not None and row.circled is None)
            self._rows[shot.id] = row = _left_out(row) if is_wanting and not self._is_meant(shot) else row
            is_its_own = row.is_retake or shot.id in self._on_hand.circles
            if row.decision not in (Decision.SKIP, Decision.REUSE) and not is_its_own:
                waits = shot if row.waits_for else None
                self._shared.setdefault(self._asks_for(row.fingerprint, waits), row)
        return tuple(self._rows[shot] for shot in self._shots)

    @property
    def credits_granted(self) -> int:
        """What of the grant no row has used."""
        return self._grants.credits_left

    def _row(self, shot: Shot) -> PlannedShot:
        anchor = self._rows[shot.continues.shot] if shot.continues else None
        first = self._first_picture(shot, anchor) if anchor else None
        request = request_of(shot, self._films[shot.id], self._on_hand.picture, first)
        behind = anchor if first is None else None  # it is held up by that one, which has no clip yet
        if shot.id in self._on_hand.circles:
            return self._circled(shot, request, behind)
        retake = None if behind else self._retake(request, shot)
        if retake:
            return self._planned(shot, request, retake)
        if twin := self._twin(request, shot, behind):
            return _shared(shot, twin)
        if behind:
            return self._planned(shot, request, self._behind(behind, shot, request), waits_for=behind.shot)
        grants = self._grants if self._is_meant(shot) else self._no_grants
        choice = decide(request, Asking(self._project, shot.id), self._on_hand, grants)
        return self._planned(shot, request, self._left_behind(self._told(choice, shot, request), shot, request))

    def _retake(self, request: TakeRequest, shot: Shot) -> Choice | None:
        """What becomes of a retake that was asked for; one that is not selected leaves its shot as it is."""
        is_meant = self._is_meant(shot)
        grants = self._grants if is_meant else self._no_grants
        choice = decide_retake(request, Asking(self._project, shot.id), self._on_hand, grants)
        return choice if is_meant or (choice and choice.decision is not Decision.SHOOT) else None

    def _retake_behind(self, anchor: PlannedShot, shot: Shot, request: TakeRequest) -> Choice | None:
        """A retake that is sent if `anchor`, whose clip is not here, ends on the picture that it was asked for with."""
        if anchor.decision in (Decision.BLOCKED, Decision.SKIP):
            return None
        for take in reversed(self._on_hand.of_shot(self._project, shot.id)):
            if take.is_retake and take.asked.without_first_image.fingerprint == request.fingerprint:
                choice = self._retake(take.asked, shot)
                if choice and choice.retake and choice.decision is Decision.SHOOT:
                    why = f"{choice.why}, and shot if {anchor.shot} ends on the same picture"
                    as_yet = choice.retake.model_copy(update={"request": request.with_note(choice.retake.note)})
                    return replace(choice, decision=Decision.WAITS, why=why, retake=as_yet)
        return None

    def _is_meant(self, shot: Shot) -> bool:
        return self._only is None or shot.id in self._only

    def _first_picture(self, shot: Shot, anchor: PlannedShot) -> ContentHash | None:
        clip = self._on_hand.landed(anchor.film_slate)
        return first_picture(shot, self._shots[anchor.shot], clip, self._on_hand) if clip else None

    def _circled(self, shot: Shot, request: TakeRequest, behind: PlannedShot | None) -> PlannedShot:
        """The row of a shot with a circle: a retake is shot beside the take that is circled, not in its place.

        Args:
            behind: the row of the shot that it continues, if that has no clip yet.
        """
        retake = self._retake_behind(behind, shot, request) if behind else self._retake(request, shot)
        waits_for = behind.shot if behind else None
        asking, circle = Asking(self._project, shot.id), self._on_hand.circles[shot.id]
        take = self._on_hand.circled(shot.id)
        changed = self._changed_since(take, shot, request, is_whole=waits_for is None) if take else ""
        choice = decide_circled(circle, take, changed, asking, self._on_hand)
        if take is None:
            return self._planned(shot, request, choice, waits_for=waits_for)
        landed = [other for other in self._on_hand.equal_to(request, asking) if other.state is State.VERIFIED]
        newest = max(filter(asking.is_own, landed), key=lambda other: other.slate.number, default=None)
        note = beside(take, retake, newest, asking, self._on_hand)
        if retake and retake.decision is not Decision.BLOCKED and choice.decision is Decision.REUSE:
            choice = retake
        told = replace(choice, why=f"{choice.why}; {note}" if note else choice.why)
        return self._planned(shot, request, told, waits_for=waits_for, circled=str(take.slate))

    def _changed_since(self, take: Take, shot: Shot, request: TakeRequest, *, is_whole: bool) -> str:
        """What a shot asks for that its circled take was not asked for."""
        if not is_whole:
            return what_changed_so_far(shot, request, take, self._look_of(shot))
        if take.is_answer_to(request.fingerprint):
            return ""
        return what_changed(shot, request, take, self._look_of(shot))

    def _twin(self, request: TakeRequest, shot: Shot, behind: PlannedShot | None) -> PlannedShot | None:
        """The row that asks for the same; none where the shot may come to send a retake of its own."""
        if behind and self._retake_behind(behind, shot, request):
            return None
        return self._shared.get(self._asks_for(request.fingerprint, shot if behind else None))

    def _asks_for(self, wanted: Fingerprint, held_up: Shot | None) -> tuple[object, ...]:
        """What makes two requests one. Two that wait are alike if they also wait for the same picture."""
        if held_up is None or held_up.continues is None:
            return (wanted,)
        anchor = held_up.continues.shot
        return wanted, self._rows[anchor].film_slate, self._shots[anchor].trim, held_up.continues.frame

    def _told(self, choice: Choice, shot: Shot, request: TakeRequest) -> Choice:
        """A new take of a shot that has a clip of an older request is STALE, and its reason is what changed."""
        if choice.decision is not Decision.SHOOT:
            return choice
        older = self._older_take(shot)
        is_stale = older is not None and older.state is State.VERIFIED
        changed = what_changed(shot, request, older, self._look_of(shot)) if older else "new"
        decision = Decision.STALE if is_stale else Decision.SHOOT
        return Choice(decision, choice.why or changed, choice.slate, choice.instead_of)

    def _left_behind(self, choice: Choice, shot: Shot, request: TakeRequest) -> Choice:
        """Say of a retake that was asked for with another prompt that it is not sent."""
        for take in self._on_hand.of_shot(self._project, shot.id):
            if take.is_retake and take.state in UNSENT and not take.is_answer_to(request.fingerprint):
                withdraw = f"storyreel retake {self._project} {shot.id} --withdraw{self._on_hand.world.option}"
                why = f"retake {take.slate.take} is of what it asked for before, and not sent: {withdraw}"
                return replace(choice, why=f"{choice.why}; {why}")
        return choice

    def _behind(self, anchor: PlannedShot, shot: Shot, request: TakeRequest) -> Choice:
        """What becomes of a shot that continues `anchor`, whose clip is not here."""
        if anchor.decision is Decision.BLOCKED:
            return Choice(Decision.BLOCKED, f"continues {anchor.shot}, which is blocked")
        if anchor.decision is Decision.SKIP:
            why = f"continues {anchor.shot}, which is not selected and has no clip; +shot:{shot.id} selects both"
            return Choice(Decision.BLOCKED, why)
        why = f"continues {anchor.shot}, whose clip is not here yet"
        if older := self._older_take(shot):
            changed = what_changed_so_far(shot, request, older, self._look_of(shot))
            why += f"; {changed or 'kept if that ends on the same picture'}"
        return Choice(Decision.WAITS, why)

    def _older_take(self, shot: Shot) -> Take | None:
        """The newest take of the shot that has landed, else the newest."""
        takes = [take for take in self._on_hand.of_shot(self._project, shot.id) if take.state is not State.WITHDRAWN]
        return max(takes, key=lambda take: (take.state is State.VERIFIED, take.slate.number), default=None)

    def _look_of(self, shot: Shot) -> str:
        scenes = self._films[shot.id].scenes
        return next((scene.look for scene in scenes if scene.id == shot.scene), "")

    def _planned(
        self,
        shot: Shot,
        request: TakeRequest,
        choice: Choice,
        *,
        waits_for: str | None = None,
        circled: str | None = None,
    ) -> PlannedShot:
        if retake := choice.retake:
            request = retake.request
        return PlannedShot(
            shot=shot.id,
            slate=str(choice.slate or self._on_hand.next_slate(self._project, shot.id)),
            decision=choice.decision,
            why=choice.why,
            request=request,
            fingerprint=request.fingerprint,
            credits=CREDITS_A_SHOT[request.resolution] if choice.decision in PRICED else 0,
            circled=circled,
            is_retake=retake is not None,
            note=retake.note if retake else "",
            instead_of=str(choice.instead_of) if choice.instead_of else None,
            continues=shot.continues,
            waits_for=waits_for,
            made_of=shot.made_of,
        )


def _anchors_first(shots: Mapping[str, Shot]) -> list[Shot]:
    """In film order, but each after the shot that it continues; the compiler lets no circle through."""
    anchors = {shot.id: shot.continues.shot for shot in shots.values() if shot.continues}

    def hops(shot: Shot) -> int:
        count, at = 0, shot.id
        while at in anchors and count < len(anchors):
            count, at = count + 1, anchors[at]
        return count

    return sorted(shots.values(), key=hops)


def _shared(shot: Shot, twin: PlannedShot) -> PlannedShot:
    return twin.model_copy(
        update={
            "shot": shot.id,
            "decision": Decision.REUSE if twin.decision in PAID else twin.decision,
            "why": f"the same request as {twin.shot}",
            "credits": 0,
            "instead_of": None,
            "continues": shot.continues,
            "made_of": shot.made_of,
        }
    )


def _left_out(row: PlannedShot) -> PlannedShot:
    return row.model_copy(update={"decision": Decision.SKIP, "credits": 0, "why": "not selected", "instead_of": None})


def part_of(plan: Plan, film: Storyboard) -> Plan:
    """The rows of one film, and what its clips would cost that are there or come from another."""
    shots = {shot.id for shot in film.shots}
    rows = tuple(row for row in plan.shots if row.shot in shots)
    return plan.model_copy(update={"shots": rows, "credits_saved": saved_by(rows)})


def saved_by(rows: Sequence[PlannedShot]) -> int:
    """What the reused shots would have cost."""
    return sum(CREDITS_A_SHOT[row.request.resolution] for row in rows if row.decision is Decision.REUSE)
