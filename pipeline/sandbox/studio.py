"""Makes the clip of a task: drawn by the painter or taken from a folder of footage, at most `painters` at once.

A clip is there when its file is: written aside and renamed. Knows no credits, no time and no HTTP.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlsplit

from pipeline.sandbox.assets import AssetShelf
from pipeline.sandbox.config import SandboxConfig, SandboxError
from pipeline.sandbox.vault import Task

if TYPE_CHECKING:
    from pipeline.media.animatic import ClipBrief

log = logging.getLogger(__name__)

WIDE_PX: Final = {"720p": (1280, 720), "1080p": (1920, 1080), "4k": (3840, 2160)}
IMAGE_ROLES: Final[dict[str, Literal["none", "frames", "refs"]]] = {
    "TEXT_2_VIDEO": "none",
    "FIRST_AND_LAST_FRAMES_2_VIDEO": "frames",
    "REFERENCE_2_VIDEO": "refs",
}


class Studio:
    """The clips of one sandbox, under `clips/` of its state."""

    def __init__(self, config: SandboxConfig, shelf: AssetShelf, *, on_failure: Callable[[Task, str], None]) -> None:
        self._config = config
        self._shelf = shelf
        self._on_failure = on_failure
        self._clips_dir = config.state_dir / "clips"
        self._clips_dir.mkdir(exist_ok=True)
        self._footage = _list_footage(config.footage_dir)
        self._queue: asyncio.Queue[Task] = asyncio.Queue()

    def clip_path(self, task_id: str) -> Path:
        return self._clips_dir / f"{task_id}.mp4"

    def has_clip(self, task: Task) -> bool:
        return self.clip_path(task.task_id).exists()

    def order(self, task: Task) -> None:
        """Have the clip made, in turn; at once and without waiting."""
        self._queue.put_nowait(task)

    async def run(self) -> None:
        """Make what is ordered, until cancelled."""
        async with asyncio.TaskGroup() as group:
            for _ in range(self._config.painters):
                group.create_task(self._work())

    async def _work(self) -> None:
        while True:
            task = await self._queue.get()
            try:
                await asyncio.to_thread(self._make, task)
            except Exception as problem:  # whatever a painter stumbles over, the vendor would answer "failed"
                log.warning("no clip for %s: %r", task.task_id, problem)
                self._on_failure(task, repr(problem))

    def _make(self, task: Task) -> None:
        path = self.clip_path(task.task_id)
        if self._footage:
            aside = path.with_suffix(".part")
            shutil.copyfile(choose_footage(self._footage, task), aside)
            aside.replace(path)
        else:
            from pipeline.media.animatic import paint_clip

            paint_clip(self._brief(task), path)

    def _brief(self, task: Task) -> ClipBrief:
        from pipeline.media.animatic import ClipBrief

        shot = task.shot
        width, height = WIDE_PX[shot.resolution]
        size_px = (width, height) if shot.aspect_ratio == "16:9" else (height, width)
        return ClipBrief(
            shot=shot.name,
            prompt=shot.prompt,
            size_px=size_px,
            images=tuple(self._picture(url, size_px) for url in shot.image_urls),
            image_roles=IMAGE_ROLES[shot.generation_type],
            seed=self._config.seed + task.nth_take,  # another take of the same shot looks different
            slate=not self._config.clean,
            marks=self._config.marks,
            plain=self._config.clips == "plain",
        )

    def _picture(self, url: str, size_px: tuple[int, int]) -> Path:
        """A given picture as a local file: the client's own, or a placeholder, as nothing is fetched from outside."""
        if url.startswith("/assets/"):
            return self._shelf.get(url.removeprefix("/assets/"))
        from pipeline.media.animatic import paint_placeholder

        path = self._shelf.placeholder_path(url, size_px)
        if not path.exists():
            parts = urlsplit(url)
            paint_placeholder(f"{parts.netloc}{parts.path}", size_px, path)
        return path


def choose_footage(files: tuple[Path, ...], task: Task) -> Path:
    """The file named after the shot, by its full id, then by its name; else the n-th file for the n-th new request."""
    by_name = {file.stem: file for file in files}
    for name in (task.shot.shot_id, task.shot.name):
        if name in by_name:
            return by_name[name]
    return files[task.nth_request % len(files)]


def _list_footage(footage_dir: Path | None) -> tuple[Path, ...]:
    """The mp4 files of the folder by name; empty without a folder. Raises SandboxError if there are none in it."""
    if footage_dir is None:
        return ()
    files = tuple(sorted(footage_dir.glob("*.mp4")))
    if not files:
        raise SandboxError(f"{footage_dir} holds no .mp4 files to serve. Name a folder that does, or leave it out.")
    return files
