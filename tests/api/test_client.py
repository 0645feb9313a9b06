"""The client over a real socket, against a server that answers what it is told, byte by byte."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from builders import a_request
from torture.virtual_time import VirtualLoop

from pipeline.api.client import VeoClient
from pipeline.host import SystemClock
from pipeline.model.answer import Accept, Doubt, GenerateOutcome, ShotOrder, Unsent
from pipeline.model.storyboard import Resolution

ORDER = ShotOrder(sent_id="run~tk01~abc", request=a_request())
BODY = json.dumps({"status": "processing", "shots": [{"shotId": "run~tk01~abc", "taskId": "task_1"}]}).encode()
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY
KEY = "sbx_canary"

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def nothing() -> None:
    """What `connected` does in tests that do not look at it."""


async def served(talk: Talk, work: Callable[[str], Awaitable[Any]]) -> Any:
    """What `work` returns while `talk` answers each connection."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        return await work(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")


def generate(talk: Talk, connected: Callable[[], None] = nothing) -> GenerateOutcome:
    async def work(url: str) -> GenerateOutcome:
        return await VeoClient(url, KEY, SystemClock()).generate([ORDER], Resolution.HD, connected=connected)

    outcome: GenerateOutcome = asyncio.run(served(talk, work))
    return outcome


def answering(answer: bytes, *, reset: bool = False) -> Talk:
    """A server that reads the whole request, sends `answer`, and closes or resets the connection."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))[15:])
        await reader.readexactly(length)
        writer.write(answer)
        await writer.drain()
        if reset:
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    return talk


def test_a_whole_answer_is_accepted() -> None:
    """The task of our shot."""
    outcome = generate(answering(ANSWER))
    assert isinstance(outcome, Accept)
    assert [(task.sent_id, task.task_id) for task in outcome.tasks] == [("run~tk01~abc", "task_1")]


@pytest.mark.parametrize("reset", [False, True])
def test_an_answer_cut_anywhere_is_a_doubt(reset: bool) -> None:
    """Never an accept, never "not sent", wherever it is cut and however the connection ends."""
    for size in range(0, len(ANSWER), 9):
        assert isinstance(generate(answering(ANSWER[:size], reset=reset)), Doubt), size


def generate_in_virtual_time(talk: Callable[[VirtualLoop], Talk]) -> tuple[GenerateOutcome, float]:
    """The outcome, and how many seconds of waiting it took."""

    async def work(url: str) -> GenerateOutcome:
        return await VeoClient(url, KEY, SystemClock()).generate([ORDER], Resolution.HD, connected=nothing)

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        loop = runner.get_loop()
        assert isinstance(loop, VirtualLoop)
        return runner.run(served(talk(loop), work)), loop.time()


def test_an_answer_that_came_while_the_machine_was_suspended_is_read() -> None:
    """It lay in the socket for ten hours: nobody has waited for it that long."""

    def suspended(loop: VirtualLoop) -> Talk:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(30)
            await answering(ANSWER)(reader, writer)
            loop.skip(36_000)

        return talk

    outcome, _ = generate_in_virtual_time(suspended)
    assert isinstance(outcome, Accept)


@pytest.mark.parametrize(("piece", "apart_s", "given_up_s"), [(b"", 30, 300), (b"HTTP/1.1 200 OK\r\n\r\n", 30, 600)])
def test_an_answer_that_never_ends_is_given_up(piece: bytes, apart_s: float, given_up_s: float) -> None:
    """Silence after five minutes, what drips in after ten; that is a doubt."""

    def dripping(_loop: VirtualLoop) -> Talk:
        async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError):
                while not writer.is_closing():
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(apart_s)

        return talk

    outcome, seconds = generate_in_virtual_time(dripping)
    assert isinstance(outcome, Doubt)
    assert given_up_s <= seconds < given_up_s + 2 * apart_s


def test_an_unreachable_server_is_told_nothing() -> None:
    """Proof that no byte left: the caller is not even told of a connection."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    told: list[str] = []
    client = VeoClient(url, KEY, SystemClock())
    outcome = asyncio.run(client.generate([ORDER], Resolution.HD, connected=lambda: told.append("connected")))
    assert isinstance(outcome, Unsent) and told == []


def test_no_byte_leaves_before_the_intent_is_kept() -> None:
    """When keeping it fails, the server sees a connection and not one byte."""
    came: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        came.append(await reader.read(1000))

    def disk_is_full() -> None:
        raise RuntimeError("disk full")

    async def work(url: str) -> None:
        with pytest.raises(RuntimeError, match="disk full"):
            await VeoClient(url, KEY, SystemClock()).generate([ORDER], Resolution.HD, connected=disk_is_full)
        await asyncio.sleep(0.05)

    asyncio.run(served(talk, work))
    assert b"".join(came) == b""


def test_a_redirect_is_not_followed() -> None:
    """The key goes to the address that the user named and nowhere else, not even to another path of it."""
    asked: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0])
        writer.write(b"HTTP/1.1 307 Moved\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    assert isinstance(generate(talk), Doubt)
    assert asked == [b"POST /api/veo-3/generate HTTP/1.1"]


def test_the_key_is_in_no_outcome_even_if_the_server_echoes_it() -> None:
    """What is kept of an answer has the key taken out."""
    echo = json.dumps({"error": f"bad key {KEY}", "errorCode": "WHATEVER"}).encode()
    outcome = generate(answering(b"HTTP/1.1 418 x\r\nContent-Length: %d\r\n\r\n" % len(echo) + echo))
    assert KEY not in repr(outcome) and "[key]" in repr(outcome)


def test_what_came_of_a_cut_answer_is_kept() -> None:
    """The taskId may stand in it: it is all that is known of money."""
    outcome = generate(answering(ANSWER[:-3]))
    assert isinstance(outcome, Doubt) and outcome.answer is not None
    assert (outcome.answer.status, outcome.answer.body) == (200, BODY[:-3].decode())
