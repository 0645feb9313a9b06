"""Whatever a render keeps is written under another name, synced, renamed, its folder synced: the calls are looked at.

A kill never tests this: what the kernel was handed it writes in the end. Only a power cut takes what was not synced.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import pytest
from torture.stage import PROJECT, leave_as, open_stage, render_here, set_up
from tripwire import Call, read_record, run_warm, tell, try_case

from pipeline.project import ProjectPaths

STORYBOARD: Final = """
{% scene "day" %}
{% shot "dawn" %} A quiet harbour at dawn. Gulls cry. {% endshot %}
{% shot "noon" continues="dawn" %} The harbour at noon. A bell rings. {% caption "It is noon." %} {% endshot %}
{% shot "dusk" join="dissolve 4" %} The harbour at dusk. Waves lap. {% title "The end" %} {% endshot %}
{% endscene %}
"""
KEPT: Final = ("takes", "spans", "pictures", "frames", "out", "build")
"""Folders of the store and of the project whose files a run relies on later."""


def main(root: str) -> None:
    """One render, recorded: everything that it left behind, and the calls by which it came to be."""
    stage, log = Path(root), Path(root) / "calls"
    with open_stage(stage) as url:
        render_here(set_up(stage / "warm"), url, "sbx_warm")
        workspace = set_up(stage / "workspace", STORYBOARD)
        outcome = try_case(lambda: leave_as(workspace, url, "sbx_1", "render"), workspace, record=log)
    files = [path for name in KEPT for path in workspace.glob(f"**/{name}/**/*") if path.is_file()]
    files.remove(ProjectPaths(workspace / "projects" / PROJECT).holder_path)  # a hint for people, of this run alone
    tell({"status": outcome.status, "said": outcome.said, "files": [str(path) for path in files]})
    for call in read_record(log):
        tell(asdict(call))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], list[Call]]:
    """What was left, and the calls."""
    first, *calls = run_warm("torture.test_order", str(tmp_path_factory.mktemp("order")))
    assert first["status"] == 0, first["said"]
    return first, [Call(**call) for call in calls]


def slips_of(path: str, calls: Sequence[Call]) -> Iterator[str]:
    """What was not done for a file, in the order in which it should have been."""
    folder = str(Path(path).parent)
    named = [n for n, call in enumerate(calls) if call.name == "renameat2" and call.other == path]
    if not named:
        yield "it never got its name by a rename"
        return
    aside, at = calls[named[-1]].path, named[-1]
    if any(call.path == path and call.name in ("open64", "write", "ftruncate64") for call in calls):
        yield "it was written under its own name"
    synced = [n for n, call in enumerate(calls[:at]) if call.path == aside and call.name == "fsync"]
    written = [n for n, call in enumerate(calls) if call.path == aside and call.name in ("write", "ftruncate64")]
    if not synced or any(n > synced[-1] for n in written if n > synced[-1] and n < at):
        yield "it was not synced after its last byte"
    if not any(call.path == folder and call.name == "fsync" for call in calls[at:]):
        yield "its folder was not synced after the rename"


def unsynced_folders(calls: Sequence[Call]) -> Iterator[str]:
    """Folders that were made, and not made durable in the folder above before anything in them got its name."""
    for n, call in enumerate(calls):
        if call.name == "mkdirat" and call.result == 0 and not Path(call.path).name.startswith(".making-"):
            upper = str(Path(call.path).parent)
            later = list(enumerate(calls))[n + 1 :]
            synced = next((m for m, each in later if each.path == upper and "sync" in each.name), len(calls))
            named = next((m for m, each in later if each.other.startswith(f"{call.path}/")), len(calls))
            if synced > named or synced == len(calls):
                yield call.path


def test_all_kinds_of_files_are_looked_at(told: tuple[dict[str, Any], list[Call]]) -> None:
    """Three clips, spans and sound, the frame that a shot goes on from, the film and what lies beside it."""
    kinds = {f"{Path(file).suffix or Path(file).name}" for file in told[0]["files"]}
    assert {".mp4", ".f32", ".m4a", ".png", ".jpg", ".srt", ".vtt", ".json", ".html"} <= kinds
    assert sum("/takes/" in file for file in told[0]["files"]) == 3


def test_every_file_is_synced_before_it_gets_its_name_and_its_folder_after(
    told: tuple[dict[str, Any], list[Call]],
) -> None:
    """All of them, every time."""
    slips = {file: list(slips_of(file, told[1])) for file in told[0]["files"]}
    print(f"{len(slips)} files")
    assert {file: found for file, found in slips.items() if found} == {}


def test_every_new_folder_is_synced_into_the_one_above(told: tuple[dict[str, Any], list[Call]]) -> None:
    """Before anything in it counts."""
    assert list(unsynced_folders(told[1])) == []
