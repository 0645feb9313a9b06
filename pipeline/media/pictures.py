"""Takes single frames out of a film or a clip as Pillow images, for contact sheets, posters and thumbnails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
from av.video.reformatter import Colorspace, Interpolation
from PIL import Image

from pipeline.errors import MediaError
from pipeline.media.probe import open_media
from pipeline.timecode import FRAME_RATE, Frames


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
        for wanted in sorted(set(frames)):
            frame = _frame_at(container, stream, Fraction(wanted) / FRAME_RATE)
            if frame is None:
                raise MediaError(path, f"it has no frame {wanted}")
            found[wanted] = _as_image(frame, width_px)
    return [found[wanted] for wanted in frames]


def _frame_at(
    container: av.container.InputContainer, stream: av.VideoStream, instant: Fraction
) -> av.VideoFrame | None:
    """The frame that shows at `instant`, in seconds from the start; None past the end."""
    tick = Fraction(stream.time_base or 1)
    container.seek(int(instant / tick), stream=stream, backward=True)
    for frame in _frames(container, stream):
        if frame.pts is not None and (frame.pts + max(frame.duration, 1)) * tick > instant:
            return frame
    return None


def _frames(container: av.container.InputContainer, stream: av.VideoStream) -> Iterator[av.VideoFrame]:
    for frame in container.decode(stream):
        if isinstance(frame, av.VideoFrame):
            yield frame


def _as_image(frame: av.VideoFrame, width_px: int) -> Image.Image:
    """Untagged pictures are read as BT.709, which is what the clips are."""
    height_px = max(1, round(frame.height * width_px / frame.width))
    small = frame.reformat(
        width_px, height_px, "rgb24", src_colorspace=Colorspace.ITU709, interpolation=Interpolation.AREA
    )
    return Image.fromarray(small.to_ndarray())
