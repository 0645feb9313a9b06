"""The clips of a preview: painted once a brief, kept by content, with what the probe saw in them.

Knows no storyboard: who wants a clip brings its brief. Painters are processes, started when they are needed first.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, Self, TypeVar

from pydantic import ValidationError

from pipeline.digest import Fingerprint, fingerprint, hash_file
from pipeline.errors import MachineError
from pipeline.host import write_whole
from pipeline.media.aside import open_aside
from pipeline.media.easel import Easel, PaintingError, PaintOrder
from pipeline.model.media import Media
from pipeline.project import StorePaths
from pipeline.timecode import Frames

STYLE: Final = 4
"""Goes up when equal briefs are painted in another way."""

MOST_PAINTERS: Final = 8

T = TypeVar("T")

Roles = Literal["none", "frames", "refs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that a painter is given.

    Attributes:
        identity: equal for equal pictures.
        words: what is written on the placeholder that is painted at `path` if nothing is there.
    """

    path: Path
    identity: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """All that a clip depends on; `label` stands on its slate."""

    label: str
    prompt: str
    size_px: tuple[int, int]
    pictures: tuple[Picture, ...] = ()
    roles: Roles = "none"

    @property
    def fingerprint(self) -> Fingerprint:
        """Equal briefs make equal clips."""
        pictures = [picture.identity for picture in self.pictures]
        return fingerprint(["stand-in", STYLE, self.label, self.prompt, self.size_px, pictures, self.roles])


class StandIns:
    """The clips of one store, painted by as many painters as there are processors. Ends them when the block ends."""

    def __init__(self, paths: StorePaths) -> None:
        self._paths = paths
        self._easels = [Easel() for _ in range(min(MOST_PAINTERS, os.cpu_count() or 1))]
        self._free: asyncio.LifoQueue[Easel] = asyncio.LifoQueue()  # the one that painted last is warm
        for easel in self._easels:
            self._free.put_nowait(easel)
        self._works: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, where: TracebackType | None) -> None:
        for easel in self._easels:
            await easel.close()
        await asyncio.gather(*self._works, return_exceptions=True)

    def warm(self) -> None:
        """Have the painter that is asked next ready, at once and without waiting."""
        self._begin(self._easels[-1].start())

    def find(self, brief: Brief) -> Media | None:
        """The clip of the brief, if it was painted before."""
        try:
            media = Media.model_validate_json(self._paths.stand_in_path(brief.fingerprint).read_bytes())
        except (OSError, ValidationError):
            return None
        return media if self._is_whole(media) else None

    async def paint(self, brief: Brief) -> Media:
        """The clip of the brief, painted anew. What was begun goes on when the caller is cancelled.

        Raises:
            MachineError: it cannot be painted or kept.
        """
        easel = await self._free.get()
        return await asyncio.shield(self._begin(self._paint(brief, easel)))

    async def _paint(self, brief: Brief, easel: Easel) -> Media:
        try:
            with open_aside(self._paths.takes_dir) as aside:
                made = aside / "clip.mp4"
                await easel.paint(_order(brief, made))
                return await asyncio.to_thread(self._keep, brief, made)
        except PaintingError as problem:
            raise MachineError(f"{brief.label}: no clip can be painted for it ({problem}).") from problem
        finally:
            self._free.put_nowait(easel)

    def _begin(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._works.add(task)
        task.add_done_callback(self._end)
        return task

    def _end(self, task: asyncio.Task[Any]) -> None:
        """What went wrong in work that nobody waits for any more is no matter."""
        self._works.discard(task)
        if not task.cancelled():
            task.exception()

    def _keep(self, brief: Brief, made: Path) -> Media:
        from pipeline.media.probe import inspect  # heavy, and a preview may be up to date

        media = Media(sha256=hash_file(made), size_bytes=made.stat().st_size, info=inspect(made, must_be_mp4=True))
        note = made.with_suffix(".json")
        note.write_text(media.model_dump_json())
        kept = {made: self._paths.take_path(media.sha256), note: self._paths.stand_in_path(brief.fingerprint)}
        for file, path in kept.items():  # not synced, which takes as long as painting some frames: it can be made again
            path.parent.mkdir(parents=True, exist_ok=True)
            file.replace(path)
        return media

    def _is_whole(self, media: Media) -> bool:
        path = self._paths.take_path(media.sha256)
        return path.is_file() and path.stat().st_size == media.size_bytes

    async def late_frame(self, clip: Media, frame: Frames) -> Picture:
        """One frame of a clip that was painted."""
        identity = fingerprint(["frame", clip.sha256, frame])
        path = self._paths.still_path(identity)
        if not path.is_file():
            from pipeline.media.late_frames import cut_out

            write_whole(path, await asyncio.to_thread(cut_out, self._paths.take_path(clip.sha256), frame))
        return Picture(path=path, identity=identity)

    def placeholder(self, words: str, size_px: tuple[int, int]) -> Picture:
        """What stands for a picture that is not fetched."""
        identity = fingerprint(["placeholder", words, size_px])
        return Picture(path=self._paths.still_path(identity), identity=identity, words=words)


def _order(brief: Brief, made: Path) -> PaintOrder:
    fields = {
        "shot": brief.label,
        "prompt": brief.prompt,
        "size_px": brief.size_px,
        "images": [str(picture.path) for picture in brief.pictures],
        "image_roles": brief.roles,
        "draft": True,
    }
    return PaintOrder(brief=fields, path=str(made), placeholders=_missing(brief.pictures))


def _missing(pictures: Sequence[Picture]) -> dict[str, str]:
    missing = {str(picture.path): picture.words for picture in pictures if picture.words and not picture.path.is_file()}
    for path in missing:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    return missing
