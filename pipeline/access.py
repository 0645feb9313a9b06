"""Which vendor a command talks to: the sandbox inside the run, a sandbox that already runs, or the real one."""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from pipeline.errors import UsageError
from pipeline.project import World
from pipeline.settings import Settings

LIVE_URL: Final = "https://nanophoto.ai"
SANDBOX_SPEED: Final = 60.0
SANDBOX_KEY: Final = "sbx_test"
SANDBOX_KEY_PREFIX: Final = "sbx_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Whose API, with which key, at which speed of its clock.

    Attributes:
        base_url: None for the sandbox that runs inside the run.
    """

    world: World
    base_url: str | None
    api_key: str = field(repr=False)
    speed: float

    @property
    def key_id(self) -> str:
        """Stands for the key where the key itself must not."""
        return hashlib.sha256(self.api_key.encode()).hexdigest()[:16]


NO_VENDOR: Final = Access(world=World.PREVIEW, base_url=None, api_key="", speed=1.0)
"""A preview's: it asks nobody for anything."""


UNASKED: Final = Access(world=World.LIVE, base_url=LIVE_URL, api_key="", speed=1.0)
"""What is live, looked at without asking the vendor anything: needs no key."""


def choose_access(
    settings: Settings, *, live: bool = False, base_url: str | None = None, speed: float | None = None
) -> Access:
    """What the options and the environment come to.

    Raises:
        UsageError: options that do not go together, no key for --live, an address that is not this machine's.
    """
    if settings.api_key and not _is_token(settings.api_key):
        raise UsageError("NANOPHOTO_API_KEY holds a space, a line break or a letter that no key has; set it anew.")
    if live:
        return _live(settings, base_url, speed)
    if speed is not None and speed <= 0:
        raise UsageError(f"--speed must be above 0, not {speed:g}.")
    key = settings.api_key if settings.api_key and settings.api_key.startswith(SANDBOX_KEY_PREFIX) else SANDBOX_KEY
    if base_url is not None:
        _check_loopback(base_url)
    return Access(world=World.SANDBOX, base_url=base_url, api_key=key, speed=speed or SANDBOX_SPEED)


def _is_token(api_key: str) -> bool:
    """Whether it can stand in a header. What cannot would be told, key and all, by the error about the header."""
    return api_key.isascii() and api_key.isprintable() and " " not in api_key


def _live(settings: Settings, base_url: str | None, speed: float | None) -> Access:
    if base_url is not None or speed is not None:
        raise UsageError("--live goes to the vendor, at its own speed: leave out --base-url and --speed.")
    if not settings.api_key:
        raise UsageError("--live needs your key in the environment: export NANOPHOTO_API_KEY=… and run again.")
    if settings.api_key.startswith(SANDBOX_KEY_PREFIX):
        raise UsageError("NANOPHOTO_API_KEY holds a sandbox key; --live needs the vendor's, or leave out --live.")
    return Access(world=World.LIVE, base_url=LIVE_URL, api_key=settings.api_key, speed=1.0)


def _check_loopback(base_url: str) -> None:
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    try:
        is_loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = host == "localhost"
    if parts.scheme != "http" or not is_loopback or parts.path not in ("", "/"):
        raise UsageError(
            f"--base-url takes a sandbox on this machine, such as http://127.0.0.1:8765, not {base_url}. "
            "For the vendor use --live."
        )
