"""What goes wrong on purpose, and how a caller asks for it: the one place where the sandbox decides to misbehave.

A prompt may carry a wish in brackets, anywhere:

    [sandbox: fail]     accepted and charged; the shot fails at the end of its time and is refunded
    [sandbox: refuse]   500 GENERATION_FAILED, nothing is charged
    [sandbox: crash]    the server breaks inside: 500 INTERNAL_ERROR, nothing is charged
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

_WISH: Final = re.compile(r"\[sandbox:\s*(fail|refuse|crash)\s*\]", re.IGNORECASE)


class Fault(StrEnum):
    FAIL = "fail"
    REFUSE = "refuse"
    CRASH = "crash"


def fault_of(prompt: str) -> Fault | None:
    """The first wish that the prompt carries, or None."""
    found = _WISH.search(prompt)
    return Fault(found[1].lower()) if found else None


def fault_of_call(prompts: Iterable[str]) -> Fault | None:
    """The fault that meets the whole call, before any charge: REFUSE, CRASH or None; the first prompt with one wins."""
    return next((fault for fault in map(fault_of, prompts) if fault in (Fault.REFUSE, Fault.CRASH)), None)
