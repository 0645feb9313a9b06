"""What is wrong with a file that cannot be read as YAML or JSON: the parser's words put into those of a writer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ruamel.yaml.error import MarkedYAMLError

from pipeline.compiler.examples import EXAMPLES


@dataclass(frozen=True, slots=True)
class YamlSlip:
    """One mistake; line and column from 1."""

    line: int
    column: int
    says: str
    advice: str


def explained(error: MarkedYAMLError, text: str) -> YamlSlip:
    """What `error` means; in the parser's words, if nobody has found better ones yet."""
    problem, context = error.problem or "", error.context or ""
    mark, opener = error.problem_mark or error.context_mark, error.context_mark
    if opener and "quoted scalar" in context and "end of stream" in problem:
        return _at(opener, "this quote is never closed.", "Write the same quote where the text ends.")
    if opener and (flow := re.match(r"expected ',' or '([]}])', but got '(.+)'", problem)):
        return _open_bracket(error, text, closer=flow[1], got=flow[2])
    if problem.startswith("sequence entries are not allowed"):
        return _list_behind_a_key(error, text)
    if problem.startswith("mapping values are not allowed"):
        return _second_colon(error, text)
    if opener and "could not find expected ':'" in problem:
        if slip := _not_quite(text, _place(opener)[0]):
            return slip
        return _at(
            opener, "this line has no colon.", "Write name: value; a text of several lines begins with a | above it."
        )
    if problem.startswith("expected <block end>"):
        return _behind(error, text)
    if "'<stream end>'" in problem and (opened := _last_open(text)):
        return opened
    for pattern, says, advice in _WORDING:
        if found := re.match(pattern, problem):
            return _at(mark, says.format(*found.groups()), advice.format(*found.groups()))
    return _at(mark, f"this cannot be read: {problem or context}.", "Check the indentation and the quotes here.")


_WORDING: Final = (
    (r"found character '\\t'", "a tab stands where spaces belong.", "Indent with spaces."),
    (r"found character '(.)'", 'a value cannot begin with "{0}".', "Put quotes around it."),
    (r"found unknown escape character '(.)'", '"\\{0}" means nothing in double quotes.', "Use single quotes instead."),
    (r"expected the node content, but found '([]}}])'", 'this "{0}" closes nothing.', "Take it out."),
    (
        r"expected the node content, but found ','",
        "a value is missing before this comma.",
        "Write it, or take one out.",
    ),
)
"""What the parser's problem begins with; what we say and advise."""


def _at(mark: object, says: str, advice: str) -> YamlSlip:
    line, column = _place(mark)
    return YamlSlip(line, column, says, advice)


def _place(mark: object) -> tuple[int, int]:
    return int(getattr(mark, "line", 0)) + 1, int(getattr(mark, "column", 0)) + 1


def _line_of(text: str, mark: object) -> str:
    lines = text.split("\n")
    line, _ = _place(mark)
    return lines[line - 1] if line <= len(lines) else ""


def _open_bracket(error: MarkedYAMLError, text: str, *, closer: str, got: str) -> YamlSlip:
    """A list or a mapping in brackets goes on where it should not: it is not closed, or a comma is missing."""
    opener = {"]": "[", "}": "{"}[closer]
    goes_on = _place(error.problem_mark)[0] != _place(error.context_mark)[0]
    if goes_on or got == "<stream end>":
        return _at(error.context_mark, f'this "{opener}" is not closed.', f'Write "{closer}" where it ends.')
    if got == ":" and (slip := _two_entries(text, error.problem_mark)):
        return slip
    advice = 'Write it; a quote inside of quotes is written \\".' if got == "<scalar>" else "Write it."
    return _at(error.problem_mark, f'a comma or a "{closer}" is missing here.', advice)


def _two_entries(text: str, colon: object) -> YamlSlip | None:
    """Before this colon stands the value of one entry and the key of the next, without a comma between them."""
    (line, column), written = _place(colon), _line_of(text, colon)
    found = re.search(r"([^\s,{\[]+) +([\w-]+) *$", written[: column - 1])
    if not found:
        return None
    value = re.match(r":\s*([^,}\]]*)", written[column - 1 :])
    advice = f"Write {found[1]}, {found[2]}: {value[1].strip() if value else '…'}."
    return YamlSlip(line, found.start(2) + 1, f'a comma is missing before "{found[2]}".', advice)


def _list_behind_a_key(error: MarkedYAMLError, text: str) -> YamlSlip:
    """`cities: - Lisbon`: in the line of its key, a list is written in brackets."""
    line, column = _place(error.problem_mark)
    key = re.search(r"([\w-]+) *: *$", _line_of(text, error.problem_mark)[: column - 1])
    name = key[1] if key else ""
    if name in EXAMPLES:
        return YamlSlip(line, column, f'"{name}" holds names and values, not a list.', EXAMPLES[name])
    advice = f"Write {name}: [a, b]." if name else "Begin it in the next line, or write [a, b]."
    return YamlSlip(line, column, "a list cannot begin here.", advice)


def _last_open(text: str) -> YamlSlip | None:
    """The bracket behind which the file ends."""
    offset = max(text.rfind("["), text.rfind("{"))
    if offset < 0:
        return None
    closer = {"[": "]", "{": "}"}[text[offset]]
    line, column = text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
    return YamlSlip(line, column, f'this "{text[offset]}" is not closed.', f'Write "{closer}" where it ends.')


def _second_colon(error: MarkedYAMLError, text: str) -> YamlSlip:
    line, column = _place(error.problem_mark)
    written = _line_of(text, error.problem_mark)
    if ": " in written[: column - 1]:
        return YamlSlip(
            line, column, "a second colon stands in this line.", "Put quotes around the text that holds it."
        )
    if slip := _not_quite(text, line):
        return slip
    indentation = len(written) - len(written.lstrip())
    says = "this line is indented as if it belonged to the text above it."
    return YamlSlip(line, indentation + 1, says, "Begin it in the column of its neighbours.")


def _open_before(text: str, line: int, before: str) -> YamlSlip | None:
    """The quote of an earlier line that the last one in `before` has closed."""
    quote = before.rstrip()[-1:]
    if quote not in ("'", '"') or before.count(quote) % 2 == 0:
        return None
    above = text.split("\n")[: line - 1]
    number = next((n for n in range(len(above), 0, -1) if above[n - 1].count(quote) % 2), 0)
    column = above[number - 1].rfind(quote) + 1 if number else 0
    advice = "Write the same quote where the text ends."
    return YamlSlip(number, column, "this quote is never closed.", advice) if number else None


def _not_quite(text: str, line: int) -> YamlSlip | None:
    """A sign in `line`, or in the one above it, that looks like one of YAML's."""
    lines = text.split("\n")[:line]
    if dash := re.match(r"( *)-\w", lines[-1]):
        return YamlSlip(line, len(dash[1]) + 1, "a space is missing behind this dash.", "Write - name: value.")
    for number in range(line, max(line - 2, 0), -1):
        if wide := re.match(r"([ -]*[\w-]+) *：", lines[number - 1]):
            advice = "Write a plain one with a space behind it: name: value."
            return YamlSlip(number, len(wide[0]), "this colon is a full-width one.", advice)
    return None


def _behind(error: MarkedYAMLError, text: str) -> YamlSlip:
    """Something stands where an entry should have ended."""
    line, column = _place(error.problem_mark)
    before = _line_of(text, error.problem_mark)[: column - 1]
    found = re.search(r"found '(.+)'", error.problem or "")
    if found and found[1] in "]}":
        return YamlSlip(line, column, f'this "{found[1]}" closes nothing.', "Take it out.")
    if opened := _open_before(text, line, before):
        return opened
    if before.strip():
        advice = 'Put all of it into double quotes, and write one that is meant inside of them as \\".'
        if text_before := re.search(r"'([^'\"]*)'$", before.rstrip()):
            rest = _line_of(text, error.problem_mark)[column - 1 :].rstrip().removesuffix("'")
            advice = f'Put it into double quotes: "{text_before[1]}\'{rest}".'
        return YamlSlip(line, column, "the text ends at the quote before this.", advice)
    if slip := _not_quite(text, line):
        return slip
    says = "this line is not indented as its neighbours are."
    return YamlSlip(line, column, says, "Let the entries of one level begin in one column.")
