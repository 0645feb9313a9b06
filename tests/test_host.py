"""What the machine does for a run: how files appear, and which are believed to be ours."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOON

from pipeline.digest import hash_file
from pipeline.errors import MachineError
from pipeline.host import SystemClock, read_made, write_whole


def test_a_clock_goes_on_by_what_passes_whatever_the_time_of_day_is_set_to() -> None:
    """It began at noon; the machine is told that it is a year later."""
    times = iter([NOON, NOON + timedelta(days=365)])
    clock = SystemClock(time_of_day=lambda: next(times))
    assert timedelta(0) <= clock.now() - NOON < timedelta(seconds=5)
    assert clock.now() <= clock.now()


def test_sleeping_lasts_as_long_as_was_said() -> None:
    """By the clock itself."""
    clock = SystemClock()
    began = clock.now()
    asyncio.run(clock.sleep(timedelta(seconds=0.05)))
    assert clock.now() - began >= timedelta(seconds=0.05)


def test_a_file_in_the_way_of_a_folder_is_told(tmp_path: Path) -> None:
    """Not even what is written aside can be there."""
    (tmp_path / "out").write_text("a file")
    with pytest.raises(MachineError, match=r"out/film\.json cannot be written"):
        write_whole(tmp_path / "out" / "film.json", b"{}")


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.write_bytes(b"\xff")])
def test_what_lies_in_the_place_of_a_made_document_is_none(tmp_path: Path, make: Callable[[Path], object]) -> None:
    """A project that somebody sent may hold a pipe there, which would be waited for."""
    make(tmp_path / "film.json")
    with pytest.raises(OSError, match="no document of ours"):
        read_made(tmp_path / "film.json")


def test_a_link_to_a_device_is_no_made_document(tmp_path: Path) -> None:
    """Reading it would never end."""
    (tmp_path / "film.json").symlink_to("/dev/zero")
    with pytest.raises(OSError, match="no document of ours"):
        read_made(tmp_path / "film.json")


def test_a_pipe_has_no_hash(tmp_path: Path) -> None:
    """Nobody would ever write into it."""
    os.mkfifo(tmp_path / "film.mp4")
    with pytest.raises(OSError, match="Invalid"):
        hash_file(tmp_path / "film.mp4")
