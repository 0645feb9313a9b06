"""Takes single frames out of a film or a clip as Pillow images, for contact sheets, posters and thumbnails.

A file is entered at key frames, and those may be a whole clip apart. From one to the next it is decoded once, without
the pictures that neither anybody wants nor any other picture needs: that leaves out about half.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
from av.video.reformatter import Colorspace, Interpolation
from PIL import Image

from pipeline.errors import MediaError
from pipeline.media.avc import is_avc, is_unneeded
from pipeline.media.probe import open_media
from pipeline.timecode import FRAME_RATE, Frames

_NEAR: Final[Frames] = 12


def extract_frames(path: Path, frames: Sequence[Frames], width_px: int) -> list[Image.Image]:
    """The pictures that show at `frames` (at the film's 24 a second, any order), `width_px` wide, in the order asked.

    Raises:
        MediaError: it does not decode, or has no such frame.
    """
    found: dict[Frames, Image.Image] = {}
    with open_media(path, is_strict=False) as container:
        stream = next(iter(container.streams.video), None)
        if stream is None or stream.time_base is None:
            raise MediaError(path, "it holds no picture")
        stream.thread_type = "AUTO"
        for run in _runs(sorted(set(frames)), _entries(stream)):
            found |= _take_out(container, stream, run, width_px)
    if missing := [wanted for wanted in frames if wanted not in found]:
        raise MediaError(path, f"it has no frame {missing[0]}")
    return [found[wanted] for wanted in frames]


def _entries(stream: av.VideoStream) -> list[Frames]:
    """Where the file can be entered, by its index, ascending; a frame or two early, as decoding is."""
    tick = Fraction(stream.time_base or 1)
    return [int(entry.timestamp * tick * FRAME_RATE) for entry in stream.index_entries if entry.is_keyframe]


def _runs(frames: Sequence[Frames], entries: Sequence[Frames]) -> Iterator[list[Frames]]:
    """Frames between which decoding on is quicker than entering the file anew: near, or with no entry between."""
    run: list[Frames] = []
    for frame in frames:
        if run and frame - run[-1] > _NEAR and bisect_right(entries, run[-1]) < bisect_right(entries, frame):
            yield run
            run = []
        run.append(frame)
    if run:
        yield run


def _take_out(
    container: av.container.InputContainer, stream: av.VideoStream, run: Sequence[Frames], width_px: int
) -> dict[Frames, Image.Image]:
    """The pictures of the frames of a run; those past the end are left out."""
    tick, found, wanted = Fraction(stream.time_base or 1), dict[Frames, Image.Image](), [*run]
    container.seek(int(run[0] / FRAME_RATE / tick), stream=stream, backward=True)
    for frame in _frames(container, stream, wanted):
        stop = None if frame.pts is None else (frame.pts + max(frame.duration, 1)) * tick * FRAME_RATE
        while wanted and stop is not None and stop > wanted[0]:
            found[wanted.pop(0)] = _as_image(frame, width_px)
        if not wanted:
            break
    return found


def _frames(
    container: av.container.InputContainer, stream: av.VideoStream, wanted: Sequence[Frames]
) -> Iterator[av.VideoFrame]:
    """What is decoded from here on; pictures that nobody wants may be missing."""
    has_nal_units = is_avc(stream)
    for packet in container.demux(stream):
        if packet.size and has_nal_units and not _shows(packet, wanted) and is_unneeded(packet):
            continue
        for frame in packet.decode():
            if isinstance(frame, av.VideoFrame):
                yield frame


def _shows(packet: av.Packet[Any], wanted: Sequence[Frames]) -> bool:
    """Whether one of the frames is seen while its picture is; also if it does not say when that is."""
    if packet.pts is None or not packet.duration:
        return True
    tick = Fraction(packet.time_base) * FRAME_RATE
    return any(packet.pts * tick <= frame < (packet.pts + packet.duration) * tick for frame in wanted)


def _as_image(frame: av.VideoFrame, width_px: int) -> Image.Image:
    """Untagged pictures are read as BT.709, which is what the clips are."""
    height_px = max(1, round(frame.height * width_px / frame.width))
    small = frame.reformat(
        width_px, height_px, "rgb24", src_colorspace=Colorspace.ITU709, interpolation=Interpolation.AREA
    )
    return Image.fromarray(small.to_ndarray())
