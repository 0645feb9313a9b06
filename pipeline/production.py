"""The films of one project, from their storyboards to their files: which stage follows which, and how each film ends.

Picks no implementation (`app` does) and prints nothing (`cli` does). One plan and one runner serve all films. Each clip
that lands is handed to the films that use it (`cutting`); a film whose clips are all here is finished at once, while
others are still being shot. What goes wrong with one film holds up none but itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Final, Protocol

from pipeline.cutting import Cutting, Made
from pipeline.digest import ContentHash
from pipeline.errors import AnswerInDoubtError, FingerprintTakenError, PublishError, StoppedError, StoryreelError
from pipeline.holdings import pace_of, takes_on_hand
from pipeline.host import write_whole
from pipeline.model.circle import Circle
from pipeline.model.media import Media
from pipeline.model.plan import PAID, PRICED, Decision, Plan, PlannedShot
from pipeline.model.take import Event, State, Take
from pipeline.model.timeline import Timeline
from pipeline.planner.agreement import within
from pipeline.planner.on_hand import ON_ITS_WAY, TakesOnHand
from pipeline.planner.plan import plan_films
from pipeline.planner.requests import first_picture
from pipeline.ports import Clock, Ledger, Pictures, TakeStore
from pipeline.project import ProjectPaths, World
from pipeline.shoot.policy import Policy
from pipeline.shoot.runner import Doors, Runner, Terms
from pipeline.shoot.start import open_rows, open_takes, take_back_clips
from pipeline.shortfall import Missing, why_missing

LEAVES_MORE_TO_DO: Final = (AnswerInDoubtError, FingerprintTakenError)
"""What may stop a runner while a new plan still finds something to do."""

FINISHED_AT_ONCE: Final = 2
"""So many films are put together side by side: while the sound of one is made, the picture of another is."""


class Watcher(Protocol):
    """Who is told how a production goes on; every call returns at once."""

    def planned(self, plan: Plan) -> None: ...

    def take_changed(self, take: Take, event: Event | None) -> None: ...

    def note(self, sentence: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """There is no film yet: `missing` are the shots that have no clip, and that this run was not to shoot."""

    timeline: Timeline
    missing: tuple[str, ...]


Outcome = Made | Unfinished | StoryreelError
"""What a film came to; an error says why there is none."""


Ended = Callable[[str, Outcome], Awaitable[None]]


async def nothing_else(_name: str, _outcome: Outcome) -> None: ...


@dataclass(slots=True, kw_only=True)
class Production:
    """One run of one project; its lock is held by the caller.

    Attributes:
        films: in their order, by name; the first come out first.
        only: the shots that may be paid for; None: all.
        circles: the takes that the author has chosen, by shot.
        connect: opens the doors of shooting for as long as they are needed; never when nothing is to be shot.
        ended: what is done with a film as soon as it has come to its end. Its error is the film's.
        outcomes: how the films have ended so far.
    """

    films: Mapping[str, Cutting]
    project: ProjectPaths
    ledger: Ledger
    store: TakeStore
    pictures: Pictures
    connect: Callable[[], AbstractAsyncContextManager[Doors]]
    key_id: str
    world: World
    policy: Policy
    clock: Clock
    watcher: Watcher
    only: Collection[str] | None = None
    circles: Mapping[str, Circle] = field(default_factory=dict)
    ended: Ended = nothing_else
    outcomes: dict[str, Outcome] = field(init=False, default_factory=dict)
    _runner: Runner | None = field(init=False, default=None)
    _rows: dict[str, PlannedShot] = field(init=False, default_factory=dict)  # by shot, of the newest plan
    _shots_of: dict[str, list[str]] = field(init=False, default_factory=dict)  # of these, by the slate they show
    _film_of: dict[str, str] = field(init=False, default_factory=dict)  # by shot
    _order: dict[str, int] = field(init=False, default_factory=dict)  # the places of films
    _begun: Plan | None = field(init=False, default=None)  # the plan that is carried out
    _whole: set[ContentHash] = field(init=False, default_factory=set)  # clips that this run has looked at or fetched
    _refused: dict[str, StoryreelError] = field(init=False, default_factory=dict)  # films that may not be paid for
    _finishing: dict[str, asyncio.Task[None]] = field(init=False, default_factory=dict)
    _turns: asyncio.Semaphore = field(init=False, default_factory=lambda: asyncio.Semaphore(FINISHED_AT_ONCE))
    _is_interrupted: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self._film_of = {shot.id: name for name, film in self.films.items() for shot in film.storyboard.shots}
        self._order = {name: place for place, name in enumerate(self.films)}

    def plan(self) -> Plan:
        """What this run would do now, with the clips that are back in the store; kept as `build/plan.json`."""
        take_back_clips(self.ledger, self.project.name, self.store, self.clock.now())
        plan = self._planned(self.films)
        write_whole(self.project.plan_path, plan.to_json().encode())
        return plan

    def _planned(self, films: Iterable[str]) -> Plan:
        plan = plan_films({name: self.films[name].storyboard for name in films}, self._on_hand(), only=self.only)
        plan = within(self._begun, plan) if self._begun else plan
        self._rows.update((row.shot, row) for row in plan.shots)
        self._shots_of.clear()
        for row in self._rows.values():
            self._shots_of.setdefault(row.film_slate, []).append(row.shot)
        return plan

    def _on_hand(self) -> TakesOnHand:
        pace = pace_of(self.ledger, self.key_id, self.policy, self.clock.now())
        return takes_on_hand(self.ledger, self.store, self.pictures, self.project, self.world, self.circles, pace)

    @property
    def is_sending(self) -> bool:
        """Whether an answer is waited for that is money."""
        return self._runner is not None and self._runner.is_sending

    def interrupt(self) -> bool:
        """Start nothing more; a request under way is waited for. False if there is nothing to wait for."""
        if self._runner is None or self._is_interrupted:
            return False
        self._is_interrupted = True
        if self.is_sending:
            self.watcher.note("Waiting for an answer that may cost credits. Ctrl-C again leaves it in doubt.")
        self._runner.drain()
        return True

    async def produce(self, plan: Plan) -> dict[str, Outcome]:
        """Shoot what the plan has a price for, within its cap, then cut the films; one that is there is left alone.

        Raises:
            StoryboardError: a film cannot be cut; nothing was sent.
            MachineError: the ledger or the store cannot be used; `outcomes` has the films that had ended by then.
            StoppedError: after `interrupt`.
        """
        self._begun = plan
        for film in self.films.values():
            film.prepare()
        plan = await self._without_damage(plan)
        self.watcher.planned(plan)
        stopped_by = None
        try:
            if self._to_do(plan):
                stopped_by = await self._shoot(plan)
            await self._end_all(stopped_by)
        finally:
            await self._close()
        return {name: self.outcomes[name] for name in self.films}

    async def produce_film(self, plan: Plan) -> Made | Unfinished:
        """The same, for a project of one film.

        Raises:
            StoryreelError: there is no film; what has landed stays landed.
        """
        (outcome,) = (await self.produce(plan)).values()
        if isinstance(outcome, StoryreelError):
            raise outcome
        return outcome

    async def _without_damage(self, plan: Plan) -> Plan:
        """The plan, where a clip that is damaged in the store or gone from it is fetched again, which costs nothing.

        Each is looked at once a run: at the start, or when a shot that waited finds that its clip is there.
        """
        takes = {str(take.slate): take for take in self.ledger.takes()}
        is_changed = False
        for row in plan.decided(Decision.REUSE):
            sha256 = takes[row.slate].sha256 if row.slate in takes else None
            if sha256 is None or sha256 in self._whole:
                continue
            self._whole.add(sha256)  # by now, or else once it is fetched again
            if await asyncio.to_thread(self.store.set_damaged_aside, sha256):
                self.watcher.note(f"{row.shot}: its clip was damaged in the store; it is fetched again.")
            is_changed |= not self.store.has(sha256)  # or another run has set it aside since this one planned
        return self.plan() if is_changed else plan

    async def _shoot(self, plan: Plan) -> StoryreelError | None:
        """Run until no take wants anything more; grants may open further takes. Returns why it stopped, if it did."""
        tried: set[str] = set()
        stopped_by: StoryreelError | None = None
        self._land(self._landed(plan)[0])
        async with self.connect() as doors:
            while to_do := self._to_do(plan) - tried:
                tried |= to_do
                self._refused = await self._publish_pictures(plan, doors)
                runner = self._runner = self._runner_for(plan, doors)
                await runner.run()
                self._runner = None
                if self._is_interrupted:
                    raise StoppedError
                stopped_by = runner.stopped_by
                if stopped_by and not isinstance(stopped_by, LEAVES_MORE_TO_DO):
                    break
                if len(self._refused) == len(self.films):
                    break
                plan = await self._without_damage(self.plan())
        return stopped_by

    def _to_do(self, plan: Plan) -> set[str]:
        """The slates that a run works on: the plan's, and what was paid for though no shot asks for it any more."""
        paid = (take.slate for take in self.ledger.takes(plan.project) if take.state in ON_ITS_WAY)
        return {row.slate for row in plan.decided(*PAID, Decision.RESUME)} | {str(slate) for slate in paid}

    async def _publish_pictures(self, plan: Plan, doors: Doors) -> dict[str, StoryreelError]:
        """Publish before anything is paid. Returns the films that may not be paid for, and why.

        What was paid before is fetched all the same.
        """
        refused: dict[str, StoryreelError] = {}
        for name in self.films:
            rows = tuple(row for row in plan.shots if self._film_of[row.shot] == name)
            try:
                await doors.addresses.prepare(plan.model_copy(update={"shots": rows}))
            except PublishError as error:
                refused[name] = error
        return refused

    def _may_pay(self, row: PlannedShot) -> bool:
        return self._film_of[row.shot] not in self._refused

    def _runner_for(self, plan: Plan, doors: Doors) -> Runner:
        def watch(take: Take, event: Event | None) -> None:
            self.watcher.take_changed(take, event)
            if take.state is State.VERIFIED and take.media is not None and event is not None:
                self._whole.add(take.media.sha256)
                self._land(dict.fromkeys(self._shots_of.get(str(take.slate), ()), take.media))

        async def follow(landed: Take) -> Sequence[Take]:
            return await self._takes_after(landed, doors)

        terms = Terms(
            key_id=self.key_id,
            cap=self._begun.most_spent if self._begun else None,
            shots_per_request=plan.shots_per_request,
            policy=self.policy,
            world=self.world,
        )
        rows = [*plan.decided(Decision.RESUME), *filter(self._may_pay, plan.decided(*PAID))]
        takes = open_takes(rows, plan.project, self.ledger, doors.clock.now())
        return Runner(takes, doors, terms, watch, follow, self.watcher.note, self._rank)

    def _rank(self, take: Take) -> int:
        """The first films first: a shot that waited for another's clip is sent before those of later films."""
        shots = self._shots_of.get(str(take.slate))
        return self._order[self._film_of[shots[0]]] if shots else len(self._order)

    async def _takes_after(self, landed: Take, doors: Doors) -> Sequence[Take]:
        """Open the takes of shots that waited for this clip. A picture without an address holds up no other shot.

        Only their films are planned anew: a season has too many for one landed clip.
        """
        waiting = {row.shot: row for row in self._rows.values() if self._waits_for(row, landed)}
        if not waiting:
            return ()
        await asyncio.to_thread(self._take_out_frames, waiting, landed, self._on_hand())
        plan = self._planned(dict.fromkeys(self._film_of[shot] for shot in waiting))
        ready = []
        for row in plan.decided(*PAID, Decision.RESUME):
            if row.shot not in waiting or not self._may_pay(row):
                continue
            try:
                await doors.addresses.publish(row)
                ready.append(row)
            except PublishError as error:
                self.watcher.note(f"{row.shot} cannot be shot: {error}")
        return open_rows(ready, self.ledger, doors.clock.now())

    def _waits_for(self, row: PlannedShot, landed: Take) -> bool:
        anchor = self._rows.get(row.waits_for or "")
        return row.decision is Decision.WAITS and anchor is not None and anchor.film_slate == str(landed.slate)

    def _take_out_frames(self, waiting: Iterable[str], landed: Take, on_hand: TakesOnHand) -> None:
        """Let the frames be at hand that the next plan asks for: decoding takes a while, and is done in a thread."""
        for name in waiting:
            shots = {shot.id: shot for shot in self.films[self._film_of[name]].storyboard.shots}
            if continues := shots[name].continues:
                first_picture(shots[name], shots[continues.shot], landed, on_hand)

    def _land(self, clips: Mapping[str, Media]) -> None:
        """Hand clips on to their films, by shot; a film that has all of its clips is finished."""
        for name in dict.fromkeys(self._film_of[shot] for shot in clips):
            film = self.films[name]
            film.land({shot: clip for shot, clip in clips.items() if self._film_of[shot] == name})
            if film.is_complete and name not in self._finishing:
                self._finishing[name] = asyncio.create_task(self._finish(name, film.clips))

    async def _end_all(self, stopped_by: StoryreelError | None) -> None:
        """Bring each film to its end, as the takes stand now."""
        await asyncio.gather(*self._finishing.values())
        landed, missing = self._landed(self.plan())
        for name, film in self.films.items():
            clips = {shot.id: landed[shot.id] for shot in film.storyboard.shots if shot.id in landed}
            gaps = [(row, take) for row, take in missing if self._film_of[row.shot] == name]
            if name not in self.outcomes or film.clips != clips:
                self._finishing[name] = asyncio.create_task(self._end(name, clips, gaps, stopped_by))
        await asyncio.gather(*self._finishing.values())

    async def _end(
        self, name: str, clips: Mapping[str, Media], gaps: Sequence[Missing], stopped_by: StoryreelError | None
    ) -> None:
        if not gaps:
            await self._finish(name, clips)
            return
        reason = self._refused.get(name) or (stopped_by if _were_to_come(gaps) else None)
        wanted = [(row, take) for row, take in gaps if self.only is None or row.shot in self.only]
        try:
            timeline = await self.films[name].lay_out(clips)
            outcome: Outcome = Unfinished(timeline=timeline, missing=tuple(row.shot for row, _ in gaps))
            if reason or wanted:
                outcome = why_missing(wanted, reason)
        except StoryreelError as error:
            outcome = reason or error
        await self._tell_end(name, outcome)

    async def _finish(self, name: str, clips: Mapping[str, Media]) -> None:
        film = self.films[name]
        async with self._turns:
            try:
                outcome: Outcome = await film.finish(await film.lay_out(clips))
            except StoryreelError as error:
                outcome = error
            await self._tell_end(name, outcome)

    async def _tell_end(self, name: str, outcome: Outcome) -> None:
        self.outcomes[name] = outcome
        try:
            await self.ended(name, outcome)
        except StoryreelError as error:
            self.outcomes[name] = outcome if isinstance(outcome, StoryreelError) else error
        await self.films[name].close()

    async def _close(self) -> None:
        """Leave nothing running."""
        for task in self._finishing.values():
            task.cancel()
        await asyncio.gather(*self._finishing.values(), return_exceptions=True)
        for film in self.films.values():
            await film.close()

    def _landed(self, plan: Plan) -> tuple[dict[str, Media], list[Missing]]:
        """The media of the shots that have landed, and the shots that have not."""
        takes = {str(take.slate): take for take in self.ledger.takes()}
        landed: dict[str, Media] = {}
        missing: list[Missing] = []
        for row in plan.shots:
            take = takes.get(row.slate)
            if row.decision is Decision.REUSE and take and take.media:
                landed[row.shot] = take.media
            else:
                missing.append((row, take or takes.get(row.instead_of or "")))
        return landed, missing


def _were_to_come(gaps: Sequence[Missing]) -> bool:
    """Whether more would have come if nothing had stopped the run."""
    return any(row.decision in (*PRICED, Decision.RESUME) for row, _ in gaps)
