"""Writes a span down as an ffmpeg argument list. Pure: runs nothing, opens nothing.

Numbers are all that is ever formatted into a graph; words come in as drawn pictures, files as `file:` paths with their
demuxer forced. Pictures are counted by frames: each chain ends with time stamps 0, 1, 2 … at 24 a second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import ffmpeg

from pipeline.model.delivery import Fit, Fitting, Focus
from pipeline.model.join import Way
from pipeline.model.timeline import ColourMatch
from pipeline.render.drawings import DrawnPart
from pipeline.render.encoding import SET_ID
from pipeline.render.spans import Layer, Mix, Mixing, Span
from pipeline.timecode import FRAME_RATE, FrameRange, Frames

TICKS: Final = 12_288
"""Ticks a second of every video track that is written: 512 a frame, as generated clips have it."""

_RATE: Final = str(FRAME_RATE)
_BT709: Final = {"color_primaries": "bt709", "color_trc": "bt709", "colorspace": "bt709"}
_Stream: TypeAlias = Any
"""ffmpeg-python has no types; a stream of it is whatever it returns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSource:
    """A file to take pictures from.

    Attributes:
        is_still: one picture, drawn by us in RGB, that stands for any number of frames.
        keeps_rate: whether its frames are film frames already.
        is_tagged: whether it says what its colours mean; if not, they are BT.709.
        is_plain: whether its pictures are of the film's size and kind, with nothing to convert.
        left_out: frames that it lacks before the first one that is used.
    """

    path: Path
    demuxer: str
    is_still: bool = False
    keeps_rate: bool = True
    is_tagged: bool = False
    is_plain: bool = False
    left_out: Frames = 0


def span_arguments(span: Span, sources: Sequence[PictureSource], drawn: Sequence[Path], path: Path) -> list[str]:
    """What makes the span's picture at `path`, as an MP4 without sound.

    Args:
        sources: one for each layer.
        drawn: a picture for each of what is drawn over the span.
    """
    layers = [_layer(layer, source, span) for layer, source in zip(span.layers, sources, strict=True)]
    picture = layers[0] if span.mix is None else _mixed(layers[0], layers[1], span.mix, span.size_px)
    for part, drawn_path in zip(span.drawn, drawn, strict=True):
        picture = picture.overlay(_drawn(part, drawn_path), format="yuv420", eof_action="repeat")
    # All that parameter sets tell beside the encoding, so that those of a drawn card and of a decoded clip are equal.
    picture = picture.filter("setsar", 1).filter("setparams", range="tv", chroma_location="left", **_BT709)
    output = ffmpeg.output(picture, f"file:{path}", **_encoding(span))
    return [str(argument) for argument in ffmpeg.get_args(output)]


def _layer(layer: Layer, source: PictureSource, span: Span) -> _Stream:
    picture = _input(source.path, source.demuxer)
    if source.is_still:
        return _looped(_as_bt709(picture, "yuv420p"), span.frames)
    if not source.keeps_rate:
        # A rate that does not divide ours can leave the end a frame short.
        picture = picture.filter("setpts", "PTS-STARTPTS").filter("fps", _RATE)
        picture = picture.filter("tpad", stop=2, stop_mode="clone")
    picture = _cut(picture, layer.used.shifted(-source.left_out))
    if crop := layer.clip.crop:
        picture = picture.filter("crop", crop.width, crop.height, crop.left, crop.top)
    if match := layer.clip.match:
        picture = _matched(picture, match)
    picture = _fitted(picture, source, span.size_px, layer.clip.fit)
    return _looped(picture, span.frames) if layer.is_held else picture


def _input(path: Path, demuxer: str) -> _Stream:
    return ffmpeg.input(f"file:{path}", f=demuxer, protocol_whitelist="file", threads=1).video


def _cut(picture: _Stream, used: FrameRange) -> _Stream:
    return _counted(picture.filter("trim", start_frame=used.start, end_frame=used.stop))


def _counted(picture: _Stream) -> _Stream:
    """With time stamps from 0, one a frame, and a rate that filters and the encoder can rely on."""
    return picture.filter("settb", f"1/{_RATE}").filter("setpts", "N").filter("fps", _RATE)


def _looped(picture: _Stream, frames: Frames) -> _Stream:
    """One picture, `frames` times."""
    return _counted(picture.filter("loop", loop=-1, size=1).filter("trim", end_frame=frames))


_LEFT_OF_IT: Final = {Focus.LEFT: 0.0, Focus.RIGHT: 1.0}
_ABOVE_IT: Final = {Focus.TOP: 0.0, Focus.BOTTOM: 1.0}
"""Of what is cut off, how much lies to the left of what stays, and how much above; half where nothing is said."""

_BLUR_SHARE: Final = 8  # blurred at an eighth of the size: nobody can tell, and it takes an eighth of the time
_BLUR_SIGMA: Final = 0.04  # of the picture's shorter side
_BLUR_DARKER: Final = 0.7  # so that the eye stays with the picture in front


def _fitted(picture: _Stream, source: PictureSource, size_px: tuple[int, int], fit: Fit) -> _Stream:
    """In the film's shape, square pixels. Passes through what has it already."""
    if source.is_plain:
        picture = picture.filter("setparams", range="tv", **_BT709)  # where nothing is said, `scale` would copy them
    elif not source.is_tagged:
        picture = picture.filter("setparams", **_BT709)
    picture = picture.filter("scale", "iw*sar", "ih").filter("setsar", 1)
    match fit.how:
        case Fitting.CROP:
            fitted = _filling(picture, size_px, fit.focus)
        case Fitting.FIT:
            fitted = _whole(picture, size_px).filter("pad", *size_px, "(ow-iw)/2", "(oh-ih)/2", color="black")
        case Fitting.BLUR:
            fitted = _before_itself(picture, size_px)
    return fitted.filter("format", "yuv420p")


def _filling(picture: _Stream, size_px: tuple[int, int], focus: Focus) -> _Stream:
    """As large as it has to be to leave nothing blank; what stands over is cut off."""
    across, down = _LEFT_OF_IT.get(focus, 0.5), _ABOVE_IT.get(focus, 0.5)
    return _scaled(picture, size_px, "increase").filter("crop", *size_px, f"(iw-ow)*{across}", f"(ih-oh)*{down}")


def _whole(picture: _Stream, size_px: tuple[int, int]) -> _Stream:
    """As large as it can be with nothing cut off."""
    return _scaled(picture, size_px, "decrease", force_divisible_by=2)


def _before_itself(picture: _Stream, size_px: tuple[int, int]) -> _Stream:
    """All of it, before a blurred and darker picture of itself that fills what it leaves blank."""
    halves = picture.filter_multi_output("split")
    small_px = size_px[0] // _BLUR_SHARE, size_px[1] // _BLUR_SHARE
    ground = _filling(halves[0], small_px, Focus.CENTER).filter("format", "yuv420p")
    ground = ground.filter("gblur", sigma=round(min(small_px) * _BLUR_SIGMA, 2), steps=3)
    ground = ground.filter("lutyuv", y=f"16+(val-16)*{_BLUR_DARKER}")
    ground = ground.filter("scale", *size_px, flags="bicubic").filter("setsar", 1)
    front = _whole(halves[1], size_px).filter("format", "yuv420p")
    return ground.overlay(front, x="(W-w)/2", y="(H-h)/2", format="yuv420")


def _scaled(picture: _Stream, size_px: tuple[int, int], way: str, **more: int) -> _Stream:
    return picture.filter(
        "scale",
        *size_px,
        force_original_aspect_ratio=way,
        flags="lanczos",
        out_color_matrix="bt709",
        out_range="tv",
        **more,
    )


def _matched(picture: _Stream, match: ColourMatch) -> _Stream:
    """Each of Y, U and V looked up in a table of its own; what leaves the legal range is cut off there."""
    tables = {
        plane: f"clip({gain:.4f}*val+({offset:.2f}),minval,maxval)"
        for plane, gain, offset in zip("yuv", match.gains, match.offsets, strict=True)
    }
    return picture.filter("lutyuv", **tables)


def _as_bt709(drawn: _Stream, pixels: str) -> _Stream:
    """A drawn RGB picture in the film's colours."""
    return drawn.filter("scale", out_color_matrix="bt709", out_range="tv").filter("format", pixels)


def _mixed(outgoing: _Stream, incoming: _Stream, mix: Mix, size_px: tuple[int, int]) -> _Stream:
    """Frame k has (first + k + 1) / (frames + 1) of the way behind it."""
    if mix.way is None:
        return _melted(outgoing, incoming, mix)
    return _MOVES[mix.how](outgoing, incoming, _Edge.of(mix, mix.way, size_px))


def _melted(outgoing: _Stream, incoming: _Stream, mix: Mix) -> _Stream:
    """That much of the incoming picture, laid over the outgoing one.

    `fade` gives its frame j the share j / length: with a length of frames + 1 the two agree once first + 1 padding
    frames are put before and cut off after. `xfade` takes no 4:2:0, truncates, and holds twice as much (ffmpeg 9.0).
    """
    before, alone = max(mix.first, 0) + 1, max(-mix.first, 0)
    clear = incoming.filter("format", "yuva420p").filter("tpad", start=before, start_mode="clone")
    clear = clear.filter("fade", type="in", start_frame=alone, nb_frames=mix.frames + 1, alpha=1)
    return outgoing.overlay(_counted(clear.filter("trim", start_frame=before)), format="yuv420")


@dataclass(frozen=True, slots=True)
class _Edge:
    """What moves in a join: the edge between two pictures, in whole pixels.

    `xfade` has moves of its own, but takes no 4:2:0: all colours would be made anew, and softer (ffmpeg 9.0).

    Attributes:
        axis: along which it moves.
        side_px: the picture's size along that.
        gone: how far it has gone, as an expression over a frame's time; `overlay` counts frames from 1 (ffmpeg 9.0).
            Even: colours stand on every other pixel.
        is_backward: whether it goes left or up.
    """

    axis: Literal["x", "y"]
    side_px: int
    gone: str
    is_backward: bool

    @classmethod
    def of(cls, mix: Mix, way: Way, size_px: tuple[int, int]) -> _Edge:
        axis, is_backward = _WAYS[way]
        side_px = size_px["xy".index(axis)]
        gone = f"2*floor((round({_RATE}*t)+{mix.first + 1})*{side_px}/{2 * (mix.frames + 1)})"
        return cls(axis, side_px, gone, is_backward)

    @property
    def left(self) -> str:
        """How far it has still to go."""
        return f"{self.side_px}-{self.gone}"

    def ordered(self, outgoing: _Stream, incoming: _Stream) -> tuple[_Stream, _Stream]:
        """The two pictures as they lie on its two sides, from the left or from above."""
        return (outgoing, incoming) if self.is_backward else (incoming, outgoing)

    def window(self, picture: _Stream, start: str) -> _Stream:
        """One side of `picture` that begins at `start`; it is twice as long along the axis."""
        of_it = {"x": ("iw/2", "ih"), "y": ("iw", "ih/2")}[self.axis]
        return picture.filter("crop", *of_it, **{"x": 0, "y": 0, self.axis: start})

    def overlay(self, under: _Stream, over: _Stream, start: str) -> _Stream:
        return under.overlay(over, format="yuv420", eof_action="repeat", **{"x": 0, "y": 0, self.axis: start})


_WAYS: Final[Mapping[Way, tuple[Literal["x", "y"], bool]]] = {
    Way.LEFT: ("x", True),
    Way.RIGHT: ("x", False),
    Way.UP: ("y", True),
    Way.DOWN: ("y", False),
}


def _wiped(outgoing: _Stream, incoming: _Stream, edge: _Edge) -> _Stream:
    """Both stand still; of the one behind the edge all is covered that the one before it has kept or gained."""
    at = edge.left if edge.is_backward else edge.gone
    under, over = edge.ordered(outgoing, incoming)
    doubled = over.filter("pad", *{"x": ("2*iw", "ih"), "y": ("iw", "2*ih")}[edge.axis])
    return edge.overlay(under, edge.window(doubled, at), at)


def _slid(outgoing: _Stream, incoming: _Stream, edge: _Edge) -> _Stream:
    """The incoming picture comes from outside, over the outgoing one."""
    return edge.overlay(outgoing, incoming, edge.left if edge.is_backward else f"{edge.gone}-{edge.side_px}")


def _pushed(outgoing: _Stream, incoming: _Stream, edge: _Edge) -> _Stream:
    """Both move, side by side."""
    both = ffmpeg.filter(edge.ordered(outgoing, incoming), {"x": "hstack", "y": "vstack"}[edge.axis])
    return edge.window(both, edge.gone if edge.is_backward else edge.left)


_MOVES: Final = {Mixing.WIPE: _wiped, Mixing.SLIDE: _slid, Mixing.PUSH: _pushed}


def _drawn(part: DrawnPart, path: Path) -> _Stream:
    """The drawn picture, coming and going softly, from its first frame that falls into the span."""
    picture = _as_bt709(_input(path, "png_pipe"), "yuva420p")
    if part.is_steady:
        return _looped(picture, len(part.shown))
    picture = _looped(picture, part.frames)
    picture = picture.filter("fade", type="in", start_frame=0, nb_frames=part.fade, alpha=1)
    picture = picture.filter("fade", type="out", start_frame=part.frames - part.fade, nb_frames=part.fade, alpha=1)
    return _cut(picture, part.shown)


def _encoding(span: Span) -> dict[str, Any]:
    settings = span.settings
    cap = f":vbv-maxrate={settings.max_kbps}:vbv-bufsize={settings.max_kbps}" if settings.max_kbps else ""
    return {
        "f": "mp4",
        "c:v": "libx264",
        "preset": settings.preset,
        "crf": settings.crf,
        "profile:v": settings.profile,
        "level:v": settings.level(*span.size_px),
        "pix_fmt": "yuv420p",
        "g": settings.keyint,
        "bf": settings.bframes,
        "x264-params": f"open-gop=0:b-pyramid=normal:{settings.rate_control}:threads={settings.threads}"
        f":sps-id={SET_ID}{cap}",
        "frames:v": span.frames,
        "color_range": "tv",
        **_BT709,
        "video_track_timescale": TICKS,
        "map_metadata": -1,
        "fflags": "+bitexact",
        "flags:v": "+bitexact",
    }
