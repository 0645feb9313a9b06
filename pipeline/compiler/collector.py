"""Receives what templates say, in the order of the film, and turns what they do wrong into findings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from jinja2 import TemplateNotFound, TemplateSyntaxError, Undefined
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError
from jinja2.runtime import Macro

from pipeline.compiler.bible import Entry
from pipeline.compiler.catalogue import Code
from pipeline.compiler.draft import Draft, Drafts
from pipeline.compiler.findings import Findings, did_you_mean
from pipeline.compiler.marks import TagError
from pipeline.compiler.places import place_now, place_of_error
from pipeline.compiler.prelex import Prose
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


class Collector:
    """The tags of one run, in the order in which they were reached.

    Args:
        start: where a finding points when its place is not known.
        known: the names that all templates see, for suggestions.
        templates: the names that can be extended and imported.
    """

    def __init__(self, findings: Findings, start: Source, known: Iterable[str], templates: Iterable[str]) -> None:
        self._findings = findings
        self._start = start
        self._known = frozenset(known)
        self._templates = frozenset(templates)
        self._scenes: list[Draft] = []
        self._items: list[Draft] = []
        self._titles: list[Draft] = []
        self._music: list[Draft] = []
        self._with_prose: set[str] = set()  # templates whose stray words have been noted line by line
        self._scene = ""
        self._titles_of_shot: list[Draft] | None = None  # while a shot's text is being evaluated

    def drafts(self) -> Drafts:
        return Drafts(
            scenes=tuple(self._scenes),
            items=tuple(self._items),
            titles=tuple(self._titles),
            music=tuple(self._music),
        )

    def prose(self, path: str, found: Sequence[Prose]) -> None:
        if self._titles_of_shot is not None:
            return  # loaded from within a shot, which says these words
        for prose in found:
            self._with_prose.add(path)
            self.stray(Source(path=path, line=prose.line, column=prose.column), prose.words)

    def stray(self, source: Source, words: str) -> None:
        """Note words that no shot would say."""
        shown = " ".join(words.split())
        shown = shown if len(shown) <= _QUOTE_CHARS else f"{shown[: _QUOTE_CHARS - 1]}…"
        advice = "Move it into a {% shot %}, or make it a comment: {# … #}."
        self._findings.add(
            Code.STRAY_WORDS, source, f'"{shown}" stands outside of every shot and would be lost.', advice
        )

    def members(self, value: object, source: Source) -> Iterable[object]:
        if isinstance(value, Undefined):
            str(value)  # tells that it is missing
        elif isinstance(value, Iterable) and not isinstance(value, str):
            return value
        else:
            given = "nothing" if value is None else f'"{value}"'
            self._findings.add(
                Code.EACH_WITHOUT_LIST,
                source,
                f"each goes through a list, not through {given}.",
                "Write a list: [a, b].",
            )
        return ()

    def reached(
        self, tag: str, name: object, arguments: Mapping[str, object], source: Source, body: Callable[[], str] | None
    ) -> None:
        missing = [value for value in (name, *arguments.values()) if isinstance(value, Undefined)]
        for value in missing:
            str(value)  # tells that it is missing, while its line is still known
        draft = Draft(
            tag=tag,
            name="" if name is None else str(name),
            arguments={key: value for key, value in arguments.items() if not isinstance(value, Undefined)},
            is_broken=bool(missing),
            scene=self._scene,
            source=source,
        )
        if self._titles_of_shot is not None and tag != "title":
            advice = f"Close the shot with {{% endshot %}} before this {tag}."
            self._findings.add(Code.TAG_INSIDE, source, f"a {tag} stands inside of a shot.", advice)
        elif tag == "scene":
            self._reach_scene(draft, body)
        elif tag == "shot":
            self._reach_shot(draft, body)
        elif tag == "title":
            (self._titles if self._titles_of_shot is None else self._titles_of_shot).append(draft)
        else:
            (self._music if tag == "music" else self._items).append(draft)

    def _reach_scene(self, draft: Draft, body: Callable[[], str] | None) -> None:
        if self._scene:
            advice = "Close that with {% endscene %} first."
            self._findings.add(
                Code.TAG_INSIDE, draft.source, f'a scene stands inside of scene "{self._scene}".', advice
            )
        outer, self._scene = self._scene, draft.name
        self._scenes.append(draft)
        words, is_broken = self._evaluate(body, draft.source)
        self._scene = outer
        if words.strip() and not is_broken and draft.source.path not in self._with_prose:
            self.stray(draft.source, words)

    def _reach_shot(self, draft: Draft, body: Callable[[], str] | None) -> None:
        self._titles_of_shot = []
        words, is_broken = self._evaluate(body, draft.source)
        titles, self._titles_of_shot = tuple(self._titles_of_shot), None
        is_broken = is_broken or draft.is_broken
        self._items.append(replace(draft, prompt=words.strip(), is_broken=is_broken, titles=titles))

    def _evaluate(self, body: Callable[[], str] | None, source: Source) -> tuple[str, bool]:
        """The text between a tag and its end, and whether something was wrong in it."""
        before = len(self._findings)
        try:
            words = body() if body else ""
        except Exception as error:  # whatever a template does is a finding, never a traceback
            self.failed(error, source)
            words = ""
        return words, len(self._findings) > before

    def written(self, value: object) -> object:
        """What `{{ … }}` writes. A value that is no text is most often a slip."""
        kind = _NO_TEXT.get(type(value))
        if kind is None:
            return value
        advice = "Write out the part of it that you mean."
        self._findings.add(Code.NO_TEXT, place_now() or self._start, f"{kind} is written into the text here.", advice)
        return ""

    def missing(self, name: str, owner: object, hint: str | None) -> None:
        source = place_now() or self._start
        if hint:
            self._findings.add(
                Code.UNKNOWN_NAME, source, f"{hint.rstrip('.')}.", "Check the name, and what is imported."
            )
        elif owner is None:
            advice = did_you_mean(name, self._known, otherwise="Give it a value in project.yaml under `variables`.")
            self._findings.add(Code.UNKNOWN_NAME, source, f'nothing is called "{name}".', advice)
        else:
            advice = did_you_mean(name, _parts(owner), otherwise="It has no named parts.")
            self._findings.add(Code.UNKNOWN_PART, source, f'there is no "{name}" in {_described(owner)}.', advice)

    def failed(self, error: BaseException, source: Source) -> None:
        """Note an error that ended an evaluation; `source` is where that began."""
        if isinstance(error, TemplateSyntaxError):
            place = Source(
                path=error.filename or error.name or source.path,
                line=max(error.lineno, 1),
                column=error.column if isinstance(error, TagError) else None,
            )
            code, says, advice = _explained(error)
            self._findings.add(code, place, says, advice)
            return
        place = place_of_error(error) or source
        if isinstance(error, TemplateNotFound):
            advice = did_you_mean(str(error.name), self._templates, nearness=0.7)
            self._findings.add(Code.NO_SUCH_TEMPLATE, place, f'there is no template "{error.name}".', advice)
        elif isinstance(error, RecursionError):
            advice = "Look for a macro or a template that comes back to itself."
            self._findings.add(Code.WITHOUT_END, place, "this calls itself without end.", advice)
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
        return ["description", "images", "kind", "name"]
    return [key for key in getattr(owner, "__dict__", {}) if not key.startswith("_")]


def _described(owner: object) -> str:
    if isinstance(owner, TemplateModule):
        return f'"{owner.__name__}"'
    if isinstance(owner, Entry):
        return f"the {owner.kind} {owner.name}"
    return _NO_TEXT.get(type(owner), f'"{owner}"' if isinstance(owner, str) else "this value")


def _clause(error: BaseException) -> str:
    """What `error` says, as a clause without its full stop."""
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__


_EXPLANATIONS: Final = (
    (
        Code.UNKNOWN_TAG,
        r"Encountered unknown tag '(\w+)'.*",
        r'there is no tag "\1".',
        "docs/language.md lists the tags.",
    ),
    (Code.UNKNOWN_FILTER, r"no filter named '(\w+)'", r'there is no filter "\1".', "Jinja's manual lists the filters."),
    (Code.UNKNOWN_FILTER, r"no test named '(\w+)'", r'there is no test "\1".', "Jinja's manual lists the tests."),
)


def _explained(error: TemplateSyntaxError) -> tuple[Code, str, str]:
    """The rule that a tag breaks, what is wrong with it, and what to do."""
    message = error.message or "this cannot be read"
    if isinstance(error, TagError):
        return error.code, message, error.advice
    for code, pattern, says, advice in _EXPLANATIONS:
        found = re.match(pattern, message, re.IGNORECASE | re.DOTALL)
        if found:
            return code, found.expand(says), advice
    return Code.TEMPLATE_SYNTAX, f"{message.rstrip('.')}.", "Check the quotes, brackets and tags of this line."
