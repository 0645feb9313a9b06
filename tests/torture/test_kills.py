"""SIGKILL at every step of a run and at any instant of it: no credit is spent twice, no clip lost, no shot stuck.

A film is one case: its runs are killed a few times, the first one at the next step of a sweep over all of its shape's
ledger, socket and file calls, the others (which recover) at random; then the runs come to their end, and the books
must add up. What happens in a film follows from the seed and its number, random instants as far as the machine allows.
"""

from __future__ import annotations

import gc
import itertools
import logging
import random
import shutil
import time
import traceback
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from torture.accounts import audit, torn_clips
from torture.killing import SHAPES, Film, Server, begin_film, serve_apart
from tripwire import Case, Kill, Kind, Outcome, begin_case, fast_folder, run_warm, tell, try_case

STEPS: Final = Kind.FILES | Kind.SOCKETS
WORKERS: Final = 2
SWEPT: Final = ("grouped", "chain", "twins")
CYCLE: Final = (*SWEPT * 3, "odd")
"""The shapes of films in their order; the odd one's steps are never the same twice."""

ROUNDS: Final = 40
"""So many runs without a kill end every film, one that the server is odd to as well."""


@dataclass(frozen=True, slots=True)
class Usual:
    """A run of a shape's first project that nobody kills."""

    steps: int
    seconds: float


@dataclass(slots=True)
class Killer:
    """Kills the runs of one film.

    Attributes:
        kills: what was done, in words, for whoever looks for the reason of a fault.
    """

    film: Film
    usual: Usual
    chance: random.Random
    tally: Counter[str] = field(default_factory=Counter)
    kills: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def kill_a_while(self, first_step: int) -> list[str]:
        """Kill until the projects have come to their end by themselves, or so many times; those that have not."""
        unfinished = list(self.film.shape.projects)
        at: Kill | float = Kill(first_step)
        runs = unfinished[:1]
        for _ in range(self.chance.randint(4, 8)):
            ended = self._kill(runs, at)
            unfinished = [project for project in unfinished if project not in ended]
            if not unfinished:
                break
            at = self._next_moment()
            runs = unfinished if self.chance.random() < 0.4 else [self.chance.choice(unfinished)]
        return unfinished

    def _next_moment(self) -> Kill | float:
        """A step, or seconds from the start of a run."""
        if self.chance.random() < 0.35:
            return self.chance.uniform(0, self.usual.seconds)
        return Kill(self.chance.randint(1, self.usual.steps // 2), is_after=self.chance.random() < 0.5)

    def _kill(self, projects: list[str], at: Kill | float) -> list[str]:
        """Run these side by side, all killed at that point of theirs; the projects that came to an end before."""
        speaks, begun_at = self.chance.random() < 0.7, time.monotonic()
        kill, deadline = (at, 60.0) if isinstance(at, Kill) else (None, at)
        cases = [(project, self._begin(project, kill, speaks=speaks)) for project in projects]
        ended = []
        for project, case in cases:
            outcome = case.wait(max(0.0, begun_at + deadline - time.monotonic()))
            self.kills.append(f"{project} {at if speaks else f'{at}, silent'}")
            if outcome.is_killed:
                self.tally["at steps"] += 1
            elif outcome.status is None and kill is None:
                self.tally["at instants"] += 1
            elif self._is_well(outcome) and speaks and is_an_end(outcome.answer):
                ended.append(project)
        self.faults += torn_clips(self.film.store)
        return ended

    def _begin(self, project: str, kill: Kill | None, *, speaks: bool) -> Case:
        return begin_case(lambda: self.film.run(project, speaks=speaks), self.film.root, kinds=STEPS, kill=kill)

    def _is_well(self, outcome: Outcome) -> bool:
        if outcome.status != 0:
            self.faults.append(f"a run ended with {outcome.status}: {outcome.said[-1500:]}")
        return outcome.status == 0

    def let_end(self, unfinished: list[str]) -> None:
        """Run these projects until each has its clips, or those that the vendor does not fail."""
        for _ in range(ROUNDS):
            answers = {project: self._run(project) for project in unfinished}
            unfinished = [project for project, answer in answers.items() if not is_an_end(answer)]
            if self.faults or not unfinished:
                return
        self.faults.append(f"stuck shot: {answers}")

    def _run(self, project: str) -> str:
        """Run it here, where nothing kills it: a child would cost more than the run."""
        try:
            return self.film.run(project, speaks=True)
        except Exception:
            self.faults.append(f"a run ended with {traceback.format_exc()[-1500:]}")
            return ""

    def check(self) -> None:
        """The books add up, and one more run of each project changes nothing in them."""
        books = self.film.books()
        self.faults += torn_clips(self.film.store) + audit(books)
        for project in self.film.shape.projects:
            self._run(project)
        if self.film.books() != books:
            self.faults.append("a run that has nothing to do did something")
        self.tally.update(line["kind"] for line in books.charges)


def is_an_end(answer: str) -> bool:
    """Whether a run has left nothing to do: all clips are there, or those that the vendor does not fail."""
    return answer == "film" or answer.startswith("ShotFailedError")


def main(root: str, seed: str, first: str, every: str, kills: str, stride: str) -> None:
    """The battery: films `first`, `first` + `every` … until there were so many kills and the sweep is over.

    A film that was told of is shot again alone by its number, an `every` of 10⁹, and 1 kill.
    """
    tally = Counter[str]()
    logging.getLogger().addHandler(logging.NullHandler())
    with serve_apart(Path(root)) as server:
        usual = {shape: _measure(shape, Path(root) / f"usual-{shape}", server) for shape in SHAPES}
        steps = max(usual[shape].steps for shape in SWEPT)
        gc.collect()
        gc.freeze()  # the children share what is warm
        for number in itertools.count(int(first), int(every)):
            is_swept = number // len(CYCLE) * CYCLE.count(SWEPT[0]) * int(stride) >= steps
            if is_swept and tally["at steps"] + tally["at instants"] >= int(kills):
                break
            tally += _shoot(number, f"{seed}/{number}", int(stride), Path(root), server, usual)
    tell({"tally": tally})


def shape_of(number: int) -> tuple[str, int]:
    """Of a film, and how many there were of it before."""
    cycles, place = divmod(number, len(CYCLE))
    return CYCLE[place], cycles * CYCLE.count(CYCLE[place]) + CYCLE[:place].count(CYCLE[place])


def _measure(shape: str, root: Path, server: Server) -> Usual:
    """Run its first project here, so that all is warm, and once more in a child."""
    project = next(iter(SHAPES[shape].projects))
    begin_film(f"warm-{shape}", SHAPES[shape], root / "warm", server).run(project, speaks=True)
    film, begun_at = begin_film(f"usual-{shape}", SHAPES[shape], root / "usual", server), time.monotonic()
    outcome = try_case(lambda: film.run(project, speaks=True), film.root, kinds=STEPS)
    return Usual(outcome.calls or 0, time.monotonic() - begun_at)


def _shoot(number: int, seed: str, stride: int, root: Path, server: Server, usual: dict[str, Usual]) -> Counter[str]:
    name, nth = shape_of(number)
    film = begin_film(f"film-{number}", SHAPES[name], root / f"{number}", server)
    killer = Killer(film, usual[name], random.Random(seed))
    killer.let_end(killer.kill_a_while(1 + nth * stride % usual[name].steps))
    killer.check()
    if killer.faults:
        tell({"film": number, "shape": name, "faults": killer.faults, "kills": killer.kills, "seed": seed})
    else:
        shutil.rmtree(film.root)
    return killer.tally + Counter(films=1)


def shoot_films(kills: int, *, seed: int, workers: int = 1, stride: int = 1) -> None:
    """Films until there were so many kills, and the first runs of each shape killed at every `stride`-th step."""
    with fast_folder() as folder:

        def work(n: int) -> list[Any]:
            root = folder / f"{n}"
            root.mkdir()
            numbers = (seed, n, workers, -(-kills // workers), stride)
            return list(run_warm("torture.test_kills", str(root), *map(str, numbers)))

        with ThreadPoolExecutor(workers) as pool:
            lines = [line for told in pool.map(work, range(workers)) for line in told]
    bad = [line for line in lines if "faults" in line]
    tally = sum((Counter(line["tally"]) for line in lines if "tally" in line), Counter[str]())
    print(in_words(tally, Counter(fault.partition(":")[0] for line in bad for fault in line["faults"]), seed))
    assert not bad, "\n".join(map(str, bad[:5]))


def in_words(tally: Counter[str], faults: Counter[str], seed: int) -> str:
    kills = tally["at steps"] + tally["at instants"]
    return (
        f"{kills:,} kills ({tally['at steps']:,} at steps, {tally['at instants']:,} at random instants), "
        f"{tally['films']:,} films, {tally['charge']:,} charges, {tally['refund']:,} refunds, "
        f"{faults['double charge']} double charges, {faults['lost task']} lost tasks, "
        f"{faults['stuck shot']} stuck shots, seed {seed}"
    )


def test_killed_runs_pay_nothing_twice_and_lose_nothing() -> None:
    """Fifty kills or so, every 307th step among them; all of them are `make torture`."""
    shoot_films(45, seed=1, stride=307)


@pytest.mark.torture(minutes=15)
def test_ten_thousand_kills() -> None:
    """200 of them fall upon the command line: see `end_to_end/test_killed`."""
    shoot_films(9_800, seed=10_000, workers=WORKERS)
