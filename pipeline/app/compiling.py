"""A project's texts to the Storyboards of its films, in a cell; and films laid out before anything is shot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from pipeline.app.assignment import Assignment
from pipeline.app.verdicts import KeptVerdicts
from pipeline.compiler import Compiled, Sources, read_sources
from pipeline.compiler.cell import Cell
from pipeline.cutting import own_media
from pipeline.edit import assemble_timeline
from pipeline.edit.own_files import own_files
from pipeline.errors import MachineError, StoryboardError, UsageError, shortlist
from pipeline.host import write_whole
from pipeline.media.letters import check_letters
from pipeline.model.series import Series
from pipeline.model.storyboard import Budget, Storyboard
from pipeline.project import refuse_links


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledFilms:
    """The films of a project, by name.

    Attributes:
        series: None for a project of one film, whose name is "".
        films: what can be made, in order.
        broken: why others cannot.
    """

    series: Series | None
    films: Mapping[str, Compiled]
    broken: Mapping[str, StoryboardError | MachineError]

    @property
    def storyboards(self) -> dict[str, Storyboard]:
        return {name: compiled.storyboard for name, compiled in self.films.items()}

    def check_any(self) -> None:
        """Raises StoryboardError with all findings, or MachineError, if there is no film at all."""
        if not self.films:
            raise next((error for error in self.broken.values() if isinstance(error, MachineError)), self._findings())

    def _findings(self) -> StoryboardError:
        errors = (error for error in self.broken.values() if isinstance(error, StoryboardError))
        return StoryboardError([finding for error in errors for finding in error.findings])


def compile_project(assigned: Assignment) -> Compiled:
    """The storyboard of the project's film, kept as `build/storyboard.json`.

    Raises:
        StoryboardError: with all findings.
        UsageError: the project is a series and has no such film.
    """
    with Cell(memory=KeptVerdicts(assigned.store)) as cell:
        return compile_in(assigned, cell)


def compile_in(assigned: Assignment, cell: Cell) -> Compiled:
    """The same, in a cell that is kept for more than one compile."""
    sources, wanted = read_sources(assigned.project, assigned.workspace.templates_dir), assigned.project.episode
    if wanted:
        series = cell.series(sources)
        episodes = {episode.name: episode for episode in series.episodes} if series else {}
        if wanted not in episodes:
            raise UsageError(no_such_film(assigned.project.name, wanted, list(episodes)))
        sources = sources.of(episodes[wanted])
    return _compiled(assigned, sources, cell)


def no_such_film(project: str, wanted: str, names: Sequence[str]) -> str:
    there = f"There are: {shortlist(names)}." if names else f"{project} has one film, and no episodes."
    return f'{project} has no film "{wanted}". {there}'


def compile_films(assigned: Assignment) -> CompiledFilms:
    """All films of the project, each for itself: one that is broken leaves the others alone.

    Raises:
        StoryboardError: what is wrong with the only film, or with the list of films.
        UsageError: what is made of a film would land elsewhere.
    """
    films: dict[str, Compiled] = {}
    broken: dict[str, StoryboardError | MachineError] = {}
    with Cell(memory=KeptVerdicts(assigned.store)) as cell:
        sources = read_sources(assigned.project, assigned.workspace.templates_dir)
        series = cell.series(sources)
        if series is None:
            return CompiledFilms(series=None, films={"": _compiled(assigned, sources, cell)}, broken={})
        for episode in series.episodes:
            refuse_links(assigned.project.film_of(episode.name))
            try:
                films[episode.name] = _compiled(assigned.of_film(episode.name), sources.of(episode), cell)
            except (StoryboardError, MachineError) as error:
                broken[episode.name] = error
    return CompiledFilms(series=series, films=films, broken=broken)


def _compiled(assigned: Assignment, sources: Sources, cell: Cell) -> Compiled:
    compiled = cell.compile(sources, assigned.variables)
    storyboard = compiled.storyboard
    if assigned.budget:
        budget = Budget.model_validate({**storyboard.budget.model_dump(), **assigned.budget})
        storyboard = storyboard.model_copy(update={"budget": budget})
    with quoting(assigned):
        check_letters(storyboard)
    write_whole(assigned.project.storyboard_path, storyboard.to_json().encode())
    return replace(compiled, storyboard=storyboard)


def check_project(assigned: Assignment) -> Compiled:
    """Compile, and lay the film out with the author's own files as they really are. Raises StoryboardError."""
    compiled = compile_project(assigned)
    _lay_out(assigned, compiled.storyboard)
    return compiled


def check_films(assigned: Assignment) -> CompiledFilms:
    """The same for all films of a series. Raises StoryboardError for what is wrong with the list of films."""
    compiled = compile_films(assigned)
    broken = dict(compiled.broken)
    for name, film in compiled.films.items():
        try:
            _lay_out(assigned.of_film(name), film.storyboard)
        except StoryboardError as error:
            broken[name] = error
    films = {name: film for name, film in compiled.films.items() if name not in broken}
    return replace(compiled, films=films, broken=broken)


def _lay_out(assigned: Assignment, storyboard: Storyboard) -> None:
    if any(own_files(storyboard)):
        from pipeline.media.library import Library  # heavy

        with quoting(assigned):
            assemble_timeline(storyboard, own_media(storyboard, assigned.project, Library(assigned.store)))


@contextmanager
def quoting(assigned: Assignment) -> Iterator[None]:
    """Let findings of the cut quote the lines that they are about, as the compiler's do; the cut knows no text."""
    try:
        yield
    except StoryboardError as error:
        sources = read_sources(assigned.project, assigned.workspace.templates_dir)
        raise StoryboardError(
            [
                finding.model_copy(update={"excerpt": finding.excerpt or sources.line(finding.source)})
                for finding in error.findings
            ]
        ) from error
