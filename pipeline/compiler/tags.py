"""Our tags in Jinja: how they are written, and what they hand over when a template reaches them.

A tag turns into a call that hands its id, its arguments and its place to the environment's `Collector`; nothing is
ever read back out of rendered text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.parser import Parser

from pipeline.compiler.prelex import OUR_TAGS, Prose, prepare
from pipeline.model.finding import Source

WITH_BODY: Final = frozenset({"scene", "shot"})
_UNEXPECTED: Final = '"{}" is not expected here; arguments are written as name="value".'
_OPENING: Final = frozenset({"lparen", "lbracket", "lbrace"})
_CLOSING: Final = frozenset({"rparen", "rbracket", "rbrace"})


class TagSink(Protocol):
    """Where the tags hand over what they say."""

    def prose(self, path: str, found: Sequence[Prose]) -> None:
        """Words that stand outside of shots in the template at `path`."""

    def members(self, value: object, source: Source) -> Iterable[object]:
        """What `each` goes through: the members of `value`, none if it is no list."""

    def reached(
        self, tag: str, name: object, arguments: Mapping[str, object], source: Source, body: Callable[[], str] | None
    ) -> None:
        """A template reached a tag.

        Args:
            name: its id as evaluated, or None.
            body: evaluates the text between the tags.
        """


@dataclass(slots=True)
class _Written:
    """A tag as it is parsed."""

    name: nodes.Expr = field(default_factory=lambda: nodes.Const(None))
    arguments: dict[str, nodes.Expr] = field(default_factory=dict)
    each: tuple[nodes.Expr, nodes.Expr] | None = None  # the name to bind, and what to go through
    when: nodes.Expr | None = None


class StoryTags(Extension):
    """`scene shot footage card title music`."""

    tags = set(OUR_TAGS)  # noqa: RUF012 - Jinja's own shape
    sink: TagSink  # set by the environment once it stands

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        path = filename or name or ""
        prepared = prepare(source, path)
        self.sink.prose(path, prepared.prose)
        return prepared.text

    def parse(self, parser: Parser) -> nodes.Node | list[nodes.Node]:
        opener = next(parser.stream)
        tag, lineno = str(opener.value), opener.lineno
        column = int(next(parser.stream).value)  # written there by `prelex`
        written = _read_tag(parser, tag)
        item = _as_loaded(written.each[0]) if written.each else None
        place = nodes.Const((parser.filename or parser.name or "", lineno, column))
        call = self.call_method(
            "_reach",
            [
                nodes.Const(tag),
                written.name,
                nodes.Dict([nodes.Pair(nodes.Const(key), value) for key, value in written.arguments.items()]),
                nodes.List([item] if item else []),
                place,
            ],
            lineno=lineno,
        )
        reached: nodes.Stmt
        if tag in WITH_BODY:
            body = parser.parse_statements((f"name:end{tag}",), drop_needle=True)
            reached = nodes.CallBlock(call, [], [], body, lineno=lineno)
        else:
            reached = nodes.ExprStmt(call, lineno=lineno)
        if written.each:
            target, items = written.each
            members = self.call_method("_members", [items, place], lineno=lineno)
            return nodes.For(target, members, [reached], [], written.when, False, lineno=lineno)
        return nodes.If(written.when, [reached], [], [], lineno=lineno) if written.when else reached

    def _members(self, value: object, place: tuple[str, int, int]) -> Iterable[object]:
        path, line, column = place
        return self.sink.members(value, Source(path=path, line=line, column=column))

    def _reach(
        self,
        tag: str,
        name: object,
        arguments: Mapping[str, object],
        item: Sequence[object],
        place: tuple[str, int, int],
        caller: Callable[[], str] | None = None,
    ) -> str:
        path, line, column = place
        each = {"each": item[0]} if item else {}
        self.sink.reached(tag, name, {**arguments, **each}, Source(path=path, line=line, column=column), caller)
        return ""


def _read_tag(parser: Parser, tag: str) -> _Written:
    """What stands between a tag's name and its `%}`, commas between arguments or not."""
    written = _Written()
    stream = parser.stream
    pieces = _split(stream)
    if pieces and pieces[0][0] == "":
        tokens = pieces.pop(0)[1]
        written.name = _read_expression(parser, tokens, "words") if tag == "title" else _read_name(parser, tokens)
    for word, tokens in pieces:
        lineno = tokens[0].lineno if tokens else stream.current.lineno
        if word in written.arguments or (word == "each" and written.each) or (word == "when" and written.when):
            parser.fail(f'"{word}" is given twice.', lineno)
        if word == "each" and tag == "shot":
            written.each = _read_each(parser, tokens)
        elif word == "when":
            written.when = _read_expression(parser, tokens, "when")
        elif word == "verbatim" and not tokens:
            continue
        else:
            written.arguments[word] = _read_expression(parser, tokens, word)
    return written


def _split(stream: TokenStream) -> list[tuple[str, list[Token]]]:
    """The tokens up to the tag's end as (argument, its tokens); the id comes first, under no name.

    An argument begins, outside of brackets, at `name =`, at `each`, at `when` and at `verbatim`. So no expression
    reaches into the next argument, which some of Jinja's would (`when x is defined join=…`).
    """
    pieces: list[tuple[str, list[Token]]] = []
    depth = 0
    while stream.current.type not in ("block_end", "eof"):
        token = next(stream)
        depth += (token.type in _OPENING) - (token.type in _CLOSING)
        is_word = token.type == "name" and depth == 0
        if is_word and stream.current.type == "assign":
            next(stream)
            pieces.append((str(token.value), []))
        elif is_word and token.value in ("each", "when", "verbatim"):
            pieces.append((str(token.value), []))
        elif not (token.type == "comma" and depth == 0 and not _goes_on(pieces)):
            if not pieces:
                pieces.append(("", []))
            pieces[-1][1].append(token)
    return pieces


def _goes_on(pieces: Sequence[tuple[str, list[Token]]]) -> bool:
    """Whether a comma belongs to what stands before it: the names of `each city, mood in …`."""
    return bool(pieces) and pieces[-1][0] == "each" and all(token.value != "in" for token in pieces[-1][1])


def _read_name(parser: Parser, tokens: Sequence[Token]) -> nodes.Expr:
    """An id as a bare word, or as an expression that starts with a quote or a bracket."""
    if len(tokens) > 1 and tokens[0].type == tokens[1].type == "string":
        parser.fail(_UNEXPECTED.format(tokens[1].value), tokens[1].lineno)
    if tokens[0].type in ("string", "lparen"):
        return _read_expression(parser, tokens, "id")
    if any(token.type not in ("name", "dot", "sub", "integer", "float") for token in tokens):
        parser.fail("the id cannot be read here; write it in quotes.", tokens[0].lineno)
    return nodes.Const("".join("." if t.type == "dot" else "-" if t.type == "sub" else str(t.value) for t in tokens))


def _read_each(parser: Parser, tokens: Sequence[Token]) -> tuple[nodes.Expr, nodes.Expr]:
    at = next((i for i, token in enumerate(tokens) if token.type == "name" and token.value == "in"), 0)
    if not at or at + 1 == len(tokens):
        parser.fail("each is written as: each city in cities.", tokens[0].lineno if tokens else None)
    target = _with_tokens(parser, tokens[:at], lambda: parser.parse_assign_target(with_tuple=True))
    return target, _read_expression(parser, tokens[at + 1 :], "each")


def _read_expression(parser: Parser, tokens: Sequence[Token], word: str) -> nodes.Expr:
    if not tokens:
        parser.fail(f'"{word}" has no value.')
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


def _as_loaded(target: nodes.Expr) -> nodes.Expr:
    """The value that `each` binds: a name, or the first of several."""
    first = target.items[0] if isinstance(target, nodes.Tuple) else target
    if isinstance(first, nodes.Tuple):
        return _as_loaded(first)
    return nodes.Name(first.name, "load") if isinstance(first, nodes.Name) else nodes.Const(None)
