"""Lays the storyboard's items out on film time, each with the length that its media really has.

The compiler has checked trims and joins against what it could know; here they meet the clips that landed, which may be
shorter than the 192 frames that were ordered. Looks at no file: what a file holds comes in as `Media`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

from pipeline.compiler.catalogue import Code
from pipeline.compiler.sound_cuts import Spread, sound_lacks
from pipeline.edit.mends import Laid, Measures, Mending, lay, plan_mends
from pipeline.edit.tracks import Report, lay_logos, lay_music, lay_narrations
from pipeline.errors import StoryboardError
from pipeline.model.finding import Finding
from pipeline.model.join import Join
from pipeline.model.media import Media
from pipeline.model.storyboard import Caption, Card, Footage, Item, Storyboard, Title
from pipeline.model.timeline import CaptionOverlay, Clip, Overlay, Timeline
from pipeline.timecode import SHOT_FRAMES, FrameRange, Frames


def assemble_timeline(
    storyboard: Storyboard, media: Mapping[str, Media], seen: Measures = MappingProxyType({})
) -> Timeline:
    """The film as it stands: what has landed with its real length, missing shots with the length they will have.

    Args:
        media: of shots by their item's id, of the author's own files as `own_files` names them; those have to be there.
        seen: what was measured of clips; those without are not mended.

    Raises:
        StoryboardError: something asks for frames that are not there; all such findings at once.
    """
    clips, findings = _lay_clips(storyboard, media, seen)
    if findings and seen:  # a mend never keeps a film from being cut: what is too short without frames keeps them
        clips, findings = _lay_clips(storyboard, media, {})
    if findings:
        raise StoryboardError(findings)
    film = storyboard.films[0]
    width_px, height_px = film.shape.size_px(storyboard.resolution.short_side_px)
    timeline = Timeline(
        project=storyboard.project,
        title=storyboard.title,
        width_px=width_px,
        height_px=height_px,
        clips=tuple(clips),
        delivery=storyboard.delivery.model_copy(update={"shape": None, "formats": (), "poster": None}),
    ).shaped(film)
    tracks = {
        "music": lay_music(storyboard, timeline, media, findings.append),
        "narrations": lay_narrations(storyboard, timeline, media, findings.append),
        "logos": lay_logos(storyboard, timeline, media, findings.append),
    }
    if findings:
        raise StoryboardError(findings)
    return timeline.model_copy(update=tracks)


def _lay_clips(storyboard: Storyboard, media: Mapping[str, Media], seen: Measures) -> tuple[list[Clip], list[Finding]]:
    findings: list[Finding] = []
    items, report = storyboard.items, findings.append
    used = [_used_frames(item, media.get(item.id), report) for item in items]
    laid = lay(items, used, media, seen)
    clips = [
        _place(each, mending, is_first=not n, report=report)
        for n, (each, mending) in enumerate(zip(laid, plan_mends(laid), strict=True))
    ]
    findings += [] if findings else [*_check_joins(items, clips), *_check_sound(items, clips)]
    return clips, findings


def _place(laid: Laid, mending: Mending, *, is_first: bool, report: Report) -> Clip:
    """Words are counted from the first frame that is left, and so move with it."""
    item, used = laid.item, FrameRange(laid.used.start + mending.dropped, laid.used.stop)
    return Clip(
        item=item.id,
        scene=item.scene,
        kind=item.kind,
        media=laid.media,
        file=item.file if isinstance(item, Footage) else "",
        text=item.text if isinstance(item, Card) else "",
        ground=item.ground if isinstance(item, Card) else "",
        start=used.start,
        stop=used.stop,
        dropped=mending.dropped,
        crop=mending.crop,
        match=mending.match,
        join=Join() if is_first else item.join,
        lead=0 if is_first else item.lead,
        lag=0 if is_first else item.lag,
        sound=item.sound,
        mend=item.mend,
        overlays=tuple(_title(item, title, len(used), report) for title in item.titles),
        captions=tuple(_caption(item, caption, len(used), report) for caption in item.captions),
    )


def _used_frames(item: Item, landed: Media | None, report: Report) -> FrameRange:
    """The used range in the media's film-rate time; what the media lacks is reported and left out."""
    if isinstance(item, Card):
        return FrameRange(0, item.frames)
    if isinstance(item, Footage) and landed is None:
        raise ValueError(f"{item.id} is footage, but nobody has looked at its file {item.file}")
    frames = landed.info.film_frames if landed else SHOT_FRAMES
    try:
        return item.trim.within(frames)
    except ValueError:
        report(
            Finding(
                code=Code.LANDED_TRIM,
                source=item.source,
                says=f"{item.id} is trimmed to {item.trim}, but its clip has {frames} frames.",
                help="Trim less.",
            )
        )
        return FrameRange(0, frames)


def _title(item: Item, title: Title, frames: Frames, report: Report) -> Overlay:
    shown = _shown(item, title, "title", frames, report)
    return Overlay(text=title.text, place=title.place, start=shown.start, stop=shown.stop)


def _caption(item: Item, caption: Caption, frames: Frames, report: Report) -> CaptionOverlay:
    shown = _shown(item, caption, "caption", frames, report)
    return CaptionOverlay(text=caption.text, speaker=caption.speaker, start=shown.start, stop=shown.stop)


def _shown(item: Item, words: Title | Caption, name: str, frames: Frames, report: Report) -> FrameRange:
    """Words that run on beyond their item end with it; words that would begin after it are a finding."""
    if words.start >= frames:
        report(
            Finding(
                code=Code.LANDED_WORDS,
                source=words.source,
                says=f"a {name} of {item.id} begins at frame {words.start}, but only {frames} frames are used.",
                help="Let it begin earlier.",
            )
        )
    start = min(words.start, frames)
    return FrameRange(start, frames if words.frames is None else min(frames, start + words.frames))


def _check_joins(items: Sequence[Item], clips: Sequence[Clip]) -> list[Finding]:
    """Each clip has to hold the join into it and the join out of it side by side, so that no frame shows three clips.

    A A A A A A A A
          B B B B B B B       the head that B's own join takes and the tail that C's takes
                  C C C C     must not overlap within B
    """
    findings = []
    for (_, left), (item, right) in pairwise(zip(items, clips, strict=True)):
        join, room_left = right.join, left.frames - left.join.head
        if join.tail > room_left:
            asked, room, short = join.tail, room_left, left
        elif join.head > right.frames:
            asked, room, short = join.head, right.frames, right
        else:
            continue
        takes = "" if asked == join.frames else f", which takes {asked} frames of {short.item}"
        says = f"{item.id} joins by {join}{takes}, but {_room(short, room)}."
        help_ = f"Shorten the {join.kind} or use a cut."
        findings.append(Finding(code=Code.LANDED_JOIN, source=item.source, says=says, help=help_))
    return findings


def _check_sound(items: Sequence[Item], clips: Sequence[Clip]) -> Iterator[Finding]:
    spreads = [_spread(item, clip) for item, clip in zip(items, clips, strict=True)]
    for left, right in pairwise(spreads):
        for lack in sound_lacks(left, right):
            yield Finding(code=Code.LANDED_SOUND, source=right.item.source, says=lack.says, help=lack.advice)


def _spread(item: Item, clip: Clip) -> Spread:
    whole = clip.media.info.film_frames if clip.media else clip.stop if isinstance(item, Card) else SHOT_FRAMES
    return Spread(item=item, frames=clip.frames, before=clip.start, behind=whole - clip.stop)


def _room(clip: Clip, frames: Frames) -> str:
    if frames == clip.frames:
        return f"{clip.item} has {clip.frames} frames"
    return f"{clip.item} has {clip.frames} frames, of which its own join takes {clip.frames - frames}"
