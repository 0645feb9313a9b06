"""Several processes shoot films with one key, for hours of the vendor's clock, while it goes wrong now and then."""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

import pytest
from footage import write_clip
from season import SHOTS, Shift, Worked, film_of, project_of, work
from season_faults import faults
from season_records import Records, is_flat
from tripwire import fast_folder

from pipeline.sandbox import SandboxConfig, serve
from pipeline.sandbox.script import FaultScript

SEED = 20_260_301
ADDRESS_LIVES_MINUTES = 20  # most likely; here a slow disk of a tenth of a second is a minute


@dataclass(frozen=True, kw_only=True)
class Season:
    """What several processes did, and what it took."""

    films: int
    faults: int
    records: Records
    worked: list[Worked]
    seconds: float

    def paid_again(self) -> Counter[str]:
        return sum((one.paid_again for one in self.worked), Counter())

    def told(self) -> str:
        """All figures, in a line."""
        records, ends = self.records, sum((one.ends for one in self.worked), Counter())
        waits, calls = records.minutes_until_fetched(), records.calls_in_the_hour()
        submits, questions = records.calls_an_hour("generate"), records.calls_an_hour("check-status")
        films = "/".join(str(len(one.samples)) for one in self.worked)
        memory = "/".join(f"{one.samples[-1].resident_mb:.0f}" for one in self.worked)
        return (
            f"seed {SEED}: {films} films in {records.hours:.1f} h ({self.seconds:.0f} s), {len(waits)} clips, "
            f"{self.faults} faults; at most {max(calls)} calls in an hour, {mean(calls):.0f} on average, {submits:.0f} "
            f"submits and {questions:.0f} questions; a clip is here after {median(waits):.1f} min, at most "
            f"{waits[-1]:.0f}; {memory} MB; productions ended with {dict(ends)}"
        )


def shoot(root: Path, *, processes: int, films: int, hours: float, speed: float, chance: float) -> Season:
    """Let `processes` share `films`; each call of theirs meets a fault with `chance`."""
    (root / "footage").mkdir()
    for n in range(SHOTS):
        write_clip(root / f"footage/s{n}.mp4", frames=8, grey=40 + 20 * n, hz=None)
    for number in range(films):
        (root / project_of(number)).mkdir()
    script = FaultScript(*faults(chance), seed=SEED)
    config = SandboxConfig(state_dir=root / "server", speed=speed, footage_dir=root / "footage", faults=script)
    began, spawn = time.monotonic(), multiprocessing.get_context("spawn")
    with serve(config) as url, ProcessPoolExecutor(processes, mp_context=spawn) as pool:
        shifts = [
            Shift(root=root, url=url, speed=speed, hours=hours, films=tuple(range(first, films, processes)))
            for first in range(processes)
        ]
        worked = list(pool.map(work, shifts))
    seconds = time.monotonic() - began
    return Season(
        films=films, faults=len(script.happened), records=Records(root, speed), worked=worked, seconds=seconds
    )


def check_promises(season: Season) -> None:
    """What holds of every season, by the server's own logs."""
    records, paid_again = season.records, season.paid_again()
    assert max(records.calls_in_the_hour()) <= 100
    assert records.refused_for_the_hour() == 0
    net = records.net_charges()
    assert {one: count for one, count in net.items() if not 1 <= count <= 1 + paid_again[one]} == {}
    assert set(net) == records.landed()
    asked = {shot.prompt for number in range(season.films) for shot in film_of(number, draft=0).shots}
    assert asked <= records.prompts_landed()
    assert median(records.minutes_until_fetched()) < ADDRESS_LIVES_MINUTES


def check_processes(season: Season) -> None:
    """No process has more open from film to film but the file by which others see that it lives; no task is left."""
    for one in season.worked:
        handles = [sample.handles for sample in one.samples]
        assert max(handles) <= min(handles) + 1
        assert {sample.tasks for sample in one.samples} == {1}


@pytest.fixture(scope="module")
def hour() -> Iterator[Season]:
    """An hour of two processes; one call in ten goes wrong, so that enough does."""
    with fast_folder() as root:
        yield shoot(root, processes=2, films=4, hours=1, speed=1200, chance=0.1)


def test_an_hour_of_two_processes_keeps_its_promises(hour: Season) -> None:
    """Never over 100 calls in an hour, each request paid once, all clips here."""
    print(hour.told())
    check_promises(hour)


def test_an_hour_of_films_leaves_nothing_open(hour: Season) -> None:
    """No file, no socket, no task."""
    check_processes(hour)


@pytest.mark.alone
@pytest.mark.torture
def test_a_day_of_four_processes_keeps_its_promises() -> None:
    """A hundred films of eight shots, 24 hours in less than three minutes, 3 % faults."""
    with fast_folder() as root:
        day = shoot(root, processes=4, films=100, hours=24, speed=800, chance=0.03)
        print(day.told())
        check_promises(day)
    check_processes(day)
    assert all(is_flat(one.samples) for one in day.worked)
    assert day.seconds < 180
