"""What the process of a cell may still do once it has all that it needs: compute, and answer.

Two walls behind the sandbox of Jinja, which should hold alone: limits that the system keeps, and a hook that sees
what Python is about to do. What a template asks of them would be a hole in Jinja; both turn it into a finding.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

LIFE_CPU_SECONDS: Final = 600
"""Far above the cases of one life: ends a cell whose keeper was killed while it worked."""

ALLOWED: Final[Mapping[str, str]] = {
    "builtins.id": "pydantic and Jinja tell values apart by it",
    "code.__new__": "Jinja shows its own errors at the lines of the template",
    "compile": "Jinja writes a template as a module of Python",
    "exec": "… and runs it",
    "object.__getattr__": "a traceback's frames, from which the line of a finding is read",
    "sys._getframe": "the line of a finding, too",
}
"""Events that go on, and what raises them. All others are refused: `open`, `import`, `socket.*`, `ctypes.*` …"""


class BreachError(BaseException):
    """Something asked for more than computing; no `except Exception` on the way may hide it."""


def confine(memory_bytes: int) -> None:
    """Shut this process in, for good. Descriptors that are open stay so.

    A limit that the system does not know is passed over (macOS has none for memory): the keeper's clock still holds.
    """
    for name, most in (
        ("RLIMIT_AS", memory_bytes),
        ("RLIMIT_CPU", LIFE_CPU_SECONDS),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_NOFILE", 0),
        ("RLIMIT_NPROC", 0),  # does not hold for root
    ):
        kind = getattr(resource, name)
        _, highest = resource.getrlimit(kind)
        least = most if highest == resource.RLIM_INFINITY else min(most, highest)
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (least, least))
    sys.addaudithook(_refuse)


def _refuse(event: str, _: tuple[object, ...]) -> None:
    if event not in ALLOWED:
        raise BreachError(event)
