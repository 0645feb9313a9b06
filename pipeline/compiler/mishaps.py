"""What may go wrong while a template is evaluated, and how it is said: a table from exceptions to sentences."""

from __future__ import annotations

import re
from typing import Final

from jinja2.exceptions import SecurityError

from pipeline.compiler.bounds import TooMuchError
from pipeline.compiler.catalogue import Code
from pipeline.compiler.phrases import filter_advice, test_advice
from pipeline.compiler.places import place_of_error

_CHECK: Final = "Check the values it is given."
_MANUAL: Final = "Look at the line where it is defined, or into Jinja's manual."
_UNKNOWN: Final = re.compile(r"No (filter|test) named '(\w+)' found")
_PHRASES: Final = (
    # what Python or Jinja says; what we say and advise about its groups
    (r"'\w+' object is not callable", "what stands before the () is no macro.", "Leave the () out."),
    (
        r"can only concatenate .+|unsupported operand type\(s\) for \+: .+",
        "these two cannot be added.",
        "Write ~ instead of +.",
    ),
    (r"unsupported operand type\(s\) for (\S+): .+", "this is no number, so there is no {0}.", _CHECK),
    (r"'[<>]=?' not supported between .+", "these two cannot be compared.", _CHECK),
    (
        r".*division by zero|.*modulo by zero",
        "this divides by zero.",
        "Write another number.",
    ),
    (
        r"macro '(\w+)' was invoked with two values for the special caller.*",
        "the macro that is called here has no place for what stands in the call.",
        "Write {{ caller() }} into the macro, where it is to stand.",
    ),
    (r"macro '(\w+)' takes no keyword argument '(\w+)'", 'the macro {0} takes no "{1}".', _MANUAL),
    (r"macro '(\w+)' takes not more than (\d+) argument.*", "the macro {0} takes {1} values at most.", _MANUAL),
    (r".*(?:positional|keyword) argument.*", "a filter or a test is given what it does not take.", _MANUAL),
    (r"cannot unpack .+|.*values to unpack.*", "there are not as many values as names.", _CHECK),
    (r"not (?:all|enough) arguments .+", "the format has not as many places as values.", _CHECK),
    (r"'(\w+)' object is not iterable", "this is no list, so it cannot be gone through.", "Write a list: [a, b]."),
)


def hinted(hint: str, name: str) -> tuple[Code, str, str]:
    """What Jinja hints at about `name`, which is missing: the rule, what is wrong, and what to do."""
    if "unsafe" in hint:
        return Code.FORBIDDEN, f'a template may not look at "{name}".', "Say it without."
    if re.fullmatch(r"parameter '\w+' was not provided", hint):
        return Code.CANNOT_EVALUATE, f'the macro that is called here needs "{name}".', f'Give it one: {name}="…".'
    if exported := re.match(r"the template '(.+?)' .*does not export", hint):
        return Code.UNKNOWN_PART, f'there is no "{name}" in "{exported[1]}".', "Look there what its macros are called."
    return Code.UNKNOWN_NAME, f"{hint.rstrip('.')}.", "Check the name, and what is imported."


def mishap_of(error: BaseException) -> tuple[Code, str, str]:
    """The rule that `error` is about, what is wrong, and what to do."""
    clause = " ".join(str(error).split()).rstrip(".") or type(error).__name__
    if isinstance(error, RecursionError) and place_of_error(error) is None:  # it was read, not run
        return Code.TOO_MUCH, "brackets and signs stand too deep in one another here.", "Say it in several steps."
    if isinstance(error, RecursionError):
        advice = "Look for a macro or a template that comes back to itself."
        return Code.WITHOUT_END, "this calls itself without end.", advice
    if isinstance(error, TooMuchError):
        return Code.TOO_MUCH, f"this is too much: {clause}.", "Make it shorter: a prompt is some hundred words."
    if isinstance(error, MemoryError):
        advice = "Look for a loop or a text that grows too large."
        return Code.TOO_MUCH, "this takes more memory than a film may.", advice
    if isinstance(error, SecurityError):
        return Code.FORBIDDEN, f"a template may not do this: {clause}.", "Say it without."
    if unknown := _UNKNOWN.fullmatch(clause):
        kind, name = unknown.groups()
        advice = filter_advice(name) if kind == "filter" else test_advice(name)
        return Code.UNKNOWN_FILTER, f'there is no {kind} "{name}".', advice
    for pattern, says, advice in _PHRASES:
        if found := re.fullmatch(pattern, clause):
            return Code.CANNOT_EVALUATE, says.format(*found.groups()), advice
    return Code.CANNOT_EVALUATE, f"this cannot be evaluated: {clause}.", _CHECK
