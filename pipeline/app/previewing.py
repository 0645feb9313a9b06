"""The film over painted clips: once, or after each save."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.access import NO_VENDOR
from pipeline.compiler.cell import Cell
from pipeline.host import SystemClock
from pipeline.lock import share

if TYPE_CHECKING:  # and late where they are used
    from pipeline.app.assignment import Assignment
    from pipeline.errors import StoryreelError
    from pipeline.preview import Previewed, Previewer

PREVIEW_BYTES: Final = 1_000_000_000
"""What previews may keep of clips and spans: some 200 changed shots."""

PREVIEW_STAYS: Final = timedelta(hours=1)


def preview_project(assigned: Assignment, tell: Callable[[str], None]) -> Previewed:
    """The film over painted clips, in `build/`: no vendor, no ledger, no credits.

    Raises:
        StoryreelError: why there is no (new) preview.
    """

    async def make() -> Previewed:
        async with _previewer(assigned, tell) as previewer:
            return await previewer.make()

    return asyncio.run(make())


def watch_preview(
    assigned: Assignment, tell: Callable[[str], None], told: Callable[[Previewed | StoryreelError], None]
) -> None:
    """The same, now and after each save, until Ctrl-C; `told` gets what each came to."""
    from pipeline.saves import saves

    made = frozenset({assigned.project.film_of("").build_dir, assigned.project.out_dir})

    async def make_again() -> None:
        async with _previewer(assigned, tell) as previewer:
            await previewer.make_again(
                saves((assigned.project.root, assigned.workspace.templates_dir), leaving_out=made), told
            )

    with suppress(KeyboardInterrupt):
        asyncio.run(make_again())


@asynccontextmanager
async def _previewer(assigned: Assignment, tell: Callable[[str], None]) -> AsyncIterator[Previewer]:
    assigned = replace(assigned, access=NO_VENDOR)
    with Cell() as cell:  # starts while the rest is loaded
        from pipeline.app.compiling import compile_in, quoting
        from pipeline.app.doors import make_film_maker
        from pipeline.media.library import Library
        from pipeline.media.stand_ins import StandIns
        from pipeline.preview import Previewer
        from pipeline.render.encoding import DRAFT

        async with StandIns(assigned.store) as studio:
            with share(assigned.store.spans_dir):  # storyreel clean lets it be
                yield Previewer(
                    project=assigned.project,
                    compile=partial(compile_in, assigned, cell),
                    own_files=Library(assigned.store),
                    studio=studio,
                    make_film_maker=partial(make_film_maker, assigned, DRAFT),
                    quoting=partial(quoting, assigned),
                    tidy=partial(_prune, assigned.store.root),
                    tell=tell,
                )


def _prune(preview_dir: Path) -> None:
    from pipeline.media.pruning import prune

    prune(preview_dir, keep_bytes=PREVIEW_BYTES, used_before=SystemClock().now() - PREVIEW_STAYS)
