"""The vendor's key: from the environment or from a file that is the user's alone, and told to nobody."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.access import choose_access, find_key
from pipeline.errors import UsageError
from pipeline.settings import read

KEY = "canary-key-of-test-key"
PIPELINE = Path(__file__).parent.parent / "pipeline"
STARTING = re.compile(r"create_subprocess_\w+|Popen|popen|launch|fork|system|subprocess\.\w+|os\.(exec|spawn)\w+")


def key_file(tmp_path: Path, text: str = f"{KEY}\n", mode: int = 0o600) -> dict[str, str]:
    """An environment that names a file of that mode."""
    path = tmp_path / "the key"
    path.write_text(text)
    path.chmod(mode)
    return {"NANOPHOTO_API_KEY_FILE": str(path)}


def test_a_key_may_lie_in_a_file_of_the_users_own(tmp_path: Path) -> None:
    """Its last line break is no part of it, and doctor can say where it lies."""
    access = choose_access(read(key_file(tmp_path)), live=True)
    assert (access.api_key, access.key_from) == (KEY, str(tmp_path / "the key"))
    assert KEY not in repr(access)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666, 0o601])
def test_a_key_that_others_can_reach_is_not_used(tmp_path: Path, mode: int) -> None:
    """The sentence is the command that mends it."""
    with pytest.raises(UsageError, match=f"chmod 600 '{tmp_path}/the key'"):
        find_key(read(key_file(tmp_path, mode=mode)))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_key_in_somebody_elses_file_is_not_used(tmp_path: Path) -> None:
    """Whoever owns a file can change it."""
    environ = key_file(tmp_path)
    os.chown(tmp_path / "the key", 12345, -1)
    with pytest.raises(UsageError, match="belongs to somebody else"):
        find_key(read(environ))


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "is empty"), (" \n", "is empty"), ("canary key", "no key has"), ("canary\nkey", "no key has")],
)
def test_a_file_that_holds_no_key_is_told_without_its_text(tmp_path: Path, text: str, says: str) -> None:
    """It may be the wrong file, and hold anything."""
    with pytest.raises(UsageError, match=says) as caught:
        find_key(read(key_file(tmp_path, text)))
    assert "canary" not in str(caught.value)


def test_a_pipe_and_a_missing_file_hold_no_key(tmp_path: Path) -> None:
    """A pipe is not waited for."""
    os.mkfifo(tmp_path / "pipe", 0o600)
    for name, says in (("pipe", "no file"), ("gone", "cannot be read: No such file")):
        with pytest.raises(UsageError, match=says):
            find_key(read({"NANOPHOTO_API_KEY_FILE": str(tmp_path / name)}))


def test_two_keys_are_none(tmp_path: Path) -> None:
    """Nobody knows which is meant."""
    with pytest.raises(UsageError, match="both set"):
        find_key(read({"NANOPHOTO_API_KEY": KEY, **key_file(tmp_path)}))


def test_whatever_is_started_after_the_first_reading_has_no_key() -> None:
    """Neither the variable nor the name of the file; a second reading still knows them."""
    program = (
        "import subprocess; from pipeline.settings import read; first, second = read(), read();"
        "assert first.api_key == second.api_key == 'canary'; assert first.api_key_path and second.api_key_path;"
        "subprocess.run(['env'], check=True)"
    )
    environ = {**os.environ, "NANOPHOTO_API_KEY": "canary", "NANOPHOTO_API_KEY_FILE": "/canary"}
    done = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=True)
    assert "PATH=" in done.stdout and "canary" not in done.stdout


def test_programs_are_started_in_few_places() -> None:
    """A new one is for the canary to watch: `tests/end_to_end/test_canary.py` looks at what each of these starts."""
    starters = set()
    for path in PIPELINE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and STARTING.search(ast.unparse(node.func)):
                starters.add(path.relative_to(PIPELINE).as_posix())
    assert starters == {
        "cli/preview.py",  # the player of the user's desktop
        "compiler/cell.py",
        "media/easel.py",
        "media/ffmpeg.py",
        "publish/command.py",
    }


def test_a_home_of_nobody_is_told() -> None:
    """As a sentence."""
    with pytest.raises(UsageError, match="STORYREEL_HOME names ~nobody_at_all/x"):
        read({"STORYREEL_HOME": "~nobody_at_all/x"})
