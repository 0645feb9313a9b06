"""What goes over the wire, and how each answer is read: pure, from status and bytes to an outcome.

The client is strict in what it believes and forgiving in what it is sent: unknown fields are ignored, an answer that
does not say clearly what happened is a doubt (generate) or changes nothing (check-status). Field names are the
vendor's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.model.answer import (
    Accept,
    Answer,
    Doubt,
    Fail,
    GenerateOutcome,
    NoStatus,
    NoTask,
    Refuse,
    ShotOrder,
    ShotStatus,
    Statuses,
    StatusOutcome,
    TaskRef,
    Throttle,
)
from pipeline.model.storyboard import Resolution

MAX_BODY_BYTES: Final = 1_000_000

UNCHARGED: Final[dict[int, frozenset[str]]] = {
    400: frozenset(
        {
            "SHOTS_REQUIRED",
            "PROMPT_REQUIRED",
            "INVALID_IMAGE_COUNT",
            "IMAGE_URLS_REQUIRED",
            "TASK_IDS_REQUIRED",
            "INVALID_INPUT",
        }
    ),
    401: frozenset({"LOGIN_REQUIRED"}),
    402: frozenset({"INSUFFICIENT_CREDITS"}),
}
"""Answers that the contract documents as refusals: status and errorCode must agree to be believed."""

THROTTLED: Final = (429, "API_KEY_RATE_LIMIT_EXCEEDED")
FAILED: Final = (500, "GENERATION_FAILED")
_WHOLE_SECONDS: Final = re.compile(r"[0-9]{1,9}")
NO_TASK: Final = (404, "TASK_NOT_FOUND")


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class _Shot(_Wire):
    shot_id: str = Field(alias="shotId")
    task_id: str | None = Field(default=None, alias="taskId")
    status: Any = None
    video_url: Any = Field(default=None, alias="videoUrl")
    generation_seconds: Any = Field(default=None, alias="generationTime")
    error: Any = None


def generate_body(orders: Sequence[ShotOrder], resolution: Resolution) -> dict[str, Any]:
    """The JSON of a generate call."""
    return {"shots": [_shot_body(order) for order in orders], "resolution": resolution.value}


def status_body(tasks: Sequence[TaskRef], resolution: Resolution) -> dict[str, Any]:
    """The JSON of a check-status call."""
    ids = [{"shotId": task.sent_id, "taskId": task.task_id} for task in tasks]
    return {"taskIds": ids, "resolution": resolution.value}


def read_generate(answer: Answer, orders: Sequence[ShotOrder], retry_after: str | None = None) -> GenerateOutcome:
    """What an answer to generate means for the money; anything undocumented is a doubt."""
    body = _parse(answer.body)
    status, code = answer.status or 0, _code(body)
    if (status, code) == THROTTLED:
        return Throttle(retry_after=_seconds(retry_after), answer=answer)
    if code is not None and code in UNCHARGED.get(status, ()):
        return Refuse(code=code, message=_message(body), answer=answer)
    if (status, code) == FAILED:
        return Fail(reason=_message(body), answer=answer)
    if 200 <= status < 300 and isinstance(body, dict):
        return _read_accepted(body, orders, answer)
    return Doubt(reason=f"the answer was {_told(answer, code)}, which says nothing about the charge", answer=answer)


def _read_accepted(body: dict[str, Any], orders: Sequence[ShotOrder], answer: Answer) -> GenerateOutcome:
    shots = {shot.shot_id: shot for shot in _shots(body)}
    known = [shots[order.sent_id] for order in orders if order.sent_id in shots]
    tasks = tuple(TaskRef(sent_id=shot.shot_id, task_id=shot.task_id) for shot in known if shot.task_id)
    failed = tuple((shot.shot_id, _reason(shot)) for shot in known if not shot.task_id and shot.status == "failed")
    if tasks or failed:
        return Accept(tasks=tasks, failed=failed, answer=answer)
    if body.get("status") == "failed" and not body.get("shots"):
        return Fail(reason=_message(body), answer=answer)
    return Doubt(reason="the answer was accepted-looking but names none of our shots", answer=answer)


def read_status(answer: Answer, tasks: Sequence[TaskRef], retry_after: str | None = None) -> StatusOutcome:
    """What an answer to check-status says; what is missing or unknown stays as it was."""
    body = _parse(answer.body)
    status, code = answer.status or 0, _code(body)
    if (status, code) == NO_TASK:
        return NoTask(answer=answer)
    if 200 <= status < 300 and isinstance(body, dict):
        shots = {shot.shot_id: shot for shot in _shots(body)}
        asked = {task.sent_id: task.task_id for task in tasks}
        ours = (shot for key, shot in shots.items() if key in asked and shot.task_id in (None, asked[key]))
        return Statuses(shots=tuple(_read_shot(shot) for shot in ours), answer=answer)
    return NoStatus(
        reason=f"check-status was answered by {_told(answer, code)}",
        is_refusal=status == 401,
        is_throttle=status == 429,
        retry_after=_seconds(retry_after),
        answer=answer,
    )


def _read_shot(shot: _Shot) -> ShotStatus:
    if shot.status == "completed" and isinstance(shot.video_url, str) and shot.video_url:
        seconds = shot.generation_seconds
        took = float(seconds) if isinstance(seconds, int | float) and 0 <= seconds < 10**6 else None
        return ShotStatus(sent_id=shot.shot_id, state="completed", url=shot.video_url, generation_seconds=took)
    if shot.status == "failed":
        return ShotStatus(sent_id=shot.shot_id, state="failed", reason=_reason(shot))
    if shot.status == "processing":
        return ShotStatus(sent_id=shot.shot_id, state="processing")
    return ShotStatus(sent_id=shot.shot_id, state="unclear", reason=f"status {shot.status!r}"[:200])


def _shot_body(order: ShotOrder) -> dict[str, Any]:
    request = order.request
    body: dict[str, Any] = {
        "id": order.sent_id,
        "prompt": request.prompt,
        "generationType": request.generation.value,
        "aspectRatio": request.aspect.value,
    }
    if request.images:
        body["imageUrls"] = [image.url for image in request.images]
    return body


def _parse(text: str) -> Any:
    """The JSON; half a surrogate pair (an emoji cut in two), which nothing could keep or send, becomes "?"."""
    try:
        whole = json.dumps(json.loads(text), ensure_ascii=False).encode(errors="replace")
        return json.loads(whole)
    except (ValueError, RecursionError):
        return None


def _shots(body: dict[str, Any]) -> list[_Shot]:
    """The shots that can be read; one that cannot is passed over, the others count."""
    rows = body.get("shots")
    shots = []
    for row in rows if isinstance(rows, list) else []:
        try:
            shots.append(_Shot.model_validate(row))
        except ValidationError:
            continue
    return shots


def _code(body: Any) -> str | None:
    code = body.get("errorCode") if isinstance(body, dict) else None
    return code if isinstance(code, str) else None


def _message(body: Any) -> str:
    message = body.get("error") if isinstance(body, dict) else None
    return message[:500] if isinstance(message, str) and message else "no reason given"


def _reason(shot: _Shot) -> str:
    return shot.error[:500] if isinstance(shot.error, str) and shot.error else "no reason given"


def _told(answer: Answer, code: str | None) -> str:
    return f"HTTP {answer.status}" + (f" {code}" if code else "")


def _seconds(retry_after: str | None) -> timedelta | None:
    """A Retry-After in whole seconds; its date form and nonsense count as missing."""
    if retry_after is None or not _WHOLE_SECONDS.fullmatch(retry_after.strip()):
        return None
    return timedelta(seconds=int(retry_after))
