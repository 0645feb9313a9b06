"""The environment, read once into a frozen value. No other module looks at `os.environ`.

What is about the key is taken out of it with the first reading: whatever is started after that cannot find it there.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pipeline.errors import UsageError
from pipeline.safe_text import keep_secret

KEY: Final = "NANOPHOTO_API_KEY"
KEY_FILE: Final = "NANOPHOTO_API_KEY_FILE"

_withdrawn: dict[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the environment says. `api_key` is left out of `repr`, so that no traceback shows it."""

    home: Path | None = None  # STORYREEL_HOME: stands for the workspace's .storyreel
    ffmpeg: Path | None = None  # STORYREEL_FFMPEG: another binary than the one imageio-ffmpeg brings
    api_key: str | None = field(default=None, repr=False)  # NANOPHOTO_API_KEY
    api_key_path: Path | None = None  # NANOPHOTO_API_KEY_FILE: a file that holds it instead; `access` reads it
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)  # for programs of the user's own: no key

    @property
    def has_screen(self) -> bool:
        """Whether a window can be opened."""
        displays = (self.environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
        return sys.platform == "darwin" or any(displays)


def read(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings of `environ`, by default of the process; an empty variable counts as unset.

    Raises:
        UsageError: a path begins with the home of a user whom this machine does not know.
    """
    variables = _of_the_process() if environ is None else environ
    api_key = variables.get(KEY, "").strip() or None  # a file's last line break is no part of it
    if api_key:
        keep_secret(api_key)
    return Settings(
        home=_path(variables, "STORYREEL_HOME"),
        ffmpeg=_path(variables, "STORYREEL_FFMPEG"),
        api_key=api_key,
        api_key_path=_path(variables, KEY_FILE),
        environment={name: value for name, value in variables.items() if name not in (KEY, KEY_FILE)},
    )


def _of_the_process() -> dict[str, str]:
    for name in (KEY, KEY_FILE):
        if name in os.environ:
            _withdrawn[name] = os.environ.pop(name)
    return {**os.environ, **_withdrawn}


def _path(variables: Mapping[str, str], name: str) -> Path | None:
    written = variables.get(name)
    if not written:
        return None
    try:
        return Path(written).expanduser().absolute()
    except (RuntimeError, OSError) as error:  # no such user; or the folder that we are in is gone
        raise UsageError(f"{name} names {written}, which leads nowhere from here. Write the whole path.") from error
