"""The log: one JSON object a line, with an `action` that is API; the text may change. No prompt, no key."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pipeline.errors import MachineError
from pipeline.folders import make_folder
from pipeline.safe_text import safe_json

FACTS: Final = ("action", "slate", "task_id")


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        facts = {name: getattr(record, name) for name in FACTS if getattr(record, name, None)}
        return safe_json({"at": at, "level": record.levelname, **facts, "text": record.getMessage()})


class _QuietFile(logging.FileHandler):
    """A log that cannot be written (a full disk) ends no run, and says nothing into the run's own talk."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)


@contextmanager
def log_to(path: Path) -> Iterator[None]:
    """Append what the house's loggers say to `path` for as long as the block lasts. Raises MachineError."""
    try:
        make_folder(path.parent)
        handler = _QuietFile(path, encoding="utf-8")
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
        with suppress(OSError):
            handler.close()
