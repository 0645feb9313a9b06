"""What crosses between a cell and its keeper: a case there, a verdict back, each as JSON behind its length.

Plain data alone, in both directions: neither side can make the other run anything.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter

from pipeline.compiler.sources import Sources
from pipeline.model.finding import Finding
from pipeline.model.series import Series
from pipeline.model.storyboard import Storyboard
from pipeline.model.value import Value

MAX_BODY_BYTES: Final = 64_000_000  # above all texts that `sources` reads, and any film worth the name

_LENGTH: Final = struct.Struct(">I")
_SOURCES: Final = TypeAdapter(Sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one compile may use.

    Attributes:
        cpu_seconds: then it is asked to say where it is, and to stop.
        wall_seconds: then it is killed, whatever it does.
        memory_bytes: of address space; the interpreter and its libraries take a tenth of it.
    """

    cpu_seconds: float = 2.0
    wall_seconds: float = 3.0
    memory_bytes: int = 512_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is to be compiled.

    Attributes:
        is_list: the films of the project are asked for, and not what one of them asks for.
    """

    sources: Sources
    variables: Mapping[str, str]
    is_list: bool = False

    def to_plain(self) -> dict[str, Any]:
        sources = _SOURCES.dump_python(self.sources, mode="json")
        return {
            "sources": {**sources, "files": sorted(self.sources.files)},  # a set has no order that lasts
            "variables": dict(self.variables),
            "is_list": self.is_list,
        }

    @classmethod
    def from_plain(cls, body: Mapping[str, Any]) -> Case:
        sources = _SOURCES.validate_python(body["sources"])
        return cls(sources=sources, variables=body["variables"], is_list=body["is_list"])


class Verdict(Value):
    """What came of it: a storyboard and its warnings, or no storyboard and all that is wrong.

    Attributes:
        series: the films of the project, where they were asked for and there are several.
    """

    storyboard: Storyboard | None = None
    series: Series | None = None
    findings: tuple[Finding, ...] = ()


def packed(body: object) -> bytes:
    """`body` as it crosses. Half a surrogate pair, which no file could keep either, becomes "?"."""
    text = json.dumps(body, ensure_ascii=False).encode(errors="replace")
    return _LENGTH.pack(len(text)) + text


def received(read: Callable[[int], bytes]) -> Any:
    """The next body from `read`, which gives up to so many bytes; None if it ends before.

    Raises:
        ValueError: what comes is no body of ours.
    """
    head = _exactly(read, _LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > MAX_BODY_BYTES:
        raise ValueError(f"a body of {length} bytes")
    text = _exactly(read, length)
    try:
        return json.loads(text) if len(text) == length else None
    except RecursionError:
        raise ValueError("a body that is nested without end") from None


def _exactly(read: Callable[[int], bytes], length: int) -> bytes:
    pieces = bytearray()
    while len(pieces) < length and (piece := read(min(length - len(pieces), 1 << 20))):
        pieces += piece
    return bytes(pieces)
