"""The log: lines of JSON that nobody has to fear, and that no run depends on."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from pipeline.errors import MachineError
from pipeline.log import log_to
from pipeline.safe_text import keep_secret, safe_text

log = logging.getLogger("pipeline.test")


def test_a_line_is_exact_and_harmless(tmp_path: Path) -> None:
    """What is logged can be read back; a terminal that is shown the file obeys nothing of it, and no key is in it."""
    keep_secret("canary-key-of-the-log")
    said = "\x1b]0;owned\x07 \x9b31m \u202e \u2028\n[red] "
    with log_to(tmp_path / "log.jsonl"):
        log.info("%scanary-key-of-the-log", said, extra={"action": "tried", "task_id": said})
    (line,) = (tmp_path / "log.jsonl").read_text().split("\n")[:-1]
    assert line == safe_text(line)
    told = json.loads(line)
    assert (told["action"], told["task_id"], told["text"]) == ("tried", said, f"{said}[key]")


def test_a_full_disk_ends_no_run_and_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Not at a line, and not at the end."""
    with log_to(Path("/dev/full")):
        log.info("one", extra={"action": "tried"})
        log.info("two", extra={"action": "tried"})
    assert capsys.readouterr() == ("", "")


def test_a_log_that_cannot_be_begun_is_told(tmp_path: Path) -> None:
    """A file stands where its folder should be."""
    (tmp_path / "store").write_text("")
    with pytest.raises(MachineError, match=r"log\.jsonl cannot be written"), log_to(tmp_path / "store/log.jsonl"):
        raise AssertionError("it was begun")
