"""Says by its first bytes which container a file is, so that ffmpeg never guesses.

A guess would follow playlists: a file called `clip.mp4` that holds an HLS list makes ffmpeg open what the list names.
Only the containers of the table are ever opened, each with its own demuxer forced and no protocol but `file`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pipeline.errors import MediaError

_ISO_FIRST_BOXES: Final = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")  # old QuickTime has no ftyp

_MAX_BOXES: Final = 100_000  # a film in fragments has two a second; more would take long to look through

_DEMUXERS: Final = (
    # demuxer, offset, any of these bytes
    ("mov", 4, _ISO_FIRST_BOXES),
    ("matroska", 0, (b"\x1a\x45\xdf\xa3",)),
    ("wav", 8, (b"WAVE",)),
    ("avi", 8, (b"AVI ",)),
    ("aiff", 8, (b"AIFF", b"AIFC")),
    ("ogg", 0, (b"OggS",)),
    ("flac", 0, (b"fLaC",)),
    ("mp3", 0, (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xfa")),
)


def find_demuxer(path: Path) -> str:
    """The ffmpeg demuxer for the file.

    Raises:
        MediaError: it cannot be read, is empty, or is none of the containers that are opened.
    """
    head = _read_head(path)
    for demuxer, offset, magics in _DEMUXERS:
        if head[offset:].startswith(magics):
            return demuxer
    known = ", ".join(name for name, _, _ in _DEMUXERS)
    raise MediaError(path, f"its first bytes are those of no container that is opened here ({known})")


def check_ftyp(path: Path) -> None:
    """See that the file begins as an MP4 file does. Raises MediaError."""
    if _read_head(path)[4:8] != b"ftyp":
        raise MediaError(path, "it is no MP4 file: it does not begin with a ftyp box")


def check_boxes(path: Path) -> None:
    """See that the boxes of an ISO file (ISO/IEC 14496-12, 4.2) fill it to its last byte and that one is `moov`.

    Raises:
        MediaError: it is cut short, or has no index.
    """
    size, at, count, has_index = path.stat().st_size, 0, 0, False
    with path.open("rb") as file:
        while at < size:
            if (count := count + 1) > _MAX_BOXES:
                raise MediaError(path, f"it has more than {_MAX_BOXES:,} boxes, which no film needs")
            file.seek(at)
            header = file.read(16)
            length, kind = int.from_bytes(header[:4], "big"), header[4:8]
            if length == 1:
                length = int.from_bytes(header[8:16], "big")
            elif length == 0:  # to the end of the file
                length = size - at
            if length < 8 or at + length > size:
                raise MediaError(path, f"it is cut short or damaged: the box at byte {at:,} does not fit the file")
            has_index |= kind == b"moov"
            at += length
    if not has_index:
        raise MediaError(path, "it has no index (no moov box)")


def _read_head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise MediaError(path, f"it cannot be read ({error.strerror})") from error
    if len(head) < 16:
        raise MediaError(path, f"it is empty or nearly so ({len(head)} bytes)")
    return head
