"""One film of a production: from the clips that land, one after another, to its files in every shape.

Each clip is handed to the film maker at once, so that its spans are encoded while others are still being generated.
Knows nothing of takes and credits: `production` says what has landed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pipeline.digest import ContentHash, hash_file
from pipeline.edit import assemble_timeline, look_at_own_files
from pipeline.errors import StoryboardError, StoryreelError, UsageError
from pipeline.host import read_made, write_whole
from pipeline.media.threads import in_thread
from pipeline.model.delivery import Film
from pipeline.model.instructions import Mend
from pipeline.model.media import FileKind, Media
from pipeline.model.seam import ClipMeasures
from pipeline.model.storyboard import Card, Shot, Storyboard
from pipeline.model.timeline import Timeline
from pipeline.ports import ClipMeter
from pipeline.project import FilmPaths, ProjectPaths
from pipeline.render.platforms import broken_by_film, broken_by_timeline

if TYPE_CHECKING:  # heavy, and a plan needs no film
    from pipeline.render.film import FilmMaker, RenderProgress


class OwnFiles(Protocol):
    """What the author's own files hold, looked at once a content."""

    def look_at(self, path: Path, kind: FileKind = FileKind.CLIP) -> Media:
        """Raises MediaError or MachineError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a production of a film came to.

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


@dataclass(slots=True, kw_only=True)
class Cutting:
    """One film.

    Attributes:
        paths: the film's own.
        film_maker: made for this film; `close` closes it.
        meter: measures what has landed, so that its picture can be mended; None: nobody does.
        note: told in a sentence what the user should know.
        on_progress: told how far the picture is, once the film is being finished.
    """

    storyboard: Storyboard
    paths: ProjectPaths
    own_files: OwnFiles
    film_maker: FilmMaker
    meter: ClipMeter | None = None
    note: Callable[[str], None]
    on_progress: Callable[[RenderProgress], None]
    _own: dict[str, Media] | None = field(init=False, default=None)  # of the author's files, by item
    _landed: dict[str, Media] = field(init=False, default_factory=dict)  # of shots
    _seen: dict[ContentHash, ClipMeasures] = field(init=False, default_factory=dict)  # of clips

    def prepare(self) -> None:
        """Look at the author's own files, and lay the film out: what cannot be cut is told before anything is paid.

        Raises:
            StoryboardError: with what is wrong.
        """
        if self._own is None:
            own = own_media(self.storyboard, self.paths, self.own_files)
            self._tell_limits(assemble_timeline(self.storyboard, own))
            self._own = own

    @property
    def clips(self) -> Mapping[str, Media]:
        """The shots that have a clip."""
        return self._landed

    @property
    def is_complete(self) -> bool:
        """Whether every shot has a clip."""
        return all(shot.id in self._landed for shot in self.storyboard.shots)

    def land(self, clips: Mapping[str, Media]) -> None:
        """Take clips on, by shot, and let the spans be made that they were waited for with; returns at once.

        A clip that does not fit its joins is told when all are here.
        """
        self._landed.update(clips)
        with suppress(StoryboardError):
            timeline = assemble_timeline(self.storyboard, self._media, self._known())
            for shaped, _ in self._shapes(timeline):
                self.film_maker.clips_landed(shaped)

    async def lay_out(self, landed: Mapping[str, Media]) -> Timeline:
        """The timeline of what has landed, measured and mended; kept as `build/timeline.json`.

        Args:
            landed: the clips of the shots that have one, and no others.

        Raises:
            StoryreelError: clips do not fit together, or cannot be measured.
        """
        self._landed = dict(landed)
        seen = await in_thread(self._measured)
        timeline = assemble_timeline(self.storyboard, self._media, seen)
        write_whole(self.paths.timeline_path, timeline.to_json().encode())
        return timeline

    async def finish(self, timeline: Timeline) -> Made:
        """The film in every shape, each for itself: what goes wrong with one is told when the others are made.

        Raises:
            StoryreelError: the film itself could not be made.
        """
        films, failures = [], []
        for shaped, paths in self._shapes(timeline):
            try:
                films.append(await self._finish(shaped, paths))
            except StoryreelError as error:
                self.note(f"{paths.path.name} was not made: {error}")
                failures.append(error)
        if not films or films[0].timeline is not timeline:
            raise failures[0]
        return replace(films[0], beside=tuple(films[1:]), failures=tuple(failures))

    async def close(self) -> None:
        """Cancel what is under way, and forget what is kept by content; who asks again has it begun and read anew."""
        self._seen.clear()
        await self.film_maker.close()

    @property
    def _media(self) -> dict[str, Media]:
        return {**(self._own or {}), **self._landed}

    def _shapes(self, timeline: Timeline) -> list[tuple[Timeline, FilmPaths]]:
        """The film, and what is to be made beside it in other shapes."""
        beside = self.storyboard.films[1:]
        shaped = [(timeline.shaped(each), self.paths.film_in(each.shape.suffix)) for each in beside]
        return [(timeline, self.paths.film), *shaped]

    def _tell_limits(self, timeline: Timeline) -> None:
        for shaped, paths in self._shapes(timeline):
            for broken in broken_by_timeline(shaped):
                self.note(f"{paths.path.name}: {broken}")

    def _known(self) -> dict[ContentHash, ClipMeasures]:
        """What is measured already: a clip that has just landed is, and no other holds the run up for it."""
        for clip in self._media.values() if self.meter else ():
            if clip.sha256 not in self._seen and (known := self.meter.known(clip.sha256) if self.meter else None):
                self._seen[clip.sha256] = known
        return self._seen

    def _measured(self) -> dict[ContentHash, ClipMeasures]:
        """All that mends are decided by. Raises MediaError, MachineError."""
        if self.meter:
            self._seen |= measure_for_mends(self.storyboard, self._media, self.paths, self.meter)
        return self._seen

    async def _finish(self, timeline: Timeline, paths: FilmPaths) -> Made:
        if film := delivered_film(paths, timeline):
            return Made(timeline=timeline, film=film, paths=paths, is_new=False)
        film = await self.film_maker.finish(timeline, paths.path, self.on_progress)
        film = film.model_copy(update={"made_from": timeline.fingerprint})
        write_whole(paths.document_path, film.to_json().encode())
        for broken in broken_by_film(film, timeline.platform):
            self.note(f"{paths.path.name}: {broken}")
        return Made(timeline=timeline, film=film, paths=paths, is_new=True)


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


def delivered_film(paths: FilmPaths, timeline: Timeline | None) -> Film | None:
    """The film that stands there, if it is whole and (where a timeline is given) was made from it."""
    try:
        film = Film.from_json(read_made(paths.document_path))
        is_whole = hash_file(paths.path) == film.sha256
    except (OSError, UsageError):
        return None
    is_current = timeline is None or film.made_from == timeline.fingerprint
    return film if is_whole and is_current else None
