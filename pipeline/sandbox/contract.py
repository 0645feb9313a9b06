"""The vendor's contract as the sandbox reads it: the bytes of a call in, a checked call or a refusal out.

Pure: no key, no clock, no state. Read from the vendor's page on its own and shares nothing with the client, so that a
misreading on either side shows. Where the page is silent the sandbox takes the answer that is harder on the client.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlsplit

MAX_BODY_BYTES: Final = 16 * 1024 * 1024
MAX_SHOTS: Final = 21
DEFAULT_RESOLUTION: Final = "720p"

CREDITS: Final[Mapping[str, int]] = {"720p": 10, "1080p": 14, "4k": 30}
ONE_SHOT_ONLY: Final = frozenset({"1080p", "4k"})
ASPECT_RATIOS: Final = frozenset({"16:9", "9:16"})

IMAGE_COUNTS: Final[Mapping[str, range]] = {
    "TEXT_2_VIDEO": range(1),
    "FIRST_AND_LAST_FRAMES_2_VIDEO": range(1, 3),
    "REFERENCE_2_VIDEO": range(1, 4),
}


class ErrorCode(StrEnum):
    """The vendor's word for what is wrong."""

    LOGIN_REQUIRED = "LOGIN_REQUIRED"
    API_KEY_RATE_LIMIT_EXCEEDED = "API_KEY_RATE_LIMIT_EXCEEDED"
    INSUFFICIENT_CREDITS = "INSUFFICIENT_CREDITS"
    SHOTS_REQUIRED = "SHOTS_REQUIRED"
    PROMPT_REQUIRED = "PROMPT_REQUIRED"
    INVALID_IMAGE_COUNT = "INVALID_IMAGE_COUNT"
    IMAGE_URLS_REQUIRED = "IMAGE_URLS_REQUIRED"
    GENERATION_FAILED = "GENERATION_FAILED"
    TASK_IDS_REQUIRED = "TASK_IDS_REQUIRED"
    TASK_NOT_FOUND = "TASK_NOT_FOUND"
    INTERNAL_ERROR = "INTERNAL_ERROR"
    INVALID_INPUT = "INVALID_INPUT"


ERRORS: Final[Mapping[ErrorCode, tuple[int, str]]] = {  # HTTP status, and what `error` says if nothing better is known
    ErrorCode.LOGIN_REQUIRED: (401, "Login required"),
    ErrorCode.API_KEY_RATE_LIMIT_EXCEEDED: (429, "API key rate limit exceeded"),
    ErrorCode.INSUFFICIENT_CREDITS: (402, "Insufficient credits"),
    ErrorCode.SHOTS_REQUIRED: (400, "Shots are required"),
    ErrorCode.PROMPT_REQUIRED: (400, "Prompt is required"),
    ErrorCode.INVALID_IMAGE_COUNT: (400, "Invalid image count"),
    ErrorCode.IMAGE_URLS_REQUIRED: (400, "Image URLs are required"),
    ErrorCode.GENERATION_FAILED: (500, "Video generation failed"),
    ErrorCode.TASK_IDS_REQUIRED: (400, "Task IDs are required"),
    ErrorCode.TASK_NOT_FOUND: (404, "Task not found"),
    ErrorCode.INTERNAL_ERROR: (500, "Internal server error"),
    ErrorCode.INVALID_INPUT: (400, "Invalid input"),
}


class Refusal(Exception):  # noqa: N818 - an answer of the contract, not a failure of the sandbox
    """A call that is answered with an error. `facts` are further fields of the answer (`requiredCredits`)."""

    def __init__(self, code: ErrorCode, message: str | None = None, **facts: object) -> None:
        self.code = code
        self.status, default = ERRORS[code]
        self.body: dict[str, object] = {"error": message or default, "errorCode": code.value, **facts}
        super().__init__(f"{self.status} {code.value}: {self.body['error']}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One shot as it was ordered, checked; `image_urls` on this server are reduced to their path, `/assets/…`."""

    shot_id: str
    prompt: str
    generation_type: str
    aspect_ratio: str
    resolution: str
    image_urls: tuple[str, ...] = ()

    @property
    def credits(self) -> int:
        return CREDITS[self.resolution]

    @property
    def name(self) -> str:
        """What stands before the first `~`: clients append their own marks to the shot's name."""
        return self.shot_id.partition("~")[0] or self.shot_id

    @property
    def request_hash(self) -> str:
        """SHA-256 of what was asked for, whatever the shot is called; 64 hex digits."""
        asked = {
            "aspectRatio": self.aspect_ratio,
            "generationType": self.generation_type,
            "imageUrls": self.image_urls,
            "prompt": self.prompt,
            "resolution": self.resolution,
        }
        compact = json.dumps(asked, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(compact.encode()).hexdigest()


def read_document(body: bytes) -> dict[str, Any]:
    """The JSON object in `body`. Raises Refusal, whatever the bytes are."""
    if len(body) > MAX_BODY_BYTES:
        raise Refusal(ErrorCode.INVALID_INPUT, f"Request body is larger than {MAX_BODY_BYTES} bytes")
    try:
        document = json.loads(body, parse_constant=_refuse_constant)
        json.dumps(document, ensure_ascii=False).encode()  # half a surrogate pair reads well and cannot be written
    except (ValueError, RecursionError):
        raise Refusal(ErrorCode.INVALID_INPUT, "Request body must be valid JSON") from None
    if not isinstance(document, dict):
        raise Refusal(ErrorCode.INVALID_INPUT, "Request body must be a JSON object")
    return document


def read_generate(document: Mapping[str, Any], *, host: str) -> tuple[Shot, ...]:
    """The shots ordered by a generate call that came to `host` (`127.0.0.1:8000`); at least one. Raises Refusal."""
    orders = document.get("shots")
    if not isinstance(orders, list) or not orders:
        raise Refusal(ErrorCode.SHOTS_REQUIRED)
    if len(orders) > MAX_SHOTS:
        raise Refusal(ErrorCode.INVALID_INPUT, f"At most {MAX_SHOTS} shots are allowed per request, got {len(orders)}")
    resolution = _read_resolution(document)
    shots = tuple(_read_shot(order, f"shots[{n}]", resolution, host) for n, order in enumerate(orders))
    if len({shot.shot_id for shot in shots}) < len(shots):
        raise Refusal(ErrorCode.INVALID_INPUT, "Shot ids must be unique within a request")
    if resolution in ONE_SHOT_ONLY and len(shots) > 1:
        raise Refusal(ErrorCode.INVALID_INPUT, f"{resolution} takes exactly one shot per request, got {len(shots)}")
    return shots


def read_check_status(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The task ids asked about, in order; at least one. Raises Refusal.

    The task id alone decides which task is meant; `resolution` is checked and otherwise without effect.
    """
    asked = document.get("taskIds")
    if not isinstance(asked, list) or not asked:
        raise Refusal(ErrorCode.TASK_IDS_REQUIRED)
    _read_resolution(document)
    return tuple(_read_task_id(entry, f"taskIds[{n}]") for n, entry in enumerate(asked))


def _refuse_constant(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _read_resolution(document: Mapping[str, Any]) -> str:
    given = document.get("resolution")
    return DEFAULT_RESOLUTION if given is None else _one_of(CREDITS, given, "resolution")


def _read_task_id(entry: Any, where: str) -> str:
    if not isinstance(entry, dict):
        raise Refusal(ErrorCode.INVALID_INPUT, f"{where} must be an object with shotId and taskId")
    if not _is_text(entry.get("taskId")):
        raise Refusal(ErrorCode.TASK_IDS_REQUIRED, f"{where}.taskId is required")
    if not _is_text(entry.get("shotId")):
        raise Refusal(ErrorCode.INVALID_INPUT, f"{where}.shotId is required")
    return str(entry["taskId"])


def _read_shot(order: Any, where: str, resolution: str, host: str) -> Shot:
    if not isinstance(order, dict):
        raise Refusal(ErrorCode.INVALID_INPUT, f"{where} must be an object")
    if not _is_text(order.get("id")):
        raise Refusal(ErrorCode.INVALID_INPUT, f"{where}.id is required")
    if not _is_text(order.get("prompt")):
        raise Refusal(ErrorCode.PROMPT_REQUIRED, f"{where}.prompt is required")
    generation_type = _one_of(IMAGE_COUNTS, order.get("generationType"), f"{where}.generationType")
    return Shot(
        shot_id=order["id"],
        prompt=order["prompt"],
        generation_type=generation_type,
        aspect_ratio=_one_of(ASPECT_RATIOS, order.get("aspectRatio"), f"{where}.aspectRatio"),
        resolution=resolution,
        image_urls=_read_images(order.get("imageUrls"), generation_type, where, host),
    )


def _read_images(given: Any, generation_type: str, where: str, host: str) -> tuple[str, ...]:
    urls = [] if given is None else given
    if not isinstance(urls, list):
        raise Refusal(ErrorCode.IMAGE_URLS_REQUIRED, f"{where}.imageUrls must be an array of URLs")
    allowed = IMAGE_COUNTS[generation_type]
    if len(urls) not in allowed:
        raise Refusal(
            ErrorCode.INVALID_IMAGE_COUNT,
            f"{where}: {generation_type} takes {_in_words(allowed)}, got {len(urls)}",
        )
    return tuple(_read_image_url(url, where, host) for url in urls)


def _read_image_url(url: Any, where: str, host: str) -> str:
    """The URL as it came, or its path alone if it is one of this server's own images."""
    try:
        parts = urlsplit(url) if isinstance(url, str) else None
    except ValueError:
        parts = None
    if parts is None or parts.scheme not in ("http", "https") or not parts.netloc:
        raise Refusal(
            ErrorCode.IMAGE_URLS_REQUIRED, f"{where}.imageUrls must be public http(s) URLs, base64 is not accepted"
        )
    is_own = parts.netloc == host and parts.path.startswith("/assets/")
    return parts.path if is_own else str(url)


def _one_of(words: Mapping[str, object] | frozenset[str], given: Any, where: str) -> str:
    if not isinstance(given, str) or given not in words:
        raise Refusal(ErrorCode.INVALID_INPUT, f"{where} must be one of {', '.join(sorted(words))}")
    return given


def _is_text(given: Any) -> bool:
    return isinstance(given, str) and given.strip() != ""


def _in_words(counts: Sequence[int]) -> str:
    return " or ".join(map(str, counts)) + (" image" if counts[-1] == 1 else " images")
