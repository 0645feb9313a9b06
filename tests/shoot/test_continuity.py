"""Shots that go on from others, over a real sandbox: when they are sent, with which picture, and what is never sent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from backlot import Backlot, open_backlot
from builders import a_shot, a_storyboard
from footage import write_clip
from PIL import Image

from pipeline.digest import ContentHash, Fingerprint, hash_file
from pipeline.errors import NotPublishedError, ShotFailedError
from pipeline.media.late_frames import cut_out
from pipeline.model.instructions import Continuation, Trim
from pipeline.model.plan import Decision
from pipeline.model.storyboard import GenerationType, Shot
from pipeline.publish.manual import ByHand
from pipeline.publish.memory import Memory, Remembering

GREYS = {"a": 40, "b": 80, "c": 120, "d": 160}


@pytest.fixture
def lot(tmp_path: Path) -> Iterator[Backlot]:
    with open_backlot(tmp_path, GREYS) as opened:
        yield opened


def after(shot: str, anchor: str, frame: int = 0, **fields: Any) -> Shot:
    """A shot that goes on from `anchor`."""
    continues = Continuation(shot=anchor, frame=frame)
    return a_shot(shot, continues=continues, generation=GenerationType.FRAMES, **fields)


def sent_picture(lot: Backlot, shot: str) -> bytes:
    """What lies on the sandbox's shelf at the only address that was last sent with `shot`."""
    [url] = [order["imageUrls"] for order in lot.sent() if order["shot"] == shot][-1]
    assert url.startswith(f"{lot.url}/assets/")
    return (lot.root / "server/assets" / url.rpartition("/")[2]).read_bytes()


def grey_of(picture: bytes) -> int:
    """The coded luma (16–235) of a picture that is all one grey (0–255)."""
    value = Image.open(BytesIO(picture)).convert("L").getpixel((10, 10))
    assert isinstance(value, int)
    return round(16 + value * 219 / 255)


def test_a_chain_is_shot_one_after_another_each_from_the_last_frame_before(lot: Backlot) -> None:
    """a ends at 40 + 7 × 4 = 68, b at 80 + 28 = 108; a third of the way nothing waits that need not."""
    assert lot.shoot(a_storyboard(a_shot("a"), after("b", "a"), after("c", "b"))) is None
    assert [order["shot"] for order in lot.sent()] == ["a", "b", "c"]
    assert grey_of(sent_picture(lot, "b")) == pytest.approx(68, abs=2)
    assert grey_of(sent_picture(lot, "c")) == pytest.approx(108, abs=2)


def test_a_fan_starts_from_one_clip_while_the_rest_of_the_film_runs(lot: Backlot) -> None:
    """b and d go on from a; c waits for nobody and is sent before them."""
    shots = (a_shot("a"), after("b", "a"), a_shot("c"), after("d", "a", -3))
    assert lot.shoot(a_storyboard(*shots)) is None
    assert [order["shot"] for order in lot.sent()] == ["a", "c", "b", "d"]
    assert grey_of(sent_picture(lot, "d")) == pytest.approx(40 + 4 * 4, abs=2)


def test_the_frame_is_counted_from_the_last_used_one(lot: Backlot) -> None:
    """Frames 0 … 4 of a are used; one before the last of them is frame 3, at 40 + 12."""
    assert lot.shoot(a_storyboard(a_shot("a", trim=Trim(start=0, stop=5)), after("b", "a", -1))) is None
    assert grey_of(sent_picture(lot, "b")) == pytest.approx(52, abs=2)


def test_the_address_names_the_content(lot: Backlot) -> None:
    """What is sent is the picture that the clip's frame gives, to the byte."""
    assert lot.shoot(a_storyboard(a_shot("a"), after("b", "a"))) is None
    picture = cut_out(lot.root / "footage/a.mp4", 7)
    [url] = lot.sent()[-1]["imageUrls"]
    assert url.endswith(f"/assets/{hashlib.sha256(picture).hexdigest()}.png")


def test_nothing_is_sent_again_when_nothing_changed(lot: Backlot) -> None:
    """Not even a picture: nobody is connected to."""
    film = a_storyboard(a_shot("a"), after("b", "a"), after("c", "b"))
    assert lot.shoot(film) is None
    calls = (lot.root / "server/requests.jsonl").read_text()
    assert lot.shoot(film) is None
    assert (lot.root / "server/requests.jsonl").read_text() == calls


def test_a_new_anchor_with_the_same_frame_leaves_what_follows_as_it_is(lot: Backlot) -> None:
    """Its prompt changed, its clip looks the same: one charge more."""
    assert lot.shoot(a_storyboard(a_shot("a"), after("b", "a"), after("c", "b"))) is None
    edited = a_storyboard(a_shot("a", prompt="Edited."), after("b", "a"), after("c", "b"))
    assert lot.decisions(edited) == {"a": Decision.STALE, "b": Decision.WAITS, "c": Decision.WAITS}
    assert lot.shoot(edited) is None
    assert [order["shot"] for order in lot.sent()] == ["a", "b", "c", "a"]


def test_a_new_anchor_with_another_frame_is_followed_by_what_hangs_on_it(lot: Backlot) -> None:
    """b is shot anew from the new frame; c finds b's clip the same as ever."""
    assert lot.shoot(a_storyboard(a_shot("a"), after("b", "a"), after("c", "b"))) is None
    write_clip(lot.root / "footage/a.mp4", frames=8, grey=200, hz=None)
    assert lot.shoot(a_storyboard(a_shot("a", prompt="Edited."), after("b", "a"), after("c", "b"))) is None
    assert [order["shot"] for order in lot.sent()] == ["a", "b", "c", "a", "b"]
    assert grey_of(sent_picture(lot, "b")) == pytest.approx(200, abs=2)


def test_a_failed_anchor_holds_up_only_what_hangs_on_it(lot: Backlot) -> None:
    """The rest lands, and the run says who waits for whom."""
    doomed = a_shot("a", prompt="Fail. [sandbox: fail]")
    error = lot.shoot(a_storyboard(doomed, after("b", "a"), a_shot("c"), after("d", "c")))
    assert isinstance(error, ShotFailedError)
    assert sorted(order["shot"] for order in lot.sent()) == ["a", "c", "d"]
    assert "b: continues a" in str(error)


def test_a_frame_that_the_user_publishes_by_hand_is_sent_from_where_it_lies(lot: Backlot) -> None:
    """The first run ends at the frame and names its file; with an address said, the second goes on from there."""
    memory = Memory(lot.store, Fingerprint("p" * 64))
    lot.publisher = Remembering(ByHand(), memory)
    film = a_storyboard(a_shot("a"), after("b", "a"))
    error = lot.shoot(film)
    [frame] = lot.store.root.glob("pictures/*/*.png")
    assert isinstance(error, NotPublishedError) and str(frame) in str(error)
    memory.keep(ContentHash(frame.stem), "https://pictures.example/frame.png")
    assert lot.shoot(film) is None
    assert lot.sent()[-1]["imageUrls"] == ["https://pictures.example/frame.png"]


def test_a_damaged_clip_is_noticed_though_its_shot_waited_at_first(lot: Backlot) -> None:
    """Without a's clip nobody knows what b asks for; once a is back, b's is found, looked at and fetched again."""
    film = a_storyboard(a_shot("a"), after("b", "a"))
    assert lot.shoot(film) is None
    first, second = (lot.store.take_path(hash_file(lot.root / f"footage/{name}.mp4")) for name in "ab")
    whole = second.read_bytes()
    first.unlink()
    second.write_bytes(whole[:-40] + bytes(40))
    assert lot.decisions(film)["b"] is Decision.WAITS
    assert lot.shoot(film) is None
    assert second.read_bytes() == whole
    assert lot.charges() == 2
