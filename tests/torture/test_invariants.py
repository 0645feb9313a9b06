"""All invariants of shooting, held while everything happens to it: a user, a faulty vendor, kills and time, by chance.

The steps are the machine's rules. After each, and when all is over, `auditor` reads what the sandbox and the ledger's
file say; at the end the faults cease, the user tells the truth, and every take has to end.
"""

from __future__ import annotations

import atexit
import hashlib
import logging
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache, wraps
from pathlib import Path
from typing import Any, ClassVar, Final

import anyio.to_thread
import pytest
from builders import a_shot, a_storyboard
from footage import write_clip
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from torture.auditor import Auditor, Kept
from torture.soundstage import KEY, SPEED, VENDOR_CALLS, FilmReachedError, Soundstage
from torture.virtual_time import run_on_the_spot

from pipeline.errors import StoryreelError
from pipeline.model.instructions import Continuation
from pipeline.model.storyboard import Budget, GenerationType, Resolution, Storyboard
from pipeline.sandbox import FaultScript, Rule
from pipeline.sandbox.faults import KINDS
from pipeline.shoot.resolve import Word

MEMORY: Final = "/dev/shm" if Path("/dev/shm").is_dir() else None
PROJECTS: Final = ("dawn", "dusk")
PROMPTS: Final = ("A lake.", "A crowd.", "Rain.", "A harbour at night.")
HOUR: Final = 3600 / SPEED
ANSWER_IS_OVER: Final = 15 * 60 / SPEED
TURNS_TO_THE_END: Final = 60_000
ROUNDS_TO_THE_END: Final = 12

PARAMETERS: Final[dict[str, st.SearchStrategy[Any]]] = {
    "end": st.sampled_from(["close", "reset", "hang"]),
    "charged": st.booleans(),
    "at_byte": st.integers(0, 600),
    "seconds": st.sampled_from([1.0, 4.0, 10.0]),  # less than the user is made to wait before a word
    "status": st.sampled_from([None, 502, 503, 504, 524]),
    "form": st.sampled_from(["html", "json"]),
    "retry_after": st.sampled_from([None, "1", "20", "soon"]),
    "positions": st.sampled_from([(), (1,), (2,)]),
    "count": st.integers(1, 2),
    "word": st.sampled_from(["queued", ""]),
    "asks": st.integers(1, 3),
    "code": st.just("INTERNAL_ERROR"),
    "honest": st.booleans(),
    "file": st.sampled_from(["spare", "odd"]),
    "etag": st.sampled_from([None, "weak", "missing", "changing"]),
    "seed": st.integers(0, 99),
    "bytes_per_s": st.sampled_from([100, 2000]),
    "to": st.sampled_from(["self", "http://10.0.0.1/clip.mp4"]),
}
"""By name, for every kind of fault that takes one. Left out is a vendor that lies about money."""

TOO_LONG: Final = {"endless"}
"""Gigabytes flow before it is given up; tried elsewhere."""

ODD: Final = {"flipped", "other"}
"""What comes may decode, and not be what was made."""

TURNS: Final = st.sampled_from([0, 2, 7, 20, 50, 120])
"""Of the loop; a call of the API is some thirty."""

TELLING: Final = [("generate", name) for name in ("drop", "cut", "error", "missing", "reordered")]
WHEN: Final = st.sampled_from([{"nth": 1}, {"nth": 1}, {"nth": 2}, {"chance": 0.3}, {"until": 3}, {}])


@st.composite
def faults(draw: st.DrawFn) -> Rule:
    """Any, and every other one of those that money hangs on."""
    known = [(door, name) for name, kind in KINDS.items() if name not in TOO_LONG for door in sorted(kind.doors)]
    door, name = draw(st.sampled_from(TELLING) | st.sampled_from(known))
    chosen = {name: draw(PARAMETERS[name]) for name in sorted(KINDS[name].takes)}
    if "file" in chosen:
        chosen["file"] = str(footage()[0].with_name(chosen["file"]))
    return Rule(door, name, **draw(WHEN), **chosen)


PLAIN: Final = Budget()


@dataclass(frozen=True)
class Draft:
    """A storyboard as far as it varies: for each shot its prompt, and whether it goes on from the one before."""

    project: str
    shots: tuple[tuple[int, bool], ...]
    resolution: Resolution = Resolution.HD
    budget: Budget = PLAIN

    def storyboard(self) -> Storyboard:
        shots: list[Any] = []
        for n, (prompt, goes_on) in enumerate(self.shots):
            more: dict[str, Any] = {}
            if goes_on and shots:
                more = {"continues": Continuation(shot=shots[-1].id), "generation": GenerationType.FRAMES}
            shots.append(a_shot("abcde"[n], prompt=PROMPTS[prompt], **more))
        return a_storyboard(*shots, project=self.project, resolution=self.resolution, budget=self.budget)


SHOTS: Final = st.lists(st.tuples(st.integers(0, 3), st.sampled_from([False, False, True])), min_size=1, max_size=5)
RESOLUTIONS: Final = st.sampled_from([Resolution.HD, Resolution.HD, Resolution.FULL_HD, Resolution.UHD])
WRITES: Final = st.sampled_from([None] * 6 + [2, 3, 5, 8])
BUDGETS: Final = st.builds(
    Budget,
    max_credits=st.sampled_from([None, None, 10, 30, 50, 80]),
    max_doubt_credits=st.sampled_from([10, 20, 30]),
    pay_again_credits=st.sampled_from([0, 0, 10, 40]),
    reshoot_failed=st.sampled_from([0, 0, 1, 2]),
)


@cache
def footage() -> tuple[Path, frozenset[str]]:
    """A folder of clips of three frames, one a shot, and their contents; beside it a spare clip, and what is none."""
    home = Path(tempfile.mkdtemp(prefix="footage-", dir=MEMORY))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    folder = home / "footage"
    folder.mkdir()
    for n, name in enumerate("abcde"):
        write_clip(folder / f"{name}.mp4", frames=3, grey=40 + 30 * n, hz=None, size_px=(64, 64))
    shutil.copy(write_clip(home / "spare.mp4", frames=5, grey=9, hz=None, size_px=(96, 64)), home / "spare")
    (home / "odd").write_text("No clip.")
    return folder, frozenset(hashlib.sha256(clip.read_bytes()).hexdigest() for clip in folder.iterdir())


def step(**chosen: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], Any]:
    """A rule, after which whatever is under way goes on for some turns."""

    def as_rule(doing: Callable[..., None]) -> Any:
        @wraps(doing)
        def done(self: Shooting, turns: int, **arguments: Any) -> None:
            doing(self, **arguments)
            self._go_on(turns)

        return rule(turns=TURNS, **chosen)(done)

    return as_rule


class Shooting(RuleBasedStateMachine):
    """A user with two projects, and all that can come between them and their films.

    What cannot be done at the moment is passed by, and not forbidden: sockets are real, and a run that is tried again
    may stand elsewhere by a turn.

    Attributes:
        tally: of all runs.
    """

    tally: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="shooting-", dir=MEMORY))
        self.log = Scribe()
        logging.getLogger().addHandler(self.log)
        folder, contents = footage()
        self.auditor = Auditor(
            self.root / "store", self.root / "server", contents, timedelta(seconds=HOUR), VENDOR_CALLS
        )
        self.drafts = {name: Draft(name, ((n, False), (2, False), (n, True))) for n, name in enumerate(PROJECTS)}
        self.stage = Soundstage(self.root, folder, self._hear_call, self._look_at_clip)

    def _hear_call(self, door: str, body: bytes) -> None:
        caps = {name: run.cap for name, run in self.stage.runs.items()}
        prices = {name: run.price for name, run in self.stage.runs.items()}
        self.auditor.hear_call(door, body, self.stage.clock.now(), caps, prices)

    def _look_at_clip(self, sha256: str) -> None:
        self.auditor.is_footage_odd |= any(done.fault in ODD for done in self.stage.script.happened)
        self.auditor.look_at_clip(sha256)

    @initialize(rate=st.sampled_from([0.0, 0.1, 0.3]), number=st.integers(0, 999))
    def leave_it_to_chance(self, rate: float, number: int) -> None:
        """So many calls meet a fault, until it is mended."""
        if rate:
            self.stage.close_sandbox()
            self.stage.script = FaultScript.random(rate, number)
            self.stage.open_sandbox()

    # The user writes

    @step(project=st.sampled_from(PROJECTS), shots=SHOTS, resolution=RESOLUTIONS, budget=BUDGETS)
    def write(self, project: str, shots: list[tuple[int, bool]], resolution: Resolution, budget: Budget) -> None:
        self.drafts[project] = Draft(project, tuple(shots), resolution, budget)

    @step(project=st.sampled_from(PROJECTS), place=st.integers(0, 4), prompt=st.integers(0, 3))
    def edit(self, project: str, place: int, prompt: int) -> None:
        shots = list(self.drafts[project].shots)
        shots[place % len(shots)] = (prompt, shots[place % len(shots)][1])
        self.drafts[project] = replace(self.drafts[project], shots=tuple(shots))

    # Runs

    @step(project=st.sampled_from(PROJECTS), is_alone=st.booleans(), sharing=st.integers(1, 3), writes=WRITES)
    def start(self, project: str, is_alone: bool, sharing: int, writes: int | None) -> None:
        """Begin a run, or one of each project; one of some is dead after so many writes to its ledger."""
        for name in PROJECTS:
            if name not in self.stage.runs and (name == project or not is_alone):
                self._start(self.drafts[name], sharing, writes if name == project else None)

    @step(project=st.sampled_from(PROJECTS))
    def go_on(self, project: str) -> None:
        """Begin a run if there is none."""
        if not self.stage.runs:
            self._start(self.drafts[project], 3, None)

    @step(project=st.sampled_from(PROJECTS), events=st.integers(1, 12))
    def go_on_for_events(self, project: str, events: int) -> None:
        """Until so many events are in the ledger, with a run of its own if there is none."""
        enough = self.auditor.count_events() + events
        self.go_on(turns=0, project=project)
        self._go_on(300, until=lambda: self.auditor.count_events() >= enough)

    @step(project=st.sampled_from(PROJECTS), times=st.integers(1, 2))
    def press_ctrl_c(self, project: str, times: int) -> None:
        if run := self.stage.runs.get(project):
            for _ in range(times):
                if not run.production.interrupt():
                    run.work.cancel()

    @step(project=st.sampled_from(PROJECTS))
    def kill(self, project: str) -> None:
        if project in self.stage.runs:
            self.stage.kill(project)

    # The vendor, and time

    @step(fault=faults())
    def go_wrong(self, fault: Rule) -> None:
        self.stage.script.add(fault)

    @step()
    def mend(self) -> None:
        self.stage.script.clear()
        if not self.stage.is_open:
            self.stage.open_sandbox()

    @step(is_away=st.sampled_from([False, False, True]))
    def restart_sandbox(self, is_away: bool) -> None:
        if self.stage.is_open:
            self.stage.close_sandbox()
        if not is_away:
            self.stage.open_sandbox()

    @step(seconds=st.sampled_from([1.0, ANSWER_IS_OVER, HOUR / 3, HOUR, 24 * HOUR]))
    def wait(self, seconds: float) -> None:
        """The machine sleeps; the vendor does not."""
        self.stage.loop.skip(seconds)
        self._go_on(30)

    # The user speaks

    @step(which=st.integers(0, 9), choice=st.integers(0, 9), is_honest=st.sampled_from([True, True, True, False]))
    def say(self, which: int, choice: int, is_honest: bool) -> None:
        ready = [kept for kept in self.auditor.wanting if kept.project not in self.stage.runs]
        if ready and self.stage.is_open:
            self._go_on(20)  # what has reached the vendor is in its books before anybody looks into them
            kept = ready[which % len(ready)]
            words = self._honest_words(kept) if is_honest else self._wrong_words(kept)
            self._say(kept.slate, *words[choice % len(words)])

    @step(project=st.sampled_from(PROJECTS), shot=st.sampled_from("abc"), note=st.sampled_from(["", "Slower."]))
    def ask_for_retake(self, project: str, shot: str, note: str) -> None:
        if project not in self.stage.runs:
            try:
                take = self.stage.ask_for_retake(self.drafts[project].storyboard(), shot, note)
            except StoryreelError as error:
                self._look_at_error(error)
                return
            if take:
                self.auditor.retakes.add(str(take.slate))

    @step(which=st.integers(0, 9), harm=st.sampled_from(["delete", "hide", "cut", "flip"]))
    def harm_clip(self, which: int, harm: str) -> None:
        clips = sorted((self.root / "store" / "takes").glob("*/*.mp4"))
        if clips and not self.stage.runs:
            clip = clips[which % len(clips)]
            content = clip.read_bytes()
            if harm == "delete":
                clip.unlink()
            elif harm == "hide":
                clip.rename(clip.with_suffix(".hidden"))
            else:
                clip.write_bytes(content[:-40] + (content[-40:][::-1] if harm == "flip" else b""))
                self.auditor.damaged.add(clip.stem)

    @step()
    def bring_clips_back(self) -> None:
        """Those that are whole at any time; what is here again by then is left alone."""
        for hidden in sorted((self.root / "store" / "takes").glob("*/*.hidden")):
            is_whole = hashlib.sha256(hidden.read_bytes()).hexdigest() == hidden.stem
            if hidden.with_suffix(".mp4").exists():
                hidden.unlink()
            elif is_whole or not self.stage.runs:
                hidden.rename(hidden.with_suffix(".mp4"))
                if not is_whole:
                    self.auditor.damaged.add(hidden.stem)

    @step(project=st.sampled_from(PROJECTS))
    def recover(self, project: str) -> None:
        """Twice is as good as once."""
        if project not in self.stage.runs:
            self.stage.recover(project)
            before = self.auditor.snapshot()
            assert self.stage.recover(project) == 0
            assert self.auditor.snapshot() == before

    # What holds

    @invariant()
    def all_is_well(self) -> None:
        self.tally["steps"] += 1
        self.auditor.check()

    def teardown(self) -> None:
        self.tally.update(runs=1, steps=-1, faults=len(self.stage.script.happened))  # the first look came before all
        try:
            if sys.exc_info()[0] is None:  # else it has failed already
                self._end_well()
        finally:
            logging.getLogger().removeHandler(self.log)
            self.auditor.close()
            self.stage.close()
            shutil.rmtree(self.root, ignore_errors=True)

    def _end_well(self) -> None:
        """No faults, the whole truth: all takes end, both films can be made, and that is that."""
        self.stage.script.clear()
        if not self.stage.is_open:
            self.stage.open_sandbox()
        for _ in range(ROUNDS_TO_THE_END):
            ends = [self._run_to_the_end(project) for project in PROJECTS]
            wanting = self.auditor.wanting
            if ends == [FilmReachedError] * 2 and not wanting:
                break
            self.wait(turns=0, seconds=ANSWER_IS_OVER)
            for kept in wanting:
                self._say(kept.slate, *self._honest_words(kept)[0])
        else:
            raise AssertionError(f"it does not end: {ends}, {wanting}")
        self.auditor.check_end()
        before = self.auditor.snapshot()
        assert [self._run_to_the_end(project) for project in PROJECTS] == [FilmReachedError] * 2
        after = [row for row in self.auditor.snapshot() if row not in before]
        assert not after, after
        self._look_for_key()
        self.tally.update(charges=len(self.auditor.charges), events=self.auditor.count_events())

    def _run_to_the_end(self, project: str) -> type[BaseException] | None:
        """What a run of the storyboard as it is now ends with; one of an older state of it ends first."""
        if project in self.stage.runs:
            self._await_end(project)
        self.stage.start(replace(self.drafts[project], budget=PLAIN).storyboard())
        self.auditor.hear_start(project)
        return self._await_end(project)

    def _await_end(self, project: str) -> type[BaseException] | None:
        ended: dict[str, type[BaseException] | None] = {}
        while project in self.stage.runs:
            ended = self._go_on(TURNS_TO_THE_END)
            assert ended, "a run does not end"
        return ended.get(project)

    def _look_for_key(self) -> None:
        key = KEY.encode()
        assert not [path for path in self.root.rglob("*") if path.is_file() and key in path.read_bytes()]
        assert KEY not in "\n".join(self.log.lines)

    # Doing

    def _start(self, draft: Draft, sharing: int, writes: int | None) -> None:
        given = self.auditor.grants, self.auditor.reshoots
        for most, grant in zip(given, (draft.budget.pay_again_credits, draft.budget.reshoot_failed), strict=True):
            most[draft.project] = max(most[draft.project], grant)
        most_shots = draft.budget.max_doubt_credits // 10 if draft.resolution is Resolution.HD else 1
        try:
            self.stage.start(draft.storyboard(), shots_per_request=min(sharing, most_shots))
        except StoryreelError as error:
            self._look_at_error(error)
            return
        self.stage.runs[draft.project].ledger.writes_left = writes
        self.auditor.hear_start(draft.project)

    def _go_on(self, turns: int, until: Callable[[], bool] = lambda: False) -> dict[str, type[BaseException] | None]:
        self.stage.go_on(turns, until=until)
        ended = self.stage.reap()
        for error in ended.values():
            self._look_at_error(error)
        return {project: type(error) if error else None for project, error in ended.items()}

    def _look_at_error(self, error: BaseException | None) -> None:
        if error is None:
            return
        self.log.lines.append("".join(traceback.format_exception(error)))
        if isinstance(error, FilmReachedError) or (isinstance(error, StoryreelError) and error.exit_code != 1):
            return
        if type(error).__name__ != "Killed":
            raise error

    def _say(self, slate: str, word: Word, task_id: str | None = None) -> None:
        kept = self.auditor.takes[slate]
        self.auditor.hear_word(slate, EVENT_OF[word])
        if self.stage.say(slate, word, task_id) is None:
            self.auditor.unhear_word(slate, EVENT_OF[word])
        elif word is Word.NOT_CHARGED and self.auditor.task_of(slate):
            self.auditor.lies.add(kept.sent_id or "")

    def _honest_words(self, kept: Kept) -> list[tuple[Word, str | None]]:
        """What a user may say who has looked into the account; the first is what brings the most back."""
        task_id = self.auditor.task_of(kept.slate)
        match kept.state:
            case "unknown":
                truth = (Word.ADOPT, task_id) if task_id else (Word.NOT_CHARGED, None)
                return [truth, truth, truth, (Word.PAY_AGAIN, None), (Word.ABANDON, None)]
            case "lost" if task_id is None:
                return [(Word.PAY_AGAIN, None)]
            case "lost" if task_id != kept.task_id:
                return [(Word.ADOPT, task_id)]
            case "lost" | "corrupt":
                return [(Word.REVIVE, None)]
            case _:
                return [(Word.PAY_AGAIN, None)]

    def _wrong_words(self, kept: Kept) -> list[tuple[Word, str | None]]:
        if kept.state == "unknown":
            return [(Word.NOT_CHARGED, None), (Word.ADOPT, "task_of_somebody_else")]
        return [(Word.PAY_AGAIN, None)]


EVENT_OF: Final = {
    Word.ADOPT: "adopted",
    Word.NOT_CHARGED: "not_charged",
    Word.PAY_AGAIN: "paid_again",
    Word.ABANDON: "abandoned",
    Word.REVIVE: "revived",
}


class Scribe(logging.Handler):
    """Keeps all that is logged, as text."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def shoot(runs: int, steps: int, number: int) -> None:
    """So many runs of so many steps, from the seed `number`."""
    print(f"{runs} runs of {steps} steps, seed {number}")
    began = time.perf_counter()
    Shooting.tally.clear()
    how = settings(
        max_examples=runs,
        stateful_step_count=steps + 1,  # the first decides on chance
        deadline=None,
        database=None,
        print_blob=True,
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(anyio.to_thread, "run_sync", run_on_the_spot)
        run_state_machine_as_test(seed(number)(type("Shooting", (Shooting,), {})), settings=how)
    came = ", ".join(f"{count:,} {what}" for what, count in Shooting.tally.items())
    print(f"{came}; all invariants held, {time.perf_counter() - began:.0f} s")


def test_all_invariants_hold_in_a_few_runs() -> None:
    """Of some steps each; the same every time."""
    shoot(10, 30, 7)


@pytest.mark.torture(minutes=8)
@pytest.mark.parametrize("half", [0, 1])
def test_all_invariants_hold(half: int) -> None:
    """100,000 steps, some 45 a run, in two halves that may run side by side. STORYREEL_SEED chooses others."""
    shoot(1_110, 50, 2 * int(os.environ.get("STORYREEL_SEED", "0")) + half)
