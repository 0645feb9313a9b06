"""Looks at the machine, and if asked at the vendor, and says whether a render can work here."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pipeline import settings
from pipeline.access import Access, choose_access
from pipeline.errors import StoryreelError, UsageError
from pipeline.host import SystemClock, write_whole
from pipeline.project import Workspace, World, current_folder, find_workspace
from pipeline.shoot.policy import Policy

MIN_FREE_BYTES: Final = 2 * 10**9


@dataclass(frozen=True, slots=True)
class Checked:
    what: str
    is_fine: bool
    says: str


def examine() -> list[Checked]:
    """All checks, in the order in which they depend on each other; none changes anything that matters."""
    return [_check(what, check) for what, check in CHECKS.items()]


def examine_vendor(base_url: str | None = None) -> list[Checked]:
    """Whether the address answers and the key is good, and what is said of limits; costs a call, and no credit.

    Args:
        base_url: of a sandbox on this machine, instead of the vendor.

    Raises:
        UsageError: there is no key, or it cannot be used.
    """
    access = choose_access(settings.read(), live=base_url is None, base_url=base_url)
    key = Checked("key", True, f"{access.key_id[:8]} (the beginning of its SHA-256), from {access.key_from}")
    return [key, *_ask_vendor(access)]


def _ask_vendor(access: Access) -> list[Checked]:
    from pipeline.api.key_trial import try_key

    url = access.base_url or ""
    if full_until := _note_call(access):
        says = f"{url}: not asked, since the hour's calls of this key are used up until {full_until:%H:%M:%S} UTC."
        return [Checked("vendor", False, says)]
    trial = asyncio.run(try_key(url, access.api_key))
    limits = ", ".join(f"{name}: {value}" for name, value in trial.limits.items()) or "no header speaks of one"
    return [Checked("vendor", trial.is_key_good, f"{url}: {trial.told}"), Checked("limits", True, limits)]


def _note_call(access: Access) -> datetime | None:
    """Count the call with those of all runs, where there is a ledger. Returns until when the window is full, if it is.

    Somebody may ask before there is a workspace; then there is no run to share the hour with.
    """
    from pipeline.ledger.journal import SqliteLedger
    from pipeline.publish.settings import read_workspace_file

    try:
        workspace = _workspace()
    except UsageError:
        return None
    store, known = workspace.store(access.world), read_workspace_file(workspace.settings_path).vendor
    if not store.ledger_path.is_file():
        return None
    ledger = SqliteLedger(store.ledger_path, store.recovery_path)
    try:
        window = Policy.for_vendor(known).scaled(access.speed).window
        return ledger.note_call(key_id=access.key_id, window=window, now=SystemClock().now())
    finally:
        ledger.close()


def _workspace() -> Workspace:
    return find_workspace(current_folder(), settings.read().home)


def _check(what: str, check: Callable[[], str]) -> Checked:
    try:
        return Checked(what, True, check())
    except StoryreelError as error:
        return Checked(what, False, str(error))


def _python() -> str:
    return sys.version.split()[0]


def _ffmpeg() -> str:
    from pipeline.media.ffmpeg import find_ffmpeg

    return str(find_ffmpeg(settings.read()))


def _fonts() -> str:
    from PIL import ImageFont

    from pipeline.media import fonts

    faces = [" ".join(map(str, ImageFont.truetype(path, 12).getname())) for path in (fonts.REGULAR, fonts.BOLD)]
    return ", ".join(faces)


def _store() -> str:
    workspace = _workspace()
    probe = workspace.store(World.SANDBOX).root / "doctor"
    write_whole(probe, b"fit\n")
    probe.unlink()
    return str(workspace.home)


def _space() -> str:
    from pipeline.errors import MachineError

    workspace = _workspace()
    free = shutil.disk_usage(workspace.root).free
    if free < MIN_FREE_BYTES:
        raise MachineError(f"{free / 1e9:.1f} GB are free here; a film at 720p wants 2 GB. Make room.")
    return f"{free / 1e9:.0f} GB free, {os.cpu_count()} cores"


def _publisher() -> str:
    from pipeline.publish.settings import read_workspace_file

    workspace = _workspace()
    named = read_workspace_file(workspace.settings_path).publisher
    return named.kind if named else "none named; wanted for --live with pictures: storyreel publish --help"


CHECKS: Final[dict[str, Callable[[], str]]] = {
    "python": _python,
    "ffmpeg": _ffmpeg,
    "fonts": _fonts,
    "store": _store,
    "space": _space,
    "publisher": _publisher,
}
