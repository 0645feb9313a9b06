"""Builders of timelines: clips by a letter, each with only what matters said."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from pipeline.digest import ContentHash
from pipeline.model.instructions import Sound
from pipeline.model.join import Join
from pipeline.model.media import Media, MediaInfo
from pipeline.model.storyboard import Corner, TitlePlace
from pipeline.model.timeline import CaptionOverlay, Clip, LogoOverlay, NarrationTrack, Overlay, Timeline


def a_landed(letter: str = "a", *, frames: int = 192, **seen: Any) -> Media:
    """Media whose content hash is the letter, 64 times."""
    return Media(
        sha256=ContentHash(letter * 64),
        size_bytes=1_000,
        info=MediaInfo(
            **{
                "codec": "h264",
                "width_px": 320,
                "height_px": 180,
                "rate": Fraction(24),
                "frames": frames,
                "film_frames": frames,
                "sample_rate": 48_000,
                "channels": 2,
                "samples": frames * 2_000,
                "loudness_lufs": -20.0,
                **seen,
            }
        ),
    )


def a_clip(letter: str = "a", *, join: str = "cut", sound: str = "keep", **fields: Any) -> Clip:
    """192 frames of a shot that has landed; `media=None` for one that has not."""
    media = fields.pop("media", a_landed(letter))
    stop = fields.pop("stop", media.info.film_frames if media else 192)
    return Clip(
        item=fields.pop("item", letter),
        scene="s",
        kind=fields.pop("kind", "shot"),
        media=media,
        start=fields.pop("start", 0),
        stop=stop,
        join=Join.parse(join),
        sound=Sound.parse(sound),
        **fields,
    )


def a_card(text: str = "The End", *, frames: int = 48, join: str = "cut") -> Clip:
    ground = "#101418"
    return a_clip("card", kind="card", media=None, text=text, ground=ground, stop=frames, join=join)


def a_title(text: str = "Run", *, start: int = 24, stop: int = 72) -> Overlay:
    return Overlay(text=text, place=TitlePlace.CENTER, start=start, stop=stop)


def a_caption(text: str = "Run.", speaker: str = "", *, start: int = 0, stop: int = 72) -> CaptionOverlay:
    return CaptionOverlay(text=text, speaker=speaker, start=start, stop=stop)


def a_logo(*, start: int = 0, stop: int = 192, corner: Corner = Corner.TOP_RIGHT, width: float = 0.12) -> LogoOverlay:
    sha256 = ContentHash("e" * 64)
    return LogoOverlay(file="assets/logo.png", sha256=sha256, corner=corner, width=width, start=start, stop=stop)


def a_voice(*, start: int = 0, used: tuple[int, int] = (0, 48), media: Media | None = None) -> NarrationTrack:
    """A narration of −20 LUFS, unless `media` is said."""
    media = media or a_landed("d")
    used_start, used_stop = used
    return NarrationTrack(
        media=media, file="assets/voice.wav", start=start, used_start=used_start, used_stop=used_stop, gain_db=0
    )


def a_timeline(*clips: Clip, **fields: Any) -> Timeline:
    size = {"width_px": fields.pop("width_px", 320), "height_px": fields.pop("height_px", 180)}
    return Timeline(project="demo", title="Demo", clips=clips or (a_clip(),), **size, **fields)
