"""Clips that are damaged when they come, or were damaged after they had landed."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from builders import a_shot, a_storyboard
from footage import write_clip
from media.hosts import Host, whole
from shoot.backlot import Backlot, open_backlot

from pipeline.digest import ContentHash, hash_file
from pipeline.errors import MediaError
from pipeline.host import SystemClock, SystemDice
from pipeline.media.download import HostRule
from pipeline.media.seam_meter import SeamMeter
from pipeline.media.store import ClipStore
from pipeline.model.plan import Decision
from pipeline.model.take import Slate
from pipeline.project import StorePaths
from pipeline.shoot.policy import Policy

FILM = a_storyboard(a_shot("run"))


@pytest.fixture
def backlot(tmp_path: Path) -> Iterator[Backlot]:
    """A project whose one clip has landed."""
    with open_backlot(tmp_path, {"run": 100}) as lot:
        assert lot.shoot(FILM) is None
        yield lot


def clip_of(lot: Backlot) -> Path:
    (clip,) = (lot.store.root / "takes").glob("??/*.mp4")
    return clip


def flip(clip: Path) -> None:
    """One bit in the middle, which may well decode."""
    content = bytearray(clip.read_bytes())
    content[len(content) // 2] ^= 1
    clip.write_bytes(content)


@pytest.mark.parametrize("shorten", [lambda clip: os.truncate(clip, 100), Path.unlink])
def test_a_clip_that_is_gone_or_shorter_is_planned_to_be_fetched_again(
    backlot: Backlot, shorten: Callable[[Path], None]
) -> None:
    """A plan looks at lengths alone; the next run pays nothing, and the clip is whole."""
    shorten(clip_of(backlot))
    assert backlot.decisions(FILM) == {"run": Decision.RESUME}
    assert backlot.shoot(FILM) is None
    assert (hash_file(clip_of(backlot)), backlot.charges()) == (clip_of(backlot).stem, 1)


@pytest.mark.parametrize("damage", [flip, lambda clip: clip.write_bytes(bytes(clip.stat().st_size))])
def test_a_clip_that_is_damaged_is_fetched_again_before_a_film_is_made_of_it(
    backlot: Backlot, damage: Callable[[Path], None]
) -> None:
    """Zeroed, or one bit of it another; a run looks at every byte, says so, and pays nothing."""
    damage(clip_of(backlot))
    assert backlot.shoot(FILM) is None
    assert (hash_file(clip_of(backlot)), backlot.charges()) == (clip_of(backlot).stem, 1)
    assert backlot.notes == ["run: its clip was damaged in the store; it is fetched again."]


def test_a_clip_that_is_damaged_before_it_was_looked_through_does_not_pass(backlot: Backlot) -> None:
    """A run died between the two; what is wrong with the file decodes well, and its hash tells all the same."""
    clip, clock = clip_of(backlot), SystemClock()
    store = ClipStore(paths=backlot.store, rule=HostRule(backlot.url), policy=Policy(), clock=clock, dice=SystemDice())
    clip.write_bytes(clip.read_bytes()[:-1] + b"!")
    with pytest.raises(MediaError, match="damaged in the store"):
        asyncio.run(store.verify(ContentHash(clip.stem)))


def test_a_clip_is_measured_while_it_is_verified(tmp_path: Path) -> None:
    """What its seams are judged by is there when it has landed, without a second look at it."""
    clip, paths = write_clip(tmp_path / "clip.mp4", frames=12), StorePaths(tmp_path / "store")
    meter, clock = SeamMeter(paths), SystemClock()
    sha256 = hash_file(clip)
    paths.take_path(sha256).parent.mkdir(parents=True)
    shutil.copy(clip, paths.take_path(sha256))
    store = ClipStore(paths=paths, rule=HostRule(None), policy=Policy(), clock=clock, dice=SystemDice(), meter=meter)
    media = asyncio.run(store.verify(sha256))
    known = meter.known(sha256)
    paths.take_path(sha256).unlink()
    assert known is not None
    assert (known.frames, meter.measure(media)) == (12, known)


def test_a_clip_that_does_not_decode_is_kept_and_fetched_anew(tmp_path: Path) -> None:
    """The bytes that came stay as evidence; nothing of them is gone on with."""
    good = write_clip(tmp_path / "clip.mp4", frames=8, size_px=(640, 384), grey=60, noise=9).read_bytes()
    bad = good[: len(good) // 2] + bytes(len(good) - len(good) // 2)
    host, slate = Host([whole(bad), whole(good)]), Slate(project="demo", shot="run", number=1)
    with host.open() as url:
        paths, clock = StorePaths(tmp_path / "store"), SystemClock()
        store = ClipStore(paths=paths, rule=HostRule(url), policy=Policy(), clock=clock, dice=SystemDice())
        came = [asyncio.run(store.download(f"{url}/clip", slate, on_bytes=lambda _have, _whole: None)) for _ in "12"]
    with pytest.raises(MediaError):
        asyncio.run(store.verify(came[0].sha256))
    assert asyncio.run(store.verify(came[1].sha256)).info.frames == 8
    assert host.ranges == [None, None]
    assert [store.paths.take_path(each.sha256).read_bytes() for each in came] == [bad, good]
