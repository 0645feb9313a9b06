"""Whether an address answers and a key is good, found out for nothing: one question about a task that cannot exist.

The vendor has no call for it. An unknown task is answered with 404 to a good key and with 401 to a bad one; each costs
no credit and one of the hour's calls.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

import httpx

from pipeline.api.client import CALL_ERRORS, STATUS_PATH
from pipeline.api.wire import NO_TASK
from pipeline.authorities import trusted_authorities

NOBODYS_TASK: Final = {"shotId": "storyreel-doctor", "taskId": "task_storyreel_doctor_asks_for_nobody"}

TRIAL_TIMEOUT: Final = httpx.Timeout(20)

MAX_SHOWN_CHARS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyTrial:
    """What the address said.

    Attributes:
        status: HTTP's; None if nothing answered.
        code: the vendor's errorCode, empty if it named none.
        trouble: why nothing answered; empty if something did.
        limits: the headers that speak of limits, by name.
    """

    status: int | None = None
    code: str = ""
    trouble: str = ""
    limits: dict[str, str]

    @property
    def is_key_good(self) -> bool:
        return (self.status, self.code) == NO_TASK

    @property
    def told(self) -> str:
        """As a sentence: what it means, and what to do."""
        if self.status is None:
            return f"nothing answers here: {self.trouble}. Look at the network and the address."
        if self.is_key_good:
            return "the key is good"
        answer = f"HTTP {self.status} {self.code}".strip()
        return f"{answer}: {_MEANINGS.get(self.status, _UNKNOWN)}{_when(self)}"


_UNKNOWN: Final = "an answer that says nothing about the key. Try again later, or look at the address."
_MEANINGS: Final = {
    401: "the key is not accepted. Look in your account for the one that is.",
    403: "the key is not accepted. Look in your account for the one that is.",
    404: "nothing of the vendor's is at this address, or it speaks otherwise than before.",
    429: "the key has used up its calls of this hour.",
}


def _when(trial: KeyTrial) -> str:
    if trial.status != 429:
        return ""
    wait = next((text for name, text in trial.limits.items() if name.lower() == "retry-after"), "")
    return f" Try again in {wait} s." if wait.isdigit() else " It does not say for how long."


async def try_key(base_url: str, api_key: str) -> KeyTrial:
    """Ask once. Never raises for what the network or the other side does."""
    headers = {"Authorization": f"Bearer {api_key}", "Accept": "application/json"}
    try:
        async with (
            httpx.AsyncClient(
                timeout=TRIAL_TIMEOUT, trust_env=False, follow_redirects=False, verify=trusted_authorities()
            ) as client,
            client.stream(
                "POST", base_url.rstrip("/") + STATUS_PATH, json={"taskIds": [NOBODYS_TASK]}, headers=headers
            ) as response,
        ):
            text = await _beginning(response)
    except CALL_ERRORS as error:
        return KeyTrial(trouble=f"{type(error).__name__} {error}".strip()[:MAX_SHOWN_CHARS], limits={})
    limits = {name: value[:MAX_SHOWN_CHARS] for name, value in response.headers.items() if _is_limit(name)}
    return KeyTrial(status=response.status_code, code=_code(text), limits=limits)


async def _beginning(response: httpx.Response) -> bytes:
    """As much as an error of the vendor's is long: whoever else answers may go on without end."""
    text = b""
    async for piece in response.aiter_bytes():
        text += piece
        if len(text) > 10_000:
            break
    return text


def _is_limit(name: str) -> bool:
    return "ratelimit" in name.lower().replace("-", "") or name.lower() == "retry-after"


def _code(text: bytes) -> str:
    try:
        body: Any = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    code = body.get("errorCode") if isinstance(body, dict) else None
    return code[:MAX_SHOWN_CHARS] if isinstance(code, str) else ""
