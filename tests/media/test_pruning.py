"""Keeping a cache below a size."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from builders import NOON, after

from pipeline.media.pruning import prune


def a_file(path: Path, *, seconds: float) -> Path:
    """Ten bytes, written so long after noon."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"0123456789")
    os.utime(path, (after(seconds).timestamp(),) * 2)
    return path


def test_the_oldest_files_go_first(tmp_path: Path) -> None:
    """Three of ten bytes, room for twenty-five: the two younger ones stay, whatever folder they are in."""
    files = [a_file(tmp_path / name, seconds=n) for n, name in enumerate(("b/oldest", "a/older", "c/young"))]
    prune(tmp_path, keep_bytes=25, made_before=NOON + timedelta(hours=1))
    assert [path.exists() for path in files] == [False, True, True]


def test_what_was_just_made_stays_however_much_it_is(tmp_path: Path) -> None:
    """Another process may be about to use it."""
    old, young = a_file(tmp_path / "old", seconds=0), a_file(tmp_path / "young", seconds=60)
    prune(tmp_path, keep_bytes=0, made_before=after(30))
    assert (old.exists(), young.exists()) == (False, True)
