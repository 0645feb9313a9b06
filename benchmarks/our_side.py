"""One render of ours in a process of its own, as `rendering.py` orders it: `python our_side.py ORDER.json`.

The order names a timeline, where its files are and the folder of the render cache. With `lands_last`, everything is
made that can be made before the last clip is there; then it says so and waits to be told that it has landed.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from pipeline.media.ffmpeg import Ffmpeg, find_ffmpeg
from pipeline.media.press import Press
from pipeline.media.sound import SoundDesk
from pipeline.media.span_cache import SpanCache
from pipeline.model.timeline import Timeline
from pipeline.project import StorePaths
from pipeline.render.film import FilmMaker
from pipeline.settings import Settings


def main() -> None:
    order: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text())
    film = asyncio.run(render(order))
    print(film)


async def render(order: dict[str, Any]) -> str:
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
    film = await maker.finish(timeline, Path(order["film"]), lambda _: None)
    return film.to_json()


if __name__ == "__main__":
    main()
