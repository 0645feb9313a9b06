"""Laying items out on film time."""

from __future__ import annotations

import pytest
from builders import a_shot, a_storyboard
from timelines import a_landed

from pipeline.edit import assemble_timeline
from pipeline.errors import StoryboardError
from pipeline.model.finding import Source
from pipeline.model.instructions import Mends, Trim
from pipeline.model.join import Join
from pipeline.model.storyboard import Caption, Card, Footage, Title

HERE = Source(path="storyboard.jinja", line=7)


def shot(name: str, join: str = "cut", **fields: object) -> object:
    return a_shot(name, join=Join.parse(join), **fields)


def findings_of(*items: object, **media: object) -> list[str]:
    with pytest.raises(StoryboardError) as caught:
        assemble_timeline(a_storyboard(*items), media)  # type: ignore[arg-type]
    return [finding.says for finding in caught.value.findings]


def test_a_missing_shot_stands_with_the_length_it_will_have() -> None:
    """192 frames, without media."""
    (clip,) = assemble_timeline(a_storyboard(shot("a")), {}).clips
    assert (clip.frames, clip.media) == (192, None)


def test_a_landed_clip_stands_with_its_own_length() -> None:
    """A paid clip that is short is used as it is."""
    (clip,) = assemble_timeline(a_storyboard(shot("a")), {"a": a_landed(frames=190)}).clips
    assert clip.stop == 190


def test_the_film_is_the_sum_of_clips_less_the_sum_of_overlaps() -> None:
    """A hold shares nothing, a dissolve shares its frames: 3 × 192 − 12."""
    timeline = assemble_timeline(a_storyboard(shot("a"), shot("b", "dissolve 12"), shot("c", "hold 24")), {})
    assert timeline.frames == 564
    assert timeline.samples == 564 * 2_000


def test_the_first_item_has_nothing_to_join() -> None:
    """A scene's join is also its first item's; there it is a cut."""
    (clip,) = assemble_timeline(a_storyboard(shot("a", "dissolve 12")), {}).clips
    assert clip.join == Join()


def test_a_join_longer_than_a_clip_is_a_finding_with_numbers() -> None:
    """It says which clip is short and by what."""
    assert findings_of(shot("a"), shot("b", "dissolve 200")) == ["b joins by dissolve 200, but a has 192 frames."]


def test_two_joins_of_a_clip_must_not_meet_in_it() -> None:
    """No frame may show three clips: 192 − 100 leaves 92 for the next."""
    says = findings_of(shot("a"), shot("b", "dissolve 100"), shot("c", "hold 93"))
    assert says == ["c joins by hold 93, but b has 192 frames, of which its own join takes 100."]


def test_a_hold_asks_the_next_clip_for_one_frame_only() -> None:
    """Its first frame is held; it may be shorter than the hold."""
    card = Card(id="end", scene="s", text="End", frames=6, join=Join.parse("hold 24"), source=HERE)
    assert assemble_timeline(a_storyboard(shot("a"), card), {}).frames == 198


@pytest.mark.parametrize(
    ("join", "frames"), [("dip 24", 576), ("wipe 24", 552), ("slide 24 up", 552), ("push 24", 552)]
)
def test_what_overlaps_makes_the_film_shorter(join: str, frames: int) -> None:
    """3 × 192, less 24 once; a dip takes nothing off."""
    assert assemble_timeline(a_storyboard(shot("a"), shot("b", join), shot("c")), {}).frames == frames


def test_a_dip_asks_each_clip_for_half_of_it() -> None:
    """An odd frame is the incoming clip's."""
    card = Card(id="end", scene="s", text="End", frames=6, join=Join.parse("dip 13"), source=HERE)
    says = findings_of(shot("a"), card)
    assert says == ["end joins by dip 13, which takes 7 frames of end, but end has 6 frames."]


def test_a_dip_into_a_clip_and_a_push_out_of_it_must_not_meet() -> None:
    """192 − 50 leaves 142."""
    says = findings_of(shot("a"), shot("b", "dip 100"), shot("c", "push 143"))
    assert says == ["c joins by push 143, but b has 192 frames, of which its own join takes 50."]


def test_sound_may_be_heard_before_and_behind_its_picture() -> None:
    """Out of what the trims left: 24 frames before b, 12 behind a."""
    a, b = shot("a", trim=Trim.parse("0f-180f")), shot("b", trim=Trim.parse("24f-"), lead=24, lag=12)
    clip = assemble_timeline(a_storyboard(a, b), {}).clips[1]
    assert (clip.lead, clip.lag, clip.frames) == (24, 12, 168)


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        ({}, {"lead": 1}, "the sound of b is to come in earlier by 1 frame, but nothing of its clip lies before"),
        (
            {"trim": Trim(stop=182)},
            {"lag": 9},
            "the sound of a is to go on longer by 9 frames, but 8 frames of its clip",
        ),
        (
            {},
            {"lead": 24, "trim": Trim(start=60), "join": Join.parse("dissolve 170")},
            "the sound of b is to come in earlier by 24 frames, but a, over which it would be heard, has 20 frames",
        ),
    ],
)
def test_sound_that_is_not_there_is_a_finding_with_numbers(
    first: dict[str, object], second: dict[str, object], says: str
) -> None:
    """The clip of a landed with 190 frames."""
    items = (a_shot("a", **first), a_shot("b", **second))
    found = findings_of(*items, a=a_landed(frames=190))
    assert found[-1].startswith(says)


def test_a_trim_beyond_the_real_end_is_a_finding() -> None:
    """What landed is shorter than what was ordered."""
    says = findings_of(shot("a", trim=Trim.parse("0f-180f")), a=a_landed(frames=170))
    assert says == ["a is trimmed to 0f-180f, but its clip has 170 frames."]


def test_footage_is_measured_in_film_frames() -> None:
    """90 frames at 30 a second last 72 of ours."""
    footage = Footage(id="pack", scene="s", file="assets/pack.mov", trim=Trim.parse("1s-"), source=HERE)
    media = {"pack": a_landed(frames=72)}
    (clip,) = assemble_timeline(a_storyboard(footage), media).clips
    assert (clip.start, clip.stop, clip.file) == (24, 72, "assets/pack.mov")


def test_a_title_ends_with_its_item() -> None:
    """Without a length it stays to the end; a longer one is cut there."""
    titles = (Title(text="A", start=24, source=HERE), Title(text="B", start=100, frames=500, source=HERE))
    (clip,) = assemble_timeline(a_storyboard(shot("a", titles=titles)), {}).clips
    assert [(overlay.start, overlay.stop) for overlay in clip.overlays] == [(24, 192), (100, 192)]


def test_a_title_after_its_item_is_a_finding() -> None:
    """Nothing would be seen of it."""
    says = findings_of(shot("a", titles=(Title(text="A", start=192, source=HERE),)))
    assert says == ["a title of a begins at frame 192, but only 192 frames are used."]


def test_captions_are_placed_as_titles_are() -> None:
    """To the item's end, or for as long as they say; who speaks comes along."""
    captions = (Caption(text="A", speaker="Mara", start=24, source=HERE), Caption(text="B", frames=12, source=HERE))
    (clip,) = assemble_timeline(a_storyboard(shot("a", captions=captions)), {}).clips
    assert [(said.speaker, said.start, said.stop) for said in clip.captions] == [("Mara", 24, 192), ("", 0, 12)]


def test_a_caption_after_its_item_is_a_finding() -> None:
    """The clip landed shorter than was ordered."""
    says = findings_of(shot("a", captions=(Caption(text="A", start=180, source=HERE),)), a=a_landed(frames=170))
    assert says == ["a caption of a begins at frame 180, but only 170 frames are used."]


def test_mends_come_along() -> None:
    """As they were written."""
    (clip,) = assemble_timeline(a_storyboard(shot("a", mend=Mends.parse("click"))), {}).clips
    assert str(clip.mend) == "click"
