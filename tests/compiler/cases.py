"""Projects in one text: every file of it behind a line `--- its path`.

A line alone is a file that is no text; `--- assets/sea.png, 1920 × 1080` is a picture of that size, and
`--- assets/sea.png, broken` one that cannot be read. A text without such a line is a storyboard.jinja.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.compiler import Sources, compile_storyboard
from pipeline.compiler.findings import Findings
from pipeline.compiler.listing import list_series
from pipeline.compiler.measured import Measured
from pipeline.errors import StoryboardError
from pipeline.model.finding import Finding

_HEAD = re.compile(r"^--- (?P<path>[^,\n]+)(?:, (?P<facts>.+))?$", re.MULTILINE)
_SIZE = re.compile(r"(?P<width>\d+) × (?P<height>\d+)(?:, (?P<mega>\d+) MB)?")


def files_of(case: str) -> Iterator[tuple[str, str, str]]:
    """(path, facts, text) of each file in `case`."""
    heads = list(_HEAD.finditer(case))
    if not heads:
        yield "storyboard.jinja", "", case
        return
    for head, after in zip(heads, [*heads[1:], None], strict=True):
        text = case[head.end() + 1 : after.start() if after else len(case)]
        yield head["path"], head["facts"] or "", text


def sources_of(case: str) -> Sources:
    texts, pictures, files = {"project.yaml": ""}, {}, set()
    for path, facts, text in files_of(case):
        files.add(path)
        if path.endswith((".jinja", ".yaml", ".json", ".csv")):
            texts[path] = text
        elif facts:
            pictures[path] = _measured(facts)
    return Sources(project="demo", texts=texts, files=frozenset(files), pictures=pictures)


def _measured(facts: str) -> Measured | None:
    size = _SIZE.match(facts)
    if not size:
        return None
    size_bytes = int(size["mega"] or 1) * 1_000_000
    return Measured(width_px=int(size["width"]), height_px=int(size["height"]), size_bytes=size_bytes)


def findings_in(case: str) -> tuple[Finding, ...]:
    """All that is found in `case`, errors and warnings; of a series in all its films, each said once."""
    sources = sources_of(case)
    try:
        series = list_series(Findings(sources))
    except StoryboardError as error:
        return error.findings
    films = [sources.of(episode) for episode in series.episodes] if series else [sources]
    return tuple(dict.fromkeys(finding for film in films for finding in _found(film)))


def _found(film: Sources) -> tuple[Finding, ...]:
    try:
        return compile_storyboard(film).warnings
    except StoryboardError as error:
        return error.findings
