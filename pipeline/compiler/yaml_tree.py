"""YAML 1.2 (and so JSON) as a tree that knows where each key and value was written.

Built from the parser's events, so that nothing is constructed before it was counted: plain words are read by YAML 1.2's
core schema (`NO` and `12:30` stay words), tags, merges and duplicate keys are refused. What is repeated by an alias
counts each time, so that no few lines stand for millions of values.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from ruamel.yaml import YAML, events
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from pipeline.compiler.catalogue import Code
from pipeline.compiler.findings import Findings
from pipeline.compiler.yaml_slips import explained
from pipeline.model.finding import Source

MAX_DEPTH: Final = 40
MAX_NODES: Final = 10_000  # a second of reading
MAX_LETTERS: Final = 500_000  # of a text, and again of all its values
_NEXT_LINE: Final = "\x85"  # to YAML 1.2 a letter, to ruamel the end of a line, which it would fold

Scalar: TypeAlias = str | int | float | bool | None


def _float(text: str) -> float | str:
    """The number; what is too large for one stays as it was written."""
    number = float(text)
    return number if math.isfinite(number) else text


_CORE_SCHEMA: Final = (
    (re.compile(r"~|null|Null|NULL|"), lambda _: None),
    (re.compile(r"true|True|TRUE"), lambda _: True),
    (re.compile(r"false|False|FALSE"), lambda _: False),
    (re.compile(r"[-+]?[0-9]{1,18}"), int),
    (re.compile(r"0x[0-9a-fA-F]{1,15}"), lambda text: int(text, 16)),
    (re.compile(r"0o[0-7]{1,18}"), lambda text: int(text, 8)),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))([eE][-+]?[0-9]{1,3})?"), _float),
)


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its place. `value` is a scalar, the items of a list, or the entries of a mapping by key.

    Attributes:
        text: of a scalar, as it was written: `9.90` is not 9.9 to a reader.
    """

    value: Scalar | tuple[Node, ...] | dict[str, Entry]
    source: Source
    text: str = ""

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

    def value_at(self, *path: str | int) -> Source:
        """Where the value under `path` stands itself, if that is in the line of its key; else as `at`."""
        key, node = self.at(*path), self
        for step in path:
            if isinstance(node.value, dict) and step in node.value:
                node = node.value[str(step)].node
            elif isinstance(node.value, tuple) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
        return node.source if node.value is not None and node.source.line == key.line else key

    def get(self, key: str) -> Node | None:
        """The value under `key`, if this is a mapping that has it."""
        return self.value[key].node if isinstance(self.value, dict) and key in self.value else None

    def without(self, *keys: str) -> Node:
        """The same mapping without the entries under `keys`; what is no mapping as it is."""
        if not isinstance(self.value, dict):
            return self
        return Node({key: entry for key, entry in self.value.items() if key not in keys}, self.source)

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
    if len(text) > MAX_LETTERS:
        says = f"this file has more than {MAX_LETTERS:,} characters."
        findings.add(Code.TOO_MANY_VALUES, Source(path=path, line=1), says, "Check that it is the right file.")
        return None
    if _NEXT_LINE in text:
        _refuse_letter(text, text.index(_NEXT_LINE), path, findings)
        return None
    try:
        return _Builder(text, path, findings).document()
    except _RefusedError as refused:
        findings.add(refused.code, refused.source, refused.says, refused.advice)
    except MarkedYAMLError as error:
        slip = explained(error, text)
        place = Source(path=path, line=slip.line, column=slip.column)
        findings.add(Code.YAML_SYNTAX, place, slip.says, slip.advice)
    except ReaderError as error:
        _refuse_letter(text, error.position, path, findings)
    except (YAMLError, ValueError, RecursionError) as error:
        says = f"this cannot be read as {_format(path)}: {' '.join(str(error).split())}."
        findings.add(Code.YAML_SYNTAX, Source(path=path, line=1), says, "Check that the file is plain text.")
    return None


def _refuse_letter(text: str, offset: int, path: str, findings: Findings) -> None:
    before = text[:offset]
    place = Source(path=path, line=before.count("\n") + 1, column=len(before) - before.rfind("\n"))
    says = f"this cannot be read as {_format(path)}: the character U+{ord(text[offset]):04X} may not stand here."
    findings.add(Code.YAML_SYNTAX, place, says, "Take it out; it was most likely pasted.")


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


@dataclass(frozen=True, slots=True)
class _Anchored:
    """A value that aliases repeat, and how much one more of it is."""

    node: Node
    count: int
    letters: int
    height: int  # how many levels it has below its own


class _Builder:
    """One pass over the events of one text."""

    def __init__(self, text: str, path: str, findings: Findings) -> None:
        self._path = path
        self._findings = findings
        self._events: Iterator[Any] = _Parser(typ="safe", pure=True).parse(text)
        self._anchors: dict[str, _Anchored] = {}
        self._count = 0
        self._letters = 0
        self._deepest = 0  # of what has been read of the innermost open value

    def document(self) -> Node:
        root: Node | None = None
        for event in self._events:
            if isinstance(event, events.DocumentStartEvent):
                if root:
                    raise self._refuse(event, "a second document begins here.", "Keep one document in the file.")
                root = self._node(next(self._events), depth=0)
        return root or Node({}, Source(path=self._path, line=1))

    def _node(self, event: Any, depth: int) -> Node:
        if isinstance(event, events.AliasEvent):
            return self._repeated(event, depth)
        count, letters, outer = self._count, self._letters, self._deepest
        self._deepest = depth
        self._weigh(event, depth, count=1, letters=len(getattr(event, "value", "")))
        self._check_untagged(event)
        node = self._written(event, depth)
        if event.anchor is not None:
            height = self._deepest - depth
            self._anchors[event.anchor] = _Anchored(node, self._count - count, self._letters - letters, height)
        self._deepest = max(outer, self._deepest)
        return node

    def _written(self, event: Any, depth: int) -> Node:
        source = self._source(event)
        if isinstance(event, events.MappingStartEvent):
            return Node(self._mapping(depth), source)
        if isinstance(event, events.SequenceStartEvent):
            return Node(tuple(self._sequence(depth)), source)
        return Node(_scalar(event.value, is_plain=event.implicit[0]), source, event.value)

    def _repeated(self, event: Any, depth: int) -> Node:
        known = self._anchors.get(event.anchor)
        if known is None:
            raise self._refuse(event, 'a value cannot begin with "*".', "Put quotes around it.")
        self._weigh(event, depth + known.height, known.count, known.letters)
        return known.node

    def _weigh(self, event: Any, depth: int, count: int, letters: int) -> None:
        """Count values and letters before there is anything of them."""
        self._count += count
        self._letters += letters
        self._deepest = max(self._deepest, depth)
        if depth > MAX_DEPTH or self._count > MAX_NODES or self._letters > MAX_LETTERS:
            says = "this is nested too deeply or has too many values."
            raise self._refuse(event, says, "Make it simpler.", Code.TOO_MANY_VALUES)

    def _sequence(self, depth: int) -> Iterator[Node]:
        while not isinstance(event := next(self._events), events.SequenceEndEvent):
            yield self._node(event, depth + 1)

    def _mapping(self, depth: int) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        while not isinstance(event := next(self._events), events.MappingEndEvent):
            source = self._source(event)
            if not isinstance(event, events.ScalarEvent):
                advice = "Put quotes around it; {{ … }} is filled in by storyboard.jinja alone."
                raise self._refuse(event, "a key must be one word.", advice)
            self._check_untagged(event)
            if event.value == "<<" and event.implicit[0]:
                raise self._refuse(event, 'there are no merges ("<<") here.', "Write out what they would bring.")
            self._weigh(event, depth, count=0, letters=len(event.value))
            key, node = event.value, self._node(next(self._events), depth + 1)
            if key in entries:
                says = f'the key "{key}" was already given in line {entries[key].source.line}.'
                self._findings.add(Code.KEY_TWICE, source, says, "Keep one of them.")
            else:
                entries[key] = Entry(source, node)
        return entries

    def _check_untagged(self, event: Any) -> None:
        if event.tag is not None:
            raise self._refuse(event, 'a value cannot begin with "!".', "Put quotes around it.")

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
