"""Whole films of tiny clips: every frame and sample at its place, and nothing done twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path

import av
import numpy as np
import pytest
from cutting_room import Cutting
from footage import SIZE_PX, brightest_of, greys_of, sound_of
from timelines import a_caption, a_card, a_title

from pipeline.errors import StoryreelError
from pipeline.media.ffmpeg import Ffmpeg
from pipeline.media.probe import inspect
from pipeline.media.span_cache import SpanCache
from pipeline.model.delivery import CaptionStyle, Copying, Delivery, Film
from pipeline.model.storyboard import Corner
from pipeline.render.film import RenderProgress
from pipeline.render.spans import plan_spans
from pipeline.timecode import Frames

ENCODED = Delivery(copying=Copying.NEVER)


@pytest.fixture
def cutting(tmp_path: Path) -> Cutting:
    return Cutting(tmp_path)


def near(expected: list[float]) -> object:
    return pytest.approx(expected, abs=1.5)


def test_a_film_has_every_frame_and_sample_of_its_clips(cutting: Cutting) -> None:
    """24 + 24 + 30 − 6: a cut loses nothing, a dissolve what is shared."""
    film = cutting.cut(
        cutting.clip("a"), cutting.clip("b", join="dissolve 6", grey=90), cutting.clip("c", frames=30, grey=40)
    )
    seen = inspect(cutting.film_path, must_be_mp4=True)
    assert (film.frames, seen.frames) == (72, 72)
    assert (film.samples, seen.samples) == (144_000, 144_000)


def test_a_dissolve_goes_from_one_picture_to_the_other_in_even_steps(cutting: Cutting) -> None:
    """Frame k of 4 shows (k + 1) / 5 of the incoming: 50 to 150 by 20."""
    cutting.cut(cutting.clip("a", grey=50), cutting.clip("b", grey=150, join="dissolve 4"))
    assert greys_of(cutting.film_path)[18:26] == near([50, 50, 70, 90, 110, 130, 150, 150])


def test_a_hold_mixes_into_the_held_first_frame(cutting: Cutting) -> None:
    """The incoming clip, which brightens by 4 a frame, stands still at 50 and begins to move after the hold."""
    cutting.cut(cutting.clip("a", grey=100), cutting.clip("b", grey=lambda n: 50 + 4 * n, join="hold 4"))
    assert greys_of(cutting.film_path)[19:28] == near([100, 90, 80, 70, 60, 50, 54, 58, 62])


def test_no_picture_is_early_or_late(cutting: Cutting) -> None:
    """Each clip flashes at its frame 12: in the film at 12, 36 and 60."""

    def flash(n: int) -> int:
        return 235 if n == 12 else 30

    cutting.cut(*(cutting.clip(name, grey=flash) for name in "abc"))
    assert [n for n, grey in enumerate(greys_of(cutting.film_path)) if grey > 200] == [12, 36, 60]


def test_sound_is_not_shifted_by_a_sample(cutting: Cutting) -> None:
    """After two cuts the film's tone is in phase with its clip's."""
    clips = [cutting.clip(name, hz=hz) for name, hz in (("a", 300.0), ("b", 500.0), ("c", 700.0))]
    cutting.cut(*clips)
    heard, original = sound_of(cutting.film_path)[96_000:144_000], sound_of(cutting.folder / "c.mp4")[:48_000]
    lags = [float(np.dot(np.roll(original, lag)[2_000:-2_000], heard[2_000:-2_000])) for lag in range(-20, 21)]
    assert int(np.argmax(lags)) - 20 == 0


def test_a_cut_does_not_click(cutting: Cutting) -> None:
    """Both clips end mid-wave; at the join the sound is below −60 dBFS."""
    cutting.cut(cutting.clip("a", hz=443.0), cutting.clip("b", hz=311.0))
    at_the_join = sound_of(cutting.film_path)[48_000 - 4 : 48_000 + 4]
    assert np.abs(at_the_join).max() < 10 ** (-60 / 20)


def test_the_film_is_as_loud_as_ordered(cutting: Cutting) -> None:
    """−14 LUFS and no peak above −1 dBTP, though the clips differ."""
    film = cutting.cut(cutting.clip("a", frames=48), cutting.clip("b", frames=48, hz=900.0))
    assert film.loudness_lufs == pytest.approx(-14, abs=0.5)
    assert film.true_peak_dbtp is not None
    assert film.true_peak_dbtp <= -1


def test_a_second_film_is_the_same_and_encodes_nothing(cutting: Cutting) -> None:
    """All spans come from the cache."""
    clips = (cutting.clip("a"), cutting.clip("b", grey=60, join="hold 6"), a_card(frames=12))
    first, second = cutting.cut(*clips, delivery=ENCODED), cutting.cut(*clips, delivery=ENCODED)
    assert (first.frames_encoded, second.frames_encoded) == (60, 0)
    assert first.sha256 == second.sha256


def test_equal_clips_make_equal_bytes_elsewhere(tmp_path: Path) -> None:
    """Another cache, the same film."""

    def made(folder: Path) -> Film:
        folder.mkdir()
        cutting = Cutting(folder)
        return cutting.cut(cutting.clip("a"), cutting.clip("b", grey=60, join="dissolve 6"))

    assert made(tmp_path / "one").sha256 == made(tmp_path / "two").sha256


def test_players_find_the_films_title_and_its_chapters(cutting: Cutting) -> None:
    """Two scenes of 24 frames: 1 s each. Nothing says when the film was made, and its index comes first."""
    clips = [cutting.clip(name).model_copy(update={"scene": scene}) for name, scene in (("a", "beach"), ("b", "跑"))]
    cutting.cut(*clips)
    with av.open(str(cutting.film_path)) as film:
        named = [
            (each["metadata"]["title"], each["start"] * each["time_base"], each["end"] * each["time_base"])
            for each in film.chapters()
        ]
        told = film.metadata
    assert named == [("beach", 0, 1), ("跑", 1, 2)]
    assert (told["title"], {"creation_time", "encoder", "comment"} & set(told)) == ("Demo", set())
    content = cutting.film_path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_an_edited_title_encodes_its_own_frames_alone(cutting: Cutting) -> None:
    """12 of 48."""
    one, other = cutting.clip("a"), cutting.clip("b")
    for text, encoded in (("Run", 48), ("跑得更遠", 12)):
        titled = one.model_copy(update={"overlays": (a_title(text, start=6, stop=18),)})
        assert cutting.cut(titled, other, delivery=ENCODED).frames_encoded == encoded


def test_a_burnt_caption_is_drawn_on_its_own_frames_alone(cutting: Cutting) -> None:
    """6 to 18 of 24; in the lower half of the picture something white stands."""
    said = cutting.clip("a", grey=40).model_copy(update={"captions": (a_caption("Run", start=6, stop=18),)})
    cutting.cut(said, delivery=Delivery(captions=CaptionStyle.BURN))
    assert [n for n, light in enumerate(brightest_of(cutting.film_path)) if light > 150] == [*range(6, 18)]


def test_a_logo_is_seen_where_it_stands_and_nothing_else_changes(cutting: Cutting) -> None:
    """In the middle of the picture, over both clips of a cut; 24 + 12 frames."""
    logo = cutting.logo(corner=Corner.CENTER, width=0.5, start=0, stop=36)
    film = cutting.cut(cutting.clip("a", grey=40), cutting.clip("b", frames=12, grey=90), logos=(logo,))
    assert greys_of(cutting.film_path) == near([235] * 36)
    assert (film.frames, film.spans) == (36, 2)


def test_a_voice_begins_at_its_sample(cutting: Cutting) -> None:
    """Over a silent clip it is heard from frame 12 to 24: samples 24,000 to 48,000, within a packet's echo."""
    cutting.cut(cutting.clip("a", frames=48, hz=None), narrations=(cutting.voice(grey=0),))
    heard = np.abs(sound_of(cutting.film_path))
    assert heard[: 24_000 - 256].max() < 10 ** (-50 / 20)
    assert heard[24_600:47_400].max() > 0.1
    assert heard[48_000 + 256 :].max() < 10 ** (-50 / 20)


def test_footage_of_another_shape_and_rate_is_fitted(cutting: Cutting) -> None:
    """36 frames at 30 a second, square, sound at 44.1 kHz: 29 film frames that fill the picture."""
    square = cutting.clip("b", frames=36, rate=30, size_px=(128, 128), sample_rate=44_100, grey=90)
    film = cutting.cut(cutting.clip("a"), square)
    assert (film.frames, film.width_px, film.height_px) == (53, *SIZE_PX)
    assert greys_of(cutting.film_path)[24:] == near([90] * 29)


def test_a_film_without_sound_is_silent_not_short(cutting: Cutting) -> None:
    """A muted clip and a card: 36 frames of silence."""
    film = cutting.cut(cutting.clip("a", sound="mute"), a_card(frames=12))
    assert (film.samples, film.loudness_lufs) == (72_000, None)


def test_a_spoiled_span_in_the_cache_is_made_again(cutting: Cutting) -> None:
    """Cut short by whatever: the quick look sees it."""
    one = cutting.clip("a")
    first = cutting.cut(one, delivery=ENCODED)
    (span,) = plan_spans(cutting.timeline(one, delivery=ENCODED))
    path = cutting.paths.span_path(span.fingerprint)
    path.write_bytes(path.read_bytes()[:-100])
    again = cutting.cut(one, delivery=ENCODED)
    assert (again.frames_encoded, again.sha256) == (24, first.sha256)


def test_what_goes_wrong_leaves_the_last_film_alone(cutting: Cutting) -> None:
    """A clip that is no clip any more."""
    one = cutting.clip("a")
    cutting.cut(one)
    before = cutting.film_path.read_bytes()
    other = cutting.clip("b", grey=60)
    (cutting.folder / "b.mp4").write_bytes(b"<html>404 not found</html>")
    with pytest.raises(StoryreelError, match="its first bytes"):
        cutting.cut(one, other)
    assert cutting.film_path.read_bytes() == before
    assert not leftovers(cutting.folder)


@pytest.mark.parametrize("frames", [0, 48, 96, 192])
def test_a_cancelled_render_leaves_nothing_half_done(cutting: Cutting, frames: int) -> None:
    """No film, no file aside, at whichever frame it is cancelled; the next run makes it."""
    clips = [cutting.clip(name, grey=n * 30 + 40, frames=48) for n, name in enumerate("abcd")]
    timeline = cutting.timeline(*clips, delivery=ENCODED)

    async def give_up() -> None:
        def look(progress: RenderProgress) -> None:
            if progress.frames_done >= frames:
                rendering.cancel()

        rendering = asyncio.create_task(cutting.maker().finish(timeline, cutting.film_path, look))
        await asyncio.sleep(0)
        look(RenderProgress(frames_done=Frames(0), frames_to_encode=Frames(192)))
        await rendering

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(give_up())
    assert not cutting.film_path.exists()
    assert not leftovers(cutting.folder)
    assert cutting.cut(*clips, delivery=ENCODED).frames == 192


def test_two_spans_are_made_at_a_time(cutting: Cutting) -> None:
    """Of five; an ffmpeg that notes when it begins and when it ends is never there three times."""
    program, log = cutting.folder / "ffmpeg", cutting.folder / "log"
    program.write_text(f"#!/bin/sh\necho 1 >> {log}; sleep 0.2; echo -1 >> {log}; exit 1\n")
    program.chmod(0o755)
    cache = SpanCache(Ffmpeg(program), cutting.paths, cutting.locate)
    clips = (cutting.clip(name, frames=12, grey=40 * n) for n, name in enumerate("abcde", start=1))
    spans = cutting.spans(*clips, delivery=ENCODED)

    async def make_all() -> None:
        await asyncio.gather(*(cache.make(span, lambda _: None) for span in spans), return_exceptions=True)

    asyncio.run(make_all())
    running = [*accumulate(map(int, log.read_text().split()))]
    assert (len(running), max(running)) == (10, 2)


def test_a_span_that_is_asked_for_twice_at_once_is_made_once(cutting: Cutting) -> None:
    """By two films of a series: one makes it, the other is told that it was made."""
    [span] = cutting.spans(cutting.clip("a", frames=12), delivery=ENCODED)
    cache = cutting.maker_of_spans()

    async def make_twice() -> list[bool]:
        return await asyncio.gather(*(cache.make(span, lambda _: None) for _ in range(2)))

    assert asyncio.run(make_twice()) == [True, False]
    assert cache.has(span)


def test_clips_are_encoded_as_they_land(cutting: Cutting) -> None:
    """With one clip there, its body is made; the join waits for the other."""
    one, other = cutting.clip("a"), cutting.clip("b", grey=60, join="dissolve 6")
    told: list[int] = []

    async def land_one_by_one() -> Film:
        maker, timeline = cutting.maker(), cutting.timeline(one, other, delivery=ENCODED)
        waiting = other.model_copy(update={"media": None})
        maker.clips_landed(cutting.timeline(one, waiting, delivery=ENCODED))
        await until(cutting.paths.span_path(plan_spans(timeline)[0].fingerprint).exists)
        return await maker.finish(timeline, cutting.film_path, lambda progress: told.append(progress.frames_done))

    assert asyncio.run(land_one_by_one()).frames_encoded == 42
    assert told == sorted(told)
    assert told[-1] == 42


async def until(has_come: Callable[[], bool]) -> None:
    while not has_come():  # noqa: ASYNC110 - a file sets no event
        await asyncio.sleep(0.01)


def leftovers(folder: Path) -> list[Path]:
    """Files aside that nobody will name any more."""
    return [*folder.rglob(".making-*")]
