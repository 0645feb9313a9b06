"""Which vendor a command talks to, with which key: the sandbox inside the run, one that already runs, or the real one.

The key comes from the environment or from a file that is the user's alone; no option takes it.
"""

from __future__ import annotations

import hashlib
import ipaddress
import os
import shlex
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pipeline.errors import UsageError
from pipeline.project import World
from pipeline.safe_text import keep_secret
from pipeline.settings import KEY, KEY_FILE, Settings

LIVE_URL: Final = "https://nanophoto.ai"
SANDBOX_SPEED: Final = 60.0
MIN_SPEED: Final = 0.01
MAX_SPEED: Final = 10_000  # beyond, the day for which a clip is asked for is over before one is drawn
SANDBOX_KEY: Final = "sbx_test"
SANDBOX_KEY_PREFIX: Final = "sbx_"

MAX_KEY_BYTES: Final = 4_096
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Whose API, with which key, at which speed of its clock.

    Attributes:
        base_url: None for the sandbox that runs inside the run.
        key_from: where the key was found, in words.
    """

    world: World
    base_url: str | None
    api_key: str = field(repr=False)
    speed: float
    key_from: str = ""

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
        UsageError: options that do not go together, no key for --live, a key that cannot be used or that others can
            read, an address that is not this machine's, a speed that no clock runs at.
    """
    found = find_key(settings)
    if live:
        return _live(found, base_url, speed)
    if speed is not None and not MIN_SPEED <= speed <= MAX_SPEED:  # nan is neither
        raise UsageError(f"--speed takes a number from {MIN_SPEED} to {MAX_SPEED:,}, not {speed:g}.")
    key = found if found.is_of_a_sandbox else SANDBOX
    if base_url is not None:
        _check_loopback(base_url)
    return Access(
        world=World.SANDBOX, base_url=base_url, api_key=key.text, speed=speed or SANDBOX_SPEED, key_from=key.origin
    )


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A key, empty if there is none, and where it was found."""

    text: str = field(repr=False)
    origin: str

    @property
    def is_of_a_sandbox(self) -> bool:
        return self.text.startswith(SANDBOX_KEY_PREFIX)


SANDBOX: Final = FoundKey(SANDBOX_KEY, "the sandbox's own")


def find_key(settings: Settings) -> FoundKey:
    """The user's key. Raises UsageError if it stands twice, cannot be used, or can be read by others."""
    if settings.api_key and settings.api_key_path:
        raise UsageError(f"{KEY} and {KEY_FILE} are both set; unset one of them.")
    if settings.api_key_path:
        found = FoundKey(_read_key(settings.api_key_path), str(settings.api_key_path))
    else:
        found = FoundKey(settings.api_key or "", KEY)
    if not _is_token(found.text):
        raise UsageError(f"{found.origin} holds a space, a line break or a letter that no key has; set it anew.")
    return found


def _read_key(path: Path) -> str:
    """What stands in a file that is the user's alone."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a pipe would be waited for
        with open(handle, "rb") as file:  # noqa: PTH123 - what was opened is what is looked at
            seen = os.fstat(handle)
            if not stat.S_ISREG(seen.st_mode):
                raise UsageError(f"{KEY_FILE} names {path}, which is no file.")
            if seen.st_uid != os.geteuid():
                raise UsageError(f"{path} holds the key and belongs to somebody else. Name a file of your own.")
            if seen.st_mode & OTHERS:
                raise UsageError(f"{path} holds the key and is open to others: chmod 600 {shlex.quote(str(path))}")
            text = file.read(MAX_KEY_BYTES).decode(errors="replace").strip()
    except OSError as error:
        raise UsageError(f"{KEY_FILE} names {path}, which cannot be read: {error.strerror}.") from error
    if not text:
        raise UsageError(f"{KEY_FILE} names {path}, which is empty.")
    keep_secret(text)
    return text


def _is_token(api_key: str) -> bool:
    """Whether it can stand in a header. What cannot would be told, key and all, by the error about the header."""
    return api_key.isascii() and api_key.isprintable() and " " not in api_key


def _live(found: FoundKey, base_url: str | None, speed: float | None) -> Access:
    if base_url is not None or speed is not None:
        raise UsageError("--live goes to the vendor, at its own speed: leave out --base-url and --speed.")
    if not found.text:
        raise UsageError(f"--live needs your key: export {KEY}=…, or {KEY_FILE}= a file of mode 600 that holds it.")
    if found.is_of_a_sandbox:
        raise UsageError(f"{found.origin} holds a sandbox key; --live needs the vendor's, or leave out --live.")
    return Access(world=World.LIVE, base_url=LIVE_URL, api_key=found.text, speed=1.0, key_from=found.origin)


def _check_loopback(base_url: str) -> None:
    if not _is_loopback(base_url):
        raise UsageError(
            f"--base-url takes a sandbox on this machine, such as http://127.0.0.1:8765, not {base_url}. "
            "For the vendor use --live."
        )


def _is_loopback(base_url: str) -> bool:
    """Whether it is an http address of this machine, without a path; what cannot be read, or connected to, is none."""
    try:
        parts = urlsplit(base_url)
        host, port = parts.hostname or "", parts.port  # beyond 65535 it raises
        is_here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
    return parts.scheme == "http" and is_here and port != 0 and parts.path in ("", "/")
