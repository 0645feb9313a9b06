"""Each publisher keeps its promise: a picture gets an address where its bytes are found, once a content."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from builders_publish import a_picture, an_uploader

from pipeline.digest import Fingerprint
from pipeline.errors import NotPublishedError, PublishError
from pipeline.ports import Publisher
from pipeline.project import StorePaths
from pipeline.publish.command import Uploader
from pipeline.publish.manual import ByHand
from pipeline.publish.memory import Memory, Remembering
from pipeline.publish.shelf import SandboxShelf
from pipeline.publish.static import StaticFolder
from pipeline.sandbox import SandboxConfig, serve

COUNTING = 'open("count", "a").write("x"); print("https://a.example/" + name)'


def uploader(folder: Path, body: str, seconds: float = 20) -> Uploader:
    return Uploader(an_uploader(folder, body), folder, {"PATH": os.environ["PATH"]}, seconds)


def memory(folder: Path, publisher: str = "p" * 64) -> Memory:
    return Memory(StorePaths(folder / "store"), Fingerprint(publisher))


def published(publisher: Publisher, folder: Path, name: str = "hero.png") -> str:
    return asyncio.run(publisher.publish(a_picture(folder, name)))


def test_a_folder_shows_the_picture_under_its_content(tmp_path: Path) -> None:
    """The name is the hash, and the bytes are the picture's."""
    picture = a_picture(tmp_path)
    url = asyncio.run(StaticFolder(tmp_path / "www", "https://a.example/p/").publish(picture))
    assert url == f"https://a.example/p/{picture.sha256}.png"
    assert (tmp_path / "www" / f"{picture.sha256}.png").read_bytes() == picture.path.read_bytes()


def test_an_uploader_is_asked_once_a_content(tmp_path: Path) -> None:
    """Two runs, two names, one content: one upload, one address."""
    first, second = (
        published(Remembering(uploader(tmp_path, COUNTING), memory(tmp_path)), tmp_path, name)
        for name in ("hero.png", "copy.png")
    )
    assert first == second
    assert (tmp_path / "count").read_text() == "x"


def test_another_publisher_has_another_memory(tmp_path: Path) -> None:
    """The address on the old host may be gone."""
    published(Remembering(uploader(tmp_path, COUNTING), memory(tmp_path)), tmp_path)
    published(Remembering(uploader(tmp_path, COUNTING), memory(tmp_path, "q" * 64)), tmp_path)
    assert (tmp_path / "count").read_text() == "xx"


def test_an_uploaders_talk_before_the_last_line_is_no_address(tmp_path: Path) -> None:
    """Progress is printed by many."""
    talk = 'print("https://progress.example/50%"); print("done"); print("https://a.example/b.png\\n")'
    assert published(uploader(tmp_path, talk), tmp_path) == "https://a.example/b.png"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("sys.exit('no such bucket')", "status 1. It said: no such bucket"),
        ("print('http://a.example/b.png')", "does not begin with https://"),
        ("print('https://localhost/b.png')", "where the vendor cannot look"),
        ("print('https://user:word@a.example/b.png')", "user name or a password"),
        ("pass", "last line is nothing"),
        ("print('uploaded it well')", "not a public address"),
    ],
)
def test_an_uploader_that_gives_no_public_address_is_told_so(tmp_path: Path, body: str, says: str) -> None:
    """Before anything is paid."""
    with pytest.raises(PublishError, match=says.replace("(", r"\(")):
        published(uploader(tmp_path, body), tmp_path)


def test_an_uploader_has_an_end(tmp_path: Path) -> None:
    """It is stopped, and so is what it started."""
    body = "import subprocess; subprocess.Popen(['sleep', '30']); time.sleep(30)"
    before = time.monotonic()
    with pytest.raises(PublishError, match=r"longer than 0\.5 s"):
        published(uploader(tmp_path, body, seconds=0.5), tmp_path)
    assert time.monotonic() - before < 15


def test_no_shell_reads_a_name(tmp_path: Path) -> None:
    """A picture may be called anything."""
    assert published(uploader(tmp_path, COUNTING), tmp_path, "a; touch $(evil) `b`.png").startswith("https://a.ex")
    assert not (tmp_path / "evil").exists()


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    """So that the slip of the pen is seen."""
    with pytest.raises(PublishError, match="no-such-program cannot be started"):
        published(Uploader(["no-such-program", "{file}"], tmp_path, {}, 5), tmp_path)


def test_a_picture_that_is_saved_during_its_upload_gets_no_address(tmp_path: Path) -> None:
    """Else the address that is remembered for one content would show another."""
    saving = Remembering(uploader(tmp_path, f"open(file, 'ab').write(b'more'); {COUNTING}"), memory(tmp_path))
    picture = a_picture(tmp_path)
    with pytest.raises(PublishError, match="was changed while it was being published"):
        asyncio.run(saving.publish(picture))
    assert memory(tmp_path).recall(picture.sha256) is None


def test_a_picture_that_was_saved_anew_is_not_copied_under_its_old_name(tmp_path: Path) -> None:
    """A name is a content, and stays there for good."""
    picture = a_picture(tmp_path)
    picture.path.write_bytes(b"another")
    with pytest.raises(PublishError, match="was changed while it was being published"):
        asyncio.run(StaticFolder(tmp_path / "www", "https://a.example").publish(picture))
    assert not (tmp_path / "www").exists()


def test_by_hand_nothing_is_published_until_the_user_says_where(tmp_path: Path) -> None:
    """Then the word is kept."""
    by_hand = Remembering(ByHand(), memory(tmp_path))
    with pytest.raises(NotPublishedError, match=r"assets/hero\.png"):
        published(by_hand, tmp_path)
    memory(tmp_path).keep(a_picture(tmp_path).sha256, "https://a.example/hero.png")
    assert published(by_hand, tmp_path) == "https://a.example/hero.png"


@pytest.mark.parametrize("name", ["hero.png", "hero.webp", "hero.jpeg"])
def test_the_sandbox_shows_what_was_put_there(tmp_path: Path, name: str) -> None:
    """Twice is as good as once."""
    with serve(SandboxConfig(state_dir=tmp_path / "state")) as origin:
        picture = a_picture(tmp_path, name)
        urls = {asyncio.run(SandboxShelf(origin).publish(picture)) for _ in range(2)}
        assert urls == {f"{origin}/assets/{picture.public_name}"}
        assert httpx.get(urls.pop(), trust_env=False).content == picture.path.read_bytes()


def test_the_sandbox_says_which_picture_it_does_not_take(tmp_path: Path) -> None:
    """A kind that it does not know."""
    with serve(SandboxConfig(state_dir=tmp_path / "state")) as origin, pytest.raises(PublishError, match=r"hero\.gif"):
        published(SandboxShelf(origin), tmp_path, "hero.gif")


def test_a_sandbox_that_is_gone_is_told(tmp_path: Path) -> None:
    """Nobody listens there."""
    with pytest.raises(PublishError, match="did not reach the sandbox"):
        published(SandboxShelf("http://127.0.0.1:9"), tmp_path)


OPENED: dict[str, Callable[[Path], Publisher]] = {
    "static": lambda folder: StaticFolder(folder / "www", "https://a.example"),
    "command": lambda folder: Remembering(uploader(folder, COUNTING), memory(folder)),
}


@pytest.mark.parametrize("kind", OPENED)
def test_equal_content_keeps_its_address_across_runs(tmp_path: Path, kind: str) -> None:
    """Each run has a publisher of its own."""
    assert len({published(OPENED[kind](tmp_path), tmp_path) for _ in range(3)}) == 1
