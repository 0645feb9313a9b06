"""The film before money: the same edit over clips that are painted here, small and at once.

Asks no vendor, opens no ledger, spends nothing. Picks no implementation (`app` does) and prints nothing (`cli` does).
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlsplit

from pipeline.digest import hash_file
from pipeline.edit import assemble_timeline
from pipeline.errors import MachineError, StoryboardError, UsageError
from pipeline.host import write_whole
from pipeline.media.stand_ins import Brief, Picture, Roles
from pipeline.model.delivery import Film
from pipeline.model.media import Media
from pipeline.model.storyboard import AspectRatio, GenerationType, Image, Shot, Storyboard
from pipeline.model.timeline import Timeline
from pipeline.production import OwnFiles, own_media
from pipeline.project import ProjectPaths
from pipeline.timecode import SHOT_FRAMES, Frames

if TYPE_CHECKING:
    from pipeline.render.film import FilmMaker, RenderProgress

SIZE_PX: Final = {AspectRatio.WIDE: (640, 360), AspectRatio.TALL: (360, 640)}
ROLES: Final[dict[GenerationType, Roles]] = {
    GenerationType.TEXT: "none",
    GenerationType.FRAMES: "frames",
    GenerationType.REFERENCE: "refs",
}


class PreviewWatcher(Protocol):
    """Who is told how a preview goes on; every call returns at once."""

    def painting(self, done: int, to_do: int) -> None: ...

    def rendering(self, progress: RenderProgress) -> None: ...

    def note(self, sentence: str) -> None: ...


class Studio(Protocol):
    """Paints clips, each once."""

    def find(self, brief: Brief) -> Media | None: ...

    async def paint(self, brief: Brief) -> Media: ...

    async def late_frame(self, clip: Media, frame: Frames) -> Picture: ...

    def placeholder(self, words: str, size_px: tuple[int, int]) -> Picture: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """What a preview came to.

    Attributes:
        painted: the shots whose clips were painted for it, in the film's order.
    """

    film: Film
    timeline: Timeline
    painted: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Preview:
    """One preview of one storyboard."""

    storyboard: Storyboard
    project: ProjectPaths
    own_files: OwnFiles
    studio: Studio
    film_maker: FilmMaker
    watcher: PreviewWatcher
    _landed: dict[str, Media] = field(init=False, default_factory=dict)
    _clips: dict[str, asyncio.Task[Media]] = field(init=False, default_factory=dict)
    _to_paint: list[str] = field(init=False, default_factory=list)
    _painted: list[str] = field(init=False, default_factory=list)

    async def make(self) -> Previewed:
        """Paint what is new and cut the film; a preview that is there and up to date is left alone.

        Raises:
            StoryboardError: what the storyboard asks for does not fit its footage.
            MachineError, MediaError: this machine does not let us.
        """
        self._landed = own_media(self.storyboard, self.project, self.own_files)
        try:
            for shot in self.storyboard.shots:
                self._clips[shot.id] = asyncio.ensure_future(self._clip(shot))
            await asyncio.gather(*self._clips.values())
            timeline = self._timeline()
            film = self._kept(timeline) or await self._cut(timeline)
        finally:
            for clip in self._clips.values():
                clip.cancel()
            await asyncio.gather(*self._clips.values(), return_exceptions=True)
            await self.film_maker.close()
        painted = tuple(shot.id for shot in self.storyboard.shots if shot.id in self._painted)
        return Previewed(film=film, timeline=timeline, painted=painted)

    async def _clip(self, shot: Shot) -> Media:
        """The shot's clip, once the one that it continues is there."""
        brief = await self._brief(shot)
        media = self.studio.find(brief)
        if media is None:
            self._to_paint.append(shot.id)
            self.watcher.painting(len(self._painted), len(self._to_paint))
            media = await self.studio.paint(brief)
            self._painted.append(shot.id)
            self.watcher.painting(len(self._painted), len(self._to_paint))
        self._landed[shot.id] = media
        with suppress(StoryboardError):  # it is told when all are here
            self.film_maker.clips_landed(self._timeline())
        return media

    async def _brief(self, shot: Shot) -> Brief:
        size_px = SIZE_PX[self.storyboard.aspect]
        pictures = [self._picture(image, size_px) for image in shot.images]
        if shot.continues:
            anchor = next(other for other in self.storyboard.shots if other.id == shot.continues.shot)
            clip = await asyncio.shield(self._clips[anchor.id])
            last = anchor.trim.within(SHOT_FRAMES).stop - 1
            pictures.insert(0, await self.studio.late_frame(clip, last + shot.continues.frame))
        roles = ROLES[shot.generation]
        return Brief(label=shot.id, prompt=shot.prompt, size_px=size_px, pictures=tuple(pictures), roles=roles)

    def _picture(self, image: Image, size_px: tuple[int, int]) -> Picture:
        """A file of the project, or what stands for a picture of the web: nothing is fetched."""
        if not image.file:
            return self.studio.placeholder(_words_of(image.url), size_px)
        path = self.project.root / image.file
        try:
            return Picture(path=path, identity=hash_file(path))
        except OSError as error:
            raise MachineError(f"{path} cannot be read: {error.strerror}.") from error

    def _timeline(self) -> Timeline:
        """The film's own, but small."""
        timeline = assemble_timeline(self.storyboard, self._landed)
        width_px, height_px = SIZE_PX[self.storyboard.aspect]
        return timeline.model_copy(update={"width_px": width_px, "height_px": height_px})

    def _kept(self, timeline: Timeline) -> Film | None:
        """The preview in `build/`, if it is whole and shows this timeline."""
        try:
            film = Film.from_json(self.project.preview_document_path.read_text(encoding="utf-8"))
            is_whole = hash_file(self.project.preview_path) == film.sha256
        except (OSError, UsageError):
            return None
        return film if is_whole and film.made_from == timeline.fingerprint else None

    async def _cut(self, timeline: Timeline) -> Film:
        film = await self.film_maker.finish(timeline, self.project.preview_path, self.watcher.rendering)
        film = film.model_copy(update={"made_from": timeline.fingerprint})
        write_whole(self.project.preview_document_path, film.to_json().encode())
        return film


def _words_of(url: str) -> str:
    """What stands on the placeholder of an address: all of it but a query, which may hold secrets."""
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path}"
