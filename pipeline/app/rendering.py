"""A project to its film: the run that may cost credits."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from pipeline.app.assignment import Assignment
from pipeline.app.cleaning import using_cache
from pipeline.app.compiling import compile_project, quoting
from pipeline.app.doors import connect, film_makers, hold, look_on_hand, open_clip_store, open_ledger, open_meter
from pipeline.app.reporting import has_pictures, report, write_captions
from pipeline.app.takes_lock import circles_of
from pipeline.cutting import Cutting, Made
from pipeline.errors import MoneyError, StoppedError, StoryreelError
from pipeline.host import SystemClock
from pipeline.media.prompt_pictures import PromptPictures
from pipeline.model.plan import Plan
from pipeline.model.storyboard import Storyboard
from pipeline.planner.circled import kept_circled
from pipeline.production import Ended, Production, Unfinished, Watcher, nothing_else
from pipeline.shoot.start import settle_leftovers

if TYPE_CHECKING:  # and late where they are used: SQLAlchemy, httpx, PyAV and numpy take longer than most commands
    from pipeline.ledger.journal import SqliteLedger
    from pipeline.render.film import RenderProgress

T = TypeVar("T")

STOPPING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # the last: its terminal was closed


class Viewer(Watcher, Protocol):
    """A watcher who is shown how far the pictures are, too."""

    def rendering(self, film: str, progress: RenderProgress) -> None: ...


def render_project(assigned: Assignment, viewer: Viewer, confirm: Callable[[Plan], bool]) -> Made | Unfinished:
    """The project's film in `out/`, with all that goes with it; what is there and up to date is left alone.

    Args:
        confirm: asked before credits are spent, with the plan.

    Raises:
        StoryreelError: why there is no (new) film, or not in every shape; the report is written all the same.
        StoppedError: on the first Ctrl-C once what must be waited for has ended, on the second at once.
    """
    cache = using_cache(assigned.workspace, assigned.access.world)
    with quoting(assigned), hold(assigned), cache, open_ledger(assigned.store) as ledger:
        compiled = compile_project(assigned)
        storyboard = compiled.storyboard
        for warning in compiled.warnings:
            viewer.note(str(warning))
        settle_leftovers(ledger, assigned.project.name, SystemClock().now())
        films = {assigned.project.episode: storyboard}
        only = assigned.mandate.only(films, look_on_hand(assigned, ledger))
        production = production_of(assigned, films, ledger, viewer, only)
        plan, began = production.plan(), SystemClock().now()
        assigned.mandate.check(plan)
        if plan.credits and not confirm(plan):
            raise MoneyError(f"{plan.credits} credits were not confirmed. Nothing was sent.")
        try:
            made = run(production, production.produce_film(assigned.mandate.bounded(plan)))
        except StoppedError:
            raise
        except StoryreelError:
            # What ended the run may be all that is known of money: a report that fails, too, must not hide it.
            with suppress(StoryreelError):
                report(assigned, storyboard, production.plan(), ledger, None)
            raise
        if isinstance(made, Unfinished):
            report(assigned, storyboard, production.plan(), ledger, None)
            return made
        for sentence in kept_circled(production.plan(), [take for take in ledger.takes() if take.since >= began]):
            viewer.note(sentence)
        show(assigned, storyboard, plan, ledger, made)
        if made.failures:
            raise made.failures[0]
        return made


def show(assigned: Assignment, storyboard: Storyboard, plan: Plan, ledger: SqliteLedger, made: Made) -> None:
    """All that goes with a film, where there is news of it. Raises MachineError."""
    is_told = assigned.project.report_path.is_file() and has_pictures(assigned.project, storyboard, made)
    if made.has_news or plan.credits or not is_told:
        report(assigned, storyboard, plan, ledger, made)
    for film in (made, *made.beside):
        write_captions(film.paths, film.timeline)


def run(production: Production, producing: Coroutine[Any, Any, T]) -> T:
    """Produce, where Ctrl-C waits for an answer that is money, and the second Ctrl-C waits for nothing.

    Raises:
        StoppedError: after a Ctrl-C.
        StoryreelError: as `producing` does.
    """
    return asyncio.run(_interruptible(production, producing))


async def _interruptible(production: Production, producing: Coroutine[Any, Any, T]) -> T:
    loop, work = asyncio.get_running_loop(), asyncio.ensure_future(producing)
    left_an_answer = False

    def on_interrupt() -> None:
        nonlocal left_an_answer
        if not production.interrupt():
            left_an_answer = left_an_answer or production.is_sending
            work.cancel()

    before = {number: signal.getsignal(number) for number in STOPPING}
    heard = [number for number, handler in before.items() if handler is not signal.SIG_IGN]  # nohup's wish
    for number in heard:
        loop.add_signal_handler(number, on_interrupt)
    try:
        return await work
    except asyncio.CancelledError:
        raise StoppedError(left_an_answer=left_an_answer) from None
    finally:
        for number in heard:
            loop.remove_signal_handler(number)
            signal.signal(number, before[number])


def production_of(
    assigned: Assignment,
    storyboards: Mapping[str, Storyboard],
    ledger: SqliteLedger,
    viewer: Viewer,
    only: frozenset[str] | None,
    ended: Ended = nothing_else,
) -> Production:
    """Of these films of the project, by name: "" for the one of a project that has but one."""
    from pipeline.media.library import Library  # heavy: most commands render nothing

    pictures = PromptPictures(assigned.project, assigned.store)
    make_film_maker, own_files, meter = film_makers(assigned), Library(assigned.store), open_meter(assigned)
    return Production(
        films={
            name: Cutting(
                storyboard=storyboard,
                paths=assigned.project.film_of(name),
                own_files=own_files,
                film_maker=make_film_maker(),
                meter=meter,
                note=viewer.note,
                on_progress=partial(viewer.rendering, name),
            )
            for name, storyboard in storyboards.items()
        },
        project=assigned.project,
        ledger=ledger,
        store=open_clip_store(assigned, None),
        pictures=pictures,
        connect=lambda: connect(assigned, ledger, pictures, viewer),
        key_id=assigned.access.key_id,
        world=assigned.access.world,
        policy=assigned.policy,
        clock=SystemClock(),
        watcher=viewer,
        only=only,
        circles=circles_of(assigned),
        ended=ended,
    )
