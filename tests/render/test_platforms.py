"""What platforms take, and how a film that they would not take is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from timelines import a_clip, a_timeline

from pipeline.digest import ContentHash
from pipeline.media.graph import PictureSource, span_arguments
from pipeline.model.delivery import Film, Platform
from pipeline.model.timeline import Timeline
from pipeline.render.platforms import LIMITS, broken_by_film, broken_by_timeline
from pipeline.render.spans import plan_spans


def for_(platform: Platform | None, *, seconds: int = 8, size_px: tuple[int, int] = (1080, 1920)) -> Timeline:
    clips = (a_clip(media=None, stop=seconds * 24),)
    return a_timeline(*clips, width_px=size_px[0], height_px=size_px[1], platform=platform)


def a_film(size_bytes: int) -> Film:
    return Film(
        path="out/demo.mp4",
        sha256=ContentHash("a" * 64),
        size_bytes=size_bytes,
        width_px=1080,
        height_px=1920,
        frames=192,
        samples=384_000,
        loudness_lufs=None,
        true_peak_dbtp=None,
        spans=1,
        frames_encoded=0,
    )


@pytest.mark.parametrize("platform", Platform)
def test_every_platform_has_limits_that_a_usual_film_keeps(platform: Platform) -> None:
    """Eight upright seconds of 10 MB."""
    assert [*broken_by_timeline(for_(platform)), *broken_by_film(a_film(10**7), platform)] == []
    assert LIMITS[platform].longest_s > 100


@pytest.mark.parametrize(
    ("platform", "made", "says"),
    [
        (Platform.YOUTUBE_SHORTS, {"seconds": 181}, "the film lasts 181.0 s; youtube-shorts takes 180 s at most."),
        (Platform.X, {"seconds": 141}, "the film lasts 141.0 s; x takes 140 s at most."),
        (Platform.INSTAGRAM_REELS, {"seconds": 2}, "the film lasts 2.0 s; instagram-reels takes no less than 3 s."),
        (
            Platform.YOUTUBE_SHORTS,
            {"size_px": (1920, 1080)},
            "the film is 1920 × 1080; youtube-shorts takes square and upright films alone.",
        ),
        (
            Platform.INSTAGRAM_REELS,
            {"size_px": (2160, 3840)},
            "the film is 2160 × 3840; instagram-reels takes 1,920 pixels a side at most.",
        ),
    ],
)
def test_a_film_that_breaks_a_limit_is_told_with_both_numbers(
    platform: Platform, made: dict[str, object], says: str
) -> None:
    """And with what to do about it."""
    (told,) = broken_by_timeline(for_(platform, **made))  # type: ignore[arg-type]
    assert told.startswith(f"{says} ")


def test_a_film_is_as_long_as_a_platform_takes_at_most() -> None:
    """180 seconds are no breach."""
    assert [*broken_by_timeline(for_(Platform.YOUTUBE_SHORTS, seconds=180))] == []


def test_a_file_that_is_too_large_is_told() -> None:
    """A byte more than 300 MB."""
    (told,) = broken_by_film(a_film(300_000_001), Platform.INSTAGRAM_REELS)
    assert told.startswith("the file has 300 MB; instagram-reels takes 300 MB at most.")


def test_the_bit_rate_is_capped_for_whom_it_has_to_be() -> None:
    """25 Mb/s in any second, in the encoder's words; a span without a cap keeps its Fingerprint."""
    (free,), (reel,), (video,) = (
        plan_spans(for_(platform)) for platform in (None, Platform.INSTAGRAM_REELS, Platform.YOUTUBE)
    )
    source = PictureSource(path=Path("a.mp4"), demuxer="mov")
    said = " ".join(span_arguments(reel, [source], [], Path("b.mp4")))
    assert "vbv-maxrate=25000:vbv-bufsize=25000" in said
    assert "vbv" not in " ".join(span_arguments(free, [source], [], Path("b.mp4")))
    assert free.fingerprint == video.fingerprint != reel.fingerprint
