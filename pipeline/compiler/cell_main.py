"""The program of a cell: imports the compiler, shuts itself in, then compiles one case after another.

It talks over descriptor 0, a socket to its keeper (`cell`), and ends when that is closed. What a case does wrong,
however wrong, is part of the verdict.
"""

from __future__ import annotations

import html  # noqa: F401 - Jinja's filters import these when they are used; then it is too late
import json
import os
import pprint  # noqa: F401
import signal
import sys
import textwrap  # noqa: F401
from functools import partial
from types import FrameType
from typing import Any, Final

from pipeline.compiler.catalogue import Code
from pipeline.compiler.cell_guard import BreachError, confine
from pipeline.compiler.cell_wire import MAX_BODY_BYTES, Case, Limits, Verdict, packed, received
from pipeline.compiler.compile import compile_into
from pipeline.compiler.findings import Findings
from pipeline.compiler.listing import list_series
from pipeline.compiler.places import place_in, place_of_error
from pipeline.compiler.sources import Sources
from pipeline.errors import StoryboardError
from pipeline.model.finding import Source

_CHANNEL: Final = 0
_GROWS: Final = "Look for a loop or a text that grows too large."


class _OutOfTimeError(BaseException):
    """Raised in the midst of a case; no `except Exception` on the way may hide it."""

    def __init__(self, place: Source | None) -> None:
        self.place = place


def main(limits: Limits) -> None:
    signal.signal(signal.SIGPROF, signal.SIG_IGN)
    for rehearsal in _REHEARSALS:  # what is imported late is imported now
        _answer(rehearsal, limits)
    confine(limits.memory_bytes)
    _send(packed({"is_ready": True}))
    while (body := received(partial(os.read, _CHANNEL))) is not None:
        _send(_answer(Case.from_plain(body), limits))


def _send(answer: bytes) -> None:
    left = memoryview(answer)
    while left:
        left = left[os.write(_CHANNEL, left) :]


def _answer(case: Case, limits: Limits) -> bytes:
    findings = Findings(case.sources)
    try:
        return _compiled(case, limits, findings)
    except _OutOfTimeError as error:  # once more, while the first was being answered
        signal.signal(signal.SIGPROF, signal.SIG_IGN)
        return _too_long(error, limits, findings)


def _compiled(case: Case, limits: Limits, findings: Findings) -> bytes:
    try:
        signal.signal(signal.SIGPROF, _stop_here)
        signal.setitimer(signal.ITIMER_PROF, limits.cpu_seconds, 0.2)  # again, should the first be swallowed
        answer = _packed(_verdict(case, findings))
        if len(answer) <= MAX_BODY_BYTES:
            return answer
        return _refused(
            findings, Code.TOO_MUCH, None, f"this film has more than {MAX_BODY_BYTES:,} characters.", _GROWS
        )
    except StoryboardError as error:
        return _packed(Verdict(findings=error.findings))
    except _OutOfTimeError as error:
        return _too_long(error, limits, findings)
    except MemoryError as error:
        place = place_of_error(error)
        return _refused(findings, Code.TOO_MUCH, place, "this takes more memory than a film may.", _GROWS)
    except BreachError as error:
        says = f'this reaches out of the storyboard ("{error}").'
        return _refused(findings, Code.FORBIDDEN, place_of_error(error), says, "Say it without.")
    except Exception as error:
        says = f"this is too much for the compiler ({_told(error)})."
        return _refused(findings, Code.TOO_MUCH, place_of_error(error), says, "Make the storyboard simpler.")
    finally:
        signal.signal(signal.SIGPROF, signal.SIG_IGN)
        signal.setitimer(signal.ITIMER_PROF, 0)


def _verdict(case: Case, findings: Findings) -> Verdict:
    if case.is_list:
        return Verdict(series=list_series(findings))
    compiled = compile_into(findings, case.variables)
    return Verdict(storyboard=compiled.storyboard, findings=compiled.warnings)


def _too_long(error: _OutOfTimeError, limits: Limits, findings: Findings) -> bytes:
    says = f"this takes longer than {limits.cpu_seconds:g} s."
    return _refused(findings, Code.TOO_MUCH, error.place, says, "Look for a loop that goes on too long.")


def _refused(findings: Findings, code: Code, place: Source | None, says: str, advice: str) -> bytes:
    """The verdict that ends with this, after all that was found before."""
    findings.add(code, place or Source(path=findings.sources.storyboard_path, line=1), says, advice)
    return _packed(Verdict(findings=findings.error().findings))


def _packed(verdict: Verdict) -> bytes:
    return packed(verdict.model_dump(mode="json"))


def _stop_here(_: int, frame: FrameType | None) -> None:
    raise _OutOfTimeError(place_in(frame))


def _told(error: Exception) -> str:
    """Which error, and where it was raised: for us, should it be ours."""
    step = error.__traceback__
    while step and step.tb_next:
        step = step.tb_next
    line = f", {step.tb_frame.f_code.co_name}:{step.tb_lineno}" if step else ""
    return f"{type(error).__name__}{line}"


def _rehearsal(name: str, text: str, episode: str = "", **texts: str) -> Case:
    whole = {"project.yaml": "", name: text, **{f"{file}.yaml": text for file, text in texts.items()}}
    return Case(sources=Sources(project="rehearsal", texts=whole, episode=episode), variables={})


_REHEARSALS: Final = (
    _rehearsal("storyboard.jinja", "{% scene s %}{% shot a %}A boat. {{ 'x'|upper }}{% endshot %}{% endscene %}"),
    _rehearsal("storyboard.jinja", "{% shot a each x in [1 2] %}{{ nobody }}{% endshot"),
    _rehearsal("storyboard.jinja", "{% shot a look=1 %}{{ 'x'.y }} {{ 1 / 0 }}{% endshot %}"),
    _rehearsal("storyboard.yaml", "items: [{kind: shot, id: a, prompt: A boat.}, {kind: b}]\nx: *y"),
    _rehearsal("storyboard.jinja", "{% shot a %}A boat.{% endshot %}", episode="s", series="episodes: [{id: s}]"),
)


if __name__ == "__main__":
    arguments: dict[str, Any] = json.loads(sys.argv[1])
    main(Limits(**arguments))
