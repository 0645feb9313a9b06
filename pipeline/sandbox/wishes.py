"""Faults that a prompt asks for: `A boat. [sandbox: fail]`, anywhere in it, in any case."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from pipeline.sandbox.faults import Met, Rule, ShotSeen

WISHES: Final[Mapping[str, Rule]] = {
    "fail": Rule("generate", "fail"),
    "refuse": Rule("generate", "error", form="json", code="GENERATION_FAILED"),
    "crash": Rule("generate", "error", form="json"),
    "lose the answer": Rule("generate", "drop", charged=True),
    "lose the call": Rule("generate", "drop"),
    "keep the refund": Rule("generate", "refund_never"),
}
_WISH: Final = re.compile(rf"\[sandbox:\s*({'|'.join(WISHES)})\s*\]", re.IGNORECASE)


def wishes_of(shots: Sequence[ShotSeen]) -> tuple[Met, ...]:
    """What the prompts of a call ask for, in their order. Each wish is about the shot that carries it."""
    return tuple(Met(WISHES[found.lower()], (shot.shot_id,)) for shot in shots for found in _WISH.findall(shot.prompt))
