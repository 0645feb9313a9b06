"""An event loop whose time goes on only while nothing can be done: hours of waiting cost nothing.

Sockets are real. Between two turns the loop stands still, with all that runs in it; a test goes on with it as far as it
likes. What asks for a thread is done on the spot, so that the same doings come in the same order every time.
"""

from __future__ import annotations

import asyncio
import os
import selectors
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

LOOKS: Final = 3
"""So often it is looked for bytes that are on their way through the machine's own network, before time goes on."""


class StalledError(Exception):
    """Nothing is ready, and nothing is waited for: time cannot go on."""


class _Selector(selectors.DefaultSelector):
    """Asks the system what is ready; if nothing is, lets the time pass that the loop would have waited."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0
        self.on_turn: Callable[[], None] = lambda: None

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.on_turn()
        for _ in range(LOOKS):
            ready = super().select(0)
            if ready or (timeout is not None and timeout <= 0):
                return ready
            os.sched_yield()
        if timeout is None:
            raise StalledError
        self.seconds += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """Time begins at 0 and passes by waiting, or by `skip`."""

    def __init__(self) -> None:
        self._virtual = _Selector()
        super().__init__(self._virtual)

    def time(self) -> float:
        return self._virtual.seconds

    def skip(self, seconds: float) -> None:
        """Let time pass in which nothing was done, as for a machine that was suspended."""
        self._virtual.seconds += seconds

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        done = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:
            done.set_exception(error)
        return done

    def go_on(self, turns: int, *, until: Callable[[], bool] = lambda: False) -> None:
        """Take so many turns, fewer if `until` becomes true."""
        left = turns

        def count() -> None:
            nonlocal left
            left -= 1
            if left <= 0 or until():
                self.stop()

        self._virtual.on_turn = count
        try:
            with suppress(StalledError):  # nobody waits for anything: there is nothing to go on with
                self.run_forever()
        finally:
            self._virtual.on_turn = lambda: None


class VirtualClock:
    """`ports.Clock` of a virtual loop."""

    def __init__(self, loop: VirtualLoop, began: datetime) -> None:
        self._loop, self._began = loop, began

    def now(self) -> datetime:
        return self._began + timedelta(seconds=self._loop.time())

    async def sleep(self, duration: timedelta) -> None:
        await asyncio.sleep(max(0.0, duration.total_seconds()))


async def run_on_the_spot(func: Callable[..., Any], *args: Any, **_how: Any) -> Any:
    """In place of `anyio.to_thread.run_sync`, which would begin a thread for every file that is served."""
    return func(*args)
