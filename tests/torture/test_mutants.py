"""Rules of the protocol taken out, one at a time: the tests of shooting notice each.

A mutant is the whole tree copied, with one piece of one file written otherwise. It is killed when a test fails there;
an error while collecting, or a text that does not stand in the file any more, is no kill.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from tripwire import fast_folder

ROOT = Path(__file__).parents[2]
SHOOTING = (
    *("tests/shoot/test_lifecycle.py", "tests/shoot/test_start.py", "tests/shoot/test_policy.py"),
    *("tests/shoot/test_resolve.py", "tests/shoot/test_retake.py"),
    *("tests/api", "tests/ledger", "tests/shoot/test_mutated_answers.py", "tests/planner/test_plan.py"),
    *("tests/shoot/test_runner.py", "tests/shoot/test_production.py"),
    *("tests/media/test_download.py", "tests/media/test_download_hostile.py"),
)
"""The quick ones first: with the first that fails it is over."""

TESTS_FAILED = 1  # pytest's exit status


@dataclass(frozen=True)
class Mutant:
    """Without the rule that `rule` says: in `file`, `old` (which stands there once) becomes `new`."""

    rule: str
    file: str
    old: str
    new: str

    @property
    def name(self) -> str:
        return self.rule.replace(" ", "_")


MUTANTS = (
    Mutant(
        "a lost answer is in doubt",
        "shoot/lifecycle.py",
        "(State.SENDING, AnswerLost): State.UNKNOWN",
        "(State.SENDING, AnswerLost): State.PLANNED",
    ),
    Mutant(
        "a take found sending is in doubt",
        "shoot/start.py",
        'return AnswerLost(at=now, reason="the run ended while the request was under way")',
        'return NothingSent(at=now, reason="the run ended")',
    ),
    Mutant(
        "a doubt is not sent again",
        "shoot/actions.py",
        "case State.PLANNED:",
        "case State.PLANNED | State.UNKNOWN:",
    ),
    Mutant(
        "the cap is held",
        "ledger/journal.py",
        "    if spent + cost > cap:",
        "    if False:",
    ),
    Mutant(
        "an equal request is sent once",
        "ledger/journal.py",
        "            _refuse_what_is_paid_for(database, [take for take, _ in changes])\n",
        "",
    ),
    Mutant(
        "one process of a key sends at a time",
        "ledger/journal.py",
        "            if _someone_sends(database, key_id, now, presence):",
        "            if False:",
    ),
    Mutant(
        "a submit takes a call of the hour",
        "ledger/journal.py",
        '            if wait := _take_call(database, key_id, window, now, "generate"):',
        "            if wait := None:",
    ),
    Mutant(
        "a question takes a call of the hour",
        "ledger/journal.py",
        '            return _take_call(database, key_id, window, now, "check-status")',
        "            return None",
    ),
    Mutant(
        "only the run that armed a take sends it",
        "ledger/journal.py",
        "        _refuse_strange_arming(database, sending)\n",
        "        pass\n",
    ),
    Mutant(
        "an answer is kept with what was read from it",
        "ledger/journal.py",
        "    if answer is not None:\n        row",
        "    if False:\n        row",
    ),
    Mutant(
        "an answer that cannot be written is saved beside the ledger",
        "ledger/journal.py",
        "            kept = self._recovery.save(changes, answer)",
        '            kept = ""',
    ),
    Mutant(
        "a saved answer is read back",
        "shoot/start.py",
        "    changed = list(_take_over_rescued(ledger, project))",
        "    changed: list[Take] = []",
    ),
    Mutant(
        "sending is durable before byte 1",
        "api/client.py",
        'FIRST_BYTE: Final = "http11.send_request_headers.started"',
        'FIRST_BYTE: Final = "http11.send_request_body.complete"',
    ),
    Mutant(
        "only a request of which no byte left was not sent",
        "api/client.py",
        "            if not may_have_left:",
        "            if True:",
    ),
    Mutant(
        "no redirect is followed with the key",
        "api/client.py",
        "follow_redirects=False",
        "follow_redirects=True",
    ),
    Mutant(
        "a 429 is believed only as documented",
        "api/wire.py",
        "    if (status, code) == THROTTLED:",
        "    if status == 429:",
    ),
    Mutant(
        "a 500 is believed only as documented",
        "api/wire.py",
        "    if (status, code) == FAILED:",
        "    if status == 500:",
    ),
    Mutant(
        "a shot is known by its id",
        "api/wire.py",
        "        ours = (shot for key, shot in shots.items() if key in asked and shot.task_id in (None, asked[key]))",
        "        ours = (s.model_copy(update={'shot_id': i}) for i, s in zip(asked, shots.values()))",
    ),
    Mutant(
        "a shot that the answer does not name is in doubt",
        "shoot/outcomes.py",
        '    return AnswerLost(at=now, reason="the answer does not name this shot")',
        '    return NothingSent(at=now, reason="the answer does not name this shot")',
    ),
    Mutant(
        "two doubts end the submitting",
        "shoot/submitter.py",
        "MAX_DOUBTS: Final = 2",
        "MAX_DOUBTS: Final = 99",
    ),
    Mutant(
        "each sending has a nonce of its own",
        "shoot/submitter.py",
        "        nonce = self.board.doors.dice.nonce()\n        sent_id",
        '        nonce = "000000000000"\n        sent_id',
    ),
    Mutant(
        "an answer that is money is waited for",
        "shoot/runner.py",
        '        submit = self._under_way.get("submit")\n',
        "        submit = None\n",
    ),
    Mutant(
        "a single 404 is not believed",
        "shoot/asker.py",
        "            if asks >= terms.policy.unknown_task_asks:",
        "            if True:",
    ),
    Mutant(
        "a run gives a task up only after it has asked itself",
        "shoot/outcomes.py",
        " or tries < policy.last_tries",
        "",
    ),
    Mutant(
        "what is back in the store is not paid for again",
        "production.py",
        "        take_back_clips(self.ledger, self.project.name, self.store, self.clock.now())\n",
        "",
    ),
    Mutant(
        "a run pays for nothing that its plan had no price for",
        "production.py",
        "        plan = within(self._begun, plan) if self._begun else plan\n",
        "",
    ),
    Mutant(
        "a damaged file is fetched afresh",
        "shoot/fetcher.py",
        "is_last = take.bad_downloads + 1 >= self.board.terms.policy.bad_downloads",
        "is_last = True",
    ),
    Mutant(
        "a doubt is not resolved while its answer may come",
        "shoot/resolve.py",
        "        words_from=words_from if words_from > now else None,",
        "        words_from=None,",
    ),
    Mutant(
        "paying again takes a grant",
        "planner/decide.py",
        "        if take.credits > self.credits_left:",
        "        if False:",
    ),
    Mutant(
        "a grant is used up",
        "planner/decide.py",
        "        self.credits_left -= take.credits\n",
        "",
    ),
    Mutant(
        "what is resumed is compared",
        "media/download.py",
        "raise _OtherFileError",
        "pass",
    ),
)


def kill(mutant: Mutant, root: Path) -> str:
    """The first test that fails with the mutant."""
    for name in ("pipeline", "tests"):
        shutil.copytree(ROOT / name, root / name)  # with what Python has compiled: it knows a changed file by its time
    shutil.copy(ROOT / "pyproject.toml", root)
    file = root / "pipeline" / mutant.file
    text = file.read_text(encoding="utf-8")
    assert text.count(mutant.old) == 1, f"{mutant.file} does not hold once: {mutant.old}"
    file.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
    options = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "addopts=", "-m", "not torture")
    with fast_folder() as base:
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", *options, f"--basetemp={base / 'tests'}", *SHOOTING],
            cwd=root,
            env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=300,
        )
    assert ran.returncode == TESTS_FAILED, f"it lives (exit {ran.returncode}):\n{ran.stdout[-2000:]}"
    assert "error" not in ran.stdout.splitlines()[-1], ran.stdout[-2000:]
    [killer, *_] = re.findall(r"^FAILED (\S+)", ran.stdout, re.MULTILINE)
    return str(killer)


def test_a_rule_that_is_taken_out_is_missed(tmp_path: Path) -> None:
    """One of them, every time."""
    kill(MUTANTS[0], tmp_path)


@pytest.mark.torture
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_each_rule_that_is_taken_out_is_missed(mutant: Mutant, tmp_path: Path) -> None:
    """The test that noticed is printed."""
    print(f"{mutant.rule}: {kill(mutant, tmp_path)}")
