"""Clips that are cut, flipped and spliced: what the strict look sees, and what a resume lets by."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import av
import pytest
from footage import write_clip
from media.hosts import Host, bring_in, cut, rest, whole

from pipeline.errors import MediaError
from pipeline.media.download import OVERLAP_BYTES
from pipeline.media.probe import inspect

SEED: Final = 26
WORKERS: Final = 2
LAYOUTS: Final = ("index last", "index first")


def make_clip(folder: Path, layout: str, grey: Callable[[int], int], **fields: object) -> bytes:
    """A clip of 8 frames and a third of a second of sound, about 8,000 bytes."""
    path = write_clip(folder / "clip.mp4", frames=8, grey=grey, **fields)  # type: ignore[arg-type]
    if layout == LAYOUTS[0]:
        return path.read_bytes()
    first = folder / "first.mp4"
    with av.open(str(path)) as source, av.open(str(first), "w", options={"movflags": "+faststart"}) as made:
        tracks = {track.index: made.add_stream_from_template(track) for track in source.streams}
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = tracks[packet.stream.index]
                made.mux(packet)
    return first.read_bytes()


def filled(clip: bytes, length: int) -> bytes:
    """The clip, made so long with a box that says nothing."""
    more = length - len(clip)
    return clip + more.to_bytes(4, "big") + b"free" + bytes(more - 8)


def is_seen(folder: Path, damaged: bytes) -> bool:
    """Whether the strict look refuses it; anything but MediaError comes through."""
    path = folder / f"{random.getrandbits(64):x}.mp4"
    path.write_bytes(damaged)
    try:
        inspect(path, must_be_mp4=True)
    except MediaError:
        return True
    finally:
        path.unlink()
    return False


def cut_at(clip: bytes, at: int) -> bytes:
    return clip[:at]


def flipped_at(clip: bytes, bit: int) -> bytes:
    damaged = bytearray(clip)
    damaged[bit // 8] ^= 1 << bit % 8
    return bytes(damaged)


def unseen(folder: Path, damage: Callable[[int], bytes], places: list[int]) -> list[int]:
    """The places at which damage goes unnoticed."""
    return [at for at in places if not is_seen(folder, damage(at))]


def unseen_by_two(folder: Path, damage: Callable[[int], bytes], places: list[int]) -> list[int]:
    """The same, by two processes."""
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        shares = pool.map(partial(unseen, folder, damage), (places[n::WORKERS] for n in range(WORKERS)))
        return sorted(at for share in shares for at in share)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_cuts_are_seen(tmp_path: Path, layout: str) -> None:
    """At every 61st byte; the whole round is `make torture`."""
    clip = make_clip(tmp_path, layout, lambda n: 60 + 9 * n)
    assert unseen(tmp_path, partial(cut_at, clip), list(range(0, len(clip), 61))) == []


@pytest.mark.torture
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_cut_is_seen(tmp_path: Path, layout: str) -> None:
    """At every byte."""
    clip = make_clip(tmp_path, layout, lambda n: 60 + 9 * n)
    print(f"{len(clip)} cuts, {layout}")
    assert unseen_by_two(tmp_path, partial(cut_at, clip), list(range(len(clip)))) == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_flipped_bit_is_refused_or_not_but_breaks_nothing(tmp_path: Path, layout: str) -> None:
    """Of 100: many decode to another picture or sound, which nothing in the file tells; the rest is refused."""
    clip = make_clip(tmp_path, layout, lambda n: 60 + 9 * n)
    bits = random.Random(SEED).sample(range(len(clip) * 8), 100)
    assert 0 < len(unseen(tmp_path, partial(flipped_at, clip), bits)) < 100


@pytest.mark.torture
def test_a_thousand_flipped_bits(tmp_path: Path) -> None:
    """What decoding cannot see is measured and printed; once a clip is in the store, its hash sees all of it."""
    for layout in LAYOUTS:
        clip = make_clip(tmp_path, layout, lambda n: 60 + 9 * n)
        bits = random.Random(SEED).sample(range(len(clip) * 8), 500)
        missed = unseen_by_two(tmp_path, partial(flipped_at, clip), bits)
        print(f"seed {SEED}, {layout}: {500 - len(missed)} of 500 flips seen by decoding")
        assert len(missed) < 500


def splices_that_come_through(folder: Path, count: int) -> list[int]:
    """Where a transfer of A broke off and was gone on with as B, of one length and under one ETag, and not B came."""
    size_px, chance = (640, 384), random.Random(SEED)
    clips = [
        make_clip(folder, LAYOUTS[n % 2], lambda k, n=n: 50 + 9 * k + n, size_px=size_px, noise=9 + n) for n in (1, 3)
    ]
    length = max(map(len, clips)) + 8
    a, b = (filled(clip, length) for clip in clips)
    assert length > 2 * OVERLAP_BYTES
    wrong, host = [], Host([])
    with host.open() as url:
        for at in (chance.randrange(1, length) for _ in range(count)):
            host.answers, host.asked = [cut(a, at), rest(b), whole(b)], []
            came = bring_in(3 if at > OVERLAP_BYTES else 2, url, folder / "clip.part")
            wrong += [at] if came.part_path.read_bytes() != b else []
            came.part_path.unlink()
    return wrong


def test_a_resumed_clip_is_never_of_two_files(tmp_path: Path) -> None:
    """Ten places."""
    assert splices_that_come_through(tmp_path, 10) == []


@pytest.mark.torture
def test_two_hundred_resumed_clips_are_never_of_two_files(tmp_path: Path) -> None:
    """What comes again is compared, so that the splice is seen before it is made."""
    assert splices_that_come_through(tmp_path, 200) == []
