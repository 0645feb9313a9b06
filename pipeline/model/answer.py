"""What the vendor's two calls can end in, free of HTTP: the outcomes that `api` maps every answer to.

Expected outcomes are values; nothing here is an exception. `shoot` turns them into events of takes.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from pydantic import AwareDatetime

from pipeline.model.plan import TakeRequest
from pipeline.model.value import Value


class ShotOrder(Value):
    """One shot of a generate call; `sent_id` carries the take's nonce and is echoed by the server."""

    sent_id: str
    request: TakeRequest


class TaskRef(Value):
    sent_id: str
    task_id: str


class Answer(Value):
    """An answer as it came, for the ledger: the key redacted, the body cut at a sensible length."""

    at: AwareDatetime
    endpoint: Literal["generate", "check-status"]
    status: int | None  # None: no answer
    body: str


class Accept(Value):
    """2xx: the tasks that it names, by the `sent_id` they belong to. A shot that is not named stays in doubt."""

    kind: Literal["accept"] = "accept"
    tasks: tuple[TaskRef, ...]
    failed: tuple[tuple[str, str], ...] = ()  # (sent_id, reason): the shot's own status said failed
    answer: Answer


class Refuse(Value):
    """A documented error in JSON that charges nothing (400, 401, 402, 404)."""

    kind: Literal["refuse"] = "refuse"
    code: str
    message: str
    answer: Answer


class Throttle(Value):
    """A documented 429: nothing was charged."""

    kind: Literal["throttle"] = "throttle"
    retry_after: timedelta | None
    answer: Answer


class Fail(Value):
    """The vendor says in JSON that the generation failed; what was charged comes back."""

    kind: Literal["fail"] = "fail"
    reason: str
    answer: Answer


class Unsent(Value):
    """Proof that no byte left: no connection, no TLS, no free connection."""

    kind: Literal["unsent"] = "unsent"
    reason: str


class Doubt(Value):
    """Bytes left and no answer came that can be believed: charged or not."""

    kind: Literal["doubt"] = "doubt"
    reason: str
    answer: Answer | None = None


GenerateOutcome = Accept | Refuse | Throttle | Fail | Unsent | Doubt


class ShotStatus(Value):
    """What check-status says of one task; anything it does not say clearly is `unclear` and changes nothing."""

    sent_id: str
    state: Literal["processing", "completed", "failed", "unclear"]
    url: str | None = None
    generation_seconds: float | None = None
    reason: str | None = None


class Statuses(Value):
    """A believable answer; the shots that were asked about, matched by id, never by position."""

    kind: Literal["statuses"] = "statuses"
    shots: tuple[ShotStatus, ...]
    answer: Answer


class NoTask(Value):
    """404 TASK_NOT_FOUND: at least one of the tasks asked about is not known (yet), or another key's."""

    kind: Literal["no_task"] = "no_task"
    answer: Answer


class NoStatus(Value):
    """Anything else: nothing is known better than before. `retry_after` may come with a throttle (429)."""

    kind: Literal["no_status"] = "no_status"
    reason: str
    is_refusal: bool = False  # the key is not (any more) accepted
    is_throttle: bool = False
    retry_after: timedelta | None = None
    answer: Answer | None = None


StatusOutcome = Statuses | NoTask | NoStatus
