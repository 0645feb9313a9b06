"""The answer to a generate, cut at every byte: what was paid is submitted or in doubt, never planned."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import pytest
from builders import a_take
from builders_shoot import Gallery, Host, Shelf
from footage import write_clip

from pipeline.api.client import VeoClient
from pipeline.host import SystemClock, SystemDice
from pipeline.ledger.journal import SqliteLedger
from pipeline.model.take import State, Take
from pipeline.project import World
from pipeline.sandbox import SandboxConfig, serve
from pipeline.sandbox.faults import Rule
from pipeline.sandbox.line import End
from pipeline.sandbox.script import FaultScript
from pipeline.shoot.addresses import Addresses
from pipeline.shoot.board import Board
from pipeline.shoot.policy import Policy
from pipeline.shoot.runner import Doors, Terms
from pipeline.shoot.submitter import Submitter

ENDS: tuple[End, ...] = get_args(End)
SHOTS = ("one", "two", "three")
AT_ONCE = 100
PATIENCE_SECONDS = 3.0  # with a silence; a whole answer takes milliseconds
LONGER_THAN_AN_ANSWER = 640  # bytes


@dataclass(frozen=True)
class Case:
    at_byte: int
    end: End

    @property
    def name(self) -> str:
        return f"{self.end}{self.at_byte}"

    @property
    def rule(self) -> Rule:
        return Rule(door="generate", fault="cut", at_byte=self.at_byte, end=self.end, shot=f"{self.name}.*")


class Office:
    """One ledger and one sandbox; each case is a request of three shots, under a key of its own."""

    def __init__(self, root: Path, url: str, script: FaultScript) -> None:
        self.root, self.url, self.script = root, url, script
        self.ledger = SqliteLedger(root / "ledger.sqlite3", root / "recovery.jsonl")

    async def submit(self, name: str) -> list[Take]:
        """The takes of a request as the ledger has them, after its answer came or did not."""
        takes = [a_take(f"{name}.{shot}", project=name) for shot in SHOTS]
        for take in takes:
            self.ledger.open_take(take)
        doors = Doors(
            api=VeoClient(self.url, f"sbx_{name}", SystemClock(), patience_seconds=PATIENCE_SECONDS),
            ledger=self.ledger,
            store=Shelf(),
            addresses=Addresses(Gallery(), Host()),
            clock=SystemClock(),
            dice=SystemDice(),
        )
        terms = Terms(key_id=name, cap=None, shots_per_request=3, policy=Policy(), world=World.SANDBOX)
        board = Board(doors, terms, lambda _take, _event: None, lambda _told: None)
        board.add(takes)
        await Submitter(board).submit()
        return list(self.ledger.takes(name))

    def charged(self) -> dict[str, str]:
        """The task of each shot that was charged, by the server's own log."""
        log = self.root / "server" / "charges.jsonl"
        return {line["shotId"]: line["taskId"] for line in map(json.loads, log.read_text().splitlines())}

    def check(self, takes: Sequence[Take]) -> None:
        """All were charged; each is submitted with its own task, or in doubt."""
        tasks = self.charged()
        for take in takes:
            assert take.state in (State.SUBMITTED, State.UNKNOWN), take
            assert take.state is State.UNKNOWN or take.task_id == tasks[take.sent_id or ""], take
            assert take.sent_id in tasks, take

    async def cut(self, cases: Iterable[Case]) -> list[State]:
        """The state that each case left its request in."""
        turn = asyncio.Semaphore(AT_ONCE)

        async def one(case: Case) -> State:
            async with turn:
                self.script.add(case.rule)
                takes = await self.submit(case.name)
                self.check(takes)
                [state] = {take.state for take in takes}
                return state

        return await asyncio.gather(*map(one, cases))


def cut_everywhere(root: Path, step: int) -> None:
    script = FaultScript()
    (root / "footage").mkdir()
    write_clip(root / "footage" / "clip.mp4", frames=8, hz=None)
    config = SandboxConfig(
        state_dir=root / "server", speed=1.0, footage_dir=root / "footage", faults=script, credits=10**9
    )

    async def work(url: str) -> list[State]:
        office = Office(root, url, script)
        cuts = (*range(0, LONGER_THAN_AN_ANSWER, step), LONGER_THAN_AN_ANSWER)
        states = await office.cut([Case(at_byte, end) for at_byte in cuts for end in ENDS])
        office.ledger.close()
        return states

    with serve(config) as url:
        states = asyncio.run(work(url))
    in_doubt = states.count(State.UNKNOWN)
    print(f"{len(states)} answers cut: {in_doubt} in doubt, {len(states) - in_doubt} submitted, 0 planned")
    assert states[-len(ENDS) :] == [State.SUBMITTED] * len(ENDS), "an answer is longer than was thought"
    assert in_doubt > len(states) / 2


def test_an_answer_cut_here_and_there_is_submitted_or_in_doubt(tmp_path: Path) -> None:
    """Every 23rd byte."""
    cut_everywhere(tmp_path, step=23)


@pytest.mark.torture
def test_an_answer_cut_at_every_byte_is_submitted_or_in_doubt(tmp_path: Path) -> None:
    """By a close, a reset and a silence."""
    cut_everywhere(tmp_path, step=1)
