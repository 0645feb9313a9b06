"""A render cache in a folder of its own, and tiny clips to cut films of."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

from footage import SIZE_PX, media_of, write_clip
from PIL import Image
from timelines import a_clip, a_logo, a_timeline, a_voice

from pipeline.media.ffmpeg import Ffmpeg, find_ffmpeg
from pipeline.media.press import Press
from pipeline.media.sound import SoundDesk
from pipeline.media.span_cache import SpanCache
from pipeline.model.delivery import Film
from pipeline.model.timeline import Clip, LogoOverlay, NarrationTrack, Timeline
from pipeline.project import StorePaths
from pipeline.render.film import FilmMaker
from pipeline.render.spans import Span, plan_spans
from pipeline.settings import Settings


class Cutting:
    """A render cache in a folder of its own, and the clips that were written there."""

    def __init__(self, folder: Path, size_px: tuple[int, int] = SIZE_PX) -> None:
        self.size_px = size_px
        self.folder, self.paths = folder, StorePaths(folder / "store")
        self.film_path = folder / "out" / "film.mp4"
        self._files: dict[str, Path] = {}

    def clip(self, name: str = "a", *, join: str = "cut", sound: str = "keep", **made: object) -> Clip:
        path = write_clip(self.folder / f"{name}.mp4", **made)  # type: ignore[arg-type]
        return self._laid(name, path, join, sound)

    def adopt(self, name: str, path: Path, *, join: str = "cut", sound: str = "keep") -> Clip:
        """All of a file that is there already: a copy of it, so that the film may be cut anew."""
        return self._laid(name, Path(shutil.copyfile(path, self.folder / f"{name}.mp4")), join, sound)

    def _laid(self, name: str, path: Path, join: str, sound: str) -> Clip:
        media = media_of(path)
        self._files[media.sha256] = path
        return a_clip(name, media=media, join=join, sound=sound)

    def know(self, sha256: str, path: Path) -> None:
        """A file that a clip of somebody else's, or a logo, is."""
        self._files[sha256] = path

    def timeline(self, *clips: Clip, **tracks: Any) -> Timeline:
        return a_timeline(*clips, width_px=self.size_px[0], height_px=self.size_px[1], **tracks)

    def voice(self, **made: Any) -> NarrationTrack:
        """A steady tone from film frame 12 on, 12 frames long."""
        media = self.clip("voice", **made).media
        return a_voice(start=12, used=(0, 12), media=media)

    def logo(self, **where: Any) -> LogoOverlay:
        """All white."""
        logo = a_logo(**where)
        self._files[logo.sha256] = self.folder / "logo.png"
        Image.new("RGB", (80, 80), "white").save(self._files[logo.sha256])
        return logo

    def spans(self, *clips: Clip, **tracks: Any) -> tuple[Span, ...]:
        """What a film of the clips is made of."""
        timeline, orders = self.timeline(*clips, **tracks), {}
        for clip in clips:
            order = self.maker_of_spans().packet_order(clip, (timeline.width_px, timeline.height_px))
            if clip.media and order:
                orders[clip.media.sha256] = order
        return plan_spans(timeline, orders=orders)

    def maker(self) -> FilmMaker:
        spans = self.maker_of_spans()
        runner = spans.ffmpeg
        return FilmMaker(spans, SoundDesk(runner, self.paths, self.locate), Press(self.paths, self.locate))

    def maker_of_spans(self) -> SpanCache:
        return SpanCache(Ffmpeg(find_ffmpeg(Settings())), self.paths, self.locate)

    def locate(self, piece: Any) -> Path:
        return self._files[piece.sha256 if isinstance(piece, LogoOverlay) else piece.media.sha256]

    def cut(self, *clips: Clip, **tracks: Any) -> Film:
        async def finish() -> Film:
            return await self.maker().finish(self.timeline(*clips, **tracks), self.film_path, lambda _: None)

        return asyncio.run(finish())
