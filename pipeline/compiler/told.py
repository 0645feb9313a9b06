"""Values that know where they come from, so that a prompt can say what it is made of.

A leaf of YAML enters a template as an ordinary text or number that carries its `Origin`; what is written, joined or
filtered out of such values carries the origins of all of them. In every comparison, test and lookup it is its plain
value, and a template cannot see what it carries: the sandbox gives no name that begins with an underscore.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import wraps
from types import GeneratorType
from typing import Any, Final, TypeAlias

from pipeline.model.finding import Source

Leaf: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """One value that somebody wrote; every value has one of its own, which nothing else equals.

    Attributes:
        name: as a template would say it: `city`, `legs.street.scene`, `hero`.
        text: what it writes.
        images: addresses and files of pictures that go along with a prompt in which it is written.
    """

    name: str
    text: str
    source: Source
    images: tuple[str, ...] = ()


class Told:
    """A value with origins; the base of the types below and of whatever else writes itself as such a value."""

    __slots__ = ()
    _origins: tuple[Origin, ...]


class ToldText(Told, str):
    __slots__ = ("_origins",)

    def __str__(self) -> str:
        return self  # what is written keeps its origins


class _ToldNumber(Told):
    """A number, which is written out as its author wrote it: `9.90`, `007`."""

    __slots__ = ()

    def __str__(self) -> str:
        (origin,) = self._origins
        return told_text(origin.text, origin)


class _ToldInt(_ToldNumber, int): ...


class _ToldFloat(_ToldNumber, float): ...


def told(value: Leaf, name: str, source: Source, *, written: str = "") -> Leaf:
    """`value`, which knows that it is called `name` and stands at `source`; truth values and nothing stay plain.

    Args:
        written: a number as it stands there; empty: as Python writes it.
    """
    kind = _KINDS.get(type(value))
    if kind is None:
        return value
    text = written if written and not isinstance(value, str) else str(value)
    leaf: Leaf = _with_origins(kind(value), (Origin(name, text, source),))
    return leaf


def told_text(text: str, *origins: Origin) -> str:
    """`text`, carrying `origins`."""
    return _with_origins(ToldText(text), origins) if origins else text


def origins_of(values: Iterable[object]) -> tuple[Origin, ...]:
    """What `values`, and the members of lists among them, carry: each once, in order."""
    return tuple(dict.fromkeys(origin for value in values for origin in _origins_in(value)))


def joined(pieces: Iterable[object]) -> str:
    """All `pieces` as one text that carries what they carry."""
    pieces = list(pieces)
    text = "".join(map(str, pieces))
    givers = [piece for piece in pieces if isinstance(piece, Told)]
    return told_text(text, *origins_of(givers)) if givers else text


def carried(result: Any, givers: Iterable[object]) -> Any:
    """`result`, which was made from `givers`; a text carries on what they carry."""
    return told_text(result, *origins_of(givers)) if type(result) is str else result


def carrying(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter whose texts carry what its arguments carry."""

    @wraps(function)  # Jinja reads from attributes of `function` what it wants to be given
    def filter_(*arguments: Any, **named: Any) -> Any:
        kept = [list(value) if isinstance(value, GeneratorType) else value for value in arguments]
        return carried(function(*kept, **named), (*kept, *named.values()))

    return filter_


def _origins_in(value: object) -> Iterator[Origin]:
    if isinstance(value, Told):
        yield from value._origins
    elif isinstance(value, list | tuple):
        for member in value:
            yield from _origins_in(member)


def _with_origins(value: Any, origins: tuple[Origin, ...]) -> Any:
    value._origins = origins
    return value


_KINDS: Final[dict[type, Callable[[Any], Told]]] = {str: ToldText, int: _ToldInt, float: _ToldFloat}
