"""The environment, read once into a frozen value. No other module looks at `os.environ`."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the environment says. `api_key` is left out of `repr`, so that no traceback shows it."""

    home: Path | None = None  # STORYREEL_HOME: stands for the workspace's .storyreel
    ffmpeg: Path | None = None  # STORYREEL_FFMPEG: another binary than the one imageio-ffmpeg brings
    api_key: str | None = field(default=None, repr=False)  # NANOPHOTO_API_KEY: for --live only
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)  # for programs of the user's own: no key

    @property
    def has_screen(self) -> bool:
        """Whether a window can be opened."""
        displays = (self.environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
        return sys.platform == "darwin" or any(displays)


def read(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings of `environ`, by default of the process; an empty variable counts as unset."""
    variables = os.environ if environ is None else environ
    home, ffmpeg = variables.get("STORYREEL_HOME"), variables.get("STORYREEL_FFMPEG")
    return Settings(
        home=Path(home).expanduser().absolute() if home else None,
        ffmpeg=Path(ffmpeg).expanduser().absolute() if ffmpeg else None,
        api_key=variables.get("NANOPHOTO_API_KEY", "").strip() or None,  # a file's last line break is no part of it
        environment={name: value for name, value in variables.items() if name != "NANOPHOTO_API_KEY"},
    )
