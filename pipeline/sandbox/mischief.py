"""What the faults that met a call do to it: what is said in place of its answer, and what is left of one. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import responses
from typing import Any, Final

from pipeline.sandbox.contract import ErrorCode, Refusal
from pipeline.sandbox.faults import Met, Rule

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back: JSON, or a page as text."""

    status: int
    content: Answer | str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Troubles:
    """How an accepted call goes wrong behind the counter."""

    doomed: frozenset[str] = frozenset()  # ids of shots that fail in their time
    at_once: bool = False  # all of them fail now, and the answer says so
    has_credits: bool = True  # False: refused as if the key had none
    refund_wait: timedelta | None = timedelta()  # between a failure and its refund; None: for ever


NO_TROUBLES: Final = Troubles()


def rule_of(met: Sequence[Met], *kinds: str, **parameters: object) -> Rule | None:
    """The first rule of these kinds that has the parameters."""
    rules = (m.rule for m in met if m.fault in kinds)
    return next((rule for rule in rules if all(getattr(rule, name) == parameters[name] for name in parameters)), None)


def reply_instead(met: Sequence[Met], *, charged: bool) -> Reply | None:
    """What is answered in place of carrying the call out, or (`charged`) in place of what came of it."""
    for rule in (m.rule for m in met if m.rule.charged == charged):
        if rule.fault in _INSTEAD:
            return _INSTEAD[rule.fault](rule)
    return None


def troubles_of(met: Sequence[Met]) -> Troubles:
    refund = rule_of(met, "refund_late", "refund_never")
    return Troubles(
        doomed=frozenset(shot for m in met if m.fault == "fail" for shot in m.shots),
        at_once=rule_of(met, "failed_at_once") is not None,
        has_credits=rule_of(met, "no_credits") is None,
        refund_wait=None
        if refund and refund.fault == "refund_never"
        else timedelta(seconds=refund.seconds if refund else 0),
    )


def garble(answer: Answer, met: Sequence[Met]) -> Answer:
    """What the faults leave of the answer to a call that went well."""
    for rule in (m.rule for m in met):
        if rule.fault in _GARBLED and "shots" in answer:
            answer = _GARBLED[rule.fault](answer, rule)
    return answer


def _refusal(code: ErrorCode) -> Reply:
    refusal = Refusal(code)
    return Reply(refusal.status, refusal.body)


def _rate_limited(rule: Rule) -> Reply:
    refusal = Refusal(ErrorCode.API_KEY_RATE_LIMIT_EXCEEDED, success=False)
    return Reply(refusal.status, refusal.body, {} if rule.retry_after is None else {"Retry-After": rule.retry_after})


def _error(rule: Rule) -> Reply:
    if rule.form == "html":
        return Reply(rule.status or 502, gateway_page(rule.status or 502))
    refusal = Refusal(ErrorCode(rule.code))
    return Reply(rule.status or refusal.status, refusal.body)


def gateway_page(status: int) -> str:
    """The page of a gateway that got nothing from those behind it."""
    title = f"{status} {responses.get(status, 'Unknown Error')}"
    return (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n"
        f"<center><h1>{title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )


def _stranger(n: int) -> Answer:
    return {"shotId": f"stranger-{n}", "taskId": f"task_{n:024x}", "status": "processing"}


_INSTEAD: Final[Mapping[str, Callable[[Rule], Reply]]] = {
    "error": _error,
    "rate_limited": _rate_limited,
    "revoked": lambda _: _refusal(ErrorCode.LOGIN_REQUIRED),
    "not_found": lambda _: _refusal(ErrorCode.TASK_NOT_FOUND),
    "fresh": lambda _: _refusal(ErrorCode.TASK_NOT_FOUND),
}

_GARBLED: Final[Mapping[str, Callable[[Answer, Rule], Answer]]] = {
    "reordered": lambda answer, _: {**answer, "shots": answer["shots"][::-1]},
    "missing": lambda answer, rule: {**answer, "shots": answer["shots"][: -rule.count]},
    "extra": lambda answer, rule: {**answer, "shots": answer["shots"] + [_stranger(n) for n in range(rule.count)]},
    "word": lambda answer, rule: {
        **answer,
        "status": rule.word,
        "shots": [{**shot, "status": rule.word} for shot in answer["shots"]],
    },
    "no_url": lambda answer, _: {
        **answer,
        "shots": [{name: shot[name] for name in shot if name != "videoUrl"} for shot in answer["shots"]],
    },
}
