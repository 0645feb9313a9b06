"""Fetching clips from hosts that mix up files, never end, or lead elsewhere."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from media.hosts import Answer, Host, bring, cut, piece, rest, whole
from starlette.responses import RedirectResponse, Response, StreamingResponse

from pipeline.errors import DownloadError
from pipeline.media.download import HostRule

A, B = (random.Random(seed).randbytes(200_000) for seed in (1, 2))


def test_two_files_under_one_etag_never_become_one(tmp_path: Path) -> None:
    """The rest of another file of the same length: what comes twice differs, and the third try fetches all of it."""
    host = Host([cut(A, 100_000), rest(B), whole(B)])
    came = host.fetch(tmp_path / "clip.part", tries=3)
    assert came.part_path.read_bytes() == B
    assert host.ranges == [None, "bytes=34464-", None]


@pytest.mark.parametrize(
    "lie", [rest(A, tag='"other"'), rest(A, tag=None), rest(A, total=200_001), lambda _: Response(status_code=416)]
)
def test_a_rest_that_may_be_another_files_starts_over(tmp_path: Path, lie: Answer) -> None:
    """Another ETag or none, another length, or no such range any more."""
    host = Host([cut(A, 100_000), lie, whole(A)])
    assert host.fetch(tmp_path / "clip.part", tries=3).part_path.read_bytes() == A
    assert host.ranges == [None, "bytes=34464-", None]


@pytest.mark.parametrize("told", ["", "bytes 5-9/10", "bytes 34464-199999/" + "9" * 5_000, "bytes */200000"])
def test_a_range_that_was_not_asked_for_is_not_taken(tmp_path: Path, told: str) -> None:
    """Nor is a number that is none."""
    host = Host([cut(A, 100_000), lambda _: Response(A[34_464:], 206, {"Content-Range": told}), whole(A)])
    assert host.fetch(tmp_path / "clip.part", tries=3).part_path.read_bytes() == A


def test_a_rest_may_come_in_pieces(tmp_path: Path) -> None:
    """Each try gets on by what the host gives it."""
    host = Host([cut(A, 100_000), piece(A, 34_464, 150_000), piece(A, 84_464, 200_000)])
    assert host.fetch(tmp_path / "clip.part", tries=3).part_path.read_bytes() == A


@pytest.mark.parametrize("tag", ['W/"same"', ""])
def test_without_a_strong_etag_a_transfer_starts_over(tmp_path: Path, tag: str) -> None:
    """A weak one says only that two files look alike."""
    host = Host([cut(A, 100_000, tag), whole(B, tag)])
    assert host.fetch(tmp_path / "clip.part", tries=2).part_path.read_bytes() == B
    assert host.ranges == [None, None]


def test_a_part_of_which_nobody_knows_what_is_on_the_disk_is_none(tmp_path: Path) -> None:
    """Left by a process that was killed; it may hold zeros after a power cut."""
    (tmp_path / "clip.part").write_bytes(bytes(150_000))
    host = Host([whole(A)])
    assert host.fetch(tmp_path / "clip.part").part_path.read_bytes() == A
    assert host.ranges == [None]


def test_a_host_that_drips_for_ever_is_left(tmp_path: Path) -> None:
    """A byte now and then keeps every other deadline."""

    async def drip() -> AsyncIterator[bytes]:
        while True:
            yield b"x"
            await asyncio.sleep(0.02)

    with pytest.raises(DownloadError, match=r"not done after 0\.3 s"):
        Host([lambda _: StreamingResponse(drip())]).fetch(tmp_path / "clip.part", seconds=0.3)


@pytest.mark.parametrize("headers", [{"Content-Encoding": "gzip"}, {"Content-Length": str(2**31 + 1)}])
def test_what_is_packed_or_too_large_is_not_taken(tmp_path: Path, headers: dict[str, str]) -> None:
    """Before its first byte."""
    with pytest.raises(DownloadError, match=r"packed|more than"):
        Host([lambda _: StreamingResponse(iter([A]), headers=headers)]).fetch(tmp_path / "clip.part")
    assert not (tmp_path / "clip.part").exists()


def test_no_cookie_and_no_key_goes_to_the_host(tmp_path: Path) -> None:
    """Not even the one that it has just set."""
    host = Host([lambda _: RedirectResponse("/other", headers={"Set-Cookie": "seen=1; Path=/"}), whole(A)])
    host.fetch(tmp_path / "clip.part")
    assert [request.url.path for request in host.asked] == ["/clip", "/other"]
    assert {"cookie", "authorization"} & {name for request in host.asked for name in request.headers} == set()


@pytest.mark.parametrize("lead", ["https://xn--a/clip", "https://xn--/clip", "//xn--a/clip"])
def test_a_redirect_to_a_host_that_has_no_name_is_a_broken_download(tmp_path: Path, lead: str) -> None:
    """As any other that leads nowhere is: the clip's address is asked for again."""
    with pytest.raises(DownloadError, match="broke off"):
        Host([lambda _: Response(status_code=302, headers={"Location": lead})]).fetch(tmp_path / "clip.part")


@pytest.mark.parametrize("name", ["127.1", "0x7f000001", "2130706433"])
def test_a_name_that_leads_to_a_private_address_gets_not_one_byte(tmp_path: Path, name: str) -> None:
    """The machine that is connected to is looked at, whatever it is called."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with pytest.raises(DownloadError, match=r"leads to 127\.0\.0\.1"):
            bring(f"https://{name}:{listener.getsockname()[1]}/clip", tmp_path / "clip.part", None)
        called, _ = listener.accept()
        with called:
            assert called.recv(1) == b""


def test_an_address_that_a_tunnel_hands_out_is_gone_to() -> None:
    """Some look up every name themselves; to refuse theirs would leave a paid clip unfetched. By itself it is none."""
    HostRule(None).check_peer("198.18.0.9")
    with pytest.raises(DownloadError):
        HostRule(None).check("https://198.18.0.9/clip")


@pytest.mark.parametrize("host", ["[::ffff:10.0.0.1]", "[::1]", "169.254.169.254", "224.0.0.1", "192.0.2.1"])
def test_no_address_is_asked_that_is_not_public(host: str) -> None:
    """However it is written."""
    with pytest.raises(DownloadError):
        HostRule(None).check(f"https://{host}/clip")
