"""What a template does wrong while it runs, as findings: the wording of Jinja's mishaps, for people who write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from jinja2 import TemplateNotFound, TemplateSyntaxError, Undefined, UndefinedError
from jinja2.environment import TemplateModule
from jinja2.runtime import Macro

from pipeline.compiler.bible import Entry
from pipeline.compiler.catalogue import Code
from pipeline.compiler.findings import Findings, did_you_mean
from pipeline.compiler.mishaps import hinted, mishap_of
from pipeline.compiler.misnamed import advice_for, mangled
from pipeline.compiler.pinpoint import expression_outside, name_place, only_expression, word_at, words_place
from pipeline.compiler.places import place_now, place_of_caller, place_of_error, place_while_read
from pipeline.compiler.scope import names_at
from pipeline.compiler.syntax import report_syntax
from pipeline.compiler.told import Told, origins_of
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


class Slips:
    """The mishaps of one run.

    Attributes:
        count: how many there were, those that had been said before too.

    Args:
        start: where a finding points when its place is not known.
        known: what all templates see, for suggestions.
        templates: the names that can be extended and imported.
    """

    def __init__(
        self, findings: Findings, start: Source, known: Mapping[str, object], templates: Iterable[str]
    ) -> None:
        self.count = 0
        self._findings = findings
        self._start = start
        self._known = known
        self._templates = frozenset(templates)
        self._told: set[tuple[str, int, str, str]] = set()

    def written_outside(self, source: Source, words: str) -> None:
        """Note words that something behind `source` has written, and no shot would say."""
        self.stray(expression_outside(self._findings.sources.texts, source), words)

    def stray(self, source: Source, words: str) -> None:
        """Note words that no shot would say."""
        shown = " ".join(words.split())
        shown = shown if len(shown) <= _QUOTE_CHARS else f"{shown[: _QUOTE_CHARS - 1]}…"
        advice = "Move it into a {% shot %}, or make it a comment: {# … #}."
        if "%}" in words or "{%" in words:
            advice = "A tag begins with {% and ends with %}."
        self._findings.add(
            Code.STRAY_WORDS, source, f'"{shown}" stands outside of every shot and would be lost.', advice
        )

    def written(self, value: object) -> object:
        """What `{{ … }}` writes. A value that is no text is most often a slip."""
        kind = _NO_TEXT.get(type(value))
        if kind is None and isinstance(value, str | int | float | Told | Undefined):
            return value
        self.count += 1
        says = f"{kind or 'something that is no text'} is written into the text here."
        place = only_expression(self._findings.sources.texts, place_now() or self._start)
        self._findings.add(Code.NO_TEXT, place, says, "Write out the part of it that you mean.")
        return ""

    def missing(self, name: str, owner: object, hint: str | None, place: Source | None) -> None:
        self.count += 1
        source = place or self._start
        slip = (source.path, source.line, name, hint or _described(owner))
        if slip in self._told:  # in a loop, most likely
            return
        self._told.add(slip)
        written = origins_of((name,))  # of a name that is itself a value: `camera[leg.move]`
        texts = self._findings.sources.texts
        source = name_place(texts, source, name, is_part=owner is not None)
        if self._is_mangled(source):
            return
        source = written[0].source if len(written) == 1 else source
        if hint:
            code, says, advice = hinted(hint, name)
            is_macro = code is Code.CANNOT_EVALUATE
            caller = place_of_caller() if is_macro else None
            self._findings.add(code, only_expression(texts, caller) if caller else source, says, advice)
        elif owner is None:
            given = names_at(texts.get(source.path, ""), source)
            advice = advice_for(name, word_at(texts, source)[:2], self._known, given, self._templates)
            self._findings.add(Code.UNKNOWN_NAME, source, f'nothing is called "{name}".', advice)
        elif isinstance(owner, list | tuple):
            says, advice = f"the list has no item {name}.", f"It has {len(owner)}; the first is item 0."
            self._findings.add(Code.UNKNOWN_PART, source, says, advice)
        else:
            advice = did_you_mean(name, _parts(owner), otherwise="It has no named parts.")
            self._findings.add(Code.UNKNOWN_PART, source, f'there is no "{name}" in {_described(owner)}.', advice)

    def _is_mangled(self, source: Source) -> bool:
        """Whether Jinja takes apart what stands at `source`, which is said once for all of its pieces."""
        word, argument, start = word_at(self._findings.sources.texts, source)
        slip = mangled(word, argument, self._known)
        if slip:
            self._findings.add(Code.UNKNOWN_NAME, start, *slip)
        return slip is not None

    def failed(self, error: BaseException, source: Source) -> None:
        """Note an error that ended an evaluation; `source` is where that began."""
        self.count += 1
        if isinstance(error, TemplateSyntaxError):
            report_syntax(self._findings.sources, error.filename or error.name or source.path, self._findings)
            return
        place = place_of_error(error) or place_while_read(error) or source
        if isinstance(error, TemplateNotFound):
            place = words_place(self._findings.sources.texts, place, str(error.name))
            advice = did_you_mean(str(error.name), self._templates, nearness=0.7)
            self._findings.add(Code.NO_SUCH_TEMPLATE, place, f'there is no template "{error.name}".', advice)
        elif not (isinstance(error, UndefinedError) and self._has_told(place)):
            code, says, advice = mishap_of(error)
            texts = self._findings.sources.texts
            quoted = re.search(r'"(\w+)"', says)
            place = words_place(texts, place, quoted[1]) if quoted else place
            place = place if place.column else only_expression(texts, place)
            self._findings.add(code, place, says, advice)

    def _has_told(self, place: Source) -> bool:
        """Whether a name that is missing there has been noted, of which this error only follows."""
        return any((path, line) == (place.path, place.line) for path, line, _, _ in self._told)


def _parts(owner: object) -> list[str]:
    """What may be written after the dot of `owner`."""
    if isinstance(owner, Mapping):
        return [str(key) for key in owner]
    if isinstance(owner, Entry):
        return ["description", "images", "name", "voice"]
    return [key for key in getattr(owner, "__dict__", {}) if not key.startswith("_")]


def _described(owner: object) -> str:
    if isinstance(owner, TemplateModule):
        return f'"{owner.__name__}"'
    if isinstance(owner, Entry):
        return f"the {owner.kind} {owner.id}"
    return _NO_TEXT.get(type(owner), f'"{owner}"' if isinstance(owner, str) else "this value")
