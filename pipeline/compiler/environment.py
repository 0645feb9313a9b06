"""Jinja as templates may use it: sandboxed, fed from what was read, and told of missing names instead of stopping.

What a template does wrong is handed to a `Complaints`; this module knows no wording.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final, Protocol

from jinja2 import BaseLoader, Environment, TemplateNotFound, Undefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.filters import FILTERS
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range
from jinja2.utils import missing

from pipeline.compiler.bounds import bounded, check_operands
from pipeline.compiler.places import place_now
from pipeline.compiler.tags import StoryTags, TagSink
from pipeline.compiler.told import carried, carrying, joined
from pipeline.model.finding import Source

_BY_CHANCE: Final = frozenset({"random", "lipsum"})  # a film is the same each time it is read


def _ours(filter_: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that carries on where values come from, and makes no more than it may."""
    carrier = carrying(filter_)

    @wraps(filter_)  # Jinja reads from its attributes what it wants to be given
    def ours(*arguments: Any, **named: Any) -> Any:
        return bounded(carrier(*arguments, **named))

    return ours


_FILTERS: Final = {name: _ours(filter_) for name, filter_ in FILTERS.items() if name not in _BY_CHANCE}
_GLOBALS: Final = {name: value for name, value in DEFAULT_NAMESPACE.items() if name not in _BY_CHANCE}


class Complaints(Protocol):
    """Who is told what a template writes, and what it does wrong."""

    def written(self, value: object) -> object:
        """What to write for the value of a `{{ … }}`."""

    def missing(self, name: str, owner: object, hint: str | None, place: Source | None) -> None:
        """A name that is not there is used.

        Args:
            owner: what it should be a part of; None for a name that stands alone.
            hint: what Jinja says, where the plain reason is another.
            place: the line that it is written in, if that is known.
        """


class _StoryCode(CodeGenerator):
    """Jinja's own, but `~` keeps what its operands carry, and nothing is evaluated before its line is reached."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        self.write("concat((")
        for operand in node.nodes:
            self.visit(operand, frame)
            self.write(", ")
        self.write("))")

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible  # a mistake in it would have no place yet
        return super()._output_child_to_const(node, frame, finalize)


class StoryEnvironment(ImmutableSandboxedEnvironment):
    """Jinja without a way out: no file, no attribute with underscores, nothing that changes a value of ours.

    Whatever it makes of values that know where they come from carries that on; see `told`.
    """

    intercepted_binops = frozenset({"*", "**", "+", "%"})
    code_generator_class = _StoryCode
    concat = staticmethod(joined)

    def __init__(
        self, texts: Mapping[str, str], names: Mapping[str, object], sink: TagSink, complaints: Complaints
    ) -> None:
        super().__init__(
            extensions=[StoryTags],
            loader=_SourceLoader(texts),
            undefined=_missing_type(complaints),
            finalize=complaints.written,
            keep_trailing_newline=True,
        )
        self.filters = dict(_FILTERS)
        self.globals = {**_GLOBALS, "range": safe_range, **names}
        for extension in self.extensions.values():
            if isinstance(extension, StoryTags):
                extension.sink = sink

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        check_operands(operator, left, right)
        return bounded(carried(super().call_binop(context, operator, left, right), (left, right)))

    def getitem(self, obj: Any, argument: Any) -> Any:
        # `camera[stop.move]` without a `move`: that alone is missing, and is told when it is used.
        return argument if isinstance(argument, Undefined) else super().getitem(obj, argument)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        # Bytes are no text, and a codec is a module that would have to be imported.
        return attr != "encode" and super().is_safe_attribute(obj, attr, value)

    def call(__self, __context: Any, __obj: Any, *arguments: Any, **named: Any) -> Any:  # noqa: N805 - Jinja's names
        result = bounded(super().call(__context, __obj, *arguments, **named))
        owner = getattr(__obj, "__self__", None)
        return carried(result, (owner, *arguments, *named.values())) if isinstance(owner, str) else result


class _SourceLoader(BaseLoader):
    """Templates by name: the project's own first, then the shared ones. There is no path to leave by."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        for path in (template, f"templates/{template}"):
            if path in self._texts:
                return self._texts[path], path, lambda: True
        raise TemplateNotFound(template)


def _missing_type(complaints: Complaints) -> type[Undefined]:
    """The type of names that are not there. Any use of one is told, and gives another that is not there."""

    class Missing(Undefined):
        def __init__(self, *facts: Any, **named: Any) -> None:
            super().__init__(*facts, **named)
            self._place = place_now()  # it may be handed on to a macro before it is used

        def _tell(self, *_: object, **__: object) -> Any:
            owner = None if self._undefined_obj is missing else self._undefined_obj
            complaints.missing(str(self._undefined_name), owner, self._undefined_hint, self._place)
            return self

        def __getattr__(self, name: str) -> Any:
            if name.startswith("__"):  # Python asking what this can do
                raise AttributeError(name)
            return self._tell()

        def __str__(self) -> str:
            self._tell()
            return ""

        def __iter__(self) -> Any:
            self._tell()
            return iter(())

        def __len__(self) -> int:
            self._tell()
            return 0

        def __bool__(self) -> bool:
            self._tell()
            return False

        __call__ = __getitem__ = __neg__ = __pos__ = _tell
        __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __pow__ = __rpow__ = _tell
        __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _tell
        __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _tell
        __hash__ = Undefined.__hash__

    return Missing
