"""However a command ends badly: one sentence, the exit code of its kind, and no key."""

from __future__ import annotations

import errno
import io

import pytest
import typer

from pipeline.cli.commands import guarded
from pipeline.cli.printing import ReaderGoneError
from pipeline.cli.progress import watching
from pipeline.errors import MoneyError
from pipeline.safe_text import keep_secret

KEY = "canary-key-of-the-endings"

ENDINGS = (
    (MoneyError("No credits."), 4, "storyreel: No credits."),
    (MoneyError("No\nstoryreel: all is paid"), 4, "storyreel: No\n  storyreel: all is paid"),
    (OSError(errno.ENOSPC, "No space left on device", "/x/y\x1b"), 8, "/x/y␛: No space left on device. Nothing"),
    (OSError(errno.EROFS, "Read-only file system"), 8, "storyreel: Read-only file system. Nothing"),
    (MemoryError(), 8, "no memory left"),
    (KeyboardInterrupt(), 130, "storyreel: stopped."),
    (typer.Abort(), 130, "storyreel: stopped."),
    (FileNotFoundError(errno.ENOENT, "No such file", "x"), 1, "a bug of ours"),
    (RuntimeError(f"Illegal header value b'Bearer {KEY}'"), 1, "Illegal header value b'Bearer [key]'"),
)


def ending_with(error: BaseException) -> None:
    """Run a command that raises it."""

    def command() -> None:
        raise error

    guarded(command)()


@pytest.mark.parametrize(("error", "code", "says"), ENDINGS)
def test_every_ending_has_its_sentence(
    error: BaseException, code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A traceback is shown of our own bugs alone."""
    keep_secret(KEY)
    with pytest.raises(typer.Exit) as left:
        ending_with(error)
    told = capsys.readouterr().err
    assert left.value.exit_code == code and says in told
    assert ("Traceback" in told) == (code == 1) and KEY not in told


def test_a_reader_that_has_seen_enough_is_no_trouble(capsys: pytest.CaptureFixture[str]) -> None:
    """Such as `head`."""
    ending_with(ReaderGoneError())
    assert capsys.readouterr().err == ""


class Screen(io.StringIO):
    """A terminal of memory; `is_closed` makes every write fail, as that of a closed window does."""

    is_closed = False

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self.is_closed:
            raise OSError(errno.EIO, "Input/output error")
        return super().write(text)


def test_a_note_is_shown_as_it_is_above_the_bars() -> None:
    """Its brackets are no markup, and nothing in it steers the terminal."""
    screen = Screen()
    with watching(screen) as watcher:
        watcher.note("[red]no :smile: paint[/red] \x1b]0;owned\x07 \u202e")
    assert "[red]no :smile: paint[/red] ␛]0;owned␇ ⟨U+202E⟩" in screen.getvalue()


def test_a_terminal_that_is_closed_ends_no_run() -> None:
    """What is said from then on is lost."""
    screen = Screen()
    with watching(screen) as watcher:
        screen.is_closed = True
        watcher.note("nobody hears this")
