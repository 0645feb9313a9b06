"""YAML 1.2 (and so JSON) as a tree that knows where each key and value was written.

Built from the parser's events, so that nothing is constructed before it was counted: plain words are read by YAML 1.2's
core schema (`NO` and `12:30` stay words), tags and duplicate keys are refused, depth and size are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from ruamel.yaml import YAML, events
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from pipeline.compiler.catalogue import Code
from pipeline.compiler.findings import Findings
from pipeline.model.finding import Source

MAX_DEPTH: Final = 40
MAX_NODES: Final = 20_000

Scalar: TypeAlias = str | int | float | bool | None

_CORE_SCHEMA: Final = (
    (re.compile(r"~|null|Null|NULL|"), lambda _: None),
    (re.compile(r"true|True|TRUE"), lambda _: True),
    (re.compile(r"false|False|FALSE"), lambda _: False),
    (re.compile(r"[-+]?[0-9]{1,18}"), int),
    (re.compile(r"0x[0-9a-fA-F]{1,15}"), lambda text: int(text, 16)),
    (re.compile(r"0o[0-7]{1,18}"), lambda text: int(text, 8)),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?"), float),
)


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its place. `value` is a scalar, the items of a list, or the entries of a mapping by key."""

    value: Scalar | tuple[Node, ...] | dict[str, Entry]
    source: Source

    def at(self, *path: str | int) -> Source:
        """Where the value under `path` stands (for a key's value: the key); the nearest that exists."""
        place, node = self.source, self
        for step in path:
            if isinstance(node.value, dict) and step in node.value:
                place, node = node.value[str(step)].source, node.value[str(step)].node
            elif isinstance(node.value, tuple) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                place = node.source
        return place

    def get(self, key: str) -> Node | None:
        """The value under `key`, if this is a mapping that has it."""
        return self.value[key].node if isinstance(self.value, dict) and key in self.value else None

    def plain(self) -> Any:
        """The value without places: dict, list, str, int, float, bool or None."""
        if isinstance(self.value, dict):
            return {key: entry.node.plain() for key, entry in self.value.items()}
        if isinstance(self.value, tuple):
            return [node.plain() for node in self.value]
        return self.value


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a mapping; `source` is the key's place."""

    source: Source
    node: Node


def read_yaml(text: str, path: str, findings: Findings) -> Node | None:
    """The tree of `text`, or None if it cannot be read, which is then a finding. An empty text is an empty mapping."""
    try:
        return _Builder(text, path, findings).document()
    except _RefusedError as refused:
        findings.add(refused.code, refused.source, refused.says, refused.advice)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, None)
        says = f"this cannot be read as {_format(path)}: {error.problem or error.context}."
        place = Source(path=path, line=line, column=column)
        findings.add(Code.YAML_SYNTAX, place, says, "Check the indentation and the quotes here.")
    except (YAMLError, ValueError, RecursionError) as error:
        says = f"this cannot be read as {_format(path)}: {' '.join(str(error).split())}."
        findings.add(Code.YAML_SYNTAX, Source(path=path, line=1), says, "Check that the file is plain text.")
    return None


def _format(path: str) -> str:
    return "JSON" if path.endswith(".json") else "YAML"


class _RefusedError(Exception):
    """YAML, but not ours."""

    def __init__(self, code: Code, source: Source, says: str, advice: str) -> None:
        super().__init__(says)
        self.code, self.source, self.says, self.advice = code, source, says, advice


class _Parser(YAML):
    """ruamel's own, but for the look at the disk that each would take for plug-ins."""

    def official_plug_ins(self) -> list[str]:
        return []


class _Builder:
    """One pass over the events of one text."""

    def __init__(self, text: str, path: str, findings: Findings) -> None:
        self._path = path
        self._findings = findings
        self._events: Iterator[Any] = _Parser(typ="safe", pure=True).parse(text)
        self._anchors: dict[str, Node] = {}
        self._count = 0

    def document(self) -> Node:
        root: Node | None = None
        for event in self._events:
            if isinstance(event, events.DocumentStartEvent):
                if root:
                    raise self._refuse(event, "a second document begins here.", "Keep one document in the file.")
                root = self._node(next(self._events), depth=0)
        return root or Node({}, Source(path=self._path, line=1))

    def _node(self, event: Any, depth: int) -> Node:
        self._count += 1
        if depth > MAX_DEPTH or self._count > MAX_NODES:
            says = "this is nested too deeply or has too many values."
            raise self._refuse(event, says, "Make it simpler.", Code.TOO_MANY_VALUES)
        source = self._source(event)
        if isinstance(event, events.AliasEvent):
            if event.anchor not in self._anchors:
                raise self._refuse(event, f'there is no anchor "&{event.anchor}" above.', "Write the value itself.")
            return self._anchors[event.anchor]
        if event.tag is not None:
            raise self._refuse(event, f'the tag "{event.tag}" is not used here.', "Leave it out.")
        if isinstance(event, events.MappingStartEvent):
            node = Node(self._mapping(depth), source)
        elif isinstance(event, events.SequenceStartEvent):
            node = Node(tuple(self._sequence(depth)), source)
        else:
            node = Node(_scalar(event.value, is_plain=event.implicit[0]), source)
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _sequence(self, depth: int) -> Iterator[Node]:
        while not isinstance(event := next(self._events), events.SequenceEndEvent):
            yield self._node(event, depth + 1)

    def _mapping(self, depth: int) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        while not isinstance(event := next(self._events), events.MappingEndEvent):
            source = self._source(event)
            if not isinstance(event, events.ScalarEvent):
                raise self._refuse(event, "a key must be one word.", "Put quotes around it.")
            key, node = event.value, self._node(next(self._events), depth + 1)
            if key in entries:
                says = f'the key "{key}" was already given in line {entries[key].source.line}.'
                self._findings.add(Code.KEY_TWICE, source, says, "Keep one of them.")
            else:
                entries[key] = Entry(source, node)
        return entries

    def _source(self, event: Any) -> Source:
        mark = event.start_mark
        return Source(path=self._path, line=mark.line + 1, column=mark.column + 1)

    def _refuse(self, event: Any, says: str, advice: str, code: Code = Code.UNUSED_YAML) -> _RefusedError:
        return _RefusedError(code, self._source(event), says, advice)


def _scalar(text: str, *, is_plain: bool) -> Scalar:
    if is_plain:
        for pattern, read in _CORE_SCHEMA:
            if pattern.fullmatch(text):
                return read(text)
    # JSON writes letters beyond U+FFFF as two escapes, which YAML reads one by one.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
