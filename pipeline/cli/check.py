"""`storyreel check`: compile a storyboard, look at its files, and say what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.cli.options import AsJson, ProjectName, Var
from pipeline.cli.printing import counted, print_findings, print_json, say

if TYPE_CHECKING:
    from pipeline.model.finding import Finding


def command(project: ProjectName, var: Var = None, as_json: AsJson = False) -> None:
    """Compile the storyboard and list what is wrong with it; sends nothing."""
    from pipeline.app.compiling import check_project
    from pipeline.cli.options import assignment_of
    from pipeline.errors import StoryboardError
    from pipeline.safe_text import safe_line
    from pipeline.shoot.policy import CREDITS_A_SHOT

    try:
        compiled = check_project(assignment_of(project, var=var))
    except StoryboardError as error:
        if as_json:
            _print_as_json(error.findings)
        raise
    if as_json:
        _print_as_json(compiled.warnings)
        return
    print_findings(compiled.warnings)
    storyboard = compiled.storyboard
    found = counted(len(compiled.warnings), "warning") if compiled.warnings else "No findings"
    shots, clips = counted(len(storyboard.shots), "shot"), counted(len(storyboard.items), "clip")
    credits_anew = len(storyboard.shots) * CREDITS_A_SHOT[storyboard.resolution]
    price = f"{credits_anew} credits if all of it is new"
    say(f"{safe_line(storyboard.title)}: {shots}, {clips}, {price}. {found}.", err=True)


def _print_as_json(findings: Sequence[Finding]) -> None:
    print_json({"findings": [finding.model_dump(mode="json") for finding in findings]})
