"""Keeps a cell: a child process that compiles what somebody else may have written, and can do nothing but that.

The cell is given texts and gives back a Storyboard or findings; `cell_main` is what runs in it, `cell_guard` what holds
it. This side holds the clock: a cell that does not answer in time is killed, and that is a finding like any other.
"""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from types import MappingProxyType
from typing import Final, Protocol, Self

from pipeline.compiler.catalogue import Code
from pipeline.compiler.cell_wire import Case, Limits, Verdict, packed, received
from pipeline.compiler.compiled import Compiled
from pipeline.compiler.sources import Sources
from pipeline.errors import MachineError, StoryboardError
from pipeline.model.finding import Finding, Source
from pipeline.model.series import Series

START_SECONDS: Final = 60.0  # a quarter of one is usual; a laptop that wakes up may take its time
CASES_A_LIFE: Final = 200  # 3 s each at most: what `cell_guard` gives a life
_NUDGE_SECONDS: Final = 0.25
_NUDGED_AT: Final = 0.8  # of the wall time

_NO_VARIABLES: Final[Mapping[str, str]] = MappingProxyType({})
_ENVIRONMENT: Final = {"PYDANTIC_DISABLE_PLUGINS": "__all__"}  # nothing of the user's, nothing of other packages


class Verdicts(Protocol):
    """A memory for what was compiled well. What is wrong with a text is found again each time."""

    def recall(self, case: Case) -> Verdict | None: ...

    def keep(self, case: Case, verdict: Verdict) -> None: ...


class Cell:
    """Compiles in a child process. It starts with the block, in the background, and anew after it has died.

    With a memory it starts with the first case that is not remembered. Not for two threads at once.
    """

    def __init__(self, limits: Limits | None = None, memory: Verdicts | None = None) -> None:
        self._limits, self._memory = limits or Limits(), memory
        self._life: _Life | None = None

    def __enter__(self) -> Self:
        if self._memory is None:
            self._life = _Life(self._limits)
        return self

    def __exit__(self, *_: object) -> None:
        self._end_life()

    def compile(self, sources: Sources, variables: Mapping[str, str] = _NO_VARIABLES) -> Compiled:
        """The film that `sources` ask for, as `compile_storyboard` says; of a series, the one that they mean.

        Raises:
            StoryboardError: all that is wrong, or that it took too long, too much, or the cell down with it.
            MachineError: no process can be started.
        """
        verdict = self._verdict_on(Case(sources=sources, variables=variables))
        if verdict.storyboard is None:
            raise StoryboardError(verdict.findings)
        return Compiled(storyboard=verdict.storyboard, warnings=verdict.findings)

    def series(self, sources: Sources) -> Series | None:
        """The films of the project, as `list_series` says; None if it is one film.

        Raises:
            StoryboardError: it is a series, and its list cannot be read.
            MachineError: no process can be started.
        """
        verdict = self._verdict_on(Case(sources=sources, variables={}, is_list=True))
        if verdict.findings:
            raise StoryboardError(verdict.findings)
        return verdict.series

    def _verdict_on(self, case: Case) -> Verdict:
        if self._memory is None:
            return self._new_verdict_on(case)
        remembered = self._memory.recall(case)
        if remembered and _is_good(remembered, case):
            return remembered
        verdict = self._new_verdict_on(case)
        if _is_good(verdict, case):
            self._memory.keep(case, verdict)
        return verdict

    def _new_verdict_on(self, case: Case) -> Verdict:
        if self._life is None or self._life.is_over:
            self._end_life()
            self._life = _Life(self._limits)
        try:
            return self._life.verdict_on(case)
        except _DiedError as died:
            self._end_life()
            source = Source(path=case.sources.storyboard_path, line=1)
            raise StoryboardError(
                [Finding(code=Code.TOO_MUCH, source=source, says=died.says, help=died.advice)]
            ) from None

    def _end_life(self) -> None:
        if self._life:
            self._life.end()
            self._life = None


class _DiedError(Exception):
    """No verdict will come."""

    def __init__(self, says: str, advice: str) -> None:
        super().__init__(says)
        self.says, self.advice = says, advice


class _Life:
    """One child process, from its start to its end."""

    def __init__(self, limits: Limits) -> None:
        self.cases = 0
        self._limits = limits
        self._is_ready = False
        self._channel, theirs = socket.socketpair()
        try:
            self._child: subprocess.Popen[bytes] = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-I", "-m", "pipeline.compiler.cell_main", json.dumps(asdict(limits))],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_ENVIRONMENT,
                cwd="/",
                start_new_session=True,  # Ctrl-C is for us
            )
        except OSError as error:
            self._channel.close()
            raise MachineError(f"the compiler's process cannot be started: {error.strerror}.") from error
        finally:
            theirs.close()

    @property
    def is_over(self) -> bool:
        """Whether it takes no case any more: it has had its share, or something ended it in between."""
        return self.cases >= CASES_A_LIFE or self._child.poll() is not None

    def verdict_on(self, case: Case) -> Verdict:
        """Raises _DiedError if none comes in time; the child is of no use then."""
        self._wait_until_ready()
        self.cases += 1
        started_at = time.monotonic()
        kill_at = started_at + self._limits.wall_seconds
        try:
            self._channel.settimeout(self._limits.wall_seconds)
            self._channel.sendall(packed(case.to_plain()))
            return self._read_verdict(started_at + _NUDGED_AT * self._limits.wall_seconds, kill_at)
        except TimeoutError:
            says = f"this takes longer than {self._limits.wall_seconds:g} s."
            raise _DiedError(says, "Look for a loop that goes on too long, or for nested repetitions.") from None
        except (OSError, EOFError, ValueError):
            status = self.end()
            says = f"this ended the compiler's process ({_cause(status)})."
            raise _DiedError(says, "Look for very deep nesting or a text that grows too large.") from None

    def _read_verdict(self, nudge_at: float, kill_at: float) -> Verdict:
        def read(length: int) -> bytes:
            nonlocal nudge_at
            while (now := time.monotonic()) < kill_at:
                if now >= nudge_at:
                    nudge_at = now + _NUDGE_SECONDS
                    self._child.send_signal(signal.SIGPROF)  # asks it to say where it is, and to stop
                self._channel.settimeout(max(0.001, min(nudge_at, kill_at) - now))
                with suppress(TimeoutError):
                    return self._channel.recv(length)
            raise TimeoutError

        body = received(read)
        if body is None:
            raise EOFError
        return Verdict.model_validate(body)

    def _wait_until_ready(self) -> None:
        if self._is_ready:
            return
        self._channel.settimeout(START_SECONDS)
        try:
            self._is_ready = received(self._channel.recv) is not None
        except (OSError, ValueError):
            self._is_ready = False
        if not self._is_ready:
            raise MachineError(f"the compiler's process does not start ({_cause(self.end())}). Try storyreel doctor.")

    def end(self) -> int:
        """Kill the child, and tell how it ended; harmless if it has ended already."""
        self._channel.close()
        if self._child.poll() is None:
            self._child.kill()
        return self._child.wait()


def _is_good(verdict: Verdict, case: Case) -> bool:
    """Whether it has what was asked for: a film, or a list of films in which nothing is wrong."""
    return not verdict.findings if case.is_list else verdict.storyboard is not None


def _cause(status: int) -> str:
    return f"{signal.strsignal(-status)}" if status < 0 else f"exit status {status}"
