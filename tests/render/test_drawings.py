"""What is laid over the picture, and which spans it touches."""

from __future__ import annotations

from timelines import a_caption, a_clip, a_logo, a_timeline, a_title

from pipeline.model.delivery import CaptionStyle, Delivery
from pipeline.model.storyboard import TitlePlace
from pipeline.model.timeline import Timeline
from pipeline.render.drawings import Setting, Words, plan_drawings
from pipeline.render.spans import plan_spans

BURNT = Delivery(captions=CaptionStyle.BURN)


def places(timeline: Timeline) -> list[tuple[int, int, int]]:
    return [(span.place.start, span.place.stop, len(span.drawn)) for span in plan_spans(timeline)]


def fingerprints(timeline: Timeline) -> set[str]:
    return {span.fingerprint for span in plan_spans(timeline)}


def test_captions_for_a_file_touch_no_picture() -> None:
    """Only burnt ones do, and only their own frames."""
    clip = a_clip("a", captions=(a_caption(start=24, stop=72),))
    assert places(a_timeline(clip)) == [(0, 192, 0)]
    assert places(a_timeline(clip, delivery=BURNT)) == [(0, 24, 0), (24, 72, 1), (72, 192, 0)]


def test_a_caption_makes_room_for_a_title_that_stands_below() -> None:
    """One frame in common is enough; a title in the middle leaves it where it is."""
    below = a_title(start=71, stop=120).model_copy(update={"place": TitlePlace.LOWER})
    for title, setting in ((below, Setting.CAPTION_ABOVE), (a_title(), Setting.CAPTION)):
        clip = a_clip("a", captions=(a_caption("Run."),), overlays=(title,))
        assert plan_drawings(a_timeline(clip, delivery=BURNT))[0].what == Words("Run.", setting)


def test_words_are_painted_over_a_logo() -> None:
    """The logo first, then captions, then titles."""
    clip = a_clip("a", captions=(a_caption(),), overlays=(a_title(),))
    first, *words = plan_drawings(a_timeline(clip, delivery=BURNT, logos=(a_logo(),)))
    assert first.what == a_logo()
    assert [drawing.what.setting for drawing in words] == [Setting.CAPTION, Setting.CENTER]  # type: ignore[union-attr]


def test_a_shot_that_moves_under_the_films_logo_is_not_encoded_again() -> None:
    """Every frame has the same logo, wherever it stands."""
    logos = (a_logo(stop=384),)
    one, other = a_clip("a"), a_clip("b")
    assert fingerprints(a_timeline(one, other, logos=logos)) == fingerprints(a_timeline(other, one, logos=logos))


def test_an_exchanged_logo_touches_its_own_frames_alone() -> None:
    """48 of 192, by the file's content."""
    logo = a_logo(start=24, stop=72)
    exchanged = logo.model_copy(update={"sha256": "f" * 64})
    before, after = (a_timeline(a_clip("a"), logos=(each,)) for each in (logo, exchanged))
    assert places(before) == [(0, 24, 0), (24, 72, 1), (72, 192, 0)]
    assert len(fingerprints(before) & fingerprints(after)) == 2


def test_a_logo_over_the_whole_film_does_not_come_and_go() -> None:
    """One over a part of it does, over ten frames."""
    whole, part = (plan_drawings(a_timeline(a_clip("a"), logos=(a_logo(stop=stop),))) for stop in (192, 96))
    assert (whole[0].fade, part[0].fade) == (0, 10)
