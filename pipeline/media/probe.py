"""Looks at a media file by decoding all of it: what it is, how long, how loud, and that nothing in it is damaged.

Headers are not believed: durations of genuine clips are off by 43 ms, and a file can lie on purpose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import av
import av.error
from av.stream import Stream

from pipeline.errors import MediaError
from pipeline.media.container import check_boxes, check_ftyp, find_demuxer
from pipeline.media.loudness import LoudnessMeter, PeakMeter
from pipeline.media.threads import beside
from pipeline.model.media import MediaInfo
from pipeline.timecode import FRAME_RATE, FrameTicks, Samples

MAX_SECONDS: Final = 3_600
MAX_PIXELS: Final = 8_192 * 4_320

_FREE_PIXELS: Final = 2_000_000_000  # 40 s of 1080p: what any file may hold
_PIXELS_A_BYTE: Final = 50_000  # beyond that; a black picture of an honest encoder has a third of it
_TIMES_READ: Final = 2  # how often a file's bytes may be unpacked, through edit lists that repeat themselves
_HELD_BYTES: Final = 480_000_000
_HELD: Final = {"h264": 17, "hevc": 17, "av1": 10, "vp9": 10}
"""Pictures that a decoder may be told to keep at a time; others keep few."""

_BOUNDED: Final = {"max_pixels": str(MAX_PIXELS)}  # a stream may change its size
_STRICT: Final = {"err_detect": "explode"}
_UNSEEN: Final = {"skip_frame": "all", "probesize": "32"}
_HALF: Final = Fraction(1, 2)


def inspect(
    path: Path, *, must_be_mp4: bool = False, has_picture: bool = True, beside: Callable[[object], None] | None = None
) -> MediaInfo:
    """Decode the file to its end, every error fatal, and say what it holds. Takes seconds; runs in any thread.

    Args:
        must_be_mp4: for downloaded clips: it has to begin with a `ftyp` box, and all that its index names has to come.
        has_picture: whether a picture is asked for; a music file is looked at for its sound alone.
        beside: is shown every frame of picture and sound, in decoding order, so that nobody decodes a second time.

    Raises:
        MediaError: it is not what it should be, is cut short or damaged.
    """
    if must_be_mp4:
        _check_index(path)
    with open_media(path, must_be_mp4=must_be_mp4) as container:
        video = next(filter(_is_known, container.streams.video), None) if has_picture else None
        audio = next(filter(_is_known, container.streams.audio), None)
        if has_picture and video is None:
            raise MediaError(path, "it holds no picture")
        if video is None and audio is None:
            raise MediaError(path, "it holds no sound")
        if video is not None:
            _check_size(path, video)
        size_bytes = path.stat().st_size
        seen = _Seen(LoudnessMeter.of_stream(audio) if audio else None)
        for packet in container.demux([stream for stream in (video, audio) if stream is not None]):
            if packet.is_corrupt:
                raise MediaError(path, "it is damaged or cut short")
            seen.note(packet)
            for frame in packet.decode():
                seen.take(frame)
                if beside is not None:
                    beside(frame)
            if seen.seconds > MAX_SECONDS:
                raise MediaError(path, f"it is longer than {MAX_SECONDS // 60} minutes")
            if seen.packed_bytes > _TIMES_READ * size_bytes:
                raise MediaError(path, "it shows the same pictures or sounds over and over")
            if seen.pixels > max(_FREE_PIXELS, _PIXELS_A_BYTE * size_bytes):
                raise MediaError(path, f"{size_bytes:,} bytes would unpack to more than {seen.pixels:,} pixels")
        if must_be_mp4 and seen.frames != seen.packets:  # a picture of a kind that ffmpeg does not know is left out
            raise MediaError(path, f"it is damaged: {seen.frames} of {seen.packets} pictures decode")
        return _conclude(path, seen, video, audio)


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard of a track; the true peak is None where it was not looked for, and of silence, as the loudness."""

    samples: Samples
    loudness_lufs: float | None
    true_peak_dbtp: float | None


def listen(path: Path, *, has_peaks: bool = False) -> Heard:
    """Decode the sound alone, strictly: how many samples a channel, how loud, and its true peak if that is asked for.

    Peaks are looked for beside the rest: they take as long.

    Raises:
        MediaError: it has none, or does not decode.
    """
    with open_sound(path) as (container, stream):
        loudness, samples = LoudnessMeter.of_stream(stream), 0
        peaks = PeakMeter(stream) if has_peaks else None
        with beside(peaks.feed) if peaks else nullcontext(len) as hand_over:
            for seconds in _decode_seconds(container, stream):
                hand_over([seconds])
                loudness.feed(seconds)
                samples += seconds.samples
        loudness.feed(None)
        if peaks is None or loudness.read() is None:
            return Heard(samples, loudness.read(), None)
        peaks.feed(None)
        return Heard(samples, loudness.read(), peaks.read())


def _decode_seconds(container: av.container.InputContainer, stream: av.AudioStream) -> Iterator[av.AudioFrame]:
    """All its sound, a second at a time: to hand each frame over to another thread costs more than to measure it."""
    gathered = av.AudioFifo()
    for frame in container.decode(stream):
        frame.pts = None  # sound is counted, an edit list may leave some of it out
        gathered.write(frame)
        if gathered.samples >= frame.sample_rate:
            yield from gathered.read_many(frame.sample_rate)
    if rest := gathered.read():
        yield rest


def count_samples(path: Path) -> Samples:
    """Decode the sound alone, strictly, and count. Raises as `listen`."""
    with open_sound(path) as (container, stream):
        return sum(frame.samples for frame in container.decode(stream))


@contextmanager
def open_sound(path: Path) -> Iterator[tuple[av.container.InputContainer, av.AudioStream]]:
    """A file to decode the sound of, strictly. Raises MediaError, for one without sound, too."""
    with open_media(path) as container:
        stream = next(filter(_is_known, container.streams.audio), None)
        if stream is None:
            raise MediaError(path, "it holds no sound")
        yield container, stream


@contextmanager
def open_media(
    path: Path, *, must_be_mp4: bool = False, is_strict: bool = True, is_seen: bool = True, **options: str
) -> Iterator[av.container.InputContainer]:
    """The file, opened by its own demuxer and no other; what goes wrong with it comes out as MediaError.

    Args:
        is_strict: whether any damage is fatal; must be off for seeking, since a clip may lead into a key frame.
        is_seen: whether the streams know of pixels and colours before anything of them is decoded; for who only wants
            packets, opening takes 1 ms instead of 12.
        options: more of the demuxer's.
    """
    if must_be_mp4:
        check_ftyp(path)
    demuxer = find_demuxer(path)
    if demuxer == "mov":
        check_boxes(path)
    try:
        opening = {"protocol_whitelist": "file", **({} if is_seen else _UNSEEN), **options}
        with av.open(str(path.absolute()), format=demuxer, options=opening) as container:
            for stream in (*container.streams.video, *container.streams.audio):
                if _is_known(stream):
                    stream.codec_context.options = _BOUNDED | (_STRICT if is_strict else {})
            yield container
    except av.error.FFmpegError as error:
        raise MediaError(path, f"it does not decode ({error.strerror or error})") from error
    except ValueError as error:  # PyAV's, of names and formats that make no sense
        raise MediaError(path, f"it does not decode ({error})") from error


def frame_ticks(container: av.container.InputContainer) -> FrameTicks:
    """How the time stamps of its first picture track turn into frames."""
    return FrameTicks.of(container.streams.video[0].time_base or Fraction(1))


def _is_known(stream: Stream) -> bool:
    """Whether there is a decoder for it."""
    return stream.codec_context is not None


@dataclass(slots=True)
class _Seen:
    """What went by while decoding."""

    meter: LoudnessMeter | None
    frames: int = 0
    samples: int = 0
    first: Fraction | None = None
    end: Fraction = field(default_factory=Fraction)
    sample_rate: int = 0
    packets: int = 0  # of pictures that no edit list hides
    packed_bytes: int = 0
    pixels: int = 0

    @property
    def seconds(self) -> Fraction:
        sound = Fraction(self.samples, self.sample_rate) if self.sample_rate else Fraction(0)
        return max(sound, self.end - (self.first or 0))

    def note(self, packet: av.Packet[Any]) -> None:
        is_picture = isinstance(packet.stream, av.VideoStream) and packet.size  # the last are empty: they flush
        self.packed_bytes += packet.size
        self.packets += bool(is_picture and not packet.is_discard)

    def take(self, frame: object) -> None:
        if isinstance(frame, av.VideoFrame):
            self.frames += 1
            self.pixels += frame.width * frame.height
            if frame.pts is not None and frame.time_base is not None:
                at = frame.pts * frame.time_base
                self.first = at if self.first is None else min(self.first, at)
                self.end = max(self.end, at + frame.duration * frame.time_base)
        elif isinstance(frame, av.AudioFrame):
            self.samples += frame.samples
            self.sample_rate = frame.sample_rate
            if self.meter is not None:
                self.meter.feed(frame)


def _check_size(path: Path, video: av.VideoStream) -> None:
    """See that its pictures, and all that a decoder keeps of them, can be held."""
    pixels, depth = video.width * video.height, video.format.padded_bits_per_pixel if video.format else 12
    if pixels > MAX_PIXELS or pixels * depth // 8 * _HELD.get(video.codec_context.name, 3) > _HELD_BYTES:
        raise MediaError(path, f"its picture of {video.width}×{video.height} is larger than can be handled")


def _check_index(path: Path) -> None:
    """See that each packet that the index names is there, and that no two share a byte.

    ffmpeg takes what it can follow of a damaged index without a word. What an edit list hides is looked at, too.
    """
    with open_media(path, must_be_mp4=True, is_seen=False, ignore_editlist="1") as container:
        tracks = (*container.streams.video, *container.streams.audio)
        if not all(map(_is_known, tracks)):
            raise MediaError(path, "it is damaged: there is no decoder for one of its tracks")
        packets = [packet for packet in container.demux(tracks) if packet.size]
        for track in tracks:
            came = sum(packet.stream.index == track.index for packet in packets)
            if track.frames not in (0, came):  # 0: a file in fragments
                raise MediaError(path, f"it is damaged: {came} of {track.frames} packets of its {track.type} are there")
        extents = sorted((packet.pos or 0, packet.size) for packet in packets)
        if any(at + size > after for (at, size), (after, _) in pairwise(extents)):
            raise MediaError(path, "it is damaged: its index names bytes twice")


def _conclude(path: Path, seen: _Seen, video: av.VideoStream | None, audio: av.AudioStream | None) -> MediaInfo:
    if video is not None and not seen.frames:
        raise MediaError(path, "it holds not one frame")
    if video is None and not seen.samples:
        raise MediaError(path, "it holds not one sample of sound")
    loudness = None
    if seen.meter is not None and seen.samples:
        seen.meter.feed(None)
        loudness = seen.meter.read()
    rate = _frame_rate(seen, video.average_rate) if video is not None else Fraction(0)
    seconds = seen.frames / rate if rate else seen.seconds
    film_frames = int(seconds * FRAME_RATE + _HALF)
    if video is not None and not film_frames:
        raise MediaError(path, "its picture is over before a frame of a film is")
    return MediaInfo(
        codec=video.codec_context.name if video is not None else "",
        width_px=video.width if video is not None else 0,
        height_px=video.height if video is not None else 0,
        rate=rate,
        frames=seen.frames,
        film_frames=film_frames,
        audio_codec=audio.codec_context.name if audio is not None else None,
        sample_rate=seen.sample_rate,
        channels=audio.channels if audio is not None else 0,
        samples=seen.samples,
        loudness_lufs=loudness,
    )


def _frame_rate(seen: _Seen, declared: Fraction | None) -> Fraction:
    """The rate of the stream if its frames keep it, else frames by the time they cover (a variable rate)."""
    covered = seen.seconds if seen.first is not None else Fraction(0)
    if declared and (not covered or abs(covered * declared - seen.frames) <= 1):
        return declared
    return (seen.frames / covered).limit_denominator(1_001) if covered else FRAME_RATE
