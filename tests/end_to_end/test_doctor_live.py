"""`storyreel doctor` with a key: is it good, for nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import answering, serve_app
from test_command_line import ONE_SHOT, PROJECT, storyreel
from theatre import Theatre, open_theatre

KEY = "sbx_canary_of_the_doctor"
KEY_ID = "b1de4545"  # the first 8 hex digits of its SHA-256


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    """A sandbox, and a workspace without a ledger as yet."""
    with open_theatre(tmp_path_factory.mktemp("theatre"), "--clips", "plain") as opened:
        opened.write("demo", ONE_SHOT, PROJECT)
        yield opened


def examined(root: Path, url: str, key: str = KEY) -> tuple[int, dict[str, dict[str, str]]]:
    """The exit code, and each check by its name."""
    done = storyreel(root, "doctor", "--live", "--base-url", url, "--json", NANOPHOTO_API_KEY=key)
    assert key not in done.stdout + done.stderr
    return done.returncode, {each["what"]: each for each in json.loads(done.stdout)}


def test_a_good_key_is_told_without_a_credit_and_without_the_key(theatre: Theatre) -> None:
    """As the sandbox logs it: by the beginning of its hash."""
    status, checks = examined(theatre.root, theatre.url)
    assert status == 0
    assert checks["key"]["says"] == f"{KEY_ID} (the beginning of its SHA-256), from NANOPHOTO_API_KEY"
    assert checks["vendor"]["says"] == f"{theatre.url}: the key is good"
    asked = [json.loads(line) for line in (theatre.state_dir / "requests.jsonl").read_text().splitlines()]
    assert [(line["key"], line["status"]) for line in asked] == [(KEY_ID, 404)]
    assert theatre.charges() == []


def test_the_call_counts_with_those_of_all_runs(theatre: Theatre) -> None:
    """Ninety looks in one hour are all there are: the next is not asked."""
    from pipeline.access import Access
    from pipeline.host import SystemClock
    from pipeline.ledger.journal import SqliteLedger
    from pipeline.project import World, find_workspace
    from pipeline.shoot.policy import Policy

    access = Access(world=World.SANDBOX, base_url=theatre.url, api_key=f"{KEY}_2", speed=60)
    store = find_workspace(theatre.root).store(World.SANDBOX)
    ledger, window = SqliteLedger(store.ledger_path, store.recovery_path), Policy().scaled(60).window
    for _ in range(89):
        ledger.note_call(key_id=access.key_id, window=window, now=SystemClock().now())
    assert examined(theatre.root, theatre.url, f"{KEY}_2")[0] == 0
    status, checks = examined(theatre.root, theatre.url, f"{KEY}_2")
    assert status == 8 and "used up until" in checks["vendor"]["says"]


def test_a_bad_key_is_told(theatre: Theatre) -> None:
    """Exit 8: not fit yet."""
    with serve_app(answering(401, '{"errorCode": "LOGIN_REQUIRED"}', Retry_After="60")) as url:
        code, checks = examined(theatre.root, url)
    assert code == 8 and checks["limits"]["says"] == "retry-after: 60"
    assert checks["vendor"]["says"].startswith(f"{url}: HTTP 401 LOGIN_REQUIRED: the key is not accepted")


def test_nobody_at_the_address_is_told(theatre: Theatre) -> None:
    """Port 1 of this machine is closed."""
    code, checks = examined(theatre.root, "http://127.0.0.1:1")
    assert code == 8 and "nothing answers here" in checks["vendor"]["says"]
