"""Remakes the pictures of the README and of the gallery: `make showcase`.

film.webp shows about a second of every clip of a film that has been rendered; contact_sheet.jpg is the delivered one,
smaller; gallery/ has a strip of stills of each starter's preview. house.svg is hand-drawn.
"""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from PIL import Image

from pipeline.media.pictures import extract_frames
from pipeline.model.storyboard import AspectRatio, Card, Storyboard
from pipeline.model.timeline import Timeline
from pipeline.project import ProjectPaths, find_workspace
from pipeline.review.stills import clear_ranges
from pipeline.starters import starters
from pipeline.timecode import FRAME_RATE, SHOT_FRAMES, Frames

DOCS: Final = Path(__file__).parent
FILM_PX: Final = 640
SHEET_PX: Final = 1280
MAX_BYTES: Final = 2_000_000
STEP: Final[Frames] = 2  # every second frame of the film, so that time runs true at half the rate
PICTURES_A_CLIP: Final = 14
QUALITIES: Final = (76, 64, 52, 40, 28)
STORYREEL: Final = Path(sys.executable).with_name("storyreel")
STRIP_PX: Final = 1280
STRIP_BYTES: Final = 150_000


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


def still_frames(storyboard: Storyboard) -> list[Frames]:
    """A frame of each item, past its middle, where titles stand and joins are over."""
    frames, stop = [], 0
    for item in storyboard.items:
        length = item.frames if isinstance(item, Card) else len(item.trim.within(SHOT_FRAMES))
        start = stop - item.join.overlap
        stop = start + length
        frames.append(start + length * 3 // 5)
    return frames


def make_strip(preview: Path, storyboard: Storyboard) -> bytes:
    """A still of each item: in two rows if the film is wide, in one if it is tall."""
    stills = extract_frames(preview, still_frames(storyboard), STRIP_PX // 3)
    columns = -(-len(stills) // 2) if storyboard.aspect is AspectRatio.WIDE else len(stills)
    width = STRIP_PX // columns
    height = stills[0].height * width // stills[0].width
    strip = Image.new("RGB", (width * columns, height * -(-len(stills) // columns)), "#ffffff")
    for number, still in enumerate(stills):
        strip.paste(still.resize((width, height)), (number % columns * width, number // columns * height))
    for quality in QUALITIES:
        kept = BytesIO()
        strip.save(kept, "WEBP", quality=quality, method=6)
        if kept.tell() <= STRIP_BYTES:
            break
    return kept.getvalue()


def make_gallery() -> None:
    """A strip of each starter, begun and previewed in a workspace of its own."""
    (DOCS / "gallery").mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        for starter in starters():
            for command in (["init", starter.name, "--template", starter.name], ["preview", starter.name]):
                subprocess.run([STORYREEL, *command], cwd=folder, check=True)  # noqa: S603
            build = Path(folder, "projects", starter.name, "build")
            storyboard = Storyboard.from_json((build / "storyboard.json").read_text(encoding="utf-8"))
            (DOCS / "gallery" / f"{starter.name}.webp").write_bytes(make_strip(build / "preview.mp4", storyboard))


if __name__ == "__main__":
    make_gallery()
    make_showcase(find_workspace(DOCS.parent).project(sys.argv[1] if len(sys.argv) > 1 else "ad_campaign"))
