"""Hands hostile files to the doors of `pipeline.media`, each in a child of its own whose time and memory are measured.

    python -c "import hostile_battery; hostile_battery.main()" FOLDER SEED URL FOREIGN EVERY

Prints a JSON line a file. Stands in a process of its own so that it may be forked, and traced.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Final

from cutting_room import Cutting
from footage import write_clip
from hostile_media import CLIP, SOUND, STILL, TAKE, Hostile, Trap, write_hostile_files
from timelines import a_clip, a_logo, a_voice

from pipeline.digest import ContentHash, hash_file
from pipeline.errors import StoryreelError
from pipeline.media.library import Library
from pipeline.media.pictures import extract_frames
from pipeline.media.probe import inspect
from pipeline.model.media import FileKind, Media
from pipeline.project import StorePaths

SECONDS: Final = 10
"""Of the processor's: the clock's depend on who else wants it."""
MEGABYTES: Final = 512
"""Of the largest process."""

DEADLINE: Final = 60
"""After so many seconds of the clock a child is killed: it waits for something."""


def main() -> None:
    folder, seed, url, foreign, every = sys.argv[1:]
    files = Path(folder) / "files"
    files.mkdir()
    ground = write_clip(Path(folder) / "ground.mp4", frames=12)
    for n, hostile in enumerate(write_hostile_files(files, Trap(url, Path(foreign)), int(seed), int(every))):
        print(json.dumps(_try(hostile, Path(folder) / f"try{n}", ground)), flush=True)


def _try(hostile: Hostile, folder: Path, ground: Path) -> dict[str, object]:
    """How one went: what was said, the seconds, and the memory of the largest process."""
    reading, writing = os.pipe()
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.setsid()
        signal.alarm(DEADLINE)
        folder.mkdir()
        os.write(writing, _answer(hostile, folder, ground).encode()[:60_000])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answers:
        said = answers.read().decode()
    _, status, used = os.wait4(child, 0)
    return {
        "name": hostile.name,
        "door": hostile.door,
        "is_fine": hostile.is_fine,
        "said": said if status == 0 else f"broke: ended by {status}",
        "seconds": round(used.ru_utime + used.ru_stime, 3),
        "waited": round(time.monotonic() - began, 3),
        "megabytes": round(used.ru_maxrss / 1_024),
    }


def _answer(hostile: Hostile, folder: Path, ground: Path) -> str:
    try:
        _use(hostile, folder, ground)
    except StoryreelError as error:
        return f"refused: {error}"
    except BaseException:  # whatever else it is, it is no answer
        return f"broke: {traceback.format_exc()}"
    return "used"


def _use(hostile: Hostile, folder: Path, ground: Path) -> None:
    """Look at it through its door, and if it is let in, make a film with it."""
    cutting, path = Cutting(folder), hostile.path
    if hostile.door == TAKE:
        seen = inspect(path, must_be_mp4=True)
        media = Media(sha256=hash_file(path), size_bytes=path.stat().st_size, info=seen)
    else:
        kind = {CLIP: FileKind.CLIP, SOUND: FileKind.SOUND, STILL: FileKind.STILL}[hostile.door]
        media = Library(StorePaths(folder / "store")).look_at(path, kind)
    cutting.know(media.sha256, path)
    if hostile.door in (CLIP, TAKE):
        extract_frames(path, [0], 64)
        kind_of_item = "shot" if hostile.door == TAKE else "footage"
        cutting.cut(a_clip("x", media=media, kind=kind_of_item, stop=min(12, media.info.film_frames)))
        return
    plain = cutting.adopt("ground", ground)
    if hostile.door == SOUND:
        used = (0, max(1, min(12, media.info.film_frames)))
        cutting.cut(plain, narrations=(a_voice(used=used, media=media),))
    else:
        logo = a_logo(stop=12).model_copy(update={"sha256": ContentHash(media.sha256)})
        cutting.cut(plain, logos=(logo,))
