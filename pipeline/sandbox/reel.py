"""A clip over HTTP: whole or a range, with its validators, or with what faults make of it. Pure, up to the stream.

A clip is held in memory while it is sent: the largest has some tens of megabytes.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from hashlib import sha256
from pathlib import Path
from typing import Final

from pipeline.sandbox.faults import Met, Rule
from pipeline.sandbox.line import Line
from pipeline.sandbox.mischief import rule_of

_RANGE: Final = re.compile(r"bytes=(?:(\d+)-(\d*)|-(\d+))")
_PIECES_A_SECOND: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Reel:
    """A clip's bytes, and what tells it from another."""

    content: bytes
    etag: str
    modified: str

    @classmethod
    def load(cls, path: Path) -> Reel:
        """Raises FileNotFoundError."""
        facts, content = path.stat(), path.read_bytes()
        tag = sha256(f"{path.name} {facts.st_mtime_ns} {facts.st_size}".encode()).hexdigest()[:32]
        return cls(content=content, etag=f'"{tag}"', modified=formatdate(facts.st_mtime, usegmt=True))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request asks for."""

    url: str
    range: str | None = None
    if_range: str | None = None


@dataclass(frozen=True, slots=True)
class Showing:
    """An answer: what is said of the clip, and the bytes that follow."""

    status: int
    content: bytes
    headers: dict[str, str] = field(default_factory=dict)


def show(reel: Reel, wanted: Wanted) -> Showing:
    """The clip, or the one range of it that is asked for; all of it if `If-Range` names another file."""
    facts = {"etag": reel.etag, "last-modified": reel.modified, "accept-ranges": "bytes", "content-type": "video/mp4"}
    size = len(reel.content)
    found = _RANGE.fullmatch(wanted.range or "")
    if found is None or wanted.if_range not in (None, reel.etag, reel.modified):
        return Showing(200, reel.content, {**facts, "content-length": str(size)})
    start, end = _bounds(found, size)
    if start >= end:
        return Showing(416, b"", {**facts, "content-range": f"bytes */{size}", "content-length": "0"})
    told = {"content-range": f"bytes {start}-{end - 1}/{size}", "content-length": str(end - start)}
    return Showing(206, reel.content[start:end], {**facts, **told})


def show_faulty(reel: Reel, wanted: Wanted, met: Sequence[Met]) -> Showing:
    """The same with the faults that met the call. Raises OSError if the file that one of them names cannot be read."""
    for m in met:
        reel, wanted = _spoil(reel, wanted, m.rule)
        reel = _retag(reel, m)
    showing = show(reel, wanted)
    for rule in (m.rule for m in met):
        showing = _distort(showing, wanted, rule)
    return showing


def _bounds(found: re.Match[str], size: int) -> tuple[int, int]:
    """The range as first byte and the one behind the last."""
    first, last, length = found.groups()
    if length is not None:
        return max(0, size - int(length)), size if int(length) else 0
    return int(first), min(size, int(last) + 1) if last else size


def _spoil(reel: Reel, wanted: Wanted, rule: Rule) -> tuple[Reel, Wanted]:
    """What the fault makes of the file that is shown, or of the question."""
    match rule.fault:
        case "truncated" if rule.honest:
            reel = replace(reel, content=reel.content[: rule.at_byte])
        case "flipped":
            reel = replace(reel, content=flip(reel.content, rule.count, rule.seed))
        case "other":
            reel = replace(reel, content=_other(reel, rule))
        case "spliced" if wanted.range is not None:
            reel, wanted = replace(reel, content=_other(reel, rule)), replace(wanted, if_range=None)
        case "no_range":
            wanted = replace(wanted, range=None)
    return reel, wanted


def _distort(showing: Showing, wanted: Wanted, rule: Rule) -> Showing:
    """What the fault makes of the answer."""
    match rule.fault:
        case "expired":
            return _say(rule.status or 403, "text/plain", b"This address has expired.\n")
        case "page":
            return _say(
                200, "text/html", b"<!doctype html>\n<title>One moment</title>\n<p>Checking your browser.</p>\n"
            )
        case "redirected":
            return Showing(302, b"", {"location": wanted.url if rule.to == "self" else rule.to, "content-length": "0"})
        case "endless":
            return replace(showing, headers=_without(showing.headers, "content-length"))
    if showing.headers.get("etag") == "":
        return replace(showing, headers=_without(showing.headers, "etag"))
    return showing


def _retag(reel: Reel, met: Met) -> Reel:
    tags = {None: reel.etag, "weak": f"W/{reel.etag}", "missing": "", "changing": f'"{reel.etag[1:-1]}-{met.n}"'}
    return replace(reel, etag=tags["missing" if (met.fault, met.rule.etag) == ("etag", None) else met.rule.etag])


def flip(content: bytes, count: int, seed: int) -> bytes:
    """The bytes with `count` different bits the other way round, the same ones for the same seed and length."""
    flipped = bytearray(content)
    for bit in random.Random(seed).sample(range(8 * len(content)), min(count, 8 * len(content))):  # noqa: S311
        flipped[bit // 8] ^= 1 << bit % 8
    return bytes(flipped)


def _other(reel: Reel, rule: Rule) -> bytes:
    """Another file's bytes: of the one that is named, else as many that are surely no clip's."""
    return reel.content[::-1] if rule.file is None else Path(rule.file).read_bytes()


def _say(status: int, media_type: str, words: bytes) -> Showing:
    return Showing(status, words, {"content-type": media_type, "content-length": str(len(words))})


def _without(headers: Mapping[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in headers.items() if key != name}


async def play(showing: Showing, met: Sequence[Met], line: Line) -> AsyncIterator[bytes]:
    """The bytes of an answer as they go out. An endless one ends with the client."""
    content = showing.content
    if cut := rule_of(met, "truncated", honest=False):
        yield content[: cut.at_byte]
        if cut.at_byte < len(content):
            line.cut(0, cut.end)  # what follows is not let through
            yield content[cut.at_byte :]
        return
    slow = rule_of(met, "slow")
    step = max(1, slow.bytes_per_s // _PIECES_A_SECOND) if slow else len(content) or 1
    while True:
        for start in range(0, len(content), step):
            await asyncio.sleep(1 / _PIECES_A_SECOND if slow else 0)
            yield content[start : start + step]
        if not rule_of(met, "endless"):
            return
