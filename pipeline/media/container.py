"""Says by its first bytes which container a file is, so that ffmpeg never guesses.

A guess would follow playlists: a file called `clip.mp4` that holds an HLS list makes ffmpeg open what the list names.
Only the containers of the table are ever opened, each with its own demuxer forced and no protocol but `file`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from pipeline.errors import MediaError

_ISO_FIRST_BOXES: Final = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")  # old QuickTime has no ftyp

_MAX_BOXES: Final = 100_000  # a film in fragments has two a second; more would take long to look through
_MAX_SAMPLES: Final = (
    2_000_000  # of all tracks; an hour at 240 pictures a second has half as many; 32 bytes each to read
)
_TOLD: Final = {b"hdlr": 12, b"stts": 16, b"stsz": 12}  # bytes that are read of a track's boxes
_ONE: Final = b"\0\0\0\1"
_HOLDERS: Final = (b"moov", b"trak", b"mdia", b"minf", b"stbl")

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
    tracks, has_index = [_Track()], False
    with path.open("rb") as file:
        for count, (kind, body) in enumerate(_boxes(path, file), 1):
            if count > _MAX_BOXES:
                raise MediaError(path, f"it has more than {_MAX_BOXES:,} boxes, which no film needs")
            has_index |= kind == b"moov"
            if kind == b"trak":
                tracks.append(_Track())
            if kind in _TOLD:
                file.seek(body.start)
                tracks[-1].told[kind] = file.read(min(_TOLD[kind], len(body)))
    if not has_index:
        raise MediaError(path, "it has no index (no moov box)")
    if sum(track.samples for track in tracks) > _MAX_SAMPLES:
        raise MediaError(path, f"its index names more than {_MAX_SAMPLES:,} samples, which no film needs")


@dataclass(frozen=True, slots=True)
class _Track:
    """The first bytes of boxes that tell how many samples it has."""

    told: dict[bytes, bytes] = field(default_factory=dict)

    @property
    def samples(self) -> int:
        """Those of one size, which the file has no word about each for: they cost it nothing, and who reads it much.

        Plain sound, a sample at each tick, is read by chunks instead.
        """
        sizes, times = self.told.get(b"stsz", b""), self.told.get(b"stts", b"")
        is_plain_sound = self.told.get(b"hdlr", b"")[8:] == b"soun" and (times[4:8], times[12:]) == (_ONE, _ONE)
        is_of_one_size = len(sizes) == _TOLD[b"stsz"] and any(sizes[4:8])
        return int.from_bytes(sizes[8:], "big") if is_of_one_size and not is_plain_sound else 0


def _boxes(path: Path, file: BinaryIO) -> Iterator[tuple[bytes, range]]:
    """Kind and body of each box, those inside of what holds a track's index too; damage there is left to the decoder.

    The file's own, outermost boxes have to fill it.
    """
    waiting = [range(path.stat().st_size)]
    while waiting:
        at, end = waiting[-1].start, waiting[-1].stop
        if at >= end:
            waiting.pop()
            continue
        file.seek(at)
        header = file.read(16)
        length, kind, head = int.from_bytes(header[:4], "big"), header[4:8], 8
        if length == 1:
            length, head = int.from_bytes(header[8:16], "big"), 16
        elif length == 0:  # to the end of the file
            length = end - at
        if length < 8 or at + length > end:
            if len(waiting) == 1:
                raise MediaError(path, f"it is cut short or damaged: the box at byte {at:,} does not fit the file")
            waiting.pop()
            continue
        waiting[-1] = range(at + length, end)
        body = range(at + head, max(at + head, at + length))
        yield kind, body
        if len(waiting) <= len(_HOLDERS) and kind == _HOLDERS[len(waiting) - 1]:
            waiting.append(body)


def _read_head(path: Path) -> bytes:
    if path.exists() and not path.is_file():
        raise MediaError(path, "it is a folder, a pipe or a device, and no file")  # a pipe would be waited for
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise MediaError(path, f"it cannot be read ({error.strerror})") from error
    if len(head) < 16:
        raise MediaError(path, f"it is empty or nearly so ({len(head)} bytes)")
    return head
