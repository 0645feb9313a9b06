"""Work in a thread, and a caller who gives up waiting for it."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress

import pytest

from pipeline.media.threads import beside, in_thread


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


def test_what_is_handed_over_is_all_done_in_its_order_at_the_end() -> None:
    """In a thread of its own, two at a time and one alone."""
    done: list[tuple[int, int]] = []
    with beside(lambda thing: done.append((thing, threading.get_ident()))) as hand_over:
        for things in ([1, 2], [3], [4, 5]):
            hand_over(things)
    assert [thing for thing, _ in done] == [1, 2, 3, 4, 5]
    assert {where for _, where in done} == {done[0][1]} != {threading.get_ident()}


@pytest.mark.parametrize("handed_over", [1, 2])
def test_what_goes_wrong_beside_is_told_to_whoever_handed_over(handed_over: int) -> None:
    """When the next is handed over, or at the end."""

    def fail(_: object) -> None:
        raise ValueError("no sound")

    with pytest.raises(ValueError, match="no sound"), beside(fail) as hand_over:
        for thing in range(handed_over):
            hand_over([thing])
