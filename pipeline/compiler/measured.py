"""How large the pictures of a project are, read from their headers. Part of the compiler's edge, as `sources` is.

A picture is a stranger's file, and looked at in the user's own process: a few bytes of each are read and nothing is
unpacked, so that no file takes long, whatever it says of itself and however large it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

PICTURE_SUFFIXES: Final = (".jpeg", ".jpg", ".png", ".webp")

_HEAD_BYTES: Final = 30  # enough for all but JPEG, whose size stands behind what cameras and programs wrote
_MAX_SEGMENTS: Final = 500  # of a JPEG, before its size
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # segments that tell the size (ITU-T T.81, B.1)

_Size: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One picture."""

    width_px: int
    height_px: int
    size_bytes: int


def measure_pictures(files: Mapping[str, Path]) -> dict[str, Measured | None]:
    """Every file of `files` that is a picture by its name, by that name; None for what no picture can be read from."""
    return {name: _measure(path) for name, path in files.items() if name.lower().endswith(PICTURE_SUFFIXES)}


def _measure(path: Path) -> Measured | None:
    if not path.is_file():  # a pipe would be waited for
        return None
    try:
        with path.open("rb") as file:
            width_px, height_px = _size(file) or (0, 0)
        size_bytes = path.stat().st_size
    except OSError:
        return None
    return Measured(width_px=width_px, height_px=height_px, size_bytes=size_bytes) if width_px and height_px else None


def _size(file: BinaryIO) -> _Size | None:
    """Width and height, 0 for one that is not told; None if `file` is no PNG, JPEG or WebP."""
    head = file.read(_HEAD_BYTES)
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        return _big(head[16:20]), _big(head[20:24])
    if head.startswith(b"\xff\xd8\xff"):
        return _size_of_jpeg(file)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP" and len(head) == _HEAD_BYTES:
        return _size_of_webp(head)
    return None


def _size_of_jpeg(file: BinaryIO) -> _Size | None:
    """From segment to segment: a marker, and the length of what follows it (ITU-T T.81, B.1.1.4)."""
    at = 2
    for _ in range(_MAX_SEGMENTS):
        file.seek(at)
        segment = file.read(9)
        if len(segment) < 9 or segment[0] != 0xFF:
            return None
        if segment[1] == 0xFF:  # a filling byte
            at += 1
        elif segment[1] in _FRAMES:
            return _big(segment[7:9]), _big(segment[5:7])
        else:
            at += 2 + _big(segment[2:4])
    return None


def _size_of_webp(head: bytes) -> _Size | None:
    """Its first chunk is of one of three kinds (RFC 9649, 2.5 to 2.7)."""
    if head[12:16] == b"VP8X":
        return _little(head[24:27]) + 1, _little(head[27:30]) + 1
    if head[12:16] == b"VP8L":
        bits = _little(head[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if head[12:16] == b"VP8 ":
        return _little(head[26:28]) & 0x3FFF, _little(head[28:30]) & 0x3FFF
    return None


def _big(number: bytes) -> int:
    return int.from_bytes(number, "big")


def _little(number: bytes) -> int:
    return int.from_bytes(number, "little")
