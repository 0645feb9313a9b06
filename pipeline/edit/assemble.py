"""Lays the storyboard's items out on film time, each with the length that its media really has.

The compiler has checked trims and joins against what it could know; here they meet the clips that landed, which may be
shorter than the 192 frames that were ordered. Looks at no file: what a file holds comes in as `Media`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Final

from pipeline.compiler.catalogue import Code
from pipeline.errors import StoryboardError
from pipeline.model.finding import Finding
from pipeline.model.media import Media
from pipeline.model.storyboard import Card, Footage, Item, Join, JoinKind, Storyboard, Title, frame_size_px
from pipeline.model.timeline import Clip, MusicTrack, Overlay, Timeline
from pipeline.timecode import SHOT_FRAMES, FrameRange, Frames

MUSIC: Final = "music"
"""The key under which the storyboard's music is found among the media."""


def assemble_timeline(storyboard: Storyboard, media: Mapping[str, Media]) -> Timeline:
    """The film as it stands: what has landed with its real length, missing shots with the length they will have.

    Args:
        media: by item id, and the music's as "music". Footage has to be there.

    Raises:
        StoryboardError: a trim, a join or a title asks for frames that are not there; all such findings at once.
    """
    findings: list[Finding] = []
    clips = [
        _place(item, media.get(item.id), is_first=not n, report=findings.append)
        for n, item in enumerate(storyboard.items)
    ]
    if not findings:
        findings += _check_joins(storyboard.items, clips)
    if findings:
        raise StoryboardError(findings)
    width_px, height_px = frame_size_px(storyboard.aspect, storyboard.resolution)
    return Timeline(
        project=storyboard.project,
        title=storyboard.title,
        width_px=width_px,
        height_px=height_px,
        clips=tuple(clips),
        music=_music(storyboard, media),
        delivery=storyboard.delivery,
    )


def _place(item: Item, landed: Media | None, *, is_first: bool, report: Callable[[Finding], None]) -> Clip:
    used = _used_frames(item, landed, report)
    return Clip(
        item=item.id,
        scene=item.scene,
        kind=item.kind,
        media=landed,
        file=item.file if isinstance(item, Footage) else "",
        text=item.text if isinstance(item, Card) else "",
        ground=item.ground if isinstance(item, Card) else "",
        start=used.start,
        stop=used.stop,
        join=Join() if is_first else item.join,
        sound=item.sound,
        overlays=tuple(_overlay(item, title, len(used), report) for title in item.titles),
    )


def _used_frames(item: Item, landed: Media | None, report: Callable[[Finding], None]) -> FrameRange:
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


def _overlay(item: Item, title: Title, frames: Frames, report: Callable[[Finding], None]) -> Overlay:
    """A title that runs on beyond its item ends with it; one that would begin after it is a finding."""
    if title.start >= frames:
        report(
            Finding(
                code=Code.LANDED_WORDS,
                source=title.source,
                says=f"a title of {item.id} begins at frame {title.start}, but only {frames} frames are used.",
                help="Let it begin earlier.",
            )
        )
    start = min(title.start, frames)
    stop = frames if title.frames is None else min(frames, start + title.frames)
    return Overlay(text=title.text, place=title.place, start=start, stop=stop)


def _check_joins(items: Sequence[Item], clips: Sequence[Clip]) -> list[Finding]:
    """Each clip has to hold the join into it and the join out of it side by side, so that no frame shows three clips.

    A A A A A A A A
          B B B B B B B       what B shares with A and what it shares with C
                  C C C C     must not overlap within B
    """
    findings = []
    for (_, left), (item, right) in pairwise(zip(items, clips, strict=True)):
        room_left = left.frames - left.join.overlap
        room_right = right.frames if right.join.kind is JoinKind.DISSOLVE else right.join.frames
        if right.join.frames > min(room_left, room_right):
            short = left if room_left <= room_right else right
            findings.append(
                Finding(
                    code=Code.LANDED_JOIN,
                    source=item.source,
                    says=f"{item.id} joins by {right.join}, but {_room(short, min(room_left, room_right))}.",
                    help=f"Shorten the {right.join.kind} or use a cut.",
                )
            )
    return findings


def _room(clip: Clip, frames: Frames) -> str:
    if frames == clip.frames:
        return f"{clip.item} has {clip.frames} frames"
    return f"{clip.item} has {clip.frames} frames, of which its own join takes {clip.frames - frames}"


def _music(storyboard: Storyboard, media: Mapping[str, Media]) -> MusicTrack | None:
    if storyboard.music is None:
        return None
    return MusicTrack(
        media=media[MUSIC],
        file=storyboard.music.file,
        gain_db=storyboard.music.gain_db,
        fade_in=storyboard.music.fade_in,
        fade_out=storyboard.music.fade_out,
    )
