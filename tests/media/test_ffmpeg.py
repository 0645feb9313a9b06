"""Running ffmpeg."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from pipeline.errors import FfmpegError, MachineError
from pipeline.media.ffmpeg import Ffmpeg, find_ffmpeg
from pipeline.settings import Settings

ENDLESS = ("-re", "-f", "lavfi", "-i", "color=size=16x16:rate=24", "-f", "null", "-")


def an_ffmpeg() -> Ffmpeg:
    return Ffmpeg(find_ffmpeg(Settings()))


def running() -> int:
    """How many of our own children run ENDLESS."""
    mine = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return sum("color=size=16x16" in Path(f"/proc/{pid}/cmdline").read_text() for pid in mine)


async def until_running(count: int) -> None:
    while running() < count:  # noqa: ASYNC110 - another process has no event to set
        await asyncio.sleep(0.01)


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="counts processes in /proc")


def test_a_failure_says_what_was_tried_and_what_ffmpeg_said() -> None:
    """The facts stand in fields too."""
    with pytest.raises(FfmpegError, match="could not read nothing") as caught:
        asyncio.run(an_ffmpeg().run("read nothing", ["-i", "file:/nowhere.mp4", "-f", "null", "-"]))
    assert caught.value.status != 0
    assert "/nowhere.mp4" in caught.value.stderr_tail
    assert caught.value.argv[-3:] == ("-f", "null", "-")


def test_progress_is_told_in_frames() -> None:
    """The last word is the whole length."""
    told: list[int] = []
    source = ("-f", "lavfi", "-i", "color=size=16x16:rate=24:duration=2")
    asyncio.run(an_ffmpeg().run("count", [*source, "-f", "null", "-"], on_progress=told.append))
    assert told[-1] == 48


@pytest.mark.skipif(sys.platform != "linux", reason="is told to glibc")
def test_it_is_told_to_give_back_what_it_frees(tmp_path: Path) -> None:
    """In its environment, of which nothing else is changed."""
    program = tmp_path / "ffmpeg"
    program.write_text('#!/bin/sh\necho "$MALLOC_MMAP_THRESHOLD_ $HOME"\n')
    program.chmod(0o755)
    said = asyncio.run(Ffmpeg(program).run("say what it finds", ()))
    assert said == f"131072 {os.environ['HOME']}\n"


@needs_proc
def test_a_cancelled_run_leaves_no_process() -> None:
    """It is killed and reaped before the cancellation comes through."""

    async def cancel_it() -> None:
        task = asyncio.create_task(an_ffmpeg().run("run for ever", ENDLESS))
        await until_running(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert running() == 0

    asyncio.run(cancel_it())


@needs_proc
def test_runs_that_are_cancelled_while_they_begin_come_to_their_end(tmp_path: Path) -> None:
    """At 40 instants of the first 10 ms: before there is a process, and before anybody listens to it."""
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\nsleep 600 & wait\n")
    program.chmod(0o755)

    async def cancel_after(seconds: float) -> None:
        runner = Ffmpeg(program)
        tasks = [asyncio.create_task(runner.run("run for ever", ())) for _ in range(4)]
        await asyncio.sleep(seconds)
        for task in tasks:
            task.cancel()
        _, left = await asyncio.wait(tasks, timeout=10)
        assert left == set()

    for instant in range(40):
        asyncio.run(cancel_after(instant * 0.00025))


def test_a_named_binary_that_cannot_run_is_the_machines_fault(tmp_path: Path) -> None:
    """The sentence names the variable and the path."""
    with pytest.raises(MachineError, match=r"STORYREEL_FFMPEG names .*/ffmpeg"):
        find_ffmpeg(Settings(ffmpeg=tmp_path / "ffmpeg"))
