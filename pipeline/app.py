"""The composition root: the only module that picks implementations and wires them together.

What a command does stands here once, as a function that takes values and returns values; `cli` parses and prints.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.access import NO_VENDOR, UNASKED, Access
from pipeline.compiler import Compiled, read_sources
from pipeline.compiler.cell import Cell
from pipeline.edit import assemble_timeline
from pipeline.edit.own_files import own_files
from pipeline.errors import (
    MachineError,
    MoneyError,
    StoppedError,
    StoryboardError,
    StoryreelError,
    UsageError,
)
from pipeline.host import SystemClock, SystemDice, hold_project, take_turn, write_whole
from pipeline.mandate import Mandate
from pipeline.media.letters import check_letters
from pipeline.media.prompt_pictures import PromptPictures
from pipeline.model.delivery import Film
from pipeline.model.plan import Plan
from pipeline.model.storyboard import Budget, Storyboard
from pipeline.model.take import CHARGED, State, Take
from pipeline.model.timeline import Clip, LogoOverlay, MusicTrack, NarrationTrack, Timeline
from pipeline.planner.on_hand import TakesOnHand
from pipeline.planner.plan import plan_film
from pipeline.ports import Publisher
from pipeline.production import Made, Production, Unfinished, Watcher, delivered_film, own_media, takes_on_hand
from pipeline.project import ProjectPaths, StorePaths, Workspace, World
from pipeline.publication import Publication, publish_all, remember, wanted_pictures
from pipeline.publish.settings import Manual, memory_of, publisher_of, read_workspace_file
from pipeline.render.encoding import SETTINGS, EncodeSettings
from pipeline.settings import Settings
from pipeline.shoot.addresses import Addresses
from pipeline.shoot.lifecycle import advance
from pipeline.shoot.policy import Policy
from pipeline.shoot.resolve import Word, check_answer_is_over, event_for
from pipeline.shoot.runner import Doors
from pipeline.shoot.start import settle_leftovers

if TYPE_CHECKING:  # and late where they are used: SQLAlchemy, httpx, PyAV and numpy take longer than most commands
    from pipeline.ledger.journal import SqliteLedger
    from pipeline.media.store import ClipStore
    from pipeline.preview import Previewed, Previewer
    from pipeline.render.film import FilmMaker
    from pipeline.review.looks import Looks

PREVIEW_BYTES: Final = 1_000_000_000
"""What previews may keep of clips and spans: some 200 changed shots."""

PREVIEW_STAYS: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One project, and how this command looks at it.

    Attributes:
        variables: `--var` on the command line; they win over project.yaml.
        budget: fields of the budget that the command line sets anew.
        mandate: what it may pay for.
    """

    settings: Settings
    workspace: Workspace
    project: ProjectPaths
    access: Access
    variables: Mapping[str, str]
    budget: Mapping[str, int]
    mandate: Mandate = field(default_factory=Mandate)

    @property
    def store(self) -> StorePaths:
        return self.workspace.store(self.access.world)

    @property
    def policy(self) -> Policy:
        return Policy().scaled(self.access.speed)


def compile_project(job: Job) -> Compiled:
    """The project's storyboard, kept as `build/storyboard.json`. Raises StoryboardError with all findings."""
    with Cell() as cell:  # starts while the texts are read
        return _compile(job, cell)


def _compile(job: Job, cell: Cell) -> Compiled:
    compiled = cell.compile(read_sources(job.project, job.workspace.templates_dir), job.variables)
    storyboard = compiled.storyboard
    if job.budget:
        budget = Budget.model_validate({**storyboard.budget.model_dump(), **job.budget})
        storyboard = storyboard.model_copy(update={"budget": budget})
    with _quoting(job):
        check_letters(storyboard)
    write_whole(job.project.storyboard_path, storyboard.to_json().encode())
    return replace(compiled, storyboard=storyboard)


def check_project(job: Job) -> Compiled:
    """Compile, and lay the film out with the author's own files as they really are. Raises StoryboardError."""
    compiled = compile_project(job)
    if any(own_files(compiled.storyboard)):
        from pipeline.media.library import Library  # heavy

        with _quoting(job):
            media = own_media(compiled.storyboard, job.project, Library(job.store))
            assemble_timeline(compiled.storyboard, media)
    return compiled


@contextmanager
def _quoting(job: Job) -> Iterator[None]:
    """Let findings of the cut quote the lines that they are about, as the compiler's do; the cut knows no text."""
    try:
        yield
    except StoryboardError as error:
        sources = read_sources(job.project, job.workspace.templates_dir)
        raise StoryboardError(
            [
                finding.model_copy(update={"excerpt": finding.excerpt or sources.line(finding.source)})
                for finding in error.findings
            ]
        ) from error


def plan_project(job: Job) -> tuple[Compiled, Plan]:
    """What a render would do now, and cost. Changes nothing but `build/`."""
    compiled = compile_project(job)
    with open_ledger(job.store) as ledger:
        on_hand = _on_hand(job, ledger)
        only = job.mandate.only(compiled.storyboard, on_hand)
        plan = plan_film(compiled.storyboard, on_hand, only=only)
    plan = plan.model_copy(update={"world": job.access.world})
    write_whole(job.project.plan_path, plan.to_json().encode())
    return compiled, plan


def _on_hand(job: Job, ledger: SqliteLedger) -> TakesOnHand:
    return takes_on_hand(ledger, _clip_store(job, None), PromptPictures(job.project, job.store))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotStatus:
    """Where one shot stands: its take of the plan, or the last one."""

    shot: str
    take: Take | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Where a project stands; `takes` are all it ever had."""

    shots: tuple[ShotStatus, ...]
    takes: tuple[Take, ...]
    film: Film | None


def project_status(job: Job) -> Status:
    """Where each shot of the storyboard stands, and the film if there is one."""
    _, plan = plan_project(job)
    with open_ledger(job.store) as ledger:
        takes = {str(take.slate): take for take in ledger.takes()}
    return Status(
        shots=tuple(ShotStatus(shot=row.shot, take=takes.get(row.slate), why=row.why) for row in plan.shots),
        takes=tuple(take for take in takes.values() if take.slate.project == job.project.name),
        film=delivered_film(job.project, None),
    )


def render_project(job: Job, watcher: Watcher, confirm: Callable[[Plan], bool]) -> Made | Unfinished:
    """The project's film in `out/`, with all that goes with it; what is there and up to date is left alone.

    Args:
        confirm: asked before credits are spent, with the plan.

    Raises:
        StoryreelError: why there is no (new) film; the report is written all the same.
        StoppedError: on the first Ctrl-C once what must be waited for has ended, on the second at once.
    """
    with _quoting(job), _hold(job), open_ledger(job.store) as ledger:
        compiled = compile_project(job)
        storyboard = compiled.storyboard
        for warning in compiled.warnings:
            watcher.note(str(warning))
        settle_leftovers(ledger, job.project.name, SystemClock().now())
        only = job.mandate.only(storyboard, _on_hand(job, ledger))
        production = _production(job, storyboard, ledger, watcher, only)
        plan = production.plan()
        job.mandate.check(plan)
        if plan.credits and not confirm(plan):
            raise MoneyError(f"{plan.credits} credits were not confirmed. Nothing was sent.")
        try:
            made = asyncio.run(_interruptible(production, plan))
        except StoppedError:
            raise
        except StoryreelError:
            # What ended the run may be all that is known of money: a report that fails, too, must not hide it.
            with suppress(StoryreelError):
                _report(job, storyboard, production.plan(), ledger, None)
            raise
        if isinstance(made, Unfinished):
            _report(job, storyboard, production.plan(), ledger, None)
            return made
        if made.is_new or not job.project.report_path.is_file():
            _report(job, storyboard, plan, ledger, made)
        _write_captions(job.project, made.timeline)
        return made


def publish_project(job: Job, said: Mapping[str, str]) -> list[Publication]:
    """Give the project's pictures public addresses, as a live render would; spends nothing and needs no key.

    Args:
        said: addresses of pictures that the user has published by hand, by what the user calls them.

    Raises:
        UsageError: what was said fits no picture, or the publisher takes no such word.
    """
    job = replace(job, access=UNASKED)
    pictures = PromptPictures(job.project, job.store)
    with open_ledger(job.store) as ledger:
        plan = plan_film(compile_project(job).storyboard, takes_on_hand(ledger, _clip_store(job, None), pictures))
    wanted = wanted_pictures(plan, pictures)
    named = read_workspace_file(job.workspace.settings_path).publisher
    if said and not isinstance(named, Manual):
        raise UsageError(
            'addresses are taken for "publisher: {kind: manual}" in storyreel.yaml, and for no other kind.'
        )
    if isinstance(named, Manual):
        remember(said, wanted, memory_of(named, job.store))
    publisher = publisher_of(named, job.workspace.root, job.store, job.settings.environment)
    return asyncio.run(publish_all(wanted, Addresses(pictures, publisher)))


def preview_project(job: Job, tell: Callable[[str], None]) -> Previewed:
    """The film over painted clips, in `build/`: no vendor, no ledger, no credits.

    Raises:
        StoryreelError: why there is no (new) preview.
    """

    async def make() -> Previewed:
        async with _previewer(job, tell) as previewer:
            return await previewer.make()

    return asyncio.run(make())


def watch_preview(job: Job, tell: Callable[[str], None], told: Callable[[Previewed | StoryreelError], None]) -> None:
    """The same, now and after each save, until Ctrl-C; `told` gets what each came to."""
    from pipeline.saves import saves

    made = frozenset({job.project.build_dir, job.project.out_dir})

    async def make_again() -> None:
        async with _previewer(job, tell) as previewer:
            await previewer.make_again(saves((job.project.root, job.workspace.templates_dir), leaving_out=made), told)

    with suppress(KeyboardInterrupt):
        asyncio.run(make_again())


@asynccontextmanager
async def _previewer(job: Job, tell: Callable[[str], None]) -> AsyncIterator[Previewer]:
    job = replace(job, access=NO_VENDOR)
    with Cell() as cell:  # starts while the rest is loaded
        from pipeline.media.library import Library
        from pipeline.media.stand_ins import StandIns
        from pipeline.preview import Previewer
        from pipeline.render.encoding import DRAFT

        async with StandIns(job.store) as studio:
            yield Previewer(
                project=job.project,
                compile=partial(_compile, job, cell),
                own_files=Library(job.store),
                studio=studio,
                make_film_maker=partial(_film_maker, job, DRAFT),
                quoting=partial(_quoting, job),
                tidy=partial(_prune, job.store.root),
                tell=tell,
            )


def _prune(preview_dir: Path) -> None:
    from pipeline.media.pruning import prune

    prune(preview_dir, keep_bytes=PREVIEW_BYTES, made_before=SystemClock().now() - PREVIEW_STAYS)


async def _interruptible(production: Production, plan: Plan) -> Made | Unfinished:
    """`produce`, where Ctrl-C waits for an answer that is money, and the second Ctrl-C waits for nothing."""
    loop, work = asyncio.get_running_loop(), asyncio.ensure_future(production.produce(plan))

    def on_interrupt() -> None:
        if not production.interrupt():
            work.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, on_interrupt)
    try:
        return await work
    except asyncio.CancelledError:
        raise StoppedError from None


def _production(
    job: Job, storyboard: Storyboard, ledger: SqliteLedger, watcher: Watcher, only: frozenset[str] | None
) -> Production:
    from pipeline.media.library import Library  # heavy: most commands render nothing

    pictures = PromptPictures(job.project, job.store)
    return Production(
        storyboard=storyboard,
        project=job.project,
        ledger=ledger,
        store=_clip_store(job, None),
        pictures=pictures,
        own_files=Library(job.store),
        film_maker=_film_maker(job),
        connect=lambda: _connect(job, ledger, pictures, watcher),
        key_id=job.access.key_id,
        policy=job.policy,
        watcher=watcher,
        only=only,
    )


def _film_maker(job: Job, settings: EncodeSettings = SETTINGS) -> FilmMaker:
    from pipeline.media.ffmpeg import Ffmpeg, find_ffmpeg  # heavy: most commands render nothing
    from pipeline.media.press import Press
    from pipeline.media.sound import SoundDesk
    from pipeline.media.span_cache import SpanCache
    from pipeline.render.film import FilmMaker

    exe, locate = find_ffmpeg(job.settings), partial(_locate, job)
    spans = SpanCache(Ffmpeg(exe), job.store, locate)
    sound = SoundDesk(Ffmpeg(exe), job.store, locate)  # does not queue behind the picture: its way is the longer one
    return FilmMaker(spans, sound, Press(job.store), settings=settings)


def _locate(job: Job, piece: Clip | MusicTrack | NarrationTrack | LogoOverlay) -> Path:
    """Where the media of a landed clip lies: takes in the store, the author's files in the project."""
    if isinstance(piece, Clip) and piece.kind == "shot" and piece.media:
        return job.store.take_path(piece.media.sha256)
    return job.project.root / piece.file


def _hold(job: Job) -> AbstractContextManager[None]:
    """The project, for one run. Raises ProjectBusyError."""
    return hold_project(job.project.root, job.project.holder_path)


@contextmanager
def open_ledger(store: StorePaths) -> Iterator[SqliteLedger]:
    """The ledger of a world, made if it is not there. Raises MachineError."""
    from pipeline.ledger.journal import SqliteLedger

    ledger = SqliteLedger(store.ledger_path, store.recovery_path)
    try:
        yield ledger
    finally:
        ledger.close()


def _clip_store(job: Job, sandbox_origin: str | None) -> ClipStore:
    from pipeline.media.download import HostRule
    from pipeline.media.store import ClipStore

    rule = HostRule(sandbox_origin)
    return ClipStore(paths=job.store, rule=rule, policy=job.policy, clock=SystemClock(), dice=SystemDice())


@asynccontextmanager
async def _connect(job: Job, ledger: SqliteLedger, pictures: PromptPictures, watcher: Watcher) -> AsyncIterator[Doors]:
    """The doors of shooting, for as long as the block lasts."""
    from pipeline.api.client import VeoClient

    async with _vendor(job, watcher) as base_url:
        origin = base_url if job.access.world is World.SANDBOX else None
        yield Doors(
            api=VeoClient(base_url, job.access.api_key, SystemClock()),
            ledger=ledger,
            store=_clip_store(job, origin),
            addresses=Addresses(pictures, _publisher(job, base_url)),
            clock=SystemClock(),
            dice=SystemDice(),
        )


def _publisher(job: Job, base_url: str) -> Publisher | None:
    """Where the pictures of this run are put; None where the user has named no place. Raises UsageError."""
    if job.access.world is World.SANDBOX:
        from pipeline.publish.shelf import SandboxShelf

        return SandboxShelf(base_url)
    named = read_workspace_file(job.workspace.settings_path).publisher
    return publisher_of(named, job.workspace.root, job.store, job.settings.environment)


@asynccontextmanager
async def _vendor(job: Job, watcher: Watcher) -> AsyncIterator[str]:
    """The address of the API. The embedded sandbox runs meanwhile; runs that want it at the same time take turns."""
    if job.access.base_url is not None:
        yield job.access.base_url
        return
    from pipeline.sandbox import SandboxConfig, SandboxError, serve  # heavy: not for a live run

    def tell() -> None:
        watcher.note("Another run is using this workspace's sandbox; waiting for it to end.")

    config = SandboxConfig(state_dir=job.store.server_dir, speed=job.access.speed, marks=False)
    async with take_turn(job.store.server_turn_path, on_wait=tell):
        try:
            with serve(config) as base_url:
                yield base_url
        except SandboxError as error:
            raise MachineError(str(error)) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Credits of one project's takes."""

    spent: int
    in_doubt: int


def account_of(takes: Sequence[Take]) -> Account:
    """Spent counts what was charged and not refunded, whatever became of the clip."""
    in_doubt = sum(take.credits for take in takes if take.state is State.UNKNOWN)
    spent = sum(take.credits for take in takes if take.state in CHARGED - {State.ARMED, State.SENDING, State.UNKNOWN})
    return Account(spent=spent, in_doubt=in_doubt)


def _report(job: Job, storyboard: Storyboard, plan: Plan, ledger: SqliteLedger, made: Made | None) -> None:
    """Write what people look at: the report always, contact sheet and poster with a film."""
    from pipeline.media.caption_files import played_captions
    from pipeline.review.facts import ReportFacts
    from pipeline.review.report import build_report

    timeline, looks = _look(job, storyboard, made)
    if made:
        write_whole(job.project.contact_sheet_path, looks.contact_sheet)
        write_whole(job.project.poster_path, looks.poster)
    takes = {str(take.slate): take for take in ledger.takes()}
    own = [take for take in takes.values() if take.slate.project == storyboard.project]
    facts = ReportFacts(
        storyboard=storyboard,
        plan=plan,
        timeline=timeline,
        film=made.film if made else None,
        takes={row.shot: takes[row.slate] for row in plan.shots if row.slate in takes},
        world=job.access.world,
        credits_spent=account_of(own).spent,
        credits_saved=plan.credits_saved,
        made_at=SystemClock().now(),
        film_href=f"../out/{job.project.film_path.name}",
        thumbnails=looks.thumbnails,
        poster=looks.poster,
        captions=played_captions(made.timeline) if made else "",
    )
    write_whole(job.project.report_path, build_report(facts).encode())


def _write_captions(project: ProjectPaths, timeline: Timeline) -> None:
    """Beside the film; what an earlier film had and this one has not is taken away."""
    from pipeline.media.caption_files import caption_files

    for kind, text in caption_files(timeline).items():
        path = project.captions_path(kind)
        if text:
            write_whole(path, text.encode())
        else:
            path.unlink(missing_ok=True)


def _look(job: Job, storyboard: Storyboard, made: Made | None) -> tuple[Timeline | None, Looks]:
    """The pictures of the film; while there is none, those of the clips that have landed."""
    from pipeline.media.pictures import extract_frames
    from pipeline.review.looks import Looks, look_at_clips, look_at_film

    if made:
        return made.timeline, look_at_film(job.project.film_path, made.timeline, storyboard, extract_frames)
    try:
        timeline = Timeline.from_json(job.project.timeline_path.read_text(encoding="utf-8"))
        thumbnails = look_at_clips(timeline, partial(_locate, job), extract_frames)
    except (OSError, StoryreelError):
        return None, Looks(contact_sheet=b"", poster=b"", thumbnails={})
    return timeline, Looks(contact_sheet=b"", poster=b"", thumbnails=thumbnails)


def resolve_take(job: Job, shot: str, word: Word | None, task_id: str | None = None) -> Take:
    """Put the user's word on the last take of a shot into the ledger; without a word, just find out what happened.

    Args:
        shot: its id, or `shot/tkNN` for one take of it.

    Raises:
        UsageError: no such take, the word does not fit it, or the answer may still come.
        ProjectBusyError: a run of the project is under way.
    """
    clock = SystemClock()
    with _hold(job), open_ledger(job.store) as ledger:
        settle_leftovers(ledger, job.project.name, clock.now())
        takes = [take for take in ledger.takes(job.project.name) if shot in (take.slate.shot, take.slate.name)]
        if not takes:
            raise UsageError(f'{job.project.name} has no take of a shot "{shot}"; storyreel status lists its shots.')
        take = max(takes, key=lambda each: each.slate.number)
        if word is not None:
            event = event_for(take, word, task_id, now=clock.now())
            check_answer_is_over(take, ledger.events_of(take.slate), now=clock.now(), policy=job.policy)
            take = advance(take, event)
            ledger.append([(take, event)])
        return take
