"""What can go wrong on purpose, as a table, and the rules that say where and when it does.

A `Rule` is a value: it names a door, a kind of fault with its parameters, and the calls that it meets. `script` decides
which rules meet a call, `mischief` knows what they do to an answer, `line` what they do to its bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from typing import Final, Literal

from pydantic import ConfigDict

from pipeline.sandbox.line import End

Door = Literal["generate", "check-status", "video"]

GENERATE: Final = frozenset[Door]({"generate"})
CHECK: Final = frozenset[Door]({"check-status"})
API: Final = GENERATE | CHECK
VIDEO: Final = frozenset[Door]({"video"})
ANY: Final = API | VIDEO


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of fault: the doors it is known at, the parameters it takes, and a sentence for the docs."""

    doors: frozenset[Door]
    takes: frozenset[str] = frozenset()
    says: str


def _kind(doors: frozenset[Door], takes: str, says: str) -> Kind:
    return Kind(doors=doors, takes=frozenset(takes.split()), says=says)


KINDS: Final[Mapping[str, Kind]] = {
    "drop": _kind(ANY, "end charged", "no byte of an answer; `charged`: the call was carried out first"),
    "cut": _kind(ANY, "at_byte end", "carried out; the answer ends after `at_byte` bytes, status line and headers too"),
    "late": _kind(ANY, "seconds charged", "the answer waits for `seconds`; `charged`: the call does not"),
    "error": _kind(API, "status form code charged", "5xx, as `html` or `json`; `charged`: the call was carried out"),
    "rate_limited": _kind(API, "retry_after", "429, with `Retry-After` if one is given"),
    "revoked": _kind(API, "", "401: the key is not good any more"),
    "no_credits": _kind(GENERATE, "", "402, whatever the balance"),
    "fail": _kind(GENERATE, "positions", "charged; all its shots, or those at the `positions`, fail in their time"),
    "failed_at_once": _kind(GENERATE, "", "200 with `status: failed`; charged, and refunded at once"),
    "refund_late": _kind(GENERATE, "seconds", "the credits of shots that fail come back so much later"),
    "refund_never": _kind(GENERATE, "", "the credits of shots that fail stay away"),
    "reordered": _kind(API, "", "the shots of the answer come in the opposite order"),
    "missing": _kind(API, "count", "the last `count` shots are not in the answer"),
    "extra": _kind(API, "count", "`count` shots that nobody ordered are in it"),
    "word": _kind(API, "word", "every status is a word that the contract does not know"),
    "not_found": _kind(CHECK, "", "404 for the whole call"),
    "fresh": _kind(CHECK, "asks seconds", "404 the first `asks` times a task is asked for, and in its first `seconds`"),
    "no_url": _kind(CHECK, "", "completed, and no `videoUrl`"),
    "expired": _kind(VIDEO, "status", "403, or another status, before the address has run out"),
    "truncated": _kind(VIDEO, "at_byte honest end", "`at_byte` bytes of the clip; `honest`: as `Content-Length` says"),
    "spliced": _kind(VIDEO, "file etag", "a Range is answered, whatever If-Range says, out of `file`, or of nonsense"),
    "flipped": _kind(VIDEO, "count seed", "`count` bits of the clip are wrong, chosen by the `seed`"),
    "endless": _kind(VIDEO, "", "the clip over and over, with no `Content-Length`"),
    "slow": _kind(VIDEO, "bytes_per_s", "it trickles"),
    "page": _kind(VIDEO, "", "200, and a page of HTML"),
    "other": _kind(VIDEO, "file", "200, and `file`: of another codec, size or rate, or no clip at all"),
    "redirected": _kind(VIDEO, "to", "302 to `to`: any address, or `self`; with every call a loop"),
    "etag": _kind(VIDEO, "etag", "the ETag is `weak`, `missing`, or `changing` with every call"),
    "no_range": _kind(VIDEO, "", "a Range is ignored: 200, and all of the clip"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """Which fault meets which calls, and how. Without a condition it meets every call at its door.

    Calls are counted from 1, for each rule those that come to its door and fit its `shot`.

    Raises ValueError if the kind is not known at the door, or does not take a parameter that is given.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    door: Door | Literal["api"]  # api: generate and check-status
    fault: str

    nth: int | None = None  # this call alone
    since: int = 1
    until: int | None = None  # the last one, included
    chance: float = 1.0
    shot: str | None = None  # calls that name such a shot: `run.*`, against the whole id or what stands before its ~

    at_byte: int = 0
    end: End = "close"
    charged: bool = False
    status: int | None = None  # None: 502 as html, 500 as json, 403 of a video
    form: Literal["html", "json"] = "html"
    code: str = "INTERNAL_ERROR"
    retry_after: str | None = None
    seconds: float = 0.0
    positions: tuple[int, ...] = ()  # from 1, among the shots of the call that fit; none: all of them
    count: int = 1
    word: str = "queued"
    asks: int = 0
    honest: bool = False
    file: str | None = None
    etag: Literal["weak", "missing", "changing"] | None = None  # None: of `etag` missing, of `spliced` the clip's own
    seed: int = 0
    bytes_per_s: int = 1000
    to: str = "self"

    def __post_init__(self) -> None:
        kind = KINDS.get(self.fault)
        if kind is None:
            raise ValueError(f"There is no fault {self.fault!r}; there are {', '.join(KINDS)}.")
        if not kind.doors & self.doors:
            raise ValueError(
                f"{self.fault} is not known at the door {self.door}, but at {', '.join(sorted(kind.doors))}."
            )
        foreign = [name for name in self.parameters if name not in kind.takes]
        if self.fault == "other" and self.file is None:
            raise ValueError("other needs a file.")
        if foreign:
            raise ValueError(
                f"{self.fault} takes no {', '.join(foreign)}, but {', '.join(sorted(kind.takes)) or 'nothing'}."
            )

    @property
    def doors(self) -> frozenset[Door]:
        return API if self.door == "api" else frozenset({self.door})

    @property
    def parameters(self) -> dict[str, object]:
        """Those of the fault that are not at their default."""
        own = (field for field in fields(self) if field.name not in _CONDITIONS)
        return {field.name: getattr(self, field.name) for field in own if getattr(self, field.name) != field.default}

    def is_met_by(self, n: int) -> bool:
        """Whether the rule's `n`-th call is one of those it is for, chance apart."""
        if self.nth is not None:
            return n == self.nth
        return self.since <= n and (self.until is None or n <= self.until)


_CONDITIONS: Final = frozenset({"door", "fault", "nth", "since", "until", "chance", "shot"})


@dataclass(frozen=True, slots=True)
class ShotSeen:
    """A shot as a call names it: what the decision may look at."""

    shot_id: str
    prompt: str = ""
    asked: int = 0  # how often its task was asked about before
    age_s: float = float("inf")  # since its task was accepted

    def fits(self, pattern: str | None) -> bool:
        names = (self.shot_id, self.shot_id.partition("~")[0])
        return pattern is None or any(fnmatchcase(name, pattern) for name in names)


@dataclass(frozen=True, slots=True)
class Met:
    """A rule that met a call, and the ids of the call's shots that it is about."""

    rule: Rule
    shots: tuple[str, ...] = ()
    n: int = 1  # which of the rule's calls this is

    @property
    def fault(self) -> str:
        return self.rule.fault
