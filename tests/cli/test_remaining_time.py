"""How long a render says that it will take yet."""

from __future__ import annotations

import io

from pipeline.cli.progress import Lines, Speed
from pipeline.render.film import RenderProgress


class Clock:
    """Stands where it is set."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def told(*steps: tuple[float, int], total: int = 1_000) -> list[str]:
    """What is said at each second, with so many frames done."""
    clock = Clock()
    speed, said = Speed(clock), []
    for clock.seconds, done in steps:
        said.append(speed.told_left(RenderProgress(done, total)))
    return said


def test_the_rest_takes_what_the_frames_so_far_took() -> None:
    """100 frames in 4 s, 900 to go: 36 s."""
    assert told((0.0, 0), (4.0, 100)) == ["", ", about 36 s left"]


def test_frames_that_were_there_before_count_for_nothing() -> None:
    """800 were done when the render began; 50 in 5 s leave 150, which is 15 s and not 1."""
    assert told((10.0, 800), (15.0, 850)) == ["", ", about 15 s left"]


def test_a_long_rest_is_told_in_minutes() -> None:
    """50 of 10,000 frames in 5 s: 995 s."""
    assert told((0.0, 0), (5.0, 50), total=10_000)[-1] == ", about 17 min left"


def test_nothing_is_said_before_anything_is_known_nor_at_the_end() -> None:
    """Half a second, ten frames, all frames."""
    assert told((0.0, 0), (0.5, 400), (2.0, 10), (9.0, 1_000)) == ["", "", "", ""]


def test_a_machine_that_grows_slow_is_believed() -> None:
    """After 100 frames in 2 s, 100 more take 18: 800 more at that pace take 80."""
    assert told((0.0, 0), (2.0, 100), (20.0, 200)) == ["", ", about 18 s left", ", about 80 s left"]


def test_piped_lines_count_frames() -> None:
    """A line at each tenth."""
    stream = io.StringIO()
    lines = Lines(stream)
    for done in (0, 10, 100, 150, 200):
        lines.rendering("", RenderProgress(done, 1_000))
    assert [line.split(" frames")[0] for line in stream.getvalue().splitlines()] == [
        f"rendering  {done} of 1000" for done in (0, 100, 200)
    ]
