"""One project from its storyboard to its film: which stage follows which, and what a run ends with.

Picks no implementation (`app` does) and prints nothing (`cli` does). Each landed clip is handed to the film maker at
once, so that its spans are encoded while other shots are still being generated.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from pipeline.digest import ContentHash, hash_file
from pipeline.edit import assemble_timeline, look_at_own_files
from pipeline.errors import (
    AnswerInDoubtError,
    FingerprintTakenError,
    PublishError,
    StoppedError,
    StoryboardError,
    StoryreelError,
    UsageError,
)
from pipeline.host import read_made, write_whole
from pipeline.media.threads import in_thread
from pipeline.model.circle import Circle
from pipeline.model.delivery import Film
from pipeline.model.media import FileKind, Media
from pipeline.model.plan import PAID, Decision, Plan, PlannedShot
from pipeline.model.seam import ClipMeasures
from pipeline.model.storyboard import Card, Mend, Shot, Storyboard
from pipeline.model.take import Event, State, Take
from pipeline.model.timeline import Timeline
from pipeline.planner.forecast import Pace
from pipeline.planner.on_hand import ON_ITS_WAY, TakesOnHand
from pipeline.planner.plan import plan_film
from pipeline.planner.requests import first_picture
from pipeline.ports import ClipMeter, Clock, Ledger, Pictures, TakeStore
from pipeline.project import FilmPaths, ProjectPaths, World
from pipeline.render.platforms import broken_by_film, broken_by_timeline
from pipeline.shoot.policy import Policy
from pipeline.shoot.runner import Doors, Runner, Terms, nothing_follows
from pipeline.shoot.start import open_rows, open_takes
from pipeline.shortfall import Missing, why_missing

if TYPE_CHECKING:  # heavy, and a plan needs no film
    from pipeline.render.film import FilmMaker, RenderProgress


LEAVES_MORE_TO_DO: Final = (AnswerInDoubtError, FingerprintTakenError)
"""What may stop a runner while a new plan still finds something to do."""


class Watcher(Protocol):
    """Who is told how a production goes on; every call returns at once."""

    def planned(self, plan: Plan) -> None: ...

    def take_changed(self, take: Take, event: Event | None) -> None: ...

    def rendering(self, progress: RenderProgress) -> None: ...

    def note(self, sentence: str) -> None: ...


class OwnFiles(Protocol):
    """What the author's own files hold, looked at once a content."""

    def look_at(self, path: Path, kind: FileKind = FileKind.CLIP) -> Media:
        """Raises MediaError or MachineError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a production came to.

    Attributes:
        is_new: False when the film was there already.
        beside: the same film in other shapes, each with nothing beside it.
        failures: why some of those beside it were not made.
    """

    timeline: Timeline
    film: Film
    paths: FilmPaths
    is_new: bool
    beside: tuple[Made, ...] = ()
    failures: tuple[StoryreelError, ...] = ()

    @property
    def has_news(self) -> bool:
        """Whether this film, or one beside it, was made now."""
        return any(each.is_new for each in (self, *self.beside))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """There is no film yet: `missing` are the shots that have no clip, and that this run was not to shoot."""

    timeline: Timeline
    missing: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Production:
    """One run of one project; its lock is held by the caller.

    Attributes:
        only: the shots that may be paid for; None: all.
        circles: the takes that the author has chosen, by shot.
        connect: opens the doors of shooting for as long as they are needed; never when nothing is to be shot.
        film_maker: made for this project.
        meter: measures what has landed, so that its picture can be mended; None: nobody does.
    """

    storyboard: Storyboard
    project: ProjectPaths
    ledger: Ledger
    store: TakeStore
    pictures: Pictures
    own_files: OwnFiles
    film_maker: FilmMaker
    connect: Callable[[], AbstractAsyncContextManager[Doors]]
    key_id: str
    world: World
    policy: Policy
    clock: Clock
    watcher: Watcher
    meter: ClipMeter | None = None
    only: Collection[str] | None = None
    circles: Mapping[str, Circle] = field(default_factory=dict)
    _runner: Runner | None = field(init=False, default=None)
    _rows: Sequence[PlannedShot] = field(init=False, default=())  # of the newest plan
    _cap: int | None = field(init=False, default=None)  # of the plan that is carried out
    _whole: set[ContentHash] = field(init=False, default_factory=set)  # clips that this run has looked at or fetched
    _seen: dict[ContentHash, ClipMeasures] = field(init=False, default_factory=dict)  # of clips
    _is_interrupted: bool = field(init=False, default=False)

    def plan(self) -> Plan:
        """What this run would do now; kept as `build/plan.json`."""
        plan = plan_film(self.storyboard, self._on_hand(), only=self.only)
        write_whole(self.project.plan_path, plan.to_json().encode())
        self._rows = plan.shots
        return plan

    def _on_hand(self) -> TakesOnHand:
        pace = pace_of(self.ledger, self.key_id, self.policy, self.clock.now())
        return takes_on_hand(self.ledger, self.store, self.pictures, self.world, self.circles, pace)

    def interrupt(self) -> bool:
        """Start nothing more; a request under way is waited for. False if there is nothing to wait for."""
        if self._runner is None or self._is_interrupted:
            return False
        self._is_interrupted = True
        if self._runner.is_sending:
            self.watcher.note("Waiting for an answer that may cost credits. Ctrl-C again leaves it in doubt.")
        self._runner.drain()
        return True

    async def produce(self, plan: Plan) -> Made | Unfinished:
        """Shoot what the plan says, within its cap, then cut the film; one that is there and up to date is left alone.

        Raises:
            StoryreelError: the film could not be made; what has landed stays landed.
            StoppedError: after `interrupt`.
        """
        media = own_media(self.storyboard, self.project, self.own_files)
        self._cap = plan.cap
        planned = assemble_timeline(self.storyboard, media)  # what cannot be cut is told before anything is paid for
        self._tell_limits(planned)
        plan = await self._without_damage(plan)
        self.watcher.planned(plan)
        stopped_by = None
        try:
            if self._to_do(plan):
                stopped_by = await self._shoot(plan, media)
            landed, missing = self._landed()
            media = {**media, **landed}
            seen = await in_thread(self._measure, media)
            timeline = assemble_timeline(self.storyboard, media, seen)
            write_whole(self.project.timeline_path, timeline.to_json().encode())
            wanted = [(row, take) for row, take in missing if self._is_meant(row)]
            if missing and (stopped_by or wanted):
                raise stopped_by or why_missing(wanted)
            if missing:
                return Unfinished(timeline=timeline, missing=tuple(row.shot for row, _ in missing))
            return await self._cut(timeline)
        finally:
            await self.film_maker.close()

    async def _without_damage(self, plan: Plan) -> Plan:
        """The plan, where a clip that was damaged in the store is fetched again, which costs nothing.

        Each is looked at once a run: at the start, or when a shot that waited finds that its clip is there.
        """
        takes = {str(take.slate): take for take in self.ledger.takes()}
        damaged = False
        for row in plan.decided(Decision.REUSE):
            sha256 = takes[row.slate].sha256 if row.slate in takes else None
            if sha256 is None or sha256 in self._whole:
                continue
            self._whole.add(sha256)  # by now, or else once it is fetched again
            if await asyncio.to_thread(self.store.set_damaged_aside, sha256):
                self.watcher.note(f"{row.shot}: its clip was damaged in the store; it is fetched again.")
                damaged = True
        return self.plan() if damaged else plan

    async def _shoot(self, plan: Plan, media: dict[str, Media]) -> StoryreelError | None:
        """Run until no take wants anything more; grants may open further takes. Returns why it stopped, if it did."""
        tried: set[str] = set()
        stopped_by: StoryreelError | None = None
        async with self.connect() as doors:
            while to_do := self._to_do(plan) - tried:
                tried |= to_do
                refused = await self._publish_pictures(plan, doors)
                runner = self._runner = self._runner_for(plan, doors, media, may_pay=refused is None)
                await runner.run()
                self._runner = None
                if self._is_interrupted:
                    raise StoppedError
                stopped_by = refused or runner.stopped_by
                if stopped_by and not isinstance(stopped_by, LEAVES_MORE_TO_DO):
                    break
                plan = await self._without_damage(self.plan())
        return stopped_by

    def _to_do(self, plan: Plan) -> set[str]:
        """The slates that a run works on: the plan's, and what was paid for though no shot asks for it any more."""
        paid = (take.slate for take in self.ledger.takes(plan.project) if take.state in ON_ITS_WAY)
        return {row.slate for row in plan.decided(*PAID, Decision.RESUME)} | {str(slate) for slate in paid}

    def _is_meant(self, row: PlannedShot) -> bool:
        return self.only is None or row.shot in self.only

    async def _publish_pictures(self, plan: Plan, doors: Doors) -> PublishError | None:
        """Publish before anything is paid. Returns why nothing may be; what was paid before is fetched all the same."""
        try:
            await doors.addresses.prepare(plan)
        except PublishError as error:
            return error
        return None

    def _runner_for(self, plan: Plan, doors: Doors, media: dict[str, Media], *, may_pay: bool) -> Runner:
        def watch(take: Take, event: Event | None) -> None:
            self.watcher.take_changed(take, event)
            if take.state is State.VERIFIED and take.media is not None:
                if event is not None:
                    self._whole.add(take.media.sha256)
                shots = [row.shot for row in self._rows if row.film_slate == str(take.slate)]
                media.update(dict.fromkeys(shots, take.media))
                self._hand_on(media)

        async def follow(landed: Take) -> Sequence[Take]:
            return await self._takes_after(landed, doors)

        terms = Terms(
            key_id=self.key_id,
            cap=self._cap,
            shots_per_request=plan.shots_per_request,
            policy=self.policy,
            world=self.world,
        )
        rows = plan.decided(Decision.RESUME, *(PAID if may_pay else ()))
        takes = open_takes(rows, plan.project, self.ledger, doors.clock.now())
        return Runner(takes, doors, terms, watch, follow if may_pay else nothing_follows, self.watcher.note)

    async def _takes_after(self, landed: Take, doors: Doors) -> Sequence[Take]:
        """Open the takes of shots that waited for this clip. A picture without an address holds up no other shot."""
        if not any(row.decision is Decision.WAITS for row in self._rows):
            return ()
        await asyncio.to_thread(self._take_out_frames, landed, self._on_hand())
        waiting = {row.shot for row in self._rows if row.decision is Decision.WAITS}
        rows = [row for row in self.plan().decided(*PAID, Decision.RESUME) if row.shot in waiting]
        ready = []
        for row in rows:
            try:
                await doors.addresses.publish(row)
                ready.append(row)
            except PublishError as error:
                self.watcher.note(f"{row.shot} cannot be shot: {error}")
        return open_rows(ready, self.ledger, doors.clock.now())

    def _take_out_frames(self, landed: Take, on_hand: TakesOnHand) -> None:
        """Let the frames be at hand that the next plan asks for: decoding takes a while, and is done in a thread."""
        shots = {shot.id: shot for shot in self.storyboard.shots}
        landed_shots = {row.shot for row in self._rows if row.film_slate == str(landed.slate)}
        for shot in shots.values():
            if shot.continues and shot.continues.shot in landed_shots:
                first_picture(shot, shots[shot.continues.shot], landed, on_hand)

    def _hand_on(self, media: Mapping[str, Media]) -> None:
        """Let the spans be made whose clips are here. A clip that does not fit its joins is told when all are here."""
        with suppress(StoryboardError):
            for timeline, _ in self._films(assemble_timeline(self.storyboard, media, self._known(media))):
                self.film_maker.clips_landed(timeline)

    def _tell_limits(self, timeline: Timeline) -> None:
        for shaped, paths in self._films(timeline):
            for broken in broken_by_timeline(shaped):
                self.watcher.note(f"{paths.path.name}: {broken}")

    def _films(self, timeline: Timeline) -> list[tuple[Timeline, FilmPaths]]:
        """The film, and what is to be made beside it in other shapes."""
        beside = self.storyboard.films[1:]
        shaped = [(timeline.shaped(each), self.project.film_in(each.shape.suffix)) for each in beside]
        return [(timeline, self.project.film), *shaped]

    def _known(self, media: Mapping[str, Media]) -> dict[ContentHash, ClipMeasures]:
        """What is measured already: a clip that has just landed is, and no other holds the run up for it."""
        for clip in media.values() if self.meter else ():
            if clip.sha256 not in self._seen and (known := self.meter.known(clip.sha256) if self.meter else None):
                self._seen[clip.sha256] = known
        return self._seen

    def _measure(self, media: Mapping[str, Media]) -> dict[ContentHash, ClipMeasures]:
        """All that mends are decided by. Raises MediaError, MachineError."""
        if self.meter:
            self._seen |= measure_for_mends(self.storyboard, media, self.project, self.meter)
        return self._seen

    async def _cut(self, timeline: Timeline) -> Made:
        """Every film for itself: what goes wrong with one is told when the others are made."""
        films, failures = [], []
        for shaped, paths in self._films(timeline):
            try:
                films.append(await self._finish(shaped, paths))
            except StoryreelError as error:
                self.watcher.note(f"{paths.path.name} was not made: {error}")
                failures.append(error)
        if not films or films[0].timeline is not timeline:
            raise failures[0]
        return replace(films[0], beside=tuple(films[1:]), failures=tuple(failures))

    async def _finish(self, timeline: Timeline, paths: FilmPaths) -> Made:
        if film := delivered_film(paths, timeline):
            return Made(timeline=timeline, film=film, paths=paths, is_new=False)
        film = await self.film_maker.finish(timeline, paths.path, self.watcher.rendering)
        film = film.model_copy(update={"made_from": timeline.fingerprint})
        write_whole(paths.document_path, film.to_json().encode())
        for broken in broken_by_film(film, timeline.platform):
            self.watcher.note(f"{paths.path.name}: {broken}")
        return Made(timeline=timeline, film=film, paths=paths, is_new=True)

    def _landed(self) -> tuple[dict[str, Media], list[Missing]]:
        """The media of the shots that have landed, and the shots that have not."""
        takes = {str(take.slate): take for take in self.ledger.takes()}
        landed: dict[str, Media] = {}
        missing: list[Missing] = []
        for row in self.plan().shots:
            take = takes.get(row.slate)
            if row.decision is Decision.REUSE and take and take.media:
                landed[row.shot] = take.media
            else:
                missing.append((row, take))
        return landed, missing


def own_media(storyboard: Storyboard, project: ProjectPaths, own_files: OwnFiles) -> dict[str, Media]:
    """What the author's own files hold, as `assemble_timeline` asks for it. Raises StoryboardError."""
    return look_at_own_files(storyboard, lambda own: own_files.look_at(project.root / own.file, own.kind))


def measure_for_mends(
    storyboard: Storyboard,
    media: Mapping[str, Media],
    project: ProjectPaths,
    meter: ClipMeter,
    *,
    all_footage: bool = False,
) -> dict[ContentHash, ClipMeasures]:
    """What was measured of each shot that has landed, and of footage that is to be cropped.

    Args:
        all_footage: of all other footage, too, for those who ask how its joins are.

    Raises:
        MediaError: a clip does not decode.
        MachineError: the disk does not let it.
    """
    seen = {}
    for item in storyboard.items:
        clip = media.get(item.id)
        if clip is None or isinstance(item, Card):
            continue
        if isinstance(item, Shot):
            seen[clip.sha256] = meter.measure(clip)
        elif all_footage or Mend.BARS in item.mend.kept:
            seen[clip.sha256] = meter.measure(clip, project.root / item.file)
    return seen


def pace_of(ledger: Ledger, key_id: str, policy: Policy, now: datetime) -> Pace:
    """How soon the key may shoot."""
    return Pace(policy=policy, now=now, calls=ledger.calls_in(key_id=key_id, since=now - policy.window.span))


def takes_on_hand(
    ledger: Ledger, store: TakeStore, pictures: Pictures, world: World, circles: Mapping[str, Circle], pace: Pace
) -> TakesOnHand:
    """What planning needs to know of the ledger, the store and the project's pictures."""
    takes = ledger.takes()
    sizes = {take.sha256: take.size_bytes for take in takes}
    return TakesOnHand(
        takes=takes,
        has_file=lambda sha256: store.has(sha256, sizes.get(sha256)),
        late_frame=pictures.of_frame,
        picture=pictures.of_file,
        circles=circles,
        pace=pace,
        world=world,
    )


def delivered_film(paths: FilmPaths, timeline: Timeline | None) -> Film | None:
    """The film that stands there, if it is whole and (where a timeline is given) was made from it."""
    try:
        film = Film.from_json(read_made(paths.document_path))
        is_whole = hash_file(paths.path) == film.sha256
    except (OSError, UsageError):
        return None
    is_current = timeline is None or film.made_from == timeline.fingerprint
    return film if is_whole and is_current else None
