"""Holds the product to its invariants, by what others wrote down: the sandbox's logs and tables, the ledger's own file.

Reads all of it itself and asks the product nothing. What the user said and was granted is told by whoever plays them.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

UNSENT: Final = {"planned", "armed", "rejected", "withdrawn"}
NOT_COUNTED: Final = {"planned", "rejected", "failed", "withdrawn"}
UNDER_WAY: Final = {"armed", "sending", "unknown", "submitted", "processing", "succeeded", "downloaded"}
WANTS_A_WORD: Final = {"unknown", "lost", "corrupt", "failed", "abandoned"}
OUT_OF_DOUBT: Final = {"adopted", "not_charged", "paid_again", "abandoned"}
"""Events that only the user, or a grant, can make of a take in doubt."""
MAX_DOUBTS: Final = 2
TAKES: Final = "SELECT slate, project, state, credits, fingerprint, take FROM takes"
WORDS: Final = {*OUT_OF_DOUBT, "revived"}


@dataclass(frozen=True, slots=True)
class Kept:
    """A row of the ledger."""

    slate: str
    project: str
    state: str
    credits: int
    fingerprint: str
    sent_id: str | None
    task_id: str | None
    is_retake: bool


@dataclass(frozen=True, slots=True)
class Charge:
    sent_id: str
    task_id: str
    credits: int
    request: str


@dataclass
class Auditor:
    """Looks at one store and one server.

    Attributes:
        window, calls: the vendor's limit.
        lies: ids under which a shot was sent and charged, and of which the user said that it was not.
        given_up: ids of takes that were paid for again, by the user's word or a grant.
        retakes: slates of the retakes that the user asked for.
        grants, reshoots: the most that a project was ever granted.
        damaged: contents of clips that something spoiled behind the product's back, and that are not here again yet.
        is_footage_odd: the host has handed out clips that decode, and are not those that were made.
    """

    store_dir: Path
    server_dir: Path
    footage: frozenset[str]
    window: timedelta
    calls: int
    lies: set[str] = field(default_factory=set)
    given_up: set[str] = field(default_factory=set)
    retakes: set[str] = field(default_factory=set)
    grants: Counter[str] = field(default_factory=Counter)
    reshoots: Counter[str] = field(default_factory=Counter)
    damaged: set[str] = field(default_factory=set)
    is_footage_odd: bool = False
    takes: dict[str, Kept] = field(default_factory=dict)
    charges: dict[str, Charge] = field(default_factory=dict)  # by task
    breaches: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ledger: sqlite3.Connection | None = None
        self._server: sqlite3.Connection | None = None
        self._version = self._events_read = self._charges_read = 0
        self._last: dict[str, str] = {}  # kind of the last event, by slate
        self._sent_as: dict[str, str] = {}  # slate, by sent_id
        self._said: Counter[tuple[str, str]] = Counter()  # words that no event was seen of yet
        self._granted: Counter[str] = Counter()
        self._sent_in_run: defaultdict[str, dict[str, int]] = defaultdict(dict)  # credits by sent_id, by project
        self._armed: dict[str, dict[str, Any]] = {}  # the last event of the kind, by slate
        self._paid_again: list[str] = []  # slates
        self._arrivals: deque[datetime] = deque()
        self._failed: frozenset[str] = frozenset()
        self._seen_files: dict[Path, tuple[int, int]] = {}

    # What is told

    def hear_word(self, slate: str, kind: str) -> None:
        self._said[slate, kind] += 1

    def unhear_word(self, slate: str, kind: str) -> None:
        self._said[slate, kind] -= 1

    def hear_start(self, project: str) -> None:
        """A run begins. The user has seen its plan."""
        self._read_ledger()
        self._sent_in_run[project].clear()

    def hear_call(
        self, door: str, body: bytes, at: datetime, caps: dict[str, int | None], prices: dict[str, int]
    ) -> None:
        """A call has reached the server, and not yet been looked at."""
        self._arrivals.append(at)
        while self._arrivals[0] <= at - self.window:
            self._arrivals.popleft()
        self._hold(len(self._arrivals) <= self.calls, f"{len(self._arrivals)} calls within an hour, at {at}")
        if door == "generate":
            self._read_ledger()
            self._look_at_order([shot["id"] for shot in json.loads(body)["shots"]], caps)
            for project, price in prices.items():
                self._look_at_price(project, price)

    def look_at_clip(self, sha256: str) -> None:
        """A film is about to be made of this clip."""
        self._read_ledger()
        has_landed = any(f'"sha256":"{sha256}"' in text for text in self._verified())
        self._hold(has_landed, f"a film would be made of {sha256}, which no take has landed with")
        is_genuine = sha256 in self.footage or self.is_footage_odd
        self._hold(is_genuine, f"a film would be made of {sha256}, which is no clip of the server's")
        self._look_at_files()
        self._hold(sha256 not in self.damaged, f"a film would be made of {sha256}, which is damaged")

    # What is looked at

    def check(self) -> None:
        """Raise AssertionError if anything is not as it should be by now."""
        self._read_ledger()
        self._read_charges()
        for charge in self.charges.values():
            self._look_at_charge(charge)
        self._look_at_requests()
        self._look_at_files()
        assert not self.breaches, "\n".join(self.breaches)

    def check_end(self) -> None:
        """Raise AssertionError if a take still goes on, or a clip that was paid for is not here."""
        self.check()
        assert not {kept.slate: kept.state for kept in self.takes.values() if kept.state in UNDER_WAY}
        landed = {kept.task_id for kept in self.takes.values() if kept.state == "verified"}
        for charge in self.charges.values():
            is_waived = charge.sent_id in self.given_up | self.lies
            assert is_waived or charge.task_id in landed | self._failed, f"{charge} was paid for and is not here"

    def task_of(self, slate: str) -> str | None:
        """The task that a take was charged for as it was last sent."""
        sent_id = self.takes[slate].sent_id
        return next((charge.task_id for charge in self.charges.values() if charge.sent_id == sent_id), None)

    @property
    def wanting(self) -> list[Kept]:
        """Takes that the user has to say a word on."""
        self._read_ledger()
        return [kept for kept in self.takes.values() if kept.state in WANTS_A_WORD]

    def count_events(self) -> int:
        self._read_ledger()
        return self._events_read

    def snapshot(self) -> list[tuple[Any, ...]]:
        """All events, and how every take stands."""
        self._read_ledger()
        assert self._ledger is not None
        return [*self._ledger.execute("SELECT * FROM events"), *self._ledger.execute("SELECT * FROM takes")]

    def close(self) -> None:
        for connection in (self._ledger, self._server):
            if connection is not None:
                connection.close()

    def _hold(self, is_so: bool, otherwise: str) -> None:
        if not is_so:
            self.breaches.append(otherwise)

    def _look_at_order(self, sent_ids: list[str], caps: dict[str, int | None]) -> None:
        """Before the server does anything: each nonce is on the disk as being sent, and the cap carries it."""
        for sent_id in sent_ids:
            kept = self.takes.get(self._sent_as.get(sent_id, ""))
            is_durable = kept is not None and (kept.sent_id, kept.state) == (sent_id, "sending")
            self._hold(is_durable, f"{sent_id} reached the server, and the ledger has {kept}")
            if kept is not None:
                self._look_at_cap(kept.project, caps.get(kept.project))
                self._look_at_doubts(kept.project)

    def _look_at_cap(self, project: str, cap: int | None) -> None:
        rows = [kept for kept in self.takes.values() if kept.project == project]
        by_ledger = sum(kept.credits for kept in rows if kept.state not in NOT_COUNTED)
        self._read_charges()
        by_server = sum(
            charge.credits
            for charge in self.charges.values()
            if self._project_of(charge) == project
            and charge.task_id not in self._failed
            and charge.sent_id not in self.lies
        )
        by_server += sum(kept.credits for kept in rows if kept.state == "sending")
        is_kept = cap is None or max(by_ledger, by_server) <= cap
        self._hold(is_kept, f"{project} may spend {cap}: {by_ledger} by the ledger, {by_server} by the server")

    def _look_at_price(self, project: str, price: int) -> None:
        """What a run has sent is charged, or may be, for no more than its plan said; what a grant pays apart."""
        self._read_charges()
        charged = {charge.sent_id for charge in self.charges.values() if not self._is_shot_again(project, charge)}
        on_the_wire = {kept.sent_id for kept in self.takes.values() if kept.state == "sending"}
        counted = (charged | on_the_wire) - self.given_up
        spent = sum(cost for sent_id, cost in self._sent_in_run[project].items() if sent_id in counted)
        self._hold(spent <= price, f"{project} was to cost {price}, and {spent} are spent or on the wire")

    def _is_shot_again(self, project: str, charge: Charge) -> bool:
        return charge.task_id in self._failed and self.reshoots[project] > 0

    def _look_at_doubts(self, project: str) -> None:
        doubts = [kept.slate for kept in self.takes.values() if (kept.project, kept.state) == (project, "unknown")]
        self._hold(len(doubts) < MAX_DOUBTS, f"{project} goes on sending, and {doubts} are in doubt")

    def _project_of(self, charge: Charge) -> str:
        return self._sent_as.get(charge.sent_id, "").partition("/")[0]

    def _look_at_charge(self, charge: Charge) -> None:
        kept = self.takes.get(self._sent_as.get(charge.sent_id, ""))
        self._hold(kept is not None, f"{charge} is of no take")
        if kept is not None and charge.sent_id not in self.lies:
            is_known = kept.sent_id == charge.sent_id and kept.state not in UNSENT
            self._hold(is_known, f"{charge} was paid, and the ledger has {kept}")
            has_failed = kept.state != "failed" or charge.task_id in self._failed
            self._hold(has_failed, f"{charge} has not failed, and the ledger has {kept}")

    def _look_at_requests(self) -> None:
        """Net charges of a request: one, and one a retake, less what the user or a grant gave up. Failures apart."""
        live, failed, asked_by = Counter[str](), Counter[tuple[str, str]](), dict[str, str]()
        for charge in self.charges.values():
            kept = self.takes.get(self._sent_as.get(charge.sent_id, ""))
            if kept is None:
                continue
            known = asked_by.setdefault(charge.request, kept.fingerprint)
            self._hold(known == kept.fingerprint, f"{kept} and another ask for the same with other Fingerprints")
            if charge.task_id in self._failed:
                failed[kept.project, kept.fingerprint] += 1
            elif charge.sent_id not in self.given_up | self.lies:
                live[kept.fingerprint] += 1
        retakes = Counter(self.takes[slate].fingerprint for slate in self.retakes if self._is_standing(slate))
        for fingerprint, charges in live.items():
            allowed = 1 + retakes[fingerprint]
            self._hold(charges <= allowed, f"{charges} net charges of {fingerprint}, and {allowed} are allowed")
        for (project, fingerprint), charges in failed.items():
            again = sum(self.takes[slate].fingerprint == fingerprint for slate in self._paid_again)
            allowed = 1 + self.reshoots[project] + again + retakes[fingerprint]
            self._hold(charges <= allowed, f"{charges} failed shots of {fingerprint} in {project}, {allowed} allowed")

    def _is_standing(self, slate: str) -> bool:
        return self.takes[slate].state != "withdrawn"

    def _look_at_files(self) -> None:
        """A final path holds what its name says."""
        for path in (self.store_dir / "takes").glob("*/*.mp4"):
            stat = path.stat()
            looks = (stat.st_mtime_ns, stat.st_size)
            if self._seen_files.get(path) != looks:
                self._seen_files[path] = looks
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                is_whole = content == path.stem
                if is_whole:
                    self.damaged.discard(path.stem)
                self._hold(is_whole or path.stem in self.damaged, f"{path} does not hold what its name says")

    # Reading

    def _read_ledger(self) -> None:
        path = self.store_dir / "ledger.sqlite3"
        if self._ledger is None:
            if not path.exists():
                return
            self._ledger = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
        version = self._ledger.execute("PRAGMA data_version").fetchone()[0]
        if version == self._version:
            return
        self._version = version
        self.takes = {kept.slate: kept for kept in map(_kept, self._ledger.execute(TAKES))}
        query = "SELECT seq, slate, kind, event FROM events WHERE seq > ? ORDER BY seq"
        for seq, slate, kind, event in self._ledger.execute(query, (self._events_read,)).fetchall():
            self._events_read = seq
            self._take_in(slate, kind, json.loads(event))

    def _take_in(self, slate: str, kind: str, event: dict[str, Any]) -> None:
        """What may follow on what, as far as money and the user's word hang on it."""
        before, self._last[slate] = self._last.get(slate), kind
        if before == "answer_lost":
            self._hold(kind in OUT_OF_DOUBT, f"{slate} was in doubt, and then came {kind}")
        match kind:
            case "armed":
                self._hold(event["sent_id"] not in self._sent_as, f"{event['sent_id']} was sent before")
                self._sent_as[event["sent_id"]] = slate
                self._armed[slate] = event
                self._sent_in_run[slate.partition("/")[0]][event["sent_id"]] = event["credits"]
            case "accepted":
                self._hold(before == "connected", f"{slate} was accepted after {before}")
            case "adopted":
                self._hold(before in ("answer_lost", "gone_from_host"), f"{slate} was adopted after {before}")
            case "paid_again":
                self.given_up.add(self._armed[slate]["sent_id"])
                self._paid_again.append(slate)
        if kind == "paid_again" and event["by"] == "grant":
            self._take_in_grant(slate.partition("/")[0], self._armed[slate]["credits"])
        elif kind in WORDS and (kind, before) not in (("revived", "verified"), ("revived", "came_back")):
            self._hold(self._said[slate, kind] > 0, f"{slate}: nobody said {kind}")
            self._said[slate, kind] -= 1

    def _take_in_grant(self, project: str, credits_again: int) -> None:
        self._granted[project] += credits_again
        given = self.grants[project]
        self._hold(self._granted[project] <= given, f"{self._granted[project]} credits of {given} were granted")

    def _verified(self) -> Iterator[str]:
        assert self._ledger is not None
        return (text for (text,) in self._ledger.execute("SELECT event FROM events WHERE kind = 'verified'"))

    def _read_charges(self) -> None:
        path = self.server_dir / "charges.jsonl"
        with path.open("rb") as log:
            log.seek(self._charges_read)
            for line in log:
                self._charges_read += len(line)
                entry = json.loads(line)
                if entry["kind"] == "charge":
                    fields = entry["shotId"], entry["taskId"], entry["credits"], entry["request"]
                    self.charges[entry["taskId"]] = Charge(*fields)
        if self._server is None:
            self._server = sqlite3.connect(f"file:{self.server_dir / 'sandbox.sqlite3'}?mode=ro", uri=True)
        rows = self._server.execute("SELECT task_id FROM tasks WHERE state = 'failed'")
        self._failed = frozenset(task_id for (task_id,) in rows)


def _kept(row: tuple[str, str, str, int, str, str]) -> Kept:
    *columns, text = row
    take = json.loads(text)
    return Kept(*columns, take["sent_id"], take["task_id"], take["is_retake"])  # type: ignore[arg-type]
