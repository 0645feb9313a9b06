"""The vendor's API on this machine: an independent reading of the same contract, with real clips.

    with serve(SandboxConfig(state_dir=Path("state"))) as url: ...

`contract` reads calls, `desk` answers them, `vault` remembers, `studio` makes clips, `server` speaks HTTP. What goes
wrong on purpose: `faults` lists, `script` decides, `chance` draws, `wishes` hears, `mischief` and `reel` answer,
`line` cuts. Imports `pipeline.media` for its painter and nothing else of the house.
"""

from pipeline.sandbox.config import SandboxConfig, SandboxError
from pipeline.sandbox.faults import Rule
from pipeline.sandbox.script import FaultScript
from pipeline.sandbox.script_file import read_script
from pipeline.sandbox.server import create_app
from pipeline.sandbox.serving import run, serve

__all__ = ["FaultScript", "Rule", "SandboxConfig", "SandboxError", "create_app", "read_script", "run", "serve"]
