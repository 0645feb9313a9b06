"""A render whose ffmpeg dies or finds the disk full, or that is stopped: no half file, no child, and a sentence."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from end_to_end.test_hardships import mounting, small, suffering
from theatre import Theatre, open_theatre, short_clips

from pipeline.media.ffmpeg import find_ffmpeg
from pipeline.settings import Settings

TWO_SHOTS = """{% scene "s" %}{% shot "run" %} A runner of NAME. Wind. {% endshot %}
{% shot "sea" join="dissolve 12" %} A sea of NAME. Wind. {% endshot %}{% endscene %}"""


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    root = tmp_path_factory.mktemp("theatre")
    with open_theatre(root, *short_clips(root / "clips")) as opened:
        yield opened


def an_ffmpeg(theatre: Theatre, name: str, script: str) -> Path:
    """A program in ffmpeg's place."""
    path = theatre.root / f"ffmpeg-{name}"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def begin(theatre: Theatre, name: str, ffmpeg: Path) -> subprocess.Popen[str]:
    """A render that has to encode all: another film may have had the same two of the server's few clips."""
    theatre.write(name, TWO_SHOTS.replace("NAME", name))
    shutil.rmtree(theatre.root / ".storyreel/sandbox/spans", ignore_errors=True)
    return subprocess.Popen(
        theatre.arguments("render", name),
        cwd=theatre.root,
        env={"PATH": os.environ["PATH"], "STORYREEL_FFMPEG": str(ffmpeg)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def check_nothing_is_half_done(theatre: Theatre, name: str) -> None:
    """No film, nothing that was made aside; and with a good ffmpeg the film is there."""
    spans, out = theatre.root / ".storyreel/sandbox/spans", theatre.root / "projects" / name / "out"
    assert [*spans.rglob(".making-*"), *spans.rglob("*.tmp")] == []
    assert [*out.rglob("*")] if out.exists() else [] == []
    assert theatre.run("render", name).returncode == 0
    assert (out / f"{name}.mp4").is_file()


def processes_of(session: int) -> list[str]:
    """What still runs of a session that a render led."""
    left = []
    for folder in Path("/proc").iterdir():
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if folder.name.isdigit() and int(fields[3]) == session and fields[0] != "Z":
                left.append((folder / "cmdline").read_text())
        except OSError:
            continue
    return left


@pytest.mark.parametrize(
    ("name", "script", "says"),
    [
        ("fails", "echo one >&2; echo 'no such encoder' >&2; exit 3", ("ended with status 3", "no such encoder")),
        pytest.param("killed", "kill -9 $$", ("was ended by signal 9", "no memory left"), marks=pytest.mark.torture),
        pytest.param(
            "full",
            "echo 'x: No space left on device' >&2; exit 1",
            ("No space left", "storyreel clean"),
            marks=pytest.mark.torture,
        ),
    ],
)
def test_an_ffmpeg_that_dies_is_told_with_its_words_and_its_command(
    theatre: Theatre, name: str, script: str, says: tuple[str, str]
) -> None:
    """Exit 8, and what to do."""
    render = begin(theatre, name, an_ffmpeg(theatre, name, script))
    _, said = render.communicate(timeout=60)
    assert (render.returncode, "Traceback" in said) == (8, False), said
    assert all(words in said for words in (*says, "It was run as:", f"ffmpeg-{name} -nostdin")), said
    check_nothing_is_half_done(theatre, name)


@mounting
@pytest.mark.torture
def test_a_disk_that_is_full_leaves_no_half_span(theatre: Theatre) -> None:
    """The cache has room for 60 kB, and ffmpeg finds that out."""
    theatre.write("tight", TWO_SHOTS.replace("NAME", "tight"))
    spans = ".storyreel/sandbox/spans"
    (theatre.root / spans).mkdir(parents=True, exist_ok=True)
    done = suffering(theatre, small(spans, "60k"), "render", "tight")
    assert (done.returncode, "Traceback" in done.stderr) == (8, False), done.stderr
    assert "No space left on device" in done.stderr
    check_nothing_is_half_done(theatre, "tight")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.torture)])
def test_ctrl_c_in_the_middle_of_a_span_leaves_no_child(theatre: Theatre, number: signal.Signals) -> None:
    """ffmpeg is half done, with a child of its own: both are gone when the render is, and nothing is left behind."""
    name, real = f"stopped-{number.name.lower()}", find_ffmpeg(Settings())
    begun = theatre.root / f"begun-{name}"
    script = f'case "$*" in *libx264*) echo > {begun}; sleep 600 & wait;; *) exec {real} "$@";; esac'
    render = begin(theatre, name, an_ffmpeg(theatre, name, script))
    while not begun.exists():
        assert render.poll() is None
        time.sleep(0.02)
    render.send_signal(number)
    assert render.wait(20) == 130
    assert processes_of(render.pid) == []
    check_nothing_is_half_done(theatre, name)
