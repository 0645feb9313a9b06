"""A series: its films compiled each for itself, planned as one, and made side by side, the first ones first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pipeline.app.assignment import Assignment
from pipeline.app.cleaning import using_cache
from pipeline.app.compiling import CompiledFilms, check_films
from pipeline.app.doors import hold, look_on_hand, open_ledger
from pipeline.app.rendering import Viewer, production_of, run, show
from pipeline.app.reporting import report
from pipeline.app.series_report import write_series_page
from pipeline.app.status import used_takes
from pipeline.cutting import Made, delivered_film
from pipeline.errors import MoneyError, StoppedError, StoryreelError, UsageError, shortlist
from pipeline.host import SystemClock, write_whole
from pipeline.media.threads import in_thread
from pipeline.model.delivery import Film
from pipeline.model.plan import Plan
from pipeline.model.series import Series
from pipeline.model.storyboard import Storyboard
from pipeline.planner.account import Account, account_of
from pipeline.planner.circled import kept_circled
from pipeline.planner.plan import part_of, plan_films
from pipeline.production import Outcome, Production
from pipeline.shoot.start import settle_leftovers

if TYPE_CHECKING:  # and late where it is used: SQLAlchemy takes longer than most commands
    from pipeline.ledger.journal import SqliteLedger


class SeriesViewer(Viewer, Protocol):
    """Who is shown how a series goes on."""

    def begun(self, films: Mapping[str, Storyboard], calls_left: Callable[[], int], speed: float) -> None:
        """The films that are made. `calls_left`: of the key's hour, as things stand; `speed`: of the vendor's clock."""

    def film_ended(self, film: str, outcome: Outcome) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesMade:
    """What a run of a series came to.

    Attributes:
        outcomes: how each film ended, in order; broken ones among them, and none that was not selected.
        plan: what the run began with.
        account: the credits of the series by now.
        stopped_by: what ended the whole run.
    """

    series: Series
    outcomes: Mapping[str, Outcome]
    plan: Plan
    account: Account
    stopped_by: StoryreelError | None = None

    @property
    def undone(self) -> list[str]:
        """The films that did not come out in every shape."""
        return [name for name, outcome in self.outcomes.items() if not isinstance(outcome, Made) or outcome.failures]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPlanned:
    """What a run of a series would do.

    Attributes:
        compiled: its films, those that are broken apart.
    """

    series: Series
    compiled: CompiledFilms
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmStatus:
    """Where one film of a series stands.

    Attributes:
        landed: how many of its shots have a clip.
        plan: its rows; None if the film is broken, and `trouble` says why.
        film: what is delivered, whether up to date or not.
    """

    name: str
    title: str
    plan: Plan | None
    landed: int
    film: Film | None
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesStatus:
    series: Series
    films: tuple[FilmStatus, ...]
    plan: Plan
    account: Account


def check_series(assigned: Assignment) -> tuple[Series, CompiledFilms]:
    """Compile and lay out every film.

    Raises:
        StoryboardError: the list of films cannot be read.
        UsageError: the project is no series.
    """
    compiled = check_films(assigned)
    if compiled.series is None:
        name = assigned.project.name
        raise UsageError(f"{name} has one film: storyreel render {name}. A series has a series.yaml, or variants.")
    return compiled.series, compiled


def warnings_of(compiled: CompiledFilms) -> list[str]:
    """What may spoil films, each once, with the films that it is about in front."""
    about: dict[str, list[str]] = {}
    for name, film in compiled.films.items():
        for warning in film.warnings:
            about.setdefault(str(warning), []).append(name)
    return [f"{shortlist(names)}: {warning}" for warning, names in about.items()]


def plan_series(assigned: Assignment) -> SeriesPlanned:
    """What a render of the series would do now, and cost. Changes nothing but `build/`."""
    series, compiled = check_series(assigned)
    compiled.check_any()
    with open_ledger(assigned.store) as ledger:
        on_hand = look_on_hand(assigned, ledger)
        only = assigned.mandate.only(compiled.storyboards, on_hand)
        plan = plan_films(_meant(compiled.storyboards, only), on_hand, only=only)
    write_whole(assigned.project.plan_path, plan.to_json().encode())
    return SeriesPlanned(series=series, compiled=compiled, plan=plan)


def _meant(films: Mapping[str, Storyboard], only: frozenset[str] | None) -> dict[str, Storyboard]:
    """The films of which any shot is selected."""
    return {name: film for name, film in films.items() if only is None or any(shot.id in only for shot in film.shots)}


def render_series(assigned: Assignment, viewer: SeriesViewer, confirm: Callable[[Plan], bool]) -> SeriesMade:
    """The films of the series in `out/`; what is there and up to date is left alone.

    Args:
        confirm: asked before credits are spent, with the plan of all films.

    Raises:
        StoryboardError: no film can be compiled, or their list cannot be read.
        MoneyError: the plan goes beyond what is allowed, or was not confirmed; nothing was sent.
        StoppedError: on the first Ctrl-C once what must be waited for has ended, on the second at once.
    """
    cache = using_cache(assigned.workspace, assigned.access.world)
    with hold(assigned), cache, open_ledger(assigned.store) as ledger:
        series, compiled = check_series(assigned)
        compiled.check_any()
        for told in warnings_of(compiled):
            viewer.note(told)
        settle_leftovers(ledger, assigned.project.name, SystemClock().now())
        only = assigned.mandate.only(compiled.storyboards, look_on_hand(assigned, ledger))
        films = _meant(compiled.storyboards, only)
        viewer.begun(films, lambda: calls_left(assigned, ledger), assigned.access.speed)
        making = _Making(assigned, films, ledger, viewer, only)
        assigned.mandate.check(making.plan)
        if making.plan.credits and not confirm(making.plan):
            raise MoneyError(f"{making.plan.credits} credits were not confirmed. Nothing was sent.")
        began = SystemClock().now()
        try:
            stopped_by = making.run()
        finally:
            status = _status(assigned, series, compiled, ledger)
            with suppress(StoryreelError):  # what ended the run must not be hidden by a page
                write_series_page(assigned, status, ledger.takes(), _troubles(making.production.outcomes))
        for sentence in kept_circled(status.plan, [take for take in ledger.takes() if take.since >= began]):
            viewer.note(sentence)
        outcomes = {**making.production.outcomes, **(compiled.broken if only is None else {})}
        return SeriesMade(
            series=series,
            outcomes={each.name: outcomes[each.name] for each in series.episodes if each.name in outcomes},
            plan=making.plan,
            account=status.account,
            stopped_by=stopped_by,
        )


class _Making:
    """The run that makes the films."""

    def __init__(
        self,
        assigned: Assignment,
        films: Mapping[str, Storyboard],
        ledger: SqliteLedger,
        viewer: SeriesViewer,
        only: frozenset[str] | None,
    ) -> None:
        self._assigned, self._films, self._ledger, self._viewer = assigned, films, ledger, viewer
        self.production: Production = production_of(assigned, films, ledger, viewer, only, self._ended)
        self.plan = self.production.plan()

    def run(self) -> StoryreelError | None:
        """Make all that can be made; returns what ended the run before its time. Raises StoppedError."""
        try:
            run(self.production, self.production.produce(self._assigned.mandate.bounded(self.plan)))
        except StoppedError:
            raise
        except StoryreelError as error:
            return error
        return None

    async def _ended(self, name: str, outcome: Outcome) -> None:
        """All that goes with a film is there as soon as the film is. Raises StoryreelError."""
        await in_thread(self._show, name, outcome)
        self._viewer.film_ended(name, outcome)

    def _show(self, name: str, outcome: Outcome) -> None:
        assigned, film = self._assigned.of_film(name), self._films[name]
        if isinstance(outcome, Made):
            show(assigned, film, part_of(self.plan, film), self._ledger, outcome)
            return
        with suppress(StoryreelError):
            on_hand = look_on_hand(assigned, self._ledger)
            report(assigned, film, part_of(plan_films({name: film}, on_hand), film), self._ledger, None)


def calls_left(assigned: Assignment, ledger: SqliteLedger) -> int:
    """How many calls of the key's hour this machine still has."""
    window = assigned.policy.window
    used = ledger.calls_in(key_id=assigned.access.key_id, since=SystemClock().now() - window.span)
    return max(0, window.calls - len(used))


def series_status(assigned: Assignment) -> SeriesStatus:
    """Where each film of the series stands."""
    series, compiled = check_series(assigned)
    with open_ledger(assigned.store) as ledger:
        return _status(assigned, series, compiled, ledger)


def write_series_report(assigned: Assignment) -> None:
    """The page of the series, as things stand. Raises MachineError."""
    series, compiled = check_series(assigned)
    with open_ledger(assigned.store) as ledger:
        standing = _status(assigned, series, compiled, ledger)
        write_series_page(assigned, standing, ledger.takes(), {})


def _troubles(outcomes: Mapping[str, Outcome]) -> dict[str, list[str]]:
    """Why films did not come out, or not in every shape."""
    troubles = {name: [str(outcome)] for name, outcome in outcomes.items() if isinstance(outcome, StoryreelError)}
    failures = {name: outcome.failures for name, outcome in outcomes.items() if isinstance(outcome, Made)}
    return troubles | {name: [str(error) for error in errors] for name, errors in failures.items() if errors}


def _status(assigned: Assignment, series: Series, compiled: CompiledFilms, ledger: SqliteLedger) -> SeriesStatus:
    compiled.check_any()
    takes = ledger.takes()
    plan = plan_films(compiled.storyboards, look_on_hand(assigned, ledger))
    lines = []
    for episode in series.episodes:
        film, broken = compiled.films.get(episode.name), compiled.broken.get(episode.name)
        rows = part_of(plan, film.storyboard) if film else None
        lines.append(
            FilmStatus(
                name=episode.name,
                title=film.storyboard.title if film else episode.title,
                plan=rows,
                landed=len(used_takes(rows, takes)) if rows else 0,
                film=delivered_film(assigned.project.film_of(episode.name).film, None),
                trouble=str(broken) if broken else "",
            )
        )
    account = account_of(plan.project, takes, used_takes(plan, takes))
    return SeriesStatus(series=series, films=tuple(lines), plan=plan, account=account)
