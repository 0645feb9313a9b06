"""How a run of a series shows that it goes on: a live table on a terminal, lines when piped, JSON lines when asked for.

A row is a film: how its shots are, one sign each, and how far its picture is.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TextIO, cast

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from pipeline.cli.printing import print_json
from pipeline.cli.progress import COUNTED, WORDS, Lines, Unheeded
from pipeline.cutting import Made
from pipeline.model.plan import Plan
from pipeline.model.take import CHARGED, UNSENT, Event, State, Take
from pipeline.production import Outcome, Unfinished
from pipeline.safe_text import safe_block, safe_line

if TYPE_CHECKING:
    from pipeline.model.storyboard import Storyboard
    from pipeline.render.film import RenderProgress

SIGNS: Final = {
    State.PLANNED: ("·", "dim"),
    State.ARMED: ("·", "dim"),
    State.SENDING: (">", "cyan"),
    State.SUBMITTED: ("○", "cyan"),
    State.PROCESSING: ("○", "cyan"),
    State.SUCCEEDED: ("◐", "cyan"),
    State.DOWNLOADED: ("◐", "cyan"),
    State.VERIFIED: ("●", "green"),
    State.UNKNOWN: ("?", "red"),
}
"""How a shot's take is; what ended badly is `BAD`."""

BAD: Final = ("x", "red")
UNTOUCHED: Final = ("·", "dim")
ROWS: Final = 24
"""So many films have a row; of more, those are shown that something is happening to."""

REFRESHED: Final = 4.0
"""Times a second, at most."""


@dataclass(slots=True)
class _FilmRow:
    shots: Mapping[str, str]  # id to the slate of the clip that the film is to use
    frames: tuple[int, int] | None = None  # done, to encode
    outcome: str = ""
    style: str = ""

    @property
    def is_there(self) -> bool:
        return self.style == "green"


@dataclass(slots=True)
class Board:
    """What is known of the run, whoever shows it."""

    films: dict[str, _FilmRow] = field(default_factory=dict)
    states: dict[str, State] = field(default_factory=dict)  # by slate
    paid: dict[str, int] = field(default_factory=dict)  # credits of this run, by slate
    calls_left: Callable[[], int] = lambda: 0
    speed: float = 1.0  # of the vendor's clock
    seconds_estimated: float = 0.0  # until the last clip, by the clock of this machine

    def planned(self, plan: Plan) -> None:
        slates = {row.shot: row.film_slate for row in plan.shots}
        self.states = {row.film_slate: State.VERIFIED for row in plan.shots if row.has_clip}
        for film in plan.films:
            self.films[film.name] = _FilmRow(shots={shot: slates[shot] for shot in film.shots})
        self.seconds_estimated = plan.seconds_estimated / self.speed

    def take_changed(self, take: Take, event: Event | None) -> None:
        self.states[str(take.slate)] = take.state
        if event is not None and take.state in CHARGED - UNSENT:
            self.paid[str(take.slate)] = take.credits
        elif take.state in UNSENT or take.state is State.FAILED:
            self.paid.pop(str(take.slate), None)

    def film_ended(self, film: str, outcome: Outcome) -> None:
        row = self.films.setdefault(film, _FilmRow(shots={}))
        row.outcome, row.style = told_end(outcome)


def told_end(outcome: Outcome) -> tuple[str, str]:
    """How a film ended, in few words, and their colour."""
    if isinstance(outcome, Made):
        return ("made" if outcome.has_news else "up to date"), "red" if outcome.failures else "green"
    if isinstance(outcome, Unfinished):
        return f"{len(outcome.missing)} shots not selected", "yellow"
    return str(outcome).partition("\n")[0], "red"


class SeriesLines(Lines):
    """A line for each thing that happened."""

    def begun(self, films: Mapping[str, Storyboard], calls_left: Callable[[], int], speed: float) -> None: ...

    def planned(self, plan: Plan) -> None:
        counts = ((len(plan.decided(*decisions)), word) for word, decisions in COUNTED.items())
        told = ", ".join(f"{count} {word}" for count, word in counts if count)
        films = f"{len(plan.films)} films, {len(plan.shots)} shots, {len({row.slate for row in plan.shots})} unique"
        self.note(f"{films}: {told}; {plan.credits} credits.")

    def rendering(self, film: str, progress: RenderProgress) -> None:
        """Many films are made side by side, so that their frames are not told: `film_ended` is."""

    def film_ended(self, film: str, outcome: Outcome) -> None:
        self.note(f"{film}: {told_end(outcome)[0]}.".replace("..", "."))


class SeriesEvents:
    """A JSON object on stdout for each thing that happened."""

    def begun(self, films: Mapping[str, Storyboard], calls_left: Callable[[], int], speed: float) -> None:
        print_json({"event": "begun", "films": {name: film.title for name, film in films.items()}}, indent=None)

    def planned(self, plan: Plan) -> None:
        films = {film.name: film.seconds_estimated for film in plan.films}
        counts = {"shots": len(plan.shots), "unique": len({row.slate for row in plan.shots}), "credits": plan.credits}
        print_json({"event": "planned", **counts, "seconds_estimated": films}, indent=None)

    def take_changed(self, take: Take, event: Event | None) -> None:
        if event is not None:
            print_json(
                {"event": "take", "slate": str(take.slate), "state": take.state, "at": event.at.isoformat()},
                indent=None,
            )

    def rendering(self, film: str, progress: RenderProgress) -> None:
        done, in_all = progress.frames_done, progress.frames_to_encode
        if in_all and done == in_all:
            print_json({"event": "encoded", "film": film, "frames": in_all}, indent=None)

    def note(self, sentence: str) -> None:
        print_json({"event": "note", "told": sentence}, indent=None)

    def film_ended(self, film: str, outcome: Outcome) -> None:
        path = str(outcome.paths.path) if isinstance(outcome, Made) else None
        print_json({"event": "film", "film": film, "told": told_end(outcome)[0], "path": path}, indent=None)


class SeriesTable:
    """The live table.

    Args:
        now: seconds of a clock that only goes forward.
    """

    def __init__(self, live: Live, now: Callable[[], float] = time.monotonic) -> None:
        self._live, self._now = live, now
        self._board = Board()
        self._began = now()
        self._shown = -math.inf

    def begun(self, films: Mapping[str, Storyboard], calls_left: Callable[[], int], speed: float) -> None:
        self._board.calls_left, self._board.speed = calls_left, speed

    def planned(self, plan: Plan) -> None:
        self._board.planned(plan)
        self._show()

    def take_changed(self, take: Take, event: Event | None) -> None:
        self._board.take_changed(take, event)
        self._show()

    def rendering(self, film: str, progress: RenderProgress) -> None:
        if row := self._board.films.get(film):
            row.frames = progress.frames_done, progress.frames_to_encode
        self._show()

    def note(self, sentence: str) -> None:
        self._live.console.print(safe_block(sentence), markup=False, highlight=False, emoji=False)

    def film_ended(self, film: str, outcome: Outcome) -> None:
        self._board.film_ended(film, outcome)
        self._show(at_once=True)

    def _show(self, *, at_once: bool = False) -> None:
        if at_once or self._now() - self._shown >= 1 / REFRESHED:
            self._shown = self._now()
            self._live.update(picture_of(self._board, self._now() - self._began), refresh=True)


def picture_of(board: Board, seconds: float) -> Group:
    """The table as it stands `seconds` after the run began."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for head in ("film", "shots", "frames", ""):
        table.add_column(head, no_wrap=head != "", overflow="ellipsis")
    shown = _shown(board)
    for name in shown:
        row = board.films[name]
        frames = f"{row.frames[0]}/{row.frames[1]}" if row.frames and row.frames[1] else ""
        table.add_row(Text(name), _signs(board, row), Text(frames), Text(safe_line(row.outcome), style=row.style))
    if len(shown) < len(board.films):
        table.add_row(Text(f"and {len(board.films) - len(shown)} more", style="dim"))
    return Group(table, Text(safe_line(_foot(board, seconds)), style="bold"))


def _shown(board: Board) -> list[str]:
    """The films that have a row: all, or those on which something is going on, in their order."""
    if len(board.films) <= ROWS:
        return list(board.films)

    def rank(name: str) -> int:
        row = board.films[name]
        return (
            2
            if row.outcome and row.style == "green"
            else int(not any(slate in board.states for slate in row.shots.values()))
        )

    chosen = set(sorted(board.films, key=rank)[:ROWS])
    return [name for name in board.films if name in chosen]


def _signs(board: Board, row: _FilmRow) -> Text:
    signs = Text()
    for slate in row.shots.values():
        state = board.states.get(slate)
        signs.append(*(UNTOUCHED if state is None else SIGNS.get(state, BAD)))
    return signs


def _foot(board: Board, seconds: float) -> str:
    made = sum(row.is_there for row in board.films.values())
    counts = Counter(WORDS.get(state, "waiting") for state in board.states.values())
    shots = ", ".join(f"{count} {word.partition(':')[0]}" for word, count in counts.items())
    paid = f"{sum(board.paid.values())} credits in this run, {board.calls_left()} calls left in this hour"
    left = board.seconds_estimated - seconds
    last = f"; the last clip in about {math.ceil(left / 60)} min" if left > 0 and made < len(board.films) else ""
    return f"{made} of {len(board.films)} films; {shots}; {paid}{last}"


@contextmanager
def watching_series(stream: TextIO, *, as_json: bool) -> Iterator[SeriesLines | SeriesEvents | SeriesTable]:
    """Someone who shows the run of a series for as long as the block lasts."""
    if as_json:
        yield SeriesEvents()
    elif not stream.isatty():
        yield SeriesLines(stream)
    else:
        console = Console(file=cast(TextIO, Unheeded(stream)))
        with Live(console=console, auto_refresh=False, transient=False) as live:
            yield SeriesTable(live)
