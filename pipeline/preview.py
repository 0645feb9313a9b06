"""The film before money: the same edit over clips that are painted here, small and at once.

Asks no vendor, opens no ledger, spends nothing. Picks no implementation (`app` does) and prints nothing (`cli` does).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlsplit

from pipeline.compiler import Compiled
from pipeline.cutting import OwnFiles, own_media
from pipeline.digest import hash_file
from pipeline.edit import assemble_timeline
from pipeline.errors import MachineError, StoryboardError, StoryreelError, UsageError
from pipeline.host import read_made, write_whole
from pipeline.media.stand_ins import Brief, Picture, Roles
from pipeline.media.threads import in_thread
from pipeline.model.delivery import Film, Shape
from pipeline.model.finding import Finding
from pipeline.model.media import Media
from pipeline.model.storyboard import AspectRatio, GenerationType, Image, Shot, Storyboard
from pipeline.model.timeline import Timeline
from pipeline.project import ProjectPaths
from pipeline.timecode import Frames

if TYPE_CHECKING:
    from pipeline.render.film import FilmMaker

SHORT_SIDE_PX: Final = 360
SIZE_PX: Final = {aspect: Shape(aspect).size_px(SHORT_SIDE_PX) for aspect in AspectRatio}
ROLES: Final[dict[GenerationType, Roles]] = {
    GenerationType.TEXT: "none",
    GenerationType.FRAMES: "frames",
    GenerationType.REFERENCE: "refs",
}


class Studio(Protocol):
    """Paints clips, each brief once."""

    def warm(self) -> None:
        """Have a painter ready, at once and without waiting."""

    def find(self, brief: Brief) -> Media | None: ...

    async def paint(self, brief: Brief) -> Media:
        """Raises MachineError. A painting that was begun goes on when its caller is cancelled."""

    async def late_frame(self, clip: Media, frame: Frames) -> Picture: ...

    def placeholder(self, words: str, size_px: tuple[int, int]) -> Picture: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """What a preview came to.

    Attributes:
        painted: the shots whose clips were painted for it, in the film's order.
        warnings: the compiler's.
    """

    film: Film
    timeline: Timeline
    painted: tuple[str, ...]
    warnings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewer:
    """Previews one project, as often as it is asked.

    Attributes:
        compile: reads and compiles the project; blocks.
        make_film_maker: for one film; blocks, since what it needs is heavy.
        quoting: lets findings quote the lines that they are about.
        tidy: keeps the store from growing; blocks.
        tell: takes a line on how it goes on.
    """

    project: ProjectPaths
    compile: Callable[[], Compiled]
    own_files: OwnFiles
    studio: Studio
    make_film_maker: Callable[[], FilmMaker]
    quoting: Callable[[], AbstractContextManager[None]]
    tidy: Callable[[], None]
    tell: Callable[[str], None]

    async def make(self) -> Previewed:
        """Paint what is new and cut the film; a preview that is there and up to date is left alone.

        Raises:
            StoryboardError: the storyboard has findings, or asks for what its footage does not hold.
            MachineError, MediaError: this machine does not let us.
        """
        self.studio.warm()
        compiled = await in_thread(self.compile)
        with self.quoting():
            previewed = await _Preview(self, compiled).make()
        if previewed.painted:
            await in_thread(self.tidy)
        return previewed

    async def make_again(self, saves: AsyncIterator[None], told: Callable[[Previewed | StoryreelError], None]) -> None:
        """Make it after each of `saves`, until they end; one that comes while it is made begins it anew."""
        making: asyncio.Task[None] | None = None
        async with asyncio.TaskGroup() as group:
            async for _ in saves:
                if making:
                    making.cancel()
                    await asyncio.wait([making])
                making = group.create_task(self._make_and_tell(told))

    async def _make_and_tell(self, told: Callable[[Previewed | StoryreelError], None]) -> None:
        try:
            told(await self.make())
        except StoryreelError as error:
            told(error)


@dataclass(slots=True)
class _Preview:
    """One preview of one storyboard."""

    given: Previewer
    compiled: Compiled
    _landed: dict[str, Media] = field(init=False, default_factory=dict)
    _clips: dict[str, asyncio.Task[Media]] = field(init=False, default_factory=dict)
    _film_maker: FilmMaker | None = field(init=False, default=None)
    _to_paint: int = field(init=False, default=0)
    _painted: list[str] = field(init=False, default_factory=list)

    @property
    def _storyboard(self) -> Storyboard:
        return self.compiled.storyboard

    async def make(self) -> Previewed:
        try:
            for shot in self._storyboard.shots:
                self._clips[shot.id] = asyncio.create_task(self._clip(shot))
            # What painters do not need is looked at and loaded while they paint.
            self._landed |= await in_thread(own_media, self._storyboard, self.given.project, self.given.own_files)
            film_maker = self._film_maker = await in_thread(self.given.make_film_maker)
            self._hand_on()
            await asyncio.gather(*self._clips.values())
            timeline = self._timeline()
            film = self._kept(timeline) or await self._cut(timeline, film_maker)
        finally:
            await self._stop()
        return Previewed(
            film=film,
            timeline=timeline,
            painted=tuple(shot.id for shot in self._storyboard.shots if shot.id in self._painted),
            warnings=tuple(self.compiled.warnings),
        )

    async def _stop(self) -> None:
        for clip in self._clips.values():
            clip.cancel()
        await asyncio.gather(*self._clips.values(), return_exceptions=True)
        if self._film_maker:
            await self._film_maker.close()

    async def _clip(self, shot: Shot) -> Media:
        """The shot's clip, once the one that it continues is there."""
        brief = await self._brief(shot)
        media = self.given.studio.find(brief)
        if media is None:
            self._to_paint += 1
            media = await self.given.studio.paint(brief)
            self._painted.append(shot.id)
            self.given.tell(f"painted {shot.id} ({len(self._painted)} of {self._to_paint})")
        self._landed[shot.id] = media
        self._hand_on()
        return media

    def _hand_on(self) -> None:
        """Let the spans be made whose clips are here. A clip that does not fit its joins is told when all are here."""
        if self._film_maker:
            with suppress(StoryboardError):
                self._film_maker.clips_landed(self._timeline())

    async def _brief(self, shot: Shot) -> Brief:
        size_px = SIZE_PX[self._storyboard.aspect]
        pictures = [self._picture(image, size_px) for image in shot.images]
        if shot.continues:
            anchor = next(other for other in self._storyboard.shots if other.id == shot.continues.shot)
            clip = await asyncio.shield(self._clips[anchor.id])
            frame = shot.continues.frame_of(clip.info.film_frames, anchor.trim)
            pictures.insert(0, await self.given.studio.late_frame(clip, frame))
        roles = ROLES[shot.generation]
        return Brief(label=shot.id, prompt=shot.prompt, size_px=size_px, pictures=tuple(pictures), roles=roles)

    def _picture(self, image: Image, size_px: tuple[int, int]) -> Picture:
        """A file of the project, or what stands for a picture of the web: nothing is fetched."""
        if not image.file:
            return self.given.studio.placeholder(_words_of(image.url), size_px)
        path = self.given.project.root / image.file
        try:
            return Picture(path=path, identity=hash_file(path))
        except OSError as error:
            raise MachineError(f"{path} cannot be read: {error.strerror}.") from error

    def _timeline(self) -> Timeline:
        """The film's own, but small."""
        timeline = assemble_timeline(self._storyboard, self._landed)
        width_px, height_px = self._storyboard.films[0].shape.size_px(SHORT_SIDE_PX)
        return timeline.model_copy(update={"width_px": width_px, "height_px": height_px})

    def _kept(self, timeline: Timeline) -> Film | None:
        """The preview in `build/`, if it is whole and shows this timeline."""
        project = self.given.project
        try:
            film = Film.from_json(read_made(project.preview_document_path))
            is_whole = hash_file(project.preview_path) == film.sha256
        except (OSError, UsageError):
            return None
        return film if is_whole and film.made_from == timeline.fingerprint else None

    async def _cut(self, timeline: Timeline, film_maker: FilmMaker) -> Film:
        project = self.given.project
        film = await film_maker.finish(timeline, project.preview_path, lambda _: None)
        film = film.model_copy(update={"made_from": timeline.fingerprint})
        write_whole(project.preview_document_path, film.to_json().encode())
        return film


def _words_of(url: str) -> str:
    """What stands on the placeholder of an address: all of it but a query, which may hold secrets."""
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path}"
