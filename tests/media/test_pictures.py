"""Taking single frames out."""

from __future__ import annotations

from pathlib import Path

import pytest
from footage import write_clip

from pipeline.errors import MediaError
from pipeline.media.pictures import extract_frames


def test_frames_come_in_the_order_they_were_asked_for(tmp_path: Path) -> None:
    """Each is told by its grey: frame n of the clip has luma 40 + 8 n."""
    path = write_clip(tmp_path / "a.mp4", grey=lambda n: 40 + 8 * n)
    greys = [picture.convert("L").getpixel((10, 10)) for picture in extract_frames(path, [20, 0, 10], 80)]
    assert greys == pytest.approx([(40 + 8 * n - 16) * 255 / 219 for n in (20, 0, 10)], abs=3)


def test_pictures_have_the_width_asked_for(tmp_path: Path) -> None:
    """160 × 96 becomes 80 × 48."""
    (picture,) = extract_frames(write_clip(tmp_path / "a.mp4"), [0], 80)
    assert picture.size == (80, 48)


def test_frames_are_film_frames(tmp_path: Path) -> None:
    """At 30 a second, film frame 8 is the clip's frame 10."""
    path = write_clip(tmp_path / "a.mp4", grey=lambda n: 200 if n == 10 else 40, rate=30)
    (picture,) = extract_frames(path, [8], 80)
    assert picture.convert("L").getpixel((10, 10)) > 150


def test_a_frame_past_the_end_is_an_error(tmp_path: Path) -> None:
    """24 frames end with 23."""
    with pytest.raises(MediaError, match="no frame 24"):
        extract_frames(write_clip(tmp_path / "a.mp4"), [23, 24], 80)


def test_neighbours_and_strays_are_each_their_own_frame(tmp_path: Path) -> None:
    """Near ones are decoded on, far ones are entered anew; what is asked for twice comes twice."""
    path = write_clip(tmp_path / "a.mp4", frames=48, grey=lambda n: 40 + 4 * n)
    wanted = [0, 2, 3, 3, 30, 47, 46]
    greys = [picture.convert("L").getpixel((10, 10)) for picture in extract_frames(path, wanted, 80)]
    assert greys == pytest.approx([(40 + 4 * n - 16) * 255 / 219 for n in wanted], abs=3)


def test_frames_between_key_frames_are_found_without_decoding_all(tmp_path: Path) -> None:
    """Of a clip with one key frame and pictures that no other needs; each frame is brighter than the last by 4."""
    options = "bframes=3:b-pyramid=normal:b-adapt=0:scenecut=0:keyint=250"
    path = write_clip(tmp_path / "a.mp4", frames=48, grey=lambda n: 40 + 4 * n, x264=options)
    wanted = [1, 2, 20, 21, 37, 47]
    greys = [picture.convert("L").getpixel((10, 10)) for picture in extract_frames(path, wanted, 80)]
    assert greys == pytest.approx([(40 + 4 * n - 16) * 255 / 219 for n in wanted], abs=2.3)
