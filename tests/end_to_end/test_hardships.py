"""A machine that misbehaves: each trouble ends with a sentence and its exit code, and what was paid is kept."""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from theatre import STORYREEL, Theatre, open_theatre, short_clips

ONE_SHOT = '{% scene "s" %}{% shot "run" %} A runner of NAME. Wind. {% endshot %}{% endscene %}'

UNSHARE: Final = shutil.which("unshare") or "unshare"
SETSID: Final = shutil.which("setsid") or "setsid"
CAN_MOUNT: Final = os.geteuid() == 0 and subprocess.run([UNSHARE, "--mount", "true"]).returncode == 0
mounting = pytest.mark.skipif(not CAN_MOUNT, reason="nobody may mount anything here")


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    """A server with short clips."""
    root = tmp_path_factory.mktemp("theatre")
    with open_theatre(root, *short_clips(root / "clips")) as opened:
        yield opened


def project(theatre: Theatre, name: str) -> str:
    """A project of one shot that no other has."""
    theatre.write(name, ONE_SHOT.replace("NAME", name))
    return name


def suffering(theatre: Theatre, hardship: str, *command: str) -> subprocess.CompletedProcess[str]:
    """A command where a shell has done `hardship` before, in a file system of its own; the workspace is $PWD."""
    argv = [UNSHARE, "--mount", "sh", "-c", f'{hardship}\nexec "$@"', "sh", *theatre.arguments(*command)]
    if not hardship.startswith("mount"):
        argv = argv[2:]
    return subprocess.run(
        argv, cwd=theatre.root, capture_output=True, text=True, timeout=60, env={"PATH": os.environ["PATH"]}
    )


def read_only(folder: str) -> str:
    return f"mount --bind {folder} {folder}; mount -o remount,bind,ro {folder}"


def small(folder: str, size: str) -> str:
    return f"mount -t tmpfs -o size={size} none {folder}"


MOUNTS = (
    ("read-only-out", read_only("projects/NAME/out"), "out cannot be written: Read-only file system"),
    ("read-only-build", read_only("projects/NAME/build"), "held_by cannot be written: Read-only file system"),
    ("read-only-store", read_only(".storyreel"), "log.jsonl cannot be written: Read-only file system"),
    ("read-only-project", read_only("projects/NAME"), "held_by cannot be written: Read-only file system"),
    ("full-build", small("projects/NAME/build", "8k"), "cannot be written: No space left on device"),
)


@mounting
@pytest.mark.parametrize(("name", "hardship", "says"), MOUNTS[1:3])
def test_what_cannot_be_written_exits_8(theatre: Theatre, name: str, hardship: str, says: str) -> None:
    """It names the file and the reason."""
    for folder in ("build", "out"):
        (theatre.root / "projects" / project(theatre, name) / folder).mkdir(exist_ok=True)
    (theatre.root / ".storyreel").mkdir(exist_ok=True)
    done = suffering(theatre, hardship.replace("NAME", name), "render", name)
    assert (done.returncode, "Traceback" in done.stderr) == (8, False), done.stderr
    assert says in done.stderr


@mounting
@pytest.mark.torture
@pytest.mark.parametrize(("name", "hardship", "says"), MOUNTS)
def test_with_the_trouble_gone_the_film_is_made_for_one_charge(
    theatre: Theatre, name: str, hardship: str, says: str
) -> None:
    """The same command again, however far the first one came."""
    before, again = len(theatre.charges()), f"{name}-again"
    test_what_cannot_be_written_exits_8(theatre, again, hardship.replace("NAME", again), says)
    assert theatre.run("render", again).returncode == 0
    assert len(theatre.charges()) == before + 1


@mounting
@pytest.mark.torture
def test_a_machine_without_tmp_makes_the_film(theatre: Theatre) -> None:
    """Everything that is written aside lies beside what it becomes."""
    nowhere = "mount --bind $PWD /mnt; cd /mnt; mount -t tmpfs -o ro none /tmp; mount -t tmpfs -o ro none /var/tmp"
    done = suffering(theatre, nowhere, "render", project(theatre, "tmpless"))
    assert done.returncode == 0, done.stderr


def test_a_ledger_that_is_gone_is_not_begun_anew_beside_its_clips(theatre: Theatre) -> None:
    """Nothing is paid for again; with the ledger back, nothing was lost."""
    name, ledger = project(theatre, "forgotten"), theatre.root / ".storyreel/sandbox/ledger.sqlite3"
    assert theatre.run("render", name).returncode == 0
    charges, kept = len(theatre.charges()), ledger.read_bytes()
    for harm in (lambda: ledger.write_bytes(b""), ledger.unlink):
        harm()
        done = theatre.run("render", name)
        assert done.returncode == 8 and "ledger.sqlite3 is gone" in done.stderr, done.stderr
    ledger.write_bytes(kept)
    assert theatre.run("render", name).returncode == 0
    assert len(theatre.charges()) == charges


@pytest.mark.torture
def test_a_log_that_is_full_ends_nothing(theatre: Theatre) -> None:
    """And says nothing into the run's own talk."""
    store = theatre.root / ".storyreel/sandbox"
    store.mkdir(parents=True, exist_ok=True)
    kept = store / "log.jsonl"
    kept.unlink(missing_ok=True)
    kept.symlink_to("/dev/full")
    done = theatre.run("render", project(theatre, "unlogged"))
    kept.unlink()
    assert done.returncode == 0 and "No space" not in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("command", "hardship", "code", "says"),
    [
        (("status", "one"), "exec >&-", 0, ""),
        (("status", "nobody"), "exec 2>&-", 2, ""),
        (("status", "one"), "exec >/dev/full", 8, "the answer cannot be printed: No space left"),
        (("plan", "one", "--json"), "exec >/dev/full", 8, "the answer cannot be printed: No space left"),
        (("--help",), "exec >/dev/full", 8, "the answer cannot be printed: No space left"),
        (("status", "one"), "mkdir gone; cd gone; rmdir ../gone", 2, "the folder that this runs in is gone"),
        (("init", "x", "--template", "commercial"), "mkdir gone; cd gone; rmdir ../gone", 2, "is gone"),
        (("status", "one"), "export STORYREEL_HOME='~nobody_at_all/x'", 2, "STORYREEL_HOME names ~nobody_at_all"),
        (("language",), "export PYTHONIOENCODING=ascii", 0, ""),
    ],
)
def test_each_trouble_has_its_sentence(
    theatre: Theatre, command: tuple[str, ...], hardship: str, code: int, says: str
) -> None:
    """Never a traceback. No HOME is set in any of them."""
    project(theatre, "one")
    done = suffering(theatre, hardship, *command)
    assert done.returncode == code, done.stderr
    assert says in done.stderr and "Traceback" not in done.stderr


def test_who_may_open_no_file_more_is_told(theatre: Theatre) -> None:
    """Of a project that was never compiled: what is remembered needs no process."""
    done = suffering(theatre, "ulimit -n 6", "status", project(theatre, "crowded"))
    assert done.returncode == 8, done.stderr
    assert "Too many open files" in done.stderr and "Traceback" not in done.stderr


def test_a_run_whose_streams_are_closed_makes_its_film(theatre: Theatre) -> None:
    """No file of its own is taken for one of them: the ledger stays one, and tells all that it was told."""
    done = suffering(theatre, "exec <&- >&- 2>&-", "render", project(theatre, "mute"))
    assert done.returncode == 0
    assert [row["state"] for row in theatre.shots("mute")] == ["verified"]


@pytest.mark.torture
def test_a_store_on_another_file_system_serves_as_well(theatre: Theatre) -> None:
    """Whatever is renamed is renamed within one."""
    other = Path("/dev/shm") / f"storyreel-{os.getpid()}"
    if not other.parent.is_dir() or other.parent.stat().st_dev == theatre.root.stat().st_dev:
        pytest.skip("there is no other file system here")
    try:
        done = suffering(theatre, f"export STORYREEL_HOME={other}", "render", project(theatre, "afar"))
        assert done.returncode == 0, done.stderr
    finally:
        shutil.rmtree(other, ignore_errors=True)


def until_charged(theatre: Theatre, before: int, render: subprocess.Popen[bytes]) -> None:
    while len(theatre.charges()) == before:
        assert render.poll() is None
        time.sleep(0.02)


def test_a_reader_that_goes_away_ends_no_run(theatre: Theatre) -> None:
    """`storyreel render demo 2>&1 | head -1`."""
    render = subprocess.Popen(
        theatre.arguments("render", project(theatre, "unheard")),
        cwd=theatre.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert render.stdout is not None
    render.stdout.close()
    assert render.wait(60) == 0
    assert (theatre.root / "projects/unheard/out/unheard.mp4").is_file()


@pytest.mark.torture
def test_a_terminal_that_is_closed_stops_the_run_as_ctrl_c_does(theatre: Theatre) -> None:
    """Exit 130; what was paid is fetched by the next run, for nothing."""
    before, (ours, theirs) = len(theatre.charges()), pty.openpty()
    render = subprocess.Popen(
        [
            shutil.which("setsid") or "setsid",
            "--ctty",
            "--wait",
            *theatre.arguments("render", project(theatre, "hung-up")),
        ],
        cwd=theatre.root,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    until_charged(theatre, before, render)
    os.close(ours)  # the window is closed: the kernel sends SIGHUP, and every write fails from now on
    assert render.wait(20) == 130
    assert theatre.run("render", "hung-up").returncode == 0
    assert len(theatre.charges()) == before + 1


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGHUP, 130)])
def test_a_signal_ends_the_server(tmp_path: Path, number: signal.Signals, code: int) -> None:
    """A request to end is its usual end; a closed terminal stops it."""
    (tmp_path / "projects").mkdir()
    server = subprocess.Popen(
        [str(STORYREEL), "sandbox"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert server.stdout is not None and server.stderr is not None
    assert json.loads(server.stdout.readline())["url"]
    server.send_signal(number)
    assert server.wait(20) == code
    assert "Traceback" not in server.stderr.read()


@pytest.mark.torture
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_run_is_stopped_by_each_signal(theatre: Theatre, number: signal.Signals) -> None:
    """Exit 130, and one charge in the end."""
    name, before = project(theatre, f"stopped-by-{number.value}"), len(theatre.charges())
    render = theatre.start("render", name)
    until_charged(theatre, before, render)
    render.send_signal(number)
    assert render.wait(20) == 130
    assert theatre.run("render", name).returncode == 0
    assert len(theatre.charges()) == before + 1


@pytest.mark.torture
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize(("times", "states"), [(1, {"submitted", "processing"}), (2, {"unknown", "sending"})])
def test_a_signal_waits_for_an_answer_that_is_money_and_a_second_does_not(
    tmp_path: Path, number: signal.Signals, times: int, states: set[str]
) -> None:
    """The answer takes 4 s. The first stops the run once it is here, the second at once: the take is in doubt then."""
    late = {"rules": [{"door": "generate", "fault": "late", "seconds": 4, "charged": True}]}
    (tmp_path / "late.json").write_text(json.dumps(late))
    with open_theatre(tmp_path, "--clips", "plain", "--faults", str(tmp_path / "late.json")) as theatre:
        render = theatre.start("render", project(theatre, "late"), stderr=subprocess.PIPE)
        until_charged(theatre, 0, render)
        for _ in range(times):
            time.sleep(0.5)
            render.send_signal(number)
        _, said = render.communicate(timeout=20)
        assert render.returncode == 130
        assert (b"may be in doubt now" in said) == (times == 2), said
        assert {row["state"] for row in theatre.shots("late")} <= states
