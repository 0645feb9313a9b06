"""Finds every syntax error of the templates of a film, each with its column, once it is known that there is one.

Jinja stops at the first error and knows lines alone. So each tag and each expression is read once more by itself, by
an environment whose line numbers know where in the text they stand. Jinja's wording is put into ours here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from jinja2 import TemplateSyntaxError
from jinja2.filters import FILTERS
from jinja2.lexer import TokenStream
from jinja2.tests import TESTS

from pipeline.compiler.catalogue import Code
from pipeline.compiler.environment import StoryEnvironment
from pipeline.compiler.findings import Findings, nearest
from pipeline.compiler.grammar import TAGS
from pipeline.compiler.keyboard import STRAIGHT
from pipeline.compiler.marks import KNOWN_TAGS, Mark, TagError, nest_marks, place_of
from pipeline.compiler.prelex import Prepared, Prose, prepare
from pipeline.compiler.sources import Sources
from pipeline.model.finding import Source

_LOADING: Final = frozenset({"extends", "from", "import", "include"})
_CONSTANT_NAME: Final = re.compile(r"""\s*(["'])(?P<name>[^"']+)\1""")
_NOT_ALONE: Final = {"else": ("{% if 1 %}", "{% endif %}"), "elif": ("{% if 1 %}", "{% endif %}")}
_OPENING: Final = re.compile(r"\{[{%#]")
_OPEN_QUOTE: Final = re.compile(
    rf"""(?: (?P<quoted>{STRAIGHT}) | [^"'] )*? (?P<quote>["']) [^"'\n]* (?: [%}}]\}} | \n | \Z )""",
    re.VERBOSE,
)
_CLOSERS: Final = {"{{": "}}", "{%": "%}", "{#": "#}"}


@dataclass(frozen=True, slots=True)
class _Error:
    """One syntax error, at an offset of its text; an offset of None is that of `line`."""

    code: Code
    offset: int | None
    line: int
    says: str
    advice: str


def report_syntax(sources: Sources, path: str, findings: Findings) -> None:
    """Add all syntax errors of the storyboard, of the template at `path`, and of what these load by name."""
    paths = [name for name in dict.fromkeys([sources.storyboard_path, path]) if name in sources.texts]
    environment = _Locating()
    for path in paths:  # grows on the way
        text = sources.texts[path]
        for error in _errors(text, path, environment):
            line, column = (error.line, None) if error.offset is None else place_of(text, error.offset)
            findings.add(error.code, Source(path=path, line=line, column=column), error.says, error.advice)
        loaded = (name for name in _loaded(text, path) if name in sources.texts)
        paths += [name for name in dict.fromkeys(loaded) if name not in paths]


def _loaded(text: str, path: str) -> Iterator[str]:
    """The paths under which a template that `text` names may be found."""
    for mark in nest_marks(text, path)[0]:
        if mark.name in _LOADING and (named := _CONSTANT_NAME.match(mark.rest)):
            yield from (named["name"], f"templates/{named['name']}")


def _errors(text: str, path: str, environment: _Locating) -> list[_Error]:
    whole = environment.error_of(text, path)
    if whole is None:
        return []
    marks, nesting = nest_marks(text, path)
    alone = [error for mark in marks if (error := _error_alone(mark, path, environment))]
    errors = [*_never_closed(text, marks), *alone]
    if not any(error.code is Code.UNKNOWN_TAG for error in errors):  # whose end would be said to close nothing
        errors += [_as_error(each, each.offset) for each in nesting]
    return errors or [whole]


def _error_alone(mark: Mark, path: str, environment: _Locating) -> _Error | None:
    """What is wrong with `mark` read by itself; an end alone is wrong, and so not read."""
    if mark.name.startswith("end") or mark.name == "raw" or mark.is_comment:
        return None
    before, after = _NOT_ALONE.get(mark.name, ("", f"{{% end{mark.name} %}}" if mark.is_enclosing else ""))
    error = environment.error_of(before + mark.text + after, path)
    if error is None:
        return None
    if quote := _OPEN_QUOTE.match(mark.text):
        return _open_quote(mark.start + quote.start("quote"))
    offset = 0 if error.offset is None else max(0, min(error.offset - len(before), len(mark.text) - 1))
    return replace(error, offset=mark.start + offset)


def _never_closed(text: str, marks: Sequence[Mark]) -> Iterator[_Error]:
    """The braces that open between the marks: were they closed, they would be marks."""
    offset = 0
    for start, stop in [*((mark.start, mark.stop) for mark in marks if mark.name != "raw"), (len(text), len(text))]:
        if found := _OPENING.search(text, offset, start):
            line_stop = text.find("\n", found.end())
            quote = _OPEN_QUOTE.match(text[found.end() : len(text) if line_stop < 0 else line_stop])
            if quote and found[0] != "{#":
                yield _open_quote(found.end() + quote.start("quote"))
            else:
                says, advice = f"this {found[0]} is never closed.", f"Write {_CLOSERS[found[0]]} where it ends."
                yield _Error(Code.NEVER_CLOSED, found.start(), 0, says, advice)
        offset = max(offset, stop)


def _open_quote(offset: int) -> _Error:
    return _Error(Code.TEMPLATE_SYNTAX, offset, 0, "this quote is never closed.", "Write the same quote where it ends.")


def _as_error(error: TemplateSyntaxError, offset: int | None) -> _Error:
    message = (error.message or "this cannot be read").rstrip(".")
    if isinstance(error, TagError):
        return _Error(error.code, offset, error.lineno, error.message or "", error.advice)
    for code, pattern, says, advise in _WORDING:
        found = re.fullmatch(pattern, message, re.IGNORECASE | re.DOTALL)
        if found:
            named = tuple(_NAMES_OF_TOKENS.get(part, f'"{part}"') for part in found.groups())
            advice = advise(found[1]) if callable(advise) else advise.format(*named)
            return _Error(code, offset, error.lineno, says.format(*named), advice)
    return _Error(Code.TEMPLATE_SYNTAX, offset, error.lineno, f"{message}.", "Check the quotes and brackets here.")


_NAMES_OF_TOKENS: Final = {
    "begin of print statement": '"{{"',
    "begin of statement block": '"{%"',
    "end of print statement": '"}}"',
    "end of statement block": '"%}"',
    "end of template": "the end of the file",
    "float": "a number",
    "integer": "a number",
    "name": "a name",
    "string": "a text in quotes",
}


def _known_tag(word: str) -> str:
    return nearest(word, KNOWN_TAGS, f"There are: {', '.join(TAGS)}, and those of Jinja.")


def _known_filter(word: str) -> str:
    return nearest(word, FILTERS, "Jinja's manual lists the filters.")


def _known_test(word: str) -> str:
    return nearest(word, TESTS, "Jinja's manual lists the tests.")


_WORDS_OUTSIDE: Final = "Words belong outside of the braces, or into quotes."
_WORDING: Final[Sequence[tuple[Code, str, str, str | Callable[[str], str]]]] = (
    # what the parser says; what we say, and advise, about what its groups have found
    (Code.ARGUMENT_TWICE, r'"(\w+)" is given twice', "{0} is given twice.", "Keep one of them."),
    (Code.ARGUMENT_SYNTAX, r'"(\w+)" has no value', "{0} has no value.", lambda word: f'Write one: {word}="…".'),
    (
        Code.ARGUMENT_SYNTAX,
        r'"(.+)" is not expected here; (.+)',
        "{0} is not expected here.",
        'Arguments are written as name="value".',
    ),
    (Code.ARGUMENT_SYNTAX, r"the id cannot be read here; .+", "the id cannot be read here.", "Write it in quotes."),
    (Code.ARGUMENT_SYNTAX, r"each is written as: .+", "this each breaks off.", "Write: each city in cities."),
    (Code.TEMPLATE_SYNTAX, r"Encountered unknown tag '(else|elif)'.*", "this {0} belongs to no if.", "Take it out."),
    (Code.UNKNOWN_TAG, r"Encountered unknown tag '(\w+)'.*", "there is no tag {0}.", _known_tag),
    (Code.UNKNOWN_FILTER, r"No filter named '(\w+)'", "there is no filter {0}.", _known_filter),
    (Code.UNKNOWN_FILTER, r"No test named '(\w+)'", "there is no test {0}.", _known_test),
    (Code.TEMPLATE_SYNTAX, r"tag name expected", "this tag has no name.", "Write one behind {{%."),
    (
        Code.TEMPLATE_SYNTAX,
        r"(?:unexpected|Expected an expression, got) 'end of print statement'",
        "a name or a value is missing here.",
        "Write one, or take the braces out.",
    ),
    (
        Code.TEMPLATE_SYNTAX,
        r"(?:unexpected|Expected an expression, got) 'end of statement block'",
        "this tag breaks off here.",
        "Write what is missing, or take the tag out.",
    ),
    (
        Code.TEMPLATE_SYNTAX,
        r"expected token 'end of (?:print statement|statement block)', got '(.+)'",
        "{0} is not expected here.",
        _WORDS_OUTSIDE,
    ),
    (Code.TEMPLATE_SYNTAX, r"expected token ',', got '(.+)'", "a comma or a bracket is missing before {0}.", "Add it."),
    (
        Code.TEMPLATE_SYNTAX,
        r"expected token '(.+)', got '(.+)'",
        "{1} stands where {0} is expected.",
        "Write {0} here.",
    ),
    (Code.TEMPLATE_SYNTAX, r"unexpected '(.+)', expected '(.+)'", "{1} is missing before this {0}.", "Write it first."),
    (
        Code.TEMPLATE_SYNTAX,
        r"unexpected '([]})])'",
        "this {0} closes nothing.",
        "Close the braces as they were opened.",
    ),
    (Code.TEMPLATE_SYNTAX, r"unexpected '(.+)'", "{0} is not expected here.", _WORDS_OUTSIDE),
    (Code.TEMPLATE_SYNTAX, r"""unexpected char '(["'])' at \d+""", "this quote is never closed.", "Close it."),
    (Code.TEMPLATE_SYNTAX, r"""unexpected char ['"](.+)['"] at \d+""", "{0} is not expected here.", _WORDS_OUTSIDE),
    (Code.TEMPLATE_SYNTAX, r"block '(.+)' defined twice", "there are two blocks called {0}.", "Rename one of them."),
    (Code.TEMPLATE_SYNTAX, r"can't assign to '(.+)'", "{0} cannot be given a value.", "Use another name."),
)


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

    def error_of(self, text: str, path: str) -> _Error | None:
        """What Jinja stops at in `text`; None if it reads it to its end."""
        self._prepared = None
        try:
            self.compile(text, name=path, filename=path, raw=True)
        except TagError as error:
            return _as_error(error, error.offset)
        except TemplateSyntaxError as error:
            is_placed = isinstance(error.lineno, _Line) and self._prepared
            return _as_error(error, self._prepared.origin(error.lineno.offset) if is_placed else None)
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
