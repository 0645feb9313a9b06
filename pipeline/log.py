"""The log: one JSON object a line, with an `action` that is API; the text may change. No prompt, no key."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pipeline.errors import MachineError

FACTS: Final = ("action", "slate", "task_id")


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        facts = {name: getattr(record, name) for name in FACTS if getattr(record, name, None)}
        return json.dumps(
            {"at": at, "level": record.levelname, **facts, "text": record.getMessage()}, ensure_ascii=False
        )


@contextmanager
def log_to(path: Path) -> Iterator[None]:
    """Append what the house's loggers say to `path` for as long as the block lasts. Raises MachineError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(path, encoding="utf-8")
    except OSError as error:
        raise MachineError(
            f"the log {path} cannot be written: {error.strerror}. Check the folder's permissions."
        ) from error
    handler.setFormatter(_JsonLines())
    house = logging.getLogger("pipeline")
    level, house.level = house.level, logging.INFO
    house.addHandler(handler)
    try:
        yield
    finally:
        house.removeHandler(handler)
        house.setLevel(level)
        handler.close()
