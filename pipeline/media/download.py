"""Fetching a clip: resumed, capped, hashed, and published only when it is whole.

Knows the video host and the disk, nothing of tasks or money. No `Authorization` goes to the host. A download is
written aside as `.part`, synced and renamed to its content's name, so that a path in the store never holds part of one.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import os
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import httpx

from pipeline.digest import ContentHash
from pipeline.errors import DownloadError, MachineError, UrlExpiredError
from pipeline.host import make_folder

MAX_CLIP_BYTES: Final = 2 * 1024**3
MAX_REDIRECTS: Final = 3
MAX_PORT: Final = 65_535
EXPIRED_STATUS: Final = frozenset({401, 403, 404, 410})
TIMEOUT: Final = httpx.Timeout(60, connect=20)

OnBytes = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole file: where it was written, what it holds."""

    part_path: Path
    sha256: ContentHash
    size_bytes: int


@dataclass(frozen=True, slots=True)
class HostRule:
    """Which addresses clips may be fetched from.

    Attributes:
        sandbox_origin: `http://127.0.0.1:port` of the sandbox in use, and then nothing else; None: any public https.
    """

    sandbox_origin: str | None

    def check(self, url: str) -> None:
        """Raises DownloadError for an address that is not to be asked."""
        try:
            address = httpx.URL(url)
        except (httpx.InvalidURL, TypeError) as error:
            raise DownloadError(f"the vendor's clip address cannot be read ({error}).") from error
        if self.sandbox_origin is not None:
            if httpx.URL(self.sandbox_origin).copy_with(path="/").join("/") != address.join("/"):
                raise DownloadError(f"the sandbox's clip address {url[:200]} is not its own.")
        elif address.scheme != "https" or _is_private(address.host) or (address.port or 0) > MAX_PORT:
            raise DownloadError(f"the clip address {url[:200]} is no public https address; it was not asked.")


@cache
def trusted_authorities() -> ssl.SSLContext:
    """Whose certificates are believed. Reading their list takes 50 ms, so it is done once a process."""
    return httpx.create_ssl_context(trust_env=False)


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))


async def fetch(url: str, part_path: Path, *, rule: HostRule, on_bytes: OnBytes) -> Fetched:
    """Bring the file at `url` to `part_path`, going on where an earlier try stopped if it is still the same file.

    Raises:
        UrlExpiredError: the host refuses the address or cannot be reached.
        DownloadError: the transfer broke off or does not add up; what came is kept for the next try.
        MachineError: the disk does not let it.
    """
    try:
        make_folder(part_path.parent)
        authorities = trusted_authorities()
        async with httpx.AsyncClient(
            timeout=TIMEOUT, trust_env=False, follow_redirects=False, verify=authorities
        ) as client:
            await _transfer(client, url, part_path, rule, on_bytes)
        return _measure(part_path)
    except httpx.ConnectError as error:
        raise UrlExpiredError(f"the video host cannot be reached ({error}).") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise DownloadError(f"the download broke off ({type(error).__name__}: {error}).") from error
    except OSError as error:
        raise MachineError(f"the clip cannot be written to {part_path.parent}: {error.strerror}.") from error


async def _transfer(client: httpx.AsyncClient, url: str, part_path: Path, rule: HostRule, on_bytes: OnBytes) -> None:
    have = _resume_from(part_path)
    headers = {"Range": f"bytes={have.size_bytes}-", "If-Range": have.tag} if have else {}
    for _ in range(MAX_REDIRECTS + 1):
        rule.check(url)
        async with client.stream("GET", url, headers={**headers, "Accept-Encoding": "identity"}) as response:
            if response.has_redirect_location:
                url = str(response.url.join(response.headers["Location"]))
                continue
            await _take_in(response, part_path, have, on_bytes)
            return
    raise DownloadError(f"the clip address was redirected more than {MAX_REDIRECTS} times.")


@dataclass(frozen=True, slots=True)
class _Part:
    size_bytes: int
    tag: str


def _tag_path(part_path: Path) -> Path:
    return part_path.with_suffix(".tag")


def _resume_from(part_path: Path) -> _Part | None:
    """What an earlier try left, if its strong ETag is known."""
    try:
        tag = json.loads(_tag_path(part_path).read_text())["etag"]
        size = part_path.stat().st_size
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return _Part(size, tag) if isinstance(tag, str) and size else None


async def _take_in(response: httpx.Response, part_path: Path, have: _Part | None, on_bytes: OnBytes) -> None:
    if response.status_code in EXPIRED_STATUS:
        raise UrlExpiredError(f"the video host answered HTTP {response.status_code}.")
    if response.status_code == 416:  # the part is no part of this file (any more)
        part_path.unlink(missing_ok=True)
        raise DownloadError("the video host has no such range; starting over.")
    if response.status_code not in (200, 206):
        raise DownloadError(f"the video host answered HTTP {response.status_code}.")
    start = have.size_bytes if have and response.status_code == 206 else 0
    whole = _whole_size(response, start)
    if whole is not None and whole > MAX_CLIP_BYTES:
        raise DownloadError(f"the clip is said to be {whole} bytes long, more than the {MAX_CLIP_BYTES} allowed.")
    if start == 0:
        _remember_tag(response, part_path)
    written = await _write(response, part_path, start, whole, on_bytes)
    if whole is not None and written != whole:
        raise DownloadError(f"{written} of {whole} bytes came.")


async def _write(response: httpx.Response, part_path: Path, start: int, whole: int | None, on_bytes: OnBytes) -> int:
    written = start
    with part_path.open("r+b" if start else "wb") as file:
        file.seek(start)
        file.truncate()
        async for piece in response.aiter_raw():
            file.write(piece)
            written += len(piece)
            if written > MAX_CLIP_BYTES:
                raise DownloadError(f"the clip does not end after {MAX_CLIP_BYTES} bytes.")
            on_bytes(written, whole)
        file.flush()
        os.fsync(file.fileno())
    return written


def _whole_size(response: httpx.Response, start: int) -> int | None:
    """The file's whole length as the answer tells it. Raises DownloadError if a 206 does not begin where asked."""
    if response.status_code == 206:
        unit_range, _, total = response.headers.get("Content-Range", "").partition("/")
        if not unit_range.startswith(f"bytes {start}-"):
            raise DownloadError(f"the video host sent another range than was asked for ({unit_range[:60]}).")
        return int(total) if total.isdigit() else None
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isdigit() else None


def _remember_tag(response: httpx.Response, part_path: Path) -> None:
    """Keep a strong ETag beside the part; without one a broken transfer starts over."""
    tag = response.headers.get("ETag", "")
    if tag and not tag.startswith("W/"):
        _tag_path(part_path).write_text(json.dumps({"etag": tag}))
    else:
        _tag_path(part_path).unlink(missing_ok=True)


def _measure(part_path: Path) -> Fetched:
    with part_path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Fetched(part_path, ContentHash(digest), part_path.stat().st_size)


def discard_part(part_path: Path) -> None:
    """Forget what an earlier try left."""
    part_path.unlink(missing_ok=True)
    _tag_path(part_path).unlink(missing_ok=True)
