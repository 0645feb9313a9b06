"""Runs ffmpeg: argument lists only, never outliving who asked.

Knows nothing of graphs and formats, which `graph` and `mastering` build the arguments for, nor how many run at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from pipeline.errors import FfmpegError, MachineError
from pipeline.media.memory import LIBC
from pipeline.settings import Settings
from pipeline.timecode import Frames

_TAIL_BYTES: Final = 4_000
_PR_SET_PDEATHSIG: Final = 1  # <linux/prctl.h>
_PR_SET_THP_DISABLE: Final = 41
_LARGE_BYTES: Final = b"131072"  # what is as large goes back when it is freed: glibc begins so, and would raise it
_COMMON: Final = ("-nostdin", "-hide_banner", "-v", "error", "-xerror")


def find_ffmpeg(settings: Settings) -> Path:
    """The binary of the settings, else the one that comes with imageio-ffmpeg.

    Raises:
        MachineError: there is none that can be run.
    """
    if settings.ffmpeg is not None:
        if not os.access(settings.ffmpeg, os.X_OK):
            raise MachineError(f"STORYREEL_FFMPEG names {settings.ffmpeg}, which is no program that can be run.")
        return settings.ffmpeg
    import imageio_ffmpeg

    try:
        return Path(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise MachineError(
            "imageio-ffmpeg brought no ffmpeg for this machine; name one in STORYREEL_FFMPEG."
        ) from error


class Ffmpeg:
    """The runner.

    Args:
        exe: the binary.
    """

    def __init__(self, exe: Path) -> None:
        self._exe = exe

    async def run(self, what: str, args: Sequence[str], *, on_progress: Callable[[Frames], None] | None = None) -> str:
        """Run it to its end; killed, with its children, when the caller is cancelled.

        Args:
            what: what it is asked for, in words, for the error.
            on_progress: told how many frames are written, now and then.

        Returns:
            What it wrote to standard output, without the progress.

        Raises:
            FfmpegError: it failed.
            MachineError: it cannot be started.
        """
        report = ("-progress", "pipe:1", "-stats_period", "0.2") if on_progress else ()
        argv = (str(self._exe), *_COMMON, *report, *args)
        process = await _start(argv)
        try:
            tail, said = await asyncio.gather(_read_tail(process), _read_output(process, on_progress))
            status = await process.wait()
        finally:
            await _end(process)
        if status != 0:
            raise FfmpegError(what, argv, status, tail)
        return said


async def _start(argv: Sequence[str]) -> Process:
    """The process, which is ended at once if the caller is cancelled meanwhile.

    It is begun to its end even then: asyncio waits for ever for a process whose pipes it has not yet connected
    (CPython 3.11).
    """
    beginning = asyncio.ensure_future(_spawn(argv))
    try:
        return await asyncio.shield(beginning)
    except asyncio.CancelledError:
        await asyncio.wait([beginning])
        if beginning.exception() is None:
            await _end(beginning.result())
        raise


async def _spawn(argv: Sequence[str]) -> Process:
    try:
        return await asyncio.create_subprocess_exec(
            *argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            start_new_session=True,
            preexec_fn=_behave if sys.platform == "linux" else None,
        )
    except OSError as error:
        raise MachineError(f"ffmpeg cannot be started: {argv[0]}: {error.strerror}.") from error


async def _end(process: Process) -> None:
    """Kill the whole group if it still runs, and reap it, even while being cancelled again."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await asyncio.shield(process.wait())


async def _read_tail(process: Process) -> str:
    tail = b""
    assert process.stderr is not None  # noqa: S101 — asked for by `_start`
    while chunk := await process.stderr.read(_TAIL_BYTES):
        tail = (tail + chunk)[-_TAIL_BYTES:]
    return tail.decode(errors="replace")


async def _read_output(process: Process, on_progress: Callable[[Frames], None] | None) -> str:
    assert process.stdout is not None  # noqa: S101 — asked for by `_start`
    if on_progress is None:
        return (await process.stdout.read()).decode(errors="replace")
    async for line in process.stdout:
        key, _, value = line.partition(b"=")
        if key == b"frame" and value.strip().isdigit():
            on_progress(int(value))
    return ""


def _behave() -> None:
    """In the child, before exec: the kernel kills it when we die, however we die; and it keeps no more than it uses.

    x264 asks for pages of 2 MB for its pictures, 5 MB more a process, and is no faster for it (ffmpeg 9.0).
    """
    if LIBC is not None:
        LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        LIBC.prctl(_PR_SET_THP_DISABLE, 1, 0, 0, 0)
        LIBC.setenv(b"MALLOC_MMAP_THRESHOLD_", _LARGE_BYTES, 1)
