"""An example for each key of our files that holds names and values: what is written below it, or behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_BELOW: Final = {
    "characters": "hero: a runner in red",
    "looks": "film: 35mm film grain",
    "places": "pier: an old pier on a grey bay",
    "variables": "cities: [Lisbon, Taipei]",
}
_BEHIND: Final = {
    "budget": "budget: {max_credits: 200}",
    "continuity": "continuity: {frame: 0}",
    "delivery": "delivery: {captions: file}",
    "grants": "grants: {reshoot_failed: 0}",
    "lint": "lint: {allow: [SB501]}",
}

EXAMPLES: Final[Mapping[str, str]] = {
    **{key: f"Write one in each line below it, such as {line}." for key, line in _BELOW.items()},
    **{key: f"Write {line}." for key, line in _BEHIND.items()},
}
"""What to write under a key, as a sentence."""
