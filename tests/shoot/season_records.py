"""What a season leaves behind, in figures: the server's logs are the truth, the ledger says what each call was for."""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from statistics import mean
from typing import Any, Final

from season import Sample

MAY_GROW_MB: Final = 8.0
TAKE_MB: Final = 0.02
"""What a take on hand weighs: 9 kB, and as much again while one look at them follows another."""


@dataclass(frozen=True)
class Records:
    """The records in `root`; an hour is as long as it takes at `speed`."""

    root: Path
    speed: float

    @cached_property
    def calls(self) -> list[dict[str, Any]]:
        """All calls that reached the desk of the server, in order; `at` in POSIX seconds."""
        lines = (self.root / "server/requests.jsonl").read_text().splitlines()
        return [{**row, "at": datetime.fromisoformat(row["at"]).timestamp()} for row in map(json.loads, lines)]

    @property
    def hours(self) -> float:
        return (self.calls[-1]["at"] - self.calls[0]["at"]) * self.speed / 3600

    def calls_in_the_hour(self) -> list[int]:
        """For each call, how many there were in the hour that ends with it, itself included."""
        at = [row["at"] for row in self.calls]
        return [n + 1 - bisect_right(at, moment - 3600 / self.speed) for n, moment in enumerate(at)]

    def refused_for_the_hour(self) -> int:
        """429s that no fault asked for."""
        return sum(row["status"] == 429 and "rate_limited" not in row.get("faults", ()) for row in self.calls)

    def calls_an_hour(self, door: str) -> float:
        return sum(row["path"].endswith(door) for row in self.calls) / self.hours

    def net_charges(self) -> Counter[str]:
        """By the Fingerprint of the request; a charge for a shot that the ledger never armed is a KeyError."""
        slate_of = {event["sent_id"]: slate for slate, event in self._events("armed")}
        fingerprint_of = dict(self._rows("store/ledger.sqlite3", "SELECT slate, fingerprint FROM takes"))
        net: Counter[str] = Counter()
        for entry in map(json.loads, (self.root / "server/charges.jsonl").read_text().splitlines()):
            net[fingerprint_of[slate_of[entry["shotId"]]]] += 1 if entry["kind"] == "charge" else -1
        return net

    def landed(self) -> set[str]:
        """The Fingerprints of what has landed."""
        query = "SELECT fingerprint FROM takes WHERE state = 'verified'"
        return {fingerprint for (fingerprint,) in self._rows("store/ledger.sqlite3", query)}

    def prompts_landed(self) -> set[str]:
        query = "SELECT json_extract(take, '$.request.prompt') FROM takes WHERE state = 'verified'"
        return {prompt for (prompt,) in self._rows("store/ledger.sqlite3", query)}

    def minutes_until_fetched(self) -> list[float]:
        """By the vendor's clock, from the instant when a clip was done until it was here, shortest first.

        Without those of lost answers, which wait for the user.
        """
        tasks = self._rows("server/sandbox.sqlite3", "SELECT task_id, due_at FROM tasks")
        due_at = {task_id: datetime.fromisoformat(at).timestamp() for task_id, at in tasks}
        done_at = {slate: due_at[event["task_id"]] for slate, event in self._events("accepted")}
        came_at = {
            slate: datetime.fromisoformat(event["at"]).timestamp() for slate, event in self._events("downloaded")
        }
        return sorted((at - done_at[slate]) * self.speed / 60 for slate, at in came_at.items() if slate in done_at)

    def _events(self, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
        rows = self._rows("store/ledger.sqlite3", "SELECT slate, event FROM events WHERE kind = ? ORDER BY seq", kind)
        return ((slate, json.loads(event)) for slate, event in rows)

    def _rows(self, file: str, query: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.root / file)) as database:
            return database.execute(query, values).fetchall()


def is_flat(samples: Sequence[Sample]) -> bool:
    """Whether a process weighs no more in the last quarter than in the second, when all is loaded, but for the takes.

    By the means, and but for 8 MB, which an allocator may keep.
    """
    weights = [sample.resident_mb - TAKE_MB * sample.takes for sample in samples]
    quarter = len(weights) // 4
    return mean(weights[-quarter:]) - mean(weights[quarter : 2 * quarter]) <= MAY_GROW_MB
