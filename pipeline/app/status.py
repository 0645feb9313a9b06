"""Where projects stand: their shots, their takes, their credits, their films."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.app.assignment import Assignment
from pipeline.app.compiling import compile_films
from pipeline.app.doors import open_ledger
from pipeline.app.planning import plan_now
from pipeline.cutting import delivered_film
from pipeline.errors import StoryreelError
from pipeline.model.delivery import Film
from pipeline.model.plan import Plan, PlannedShot
from pipeline.model.take import State, Take
from pipeline.planner.account import Account, account_of
from pipeline.project import StorePaths


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotStatus:
    """Where one shot stands.

    Attributes:
        take: of the film, or the last one tried.
        takes: how many the shot has had, withdrawn ones left out.
    """

    shot: str
    take: Take | None
    takes: int
    is_circled: bool
    has_clip: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Where a project stands.

    Attributes:
        films: those that are there, of all that it has, by name.
    """

    plan: Plan
    shots: tuple[ShotStatus, ...]
    account: Account
    films: Mapping[str, Film | None]

    @property
    def films_there(self) -> int:
        return sum(film is not None for film in self.films.values())


def project_status(assigned: Assignment) -> Status:
    """Where each shot of the storyboard stands, and the film if there is one."""
    films = compile_films(assigned).storyboards
    plan = plan_now(assigned, films)
    with open_ledger(assigned.store) as ledger:
        takes = ledger.takes()
    return Status(
        plan=plan,
        shots=tuple(_shot_status(row, plan.project, takes) for row in plan.shots),
        account=account_of(plan.project, takes, used_takes(plan, takes)),
        films={name: delivered_film(assigned.project.film_of(name).film, None) for name in films},
    )


def used_takes(plan: Plan, takes: Iterable[Take]) -> list[Take]:
    """The take of each shot that has a clip for the film."""
    by_slate = {str(take.slate): take for take in takes}
    used = (by_slate.get(row.film_slate) for row in plan.shots if row.has_clip)
    return [take for take in used if take and take.state is State.VERIFIED]


def _shot_status(row: PlannedShot, project: str, takes: Sequence[Take]) -> ShotStatus:
    own = [take for take in takes if (take.slate.project, take.slate.shot) == (project, row.shot)]
    take = next((take for take in takes if str(take.slate) == row.film_slate), None)
    return ShotStatus(
        shot=row.shot,
        take=take,
        takes=sum(take.state is not State.WITHDRAWN for take in own),
        is_circled=row.circled is not None,
        has_clip=row.has_clip and take is not None and take.state is State.VERIFIED,
        why=row.why,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectLine:
    """One project among those of a workspace.

    Attributes:
        status: None if it cannot be told; then `trouble` says why.
        account: what the ledger knows even then, without what was saved.
    """

    name: str
    status: Status | None
    account: Account
    trouble: str = ""


def workspace_status(
    names: Iterable[str], assign: Callable[[str], Assignment], store: StorePaths
) -> tuple[ProjectLine, ...]:
    """A line for each project, and for each that the ledger knows and that has no folder any more.

    Args:
        assign: may raise StoryreelError for a project that cannot be used.
    """
    with open_ledger(store) as ledger:
        takes = ledger.takes()
    names = sorted(names)
    gone = sorted({take.slate.project for take in takes} - set(names))
    return (
        *(_project_line(name, assign, takes) for name in names),
        *(
            ProjectLine(name=name, status=None, account=account_of(name, takes, ()), trouble="its folder is gone")
            for name in gone
        ),
    )


def _project_line(name: str, assign: Callable[[str], Assignment], takes: Sequence[Take]) -> ProjectLine:
    try:
        status = project_status(assign(name))
    except StoryreelError as error:
        first = str(error).partition("\n")[0]
        return ProjectLine(name=name, status=None, account=account_of(name, takes, ()), trouble=first)
    return ProjectLine(name=name, status=status, account=status.account)
