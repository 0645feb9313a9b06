"""`storyreel explain`: what a rule means, with an example of what breaks it and of what keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import AsJson
from pipeline.cli.printing import print_json, print_table, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.compiler.catalogue import Code
    from pipeline.compiler.explanations import Explanation

RuleName = Annotated[str | None, typer.Argument(metavar="[CODE]", help="A code such as SB104; none lists them all.")]


def command(code: RuleName = None, as_json: AsJson = False) -> None:
    """Explain a finding by its code, with a wrong and a right example."""
    from pipeline.compiler.explanations import read_explanations
    from pipeline.shipped import findings_path

    rules = read_explanations(findings_path().read_text(encoding="utf-8"))
    chosen = rules if code is None else {named: rules[named] for named in [_named(code)]}
    if as_json:
        print_json([_plain(named, rule) for named, rule in chosen.items()])
    elif code is None:
        print_table(("code", "", "rule"), [(named, _kind(named), rule.title) for named, rule in rules.items()])
    else:
        for line in (line for named, rule in chosen.items() for line in _told(named, rule)):
            say(line)


def _named(code: str) -> Code:
    from pipeline.compiler.catalogue import Code
    from pipeline.compiler.findings import nearest
    from pipeline.errors import UsageError

    try:
        return Code(code.strip().upper())
    except ValueError:
        advice = nearest(code, list(Code), "storyreel explain lists them all.")
        raise UsageError(f'there is no rule "{code}". {advice}') from None


def _kind(code: Code) -> str:
    return code.severity.value if code.severity == "warning" else ""


def _told(code: Code, rule: Explanation) -> Iterator[str]:
    yield f"{code} {rule.title}" + (f" ({_kind(code)})" if _kind(code) else "")
    yield from ("", rule.why)
    for name, example in (("Wrong", rule.wrong), ("Right", rule.right)):
        if example:
            yield from ("", f"{name}:", "", *(f"    {line}".rstrip() for line in example.split("\n")))


def _plain(code: Code, rule: Explanation) -> Mapping[str, str]:
    return {"code": code, "severity": code.severity, **asdict(rule)}
