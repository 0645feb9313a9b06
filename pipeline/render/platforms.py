"""What platforms take: a table, and what a film breaks of it, in sentences. Pure.

Where the numbers are from, and of which day, stands in `docs/deliveries.md`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pipeline.model.delivery import Film, Platform
from pipeline.model.timeline import Timeline
from pipeline.timecode import FRAME_RATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a platform takes; None where it says nothing that a film of ours could break.

    Attributes:
        shortest_s, longest_s: whole seconds of film.
        long_side_px: the longer side of the picture, at most.
        video_kbps: the picture's bit rate, at most, in any second.
        is_upright: whether it takes square and upright pictures alone.
    """

    shortest_s: int = 0
    longest_s: int
    largest_bytes: int
    long_side_px: int | None = None
    video_kbps: int | None = None
    is_upright: bool = False


LIMITS: Final[Mapping[Platform, Limits]] = {
    Platform.YOUTUBE: Limits(longest_s=12 * 3_600, largest_bytes=256 * 10**9),
    Platform.YOUTUBE_SHORTS: Limits(longest_s=180, largest_bytes=256 * 10**9, is_upright=True),
    Platform.INSTAGRAM_REELS: Limits(
        shortest_s=3, longest_s=900, largest_bytes=300 * 10**6, long_side_px=1920, video_kbps=25_000
    ),
    Platform.TIKTOK: Limits(longest_s=600, largest_bytes=4 * 10**9, long_side_px=4096),
    Platform.X: Limits(longest_s=140, largest_bytes=512 * 10**6, long_side_px=1920, video_kbps=25_000),
}


def most_kbps(platform: Platform | None) -> int | None:
    """The most that the picture's bit rate may come to in any second; None: as it comes."""
    return LIMITS[platform].video_kbps if platform else None


def broken_by_timeline(timeline: Timeline) -> Iterator[str]:
    """What a film of this length and size would break, known before a clip is bought; each a sentence with numbers."""
    if timeline.platform is None:
        return
    takes, seconds = LIMITS[timeline.platform], timeline.frames / FRAME_RATE
    lasts, size = f"the film lasts {float(seconds):.1f} s", f"{timeline.width_px} × {timeline.height_px}"
    if seconds > takes.longest_s:
        yield f"{lasts}; {timeline.platform} takes {takes.longest_s:,} s at most. Trim or leave out items."
    if seconds < takes.shortest_s:
        yield f"{lasts}; {timeline.platform} takes no less than {takes.shortest_s} s. Let items stay longer."
    if takes.long_side_px and max(timeline.width_px, timeline.height_px) > takes.long_side_px:
        yield (
            f"the film is {size}; {timeline.platform} takes {takes.long_side_px:,} pixels a side at most. "
            "Order a smaller resolution."
        )
    if takes.is_upright and timeline.width_px > timeline.height_px:
        yield f"the film is {size}; {timeline.platform} takes square and upright films alone. Order 9:16 or 1:1."


def broken_by_film(film: Film, platform: Platform | None) -> Iterator[str]:
    """What the finished file breaks; each a sentence with numbers."""
    if platform and film.size_bytes > LIMITS[platform].largest_bytes:
        largest = LIMITS[platform].largest_bytes
        yield (
            f"the file has {film.size_bytes / 1e6:,.0f} MB; {platform} takes {largest / 1e6:,.0f} MB at most. "
            "Order a smaller resolution."
        )
