"""Fetching a clip: resumed, capped, hashed, and published only when it is whole.

Knows the video host and the disk, nothing of tasks or money. No `Authorization` and no cookie goes to the host. A
download is written aside as `.part`, synced and renamed to its content's name, so that a path in the store never holds
part of one. A part is gone on with only where the host says that it is still the same file (ETag, length) and what was
fetched last comes again byte for byte: an ETag that lies would make one clip of two.
"""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import json
import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any, BinaryIO, Final

import httpx

from pipeline.authorities import trusted_authorities
from pipeline.digest import ContentHash
from pipeline.errors import DownloadError, MachineError, UrlExpiredError
from pipeline.folders import make_folder

MAX_CLIP_BYTES: Final = 2 * 1024**3
MAX_REDIRECTS: Final = 3
MAX_PORT: Final = 65_535
OVERLAP_BYTES: Final = 65_536
"""So much of a part is fetched again and compared; what is shorter starts over."""

EXPIRED_STATUS: Final = frozenset({401, 403, 404, 410})
TIMEOUT: Final = httpx.Timeout(60, connect=20)
CONNECTED: Final = "connection.connect_tcp.complete"  # httpcore's name for the step; nothing was sent before
_TUNNELLED: Final = ipaddress.ip_network("198.18.0.0/15")  # RFC 2544
_RANGE: Final = re.compile(r"bytes (\d{1,18})-\d{1,18}/(\d{1,18}|\*)")  # RFC 9110, 14.4

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
            host = address.host
        except (httpx.InvalidURL, TypeError, UnicodeError) as error:  # the last: a host that no name comes out as
            raise DownloadError(f"the vendor's clip address cannot be read ({error}).") from error
        if self.sandbox_origin is not None:
            if httpx.URL(self.sandbox_origin).copy_with(path="/").join("/") != address.join("/"):
                raise DownloadError(f"the sandbox's clip address {url[:200]} is not its own.")
        elif address.scheme != "https" or _is_private(host) or (address.port or 0) > MAX_PORT:
            raise DownloadError(f"the clip address {url[:200]} is no public https address; it was not asked.")

    def check_peer(self, address: str) -> None:
        """Raises DownloadError where a public name leads to a private machine."""
        if self.sandbox_origin is None and _is_private(address) and not _is_tunnelled(address):
            raise DownloadError(f"the video host's name leads to {address}, which is no public address; left alone.")


def _is_private(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
        address = getattr(address, "ipv4_mapped", None) or address
        return not address.is_global or address.is_multicast
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))


def _is_tunnelled(address: str) -> bool:
    """Whether it is one that tunnels hand out for a name whose true address they alone look up; nobody lives there."""
    return ipaddress.ip_address(address) in _TUNNELLED


async def fetch(url: str, part_path: Path, *, rule: HostRule, seconds: float, on_bytes: OnBytes) -> Fetched:
    """Bring the file at `url` to `part_path`, going on where an earlier try stopped if it is still the same file.

    Args:
        seconds: after which a host that still drips is left.

    Raises:
        UrlExpiredError: the host refuses the address or cannot be reached.
        DownloadError: the transfer broke off or does not add up; what came is kept for the next try.
        MachineError: the disk does not let it.
    """
    try:
        make_folder(part_path.parent)
        async with (
            asyncio.timeout(seconds),
            httpx.AsyncClient(
                timeout=TIMEOUT,
                trust_env=False,
                follow_redirects=False,
                verify=trusted_authorities(),
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            ) as client,
        ):
            await _transfer(client, url, part_path, rule, on_bytes)
        return _measure(part_path)
    except httpx.ConnectError as error:
        raise UrlExpiredError(f"the video host cannot be reached ({error}).") from error
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:  # the last: httpx looks into a redirect itself
        raise DownloadError(f"the download broke off ({type(error).__name__}: {error}).") from error
    except TimeoutError as error:  # before OSError, which it is
        raise DownloadError(f"the download was not done after {seconds:g} s.") from error
    except OSError as error:
        raise MachineError(f"the clip cannot be written to {part_path.parent}: {error.strerror}.") from error


async def _transfer(client: httpx.AsyncClient, url: str, part_path: Path, rule: HostRule, on_bytes: OnBytes) -> None:
    async def trace(step: str, facts: dict[str, Any]) -> None:
        if step == CONNECTED:
            stream = facts["return_value"]
            try:
                rule.check_peer(stream.get_extra_info("server_addr")[0])
            except DownloadError:
                await stream.aclose()
                raise

    have = _resume_from(part_path)
    headers = {"Accept-Encoding": "identity"}
    if have:
        headers |= {"Range": f"bytes={have.resume_at}-", "If-Range": have.tag}
    for _ in range(MAX_REDIRECTS + 1):
        rule.check(url)
        async with client.stream("GET", url, headers=headers, extensions={"trace": trace}) as response:
            if response.has_redirect_location:
                url = str(response.url.join(response.headers["Location"]))
                continue
            await _take_in(response, part_path, have, on_bytes)
            return
    raise DownloadError(f"the clip address was redirected more than {MAX_REDIRECTS} times.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What an earlier try left.

    Attributes:
        size_bytes: so many are on the disk for sure.
        tag: the strong ETag of the file that they are of.
        whole: that file's length, if it was told.
    """

    size_bytes: int
    tag: str
    whole: int | None

    @property
    def resume_at(self) -> int:
        return self.size_bytes - OVERLAP_BYTES


def _note_path(part_path: Path) -> Path:
    return part_path.with_suffix(".tag")


def _resume_from(part_path: Path) -> _Part | None:
    """What can be gone on with; a part without its note is none, since nobody knows what of it is on the disk."""
    try:
        part = _Part(**json.loads(_note_path(part_path).read_bytes()))
        is_there = part_path.stat().st_size >= part.size_bytes > OVERLAP_BYTES
    except (OSError, ValueError, TypeError):
        return None
    return part if is_there else None


def _forget(part_path: Path, why: str) -> DownloadError:
    """The part is no part of this file (any more): the next try starts over."""
    discard_part(part_path)
    return DownloadError(f"{why}; starting over.")


async def _take_in(response: httpx.Response, part_path: Path, have: _Part | None, on_bytes: OnBytes) -> None:
    if response.status_code in EXPIRED_STATUS:
        raise UrlExpiredError(f"the video host answered HTTP {response.status_code}.")
    if response.status_code == 416:
        raise _forget(part_path, "the video host has no such range")
    if response.status_code not in (200, 206):
        raise DownloadError(f"the video host answered HTTP {response.status_code}.")
    packing = response.headers.get("Content-Encoding", "identity")
    if packing != "identity":
        raise DownloadError(f"the video host sent the clip packed ({packing[:60]}), which was not asked for.")
    if response.status_code == 206:
        whole = _whole_size_of_rest(response, part_path, have)
    else:
        have, length = None, response.headers.get("Content-Length", "")
        whole = int(length) if length.isdecimal() else None
    if whole is not None and whole > MAX_CLIP_BYTES:
        raise DownloadError(f"the clip is said to be {whole} bytes long, more than the {MAX_CLIP_BYTES} allowed.")
    written = await _write(response, part_path, have, whole, on_bytes)
    if whole is not None and written != whole:
        raise DownloadError(f"{written} of {whole} bytes came.")


def _whole_size_of_rest(response: httpx.Response, part_path: Path, have: _Part | None) -> int | None:
    """The whole file's length by a 206. Raises DownloadError if it does not go on with the part."""
    told = response.headers.get("Content-Range", "")
    match = _RANGE.fullmatch(told)
    if have is None or match is None or int(match[1]) != have.resume_at:
        raise _forget(part_path, f"the video host sent another range than was asked for ({told[:60]})")
    whole = int(match[2]) if match[2] != "*" else None
    if response.headers.get("ETag") != have.tag or (have.whole and whole and whole != have.whole):
        raise _forget(part_path, "the file at the clip address has changed")
    return whole or have.whole


async def _write(
    response: httpx.Response, part_path: Path, have: _Part | None, whole: int | None, on_bytes: OnBytes
) -> int:
    """Write what comes, and a note of how much of it is on the disk for sure; returns the length of the part."""
    if have is None:
        discard_part(part_path)
    try:
        with part_path.open("r+b" if have else "wb") as file:
            try:
                return await _append(response, file, have, whole, on_bytes)
            finally:
                file.flush()
                os.fsync(file.fileno())
                _note(part_path, file.tell(), response.headers.get("ETag", ""), whole)
    except _OtherFileError:
        raise _forget(part_path, "the file at the clip address is another one than was begun") from None


class _OtherFileError(Exception):
    """What is fetched a second time differs from the first."""


async def _append(
    response: httpx.Response, file: BinaryIO, have: _Part | None, whole: int | None, on_bytes: OnBytes
) -> int:
    written, known = 0, b""
    if have:
        file.truncate(have.size_bytes)
        written = file.seek(have.resume_at)
        known = file.read()
    async for piece in response.aiter_raw():
        again = min(len(piece), len(known))
        if piece[:again] != known[:again]:
            raise _OtherFileError
        known = known[again:]
        file.write(piece[again:])
        written += len(piece)
        if written > MAX_CLIP_BYTES:
            raise DownloadError(f"the clip does not end after {MAX_CLIP_BYTES} bytes.")
        on_bytes(written, whole)
    if known:
        raise DownloadError("the download broke off.")
    return written


def _note(part_path: Path, size_bytes: int, tag: str, whole: int | None) -> None:
    """Without a strong ETag a broken transfer starts over."""
    if tag and not tag.startswith("W/"):
        _note_path(part_path).write_text(json.dumps({"size_bytes": size_bytes, "tag": tag, "whole": whole}))


def discard_part(part_path: Path) -> None:
    """Forget what an earlier try left; what cannot be removed is no part without the other."""
    for path in (_note_path(part_path), part_path):
        with suppress(OSError):
            path.unlink()


def _measure(part_path: Path) -> Fetched:
    with part_path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Fetched(part_path, ContentHash(digest), part_path.stat().st_size)
