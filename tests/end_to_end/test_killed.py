"""`kill -9` of a render: at random moments, and at a step of it. The film comes out, and no credit is spent twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import av
import pytest
from footage import write_clip
from theatre import SPEED, Theatre, open_theatre
from torture.accounts import audit, open_books, torn_clips
from tripwire import Kill, fast_folder

from pipeline.project import StorePaths
from pipeline.sandbox import SandboxConfig, serve

STORYBOARD: Final = """
{% scene "beach" %}
{% shot "run" each city in ["Paris", "Oslo"] %} A runner in {{ city }}, for FILM. {% endshot %}
{% shot "end" join="dissolve 12" continues="run.oslo -1" %} A quiet harbour, for FILM. {% endshot %}
{% endscene %}
"""
SHOTS: Final = 3
FRAMES: Final = 3 * 192 - 12
KILLS_A_FILM: Final = 7
SECONDS: Final = (0.2, 2.5)
"""From the first imports to the film, on a machine that does nothing else."""
STEPS: Final = 1_250
"""The files and sockets of a render; its server's come to 20,000 more, where it has one of its own."""
ORPHAN_SECONDS: Final = 20.0

Moment = Kill | float


@dataclass(slots=True)
class Executioner:
    """Kills the renders of one theatre.

    Attributes:
        steps: of a render; 0: kills come at random moments alone.
        before_resolving: lets the server's log be whole.
        sessions: of all renders that were killed: what they started belongs to them.
    """

    theatre: Theatre
    chance: random.Random
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
        folder = self.theatre.write(film, STORYBOARD.replace("FILM", film))
        delivered = folder / f"out/{film}.mp4"
        for n in range(most):
            if not self._is_killed(film, self._next_moment(self.steps // 2 if n else self.steps)):
                break
            assert torn_clips(self.store) == []
            assert not delivered.exists() or frames_of(delivered) == FRAMES, "a film is whole, or not there"
            self.before_resolving()
            self.theatre.resolve_by_the_servers_log(film)
        done = self.theatre.run("render", film)
        assert done.returncode == 0, done.stderr
        assert frames_of(delivered) == FRAMES

    def _next_moment(self, steps: int) -> Moment:
        if self.chance.random() < 0.5 or not steps:
            return self.chance.uniform(*SECONDS)
        return Kill(self.chance.randint(1, steps), is_after=self.chance.random() < 0.5)

    def _is_killed(self, film: str, at: Moment) -> bool:
        """Start a render and see to it that it is killed; False if it had ended well by then."""
        render = self.theatre.start("render", film, kill=at if isinstance(at, Kill) else None)
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
        caps = dict.fromkeys(self.films, 10 * SHOTS)
        books = open_books(self.store, self.theatre.charges(), self.theatre.log("requests"), caps)
        assert audit(books) == []
        assert len(books.charges) == SHOTS * len(self.films)
        give_up_at = time.monotonic() + ORPHAN_SECONDS
        while (left := orphans(self.sessions)) and time.monotonic() < give_up_at:
            time.sleep(0.1)
        assert left == [], "a killed render has left something running"

    def told(self) -> str:
        at_steps = sum(isinstance(at, Kill) for at in self.kills)
        charges = len(self.theatre.charges())
        return f"{len(self.kills)} kills ({at_steps} at steps), {len(self.films)} films, {charges} charges"


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
def execution(root: Path, seed: int, *, steps: int = 0) -> Iterator[Executioner]:
    """With small clips from a server of its own."""
    footage = root / "footage"
    footage.mkdir(parents=True)
    for n in range(SHOTS):
        write_clip(footage / f"{n}.mp4", frames=192, grey=40 + 50 * n)
    with open_theatre(root, "--footage", str(footage), "--log-bodies") as theatre:
        yield Executioner(theatre, random.Random(seed), steps)


def test_a_killed_render_goes_on_and_pays_nothing_twice(tmp_path: Path) -> None:
    """Three kills; the long round is `make torture`."""
    with execution(tmp_path, seed=7) as executioner:
        executioner.kill(3)
        print(executioner.told())


@pytest.mark.torture
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


def kill_with_servers(root: Path, *, kills: int, seed: int) -> str:
    """Renders whose server is a thread of theirs: its log of charges is whole once it was opened again."""
    (root / "projects").mkdir(parents=True)
    theatre = Theatre(root, url="")
    theatre.state_dir = StorePaths(root / ".storyreel/sandbox").server_dir

    def let_the_log_be_whole() -> None:
        with serve(SandboxConfig(state_dir=theatre.state_dir, speed=SPEED)):
            pass

    executioner = Executioner(theatre, random.Random(seed), 20_000, let_the_log_be_whole)
    executioner.kill(kills)
    return f"{executioner.told()}, seed {seed}, each with its server"
