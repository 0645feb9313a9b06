"""Canonical JSON and the Fingerprints made of it: equal values, equal bytes, on every machine."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from pathlib import Path
from typing import Any, NewType

Fingerprint = NewType("Fingerprint", str)
"""SHA-256 over canonical JSON, 64 hex digits: what was asked for."""

ContentHash = NewType("ContentHash", str)
"""SHA-256 over a file's bytes, 64 hex digits: what is there."""


def canonical_json(value: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces. Raises ValueError for NaN and infinities."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def fingerprint(value: Any) -> Fingerprint:
    return Fingerprint(hashlib.sha256(canonical_json(value)).hexdigest())


def hash_file(path: Path) -> ContentHash:
    """The hash of the bytes at `path`. Raises OSError; for what is no file, too: a pipe would be waited for."""
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
    with path.open("rb") as file:
        return ContentHash(hashlib.file_digest(file, "sha256").hexdigest())
