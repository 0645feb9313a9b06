"""One frame of a clip as a PNG of its own: what a shot that continues another begins with.

Decoded from the clip's beginning, since a seek may land beside the frame; turned to RGB by fixed arithmetic, so that
equal frames give equal bytes wherever that is done.
"""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Final

import av
from PIL import Image

from pipeline.errors import MediaError
from pipeline.media.probe import open_media
from pipeline.timecode import FRAME_RATE, Frames

_EXACT: Final = "in_color_matrix=bt709:flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact"
"""Clips carry no colour tags and are BT.709; without these flags the outcome depends on the processor."""


def cut_out(path: Path, frame: Frames) -> bytes:
    """The picture that shows at `frame` of the clip at `path` (at the film's 24 a second), as PNG in its full size.

    Raises:
        MediaError: it does not decode, or has no such frame.
    """
    with open_media(path) as container:
        stream = next(iter(container.streams.video), None)
        if stream is None:
            raise MediaError(path, "it holds no picture")
        stream.thread_type = "AUTO"
        return _as_png(_showing(container, stream, Fraction(frame) / FRAME_RATE, path))


def _showing(
    container: av.container.InputContainer, stream: av.VideoStream, instant: Fraction, path: Path
) -> av.VideoFrame:
    """The frame that shows at `instant`, in seconds from the first."""
    first: Fraction | None = None
    for frame in container.decode(stream):
        if frame.pts is None or frame.time_base is None:
            continue
        at = frame.pts * frame.time_base
        first = at if first is None else first
        if at - first + max(frame.duration, 1) * frame.time_base > instant:
            return frame
    raise MediaError(path, f"it has no frame {int(instant * FRAME_RATE)}")


def _as_png(frame: av.VideoFrame) -> bytes:
    graph = av.filter.Graph()
    entry = graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base)
    scale, rgb, end = graph.add("scale", _EXACT), graph.add("format", "pix_fmts=rgb24"), graph.add("buffersink")
    graph.link_nodes(entry, scale, rgb, end).configure()
    graph.push(frame)
    turned = graph.pull()
    assert isinstance(turned, av.VideoFrame)  # noqa: S101 - a frame went in
    content = BytesIO()
    Image.fromarray(turned.to_ndarray()).save(content, "PNG", compress_level=6)
    return content.getvalue()
