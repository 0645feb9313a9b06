"""`storyreel clean`, and the size that the render cache keeps by itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.app.cleaning import using_cache
from pipeline.cli.commands import app
from pipeline.errors import UsageError
from pipeline.project import World, find_workspace

SPAN_BYTES = 1_000_000
HOLD = """
import pathlib, sys
from pipeline.lock import share
with share(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    input()
"""


def workspace(root: Path, *, keep: str = "2MB") -> Path:
    """Three spans of 1 MB, the first used longest ago, a take and a ledger; stands in the workspace."""
    (root / "projects").mkdir()
    (root / "storyreel.yaml").write_text(f"cache: {{keep: {keep}}}\n")
    store = root / ".storyreel" / "sandbox"
    for n, name in enumerate(
        ("spans/aa/a.mp4", "spans/bb/b.mp4", "spans/cc/c.f32", "takes/dd/d.mp4", "ledger.sqlite3")
    ):
        path = store / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(SPAN_BYTES))
        os.utime(path, (time.time() - 1_000 + n,) * 2)
    return store


def left(store: Path) -> list[str]:
    return sorted(path.name for path in store.rglob("*") if path.is_file())


def run(root: Path, monkeypatch: pytest.MonkeyPatch, *args: str) -> tuple[int, str]:
    monkeypatch.chdir(root)
    done = CliRunner().invoke(app, ["clean", *args])
    return done.exit_code, done.output


def test_the_cache_is_brought_to_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Room for two of three: the one that was not used for the longest goes; takes and the ledger stay."""
    store = workspace(tmp_path)
    assert run(tmp_path, monkeypatch) == (0, "sandbox: 1 file gone (1.0 MB), 2 files left (2.0 MB)\n")
    assert left(store) == ["b.mp4", "c.f32", "d.mp4", "ledger.sqlite3"]


def test_all_of_the_cache_may_go_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--all`."""
    store = workspace(tmp_path)
    assert run(tmp_path, monkeypatch, "--all") == (0, "sandbox: 3 files gone (3.0 MB), 0 files left (0.0 MB)\n")
    assert left(store) == ["d.mp4", "ledger.sqlite3"]


def test_a_dry_run_says_what_would_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As data, too; all five files are still there."""
    store = workspace(tmp_path)
    code, said = run(tmp_path, monkeypatch, "--all", "--dry-run", "--json")
    kept = {"kept_files": 0, "kept_bytes": 0}
    assert (code, json.loads(said)) == (
        0,
        [{"world": "sandbox", "is_removed": False, "is_in_use": False, "files": 3, "bytes": 3 * SPAN_BYTES, **kept}],
    )
    assert len(left(store)) == 5


def test_a_cache_in_use_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process has it, so nothing goes, neither by hand nor after a run of ours; then it ends."""
    store, here = workspace(tmp_path), find_workspace(tmp_path)
    argv = [sys.executable, "-c", HOLD, str(store / "spans")]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        code, said = run(tmp_path, monkeypatch, "--all")
        assert (code, "in use by a run; 3 files would go" in said, "run this again" in said) == (7, True, True)
        with using_cache(here, World.SANDBOX):
            pass
        assert len(left(store)) == 5
        other.communicate(b"\n")
    with using_cache(here, World.SANDBOX):
        assert len(left(store)) == 5
    assert left(store) == ["b.mp4", "c.f32", "d.mp4", "ledger.sqlite3"]


def test_a_run_that_fails_leaves_the_cache_as_it_is(tmp_path: Path) -> None:
    """What it has made so far is needed by the next."""
    store = workspace(tmp_path)
    with pytest.raises(KeyError), using_cache(find_workspace(tmp_path), World.SANDBOX):
        raise KeyError
    assert len(left(store)) == 5


def test_a_size_that_is_none_is_told_before_a_run_begins(tmp_path: Path) -> None:
    """With how one is written."""
    workspace(tmp_path, keep="20 bananas")
    with (
        pytest.raises(UsageError, match=r'cache.keep: "20 bananas" is no size: write it as 20GB or 500MB'),
        using_cache(find_workspace(tmp_path), World.SANDBOX),
    ):
        raise AssertionError("it began")


def test_an_empty_workspace_has_nothing_to_clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No world has a cache yet."""
    (tmp_path / "projects").mkdir()
    assert run(tmp_path, monkeypatch) == (0, "Nothing was cached yet.\n")
