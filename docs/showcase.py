"""Remakes the pictures of the README and of the gallery: `make showcase`.

film.webp shows about a second of every clip of a film that has been rendered; contact_sheet.jpg is the delivered one,
smaller; gallery/ has a strip of stills of each starter's preview. house.svg is hand-drawn.
"""

from __future__ import annotations

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from PIL import Image

from pipeline.media.pictures import extract_frames
from pipeline.model.timeline import Timeline
from pipeline.project import ProjectPaths, find_workspace
from pipeline.review.stills import clear_ranges
from pipeline.starters import starters
from pipeline.timecode import FRAME_RATE, Frames

DOCS: Final = Path(__file__).parent
FILM_PX: Final = 640
SHEET_PX: Final = 1280
MAX_BYTES: Final = 2_000_000
STEP: Final[Frames] = 2  # every second frame of the film, so that time runs true at half the rate
PICTURES_A_CLIP: Final = 14
QUALITIES: Final = (76, 64, 52, 40, 28)
STORYREEL: Final = Path(sys.executable).with_name("storyreel")
STRIP_STILLS: Final = 8
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


def make_strip(preview: Path, frames: Frames) -> bytes:
    """Stills from all over `preview`, which has so many frames: in two rows if it is wide, in one if it is tall."""
    chosen = [(2 * number + 1) * frames // (2 * STRIP_STILLS) for number in range(STRIP_STILLS)]
    stills = extract_frames(preview, chosen, STRIP_PX // 4)
    columns = STRIP_STILLS // 2 if stills[0].width > stills[0].height else STRIP_STILLS
    width = STRIP_PX // columns
    height = stills[0].height * width // stills[0].width
    strip = Image.new("RGB", (STRIP_PX, height * (STRIP_STILLS // columns)))
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
            frames = json.loads((build / "preview.json").read_text(encoding="utf-8"))["frames"]
            (DOCS / "gallery" / f"{starter.name}.webp").write_bytes(make_strip(build / "preview.mp4", frames))


if __name__ == "__main__":
    make_gallery()
    make_showcase(find_workspace(DOCS.parent).project(sys.argv[1] if len(sys.argv) > 1 else "ad_campaign"))
