"""How one sandbox is set up. A value: it opens nothing and looks at nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from pipeline.sandbox.script import FaultScript

Clock = Callable[[], datetime]  # aware, UTC

HOUR = timedelta(seconds=3600)
MIN_SPEED = 0.01
MAX_SPEED = 10_000
MAX_URL_LIFE_S = 31_536_000  # a year


class SandboxError(RuntimeError):
    """The sandbox cannot start as it is set up. The message says what, where and what next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxConfig:
    """The settings of one server; two servers never share a `state_dir`."""

    state_dir: Path
    speed: float = 60.0  # divides generation time and the window of calls, never the life of a videoUrl
    credits: int = 100_000  # the balance a new key starts with
    seed: int = 0
    footage_dir: Path | None = None  # serve these files instead of drawing
    clips: Literal["painted", "plain"] = "painted"
    clean: bool = False  # no slate in the picture
    marks: bool = True  # the flash and the tone that tests look for
    log_bodies: bool = False
    painters: int = 2  # clips drawn at once
    url_life_s: float = 1200.0
    calls_per_hour: int = 100
    faults: FaultScript | None = None  # what goes wrong on purpose; may be changed while the server runs

    def __post_init__(self) -> None:
        if not MIN_SPEED <= self.speed <= MAX_SPEED:  # nan is neither
            raise ValueError(f"The speed is a number from {MIN_SPEED} to {MAX_SPEED:,}, not {self.speed:g}.")
        if not 0 <= self.url_life_s <= MAX_URL_LIFE_S:
            raise ValueError(f"A videoUrl lives for 0 to {MAX_URL_LIFE_S:,} seconds, not {self.url_life_s:g}.")
        if self.painters < 1:
            raise ValueError(f"painters must be at least 1, not {self.painters}.")

    @property
    def call_window(self) -> timedelta:
        """The vendor's hour, as long as it takes here."""
        return HOUR / self.speed

    @property
    def url_life(self) -> timedelta:
        return timedelta(seconds=self.url_life_s)
