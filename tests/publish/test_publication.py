"""The user's word on where a picture is: by what name it is meant, and what is kept of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from builders_publish import a_picture

from pipeline.digest import Fingerprint
from pipeline.errors import NotPublishedError, UsageError
from pipeline.media.prompt_pictures import PromptPictures
from pipeline.ports import Pictures
from pipeline.project import ProjectPaths, StorePaths
from pipeline.publication import WantedPicture, publish_all, remember
from pipeline.publish.manual import ByHand
from pipeline.publish.memory import Memory, Remembering
from pipeline.shoot.addresses import Addresses, all_of

URL = "https://a.example/h.png"


def memory(folder: Path) -> Memory:
    return Memory(StorePaths(folder / "store"), Fingerprint("p" * 64))


def pictures(folder: Path) -> Pictures:
    return PromptPictures(ProjectPaths(folder), StorePaths(folder / "store"))


def wanted(folder: Path) -> list[WantedPicture]:
    """Two pictures, of one shot each."""
    return [WantedPicture(picture=a_picture(folder, f"{name}.png", grey), shots=(name,)) for name, grey in PAIR.items()]


PAIR = {"hero": 40, "rival": 90}


def test_a_picture_is_meant_by_its_path_its_files_name_or_its_hash(tmp_path: Path) -> None:
    """All of them find the hero."""
    hero, _ = wanted(tmp_path)
    for n, name in enumerate(("assets/hero.png", "hero.png", hero.picture.sha256[:8], str(hero.picture.path))):
        remember({name: URL}, wanted(tmp_path), memory(tmp_path / f"store{n}"))
        assert memory(tmp_path / f"store{n}").recall(hero.picture.sha256) == URL


@pytest.mark.parametrize(
    "said",
    [{"her.png": URL}, {"hero.png": "http://a.example/h.png"}, {"rival.png": URL, "hero.png": "here"}, {"": URL}],
)
def test_a_slip_in_what_is_said_keeps_nothing(tmp_path: Path, said: dict[str, str]) -> None:
    """Another name, or no public address."""
    with pytest.raises(UsageError):
        remember(said, wanted(tmp_path), memory(tmp_path))
    assert [memory(tmp_path).recall(each.picture.sha256) for each in wanted(tmp_path)] == [None, None]


def test_one_picture_without_an_address_holds_up_no_other(tmp_path: Path) -> None:
    """The hero's was said, the rival waits for the user."""
    remember({"hero.png": URL}, wanted(tmp_path), memory(tmp_path))
    addresses = Addresses(pictures(tmp_path), Remembering(ByHand(), memory(tmp_path)))
    done = asyncio.run(publish_all(wanted(tmp_path), addresses))
    assert [(each.url, each.waits_for_the_user) for each in done] == [(URL, False), ("", True)]


def test_without_a_publisher_all_pictures_are_named_and_the_advice_once(tmp_path: Path) -> None:
    """Three lines: two pictures, and what to write."""
    done = asyncio.run(publish_all(wanted(tmp_path), Addresses(pictures(tmp_path), None)))
    error = all_of([each.problem for each in done if each.problem], "film")
    assert isinstance(error, NotPublishedError)
    assert [line.split()[0] for line in str(error).splitlines()] == ["assets/hero.png", "assets/rival.png", "The"]
