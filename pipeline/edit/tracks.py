"""Lays what runs beside the clips out on film time: music, narration, logos."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from pipeline.compiler.catalogue import Code
from pipeline.edit.own_files import key_of
from pipeline.model.finding import Finding
from pipeline.model.media import Media
from pipeline.model.storyboard import Logo, Music, Narration, Storyboard
from pipeline.model.timeline import LogoOverlay, MusicTrack, NarrationTrack, Timeline
from pipeline.timecode import FRAME_RATE, FrameRange, Frames, clock_time

Report: TypeAlias = Callable[[Finding], None]


def lay_music(
    storyboard: Storyboard, timeline: Timeline, media: Mapping[str, Media], report: Report
) -> MusicTrack | None:
    """From where its item begins to the film's end."""
    music = storyboard.music
    if music is None:
        return None
    track = media[key_of(music.file)]
    start = _place(timeline, music.on).start + music.start
    if _used(music, track, report) is None:
        return None
    if start >= timeline.frames:
        report(_too_late(f"the music {music.file}", music, start, f"the film ends at {timeline.frames}"))
        return None
    return MusicTrack(
        media=track,
        file=music.file,
        start=start,
        used_start=music.trim.start,
        used_stop=music.trim.stop,
        gain_db=music.gain_db,
        duck=music.duck,
        fade_in=music.fade_in,
        fade_out=music.fade_out,
    )


def lay_narrations(
    storyboard: Storyboard, timeline: Timeline, media: Mapping[str, Media], report: Report
) -> tuple[NarrationTrack, ...]:
    """Each from where its item begins; what would be heard after the film's end is left out."""
    laid = (_narration(narration, timeline, media, report) for narration in storyboard.narrations)
    return tuple(track for track in laid if track is not None)


def lay_logos(
    storyboard: Storyboard, timeline: Timeline, media: Mapping[str, Media], report: Report
) -> tuple[LogoOverlay, ...]:
    """Each over its item, or over the whole film."""
    return tuple(_logos(storyboard, timeline, media, report))


def _narration(
    narration: Narration, timeline: Timeline, media: Mapping[str, Media], report: Report
) -> NarrationTrack | None:
    voice = media[key_of(narration.file)]
    start = _place(timeline, narration.on).start + narration.start
    used = _used(narration, voice, report)
    if used is None:
        return None
    if start >= timeline.frames:
        report(_too_late(f"the narration {narration.file}", narration, start, f"the film ends at {timeline.frames}"))
        return None
    return NarrationTrack(
        media=voice,
        file=narration.file,
        start=start,
        used_start=used.start,
        used_stop=min(used.stop, used.start + timeline.frames - start),
        gain_db=narration.gain_db,
    )


def _logos(
    storyboard: Storyboard, timeline: Timeline, media: Mapping[str, Media], report: Report
) -> Iterator[LogoOverlay]:
    for logo in storyboard.logos:
        place = _place(timeline, logo.on)
        start = place.start + logo.start
        if start >= place.stop:
            ends = f"{logo.on or 'the film'} ends at {place.stop}"
            report(_too_late(f"the logo {logo.file}", logo, start, ends))
            continue
        yield LogoOverlay(
            file=logo.file,
            sha256=media[key_of(logo.file)].sha256,
            corner=logo.corner,
            width=logo.width,
            start=start,
            stop=place.stop if logo.frames is None else min(place.stop, start + logo.frames),
        )


def _place(timeline: Timeline, item: str) -> FrameRange:
    """Where the item stands in the film; the whole film for none."""
    places = zip(timeline.clips, timeline.places, strict=True)
    return next((place for clip, place in places if clip.item == item), FrameRange(0, timeline.frames))


def _used(track: Music | Narration, media: Media, report: Report) -> FrameRange | None:
    """What its trim leaves of its file; None, and a finding, if that is not there."""
    frames = _sounding_frames(media)
    try:
        return track.trim.within(frames)
    except ValueError:
        says = f"{track.file} is trimmed to {track.trim}, but it has {frames} frames."
        report(Finding(code=Code.LANDED_TRIM, source=track.source, says=says, help="Trim less."))
        return None


def _sounding_frames(voice: Media) -> Frames:
    """The film frames that its sound reaches into, the last of them perhaps in part."""
    seen = voice.info
    return -int(-seen.samples * FRAME_RATE // seen.sample_rate)


def _too_late(what: str, asked: Music | Narration | Logo, start: Frames, ends: str) -> Finding:
    says = f"{what} begins at frame {start} of the film ({clock_time(start)}), but {ends}."
    return Finding(code=Code.LANDED_TOO_LATE, source=asked.source, says=says, help="Let it begin earlier.")
