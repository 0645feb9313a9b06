"""Whose certificates are believed, by every connection of this process."""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def trusted_authorities() -> ssl.SSLContext:
    """Of certifi's list. Reading it takes some 20 ms, so it is done once a process."""
    return httpx.create_ssl_context(trust_env=False)
