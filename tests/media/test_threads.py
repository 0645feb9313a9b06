"""Work in a thread, and a caller who gives up waiting for it."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress

from pipeline.media.threads import in_thread


def test_work_that_fails_for_a_caller_who_was_cancelled_is_told_to_nobody() -> None:
    """The caller is gone only when the work is done; that it failed is no news on anybody's terminal."""
    told: list[object] = []
    begun, may_end = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        may_end.wait(10)
        raise OSError("No space left on device")

    async def give_up() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: told.append(context))
        waiting = asyncio.ensure_future(in_thread(work))
        await asyncio.to_thread(begun.wait, 10)
        waiting.cancel()
        await asyncio.sleep(0)
        assert not waiting.done()
        may_end.set()
        with suppress(asyncio.CancelledError):
            await waiting
        assert waiting.cancelled()

    asyncio.run(give_up())
    assert told == []
