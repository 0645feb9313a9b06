"""The render cache: who uses it, and how it is kept small. Takes, the ledger, whatever was paid, are never touched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pipeline.errors import MachineError
from pipeline.host import SystemClock
from pipeline.lock import share, try_alone
from pipeline.media.pruning import Pruning, plan_pruning, prune
from pipeline.project import StorePaths, Workspace, World
from pipeline.publish.settings import read_workspace_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """What became of the cache of a world.

    Attributes:
        is_in_use: a run needs it now, so nothing was removed.
    """

    world: World
    pruning: Pruning
    is_in_use: bool


@contextmanager
def using_cache(workspace: Workspace, world: World) -> Iterator[None]:
    """Nothing leaves the world's cache while the block lasts; if it ends well, the cache is brought to its size.

    Raises:
        UsageError: the workspace's settings cannot be read.
        MachineError: the cache cannot be locked or written.
    """
    keep_bytes, store = keep_bytes_of(workspace), workspace.store(world)
    with share(store.spans_dir):
        yield
    with try_alone(store.spans_dir) as is_alone:  # if not, whoever ends last will tidy
        if is_alone:
            _prune(store, keep_bytes)


def keep_bytes_of(workspace: Workspace) -> int:
    """What the cache of a world may take. Raises UsageError."""
    return read_workspace_file(workspace.settings_path).cache.keep


def clean_caches(workspace: Workspace, *, keep_bytes: int, is_tried: bool = False) -> list[Cleaned]:
    """Bring the cache of each world to `keep_bytes`, where no run uses it.

    Args:
        is_tried: say what would go, and leave it there.

    Raises:
        MachineError: a file cannot be removed.
    """
    stores = {world: workspace.store(world) for world in World}
    return [_clean(world, store, keep_bytes, is_tried) for world, store in stores.items() if store.spans_dir.is_dir()]


def _clean(world: World, store: StorePaths, keep_bytes: int, is_tried: bool) -> Cleaned:
    with try_alone(store.spans_dir) as is_alone:
        if is_alone and not is_tried:
            return Cleaned(world=world, pruning=_prune(store, keep_bytes), is_in_use=False)
        planned = plan_pruning(store.spans_dir, keep_bytes=keep_bytes, used_before=SystemClock().now())
        return Cleaned(world=world, pruning=planned, is_in_use=not is_alone)


def _prune(store: StorePaths, keep_bytes: int) -> Pruning:
    try:
        return prune(store.spans_dir, keep_bytes=keep_bytes, used_before=SystemClock().now())
    except OSError as error:
        raise MachineError(f"{error.filename} cannot be removed: {error.strerror}. Check its permissions.") from error
