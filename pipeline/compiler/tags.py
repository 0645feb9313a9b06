"""Our tags in Jinja: how they are written, and what they hand over when a template reaches them.

A tag turns into a call that hands its id, its arguments and its place to the environment's `Collector`; nothing is
ever read back out of rendered text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Protocol, TypeAlias

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

from pipeline.compiler.grammar import TAGS
from pipeline.compiler.prelex import Prose, prepare
from pipeline.compiler.written import Each, read_tag
from pipeline.model.finding import Source

_Place: TypeAlias = tuple[str, int, int]
"""Path, line and column of a tag, as a constant of the compiled template."""


class TagSink(Protocol):
    """Where the tags hand over what they say."""

    def prose(self, path: str, found: Sequence[Prose]) -> None:
        """Words that stand outside of shots in the template at `path`."""

    def members(self, value: object, names: int, source: Source) -> Iterable[tuple[str, object]]:
        """What `each` goes through, as (the id's part, what to bind to so many `names`); nothing if it is no list."""

    def reached(
        self,
        tag: str,
        head: object,
        arguments: Mapping[str, object],
        parts: Sequence[str],
        source: Source,
        body: Callable[[], str] | None,
    ) -> str:
        """A template reached a tag; the answer is what the tag writes at its place.

        Args:
            head: what stands first in it, as evaluated; None for nothing.
            parts: what `each` adds to its id.
            body: evaluates the text between the tags.
        """


class StoryTags(Extension):
    """The tags of `grammar`."""

    tags = set(TAGS)  # noqa: RUF012 - Jinja's own shape
    sink: TagSink  # set by the environment once it stands

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        path = filename or name or ""
        prepared = prepare(source, path)
        self.sink.prose(path, prepared.prose)
        return prepared.text

    def parse(self, parser: Parser) -> nodes.Node | list[nodes.Node]:
        """The tag as nodes: a call that hands it over, in a loop for each `each`, outermost first."""
        opener = next(parser.stream)
        tag, lineno = str(opener.value), opener.lineno
        column = int(parser.stream.expect("integer").value)  # written there by `prelex`
        written = read_tag(parser, tag)
        place = nodes.Const((parser.filename or parser.name or "", lineno, column))
        body = parser.parse_statements((f"name:end{tag}",), drop_needle=True) if TAGS[tag].has_body else None
        call = self.call_method(
            "_reach",
            [
                nodes.Const(tag),
                written.head,
                nodes.Dict([nodes.Pair(nodes.Const(key), value) for key, value in written.arguments.items()]),
                nodes.List([nodes.Name(_part(depth), "load") for depth in range(len(written.each))]),
                place,
                nodes.Name("caller", "load") if body and _uses_caller(body) else nodes.Const(None),
            ],
            lineno=lineno,
        )
        reached: nodes.Stmt
        if body is None:
            reached = nodes.ExprStmt(call, lineno=lineno)
        else:
            reached = nodes.CallBlock(call, [], [], body, lineno=lineno)
        if written.when:
            reached = nodes.If(written.when, [reached], [], [], lineno=lineno)
        for depth, each in reversed(list(enumerate(written.each))):
            reached = self._loop(each, depth, place, reached)
        return reached

    def _loop(self, each: Each, depth: int, place: nodes.Const, inner: nodes.Stmt) -> nodes.Stmt:
        target = nodes.Tuple([nodes.Name(_part(depth), "store"), each.target], "store")
        members = self.call_method("_members", [each.members, nodes.Const(each.names), place], lineno=inner.lineno)
        return nodes.For(target, members, [inner], [], None, False, lineno=inner.lineno)

    def _members(self, value: object, names: int, place: _Place) -> Iterable[tuple[str, object]]:
        return self.sink.members(value, names, _source(place))

    def _reach(
        self,
        tag: str,
        head: object,
        arguments: Mapping[str, object],
        parts: Sequence[str],
        place: _Place,
        outer: object,
        caller: Callable[..., str] | None = None,
    ) -> str:
        """Hand a tag over.

        Args:
            outer: what `caller` means around the tag, if its body asks for it: Jinja gives each body one of its own.
            caller: Jinja's name for the body.
        """
        body = partial(caller, caller=outer) if caller and outer is not None else caller
        return self.sink.reached(tag, head, arguments, parts, _source(place), body)


def _uses_caller(body: Iterable[nodes.Node]) -> bool:
    """Whether a macro around a tag is handed on by its body: `{% scene … %}{{ caller() }}{% endscene %}`."""
    return any(name.name == "caller" for node in body for name in node.find_all(nodes.Name))


def _part(depth: int) -> str:
    """The name under which a compiled template keeps what the `each` at `depth` adds to an id."""
    return f"_part{depth}"


def _source(place: _Place) -> Source:
    path, line, column = place
    return Source(path=path, line=line, column=column)
