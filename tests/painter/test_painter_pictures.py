"""Pictures that a painter is given are a stranger's files."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from pipeline.media.animatic.pictures import open_picture


def test_a_picture_of_another_kind_is_not_opened_whatever_it_is_called(tmp_path: Path) -> None:
    """PostScript would be run to be drawn."""
    path = tmp_path / "her.png"
    Image.new("RGB", (8, 8)).save(path, "EPS")
    with pytest.raises(OSError, match="cannot identify"):
        open_picture(path)


def test_a_picture_that_would_fill_the_memory_is_not_unpacked(tmp_path: Path) -> None:
    """A few kilobytes of one colour, 8,193 × 4,321 pixels."""
    path = tmp_path / "her.png"
    Image.new("1", (8_193, 4_321)).save(path)
    with pytest.raises(OSError, match="too large"):
        open_picture(path)
