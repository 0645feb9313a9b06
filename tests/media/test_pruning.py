"""Keeping a cache below a size."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from builders import NOON, after

from pipeline.media.pruning import note_use, plan_pruning, prune


def a_file(path: Path, *, seconds: float) -> Path:
    """Ten bytes, written so long after noon."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"0123456789")
    os.utime(path, (after(seconds).timestamp(),) * 2)
    return path


def test_the_oldest_files_go_first(tmp_path: Path) -> None:
    """Three of ten bytes, room for twenty-five: the two younger ones stay, whatever folder they are in."""
    files = [a_file(tmp_path / name, seconds=n) for n, name in enumerate(("b/oldest", "a/older", "c/young"))]
    prune(tmp_path, keep_bytes=25, used_before=NOON + timedelta(hours=1))
    assert [path.exists() for path in files] == [False, True, True]


def test_what_was_just_made_stays_however_much_it_is(tmp_path: Path) -> None:
    """Another process may be about to use it."""
    old, young = a_file(tmp_path / "old", seconds=0), a_file(tmp_path / "young", seconds=60)
    prune(tmp_path, keep_bytes=0, used_before=after(30))
    assert (old.exists(), young.exists()) == (False, True)


def test_what_was_used_lately_outlives_what_was_made_later(tmp_path: Path) -> None:
    """The oldest file of three is used: now the second is the one that waited longest."""
    files = [a_file(tmp_path / name, seconds=n) for n, name in enumerate(("first", "second", "third"))]
    note_use(files[0])
    prune(tmp_path, keep_bytes=20, used_before=NOON + timedelta(days=36_500))
    assert [path.exists() for path in files] == [True, False, True]


def test_a_plan_removes_nothing(tmp_path: Path) -> None:
    """It says what would go, and what would stay."""
    files = [a_file(tmp_path / name, seconds=n) for n, name in enumerate(("old", "young"))]
    planned = plan_pruning(tmp_path, keep_bytes=10, used_before=NOON + timedelta(hours=1))
    assert (planned.going, planned.going_bytes, planned.kept, planned.kept_bytes) == ((files[0],), 10, 1, 10)
    assert all(path.exists() for path in files)
