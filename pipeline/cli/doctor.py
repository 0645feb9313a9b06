"""`storyreel doctor`: is this machine fit?"""

from __future__ import annotations

from pipeline.cli.options import AsJson
from pipeline.cli.printing import print_json, print_table


def command(as_json: AsJson = False) -> None:
    """Check what a render needs of this machine: ffmpeg, fonts, a store that can be written, free space."""
    from pipeline.doctor import examine
    from pipeline.errors import MachineError

    findings = examine()
    if as_json:
        print_json([{"what": each.what, "is_fine": each.is_fine, "says": each.says} for each in findings])
    else:
        print_table(
            ("what", "", "says"), [(each.what, "ok" if each.is_fine else "NOT OK", each.says) for each in findings]
        )
    if not all(each.is_fine for each in findings):
        raise MachineError("this machine is not fit yet; the lines marked NOT OK say what to do.")
