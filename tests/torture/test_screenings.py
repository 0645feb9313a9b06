"""Films of all kinds in a real Chromium: unlike encoders side by side, spans of one frame, painted and genuine clips.

Genuine clips are not ours to bring along. Name a folder that holds some to have films of them shown, too:

    STORYREEL_FOOTAGE=clips make torture-media ARGS="-k genuine"
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from cutting_room import Cutting
from screening import POINTS, Cinema, check_showing, needs_chromium, open_cinema
from timelines import a_title

from pipeline.errors import MediaError
from pipeline.media.animatic import ClipBrief, paint_clip
from pipeline.media.probe import inspect

pytestmark = [needs_chromium, pytest.mark.torture, pytest.mark.media]

JOINS: Final = ("cut", "dissolve 12", "hold 12")
FOOTAGE: Final = os.environ.get("STORYREEL_FOOTAGE", "")
PYRAMID: Final = "bframes=3:b-pyramid=normal:b-adapt=0:scenecut=0:keyint=250:ref=3"
FINE: Final = 3.0
"""How far a plain grey may be off."""
COARSE: Final = 16.0
"""How far a picture may be off that is full of detail; another picture is 40 and more."""


@pytest.fixture(scope="module")
def cinema() -> Iterator[Cinema]:
    with open_cinema() as opened:
        yield opened


def shade(clip: int) -> Callable[[int], int]:
    """Changes from frame to frame, and is another one for each clip."""
    return lambda frame: 40 + 30 * clip + frame % 20


@pytest.fixture
def cutting(tmp_path: Path) -> Cutting:
    return Cutting(tmp_path)


UNLIKE: Final[dict[str, list[dict[str, Any]]]] = {
    "no B-frames beside a pyramid": [{"x264": PYRAMID}, {"x264": "bframes=0"}, {"x264": PYRAMID}],
    "a deep pyramid beside none": [{"x264": "bframes=0"}, {"x264": f"{PYRAMID}:bframes=8"}, {"x264": "bframes=0"}],
    "other parameter sets": [{"x264": PYRAMID}, {"x264": "cabac=0:chroma-qp-offset=4"}, {"x264": PYRAMID}],
    "another rate": [{"x264": PYRAMID}, {"rate": 30}, {"x264": PYRAMID}],
    "another size": [{"x264": PYRAMID}, {"size_px": (98, 162)}, {"x264": PYRAMID}],
    "an IDR for each picture": [{"x264": "keyint=1"}, {"x264": PYRAMID}, {"x264": "keyint=1"}],
    "entries that are no IDRs": [{"x264": "open-gop=1:keyint=10:min-keyint=10:bframes=2:scenecut=0"}] * 2,
    "slices": [{"x264": f"{PYRAMID}:slices=4"}] * 3,
    "clips of one frame": [{"frames": 1}, {"frames": 1}, {"frames": 1}, {"frames": 40}, {"frames": 1}],
    "clips of two frames": [{"frames": 2, "x264": PYRAMID}] * 4,
}


@pytest.mark.parametrize("join", ["cut", "dissolve 1", "hold 1", "dissolve 12", "hold 12"])
@pytest.mark.parametrize("made", UNLIKE.values(), ids=UNLIKE)
def test_unlike_clips_play_beside_each_other(
    cinema: Cinema, cutting: Cutting, made: list[dict[str, Any]], join: str
) -> None:
    """Copied where one set of parameters serves all, encoded where it does not."""
    length = int(join.split()[1]) if " " in join else 0
    if any(how.get("frames", 40) <= 2 * length for how in made):
        pytest.skip("the clips are shorter than their joins")
    clips = [
        cutting.clip(f"clip{n}", **{"join": join if n else "cut", "frames": 40, "grey": shade(n), **how})
        for n, how in enumerate(made)
    ]
    check_showing(cinema, cutting, *clips, points=8, off=FINE)


@pytest.mark.parametrize("start", [0, 1, 2, 37, 38, 39])
@pytest.mark.parametrize("length", [1, 2])
def test_a_short_title_leaves_a_film_that_plays(cinema: Cinema, cutting: Cutting, start: int, length: int) -> None:
    """Spans of one and two frames, each an IDR of its own, before, amid and after copied ones."""
    title = a_title(start=start, stop=min(40, start + length))
    titled = cutting.clip("a", frames=40, x264=PYRAMID).model_copy(update={"overlays": (title,)})
    check_showing(cinema, cutting, titled, cutting.clip("b", frames=40, grey=90, x264=PYRAMID), points=8, off=FINE)


@pytest.mark.parametrize("size_px", [(162, 98), (90, 160), (426, 240)], ids=str)
def test_a_size_that_is_no_multiple_of_sixteen_plays(cinema: Cinema, tmp_path: Path, size_px: tuple[int, int]) -> None:
    """Its parameter sets say what is cut off."""
    cutting = Cutting(tmp_path, size_px)
    clips = [
        cutting.clip(name, frames=40, grey=60 + 40 * n, join="hold 6" if n else "cut", size_px=size_px, x264=PYRAMID)
        for n, name in enumerate("abc")
    ]
    assert any(span.copied for span in cutting.spans(*clips))
    check_showing(cinema, cutting, *clips, points=8, off=FINE)


def test_a_film_of_ours_is_footage_like_any_other(cinema: Cinema, cutting: Cutting) -> None:
    """It holds parameter sets of two encoders, one of which the new film would need: it is encoded."""
    clips = [
        cutting.clip("a", frames=40, x264=PYRAMID),
        cutting.clip("b", frames=40, grey=90, join="hold 6", x264=PYRAMID),
    ]
    cutting.cut(*clips)
    ours = cutting.adopt("ours", cutting.film_path).model_copy(update={"kind": "footage"})
    check_showing(cinema, cutting, clips[0], ours, clips[1], points=8, off=FINE)


@pytest.mark.parametrize("join", JOINS)
def test_painted_clips_play_in_every_join(cinema: Cinema, painted: list[Path], tmp_path: Path, join: str) -> None:
    """As the sandbox makes them: 720p, 192 frames."""
    play_in_every_join(cinema, painted, tmp_path, join)


@pytest.mark.parametrize("join", JOINS)
@pytest.mark.skipif(not FOOTAGE, reason="STORYREEL_FOOTAGE names no folder of genuine clips")
def test_genuine_clips_play_in_every_join(cinema: Cinema, tmp_path: Path, join: str) -> None:
    """Whatever there is, all that can be used at all in one film."""
    usable = [path for path in sorted(Path(FOOTAGE).glob("*.mp4")) if is_usable(path)]
    assert len(usable) > 1
    play_in_every_join(cinema, usable, tmp_path, join)


@pytest.fixture(scope="module")
def painted(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("painted")
    prompts = ("A fisherman on a quiet lake in the morning mist", "A train in snowy mountains", "Waves at dusk")
    for n, prompt in enumerate(prompts):
        brief = ClipBrief(shot=f"shot{n}", prompt=prompt, size_px=(1280, 720), seed=n, slate=False)
        paint_clip(brief, folder / f"clip{n}.mp4")
    return sorted(folder.glob("*.mp4"))


def is_usable(path: Path) -> bool:
    try:
        inspect(path, must_be_mp4=True)
    except MediaError:
        return False
    return True


def play_in_every_join(cinema: Cinema, paths: list[Path], folder: Path, join: str) -> None:
    cutting = Cutting(folder, (1280, 720))
    clips = [cutting.adopt(f"shot{n}", path, join=join if n else "cut") for n, path in enumerate(paths)]
    copied = sum(span.frames for span in cutting.spans(*clips) if span.copied)
    showing = check_showing(cinema, cutting, *clips, points=POINTS, off=COARSE)
    print(
        f"{len(clips)} clips, {join}: {showing.seconds} s, {copied} frames copied, "
        f"{len(showing.off)} seeks, each to its own picture (off by {showing.worst:.1f} of 255 at most)"
    )
