"""A disk that is full or broken at any call of a run: what was whole stays whole, and the next run ends it, paid once.

The battery counts the calls by which a run of three shots changes files (`tripwire`), then runs it again for call after
call, and lets that one fail.
"""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Queue
from typing import Any, Final

import pytest
from torture.stage import PROJECT, STORYBOARD, charges_of, film_path, leave_as, open_stage, render_here, set_up
from tripwire import Call, Fault, Outcome, build_tripwire, read_record, run_warm, tell, try_case

from pipeline.digest import hash_file
from pipeline.project import StorePaths

FAULTS: Final = {
    "full once": Fault(error=errno.ENOSPC),
    "broken once": Fault(error=errno.EIO),
    "full from then on": Fault(error=errno.ENOSPC, stays=True, is_short=True),
}
AN_EARLIER_FILM: Final = STORYBOARD.replace(' join="dissolve 4"', "")
SEED: Final = 8
LEDGERS_SHARE: Final = 1 / 3
"""SQLite makes the same dozen calls in each of its transactions: so many of them, by chance, meet each kind often."""

MACHINE: Final = 8
IN_DOUBT: Final = 5


def main(root: str, worker: str, workers: str, step: str) -> None:
    """One worker's share of every `step`-th case, told one by one."""
    stage = Path(root)
    with open_stage(stage) as url:
        battery = Battery.prepared(stage, url)
        for number, (at, name) in enumerate(battery.cases()):
            if number % int(step) == 0 and number // int(step) % int(workers) == int(worker):
                tell(battery.attempt(at, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Battery:
    """What the cases share.

    Attributes:
        template: a workspace that holds an earlier film and the spans of the new one, and has bought nothing yet.
        films: the hashes of the earlier film and of the new one.
        names: of the calls of a run that nothing befalls, in order.
    """

    stage: Path
    url: str
    template: Path
    films: tuple[str, str]
    names: tuple[str, ...]

    @classmethod
    def prepared(cls, stage: Path, url: str) -> Battery:
        first, template, log = stage / "first", stage / "template", stage / "calls"
        render_here(set_up(first), url, "sbx_first")
        new = hash_file(film_path(first))
        render_here(set_up(first, AN_EARLIER_FILM), url, "sbx_first")
        shutil.copytree(first / "projects", template / "projects")
        shutil.copytree(first / ".storyreel" / "sandbox" / "spans", template / ".storyreel" / "sandbox" / "spans")
        set_up(template)
        films = (hash_file(film_path(template)), new)
        battery = cls(stage=stage, url=url, template=template, films=films, names=())
        battery.run(battery.workspace("counted"), "sbx_counted", record=log)
        return cls(stage=stage, url=url, template=template, films=films, names=tuple(map(_told, read_record(log))))

    def cases(self) -> Iterator[tuple[int, str]]:
        """Each call of ours, and a third of the ledger's, with one of the faults."""
        chance = random.Random(SEED)
        for at, name in enumerate(self.names, start=1):
            if "ledger" not in name or chance.random() < LEDGERS_SHARE:
                yield at, chance.choice(list(FAULTS))

    def workspace(self, name: str) -> Path:
        return Path(shutil.copytree(self.template, self.stage / name, copy_function=os.link))

    def run(self, workspace: Path, key: str, command: str = "render", *args: str, **wire: Any) -> Outcome:
        return try_case(lambda: leave_as(workspace, self.url, key, command, *args), workspace, **wire)

    def attempt(self, at: int, name: str) -> dict[str, Any]:
        """Let call `at` fail, look at what is there, run again, and look once more; what was wrong, if anything."""
        key = f"sbx_{at}_{list(FAULTS).index(name)}"
        workspace = self.workspace(key)
        first = self.run(workspace, key, fault=replace(FAULTS[name], at=at))
        wrong = [*_wrong_end(first), *self._wrong_files(workspace), *self._lost_answers(workspace, key, first.said)]
        last, doubts = self._end(workspace, key)
        if last.status != 0 or hash_file(film_path(workspace)) != self.films[1]:
            wrong.append(f"the next run did not end it ({last.status}): {last.said[-800:]}")
        charged = Counter(row["request"] for row in charges_of(self.stage, key))
        if sorted(charged.values()) != [1, 1, 1]:
            wrong.append(f"charged {sorted(charged.values())}")
        if not wrong:
            shutil.rmtree(workspace)
        where = self.names[at - 1] if at <= len(self.names) else "beyond the end"
        return {"at": at, "fault": name, "call": where, "status": first.status, "doubts": doubts, "wrong": wrong}

    def _wrong_files(self, workspace: Path) -> Iterator[str]:
        """Clips have their content's name; films and documents are the earlier ones or the new ones, never a part."""
        for path in (workspace / ".storyreel/sandbox/takes").glob("??/*"):
            if hash_file(path) != path.stem:
                yield f"{path} holds something else"
        if hash_file(film_path(workspace)) not in self.films:
            yield "the film is neither the earlier one nor the new one"
        for path in (workspace / "projects" / PROJECT / "build").glob("*.json"):
            try:
                json.loads(path.read_text())
            except ValueError:
                yield f"{path} is not whole"
        if "</html>" not in (workspace / "projects" / PROJECT / "build/report.html").read_text()[-20:]:
            yield "the report is not whole"

    def _lost_answers(self, workspace: Path, key: str, said: str) -> Iterator[str]:
        """What was charged stands in the ledger, beside it, or where the user reads it."""
        store = StorePaths(workspace / ".storyreel/sandbox")
        with closing(sqlite3.connect(store.ledger_path)) as ledger:
            rows = ledger.execute("SELECT take FROM takes").fetchall() if charges_of(self.stage, key) else []
        beside = store.recovery_path.read_text() if store.recovery_path.exists() else ""
        known = f"{rows} {beside} {said}"
        yield from (f"{row['taskId']} is lost" for row in charges_of(self.stage, key) if row["taskId"] not in known)

    def _end(self, workspace: Path, key: str) -> tuple[Outcome, int]:
        """Run again, all faults gone, and say of answers in doubt what the server's log says; how many there were."""
        doubts = 0
        for _ in range(30):
            last = self.run(workspace, key)
            if last.status != IN_DOUBT:
                break
            doubts += self._resolve(workspace, key)
        return last, doubts

    def _resolve(self, workspace: Path, key: str) -> int:
        """The user's word on what is in doubt, by the server's log; how many were resolved."""
        status = self.run(workspace, key, "status", "--json").said
        tasks = {row["shotId"]: row["taskId"] for row in charges_of(self.stage, key)}
        resolved = 0
        for row in json.loads(status[status.index("{") :])["shots"]:
            if row["state"] in ("unknown", "sending"):
                word = ("--adopt", tasks[row["sent_id"]]) if row["sent_id"] in tasks else ("--not-charged",)
                resolved += self.run(workspace, key, "resolve", row["shot"], *word).status == 0
        return resolved


def _told(call: Call) -> str:
    """A call in words that are the same in every workspace."""
    path = (call.other or call.path).partition("/projects/")[2] or call.path.partition("/sandbox")[2]
    return f"{call.name} {'ledger' if 'ledger' in path else path}".strip()


def _wrong_end(first: Outcome) -> Iterator[str]:
    """A run that met the fault went on, or ended with a sentence."""
    last_line = first.said.strip().rpartition("\n")[2]
    if first.status not in (0, MACHINE):
        yield f"it ended with {first.status}: {first.said[-1500:]}"
    elif first.status == MACHINE and "storyreel: " not in first.said:
        yield f"no sentence: {last_line}"
    if "Traceback" in first.said:
        yield f"a traceback: {first.said[-1500:]}"


def run_battery(root: Path, *, step: int, workers: int = 1) -> Iterator[dict[str, Any]]:
    """Every `step`-th case, by so many workers at once; told as they end."""
    build_tripwire()
    told: Queue[dict[str, Any] | None] = Queue()

    def work(worker: int) -> None:
        try:
            for line in run_warm("torture.test_disk", str(root / str(worker)), str(worker), str(workers), str(step)):
                told.put(line)
        finally:
            told.put(None)

    with ThreadPoolExecutor(workers) as pool:
        shares = [pool.submit(work, worker) for worker in range(workers)]
        ended = 0
        while ended < workers:
            line = told.get()
            ended += line is None
            if line is not None:
                yield line
        for share in shares:
            share.result()


def assert_all_well(lines: Iterable[dict[str, Any]]) -> None:
    ends, doubts, wrong = Counter[int](), 0, []
    for line in lines:
        ends[line["status"]] += 1
        doubts += line["doubts"]
        wrong += [line] if line["wrong"] else []
    print(f"seed {SEED}, {ends.total()} faults, exit codes {dict(ends)}, {doubts} answers in doubt")
    assert wrong == []


def test_a_run_survives_a_disk_that_fails_now_and_then(tmp_path: Path) -> None:
    """Every 240th case; the whole battery is `make torture`."""
    assert_all_well(run_battery(tmp_path, step=240))


@pytest.mark.torture(minutes=6)
def test_a_run_survives_a_disk_that_fails_at_any_call(tmp_path: Path) -> None:
    """Each call of the file port, and a third of the ledger's."""
    assert_all_well(run_battery(tmp_path, step=1, workers=2))


if __name__ == "__main__":
    for told in run_battery(Path(sys.argv[1]), step=int(sys.argv[2]), workers=2):
        print(json.dumps(told), flush=True)
