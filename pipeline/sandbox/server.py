"""The sandbox over HTTP: routes, keys, and errors in the vendor's form. What is answered is decided at the desk."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from pipeline.sandbox.assets import MAX_ASSET_BYTES
from pipeline.sandbox.config import Clock, SandboxConfig
from pipeline.sandbox.contract import MAX_BODY_BYTES, ErrorCode, Refusal, read_document, read_generate
from pipeline.sandbox.desk import Desk
from pipeline.sandbox.faults import Door, Met
from pipeline.sandbox.line import End
from pipeline.sandbox.lock import StateLock
from pipeline.sandbox.mischief import Answer, Reply, garble, reply_instead, rule_of, troubles_of
from pipeline.sandbox.reel import Reel, Wanted, play, show, show_faulty
from pipeline.sandbox.script import FaultScript
from pipeline.sandbox.vault import key_name
from pipeline.sandbox.wishes import wishes_of

log = logging.getLogger(__name__)

_KEY: Final = re.compile(r"(?i:bearer) +(sbx_[\x21-\x7e]+)")


@dataclass(slots=True)
class Call:
    """One call of the API on its way through, as much of it as is known for its log line."""

    request: Request
    body: bytes
    key: str | None = None  # as `key_name` says it
    hashes: tuple[str, ...] = field(default=())  # of the shots it orders
    met: tuple[Met, ...] = ()


def utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(config: SandboxConfig, *, now: Clock = utc_now) -> Starlette:
    """Open the state directory and serve it; the end of the app's lifespan closes it.

    Raises:
        SandboxError: another server holds the state, or the footage is missing.
        OSError: the directory cannot be made or written.
    """
    config.state_dir.mkdir(parents=True, exist_ok=True)
    lock = StateLock(config.state_dir)
    try:
        desk = Desk(config, now=now)
    except BaseException:
        lock.release()
        raise

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        work = asyncio.create_task(desk.run())
        work.add_done_callback(_tell_of_a_bug)
        try:
            yield
        finally:
            work.cancel()
            await asyncio.wait([work])
            desk.close()
            lock.release()

    app = Starlette(
        routes=[
            Route("/api/veo-3/generate", _api(desk, config, "generate", _generate), methods=["POST"]),
            Route("/api/veo-3/check-status", _api(desk, config, "check-status", _check_status), methods=["POST"]),
            Route("/videos/{token}/{task_id}.mp4", _video, methods=["GET"]),
            Route("/assets/{name}", _get_asset, methods=["GET"]),
            Route("/assets/{name}", _put_asset, methods=["PUT", "POST"]),
        ],
        exception_handlers={HTTPException: _http_error},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.desk = desk
    app.state.script = config.faults
    return app


def _tell_of_a_bug(work: asyncio.Task[None]) -> None:
    """The desk works until it is cancelled; without it tasks would stay in processing for ever, and nobody know why."""
    if not work.cancelled():
        log.error("the sandbox has stopped making clips", exc_info=work.exception())


CarryOut = Callable[[Desk, Call, str], Answer]


def _api(
    desk: Desk, config: SandboxConfig, door: Door, carry_out: CarryOut
) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint of the API around `carry_out`: faults, key and window before it, the log line behind it."""

    async def endpoint(request: Request) -> Response:
        try:
            call = Call(request, await _read_body(request, MAX_BODY_BYTES))
        except ClientDisconnect:
            return Response(status_code=400)  # nobody reads it
        call.met = _meet(desk, config.faults, door, call.body)
        await _be_late(call.met, charged=False)
        if unread := rule_of(call.met, "drop", charged=False):
            return _no_answer(request, unread.end)
        reply = _reply_to(desk, call, carry_out)
        desk.log_request(_log_entry(call, reply.status, with_body=config.log_bodies))
        await _be_late(call.met, charged=True)
        if lost := rule_of(call.met, "drop", charged=True):
            return _no_answer(request, lost.end)
        if cut := rule_of(call.met, "cut"):
            request.state.line.cut(cut.at_byte, cut.end)
        return _to_response(reply)

    return endpoint


def _meet(desk: Desk, script: FaultScript | None, door: Door, body: bytes) -> tuple[Met, ...]:
    """The faults that meet a call: those of the script, and those that its prompts ask for."""
    try:
        shots = desk.look_at(read_document(body))
    except Refusal:
        shots = ()
    return (script.meet(door, shots) if script else ()) + wishes_of(shots)


async def _be_late(met: Sequence[Met], *, charged: bool) -> None:
    if late := rule_of(met, "late", charged=charged):
        await asyncio.sleep(late.seconds)


def _no_answer(request: Request, end: End) -> Response:
    request.state.line.cut(0, end)
    return Response()  # for the server's peace of mind: no byte of it goes out


def _to_response(reply: Reply) -> Response:
    if isinstance(reply.content, str):
        return HTMLResponse(reply.content, reply.status, headers=reply.headers)
    return JSONResponse(reply.content, reply.status, headers=reply.headers)


def _reply_to(desk: Desk, call: Call, carry_out: CarryOut) -> Reply:
    """What is answered, whatever becomes of it on the way; never raises."""
    try:
        call.key = key = _authenticate(call.request)
        desk.admit(key)
        if instead := reply_instead(call.met, charged=False):
            return instead
        answer = garble(carry_out(desk, call, key), call.met)
        return reply_instead(call.met, charged=True) or Reply(200, answer)
    except Refusal as refusal:
        return Reply(refusal.status, refusal.body)
    except Exception:  # a bug of ours: the caller gets the vendor's answer to it
        log.exception("the sandbox could not answer %s", call.request.url.path)
        broken = Refusal(ErrorCode.INTERNAL_ERROR)
        return Reply(broken.status, broken.body)


def _generate(desk: Desk, call: Call, key: str) -> Answer:
    shots = read_generate(read_document(call.body), host=call.request.url.netloc)
    call.hashes = tuple(shot.request_hash for shot in shots)
    return desk.generate(key, shots, troubles_of(call.met))


def _check_status(desk: Desk, call: Call, key: str) -> Answer:
    return desk.check_status(key, read_document(call.body), origin=_origin(call.request))


def _authenticate(request: Request) -> str:
    """The name of the caller's key. A key of any other kind is refused as if there were none, and not looked at."""
    given = _KEY.fullmatch(request.headers.get("authorization", "").strip())
    if given is None:
        raise Refusal(ErrorCode.LOGIN_REQUIRED)
    return key_name(given[1])


async def _read_body(request: Request, limit: int) -> bytes:
    """All of the body is read, lest a caller that still sends misses the answer; `limit` + 1 bytes of it are kept."""
    kept = bytearray()
    async for chunk in request.stream():
        kept += chunk[: limit + 1 - len(kept)]
    return bytes(kept)


def _log_entry(call: Call, status: int, *, with_body: bool) -> dict[str, object]:
    """`request` is the hash of the shot ordered; a list of them if there are several."""
    entry: dict[str, object] = {"key": call.key, "path": call.request.url.path, "status": status}
    if call.hashes:
        entry["request"] = call.hashes[0] if len(call.hashes) == 1 else call.hashes
    if call.met:
        entry["faults"] = [met.fault for met in call.met]
    if with_body and call.key is not None:
        entry["body"] = _legible(call.body)
    return entry


def _legible(body: bytes) -> object:
    try:
        return read_document(body)
    except Refusal:
        return body.decode(errors="replace")


async def _video(request: Request) -> Response:
    desk: Desk = request.app.state.desk
    task_id = request.path_params["task_id"]
    if not desk.is_open(request.path_params["token"], task_id):
        return PlainTextResponse("This address has expired, or was never issued.\n", 403)
    try:
        reel = Reel.load(desk.studio.clip_path(task_id))
    except FileNotFoundError:
        return PlainTextResponse("No such clip.\n", 404)
    wanted = Wanted(str(request.url), request.headers.get("range"), request.headers.get("if-range"))
    script: FaultScript | None = request.app.state.script
    met = script.meet("video", desk.look_at_clip(task_id)) if script else ()
    if not met:
        showing = show(reel, wanted)
        return Response(showing.content, showing.status, showing.headers)
    return await _faulty_video(request, reel, wanted, met)


async def _faulty_video(request: Request, reel: Reel, wanted: Wanted, met: tuple[Met, ...]) -> Response:
    if late := rule_of(met, "late"):
        await asyncio.sleep(late.seconds)
    if lost := rule_of(met, "drop"):
        return _no_answer(request, lost.end)
    if cut := rule_of(met, "cut"):
        request.state.line.cut(cut.at_byte, cut.end)
    showing = show_faulty(reel, wanted, met)
    return StreamingResponse(play(showing, met, request.state.line), showing.status, showing.headers)


async def _get_asset(request: Request) -> Response:
    desk: Desk = request.app.state.desk
    try:
        return FileResponse(desk.shelf.get(request.path_params["name"]))
    except FileNotFoundError as problem:
        return JSONResponse({"error": str(problem)}, 404)


async def _put_asset(request: Request) -> Response:
    desk: Desk = request.app.state.desk
    name = request.path_params["name"]
    content = await _read_body(request, MAX_ASSET_BYTES)
    try:
        desk.shelf.put(name, content)
    except ValueError as problem:
        return JSONResponse({"error": str(problem)}, 400)
    return JSONResponse({"url": f"{_origin(request)}/assets/{name}"}, 201)


async def _http_error(_: Request, problem: Exception) -> Response:
    """Unknown paths and methods: an error in the vendor's form, without a code, as the contract has none for them."""
    assert isinstance(problem, HTTPException)  # noqa: S101 - registered for nothing else
    return JSONResponse({"error": problem.detail}, problem.status_code, headers=problem.headers)


def _origin(request: Request) -> str:
    return str(request.base_url).rstrip("/")
