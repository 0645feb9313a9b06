"""A film plays and seeks in a real Chromium; `tests/torture/test_screenings.py` shows many more."""

from __future__ import annotations

from pathlib import Path

from cutting_room import Cutting
from screening import check_showing, needs_chromium, open_cinema
from timelines import a_title

PYRAMID = "bframes=3:b-pyramid=normal:b-adapt=0:scenecut=0:keyint=250:ref=3"


@needs_chromium
def test_a_film_plays_and_seeks_across_every_join(tmp_path: Path) -> None:
    """Copied and encoded pictures, a hold, a dissolve, a cut, and a clip of one frame: each sought frame is shown."""
    cutting = Cutting(tmp_path)
    first, held, mixed, short, last = (
        cutting.clip(name, frames=frames, grey=grey, join=join, x264=PYRAMID)
        for name, frames, grey, join in (
            ("a", 32, 50, "cut"),
            ("b", 36, 90, "hold 6"),
            ("c", 36, 130, "dissolve 6"),
            ("d", 1, 170, "cut"),
            ("e", 28, 210, "cut"),
        )
    )
    titled = last.model_copy(update={"overlays": (a_title(start=26, stop=28),)})
    with open_cinema() as cinema:
        check_showing(cinema, cutting, first, held, mixed, short, titled, points=4, off=3)
