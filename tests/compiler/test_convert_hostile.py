"""A document that somebody sent brings nothing along but what lies beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.conversion import convert_document
from pipeline.errors import StoryboardError, UsageError

DOCUMENT = "items:\n- {kind: shot, id: a, prompt: A boat.}\n- {kind: footage, id: b, file: assets/b.mp4}\n"


def a_sent_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "sent"
    (folder / "assets").mkdir(parents=True)
    (folder / "storyboard.yaml").write_text(DOCUMENT)
    (tmp_path / "secret").write_text("ours")
    return folder


@pytest.mark.parametrize("name", ["assets/b.mp4", "assets"])
def test_a_link_to_a_file_elsewhere_is_not_copied(tmp_path: Path, name: str):
    """The new project would hold what the sender must not see."""
    folder = a_sent_folder(tmp_path)
    if name == "assets":
        (folder / "assets").rmdir()
        (tmp_path / "b.mp4").write_text("ours")
    (folder / name).symlink_to(tmp_path / ("secret" if name != "assets" else ""))
    with pytest.raises(StoryboardError, match=r'no file "assets/b\.mp4"'):
        convert_document(folder / "storyboard.yaml")


@pytest.mark.parametrize("target", ["/dev/zero", "secret"])
def test_a_document_that_is_a_link_is_not_read(tmp_path: Path, target: str):
    """Neither a device that never ends nor a line of another file shows."""
    folder = a_sent_folder(tmp_path)
    (folder / "storyboard.yaml").unlink()
    (folder / "storyboard.yaml").symlink_to(tmp_path / target)
    with pytest.raises(UsageError, match="is no file of its folder"):
        convert_document(folder / "storyboard.yaml")
