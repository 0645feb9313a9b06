"""Blocking work in threads: off the event loop, or beside other work; none goes on behind the back of who asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


async def in_thread(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Do `work` in a thread. A cancelled caller still waits for it, whatever comes of it: keep it to a few seconds."""
    task = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
        raise


@contextmanager
def beside(work: Callable[[T], object]) -> Iterator[Callable[[Iterable[T]], None]]:
    """Hands things over to be worked on one after the other, in a thread of its own; all is done by the block's end.

    Who hands the next ones over waits until the last are done, so that not many are held. What `work` raises is raised
    then, or at the end.
    """

    def work_on(things: Iterable[T]) -> None:
        for thing in things:
            work(thing)

    with ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(work_on, ())

        def hand_over(things: Iterable[T]) -> None:
            nonlocal under_way
            under_way.result()
            under_way = pool.submit(work_on, things)

        yield hand_over
        under_way.result()
