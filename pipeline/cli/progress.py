"""How a run shows that it goes on: bars on a terminal, plain lines when piped.

Nobody has to watch: a reader that goes away, or a terminal that is closed, ends no run.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, TextIO, cast

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from pipeline.model.plan import PAID, Decision, Plan
from pipeline.model.take import Event, State, Take
from pipeline.safe_text import safe_block, safe_line

if TYPE_CHECKING:
    from pipeline.render.film import RenderProgress

WORDS: Final = {
    State.SUBMITTED: "submitted",
    State.PROCESSING: "generating",
    State.DOWNLOADED: "downloaded",
    State.VERIFIED: "landed",
    State.UNKNOWN: "in doubt: its answer is lost",
    State.FAILED: "failed",
    State.REJECTED: "refused",
    State.CORRUPT: "damaged",
    State.LOST: "lost",
}
"""States that are worth a line; the others pass too quickly."""

_KNOWN_FROM_SECONDS: Final = 1.0
_KNOWN_FROM_FRAMES: Final = 24
"""Before that, nobody can say how long the rest will take."""

COUNTED: Final = {
    "to shoot": PAID,
    "to shoot when another's clip is here": (Decision.WAITS,),
    "on their way": (Decision.RESUME,),
    "blocked": (Decision.BLOCKED,),
    "reused": (Decision.REUSE,),
    "left out": (Decision.SKIP,),
}
"""What a run is going to do, as its first line counts it."""


class Speed:
    """How long the picture will take yet, by the frames that this run has really encoded since it was first asked.

    Frames that lay in the cache, or that were encoded while clips were still landing, say nothing of that.

    Args:
        now: seconds of a clock that only goes forward.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._began: tuple[float, int] | None = None

    def told_left(self, progress: RenderProgress) -> str:
        """As in ", about 40 s left"; empty while too little is known, and at the end."""
        at, done = self._now(), progress.frames_done
        if self._began is None:
            self._began = at, done
        seconds, gained = at - self._began[0], done - self._began[1]
        frames_left = progress.frames_to_encode - done
        if seconds < _KNOWN_FROM_SECONDS or gained < _KNOWN_FROM_FRAMES or frames_left <= 0:
            return ""
        left = frames_left * seconds / gained
        return f", about {max(1, round(left))} s left" if left < 100 else f", about {round(left / 60)} min left"


class Unheeded:
    """A stream whose reader may go away, as the terminal does that is closed: what is said then is lost, no more."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class Lines:
    """A line for each thing that happened."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = Unheeded(stream)
        self._told_tenth = -1
        self._speed = Speed()

    def planned(self, plan: Plan) -> None:
        counts = ((len(plan.decided(*decisions)), word) for word, decisions in COUNTED.items())
        told = ", ".join(f"{count} {word}" for count, word in counts if count)
        up_to = "up to " if plan.credits_now < plan.credits else ""
        self._say(f"{len(plan.shots)} shots: {told}; {up_to}{plan.credits} credits.")

    def take_changed(self, take: Take, event: Event | None) -> None:
        if event is not None and take.state in WORDS:
            trouble = f" ({take.trouble})" if take.trouble else ""
            self._say(safe_line(f"{take.slate}  {WORDS[take.state]}{trouble}"))

    def rendering(self, _film: str, progress: RenderProgress) -> None:
        if not progress.frames_to_encode:
            return
        left = self._speed.told_left(progress)
        tenth = 10 * progress.frames_done // progress.frames_to_encode
        if tenth > self._told_tenth:
            self._told_tenth = tenth
            self._say(f"rendering  {progress.frames_done} of {progress.frames_to_encode} frames{left}")

    def note(self, sentence: str) -> None:
        self._say(sentence)

    def _say(self, line: str) -> None:
        print(safe_block(line), file=self._stream, flush=True)


class Bars:
    """A bar for the shots and a bar for the frames."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._shots: TaskID | None = None
        self._frames: TaskID | None = None
        self._states: dict[str, State] = {}
        self._speed = Speed()

    def planned(self, plan: Plan) -> None:
        ours = plan.decided(*PAID, Decision.WAITS, Decision.RESUME)
        if ours and self._shots is None:
            self._shots = self._bars.add_task("shooting", total=len({row.slate for row in ours}), note="")

    def take_changed(self, take: Take, event: Event | None) -> None:
        if event is None or self._shots is None:
            return
        self._states[str(take.slate)] = take.state
        counts = Counter(WORDS.get(state, "being sent") for state in self._states.values())
        note = ", ".join(f"{count} {word}" for word, count in counts.items())
        landed = sum(state is State.VERIFIED for state in self._states.values())
        self._bars.update(self._shots, completed=landed, note=note)

    def rendering(self, _film: str, progress: RenderProgress) -> None:
        if self._frames is None:
            self._frames = self._bars.add_task("rendering", total=progress.frames_to_encode, note="")
        left = self._speed.told_left(progress).removeprefix(", ")
        self._bars.update(self._frames, completed=progress.frames_done, total=progress.frames_to_encode, note=left)

    def note(self, sentence: str) -> None:
        self._bars.console.print(safe_block(sentence), markup=False, highlight=False, emoji=False)


@contextmanager
def watching(stream: TextIO) -> Iterator[Lines | Bars]:
    """Someone who shows a run on `stream` for as long as the block lasts."""
    if not stream.isatty():
        yield Lines(stream)
        return
    columns = (TextColumn("{task.description:<10}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    console = Console(file=cast(TextIO, Unheeded(stream)))
    with Progress(*columns, TimeElapsedColumn(), TextColumn("{task.fields[note]}"), console=console) as bars:
        yield Bars(bars)
