"""Cutting a timeline into spans."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timelines import a_card, a_clip, a_timeline, a_title

from pipeline.digest import ContentHash
from pipeline.model.join import Way
from pipeline.model.packets import PacketOrder
from pipeline.model.timeline import Timeline
from pipeline.render.encoding import SETTINGS
from pipeline.render.spans import Mix, Mixing, Span, plan_spans
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


def test_a_dip_needs_one_clip_at_a_time() -> None:
    """12 frames into black need the first clip alone, 12 out of it the second; nothing is shared."""
    timeline = a_timeline(a_clip("a"), a_clip("b", join="dip 24", media=None))
    spans = plan_spans(timeline)
    assert places(timeline) == [(0, 180), (180, 192), (192, 204), (204, 384)]
    assert [span.is_ready for span in spans] == [True, True, False, False]
    assert (spans[1].mix, spans[2].mix) == (Mix(first=0, frames=11), Mix(first=-1, frames=11))
    assert [layer.clip.ground for layer in spans[1].layers] == ["", "#000000"]


@pytest.mark.parametrize("kind", ["wipe", "slide", "push"])
def test_a_move_shows_both_clips_moving(kind: str) -> None:
    """As a dissolve does, and says where it goes."""
    (_, span, _) = plan_spans(a_timeline(a_clip("a"), a_clip("b", join=f"{kind} 12 up")))
    assert shown(span) == [("a", 180, 192), ("b", 0, 12)]
    assert span.mix == Mix(0, 12, Mixing(kind), Way.UP)


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    """Up to 6 clips of 40–80 frames, joined anyhow, with titles anywhere."""
    clips = []
    for letter in "abcdef"[: draw(st.integers(1, 6))]:
        frames, kind = (
            draw(st.integers(40, 80)),
            draw(st.sampled_from(["cut", "dissolve", "hold", "dip", "wipe", "push"])),
        )
        join = "cut" if kind == "cut" or not clips else f"{kind} {draw(st.integers(2, 20))}"
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


def an_order(*, closings: tuple[int, ...], entries: tuple[int, ...] = (0,), sets: bytes = b"sets") -> PacketOrder:
    return PacketOrder(entries=entries, closings=closings, reorder=2, parameter_sets=(sets,))


def copied(timeline: Timeline, **orders: PacketOrder) -> list[tuple[int, int, bool]]:
    """Each span's place, and whether it is copied."""
    known = {ContentHash(letter * 64): order for letter, order in orders.items()}
    spans = plan_spans(timeline, SETTINGS, known)
    return [(span.place.start, span.place.stop, span.copied is not None) for span in spans]


def test_a_clip_is_copied_up_to_where_its_packets_close() -> None:
    """A dissolve begins at 180; packets close at 177. From frame 12 on the other clip has no IDR."""
    timeline = a_timeline(a_clip("a"), a_clip("b", join="dissolve 12"))
    order = an_order(closings=(100, 177, 181, 192))
    assert copied(timeline, a=order, b=order) == [
        (0, 177, True),
        (177, 180, False),
        (180, 192, False),
        (192, 372, False),
    ]


def test_a_hold_takes_the_frames_that_a_copy_left() -> None:
    """177 … 191 are encoded at once: three frames of the outgoing picture alone, then the mix of 12."""
    timeline = a_timeline(a_clip("a"), a_clip("b", join="hold 12"))
    order = an_order(closings=(177, 181, 192))
    assert copied(timeline, a=order, b=order) == [(0, 177, True), (177, 192, False), (192, 384, True)]
    hold = plan_spans(timeline, SETTINGS, {ContentHash("a" * 64): order})[1]
    assert hold.mix == Mix(first=-3, frames=12)


def test_a_dip_takes_the_frames_that_a_copy_left() -> None:
    """As a hold does; behind it packets could begin again at frame 12 only if there were an IDR."""
    timeline = a_timeline(a_clip("a"), a_clip("b", join="dip 24"))
    order = an_order(closings=(177, 192), entries=(0, 12))
    assert copied(timeline, a=order, b=order) == [
        (0, 177, True),
        (177, 192, False),
        (192, 204, False),
        (204, 384, True),
    ]


def test_a_copy_leaves_no_single_frame() -> None:
    """Packets close at 179 and at 176: what is left is four frames, not one."""
    timeline = a_timeline(a_clip("a", stop=180))
    assert copied(timeline, a=an_order(closings=(176, 179, 192))) == [(0, 176, True), (176, 180, False)]


def test_a_copy_of_less_than_a_second_is_not_worth_it() -> None:
    """23 of 40 frames."""
    assert copied(a_timeline(a_clip("a", stop=40)), a=an_order(closings=(23,))) == [(0, 40, False)]


def test_clips_whose_sets_differ_are_not_copied_side_by_side() -> None:
    """Those of the most frames are, wherever they stand."""
    timeline = a_timeline(a_clip("c", stop=100), a_clip("a"), a_clip("b"))
    order, other = an_order(closings=(192,)), an_order(closings=(100,), sets=b"others")
    assert copied(timeline, a=order, b=order, c=other) == [(0, 100, False), (100, 292, True), (292, 484, True)]
