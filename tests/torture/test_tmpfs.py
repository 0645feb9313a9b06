"""A file system that is really full, at some size or other: the command line, from outside."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest
from end_to_end.theatre import Theatre, open_theatre
from mounts import mounted, remount
from torture.stage import PROJECT, STORYBOARD, film_path, make_footage

from pipeline.digest import hash_file
from pipeline.media.probe import inspect

AMPLE: Final = "64M"
WORKERS: Final = 2


def on_stage(stage: Theatre, folder: Path) -> Theatre:
    """A workspace of its own in `folder`, whose film nobody else asks for, and the same server."""
    theatre = Theatre(folder, stage.url)
    theatre.state_dir = stage.state_dir
    theatre.write(PROJECT, STORYBOARD.replace("harbour", f"harbour of {folder.name}"))
    return theatre


def needed_bytes(stage: Theatre, folder: Path) -> int:
    """What a render that nothing befalls takes, in pages, less the sources that are there before."""
    with mounted(folder, AMPLE):
        theatre = on_stage(stage, folder)
        before = os.statvfs(folder).f_bfree
        assert theatre.run("render", PROJECT).returncode == 0
        status = os.statvfs(folder)
        return (before - status.f_bfree) * status.f_bsize


def wrongs_at(stage: Theatre, folder: Path, size_bytes: int) -> list[str]:
    """Render where there is room for so much, look at what is there, make room, and render again."""
    wrong = []
    with mounted(folder, AMPLE):
        theatre = on_stage(stage, folder)
        status = os.statvfs(folder)
        remount(folder, str((status.f_blocks - status.f_bfree) * status.f_bsize + size_bytes))
        first = theatre.run("render", PROJECT)
        if first.returncode not in (0, 8) or "Traceback" in first.stderr:
            wrong.append(f"it ended with {first.returncode}: {first.stderr}")
        wrong += wrong_files(folder)
        remount(folder, AMPLE)
        theatre.resolve_by_the_servers_log(PROJECT)
        last = theatre.run("render", PROJECT)
        if last.returncode != 0 or inspect(film_path(folder), must_be_mp4=True).frames != 20:
            wrong.append(f"the next run ended with {last.returncode}: {last.stderr}")
    print(f"room for {size_bytes:,} bytes: exit code {first.returncode}, then {last.returncode}")
    return wrong


def wrong_files(folder: Path) -> Iterator[str]:
    """What has its name is whole."""
    for clip in folder.glob(".storyreel/sandbox/takes/??/*"):
        if hash_file(clip) != clip.stem:
            yield f"{clip} holds something else"
    for document in folder.glob("projects/*/build/*.json"):
        json.loads(document.read_text())
    for film in folder.glob("projects/*/out/*.mp4"):
        inspect(film, must_be_mp4=True)


def assert_survives(tmp_path: Path, shares: Sequence[float]) -> None:
    """Render with room for these shares of what is needed."""
    with open_theatre(tmp_path, "--footage", str(make_footage(tmp_path / "footage"))) as stage:
        needed = needed_bytes(stage, tmp_path / "ample")
        with ThreadPoolExecutor(WORKERS) as pool:
            sizes = [round(needed * share) for share in shares]
            rounds = pool.map(lambda n: wrongs_at(stage, tmp_path / f"size{n}", sizes[n]), range(len(sizes)))
            assert [wrong for wrongs in rounds for wrong in wrongs] == []
        charged = stage.charges_by_request()
    assert sorted(charged.values()) == [1] * 3 * (len(shares) + 1)


def test_a_render_survives_a_full_disk(tmp_path: Path) -> None:
    """In the middle of it."""
    assert_survives(tmp_path, [0.5])


@pytest.mark.torture
def test_a_render_survives_twenty_sizes_of_a_full_disk(tmp_path: Path) -> None:
    """From next to nothing to nearly enough."""
    assert_survives(tmp_path, [(n + 0.5) / 20 for n in range(20)])
