"""Patterns that every Python from 3.11 on reads alike."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import pipeline.compiler

MISREAD = {"POSSESSIVE_REPEAT", "ATOMIC_GROUP"}


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Each of the room, with its name."""
    for module in pkgutil.iter_modules(pipeline.compiler.__path__, "pipeline.compiler."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, re.Pattern):
                yield f"{module.name}.{name}", value


def operations(parsed: Any) -> Iterator[str]:
    """What a pattern does, all the way down."""
    if isinstance(parsed, (list, tuple)) or hasattr(parsed, "data"):
        for part in parsed:
            yield from operations(part)
    else:
        yield str(parsed)


def test_no_pattern_asks_for_what_early_pythons_misread() -> None:
    """Before 3.11.5, `*+` of a group with a choice in it ends too early: a tag then seemed to be never closed."""
    found = dict(patterns())
    assert len(found) > 20
    parse = re._parser.parse  # type: ignore[attr-defined]
    asking = {name for name, each in found.items() if MISREAD & set(operations(parse(each.pattern, each.flags)))}
    assert asking == set()
