"""Reads docs/findings.md, where every rule is explained for people who write storyboards. Looks at no disk itself.

An entry is a heading `## SB012 What is wrong`, a few sentences, and as a rule two examples in fences: wrong, right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pipeline.compiler.catalogue import Code

_ENTRY: Final = re.compile(r"^## (?P<code>SB\d{3}) (?P<title>.+)\n(?P<body>(?:(?!#{1,2} ).*\n)+)", re.MULTILINE)
_FENCE: Final = re.compile(r"^(?:Wrong|Right):\n\n```\w*\n(?P<example>.*?)\n```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is told about one rule.

    Attributes:
        title: what is wrong, as a heading.
        why: what it means and what to do.
        wrong, right: the smallest storyboards that break and keep it; "" where no storyboard shows it.
    """

    title: str
    why: str
    wrong: str = ""
    right: str = ""


def read_explanations(page: str) -> Mapping[Code, Explanation]:
    """The entries of `page` by their codes, in their order."""
    return {Code(entry["code"]): _read_entry(entry) for entry in _ENTRY.finditer(page)}


def _read_entry(entry: re.Match[str]) -> Explanation:
    examples = [fence["example"] for fence in _FENCE.finditer(entry["body"])]
    return Explanation(entry["title"], _FENCE.sub("", entry["body"]).strip(), *examples)
