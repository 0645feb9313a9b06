"""Takes the pictures that go with a film: sheet, poster, animation, thumbnails. Reads clips through `extract` alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from PIL import Image

from pipeline.errors import MediaError
from pipeline.model.delivery import CaptionStyle, Poster
from pipeline.model.storyboard import Storyboard
from pipeline.model.take import Take
from pipeline.model.timeline import CaptionOverlay, Clip, Overlay, Timeline
from pipeline.review.animation import LONG_SIDE_PX, animated_frames, draw_animation
from pipeline.review.contact_sheet import draw_contact_sheet
from pipeline.review.stills import as_jpeg, choose_still, still_frames
from pipeline.review.words import text_of
from pipeline.timecode import Frames

_STILL_PX: Final = 640
_THUMBNAIL_PX: Final = 400
_TAKE_PX: Final = 280


class ExtractFrames(Protocol):
    """The door to the clips, as `media.pictures` keeps it."""

    def __call__(self, path: Path, frames: Sequence[Frames], width_px: int) -> Sequence[Image.Image]:
        """A picture of `width_px` for each of `frames`, which ascend. Raises MediaError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """JPEGs, and a WebP that moves; `thumbnails` by item id."""

    contact_sheet: bytes
    poster: bytes
    animation: bytes
    thumbnails: Mapping[str, bytes]


def look_at_film(film_path: Path, timeline: Timeline, storyboard: Storyboard, extract: ExtractFrames) -> Looks:
    """All pictures of a finished film. Some seconds of CPU: belongs in a thread. Raises MediaError."""
    wanted, moving = still_frames(timeline), animated_frames(timeline)
    frames = sorted({*moving, *(frame for places in wanted.values() for frame in places)})
    seen = dict(zip(frames, extract(film_path, frames, _STILL_PX), strict=True))
    stills = {item: [seen[frame] for frame in places] for item, places in wanted.items()}
    poster = storyboard.delivery.poster
    chosen = _moment(timeline, poster) if poster else None
    if chosen is None:
        candidates = _poster_candidates(timeline, wanted, poster.item if poster else None)
        chosen = candidates[choose_still([seen[frame] for frame in candidates])]
    moving_px = LONG_SIDE_PX * timeline.width_px // max(timeline.width_px, timeline.height_px)
    moving_size = moving_px, max(1, round(timeline.height_px * moving_px / timeline.width_px))
    return Looks(
        contact_sheet=draw_contact_sheet(timeline, stills, {item.id: text_of(item) for item in storyboard.items}),
        animation=draw_animation([seen[frame].resize(moving_size, Image.Resampling.BOX) for frame in moving]),
        poster=as_jpeg(extract(film_path, [chosen], timeline.width_px)[0]),
        thumbnails={item: _thumbnail(pictures[len(pictures) // 2]) for item, pictures in stills.items()},
    )


def look_at_clips(
    timeline: Timeline, locate: Callable[[Clip], Path | None], extract: ExtractFrames
) -> dict[str, bytes]:
    """Thumbnails from the clips themselves while there is no film; `locate` says where a landed clip lies."""
    thumbnails = {}
    for clip in timeline.clips:
        path = locate(clip) if clip.media is not None else None
        if path is not None and clip.media is not None:
            middle = (clip.start + clip.stop) // 2 * clip.media.info.frames // clip.media.info.film_frames
            thumbnails[clip.item] = _thumbnail(extract(path, [middle], _THUMBNAIL_PX)[0])
    return thumbnails


def look_at_takes(
    takes: Iterable[Take], locate: Callable[[Take], Path | None], extract: ExtractFrames
) -> dict[str, bytes]:
    """A small still of the middle of each clip, by slate; none of a clip that is not here or cannot be read."""
    stills = {}
    for take in takes:
        path = locate(take) if take.media is not None else None
        if path is not None and take.media is not None:
            with suppress(MediaError):
                middle = take.media.info.film_frames // 2
                stills[str(take.slate)] = as_jpeg(extract(path, [middle], _TAKE_PX)[0])
    return stills


def _moment(timeline: Timeline, poster: Poster) -> Frames | None:
    """The film frame that the poster names; None if it names an item alone."""
    for clip, place in zip(timeline.clips, timeline.places, strict=True):
        if clip.item == poster.item and poster.at is not None:
            return place.start + min(poster.at, len(place) - 1)
    return None


def _poster_candidates(timeline: Timeline, wanted: Mapping[str, Sequence[Frames]], item: str | None) -> list[Frames]:
    """Stills without words on them, of `item` alone if one is named; if every still has some, all stills."""
    has_captions = timeline.delivery.captions is CaptionStyle.BURN
    named = [each for each in zip(timeline.clips, timeline.places, strict=True) if item in (None, each[0].item)]
    bare = [
        frame
        for clip, place in named
        for frame in wanted[clip.item]
        if not _has_words(clip, frame - place.start, has_captions=has_captions)
    ]
    return bare or [frame for clip, _ in named for frame in wanted[clip.item]]


def _has_words(clip: Clip, frame: Frames, *, has_captions: bool) -> bool:
    words: list[Overlay | CaptionOverlay] = [*clip.overlays, *(clip.captions if has_captions else ())]
    return clip.kind == "card" or any(shown.start <= frame < shown.stop for shown in words)


def _thumbnail(picture: Image.Image) -> bytes:
    small = picture.copy()
    small.thumbnail((_THUMBNAIL_PX, _THUMBNAIL_PX))
    return as_jpeg(small)
