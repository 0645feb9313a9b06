"""Puts spans and the sound track into one MP4, packet by packet, and sees that it holds what it should.

Nothing is decoded to be written. Time stamps are computed from frame numbers, never taken over: span after span, each
picture stands on its own frame and no error can add up. The index comes first, so that a player starts at once.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, TypeAlias

import av

from pipeline.digest import ContentHash, hash_file
from pipeline.errors import MachineError, MediaError
from pipeline.media.aac import PACKET, PRIMING, preroll
from pipeline.media.aside import keep, open_aside
from pipeline.media.avc import IDR, AvcConfig, nal_types
from pipeline.media.graph import TICKS
from pipeline.media.probe import count_samples, frame_ticks, open_media
from pipeline.media.threads import in_thread
from pipeline.model.timeline import Timeline
from pipeline.ports import Locate, Sounded
from pipeline.project import StorePaths
from pipeline.render.chapters import plan_chapters
from pipeline.render.spans import Span
from pipeline.timecode import FRAME_RATE, SAMPLE_RATE, SAMPLES_PER_FRAME, FrameRange, Frames, Samples

_FRAME_TICKS: Final = TICKS // int(FRAME_RATE)
_BT709: Final = 1  # ITU-T H.273, tables 2 to 4
_TV_RANGE: Final = 1  # libavutil's number for 16 … 235
_OPTIONS: Final = {
    "movflags": "+faststart",
    "movie_timescale": str(SAMPLE_RATE),  # with the usual 1,000, edit lists would end up to 47 samples off
    "fflags": "+bitexact",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PressedFilm:
    """`ports.Pressed`."""

    sha256: ContentHash
    size_bytes: int
    frames: Frames
    samples: Samples
    loudness_lufs: float | None
    true_peak_dbtp: float | None


@dataclass(frozen=True, slots=True)
class Press:
    """`ports.FilmPress` over the render cache."""

    paths: StorePaths
    locate: Locate

    async def press(self, timeline: Timeline, spans: Sequence[Span], sound: Sounded, film_path: Path) -> PressedFilm:
        with open_aside(film_path.parent) as aside:
            made = aside / film_path.name
            await in_thread(self._write, timeline, spans, sound.path, made)
            pressed = await _verify(timeline, spans, sound, made)
            keep(made, film_path)
        return pressed

    def _write(self, timeline: Timeline, spans: Sequence[Span], sound_path: Path, made: Path) -> None:
        sources = [_Source(span, self._path(span)) for span in spans]
        with (
            av.open(str(made), "w", format="mp4", options=_OPTIONS) as film,
            open_media(sources[0].path) as first,
            open_media(sound_path) as sound,
        ):
            picture_track = film.add_stream_from_template(first.streams.video[0])
            picture_track.time_base = Fraction(1, TICKS)
            config = _describe(picture_track, sources)
            sound_track = film.add_stream_from_template(sound.streams.audio[0])
            _name(film, timeline)
            pictures = _picture_packets(sources, config, picture_track)
            sounds = _sound_packets(sound, timeline.samples, sound_track)
            for _, packet in heapq.merge(pictures, sounds, key=itemgetter(0)):
                _mux(film, packet)

    def _path(self, span: Span) -> Path:
        """Where its packets are; those of a copied span in the clip itself."""
        clip = span.layers[0].clip
        path = self.locate(clip).absolute() if span.copied else self.paths.span_path(span.fingerprint)
        if not path.is_file():
            raise MachineError(f"{clip.item}: its file {path} is gone. Run again, it will be fetched or made anew.")
        return path


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the packets of a span are read."""

    span: Span
    path: Path

    @property
    def packets(self) -> FrameRange:
        """Which of the file's packets, in decoding order. Those of an IDR's frame and a closing's lie as the frames."""
        return self.span.layers[0].used if self.span.copied else FrameRange(0, self.span.frames)


def _describe(track: av.VideoStream, sources: Sequence[_Source]) -> AvcConfig:
    """Give the track the parameter sets of all its spans, and the colours that every film has.

    Copied spans share one pair of sets, encoded ones another.
    """
    kinds = {source.span.copied is None: source.path for source in sources}
    first, *others = [_config_of(path) for path in kinds.values()]
    try:
        config = reduce(AvcConfig.joined, others, first)
    except ValueError as error:
        raise _unfit(sources[0].path) from error
    context = track.codec_context
    context.extradata = config.box()
    context.color_primaries = context.color_trc = context.colorspace = _BT709
    context.color_range = _TV_RANGE
    return config


def _config_of(path: Path) -> AvcConfig:
    with open_media(path, must_be_mp4=True, is_seen=False) as container:
        return AvcConfig.parse(container.streams.video[0].codec_context.extradata or b"")


def _unfit(path: Path) -> MediaError:
    return MediaError(path, "its H.264 parameter sets do not fit the film's; delete it and run again")


def _name(film: av.container.OutputContainer, timeline: Timeline) -> None:
    """Write the film's title and its chapters; no date, so that equal films have equal bytes."""
    film.metadata["title"] = timeline.title
    film.set_chapters(
        [
            {
                "id": number,
                "start": chapter.place.start,
                "end": chapter.place.stop,
                "time_base": 1 / FRAME_RATE,
                "metadata": {"title": chapter.title},
            }
            for number, chapter in enumerate(plan_chapters(timeline))
        ]
    )


def _mux(film: av.container.OutputContainer, packet: av.Packet[Any]) -> None:
    """Write a packet; a disk that does not let it is no damage of the files that are read meanwhile."""
    try:
        film.mux(packet)
    except OSError as error:
        raise MachineError(f"{film.name} cannot be written: {error.strerror}. Check the disk.") from error


_Timed: TypeAlias = "tuple[Samples, av.Packet[Any]]"
"""A packet, and when it is decoded, counted as sound is."""


def _picture_packets(sources: Sequence[_Source], config: AvcConfig, track: av.VideoStream) -> Iterator[_Timed]:
    """All packets of all spans, in decoding order, on film time."""
    reorder, time_base = max(source.span.reorder for source in sources), Fraction(1, TICKS)
    for source in sources:
        start, wanted = source.span.place.start, source.packets
        with open_media(source.path, must_be_mp4=True, is_seen=False) as container:
            own = AvcConfig.parse(container.streams.video[0].codec_context.extradata or b"")
            if not set(own.sets) <= set(config.sets):
                raise _unfit(source.path)
            clock = frame_ticks(container)
            packets = (packet for packet in container.demux(video=0) if packet.size)
            for decoded, packet in enumerate(islice(packets, wanted.start, wanted.stop)):
                shown, at = clock.nearest(packet.pts or 0) - wanted.start, start + decoded - reorder
                packet.time_base = time_base
                packet.pts = (start + shown) * _FRAME_TICKS
                packet.dts = at * _FRAME_TICKS
                packet.duration = _FRAME_TICKS
                packet.is_keyframe = IDR in nal_types(packet)
                packet.stream = track
                yield at * SAMPLES_PER_FRAME, packet


def _sound_packets(sound: av.container.InputContainer, samples: Samples, track: av.AudioStream) -> Iterator[_Timed]:
    """Packets that end with the film; what lies before 0 is left out by the edit list that the muxer writes."""
    begin, time_base = -PRIMING - preroll(samples), Fraction(1, SAMPLE_RATE)
    packets = (packet for packet in sound.demux(sound.streams.audio[0]) if packet.dts is not None)
    for packet, at in zip(packets, range(begin, samples, PACKET), strict=False):
        packet.time_base = time_base
        packet.pts = packet.dts = at
        packet.duration = PACKET
        packet.stream = track
        yield at, packet


async def _verify(timeline: Timeline, spans: Sequence[Span], sound: Sounded, made: Path) -> PressedFilm:
    """Count and decode; how loud it is was heard on the track, whose packets these are.

    Raises:
        MediaError: a frame or sample is missing, double or out of order, or a join does not decode.
    """
    half = len(spans) // 2
    samples, shown, sha256, *_ = await asyncio.gather(
        in_thread(count_samples, made),
        in_thread(_check_order, made),
        in_thread(hash_file, made),
        in_thread(_check_joins, spans[:half], made),
        in_thread(_check_joins, spans[half:], made),
    )
    if shown != list(range(timeline.frames)):
        raise MediaError(made, f"it should show {timeline.frames} frames once each, but shows {len(shown)}")
    if samples != timeline.samples:
        raise MediaError(made, f"its sound should have {timeline.samples} samples, but has {samples}")
    return PressedFilm(
        sha256=sha256,
        size_bytes=made.stat().st_size,
        frames=len(shown),
        samples=samples,
        loudness_lufs=sound.loudness_lufs,
        true_peak_dbtp=sound.true_peak_dbtp,
    )


def _check_order(made: Path) -> list[Frames]:
    """The frames that are shown, in order; decoding times must grow from packet to packet."""
    shown, last = list[Frames](), None
    with open_media(made, must_be_mp4=True, is_seen=False) as film:
        clock = frame_ticks(film)
        for packet in film.demux(video=0):
            if packet.dts is None or packet.pts is None:
                continue
            if last is not None and packet.dts <= last:
                raise MediaError(made, f"its time goes backwards at packet {len(shown)}")
            last = packet.dts
            frame = clock.exact(packet.pts)
            shown.append(-1 if frame is None else frame)
    return sorted(shown)


def _check_joins(spans: Sequence[Span], made: Path) -> None:
    """Enter the file where each span begins, and decode that picture alone: all others were when they were made."""
    with open_media(made, must_be_mp4=True, is_seen=False) as film:
        stream = film.streams.video[0]
        for span in spans:
            film.seek(span.place.start * _FRAME_TICKS, stream=stream)
            pictures = (*next(film.demux(stream)).decode(), *stream.decode(None))
            if [picture.pts for picture in pictures] != [span.place.start * _FRAME_TICKS]:
                raise MediaError(made, f"it cannot be entered at frame {span.place.start}, where a span begins")
