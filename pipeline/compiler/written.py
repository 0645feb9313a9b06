"""How a tag is written: what stands between its name and its `%}`, as nodes of Jinja. Evaluates nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from jinja2 import nodes
from jinja2.lexer import Token, TokenStream
from jinja2.parser import Parser

from pipeline.compiler.grammar import TAGS, Head

_UNEXPECTED: Final = '"{}" is not expected here; arguments are written as name="value".'
_SWITCHES: Final = frozenset({"continues", "verbatim"})  # arguments that mean "true" where they stand alone
_NO_COMMA: Final = 'a comma is missing before "{}".'
_TOO_MANY: Final = '"{}" is one value too many; several stand in brackets: [a, b].'
_NO_VALUE: Final = '"{}" has no value.'
_COMPARING: Final = '"=" compares nothing.'
_ALWAYS: Final = 'the condition "{}" always holds.'
_ASKS_FOR_MORE: Final = frozenset({"and", "or", "not", "."})  # what no condition ends with
_OF_ITEMS: Final = frozenset({"continues", "on"})  # arguments that name an item, whose id may be a bare word
_WORDS_ALONE: Final = frozenset({"each", "when"}) | _SWITCHES  # arguments that are written without a "="
_OPENING: Final = frozenset({"lparen", "lbracket", "lbrace"})
_CLOSING: Final = frozenset({"rparen", "rbracket", "rbrace"})


@dataclass(frozen=True, slots=True)
class Each:
    """`each target in members`."""

    target: nodes.Expr
    members: nodes.Expr

    @property
    def names(self) -> int:
        """How many names it binds to an item."""
        return len(self.target.items) if isinstance(self.target, nodes.Tuple) else 1


@dataclass(slots=True)
class Written:
    """A tag as it is parsed. `head` is its id or its words; `each` are in the order in which they are written."""

    head: nodes.Expr = field(default_factory=lambda: nodes.Const(None))
    arguments: dict[str, nodes.Expr] = field(default_factory=dict)
    each: list[Each] = field(default_factory=list)
    when: nodes.Expr | None = None


def read_tag(parser: Parser, tag: str) -> Written:
    """The tag called `tag`, whose name has been read; commas between its arguments or not."""
    written = Written()
    shape = TAGS[tag]
    pieces = _split(parser, shape.takes)
    for word, tokens in pieces:
        if word in written.arguments or (word == "when" and written.when):
            parser.fail(f'"{word}" is given twice.', tokens[0].lineno if tokens else parser.stream.current.lineno)
        if word == "each" and shape.has_each:
            written.each.append(_read_each(parser, tokens))
        elif word == "when":
            written.when = _read_when(parser, tokens)
        elif word == "each" or (word in _SWITCHES and not tokens):
            written.arguments[word] = nodes.Const(True)
        elif word == "" and shape.head is Head.ID:
            written.arguments[Head.ID.value] = _read_id(parser, tokens)
        else:
            name = word or shape.head.value
            value = _read(parser, tokens, name)
            written.arguments[name] = _or_id(value, tokens) if name in _OF_ITEMS else value
    if shape.head is not Head.FILE:
        written.head = written.arguments.pop(shape.head.value, written.head)
    return written


def _split(parser: Parser, takes: Sequence[str]) -> list[tuple[str, list[Token]]]:
    """The tokens up to the end of a tag that `takes` these as (argument, its tokens); the id is first, under no name.

    An argument begins, outside of brackets, at `name =` and at the words that need no "=". So no expression reaches
    into the next argument, which some of Jinja's would (`when x is defined join=…`).
    """
    stream = parser.stream
    pieces: list[tuple[str, list[Token]]] = []
    depth = 0
    while stream.current.type not in ("block_end", "eof"):
        token = next(stream)
        depth += (token.type in _OPENING) - (token.type in _CLOSING)
        is_word = token.type == "name" and depth == 0
        if is_word and stream.current.type == "assign":
            if _is_compared(pieces, token.value in takes):
                parser.fail(_COMPARING, stream.current.lineno)
            next(stream)
            pieces.append((str(token.value), []))
        elif is_word and token.value in _WORDS_ALONE:
            pieces.append((str(token.value), []))
        elif not (token.type == "comma" and depth == 0 and not _goes_on(pieces)):
            if not pieces:
                pieces.append(("", []))
            pieces[-1][1].append(token)
    return pieces


def _goes_on(pieces: Sequence[tuple[str, list[Token]]]) -> bool:
    """Whether a comma belongs to what stands before it: the names of `each city, mood in …`."""
    return bool(pieces) and pieces[-1][0] == "each" and all(token.value != "in" for token in pieces[-1][1])


def _is_compared(pieces: Sequence[tuple[str, list[Token]]], is_argument: bool) -> bool:
    """Whether a name with "=" behind it goes on with a condition: `when mood = "calm"`."""
    if not pieces or pieces[-1][0] != "when":
        return False
    tokens = pieces[-1][1]
    return tokens[-1].value in _ASKS_FOR_MORE if tokens else not is_argument


def _read_when(parser: Parser, tokens: Sequence[Token]) -> nodes.Expr:
    """A condition. Words in quotes would always hold."""
    when = _read(parser, tokens, "when")
    if isinstance(when, nodes.Const) and isinstance(when.value, str):
        parser.fail(_ALWAYS.format(when.value) if when.value.strip() else _NO_VALUE.format("when"), tokens[0].lineno)
    return when


def _or_id(value: nodes.Expr, tokens: Sequence[Token]) -> nodes.Expr:
    """`value`, but the item that is called like its words where these are no name: `on=run.beach`."""
    root = value
    while isinstance(root, nodes.Getattr):
        root = root.node
    if not isinstance(root, nodes.Name):
        return value
    words = "".join("." if token.type == "dot" else str(token.value) for token in tokens)
    return nodes.CondExpr(nodes.Test(root, "defined", [], [], None, None), value, nodes.Const(words))


def _read_id(parser: Parser, tokens: Sequence[Token]) -> nodes.Expr:
    """An id as a bare word, or as an expression that starts with a quote or a bracket."""
    if len(tokens) > 1 and tokens[0].type == tokens[1].type == "string":
        parser.fail(_UNEXPECTED.format(tokens[1].value), tokens[1].lineno)
    if tokens[0].type in ("string", "lparen"):
        return _read(parser, tokens, "id")
    for left, right in pairwise(tokens):
        if left.type == right.type == "name":
            parser.fail(_UNEXPECTED.format(right.value), right.lineno)
    if any(token.type not in ("name", "dot", "sub", "integer", "float") for token in tokens):
        parser.fail("the id cannot be read here; write it in quotes.", tokens[0].lineno)
    return nodes.Const("".join("." if t.type == "dot" else "-" if t.type == "sub" else str(t.value) for t in tokens))


def _read_each(parser: Parser, tokens: Sequence[Token]) -> Each:
    at = next((i for i, token in enumerate(tokens) if token.type == "name" and token.value == "in"), 0)
    if not at and len(tokens) > 2 and tokens[1].type == "name":
        parser.fail(f'"{tokens[1].value}" stands for "in"', tokens[1].lineno)
    if not at or at + 1 == len(tokens):
        parser.fail("each is written as: each city in cities.", tokens[0].lineno if tokens else None)
    target = _with_tokens(parser, tokens[:at], lambda: parser.parse_assign_target(with_tuple=True))
    return Each(target, _read(parser, tokens[at + 1 :], "each"))


def _read(parser: Parser, tokens: Sequence[Token], word: str) -> nodes.Expr:
    """The expression that `tokens` are, given as `word`."""
    if not tokens:
        parser.fail(_NO_VALUE.format(word))
    depth = 0
    for left, right in pairwise(tokens):
        depth += (left.type in _OPENING) - (left.type in _CLOSING)
        if left.type == right.type == "string":  # which Jinja would make one text of
            parser.fail((_NO_COMMA if depth else _TOO_MANY).format(right.value), right.lineno)
    return _with_tokens(parser, tokens, parser.parse_expression)


def _with_tokens(parser: Parser, tokens: Sequence[Token], parse: Callable[[], nodes.Expr]) -> nodes.Expr:
    """What `parse` reads from `tokens` alone, all of which it must use up."""
    outer = parser.stream
    parser.stream = TokenStream(iter(tokens), outer.name, outer.filename)
    try:
        parsed = parse()
        left = parser.stream.current
        if left.type != "eof":
            parser.fail(_UNEXPECTED.format(left.value), left.lineno)
        return parsed
    finally:
        parser.stream = outer
