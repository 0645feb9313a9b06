"""All commands in one program; every way in which one may end badly has its sentence and its exit code here.

Heavy imports wait until a command runs.
"""

from __future__ import annotations

import errno
import functools
import traceback
from collections.abc import Callable
from typing import Any, Final, NoReturn

import typer

from pipeline import settings
from pipeline.cli import (
    check,
    circle,
    clean,
    convert,
    doctor,
    explain,
    init,
    language,
    plan,
    preview,
    publish,
    render,
    resolve,
    retake,
    sandbox,
    schema,
    seams,
    series,
    status,
    takes,
)
from pipeline.cli.options import Command
from pipeline.cli.printing import ReaderGoneError, counted, print_findings, print_styled, say
from pipeline.errors import MachineError, StoppedError, StoryboardError, StoryreelError
from pipeline.safe_text import safe_text

OUR_BUG: Final = 1

MACHINE_TROUBLE: Final = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EMFILE, errno.ENFILE}
)
"""What the system says when it is not our bug, wherever we meet it."""


def guarded(command: Callable[..., None]) -> Callable[..., None]:
    """`command`, where every way to end badly has its sentence and its exit code.

    The environment is read first, whatever the command: what is secret in it is out of it before anything is started.
    """

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> None:
        try:
            settings.read()
            command(*args, **options)
        except StoryboardError as error:
            print_findings(error.findings)
            _leave(error.exit_code, _counted(error))
        except StoryreelError as error:
            _leave(error.exit_code, str(error))
        except ReaderGoneError:  # such as `head`: has seen enough
            pass
        except typer.Exit:  # all is said
            raise
        except (KeyboardInterrupt, typer.Abort):
            _leave(StoppedError.exit_code, str(StoppedError()))
        except (OSError, MemoryError) as error:
            if isinstance(error, OSError) and error.errno not in MACHINE_TROUBLE:
                _leave_by_a_bug()
            _leave(MachineError.exit_code, _of_the_machine(error))
        except Exception:
            _leave_by_a_bug()

    return run


def _of_the_machine(error: OSError | MemoryError) -> str:
    if isinstance(error, MemoryError):
        return "this machine has no memory left. Nothing that was paid is lost: make room and run again."
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror}. Nothing that was paid is lost; storyreel doctor looks at disk and permissions."


def _leave_by_a_bug() -> NoReturn:
    print_styled(safe_text(traceback.format_exc()), err=True)
    _leave(OUR_BUG, "this is a bug of ours, not of your storyboard. Nothing that was paid is lost.")


def _counted(error: StoryboardError) -> str:
    count, code = len(error.findings), error.findings[0].code
    which = "it" if count == 1 else "the first"
    return f"{counted(count, 'finding')}. storyreel explain {code} says more about {which}."


def _leave(exit_code: int, sentence: str) -> NoReturn:
    say(f"storyreel: {sentence}", err=True)
    raise typer.Exit(exit_code)


app = typer.Typer(
    name="storyreel",
    help="From a storyboard template to a finished film: shots bought once, joined exactly.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
COMMANDS: Final = (
    *(init, language, check, explain, plan, preview, publish, render),
    *(status, takes, seams, retake, circle, resolve, sandbox, doctor, clean, convert, schema),
)
for module in COMMANDS:
    app.command(module.__name__.rpartition(".")[2], cls=Command)(guarded(module.command))

of_series = typer.Typer(help="Make many films from one project: series.yaml or variants.", no_args_is_help=True)
for command in series.COMMANDS:
    of_series.command(command.__name__, cls=Command)(guarded(command))
app.add_typer(of_series, name="series", rich_help_panel=None)
