"""Makes the clip of a task: drawn by the painter or taken from a folder of footage, at most `painters` at once.

A clip is there when its file is: written aside and renamed. Knows no credits, no time and no HTTP.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pipeline.media.easel import Easel, PaintingError, PaintOrder
from pipeline.sandbox.assets import AssetShelf
from pipeline.sandbox.config import SandboxConfig, SandboxError
from pipeline.sandbox.vault import Task

log = logging.getLogger(__name__)

WIDE_PX: Final = {"720p": (1280, 720), "1080p": (1920, 1080), "4k": (3840, 2160)}
IMAGE_ROLES: Final = {
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
        """Have the clip made: footage is there at once, what is drawn when its turn has come."""
        if self._footage:
            self._copy_footage(task)
        else:
            self._queue.put_nowait(task)

    async def run(self) -> None:
        """Make what is ordered, until cancelled."""
        for leftover in self._clips_dir.glob("*.part"):
            leftover.unlink()
        async with asyncio.TaskGroup() as group:
            for _ in range(self._config.painters):
                group.create_task(self._work(Easel()))

    async def _work(self, easel: Easel) -> None:
        try:
            while True:
                task = await self._queue.get()
                try:
                    await easel.paint(self._order_for(task, self.clip_path(task.task_id)))
                except (PaintingError, OSError) as problem:
                    self._fail(task, problem)
        finally:
            await easel.close()

    def _copy_footage(self, task: Task) -> None:
        try:
            _copy(choose_footage(self._footage, task), self.clip_path(task.task_id))
        except OSError as problem:
            self._fail(task, problem)

    def _fail(self, task: Task, problem: Exception) -> None:
        log.warning("no clip for %s: %s", task.task_id, problem)
        self._on_failure(task, str(problem))

    def _order_for(self, task: Task, path: Path) -> PaintOrder:
        """Raises FileNotFoundError if a picture of the client's own was never put here."""
        shot = task.shot
        width, height = WIDE_PX[shot.resolution]
        size_px = (width, height) if shot.aspect_ratio == "16:9" else (height, width)
        pictures = {url: self._picture_path(url, size_px) for url in shot.image_urls}
        brief = {
            "shot": shot.name,
            "prompt": shot.prompt,
            "size_px": size_px,
            "images": [str(pictures[url]) for url in shot.image_urls],
            "image_roles": IMAGE_ROLES[shot.generation_type],
            "seed": self._config.seed + task.nth_take,  # another take of the same shot looks different
            "slate": not self._config.clean,
            "marks": self._config.marks,
            "plain": self._config.clips == "plain",
        }
        missing = {str(path): _caption(url) for url, path in pictures.items() if not path.exists()}
        return PaintOrder(brief=brief, path=str(path), placeholders=missing)

    def _picture_path(self, url: str, size_px: tuple[int, int]) -> Path:
        """Where a given picture lies: the client's own, or the one that stands for it; nothing is fetched."""
        if url.startswith("/assets/"):
            return self._shelf.get(url.removeprefix("/assets/"))
        return self._shelf.placeholder_path(url, size_px)


def choose_footage(files: tuple[Path, ...], task: Task) -> Path:
    """The file named after the shot, by its full id, then by its name; else the n-th file for the n-th new request."""
    by_name = {file.stem: file for file in files}
    for name in (task.shot.shot_id, task.shot.name):
        if name in by_name:
            return by_name[name]
    return files[task.nth_request % len(files)]


def _caption(url: str) -> str:
    """The words on the picture that stands for `url`: all of it but a query, which may hold secrets."""
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path}"


def _copy(source: Path, path: Path) -> None:
    aside = path.with_suffix(".part")
    shutil.copyfile(source, aside)
    aside.replace(path)


def _list_footage(footage_dir: Path | None) -> tuple[Path, ...]:
    """The mp4 files of the folder by name; empty without a folder. Raises SandboxError if there are none in it."""
    if footage_dir is None:
        return ()
    files = tuple(sorted(footage_dir.glob("*.mp4")))
    if not files:
        raise SandboxError(f"{footage_dir} holds no .mp4 files to serve. Name a folder that does, or leave it out.")
    return files
