"""Jinja as templates may use it: sandboxed, fed from what was read, and told of missing names instead of stopping.

What a template does wrong is handed to a `Complaints`; this module knows no wording.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from jinja2 import BaseLoader, Environment, TemplateNotFound, Undefined
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from pipeline.compiler.tags import StoryTags, TagSink

_MAX_REPEAT: Final = 100_000  # letters or elements that one `*` may make
_MAX_POWER: Final = 1_000


class Complaints(Protocol):
    """Who is told what a template writes, and what it does wrong."""

    def written(self, value: object) -> object:
        """What to write for the value of a `{{ … }}`."""

    def missing(self, name: str, owner: object, hint: str | None) -> None:
        """A name that is not there is used.

        Args:
            owner: what it should be a part of; None for a name that stands alone.
            hint: what Jinja says, where the plain reason is another.
        """


class StoryEnvironment(ImmutableSandboxedEnvironment):
    """Jinja without a way out: no file, no attribute with underscores, nothing that changes a value of ours."""

    intercepted_binops = frozenset({"*", "**"})

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
        self.globals.update(names)
        for extension in self.extensions.values():
            if isinstance(extension, StoryTags):
                extension.sink = sink

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "*":
            sizes = [len(side) if isinstance(side, str | list | tuple) else 0 for side in (left, right)]
            times = [side if isinstance(side, int) else 0 for side in (left, right)]
            if max(sizes[0] * times[1], sizes[1] * times[0]) > _MAX_REPEAT:
                raise SecurityError("it would make too long a text or list")
        elif isinstance(right, int) and right > _MAX_POWER:
            raise SecurityError("it would make too large a number")
        return super().call_binop(context, operator, left, right)


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
        def _tell(self, *_: object, **__: object) -> Any:
            owner = self._undefined_obj
            complaints.missing(str(self._undefined_name), None if owner is missing else owner, self._undefined_hint)
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
