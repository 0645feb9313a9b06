"""Clips that were damaged after they had landed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from builders import a_shot, a_storyboard
from shoot.backlot import Backlot, open_backlot

from pipeline.digest import hash_file
from pipeline.model.plan import Decision

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
