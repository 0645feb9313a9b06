"""How many shots a film has, and which tags made them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Final

from pipeline.compiler.catalogue import Code
from pipeline.compiler.findings import Findings
from pipeline.compiler.pinpoint import tag_at
from pipeline.model.finding import Source
from pipeline.model.storyboard import MAX_SHOTS, Item, Shot

_EACH: Final = re.compile(r"\beach\s+(?:(?!\b(?:each|when|verbatim)\b|\b\w+\s*=[^=]|[-+]?[%％][}｝]).)+", re.DOTALL)


def check_count(items: Sequence[Item], texts: Mapping[str, str], findings: Findings) -> None:
    """A film of more shots than the API takes is a finding, at the tag that makes most of them."""
    made: dict[Source, list[str]] = {}
    for item in items:
        if isinstance(item, Shot):
            made.setdefault(item.source, []).append(item.id)
    count = sum(map(len, made.values()))
    if count <= MAX_SHOTS:
        return
    by_size = sorted(made.items(), key=lambda tag: -len(tag[1]))
    several = [f"{len(ids)} from {_described(ids, source, texts)}" for source, ids in by_size if len(ids) > 1]
    alone = sum(len(ids) == 1 for ids in made.values())
    listed = ", ".join([*several, *([f"{alone} written one by one"] if alone else [])])
    says = f"this film has {count} shots, at most {MAX_SHOTS}: {listed}."
    findings.add(Code.TOO_MANY_SHOTS, by_size[0][0], says, "Take some out, or make two films of it.")


def _described(ids: Sequence[str], source: Source, texts: Mapping[str, str]) -> str:
    """ "`run` (each city in cities, storyboard.jinja:9)"."""
    loops = [" ".join(loop.split()).rstrip(" ,") for loop in _EACH.findall(tag_at(texts, source))]
    where = f"{source.path}:{source.line}"
    return f"`{_shared(ids)}` ({', '.join([*loops, where])})"


def _shared(ids: Sequence[str]) -> str:
    """The parts with which all of `ids` begin; the first of them, if they share none."""
    columns = takewhile(lambda parts: len(set(parts)) == 1, zip(*(name.split(".") for name in ids), strict=False))
    return ".".join(parts[0] for parts in columns) or f"{ids[0]} …"
