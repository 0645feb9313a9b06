"""`storyreel sandbox`: the vendor's API on this machine, in the foreground."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.sandbox import FaultScript


class Clips(StrEnum):
    painted = "painted"
    plain = "plain"


def command(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free one.")] = 0,
    state: Annotated[Path | None, typer.Option(metavar="DIR", help="Where it remembers; outlives a restart.")] = None,
    speed: Annotated[float, typer.Option(metavar="X", help="How fast its clock runs.")] = 60.0,
    credits_: Annotated[int, typer.Option("--credits", min=0, help="What a new key starts with.")] = 100_000,
    footage: Annotated[Path | None, typer.Option(metavar="DIR", help="Serve these clips instead of drawing.")] = None,
    seed: Annotated[int, typer.Option(help="Of generation times and pictures.")] = 0,
    clips: Annotated[Clips, typer.Option(help="plain: cheap ones, for batteries.")] = Clips.painted,
    clean: Annotated[bool, typer.Option("--clean", help="Hide the slate in the picture.")] = False,
    marks: Annotated[bool, typer.Option("--marks/--no-marks", help="The flash and tone that tests look for.")] = True,
    log_bodies: Annotated[bool, typer.Option("--log-bodies", help="Keep request bodies in requests.jsonl.")] = False,
    calls_per_hour: Annotated[int, typer.Option(metavar="N", min=1, help="Of a key; the hour runs by --speed.")] = 100,
    url_life: Annotated[float, typer.Option(metavar="S", min=0, help="Seconds that a videoUrl lives.")] = 1200.0,
    faults: Annotated[Path | None, typer.Option(metavar="FILE", help="What goes wrong, as YAML or JSON.")] = None,
    chaos: Annotated[float, typer.Option(metavar="P", min=0, max=1, help="Chance of a fault for each call.")] = 0.0,
    chaos_seed: Annotated[int, typer.Option(metavar="N", help="Equal seeds, equal faults.")] = 0,
) -> None:
    """Serve the vendor's API on 127.0.0.1 until Ctrl-C; prints {"url": …} when it is ready. Keys begin with sbx_."""
    from pipeline.errors import MachineError
    from pipeline.sandbox import SandboxConfig, SandboxError, run

    try:
        config = SandboxConfig(
            state_dir=state or _default_state_dir(),
            speed=speed,
            credits=credits_,
            seed=seed,
            footage_dir=footage,
            clips="plain" if clips is Clips.plain else "painted",
            clean=clean,
            marks=marks,
            log_bodies=log_bodies,
            calls_per_hour=calls_per_hour,
            url_life_s=url_life,
            faults=_script(faults, chaos, chaos_seed),
        )
    except ValueError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise MachineError(str(error)) from error
    try:
        run(config, port)
    except (SandboxError, ValueError, OSError) as error:
        raise MachineError(str(error)) from error


def _script(path: Path | None, chaos: float, seed: int) -> FaultScript | None:
    """What is to go wrong. Raises UsageError, or OSError for a file that cannot be read."""
    from pipeline.sandbox import FaultScript, read_script

    if path is not None and chaos:
        raise UsageError("--faults and --chaos exclude each other. Write `chance: 0.03` and `seed: 7` into the file.")
    if path is not None:
        try:
            return read_script(path)
        except ValueError as error:
            raise UsageError(str(error)) from error
    return FaultScript.random(chaos, seed) if chaos else None


def _default_state_dir() -> Path:
    from pipeline import settings
    from pipeline.project import World, current_folder, find_workspace

    return find_workspace(current_folder(), settings.read().home).store(World.SANDBOX).root / "standalone"
