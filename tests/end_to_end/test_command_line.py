"""What the command line says and exits with, when things are not as they should be."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from theatre import STORYREEL, Theatre, open_theatre, short_clips

from pipeline.lock import hold_project

ONE_SHOT = '{% scene "s" %}{% shot "run" %} A runner at {{ hour }}. {% endshot %}{% endscene %}'
PROJECT = "title: Demo\nvariables: {hour: dawn}\n"


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    """A server with short clips, and one project of one shot."""
    root = tmp_path_factory.mktemp("theatre")
    with open_theatre(root, *short_clips(root / "clips")) as opened:
        opened.write("demo", ONE_SHOT, PROJECT)
        yield opened


def storyreel(root: Path, *args: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The bare command, without the address of a server."""
    kept = {"PATH": os.environ["PATH"], "HOME": str(root), **environ}
    argv = [str(STORYREEL), *args]
    return subprocess.run(
        argv, cwd=root, env=kept, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60
    )


def test_a_broken_storyboard_exits_3_with_every_finding(theatre: Theatre) -> None:
    """Nothing is sent, and no traceback is shown."""
    shots = '{% shot "a" join="melt" %} x {% endshot %}\n{% shot "b" %} {{ her }} {% endshot %}'
    broken = '{% scene "s" %}\n' + shots + "{% endscene %}"
    theatre.write("broken", broken)
    done = theatre.run("render", "broken")
    assert done.returncode == 3
    assert "storyboard.jinja:2" in done.stderr and "storyboard.jinja:3" in done.stderr
    assert "Traceback" not in done.stderr


def test_findings_can_be_had_as_json(theatre: Theatre) -> None:
    """On stdout, with file and line."""
    theatre.write("broken", '{% scene "s" %}\n{% shot "a" join="melt" %} x {% endshot %}\n{% endscene %}')
    findings = json.loads(theatre.run("check", "broken", "--json").stdout)["findings"]
    assert findings[0]["source"]["line"] == 2


def test_check_looks_at_the_authors_own_files(theatre: Theatre) -> None:
    """Footage that is a page is a finding at its tag, long before anything is paid for."""
    shots = '{% shot "a" %} A harbour. {% endshot %}\n{% footage "pack" file="pack.mp4" %}\n'
    folder = theatre.write("page", '{% scene "s" %}\n' + shots + "{% endscene %}")
    (folder / "pack.mp4").write_bytes(b"<html>404 not found</html>")
    done = theatre.run("check", "page")
    assert done.returncode == 3
    assert "storyboard.jinja:3" in done.stderr and "SB405 pack.mp4 cannot be used" in done.stderr
    assert '  3 | {% footage "pack" file="pack.mp4" %}' in done.stderr


def test_an_unknown_project_exits_2_and_names_those_there_are(theatre: Theatre) -> None:
    """A typing error costs nothing."""
    done = theatre.run("render", "demmo")
    assert done.returncode == 2 and "demo" in done.stderr


def test_live_without_a_key_exits_2(theatre: Theatre) -> None:
    """It says which variable to set."""
    done = storyreel(theatre.root, "render", "demo", "--live")
    assert done.returncode == 2 and "NANOPHOTO_API_KEY" in done.stderr


def test_live_spends_nothing_that_nobody_confirmed(theatre: Theatre) -> None:
    """The plan is shown; without a yes it exits 4 before anything is sent."""
    done = storyreel(theatre.root, "render", "demo", "--live", NANOPHOTO_API_KEY="canary-key")
    assert done.returncode == 4
    assert "10 credits" in done.stderr and "canary-key" not in done.stderr + done.stdout


@pytest.mark.parametrize("key", ["canary key", "canary\nkey", "canary\u2026"])
def test_a_key_that_fits_no_header_exits_2_and_is_not_shown(theatre: Theatre, key: str) -> None:
    """The library that refuses such a header would quote it."""
    done = storyreel(theatre.root, "render", "demo", "--live", "--yes", NANOPHOTO_API_KEY=key)
    assert done.returncode == 2 and "canary" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    "url",
    [
        "https://nanophoto.ai",
        "http://10.0.0.1:80",
        "http://127.0.0.1.example:80",
        "ftp://localhost",
        "http://[::1",
        "http://127.0.0.1:99999",
    ],
)
def test_only_this_machine_is_taken_for_a_sandbox(theatre: Theatre, url: str) -> None:
    """A sandbox key never leaves the machine."""
    assert storyreel(theatre.root, "render", "demo", "--base-url", url).returncode == 2


def test_a_second_run_of_a_project_leaves_and_names_the_first(theatre: Theatre) -> None:
    """Exit 7."""
    demo = theatre.root / "projects/demo"
    with hold_project(demo, demo / "build/held_by"):
        done = theatre.run("render", "demo")
    assert done.returncode == 7 and f"process {os.getpid()}" in done.stderr


def test_a_project_of_the_same_name_that_shares_the_store_is_the_same_project(theatre: Theatre) -> None:
    """Two clones of one repository with one STORYREEL_HOME: the takes are held, wherever the folder lies."""
    takes = theatre.root / ".storyreel/sandbox/held/demo"
    takes.mkdir(parents=True, exist_ok=True)
    with hold_project(takes, takes / "held_by"):
        done = theatre.run("render", "demo")
    assert done.returncode == 7 and f"demo is being worked on by process {os.getpid()}" in done.stderr


def test_a_failed_shot_exits_6_and_is_shot_again_only_when_granted(theatre: Theatre) -> None:
    """The grant is used up by the second failure."""
    theatre.write("failing", ONE_SHOT.replace("A runner", "A runner [sandbox: fail]"), PROJECT)
    assert theatre.run("render", "failing").returncode == 6
    assert theatre.run("render", "failing").returncode == 6
    assert [row["take"] for row in theatre.shots("failing")] == [1]
    assert theatre.run("render", "failing", "--reshoot-failed", "1").returncode == 6
    assert [row["take"] for row in theatre.shots("failing")] == [2]


def test_an_earlier_take_of_a_shot_can_be_named(theatre: Theatre) -> None:
    """Two failed takes: the shot's name means the second, and the first has a name of its own."""
    theatre.write("twice", ONE_SHOT.replace("A runner", "A second runner [sandbox: fail]"), PROJECT)
    theatre.run("render", "twice", "--reshoot-failed", "1")
    for name, slate in (("run", "twice/run/tk02"), ("run/tk01", "twice/run/tk01")):
        assert json.loads(theatre.run("resolve", "twice", name, "--json").stdout)["slate"] == slate


def test_a_report_that_cannot_be_written_does_not_hide_what_ended_the_run(theatre: Theatre) -> None:
    """The shot failed, and a folder stands where the report should be: 6, not 8."""
    folder = theatre.write("hidden", ONE_SHOT.replace("A runner", "A hidden runner [sandbox: fail]"), PROJECT)
    (folder / "build/report.html").mkdir(parents=True)
    done = theatre.run("render", "hidden")
    assert done.returncode == 6 and "hidden/run/tk01" in done.stderr


def test_the_cap_exits_4_before_it_is_broken(theatre: Theatre) -> None:
    """One shot costs 10."""
    theatre.write("capped", ONE_SHOT.replace("runner", "capped runner"), PROJECT)
    charged = len(theatre.charges())
    done = theatre.run("render", "capped", "--max-credits", "9")
    assert done.returncode == 4 and "max_credits" in done.stderr
    assert len(theatre.charges()) == charged


def test_ctrl_c_leaves_at_once_and_the_next_run_goes_on(theatre: Theatre) -> None:
    """Exit 130; the task that was paid is fetched by the next run."""
    theatre.write("stopped", ONE_SHOT.replace("runner", "patient runner"), PROJECT)
    charged = len(theatre.charges())
    render = theatre.start("render", "stopped")
    while len(theatre.charges()) == charged:
        assert render.poll() is None
        time.sleep(0.02)
    render.send_signal(signal.SIGINT)
    assert render.wait(20) == 130
    assert theatre.run("render", "stopped").returncode == 0
    assert len(theatre.charges()) == charged + 1


def test_a_damaged_clip_is_named_and_not_shot_again(tmp_path: Path) -> None:
    """Shot, take, file and what to do; one charge, however often it is run."""
    footage = tmp_path / "footage"
    footage.mkdir()
    (footage / "run.mp4").write_bytes(b"not a clip at all" * 1000)
    with open_theatre(tmp_path, "--footage", str(footage)) as opened:
        opened.write("demo", ONE_SHOT, PROJECT)
        for _ in range(2):
            done = opened.run("render", "demo")
            assert done.returncode == 6
            told = done.stderr.splitlines()[-1]
            assert all(word in told for word in ("run", "demo/run/tk01", ".mp4", "storyreel resolve demo run --revive"))
        assert len(opened.charges()) == 1


def test_a_store_that_cannot_be_made_exits_8(theatre: Theatre) -> None:
    """A sentence, not a traceback."""
    done = storyreel(theatre.root, "render", "demo", STORYREEL_HOME="/dev/null/store")
    assert done.returncode == 8 and "Traceback" not in done.stderr and "/dev/null/store" in done.stderr


def test_doctor_finds_this_machine_fit(theatre: Theatre) -> None:
    """ffmpeg, fonts, store and space."""
    checks = json.loads(storyreel(theatre.root, "doctor", "--json").stdout)
    assert [each["what"] for each in checks if not each["is_fine"]] == []
