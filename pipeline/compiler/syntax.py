"""Finds every syntax error of the templates of a film, each with its column, once it is known that there is one.

Jinja stops at the first error and knows lines alone. So each tag and each expression is read once more by itself, by
an environment whose line numbers know where in the text they stand. Wording is in `phrases`, what can be told from the
text alone in `braces`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from jinja2 import TemplateSyntaxError
from jinja2.lexer import TokenStream

from pipeline.compiler.braces import SyntaxSlip, slip_in, slips_between, swallows
from pipeline.compiler.catalogue import Code
from pipeline.compiler.environment import StoryEnvironment
from pipeline.compiler.findings import Findings, nearest
from pipeline.compiler.grammar import NO_ENDS, TAGS, Head
from pipeline.compiler.marks import KNOWN_TAGS, Mark, TagError, nest_marks, place_of
from pipeline.compiler.mishaps import mishap_of
from pipeline.compiler.phrases import as_slip
from pipeline.compiler.prelex import Prepared, Prose, prepare
from pipeline.compiler.sources import Sources
from pipeline.model.finding import Source

_LOADING: Final = frozenset({"extends", "from", "import", "include"})
_CONSTANT_NAME: Final = re.compile(r"""\s*(["'])(?P<name>[^"']+)\1""")
_ELSE_IF: Final = re.compile(r"\s*if\s+(?P<condition>.*?)[-+\s]*\Z", re.DOTALL)
_MOST_MARKS: Final = 1_000  # that are read by themselves; nobody writes as many into one template
_NOT_ALONE: Final = {"else": ("{% if 1 %}", "{% endif %}"), "elif": ("{% if 1 %}", "{% endif %}")}


def report_syntax(sources: Sources, path: str, findings: Findings) -> None:
    """Add all syntax errors of the storyboard, of the template at `path`, and of what these load by name."""
    paths = [name for name in dict.fromkeys([sources.storyboard_path, path]) if name in sources.texts]
    environment = _Locating()
    for path in paths:  # grows on the way
        text = sources.texts[path]
        for slip in _slips(text, path, environment):
            line, column = (slip.line, None) if slip.offset is None else place_of(text, slip.offset)
            findings.add(slip.code, Source(path=path, line=line, column=column), slip.says, slip.advice)
        loaded = (name for name in _loaded(text, path) if name in sources.texts)
        paths += [name for name in dict.fromkeys(loaded) if name not in paths]


def _loaded(text: str, path: str) -> Iterator[str]:
    """The paths under which a template that `text` names may be found."""
    for mark in nest_marks(text, path)[0]:
        if mark.name in _LOADING and (named := _CONSTANT_NAME.match(mark.rest)):
            yield from (named["name"], f"templates/{named['name']}")


def _slips(text: str, path: str, environment: _Locating) -> list[SyntaxSlip]:
    whole = environment.slip_of(text, path)
    if whole is None:
        return []
    if whole.code is Code.TOO_MUCH:
        return [whole]
    marks, nesting = nest_marks(text, path)
    alone = {mark.start: slip for mark in marks[:_MOST_MARKS] if (slip := _slip_alone(mark, marks, path, environment))}
    slips = [*slips_between(text, marks), *alone.values()]
    is_known_what_closes = not any(slip.is_open or slip.code is Code.UNKNOWN_TAG for slip in slips)
    if is_known_what_closes and not any(map(swallows, marks)):
        slips += [as_slip(each, None) for each in nesting if each.offset not in alone]
    return slips or [whole]


def _slip_alone(mark: Mark, marks: Sequence[Mark], path: str, environment: _Locating) -> SyntaxSlip | None:
    """What is wrong with `mark` read by itself."""
    if mark.name == "raw" or mark.is_comment:
        return None
    if mark.name.startswith("end"):
        return _slip_in_end(mark, marks)
    if mark.name == "else" and (meant := _ELSE_IF.match(mark.rest)):
        advice = f"Write {{% elif {meant['condition']} %}}."
        return SyntaxSlip(Code.TEMPLATE_SYNTAX, mark.start, "else if is one word here.", advice)
    before, after = _NOT_ALONE.get(mark.name, ("", f"{{% end{mark.name} %}}" if mark.is_enclosing else ""))
    slip = environment.slip_of(before + mark.text + after, path)
    if slip is None:
        return None
    if told := slip_in(mark):
        return told
    offset = 0 if slip.offset is None else max(0, min(slip.offset - len(before), len(mark.text) - 1))
    return replace(slip, offset=mark.start + offset)


def _slip_in_end(mark: Mark, marks: Sequence[Mark]) -> SyntaxSlip | None:
    """An end tag alone would be wrong, so it is not read by itself."""
    if swallows(mark):
        return slip_in(mark)
    name = mark.name.removeprefix("end")
    if mark.name in NO_ENDS:
        alone = " ".join([name, '"…"', *(f'{word}="…"' for word in TAGS[name].needs if TAGS[name].head is Head.ID)])
        advice = f"Write {{% {alone} %}}, and take this out."
        return SyntaxSlip(Code.UNKNOWN_TAG, mark.start, f"{{% {name} %}} has no end.", advice)
    if name in TAGS and (rest := mark.rest.strip().strip("-+").strip()):
        place = mark.name_stop + len(mark.rest) - len(mark.rest.lstrip())
        says, advice = f"{{% {mark.name} %}} stands alone.", f"Take {rest} out."
        return SyntaxSlip(Code.TEMPLATE_SYNTAX, place, says, advice)
    if name in KNOWN_TAGS or any(other.name == name for other in marks):  # the latter is said of its beginning
        return None
    ends = {f"end{other.name}" for other in marks if other.is_enclosing}
    meant = f"end{mark.rest.strip()}"
    advice = f'Did you mean "{meant}"?' if meant in ends else nearest(mark.name, ends, "Take it out.")
    place = mark.start + mark.text.index(mark.name)
    return SyntaxSlip(Code.UNKNOWN_TAG, place, f'there is no tag "{mark.name}".', advice)


class _Line(int):
    """A line number that knows the offset of what stands there."""

    offset: int


def _line(number: int, offset: int) -> _Line:
    line = _Line(number)
    line.offset = offset
    return line


class _Deaf:
    """Listens to a template that is not run."""

    def prose(self, path: str, found: Sequence[Prose]) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        return None


class _Locating(StoryEnvironment):
    """Compiles templates, and gives every token the offset at which it was written."""

    def __init__(self) -> None:
        super().__init__({}, {}, _Deaf(), _Deaf())
        self._prepared: Prepared | None = None

    def slip_of(self, text: str, path: str) -> SyntaxSlip | None:
        """What Jinja stops at in `text`; None if it reads it to its end."""
        self._prepared = None
        try:
            self.compile(text, name=path, filename=path, raw=True)
        except TagError as error:
            return as_slip(error, error.offset)
        except TemplateSyntaxError as error:
            is_placed = isinstance(error.lineno, _Line) and self._prepared
            return as_slip(error, self._prepared.origin(error.lineno.offset) if is_placed else None)
        except RecursionError as error:
            code, says, advice = mishap_of(error)
            return SyntaxSlip(code, 0, says, advice)
        return None

    def _tokenize(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> TokenStream:
        self._prepared = prepare(source, filename or "")
        text = self._prepared.text
        tokens = _located(self.lexer.tokeniter(text, name, filename, state), text)
        return TokenStream(self.lexer.wrap(tokens, name, filename), name, filename)


def _located(tokens: Iterable[tuple[int, str, str]], text: str) -> Iterator[tuple[int, str, str]]:
    at = 0
    try:
        for line, kind, words in tokens:
            at = text.find(words, at)  # behind white space that a "-" has taken
            yield _line(line, at), kind, words
            at += len(words)
    except TemplateSyntaxError as error:
        if not isinstance(error.lineno, _Line):
            error.lineno = _line(error.lineno, at + len(text[at:]) - len(text[at:].lstrip()))
        raise
