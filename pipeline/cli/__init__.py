"""The command line: parse, call one function of `app`, print. Data goes to stdout, talk to stderr.

This is its front door, and light: whoever asks for a project that another run holds is told so before the commands,
and all that they import, are loaded. Every command is a module of this folder; `commands` joins them.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final, NoReturn

from pipeline.errors import MachineError, ProjectBusyError, StoppedError, StoryreelError

if TYPE_CHECKING:
    from types import FrameType

LONE_OPTIONS: Final = frozenset({"--live", "--yes", "--json"})
"""Those of render that take no value."""


def main() -> None:
    """The program `storyreel`. Ends the process with an exit code of `errors.EXIT_CODES`."""
    _prepare_streams()
    try:
        _stop_on_signals()
        _take_project_ahead(sys.argv[1:])
        from pipeline.cli.commands import app

        app()
    except ProjectBusyError as error:
        _tell(error)
        os._exit(error.exit_code)  # nothing has begun that would have to end, and Python's own end takes a while
    except KeyboardInterrupt:
        _tell(stopped := StoppedError())
        sys.exit(stopped.exit_code)
    except OSError as error:  # of help: what a command meets, `commands` tells
        _tell(trouble := MachineError(f"the answer cannot be printed: {error.strerror}. Let it go elsewhere."))
        os._exit(trouble.exit_code)  # Python's own end would try to print it again


def _prepare_streams() -> None:
    """Put nothing in the place of a stream that the caller has closed, so that no file of ours is taken for it.

    What a stream's encoding cannot say is written as its number.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest that is free: this one
    sys.stdin = sys.stdin or open(0)  # noqa: SIM115 - by number, and for as long as the process lives
    sys.stdout = sys.stdout or open(1, "w")  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _stop_on_signals() -> None:
    """Let a request to end, and a terminal that is closed, be what Ctrl-C is; nohup's wish is left alone."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _take_project_ahead(arguments: Sequence[str]) -> None:
    """Hold the project of a render from here on; whatever else is wrong with it, the command itself finds and tells.

    Raises:
        ProjectBusyError: another run holds it.
    """
    name = project_to_render(arguments)
    if name is None:
        return
    from pipeline.lock import take_ahead
    from pipeline.project import current_folder, find_workspace

    try:
        project = find_workspace(current_folder()).project(name)
        take_ahead(project.root, project.holder_path)
    except ProjectBusyError:
        raise
    except (OSError, StoryreelError):
        pass


def project_to_render(arguments: Sequence[str]) -> str | None:
    """The project that is to be rendered, as far as can be told without a parser."""
    words = arguments[1:] if arguments[:1] == ["series"] else arguments
    if words[:1] != ["render"] or "--help" in words:
        return None
    is_value = False
    for word in words[1:]:
        if not is_value and not word.startswith("-") and ":" not in word:  # a colon: one more selector
            return word
        is_value = not is_value and word.startswith("-") and word not in LONE_OPTIONS and "=" not in word
    return None


def _tell(error: StoryreelError) -> None:
    from pipeline.safe_text import safe_block

    with suppress(OSError):
        print(safe_block(f"storyreel: {error}"), file=sys.stderr, flush=True)
