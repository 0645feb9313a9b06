"""Where clips come from: the painter in its process, or a folder of footage."""

from __future__ import annotations

from pathlib import Path

import av
import pytest
from builders_sandbox import a_sandbox, a_shot, footage, until
from PIL import Image

from pipeline.sandbox import SandboxConfig, SandboxError, create_app

FOREIGN = "https://example.org/pictures/harbour.png?token=hidden"


def test_a_plain_clip_is_real(tmp_path: Path) -> None:
    """It plays: H.264, 192 frames, upright as ordered; and a foreign picture became a placeholder."""
    with a_sandbox(tmp_path, footage_dir=None, clips="plain") as sandbox:
        shot = a_shot(generationType="REFERENCE_2_VIDEO", imageUrls=[FOREIGN], aspectRatio="9:16")
        (task,) = sandbox.finish(shot)
        assert task["status"] == "completed"
        with av.open(str(sandbox.clip_path(task))) as clip:
            picture = clip.streams.video[0]
            assert (picture.codec_context.name, picture.frames) == ("h264", 192)
            assert (picture.width, picture.height) == (720, 1280)
        (placeholder,) = (sandbox.state_dir / "assets").iterdir()
        assert Image.open(placeholder).size == (720, 1280)


def test_a_picture_that_is_not_there_fails_its_shot(tmp_path: Path) -> None:
    """One's own image that was never put: the shot fails when its time is over, and is refunded."""
    with a_sandbox(tmp_path, footage_dir=None, clips="plain") as sandbox:
        url = f"{sandbox.url}/assets/{'0' * 64}.png"
        sandbox.generate(a_shot(generationType="FIRST_AND_LAST_FRAMES_2_VIDEO", imageUrls=[url]))
        sandbox.clock.advance(300)
        until(lambda: [line["kind"] for line in sandbox.log("charges.jsonl")] == ["charge", "refund"])


def test_footage_is_found_by_shot_and_else_by_turn(tmp_path: Path) -> None:
    """The whole id first, then what stands before `~`, then the n-th file for the n-th new request, round and round."""
    folder = footage(tmp_path, **{"a": b"1", "b": b"2", "run.paris": b"3", "run.paris~tk02~9f": b"4"})
    names = ["first", "run.paris~tk01~0a", "run.paris~tk02~9f", "second", "first", "third", "fourth"]
    with a_sandbox(tmp_path, footage_dir=folder) as sandbox:
        served = []
        for name in names:
            (task,) = sandbox.start(a_shot(name, prompt=f"A shot: {name}."))
            served.append(sandbox.clip_path(task).read_bytes())
    # turns: first 0, run.paris 1 and 2 (two requests), second 3, first again 0, third 4 → 0, fourth 5 → 1
    assert served == [b"1", b"3", b"4", b"4", b"1", b"1", b"2"]


def test_a_folder_without_footage_is_refused(tmp_path: Path) -> None:
    """Said at the start; and the state is free again."""
    (tmp_path / "empty").mkdir()
    for _ in range(2):
        with pytest.raises(SandboxError, match=r"holds no \.mp4"):
            create_app(SandboxConfig(state_dir=tmp_path / "state", footage_dir=tmp_path / "empty"))
