"""Laying captions out on film time."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from timelines import a_caption, a_clip, a_timeline

from pipeline.model.timeline import Timeline
from pipeline.render.captions import MAX_LINES, plan_captions
from pipeline.render.lines import cells


def wide(*clips: object) -> Timeline:
    return a_timeline(*clips, width_px=1280, height_px=720)  # type: ignore[arg-type]


def cues(timeline: Timeline) -> list[tuple[int, int, str]]:
    return [(cue.place.start, cue.place.stop, " / ".join(cue.lines)) for cue in plan_captions(timeline)]


def test_a_caption_stands_where_its_clip_stands() -> None:
    """Clip b begins at 192 − 12 = 180."""
    said = a_caption("Carry it.", start=24, stop=72)
    assert cues(wide(a_clip("a"), a_clip("b", join="dissolve 12", captions=(said,)))) == [(204, 252, "Carry it.")]


def test_a_caption_gives_way_to_the_next() -> None:
    """Over a dissolve the first runs to 192, the second begins at 180."""
    first, second = a_caption("One.", start=100, stop=192), a_caption("Two.", start=0, stop=48)
    timeline = wide(a_clip("a", captions=(first,)), a_clip("b", join="dissolve 12", captions=(second,)))
    assert cues(timeline) == [(100, 180, "One."), (180, 228, "Two.")]


def test_captions_that_begin_together_are_a_dialogue() -> None:
    """A dash for each, and no single voice; seen as long as the longer of them."""
    both = (a_caption("Who?", "Ann", stop=48), a_caption("Nobody.", "Bo", stop=60))
    (cue,) = plan_captions(wide(a_clip("a", captions=both)))
    assert (cue.lines, cue.speaker, cue.place.stop) == (("– Who?", "– Nobody."), "", 60)


def test_a_long_caption_goes_on_in_the_next_cue() -> None:
    """32 words of 4 letters are four lines of eight words, 39 letters each: two cues of equal length."""
    timeline = wide(a_clip("a", captions=(a_caption("word " * 32, stop=192),)))
    assert [(start, stop) for start, stop, _ in cues(timeline)] == [(0, 96), (96, 192)]


def test_lines_are_shorter_where_the_picture_is_square_or_upright() -> None:
    """39 letters are one line of a wide picture, two of a square and of a tall one."""
    clip = a_clip("a", captions=(a_caption("Every morning before the city wakes up.", stop=48),))
    assert len(plan_captions(wide(clip))[0].lines) == 1
    assert len(plan_captions(a_timeline(clip, width_px=720, height_px=720))[0].lines) == 2
    assert plan_captions(a_timeline(clip, width_px=720, height_px=1280))[0].lines == (
        "Every morning before",
        "the city wakes up.",
    )


def test_lines_that_the_author_broke_stay() -> None:
    """Where they fit."""
    clip = a_clip("a", captions=(a_caption("Carry\nthe mountain.", stop=48),))
    assert plan_captions(wide(clip))[0].lines == ("Carry", "the mountain.")


SAYINGS = st.one_of(
    st.lists(st.sampled_from(["a", "run,", "mountain", "wakes."]), min_size=1, max_size=40).map(" ".join),
    st.text("山海。，跑得更遠「」", min_size=1, max_size=90),
)


@given(st.lists(st.tuples(SAYINGS, st.integers(0, 100), st.integers(40, 92)), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_cues_are_read_one_at_a_time_and_fit(said: list[tuple[str, int, int]]) -> None:
    """In order, none over another, two lines of 42 cells at most; a mark that may begin no line may stand over."""
    clips = [
        a_clip(letter, join="dissolve 12", captions=(a_caption(text, start=start, stop=start + frames),))
        for letter, (text, start, frames) in zip("abcdef", said, strict=False)
    ]
    seen = plan_captions(wide(*clips))
    assert all(one.place.stop <= other.place.start for one, other in pairwise(seen))
    assert all(len(cue.lines) <= MAX_LINES and cue.place.start < cue.place.stop for cue in seen)
    assert all(cells(line.rstrip("。，」")) <= 42 for cue in seen for line in cue.lines)
