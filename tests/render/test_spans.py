"""Cutting a timeline into spans."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from timelines import a_card, a_clip, a_timeline, a_title

from pipeline.model.timeline import Timeline
from pipeline.render.spans import Span, plan_spans
from pipeline.timecode import FrameRange


def places(timeline: Timeline) -> list[tuple[int, int]]:
    return [(span.place.start, span.place.stop) for span in plan_spans(timeline)]


def shown(span: Span) -> list[tuple[str, int, int]]:
    return [(layer.clip.item, layer.used.start, layer.used.stop) for layer in span.layers]


def test_a_clip_that_nothing_touches_is_one_span() -> None:
    """From its first used frame to its last."""
    (span,) = plan_spans(a_timeline(a_clip(start=6, stop=186)))
    assert span.place == FrameRange(0, 180)
    assert shown(span) == [("a", 6, 186)]


def test_a_dissolve_moves_both_clips() -> None:
    """The last 12 frames of one over the first 12 of the other; 192 + 192 − 12 = 372."""
    timeline = a_timeline(a_clip("a"), a_clip("b", join="dissolve 12"))
    assert places(timeline) == [(0, 180), (180, 192), (192, 372)]
    assert shown(plan_spans(timeline)[1]) == [("a", 180, 192), ("b", 0, 12)]


def test_a_hold_keeps_both_clips_whole() -> None:
    """The outgoing tail mixes with the incoming first frame, which then begins to move."""
    spans = plan_spans(a_timeline(a_clip("a"), a_clip("b", join="hold 12")))
    assert [shown(span) for span in spans] == [
        [("a", 0, 180)],
        [("a", 180, 192), ("b", 0, 1)],
        [("b", 0, 192)],
    ]
    assert spans[1].layers[1].is_held


def test_only_frames_under_a_title_are_drawn_on() -> None:
    """An edited title touches no frame beside it."""
    timeline = a_timeline(a_clip("a", overlays=(a_title(start=24, stop=72),)))
    assert places(timeline) == [(0, 24), (24, 72), (72, 192)]
    assert [len(span.drawn) for span in plan_spans(timeline)] == [0, 1, 0]


def test_a_title_into_a_dissolve_goes_on_where_it_was() -> None:
    """The title's own frames are split at the join, and the mix at the title's end."""
    timeline = a_timeline(a_clip("a", overlays=(a_title(start=150, stop=186),)), a_clip("b", join="dissolve 12"))
    assert places(timeline) == [(0, 150), (150, 180), (180, 186), (186, 192), (192, 372)]
    spans = plan_spans(timeline)
    assert spans[2].drawn[0].shown == FrameRange(30, 36)
    assert (spans[3].mix.first, spans[3].mix.frames) == (6, 12)  # type: ignore[union-attr]


def test_an_edited_title_changes_its_own_span_alone() -> None:
    """Fingerprints of all others stay."""
    before, after = (
        [span.fingerprint for span in plan_spans(a_timeline(a_clip("a", overlays=(a_title(text),)), a_clip("b")))]
        for text in ("Run", "Run!")
    )
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False, True, True]


def test_a_span_is_known_by_what_it_shows_not_by_where() -> None:
    """A shot that moves in the film is not encoded again."""
    first, second = plan_spans(a_timeline(a_clip("a"), a_clip("b")))
    swapped = plan_spans(a_timeline(a_clip("b"), a_clip("a")))
    assert [first.fingerprint, second.fingerprint] == [span.fingerprint for span in reversed(swapped)]


def test_a_join_is_ready_when_both_its_clips_have_landed() -> None:
    """A body span needs its own only; a card is always there."""
    timeline = a_timeline(a_clip("a"), a_clip("b", join="dissolve 12", media=None), a_card(join="hold 12"))
    assert [span.is_ready for span in plan_spans(timeline)] == [True, False, False, False, True]


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    """Up to 6 clips of 40–80 frames, joined anyhow, with titles anywhere."""
    clips = []
    for letter in "abcdef"[: draw(st.integers(1, 6))]:
        frames, kind = draw(st.integers(40, 80)), draw(st.sampled_from(["cut", "dissolve", "hold"]))
        join = "cut" if kind == "cut" or not clips else f"{kind} {draw(st.integers(1, 20))}"
        start = draw(st.integers(0, frames - 1))
        overlays = (a_title(start=start, stop=draw(st.integers(start + 1, frames))),) if draw(st.booleans()) else ()
        clips.append(a_clip(letter, stop=frames, join=join, overlays=overlays))
    return a_timeline(*clips)


@given(timelines())
@settings(max_examples=60, deadline=None)
def test_spans_hold_each_film_frame_exactly_once(timeline: Timeline) -> None:
    """In order, without a gap, and every layer shows as many frames as its span has (or one, held)."""
    spans = plan_spans(timeline)
    assert [frame for span in spans for frame in range(span.place.start, span.place.stop)] == [*range(timeline.frames)]
    for span in spans:
        assert all(len(layer.used) == (1 if layer.is_held else span.frames) for layer in span.layers)
        assert len(span.layers) == (2 if span.mix else 1)
