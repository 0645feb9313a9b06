"""What a template does wrong while it runs, as findings: the wording of Jinja's mishaps, for people who write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from jinja2 import TemplateNotFound, TemplateSyntaxError, Undefined
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError
from jinja2.runtime import Macro

from pipeline.compiler.bible import Entry
from pipeline.compiler.bounds import TooMuchError
from pipeline.compiler.catalogue import Code
from pipeline.compiler.findings import Findings, did_you_mean
from pipeline.compiler.marks import name_place
from pipeline.compiler.places import place_now, place_of_error
from pipeline.compiler.syntax import report_syntax
from pipeline.compiler.told import Told
from pipeline.model.finding import Source

_NO_TEXT: Final[Mapping[type, str]] = {
    type(None): "nothing (none)",
    list: "a list",
    tuple: "a list",
    dict: "a mapping",
    Macro: "a macro without its ()",
    TemplateModule: "a whole template",
}
_QUOTE_CHARS: Final = 60

_NO_NAMES: Final = dict.fromkeys(
    ("bible", "characters", "looks", "places", "project", "variables"),
    "Entries of the bible and variables are called by their own names: {{ hero }}.",
)


class Slips:
    """The mishaps of one run.

    Attributes:
        count: how many there were, those that had been said before too.

    Args:
        start: where a finding points when its place is not known.
        known: the names that all templates see, for suggestions.
        templates: the names that can be extended and imported.
    """

    def __init__(self, findings: Findings, start: Source, known: Iterable[str], templates: Iterable[str]) -> None:
        self.count = 0
        self._findings = findings
        self._start = start
        self._known = frozenset(known)
        self._templates = frozenset(templates)
        self._told: set[tuple[str, int, str, str]] = set()

    def stray(self, source: Source, words: str) -> None:
        """Note words that no shot would say."""
        shown = " ".join(words.split())
        shown = shown if len(shown) <= _QUOTE_CHARS else f"{shown[: _QUOTE_CHARS - 1]}…"
        advice = "Move it into a {% shot %}, or make it a comment: {# … #}."
        self._findings.add(
            Code.STRAY_WORDS, source, f'"{shown}" stands outside of every shot and would be lost.', advice
        )

    def written(self, value: object) -> object:
        """What `{{ … }}` writes. A value that is no text is most often a slip."""
        kind = _NO_TEXT.get(type(value))
        if kind is None and isinstance(value, str | int | float | Told | Undefined):
            return value
        self.count += 1
        advice = "Write out the part of it that you mean."
        self._findings.add(
            Code.NO_TEXT, place_now() or self._start, f"{kind or 'no text'} is written into the text here.", advice
        )
        return ""

    def missing(self, name: str, owner: object, hint: str | None) -> None:
        self.count += 1
        source = place_now() or self._start
        slip = (source.path, source.line, name, hint or _described(owner))
        if slip in self._told:  # in a loop, most likely
            return
        self._told.add(slip)
        source = name_place(self._findings.sources.texts, source, name, is_part=owner is not None)
        if hint and "unsafe" in hint:
            says = f'a template may not look at "{name}".'
            self._findings.add(Code.FORBIDDEN, source, says, "Say it without.")
        elif hint:
            self._findings.add(
                Code.UNKNOWN_NAME, source, f"{hint.rstrip('.')}.", "Check the name, and what is imported."
            )
        elif owner is None:
            advice = did_you_mean(name, self._known, otherwise="Give it a value in project.yaml under `variables`.")
            advice = _NO_NAMES.get(name, advice)
            self._findings.add(Code.UNKNOWN_NAME, source, f'nothing is called "{name}".', advice)
        else:
            advice = did_you_mean(name, _parts(owner), otherwise="It has no named parts.")
            self._findings.add(Code.UNKNOWN_PART, source, f'there is no "{name}" in {_described(owner)}.', advice)

    def failed(self, error: BaseException, source: Source) -> None:
        """Note an error that ended an evaluation; `source` is where that began."""
        self.count += 1
        if isinstance(error, TemplateSyntaxError):
            report_syntax(self._findings.sources, error.filename or error.name or source.path, self._findings)
            return
        place = place_of_error(error) or source
        if isinstance(error, TemplateNotFound):
            advice = did_you_mean(str(error.name), self._templates, nearness=0.7)
            self._findings.add(Code.NO_SUCH_TEMPLATE, place, f'there is no template "{error.name}".', advice)
        elif isinstance(error, RecursionError):
            advice = "Look for a macro or a template that comes back to itself."
            self._findings.add(Code.WITHOUT_END, place, "this calls itself without end.", advice)
        elif isinstance(error, TooMuchError):
            self._findings.add(Code.TOO_MUCH, place, f"this is too much: {_clause(error)}.", "Make it shorter.")
        elif isinstance(error, MemoryError):
            says, advice = "this takes more memory than a film may.", "Look for a loop or a text that grows too large."
            self._findings.add(Code.TOO_MUCH, place, says, advice)
        elif isinstance(error, SecurityError):
            self._findings.add(
                Code.FORBIDDEN, place, f"a template may not do this: {_clause(error)}.", "Say it without."
            )
        else:
            self._findings.add(
                Code.CANNOT_EVALUATE,
                place,
                f"this cannot be evaluated: {_clause(error)}.",
                "Check the values it is given.",
            )


def _parts(owner: object) -> list[str]:
    """What may be written after the dot of `owner`."""
    if isinstance(owner, Mapping):
        return [str(key) for key in owner]
    if isinstance(owner, Entry):
        return ["description", "images", "kind", "name", "voice"]
    return [key for key in getattr(owner, "__dict__", {}) if not key.startswith("_")]


def _described(owner: object) -> str:
    if isinstance(owner, TemplateModule):
        return f'"{owner.__name__}"'
    if isinstance(owner, Entry):
        return f"the {owner.kind} {owner.id}"
    return _NO_TEXT.get(type(owner), f'"{owner}"' if isinstance(owner, str) else "this value")


def _clause(error: BaseException) -> str:
    """What `error` says, as a clause without its full stop."""
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__
