"""`kill -9` of a render: at random moments, and at a step of it. The films come out, and no credit is spent twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import av
import pytest
from footage import write_clip
from theatre import SPEED, Theatre, open_theatre
from torture.accounts import audit, open_books, torn_clips
from tripwire import Kill, fast_folder

from pipeline.ledger.journal import SqliteLedger
from pipeline.model.take import State
from pipeline.project import StorePaths
from pipeline.sandbox import SandboxConfig, serve

STORYBOARD: Final = """
{% scene "beach" %}
{% shot "run" each city in ["Paris", "Oslo"] %} A runner in {{ city }}, for FILM. {% endshot %}
{% shot "end" join="dissolve 12" continues="run.oslo -1" %} A quiet harbour, for FILM. {% endshot %}
{% endscene %}
"""
EPISODES: Final = """
{% shot "title" %} A neon sign, for FILM. {% endshot %}
{% shot "place" join="dissolve 12" %} {{ place }} at night, for FILM. {% endshot %}
"""
CLIPS: Final = 3
CLIP_FRAMES: Final = 48
KILLS_A_FILM: Final = 7
SECONDS: Final = (0.2, 2.5)
"""From the first imports to the film, on a machine that does nothing else."""
STEPS: Final = 1_250
"""The files and sockets of a render; its server's come to 20,000 more, where it has one of its own."""
ORPHAN_SECONDS: Final = 20.0

Moment = Kill | float


def write_film(theatre: Theatre, film: str) -> Path:
    return theatre.write(film, STORYBOARD.replace("FILM", film))


def write_series(theatre: Theatre, series: str) -> Path:
    """Three episodes that share their title."""
    folder = theatre.write(series, EPISODES.replace("FILM", series))
    places = ("A pier", "A stall", "A stair")
    listed = "".join(f"  - {{id: e{n}, variables: {{place: {place}}}}}\n" for n, place in enumerate(places, start=1))
    (folder / "series.yaml").write_text(f"episodes:\n{listed}")
    return folder


@dataclass(frozen=True, slots=True)
class Feature:
    """What is rendered.

    Attributes:
        command: that renders it.
        write: puts a new one, by its name, into the theatre.
        films: the endings of its files' names.
        frames: of each of them.
        requests: how many it pays for.
    """

    command: tuple[str, ...]
    write: Callable[[Theatre, str], Path]
    films: tuple[str, ...]
    frames: int
    requests: int


FILM: Final = Feature(("render",), write_film, (".mp4",), 3 * CLIP_FRAMES - 12, 3)
WHOLE_CLIPS: Final = replace(FILM, frames=3 * 192 - 12)
"""Of the sandbox's own clips."""

SERIES: Final = Feature(("series", "render"), write_series, ("-e1.mp4", "-e2.mp4", "-e3.mp4"), 2 * CLIP_FRAMES - 12, 4)


@dataclass(slots=True)
class Executioner:
    """Kills the renders of one theatre.

    Attributes:
        feature: what all of them render.
        steps: of a render; 0: kills come at random moments alone.
        before_resolving: lets the server's log be whole.
        sessions: of all renders that were killed: what they started belongs to them.
    """

    theatre: Theatre
    chance: random.Random
    feature: Feature = FILM
    steps: int = 0
    before_resolving: Callable[[], None] = lambda: None
    films: list[str] = field(default_factory=list)
    kills: list[Moment] = field(default_factory=list)
    sessions: set[int] = field(default_factory=set)

    @property
    def store(self) -> StorePaths:
        return StorePaths(self.theatre.root / ".storyreel/sandbox")

    def kill(self, wanted: int) -> None:
        """Shoot films one after another until so many renders of theirs were killed."""
        while len(self.kills) < wanted:
            self._shoot(f"film{len(self.films) + 1}", most=min(KILLS_A_FILM, wanted - len(self.kills)))
        self._check_books()

    def _shoot(self, film: str, most: int) -> None:
        """The first render may be killed at any step; the next ones find much of it done and are killed earlier."""
        self.films.append(film)
        folder = self.feature.write(self.theatre, film)
        delivered = [folder / f"out/{film}{ending}" for ending in self.feature.films]
        for n in range(most):
            if not self._is_killed(film, self._next_moment(self.steps // 2 if n else self.steps)):
                break
            assert torn_clips(self.store) == []
            there = [path for path in delivered if path.exists()]
            assert {frames_of(path) for path in there} <= {self.feature.frames}, "a film is whole, or not there"
            if has_doubts(self.store, film):
                self.before_resolving()
                self.theatre.resolve_by_the_servers_log(film)
        done = self.theatre.run(*self.feature.command, film)
        assert done.returncode == 0, done.stderr
        assert {frames_of(path) for path in delivered} == {self.feature.frames}

    def _next_moment(self, steps: int) -> Moment:
        if self.chance.random() < 0.5 or not steps:
            return self.chance.uniform(*SECONDS)
        return Kill(self.chance.randint(1, steps), is_after=self.chance.random() < 0.5)

    def _is_killed(self, film: str, at: Moment) -> bool:
        """Start a render and see to it that it is killed; False if it had ended well by then."""
        render = self.theatre.start(*self.feature.command, film, kill=at if isinstance(at, Kill) else None)
        try:
            status = render.wait(60 if isinstance(at, Kill) else at)
        except subprocess.TimeoutExpired:
            os.kill(render.pid, signal.SIGKILL)
            status = render.wait()
        assert status in (0, -signal.SIGKILL), f"{film} at {at}: exit status {status}"
        if status:
            self.kills.append(at)
            self.sessions.add(render.pid)
        return bool(status)

    def _check_books(self) -> None:
        caps = dict.fromkeys(self.films, 10 * self.feature.requests)
        books = open_books(self.store, self.theatre.charges(), self.theatre.log("requests"), caps)
        assert audit(books) == []
        assert len(books.charges) == self.feature.requests * len(self.films)
        give_up_at = time.monotonic() + ORPHAN_SECONDS
        while (left := orphans(self.sessions)) and time.monotonic() < give_up_at:
            time.sleep(0.1)
        assert left == [], "a killed render has left something running"

    def most_calls_in_an_hour(self) -> int:
        """Of the server's clock."""
        hour = 3600 / SPEED
        at = sorted(datetime.fromisoformat(row["at"]).timestamp() for row in self.theatre.log("requests"))
        return max(n + 1 - bisect_right(at, moment - hour) for n, moment in enumerate(at))

    def told(self) -> str:
        at_steps = sum(isinstance(at, Kill) for at in self.kills)
        charges = len(self.theatre.charges())
        return f"{len(self.kills)} kills ({at_steps} at steps), {len(self.films)} films, {charges} charges"


def has_doubts(store: StorePaths, film: str) -> bool:
    """Whether a take of the film was being sent, or is in doubt; asked of the ledger, which takes no new process."""
    if not store.ledger_path.exists():
        return False
    with closing(SqliteLedger(store.ledger_path, store.recovery_path)) as ledger:
        return any(take.state in (State.SENDING, State.UNKNOWN) for take in ledger.takes(film))


def frames_of(film: Path) -> int:
    with av.open(str(film)) as opened:
        return sum(packet.size > 0 for packet in opened.demux(video=0))


def orphans(sessions: set[int]) -> list[str]:
    """Processes that live on in one of these sessions, with their command lines."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, session = status.read_text().rpartition(")")[2].split()[:4]
            if int(session) in sessions and state != "Z":
                found.append(status.with_name("cmdline").read_text().replace("\0", " "))
        except OSError:  # it has ended meanwhile
            continue
    return found


@contextmanager
def execution(root: Path, seed: int, feature: Feature = FILM, *, steps: int = 0) -> Iterator[Executioner]:
    """With small clips from a server of its own."""
    footage = root / "footage"
    footage.mkdir(parents=True)
    for n in range(CLIPS):
        write_clip(footage / f"{n}.mp4", frames=CLIP_FRAMES, grey=40 + 50 * n)
    with open_theatre(root, "--footage", str(footage), "--log-bodies") as theatre:
        yield Executioner(theatre, random.Random(seed), feature, steps)


def test_a_killed_render_goes_on_and_pays_nothing_twice(tmp_path: Path) -> None:
    """Three kills; the long round is `make torture`."""
    with execution(tmp_path, seed=7) as executioner:
        executioner.kill(3)
        print(executioner.told())


@pytest.mark.torture(minutes=5)
def test_two_hundred_kills_of_a_render() -> None:
    """95 in each of two workspaces, and 10 of renders that take their server with them."""

    def kill(folder: Path, seed: int) -> str:
        with execution(folder / f"{seed}", seed, steps=STEPS) as executioner:
            executioner.kill(95)
            return f"{executioner.told()}, seed {seed}"

    with fast_folder() as folder, ThreadPoolExecutor(2) as pool:
        for told in pool.map(lambda seed: kill(folder, seed), (200, 201)):
            print(told)
        print(kill_with_servers(folder / "embedded", kills=10, seed=202))


@pytest.mark.series
@pytest.mark.torture
def test_thirty_kills_of_a_series(tmp_path: Path) -> None:
    """Its three films come out, and the title that they share is paid for once."""
    with execution(tmp_path, 300, SERIES, steps=STEPS) as executioner:
        executioner.kill(30)
        calls = executioner.most_calls_in_an_hour()
        assert calls <= 100
        print(f"{executioner.told()} (series of three films), at most {calls} calls in an hour, seed 300")


def kill_with_servers(root: Path, *, kills: int, seed: int) -> str:
    """Renders whose server is a thread of theirs: its log of charges is whole once it was opened again."""
    (root / "projects").mkdir(parents=True)
    theatre = Theatre(root, url="")
    theatre.state_dir = StorePaths(root / ".storyreel/sandbox").server_dir

    def let_the_log_be_whole() -> None:
        with serve(SandboxConfig(state_dir=theatre.state_dir, speed=SPEED)):
            pass

    executioner = Executioner(theatre, random.Random(seed), WHOLE_CLIPS, 20_000, let_the_log_be_whole)
    executioner.kill(kills)
    return f"{executioner.told()}, seed {seed}, each with its server"
