"""Answers that the ledger could not take, in a file beside it: written when its disk fails, read at the next start.

A line is one answer with the events that were read from it. The file is only added to: a line that was taken over
finds its takes moved on and is passed by.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from pipeline.model.answer import Answer
from pipeline.model.take import Event, Take
from pipeline.model.value import Value
from pipeline.ports import Rescued


class _Line(Value):
    slates: tuple[str, ...]
    nonces: tuple[str | None, ...]
    events: tuple[Event, ...]
    answer: Answer


@dataclass(frozen=True, slots=True)
class Recovery:
    path: Path

    def save(self, changes: Sequence[tuple[Take, Event]], answer: Answer) -> str:
        """Keep an answer: in the file if that can be written, else in the words that come back, which say where."""
        line = _Line(
            slates=tuple(str(take.slate) for take, _ in changes),
            nonces=tuple(take.nonce for take, _ in changes),
            events=tuple(event for _, event in changes),
            answer=answer,
        ).model_dump_json()
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(f"\n{line}\n")  # an earlier line may have been cut by the same disk
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            return f"here alone, copy it now: {line}"
        return f"in {self.path}, and the next run reads it there: {line}"

    def read(self) -> tuple[Rescued, ...]:
        """All whole lines, oldest first. What the vendor says may hold other ends of lines, such as U+2028."""
        try:
            lines = self.path.read_text(encoding="utf-8", errors="replace").split("\n")
        except FileNotFoundError:
            return ()
        return tuple(rescued for line in lines if (rescued := _read(line)) is not None)


def _read(line: str) -> Rescued | None:
    try:
        kept = _Line.model_validate_json(line)
    except ValidationError:
        return None
    return Rescued(events=tuple(zip(kept.slates, kept.nonces, kept.events, strict=False)), answer=kept.answer)
