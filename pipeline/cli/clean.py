"""`storyreel clean`: make room on the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import AsJson
from pipeline.cli.printing import counted, print_json, say
from pipeline.errors import ProjectBusyError

if TYPE_CHECKING:
    from pipeline.app.cleaning import Cleaned

All = Annotated[bool, typer.Option("--all", help="The whole cache; the next render makes again what it needs.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would go, and remove nothing.")]


def command(all_of_it: All = False, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Bring the render cache to its size (cache: {keep: 20GB} in storyreel.yaml). Takes and the ledger stay."""
    from pipeline import settings
    from pipeline.app.cleaning import clean_caches, keep_bytes_of
    from pipeline.project import current_folder, find_workspace

    workspace = find_workspace(current_folder(), settings.read().home)
    keep_bytes = 0 if all_of_it else keep_bytes_of(workspace)
    cleaned = clean_caches(workspace, keep_bytes=keep_bytes, is_tried=dry_run)
    if as_json:
        print_json([_as_json(each, dry_run) for each in cleaned])
    for each in cleaned if not as_json else ():
        say(_sentence(each, dry_run))
    if not cleaned and not as_json:
        say("Nothing was cached yet.")
    used = [each.world for each in cleaned if each.is_in_use]
    if used and not dry_run:
        raise ProjectBusyError(f"a run uses the cache of {' and of '.join(used)}; run this again when it has ended.")


def _sentence(cleaned: Cleaned, dry_run: bool) -> str:
    pruning = cleaned.pruning
    is_done = not dry_run and not cleaned.is_in_use
    gone = f"{counted(len(pruning.going), 'file')} {'gone' if is_done else 'would go'} ({_size(pruning.going_bytes)})"
    left = f"{counted(pruning.kept, 'file')} {'left' if is_done else 'would be left'} ({_size(pruning.kept_bytes)})"
    return f"{cleaned.world}: {'in use by a run; ' * cleaned.is_in_use}{gone}, {left}"


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e9:,.1f} GB" if size_bytes >= 1e9 else f"{size_bytes / 1e6:,.1f} MB"


def _as_json(cleaned: Cleaned, dry_run: bool) -> dict[str, object]:
    pruning = cleaned.pruning
    return {
        "world": cleaned.world,
        "is_removed": not dry_run and not cleaned.is_in_use,
        "is_in_use": cleaned.is_in_use,
        "files": len(pruning.going),
        "bytes": pruning.going_bytes,
        "kept_files": pruning.kept,
        "kept_bytes": pruning.kept_bytes,
    }
