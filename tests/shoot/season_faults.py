"""What goes wrong in a season, all that a client survives without a person but for the user's word on a doubt."""

from __future__ import annotations

from typing import Final

from pipeline.sandbox.faults import Rule

GENERATE: Final = (
    {"fault": "drop"},
    {"fault": "drop", "charged": True},
    {"fault": "drop", "charged": True, "end": "reset"},
    {"fault": "cut", "at_byte": 40},
    {"fault": "error"},
    {"fault": "error", "charged": True},
    {"fault": "error", "form": "json", "code": "GENERATION_FAILED"},
    {"fault": "rate_limited"},
    {"fault": "rate_limited", "retry_after": "1"},
    {"fault": "revoked"},
    {"fault": "no_credits"},
    {"fault": "fail"},
    {"fault": "failed_at_once"},
    {"fault": "missing"},
    {"fault": "extra"},
    {"fault": "reordered"},
)
CHECK: Final = (
    {"fault": "drop"},
    {"fault": "cut", "at_byte": 200},
    {"fault": "error"},
    {"fault": "error", "form": "json"},
    {"fault": "rate_limited"},
    {"fault": "rate_limited", "retry_after": "1"},
    {"fault": "revoked"},
    {"fault": "not_found"},
    {"fault": "missing"},
    {"fault": "extra"},
    {"fault": "reordered"},
    {"fault": "word"},
    {"fault": "no_url"},
)


def faults(chance: float) -> tuple[Rule, ...]:
    """Rules by which each call meets one fault with about that chance, all kinds as likely."""
    return (
        *(Rule("generate", chance=chance / len(GENERATE), **fault) for fault in GENERATE),  # type: ignore[arg-type]
        *(Rule("check-status", chance=chance / len(CHECK), **fault) for fault in CHECK),  # type: ignore[arg-type]
    )
