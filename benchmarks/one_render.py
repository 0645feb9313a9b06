"""A film from an order: its timeline, where its files are, and the folder of the render cache.

With `lands_last`, everything is made that can be made before the last clip is there; then it says so with a line, and
waits for one that says that it has landed.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from pipeline.media.ffmpeg import Ffmpeg, find_ffmpeg
from pipeline.media.memory import keep_little
from pipeline.media.press import Press
from pipeline.media.sound import SoundDesk
from pipeline.media.span_cache import SpanCache
from pipeline.model.timeline import Timeline
from pipeline.project import StorePaths
from pipeline.render.film import FilmMaker
from pipeline.settings import Settings


def render(order: dict[str, Any]) -> None:
    """Make the film at `order["film"]`. Raises as `FilmMaker.finish`."""
    keep_little()  # as the app does
    asyncio.run(_render(order))


async def _render(order: dict[str, Any]) -> None:
    timeline, files = Timeline.model_validate(order["timeline"]), order["files"]
    paths, exe = StorePaths(Path(order["store"])), find_ffmpeg(Settings())

    def locate(piece: Any) -> Path:
        return Path(files[piece.media.sha256])

    maker = FilmMaker(
        SpanCache(Ffmpeg(exe), paths, locate), SoundDesk(Ffmpeg(exe), paths, locate), Press(paths, locate)
    )
    if order["lands_last"]:
        waiting = timeline.clips[-1].model_copy(update={"media": None})
        maker.clips_landed(timeline.model_copy(update={"clips": (*timeline.clips[:-1], waiting)}))
        await maker.settled()
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
    await maker.finish(timeline, Path(order["film"]), lambda _: None)
