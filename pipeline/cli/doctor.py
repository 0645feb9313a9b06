"""`storyreel doctor`: is this machine fit?"""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.options import AsJson, BaseUrl
from pipeline.cli.printing import print_json, print_table

Live = Annotated[bool, typer.Option("--live", help="Try the vendor's address and your key, too: one call, no credits.")]


def command(live: Live = False, base_url: BaseUrl = None, as_json: AsJson = False) -> None:
    """Check what a render needs: ffmpeg, fonts, a store that can be written, free space; with --live the key."""
    from pipeline.doctor import examine, examine_vendor
    from pipeline.errors import MachineError

    findings = examine()
    if live or base_url:
        findings += examine_vendor(base_url)
    if as_json:
        print_json([{"what": each.what, "is_fine": each.is_fine, "says": each.says} for each in findings])
    else:
        rows = [(each.what, "ok" if each.is_fine else "NOT OK", each.says) for each in findings]
        print_table(("what", "", "says"), rows)
    if not all(each.is_fine for each in findings):
        raise MachineError("this is not fit yet; the lines marked NOT OK say what to do.")
