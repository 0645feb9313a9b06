"""Late frames of clips: the right one, once, and the same bytes every time."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from footage import SIZE_PX, write_clip
from PIL import Image

from pipeline.digest import ContentHash, hash_file
from pipeline.errors import MachineError, MediaError, PublishError
from pipeline.media.late_frames import cut_out
from pipeline.media.prompt_pictures import PromptPictures
from pipeline.project import ProjectPaths, StorePaths


def in_the_store(folder: Path, grey: int = 40) -> tuple[PromptPictures, ContentHash]:
    """The pictures of a project, and a clip of 12 frames in its store, brighter from frame to frame."""
    made = write_clip(folder / "clip.mp4", frames=12, grey=lambda n: grey + 8 * n, hz=None)
    store, sha256 = StorePaths(folder / "store"), hash_file(made)
    store.take_path(sha256).parent.mkdir(parents=True)
    made.rename(store.take_path(sha256))
    (folder / "demo").mkdir()
    return PromptPictures(ProjectPaths(folder / "demo"), store), sha256


@pytest.mark.parametrize("frame", [0, 5, 11])
def test_a_frame_is_counted_from_the_clips_first(tmp_path: Path, frame: int) -> None:
    """Frame n is coded as 40 + 8n of 16 … 235."""
    picture = Image.open(BytesIO(cut_out(write_clip(tmp_path / "a.mp4", grey=lambda n: 40 + 8 * n), frame)))
    assert picture.size == SIZE_PX
    assert picture.convert("L").getpixel((10, 10)) == pytest.approx((40 + 8 * frame - 16) * 255 / 219, abs=2)


def test_a_frame_at_another_rate_is_the_one_that_shows_then(tmp_path: Path) -> None:
    """Film frame 3 is 0.125 s; at 48 a second frame 6 shows, coded as 40 + 24."""
    path = write_clip(tmp_path / "a.mp4", frames=12, grey=lambda n: 40 + 4 * n, rate=48)
    grey = Image.open(BytesIO(cut_out(path, 3))).convert("L").getpixel((10, 10))
    assert grey == pytest.approx((64 - 16) * 255 / 219, abs=2)


def test_a_frame_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A clip of 24 frames has no frame 24."""
    with pytest.raises(MediaError, match="no frame 24"):
        cut_out(write_clip(tmp_path / "a.mp4", frames=24), 24)


def test_a_frame_is_taken_out_once(tmp_path: Path) -> None:
    """Then its clip is not looked at again."""
    pictures, clip = in_the_store(tmp_path)
    sha256 = pictures.of_frame(clip, 11)
    assert sha256 == hash_file(pictures.store.picture_path(sha256 or ContentHash("")))
    pictures.store.take_path(clip).write_bytes(b"no clip any more")
    assert pictures.of_frame(clip, 11) == sha256


def test_a_picture_that_was_thrown_away_is_taken_out_again(tmp_path: Path) -> None:
    """With the same bytes."""
    pictures, clip = in_the_store(tmp_path)
    sha256 = pictures.of_frame(clip, 3) or ContentHash("")
    pictures.store.picture_path(sha256).unlink()
    assert hash_file(pictures.find(sha256).path) == sha256


def test_no_clip_no_frame(tmp_path: Path) -> None:
    """It may have been removed from the store."""
    assert in_the_store(tmp_path)[0].of_frame(ContentHash("0" * 64), 3) is None


def test_a_picture_of_the_projects_own_that_changes_meanwhile_is_not_sent(tmp_path: Path) -> None:
    """The plan was made for the one before."""
    pictures, _ = in_the_store(tmp_path)
    Image.new("RGB", (4, 4)).save(tmp_path / "demo/hero.png")
    sha256 = pictures.of_file("hero.png")
    assert pictures.find(sha256).told == "hero.png"
    (tmp_path / "demo/hero.png").write_bytes(b"two")
    assert pictures.of_file("hero.png") == sha256
    with pytest.raises(PublishError, match=r"hero\.png is gone or has changed"):
        pictures.find(sha256)


@pytest.mark.parametrize(("kind", "suffix"), [("PNG", ".png"), ("JPEG", ".jpg"), ("WEBP", ".webp")])
def test_what_a_picture_is_follows_from_its_bytes(tmp_path: Path, kind: str, suffix: str) -> None:
    """Its name may say anything."""
    pictures, _ = in_the_store(tmp_path)
    Image.new("RGB", (4, 4)).save(tmp_path / "demo/hero", kind)
    sha256 = pictures.of_file("hero")
    assert pictures.find(sha256).public_name == f"{sha256}{suffix}"


def test_a_file_that_is_no_picture_is_not_shown_to_the_world(tmp_path: Path) -> None:
    """A project from elsewhere may name any file."""
    pictures, _ = in_the_store(tmp_path)
    (tmp_path / "demo/notes.png").write_text("my secrets")
    with pytest.raises(PublishError, match=r"notes\.png is no PNG, JPEG or WebP"):
        pictures.find(pictures.of_file("notes.png"))


def test_a_link_out_of_the_project_is_not_followed_to_the_world(tmp_path: Path) -> None:
    """Not even to a picture: it may be a private one."""
    pictures, _ = in_the_store(tmp_path)
    Image.new("RGB", (4, 4)).save(tmp_path / "private.png")
    (tmp_path / "demo/hero.png").symlink_to(tmp_path / "private.png")
    with pytest.raises(PublishError, match="leads out of the project"):
        pictures.find(pictures.of_file("hero.png"))


def test_a_picture_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """Its disk may be gone."""
    with pytest.raises(MachineError, match=r"missing\.png"):
        in_the_store(tmp_path)[0].of_file("missing.png")


def test_a_picture_without_measure_is_not_read(tmp_path: Path) -> None:
    """A file of a terabyte is made in no time, and its hash is not."""
    with (tmp_path / "a.png").open("wb") as file:
        file.truncate(1_000_000_000_000)
    with pytest.raises(MachineError, match="larger than 64,000,000 bytes"):
        PromptPictures(ProjectPaths(tmp_path), StorePaths(tmp_path / "store")).of_file("a.png")
