"""Lays the film's sound out in samples: which piece of which media stands where, how loud, how it comes and goes.

Pure. Clips are brought to one loudness before their own `sound` says more or less; the film is brought to the ordered
loudness as a whole, by `media.sound`.

    cut, hold    ───╲╱───     12 ms of each side, so that a clip that ends mid-sound does not click; nothing is shared.
                              An item's `mend` may leave its side as it is
    dissolve     ───╳────     equal power over the frames that the pictures share; so do a wipe, a slide and a push
    dip          ──╲ ╱───     the same curves beside one another: it goes and comes with its picture
    music        ──╲__╱───    lower while somebody speaks, by straight lines in decibels
    lead, lag    ──────╲      sound that begins before its picture, or goes on behind it, is heard beside the other:
                    ╱─────    nothing is taken from either
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pipeline.digest import Fingerprint, fingerprint
from pipeline.model.delivery import Delivery
from pipeline.model.instructions import Ducking, Mend
from pipeline.model.join import Join, JoinKind
from pipeline.model.media import Media
from pipeline.model.timeline import Clip, MusicTrack, NarrationTrack, Timeline
from pipeline.render.encoding import SETTINGS, EncodeSettings
from pipeline.timecode import SAMPLES_PER_FRAME, FrameRange, Frames, Samples

VERSION: Final = 9
"""Goes up when equal plans would be mixed in another way."""

COMMON_LUFS: Final = -20.0
"""What each clip is brought to before it is mixed: the middle of what generated clips come with."""

MAX_GAIN_DB: Final = 8.0
"""The most that is added or taken: a clip that is meant to be quiet stays quieter than others."""

EDGE: Final[Samples] = 576  # 12 ms


@dataclass(frozen=True, slots=True)
class Fade:
    """A rise or a fall over `samples`, as sin(x)^power for x from 0 to π/2: 1 is equal power, 2 a soft edge.

    Over no samples it is none at all.
    """

    samples: Samples
    power: int = 2


@dataclass(frozen=True, slots=True)
class Level:
    """A point of an envelope: how much is added at a sample of the film; between two points in a straight line."""

    at: Samples
    gain_db: float


@dataclass(frozen=True, slots=True)
class Loop:
    """What a media goes through again and again: its samples from `start` up to `stop`; None for its end."""

    start: Samples = 0
    stop: Samples | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of one media's sound, in film samples, half-open.

    Attributes:
        source: whose sound; decoded to 48 kHz stereo.
        offset: the sample of the media that stands at `start`.
        loop: what of the media is heard again and again; None if it is heard once, and then silence.
        levels: its envelope on top of its gain, 0 dB at both ends.
    """

    source: Clip | MusicTrack | NarrationTrack
    media: Media
    start: Samples
    stop: Samples
    offset: Samples
    gain_db: float
    rise: Fade
    fall: Fade
    loop: Loop | None = None
    levels: tuple[Level, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundPlan:
    """All the sound of a film."""

    samples: Samples
    pieces: tuple[Piece, ...]
    delivery: Delivery
    settings: EncodeSettings = SETTINGS

    @property
    def fingerprint(self) -> Fingerprint:
        """Equal plans make equal sound tracks."""
        return fingerprint(
            {
                "sound": VERSION,
                "encoding": [self.settings.sound_kbps, self.settings.is_mastered],
                "samples": self.samples,
                "pieces": [_piece_body(piece) for piece in self.pieces],
                "loudness": [self.delivery.loudness_lufs, self.delivery.true_peak_dbtp],
            }
        )


def plan_sound(timeline: Timeline, settings: EncodeSettings = SETTINGS) -> SoundPlan:
    """The sound of the whole film; every clip has landed."""
    pieces = (*_clip_pieces(timeline), *_music_pieces(timeline), *_narration_pieces(timeline))
    return SoundPlan(samples=timeline.samples, pieces=pieces, delivery=timeline.delivery, settings=settings)


def _clip_pieces(timeline: Timeline) -> Iterator[Piece]:
    followers = (*timeline.clips[1:], None)
    for clip, place, follower in zip(timeline.clips, timeline.places, followers, strict=True):
        if clip.media is None or not clip.media.info.samples or clip.sound.gain_db is None:
            continue
        lag = follower.lag if follower else 0
        yield Piece(
            source=clip,
            media=clip.media,
            start=(place.start - clip.lead) * SAMPLES_PER_FRAME,
            stop=(place.stop + lag) * SAMPLES_PER_FRAME,
            offset=(clip.start - clip.lead) * SAMPLES_PER_FRAME,
            gain_db=_levelling(clip) + clip.sound.gain_db,
            rise=_fade(clip, clip.join.head, clip.lead),
            fall=_fade(clip, _falling(follower.join) if follower else 0, lag),
        )


def _falling(join: Join) -> Frames:
    """Over how many of its last frames the sound before `join` goes; a hold melts the picture alone."""
    return 0 if join.kind is JoinKind.HOLD else join.tail


def _music_pieces(timeline: Timeline) -> Iterator[Piece]:
    music = timeline.music
    if music is None or not music.media.info.samples:
        return
    used_start, used_stop = music.used_start * SAMPLES_PER_FRAME, music.used_stop
    yield Piece(
        source=music,
        media=music.media,
        start=music.start * SAMPLES_PER_FRAME,
        stop=timeline.samples,
        offset=used_start,
        gain_db=levelling_db(music.media.info.loudness_lufs) + music.gain_db,
        rise=Fade(max(EDGE, music.fade_in * SAMPLES_PER_FRAME)),
        fall=Fade(max(EDGE, music.fade_out * SAMPLES_PER_FRAME)),
        loop=Loop(used_start, used_stop * SAMPLES_PER_FRAME if used_stop is not None else None),
        levels=tuple(ducked(spoken_ranges(timeline), music.duck)),
    )


def spoken_ranges(timeline: Timeline) -> tuple[FrameRange, ...]:
    """The film frames in which somebody is known to speak, in order; they may overlap.

    Narrations, and captions with a speaker over clips that are heard: nothing listens for it.
    """
    ranges = [
        FrameRange(voice.start, voice.start + voice.used_stop - voice.used_start) for voice in timeline.narrations
    ]
    for clip, place in zip(timeline.clips, timeline.places, strict=True):
        is_heard = clip.sound.gain_db is not None and clip.media is not None and clip.media.info.samples
        said = [caption for caption in clip.captions if caption.speaker and is_heard]
        ranges += [FrameRange(place.start + caption.start, place.start + caption.stop) for caption in said]
    return tuple(sorted(ranges))


def ducked(ranges: Iterable[FrameRange], duck: Ducking) -> Iterator[Level]:
    """The envelope of music under `ranges`, which are in order. It stays down in pauses too short to come up in.

    speech      ████  ███         ████
    0 dB     ─╲             ╱───╲      ╱──      attack before, release after
    duck       ──────────────      ────
    """
    spoken: list[FrameRange] = []
    for each in ranges if duck.gain_db else ():
        if spoken and each.start <= spoken[-1].stop + duck.attack + duck.release:
            each = FrameRange(spoken[-1].start, max(spoken.pop().stop, each.stop))
        spoken.append(each)
    for each in spoken:
        yield Level((each.start - duck.attack) * SAMPLES_PER_FRAME, 0)
        yield Level(each.start * SAMPLES_PER_FRAME, duck.gain_db)
        yield Level(each.stop * SAMPLES_PER_FRAME, duck.gain_db)
        yield Level((each.stop + duck.release) * SAMPLES_PER_FRAME, 0)


def _narration_pieces(timeline: Timeline) -> Iterator[Piece]:
    """Levelled like clips; it goes on over joins, and ends where its file or the film does."""
    for voice in timeline.narrations:
        stop = voice.start + voice.used_stop - voice.used_start
        yield Piece(
            source=voice,
            media=voice.media,
            start=voice.start * SAMPLES_PER_FRAME,
            stop=stop * SAMPLES_PER_FRAME,
            offset=voice.used_start * SAMPLES_PER_FRAME,
            gain_db=levelling_db(voice.media.info.loudness_lufs) + voice.gain_db,
            rise=Fade(EDGE),
            fall=Fade(EDGE),
        )


def levelling_db(loudness_lufs: float | None) -> float:
    """What brings a clip to the common loudness, within bounds; silence is left alone."""
    if loudness_lufs is None:
        return 0.0
    return max(-MAX_GAIN_DB, min(MAX_GAIN_DB, COMMON_LUFS - loudness_lufs))


def _levelling(clip: Clip) -> float:
    if clip.media is None or Mend.LOUDNESS not in clip.mend.kept:
        return 0.0
    return levelling_db(clip.media.info.loudness_lufs)


def _fade(clip: Clip, frames: Frames, beyond: Frames) -> Fade:
    """How the clip comes or goes with a picture that takes `frames` for it; that is no mend.

    Args:
        beyond: how far its sound goes on beyond the picture; a soft join is as much longer for it, a cut stays a cut.
    """
    if frames:
        return Fade((frames + beyond) * SAMPLES_PER_FRAME, power=1)
    return Fade(EDGE if Mend.CLICK in clip.mend.kept else 0)


def _piece_body(piece: Piece) -> list[object]:
    fades = [piece.rise.samples, piece.rise.power, piece.fall.samples, piece.fall.power]
    where = [piece.start, piece.stop, piece.offset, [piece.loop.start, piece.loop.stop] if piece.loop else None]
    levels = [[level.at, round(level.gain_db, 3)] for level in piece.levels]
    return [piece.media.sha256, *where, round(piece.gain_db, 3), *fades, levels]
