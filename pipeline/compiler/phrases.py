"""What Jinja's parser says, put into the words of people who write storyboards."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from jinja2 import TemplateSyntaxError
from jinja2.filters import FILTERS
from jinja2.tests import TESTS

from pipeline.compiler.braces import SyntaxSlip
from pipeline.compiler.catalogue import Code
from pipeline.compiler.findings import nearest
from pipeline.compiler.grammar import TAGS
from pipeline.compiler.marks import KNOWN_TAGS, TagError

_Advice: TypeAlias = str | Callable[[str], str]

_TOKENS: Final = {
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
_CALLED_ELSEWHERE: Final = {
    **dict.fromkeys(("audio", "sound", "track"), "music"),
    **dict.fromkeys(("clip", "video"), "footage"),
    **dict.fromkeys(("dialog", "dialogue", "line", "speak", "voice"), "say"),
    **dict.fromkeys(("elseif", "elsif"), "elif"),
    **dict.fromkeys(("foreach", "loop"), "for"),
    **dict.fromkeys(("subtitle", "subtitles"), "caption"),
    **dict.fromkeys(("text", "heading"), "title"),
    **dict.fromkeys(("voiceover", "narrator"), "narration"),
    "let": "set",
    "watermark": "logo",
}
"""What other tools call our tags and Jinja's."""


_TRUTHS: Final = {**dict.fromkeys(("no", "off"), "false"), **dict.fromkeys(("yes", "on"), "true")}
"""What conditions are called that are no names here."""

_UNITS: Final = frozenset({"dB", "db", "f", "mm", "ms", "px", "s", "sec"})


def tag_advice(word: str) -> str:
    """Which tag may be meant by `word`."""
    meant = _CALLED_ELSEWHERE.get(word.lower())
    if meant:
        return f'Did you mean "{meant}"?'
    return nearest(word, KNOWN_TAGS, f"There are: {', '.join(TAGS)}, and those of Jinja.")


def _argument_advice(word: str) -> str:
    if word in _UNITS:
        return 'Put the whole value into quotes: "3s", "-6dB".'
    if word == "for":
        return 'A length is written for="3s"; to go through a list: each city in cities.'
    if any(word in tag.takes for tag in TAGS.values()):
        return f'Write = and a value behind it: {word}="…".'
    advice = 'One text in quotes stands first, all else is written as name="value".'
    is_speech = " " in word
    return f"{advice} What is said stands between {{% say … %}} and {{% endsay %}}." if is_speech else advice


def filter_advice(word: str) -> str:
    if word == "random":
        return "A film is the same each time it is read; choose the value yourself."
    return nearest(word, FILTERS, "Jinja's manual lists the filters.")


def test_advice(word: str) -> str:
    return nearest(word, TESTS, "Jinja's manual lists the tests.")


def _block_advice(word: str) -> str:
    return "To compare, write ==." if word == "=" else "Take it out, or put it into quotes."


def _char_advice(letter: str) -> str:
    return "Names are written without it: {{ hero }}." if letter == "$" else _WORDS_OUTSIDE


_WORDS_OUTSIDE: Final = "Words belong outside of the braces, or into quotes."
_IN_BRACKETS: Final = "Several stand in brackets: [a, b]."
_PHRASES: Final[Sequence[tuple[Code, str, str, _Advice]]] = (
    # what the parser says; what we say, and advise, about what its groups have found
    (Code.ARGUMENT_TWICE, r'"(\w+)" is given twice', "{0} is given twice.", "Keep one of them."),
    (Code.ARGUMENT_SYNTAX, r'"when" has no value', "when has no condition.", 'Write one: when mood == "calm".'),
    (Code.ARGUMENT_SYNTAX, r'"(\w+)" has no value', "{0} has no value.", lambda word: f'Write one: {word}="…".'),
    (Code.ARGUMENT_SYNTAX, r'"(=)" compares nothing', "{0} is not expected here.", "To compare, write ==."),
    (
        Code.ARGUMENT_SYNTAX,
        r'the condition "(.*)" always holds',
        "this condition is words in quotes, which always hold.",
        lambda words: f"Take the quotes away: when {_TRUTHS.get(words.strip().lower(), words)}.",
    ),
    (Code.ARGUMENT_SYNTAX, r'"(.+)" is not expected here; .+', "{0} is not expected here.", _argument_advice),
    (Code.ARGUMENT_SYNTAX, r'"(.+)" is one value too many; .+', "{0} is one value too many.", _IN_BRACKETS),
    (Code.ARGUMENT_SYNTAX, r'a comma is missing before "(.+)"', "a comma is missing before {0}.", "Add it."),
    (Code.ARGUMENT_SYNTAX, r"the id cannot be read here; .+", "the id cannot be read here.", "Write it in quotes."),
    (
        Code.ARGUMENT_SYNTAX,
        r'"(.+)" stands for "in"',
        '{0} stands where "in" belongs.',
        "Write: each city in cities.",
    ),
    (Code.ARGUMENT_SYNTAX, r"each is written as: .+", "this each breaks off.", "Write: each city in cities."),
    (Code.TEMPLATE_SYNTAX, r"Encountered unknown tag '(else|elif)'.*", "this {0} belongs to no if.", "Take it out."),
    (Code.UNKNOWN_TAG, r"Encountered unknown tag '(\w+)'.*", "there is no tag {0}.", tag_advice),
    (Code.UNKNOWN_FILTER, r"No filter named '(\w+)'", "there is no filter {0}.", filter_advice),
    (Code.UNKNOWN_FILTER, r"No test named '(\w+)'", "there is no test {0}.", test_advice),
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
        r"expected token 'end of print statement', got '(.+)'",
        "{0} is not expected here.",
        _WORDS_OUTSIDE,
    ),
    (
        Code.TEMPLATE_SYNTAX,
        r"expected token 'end of statement block', got '(.+)'",
        "{0} is not expected here.",
        _block_advice,
    ),
    (
        Code.TEMPLATE_SYNTAX,
        r"expected token 'as', got 'end of statement block'",
        "this import has no name.",
        'Write {{% import "camera.jinja" as camera %}}.',
    ),
    (Code.TEMPLATE_SYNTAX, r"expected token ',', got '(.+)'", "a comma or a bracket is missing before {0}.", "Add it."),
    (
        Code.TEMPLATE_SYNTAX,
        r"expected token '(.+)', got '(.+)'",
        "{1} stands where {0} is expected.",
        "Write {0} here.",
    ),
    (Code.TEMPLATE_SYNTAX, r"expected name or number", "a name is missing behind this dot.", "Write it."),
    (Code.TEMPLATE_SYNTAX, r"unexpected '([]})])'.*", "this {0} closes nothing.", "Take it out, or open it before."),
    (Code.TEMPLATE_SYNTAX, r"unexpected '(.+)'", "{0} is not expected here.", "Take it out, or put it into quotes."),
    (Code.TEMPLATE_SYNTAX, r"""unexpected char ['"](.+)['"] at \d+""", "{0} is not expected here.", _char_advice),
    (Code.TEMPLATE_SYNTAX, r"block '(.+)' defined twice", "there are two blocks called {0}.", "Rename one of them."),
    (Code.TEMPLATE_SYNTAX, r"can't assign to '(.+)'", "{0} cannot be given a value.", "Use another name."),
)


def as_slip(error: TemplateSyntaxError, offset: int | None) -> SyntaxSlip:
    """`error` in our words, at `offset` of its text."""
    message = (error.message or "this cannot be read").rstrip(".")
    if isinstance(error, TagError):
        return SyntaxSlip(error.code, error.offset, error.message or "", error.advice)
    for code, pattern, says, advise in _PHRASES:
        found = re.fullmatch(pattern, message, re.IGNORECASE | re.DOTALL)
        if found:
            named = tuple(_TOKENS.get(part, f'"{part}"') for part in found.groups())
            advice = advise(found[1]) if callable(advise) else advise.format(*named)
            return SyntaxSlip(code, offset, says.format(*named), advice, error.lineno)
    return SyntaxSlip(Code.TEMPLATE_SYNTAX, offset, f"{message}.", "Check the quotes and brackets here.", error.lineno)
