"""Which addresses a vendor elsewhere can fetch a picture from. Asks nobody; reads the address alone."""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import urlsplit

MAX_LETTERS: Final = 2_000


def what_is_wrong_with(url: str) -> str | None:
    """Why `url` is no public https address, as a clause; None if it is one."""
    if len(url) > MAX_LETTERS or not url.isascii() or not url.isprintable() or " " in url:
        return "it is too long, or holds a space or a letter that no address has"
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return "it is no address"
    if parts.scheme != "https" or not host:
        return "it does not begin with https:// and a host"
    if parts.username is not None:
        return "it holds a user name or a password"
    return "its host is this machine or its network, where the vendor cannot look" if _is_near(host) else None


def _is_near(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal"))
