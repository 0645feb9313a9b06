"""The command line: parse, call one function of `app`, print. Data goes to stdout, talk to stderr.

Every command is a module of this folder; heavy imports wait until a command runs.
"""

from __future__ import annotations

import sys
import traceback

import click
import typer

from pipeline.cli import check, doctor, plan, render, resolve, sandbox, status
from pipeline.errors import StoryreelError

app = typer.Typer(
    name="storyreel",
    help="From a storyboard template to a finished film: shots bought once, joined exactly.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for module in (check, plan, render, status, resolve, sandbox, doctor):
    app.command(module.__name__.rpartition(".")[2])(module.command)

INTERRUPTED = 130


def main() -> None:
    """Run a command; the exit code comes from the error's class."""
    sys.exit(_run())


def _run() -> int:
    try:
        status_code = app(standalone_mode=False)
    except StoryreelError as error:
        typer.echo(f"storyreel: {error}", err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        typer.echo("storyreel: stopped. Nothing is lost: run the same command again to go on.", err=True)
        return INTERRUPTED
    except Exception:
        traceback.print_exc()
        typer.echo("storyreel: this is a bug of ours, not of your storyboard. Nothing that was paid is lost.", err=True)
        return 1
    return status_code if isinstance(status_code, int) else 0
