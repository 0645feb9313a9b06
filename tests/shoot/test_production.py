"""A production from its plan to its film, with doubles of the vendor, the store and the film maker."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import NOON, a_landed_take, a_shot, a_storyboard, a_take
from studio import CutReached, Cutter, Set, open_set

from pipeline.cutting import Made
from pipeline.errors import (
    AnswerInDoubtError,
    MachineError,
    MoneyError,
    NotPublishedError,
    ShotFailedError,
    StoppedError,
    StoryboardError,
)
from pipeline.model.answer import Doubt, Unsent
from pipeline.model.delivery import Delivery, Format, Platform, Shape
from pipeline.model.instructions import Continuation
from pipeline.model.media import Media
from pipeline.model.plan import Decision
from pipeline.model.seam import CELLS, Bars, ClipMeasures, Colour
from pipeline.model.storyboard import Budget, Image, Title
from pipeline.model.take import State
from pipeline.model.timeline import Timeline
from pipeline.production import Unfinished

HERO = Image(role="first", file="assets/hero.png")
THREE = (a_shot("a"), a_shot("b"), a_shot("c"))


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Set]:
    with open_set(tmp_path) as opened:
        yield opened


def test_an_interrupt_while_the_film_is_made_is_not_held_up_by_shooting(studio: Set) -> None:
    """Nothing is being shot any more, so there is nothing to wait for."""
    told: list[bool] = []

    async def press() -> None:
        told.append(studio.production.interrupt())

    studio.film_maker.meanwhile = press
    assert studio.produce(a_storyboard()) is CutReached
    assert told == [False]


def test_an_interrupt_says_that_an_answer_is_waited_for(studio: Set) -> None:
    """It may cost credits, and a second one would leave it in doubt."""

    async def press() -> None:
        assert studio.production.interrupt()

    studio.vendor.meanwhile = press
    assert studio.produce(a_storyboard()) is StoppedError
    assert ["Ctrl-C again" in note for note in studio.watcher.notes] == [True]


def test_what_cannot_be_cut_is_told_before_anything_is_sent(studio: Set) -> None:
    """Words that begin when their shot is over: 192 frames are ordered."""
    late = Title(text="Run", start=192, source=a_shot("a").source)
    assert studio.produce(a_storyboard(a_shot("a", titles=(late,)))) is StoryboardError
    assert studio.vendor.calls == []


def test_two_doubts_leave_the_rest_unshot(studio: Set) -> None:
    """Three requests, three lost answers: the third is never sent."""
    studio.vendor.script = [lambda _orders: Doubt(reason="cut")] * 3
    assert studio.produce(a_storyboard(*THREE)) is AnswerInDoubtError
    assert len(studio.vendor.calls) == 2


def test_a_doubt_is_told_whatever_else_ended_the_run(studio: Set) -> None:
    """One answer is lost, and then the vendor cannot be reached: credits hang on the first."""
    studio.vendor.script = [lambda _orders: Doubt(reason="cut"), *[lambda _orders: Unsent(reason="refused")] * 3]
    outcome = studio.produce_films({"": a_storyboard(*THREE)})[""]
    assert isinstance(outcome, AnswerInDoubtError) and outcome.slates == ("demo/a/tk01",)
    reached, doubt = str(outcome).splitlines()
    assert "cannot be reached" in reached and doubt.startswith("a: demo/a/tk01 is in doubt")


def test_a_doubt_that_a_grant_covers_is_told_too(studio: Set) -> None:
    """The next run pays again without asking; this one has to say why."""
    studio.vendor.script = [lambda _orders: Doubt(reason="cut"), *[lambda _orders: Unsent(reason="refused")] * 3]
    film = a_storyboard(*THREE, budget=Budget(pay_again_credits=20))
    outcome = studio.produce_films({"": film})[""]
    assert isinstance(outcome, AnswerInDoubtError) and outcome.slates == ("demo/a/tk01",)
    assert str(outcome).endswith("a: demo/a/tk01 is in doubt: cut. It is granted that the next run pays for it again.")


def test_a_grant_goes_on_past_two_doubts_in_the_same_run(studio: Set) -> None:
    """Both are shot again for the granted 20 credits, and the third shot for the first time."""
    studio.vendor.script = [lambda _orders: Doubt(reason="cut")] * 2
    assert studio.produce(a_storyboard(*THREE, budget=Budget(pay_again_credits=20))) is CutReached
    assert len(studio.vendor.calls) == 5


def test_a_grant_does_not_go_beyond_the_plans_cap(studio: Set) -> None:
    """The plan that is carried out allows 30 credits; one lost answer may have cost ten of them."""
    studio.vendor.script = [lambda _orders: Doubt(reason="cut")]
    film = a_storyboard(*THREE, budget=Budget(pay_again_credits=20))
    assert studio.produce(film, cap=30) is MoneyError
    assert len(studio.vendor.calls) == 3


def test_a_run_spends_no_more_than_its_plan_said_in_the_end(studio: Set) -> None:
    """30 credits for three shots. Ten go elsewhere meanwhile, so that the third would make it 40."""

    async def spend() -> None:
        studio.vendor.meanwhile = None
        studio.ledger.open_take(a_landed_take("elsewhere"))

    studio.vendor.meanwhile = spend
    assert studio.produce(a_storyboard(*THREE)) is MoneyError
    assert studio.shots_sent() == ["a", "b"]


def test_what_no_plan_had_a_price_for_is_left_to_the_next_run(studio: Set) -> None:
    """b goes on from a, which another project has on its way. Once it lands, b could be shot, for an unseen price."""
    theirs = {"project": "pilot", "prompt": "A prompt for a."}
    studio.ledger.open_take(a_take("opening", state=State.SUBMITTED, task_id="t", sent_id="opening~t", **theirs))
    film = a_storyboard(a_shot("a"), a_shot("b", continues=Continuation(shot="a")), a_shot("c"))

    async def land() -> None:
        studio.vendor.meanwhile = None
        studio.ledger.open_take(a_landed_take("opening", number=2, **theirs))

    studio.vendor.meanwhile = land
    assert studio.produce(film) is ShotFailedError
    assert studio.shots_sent() == ["c"]
    assert [(row.shot, row.credits, row.decision) for row in studio.production.plan().decided(Decision.BLOCKED)] == [
        ("b", 0, Decision.BLOCKED)
    ]
    assert studio.produce(film) is CutReached
    assert studio.shots_sent() == ["c", "b"]


def test_a_clip_that_was_paid_for_is_fetched_though_no_shot_asks_for_it_any_more(studio: Set) -> None:
    """Its prompt was edited away while it was generated, and all that is asked for now is here."""
    assert studio.produce(a_storyboard(a_shot("a"))) is CutReached
    paid = a_take("a", number=2, prompt="Edited away.", state=State.SUBMITTED, task_id="t", sent_id="a~t")
    studio.ledger.open_take(paid)
    studio.vendor.done_at["t"] = NOON
    assert studio.produce(a_storyboard(a_shot("a"))) is CutReached
    assert [take.state for take in studio.ledger.takes()] == [State.VERIFIED, State.VERIFIED]


def test_a_clip_that_another_run_sets_aside_meanwhile_is_fetched_again(studio: Set) -> None:
    """It was there when this run planned, and damaged; the other one has seen that first."""
    assert studio.produce(a_storyboard()) is CutReached

    def look(_sha256: str) -> bool:
        studio.shelf.fetched, studio.shelf.set_damaged_aside = 0, lambda _sha256: False
        return False

    studio.shelf.set_damaged_aside = look
    assert studio.produce(a_storyboard()) is CutReached
    assert (studio.shelf.fetched, len(studio.vendor.calls)) == (1, 1)


def test_a_clip_that_is_in_the_store_again_is_not_asked_for(studio: Set) -> None:
    """The disk with the takes was away for a run, and the vendor has forgotten their tasks."""
    assert studio.produce(a_storyboard()) is CutReached
    studio.shelf.fetched = 0
    studio.vendor.done_at.clear()
    assert studio.produce(a_storyboard()) is ShotFailedError
    assert [take.state for take in studio.ledger.takes()] == [State.LOST]
    studio.shelf.fetched, asked = 1, len(studio.vendor.asked)
    assert studio.produce(a_storyboard()) is CutReached
    assert [take.state for take in studio.ledger.takes()] == [State.VERIFIED]
    assert (len(studio.vendor.asked), len(studio.vendor.calls)) == (asked, 1)


def test_a_picture_is_published_once_and_its_address_is_sent(studio: Set) -> None:
    """Two shots with the same one; the ledger keeps the content alone."""
    shots = (a_shot("a", images=(HERO,)), a_shot("b", images=(HERO,)))
    assert studio.produce(a_storyboard(*shots)) is CutReached
    assert studio.host.came == ["picture of assets/hero.png"]
    [sent, again] = [order.request.images[0].url for [order] in studio.vendor.calls]
    assert sent == again == "https://pictures.example/picture-of-assets/hero.png"
    assert {take.request.images[0].url for take in studio.ledger.takes()} == {""}


def test_a_picture_without_an_address_lets_nothing_be_paid(studio: Set) -> None:
    """Not the shots without pictures, either: first it is put right."""
    studio.host.refuses = "picture"
    assert studio.produce(a_storyboard(a_shot("a", images=(HERO,)), a_shot("b"))) is NotPublishedError
    assert studio.vendor.calls == []


def test_a_picture_that_a_waiting_shot_ends_with_is_published_before_anything_is_paid(studio: Set) -> None:
    """It would be missed only when its anchor was paid for."""
    studio.host.refuses = "picture"
    last = Image(role="last", file="assets/end.png")
    film = a_storyboard(a_shot("a"), a_shot("b", continues=Continuation(shot="a"), images=(last,)))
    assert studio.produce(film) is NotPublishedError
    assert studio.vendor.calls == []


def test_what_was_paid_before_is_fetched_though_a_picture_has_no_address(studio: Set) -> None:
    """Its own address lives for minutes."""
    paid = a_take("b", state=State.SUBMITTED, task_id="t", sent_id="b~t")
    studio.ledger.open_take(paid)
    studio.vendor.done_at["t"], studio.host.refuses = NOON, "picture"
    assert studio.produce(a_storyboard(a_shot("a", images=(HERO,)), a_shot("b"))) is NotPublishedError
    assert [take.state for take in studio.ledger.takes()] == [State.VERIFIED]


def test_without_a_publisher_nothing_that_leads_to_a_frame_is_paid(studio: Set) -> None:
    """The first shot needs no picture, but what goes on from it would never be shot."""
    studio.has_publisher = False
    assert studio.produce(a_storyboard(a_shot("a"), a_shot("b", continues=Continuation(shot="a")))) is NotPublishedError
    assert studio.vendor.calls == []


def test_a_frame_without_an_address_holds_up_its_own_shot_alone(studio: Set) -> None:
    """b waits for the user, c goes on from a clip of its own, and the run says so at once."""
    studio.host.refuses = "frame"
    film = a_storyboard(a_shot("a"), a_shot("b", continues=Continuation(shot="a")), a_shot("c"))
    assert studio.produce(film) is NotPublishedError
    assert studio.shots_sent() == ["a", "c"]
    assert [note.partition(":")[0] for note in studio.watcher.notes] == ["b cannot be shot"]
    studio.host.refuses = ""
    assert studio.produce(film) is CutReached
    assert studio.shots_sent() == ["a", "c", "b"]


def test_only_what_is_selected_is_shot(studio: Set) -> None:
    """The others are missing, which is no error; when they are here, there is a film."""
    assert studio.produce(a_storyboard(*THREE), only={"b"}) is Unfinished
    assert studio.shots_sent() == ["b"]
    assert studio.produce(a_storyboard(*THREE), only={"a", "c"}) is CutReached
    assert studio.shots_sent() == ["b", "a", "c"]


IN_THREE_SHAPES = Delivery(formats=(Format(shape=Shape.TALL), Format(shape=Shape.SQUARE)))


def test_a_film_is_made_in_every_shape_that_is_ordered(studio: Set) -> None:
    """Each at its size, the film itself first; and a second run makes none."""
    studio.film_maker = cutter = Cutter()
    film = a_storyboard(delivery=IN_THREE_SHAPES)
    assert studio.produce(film) is Made
    out = studio.folder / "demo/out"
    assert {path.name: path.read_text() for path in out.glob("*.mp4")} == {
        "demo.mp4": "1280x720",
        "demo-9x16.mp4": "720x1280",
        "demo-1x1.mp4": "720x720",
    }
    assert cutter.made == ["demo.mp4", "demo-9x16.mp4", "demo-1x1.mp4"]
    assert studio.produce(film) is Made
    assert (len(cutter.made), studio.made.has_news) == (3, False)


def test_another_shape_leaves_those_alone_that_are_there(studio: Set) -> None:
    """What is ordered beside a film is no part of it."""
    studio.film_maker = cutter = Cutter()
    assert studio.produce(a_storyboard()) is Made
    assert studio.produce(a_storyboard(delivery=IN_THREE_SHAPES)) is Made
    assert cutter.made == ["demo.mp4", "demo-9x16.mp4", "demo-1x1.mp4"]


def test_what_fails_in_one_shape_loses_no_other(studio: Set) -> None:
    """The one is told, by its name; it is made by the next run, and the others are not made again."""
    studio.film_maker = cutter = Cutter()
    film, cutter.broken = a_storyboard(delivery=IN_THREE_SHAPES), "demo-9x16.mp4"
    assert studio.produce(film) is Made
    assert (cutter.made, len(studio.made.failures)) == (["demo.mp4", "demo-1x1.mp4"], 1)
    assert studio.watcher.notes == ["demo-9x16.mp4 was not made: The disk is full."]
    cutter.broken = ""
    assert studio.produce(film) is Made
    assert (cutter.made[2:], studio.made.failures) == (["demo-9x16.mp4"], ())


def test_films_beside_one_that_fails_are_made(studio: Set) -> None:
    """What went wrong with the film itself is the run's own error."""
    studio.film_maker = cutter = Cutter()
    cutter.broken = "demo.mp4"
    assert studio.produce(a_storyboard(delivery=IN_THREE_SHAPES)) is MachineError
    assert cutter.made == ["demo-9x16.mp4", "demo-1x1.mp4"]


def test_what_a_platform_does_not_take_is_told_before_anything_is_sent(studio: Set) -> None:
    """A wide film for a platform of upright ones; it is made all the same."""
    studio.film_maker = Cutter()
    wide = Format(shape=Shape.WIDE, platform=Platform.YOUTUBE_SHORTS)
    told_before: list[int] = []
    studio.watcher.note = lambda sentence: told_before.append(len(studio.vendor.calls))  # type: ignore[method-assign]
    assert studio.produce(a_storyboard(delivery=Delivery(formats=(wide,)))) is Made
    assert told_before == [0]


class FlashMeter:
    """Sees in every clip a first frame of another picture."""

    def known(self, sha256: str) -> ClipMeasures | None:
        return None

    def measure(self, media: Media, path: Path | None = None) -> ClipMeasures:
        frames, size = media.info.film_frames, CELLS[0] * CELLS[1]
        return ClipMeasures(
            frames=frames,
            cells=b64encode(bytes([200]) * size + bytes([60]) * size * (frames - 1)).decode(),
            colours=(Colour((60, 128, 128), (20, 5, 5)),) * frames,
            bars=Bars(),
        )


def test_the_film_is_laid_out_with_what_was_measured(tmp_path: Path) -> None:
    """Both clips have landed, were measured, and lose their first frame."""
    stage = Set(tmp_path)
    stage.meter = FlashMeter()
    assert stage.produce(a_storyboard(a_shot("a"), a_shot("b"))) is CutReached
    timeline = Timeline.from_json((tmp_path / "demo" / "build" / "timeline.json").read_text())
    assert [(clip.start, clip.dropped) for clip in timeline.clips] == [(1, 1), (1, 1)]
