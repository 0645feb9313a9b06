"""The command line: parse, call one function of `app`, print. Data goes to stdout, talk to stderr.

Every command is a module of this folder; heavy imports wait until a command runs.
"""

from __future__ import annotations

import functools
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any, Final

import typer

from pipeline.cli import (
    check,
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
    sandbox,
    schema,
    status,
)
from pipeline.cli.options import Command
from pipeline.cli.printing import counted
from pipeline.errors import StoppedError, StoryboardError, StoryreelError

OUR_BUG: Final = 1


def guarded(command: Callable[..., None]) -> Callable[..., None]:
    """`command`, where every way to end badly has its sentence and its exit code."""

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> None:
        try:
            command(*args, **options)
        except StoryboardError as error:
            typer.echo(str(error), err=True)
            _leave(error.exit_code, _counted(error))
        except StoryreelError as error:
            _leave(error.exit_code, str(error))
        except BrokenPipeError:  # whoever reads along, such as `head`, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except KeyboardInterrupt:
            _leave(StoppedError.exit_code, str(StoppedError()))
        except Exception:
            traceback.print_exc()
            _leave(OUR_BUG, "this is a bug of ours, not of your storyboard. Nothing that was paid is lost.")

    return run


def _counted(error: StoryboardError) -> str:
    count, code = len(error.findings), error.findings[0].code
    which = "it" if count == 1 else "the first"
    return f"{counted(count, 'finding')}. storyreel explain {code} says more about {which}."


def _leave(exit_code: int, sentence: str) -> None:
    from pipeline.review.words import show_harmless

    typer.echo(f"storyreel: {show_harmless(sentence)}", err=True)
    raise typer.Exit(exit_code)


main = typer.Typer(
    name="storyreel",
    help="From a storyboard template to a finished film: shots bought once, joined exactly.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
COMMANDS: Final = (
    *(init, language, check, explain, plan, preview, publish, render),
    *(status, resolve, sandbox, doctor, convert, schema),
)
for module in COMMANDS:
    main.command(module.__name__.rpartition(".")[2], cls=Command)(guarded(module.command))
