"""Lets go of memory that is not needed any more, where glibc would keep it.

A picture is a megabyte and more, there for a moment. After the first ones glibc takes such blocks for common and keeps
what was freed, for each thread that ever had one: a third of what a render came to.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Final

LIBC: Final = ctypes.CDLL(None) if sys.platform == "linux" else None

_LARGE_BYTES: Final = 400_000
"""What is as large is the system's again once it is freed: pictures are, the blocks in which sound is mixed are not."""

_M_MMAP_THRESHOLD: Final = -3  # <malloc.h>
_M_ARENA_MAX: Final = -8


def keep_little() -> None:
    """In this process, from now on, best before it has threads. Does nothing where there is no glibc."""
    if LIBC is not None and hasattr(LIBC, "mallopt"):
        LIBC.mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
        LIBC.mallopt(_M_ARENA_MAX, 1)
