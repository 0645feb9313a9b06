"""Looks at the machine and says whether a render can work here."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline import settings
from pipeline.errors import StoryreelError
from pipeline.host import write_whole
from pipeline.project import World, find_workspace

MIN_FREE_BYTES: Final = 2 * 10**9


@dataclass(frozen=True, slots=True)
class Checked:
    what: str
    is_fine: bool
    says: str


def examine() -> list[Checked]:
    """All checks, in the order in which they depend on each other; none changes anything that matters."""
    return [_check(what, check) for what, check in CHECKS.items()]


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
    workspace = find_workspace(Path.cwd(), settings.read().home)
    probe = workspace.store(World.SANDBOX).root / "doctor"
    write_whole(probe, b"fit\n")
    probe.unlink()
    return str(workspace.home)


def _space() -> str:
    from pipeline.errors import MachineError

    workspace = find_workspace(Path.cwd(), settings.read().home)
    free = shutil.disk_usage(workspace.root).free
    if free < MIN_FREE_BYTES:
        raise MachineError(f"{free / 1e9:.1f} GB are free here; a film at 720p wants 2 GB. Make room.")
    return f"{free / 1e9:.0f} GB free, {os.cpu_count()} cores"


def _publisher() -> str:
    from pipeline.publish.settings import read_workspace_file

    workspace = find_workspace(Path.cwd(), settings.read().home)
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
