"""Remakes the pictures that the README shows, from a film that has been rendered: `make showcase`.

film.webp shows about a second of every clip; contact_sheet.jpg is the delivered one, smaller. house.svg is hand-drawn.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image

from pipeline.media.pictures import extract_frames
from pipeline.model.timeline import Timeline
from pipeline.project import ProjectPaths, find_workspace
from pipeline.review.stills import clear_ranges
from pipeline.timecode import FRAME_RATE, Frames

DOCS: Final = Path(__file__).parent
FILM_PX: Final = 640
SHEET_PX: Final = 1280
MAX_BYTES: Final = 2_000_000
STEP: Final[Frames] = 2  # every second frame of the film, so that time runs true at half the rate
PICTURES_A_CLIP: Final = 14
QUALITIES: Final = (76, 64, 52, 40, 28)


def animated_frames(timeline: Timeline) -> list[Frames]:
    """A run of frames from the middle of each clip, clear of soft joins."""
    frames: list[Frames] = []
    for clear in clear_ranges(timeline):
        count = min(PICTURES_A_CLIP, -(-len(clear) // STEP))
        first = (clear.start + clear.stop - count * STEP) // 2
        frames += [max(clear.start, first) + STEP * number for number in range(count)]
    return frames


def animate(pictures: list[Image.Image]) -> bytes:
    """A looping WebP, the best of `QUALITIES` that keeps within `MAX_BYTES`."""
    duration_ms = int(1000 * STEP / FRAME_RATE)
    for quality in QUALITIES:
        kept = BytesIO()
        pictures[0].save(
            kept, "WEBP", save_all=True, append_images=pictures[1:], duration=duration_ms, loop=0, quality=quality
        )
        if kept.tell() <= MAX_BYTES:
            return kept.getvalue()
    sys.exit(f"showcase: film.webp stays above {MAX_BYTES:,} bytes at any quality; lower FILM_PX or PICTURES_A_CLIP.")


def make_showcase(project: ProjectPaths) -> None:
    timeline = Timeline.from_json(project.timeline_path.read_text(encoding="utf-8"))
    pictures = extract_frames(project.film_path, animated_frames(timeline), FILM_PX)
    (DOCS / "film.webp").write_bytes(animate(pictures))
    with Image.open(project.contact_sheet_path) as sheet:
        sheet.thumbnail((SHEET_PX, SHEET_PX * 4))
        sheet.save(DOCS / "contact_sheet.jpg", quality=82, optimize=True, progressive=True)


if __name__ == "__main__":
    make_showcase(find_workspace(DOCS.parent).project(sys.argv[1] if len(sys.argv) > 1 else "ad_campaign"))
