"""A project's texts to its Storyboard, in a cell; and the film laid out before anything is shot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from pipeline.app.assignment import Assignment
from pipeline.compiler import Compiled, read_sources
from pipeline.compiler.cell import Cell
from pipeline.cutting import own_media
from pipeline.edit import assemble_timeline
from pipeline.edit.own_files import own_files
from pipeline.errors import StoryboardError
from pipeline.host import write_whole
from pipeline.media.letters import check_letters
from pipeline.model.storyboard import Budget


def compile_project(assigned: Assignment) -> Compiled:
    """The project's storyboard, kept as `build/storyboard.json`. Raises StoryboardError with all findings."""
    with Cell() as cell:  # starts while the texts are read
        return compile_in(assigned, cell)


def compile_in(assigned: Assignment, cell: Cell) -> Compiled:
    """The same, in a cell that is kept for more than one compile."""
    compiled = cell.compile(read_sources(assigned.project, assigned.workspace.templates_dir), assigned.variables)
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
    if any(own_files(compiled.storyboard)):
        from pipeline.media.library import Library  # heavy

        with quoting(assigned):
            media = own_media(compiled.storyboard, assigned.project, Library(assigned.store))
            assemble_timeline(compiled.storyboard, media)
    return compiled


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
