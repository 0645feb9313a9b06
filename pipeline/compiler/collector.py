"""Receives what templates say, in the order of the film: which tag stands in which, and what belongs to whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from jinja2 import Undefined

from pipeline.compiler.bible import Entry
from pipeline.compiler.bounds import MAX_TAGS, TooMuchError, bounded
from pipeline.compiler.catalogue import Code
from pipeline.compiler.draft import Draft, Drafts
from pipeline.compiler.each import id_part, pairs
from pipeline.compiler.findings import Findings, sentences
from pipeline.compiler.grammar import TAGS
from pipeline.compiler.outline import Locate
from pipeline.compiler.prelex import Prose
from pipeline.compiler.slips import Slips
from pipeline.compiler.speech import sentence, unquoted
from pipeline.compiler.told import Told, carried
from pipeline.model.finding import Source

_OFTEN_ENTRIES: Final = frozenset({"first", "last", "look", "refs", "speaker"})  # arguments


class Collector:
    """The tags of one run, in the order in which they were reached.

    Args:
        entries: those of the bible. Where one is wanted, its name in quotes means it, too.
    """

    def __init__(self, findings: Findings, slips: Slips, locate: Locate, entries: Mapping[str, Entry]) -> None:
        self._entries = entries
        self._findings = findings
        self._slips = slips
        self._locate = locate
        self._reached = 0
        self._scenes: list[Draft] = []
        self._items: list[Draft] = []
        self._placed: list[Draft] = []
        self._music: list[Draft] = []
        self._with_prose: set[str] = set()  # templates whose stray words have been noted line by line
        self._scene: Draft | None = None  # while its body is being evaluated
        self._in_shot: list[Draft] | None = None  # what stands in a shot, while its text is being evaluated
        self._is_saying = False

    def drafts(self) -> Drafts:
        return Drafts(
            scenes=tuple(self._scenes),
            items=tuple(self._items),
            placed=tuple(self._placed),
            music=tuple(self._music),
        )

    def prose(self, path: str, found: Sequence[Prose]) -> None:
        if self._in_shot is not None:
            return  # loaded from within a shot, which says these words
        for prose in found:
            self._with_prose.add(path)
            self._slips.stray(Source(path=path, line=prose.line, column=prose.column), prose.words)

    def members(self, value: object, names: int, source: Source) -> Iterator[tuple[str, object]]:
        if isinstance(value, Undefined):
            str(value)  # tells that it is missing
        elif not isinstance(value, Iterable) or isinstance(value, str):
            given = "nothing" if value is None else f'"{value}"'
            says = f"each goes through a list, not through {given}."
            self._findings.add(Code.EACH_WITHOUT_LIST, source, says, "Write a list: [a, b].")
        else:
            for named, bound in pairs(value, names):
                try:
                    part = id_part(named)
                except ValueError as error:
                    says, advice = sentences(error)
                    self._findings.add(Code.WRONG_ARGUMENT, self._locate(source, "each"), f"each: {says}.", advice)
                else:
                    yield part, bound

    def reached(
        self,
        tag: str,
        head: object,
        arguments: Mapping[str, object],
        parts: Sequence[str],
        source: Source,
        body: Callable[[], str] | None,
    ) -> str:
        self._reached += 1
        if self._reached > MAX_TAGS:
            raise TooMuchError(f"the templates reach more than {MAX_TAGS:,} tags")
        draft = self._draft(tag, head, arguments, parts, source)
        if self._in_shot is not None and not TAGS[tag].in_shot:
            advice = f"Close the shot with {{% endshot %}} before this {tag}."
            if tag == "music":
                advice = "Move it out of the shot, best to the top of the file."
            says = f"this {tag} stands inside of a shot."
            self._findings.add(Code.TAG_INSIDE, source, says, advice)
        elif tag == "scene":
            self._reach_scene(draft, body)
        elif tag == "shot":
            self._reach_shot(draft, body)
        elif tag == "say":
            return self._reach_say(draft, body)
        elif TAGS[tag].in_shot:
            (self._placed if self._in_shot is None else self._in_shot).append(draft)
        else:
            (self._music if tag == "music" else self._items).append(draft)
        return ""

    def _draft(
        self, tag: str, head: object, arguments: Mapping[str, object], parts: Sequence[str], source: Source
    ) -> Draft:
        """A tag as data, without the names in it that mean nothing."""
        missing = [value for value in (head, *arguments.values()) if isinstance(value, Undefined)]
        for value in missing:
            str(value)  # tells that it is missing, while its line is still known
        has_text = isinstance(head, str | int | float | Told | Undefined | None)
        if not has_text:
            says = f"what stands first in this {tag} is no text."
            self._findings.add(Code.NO_TEXT, source, says, "Put quotes around it.")
        return Draft(
            tag=tag,
            head=head if has_text and not isinstance(head, Undefined) else None,
            parts=(*(self._scene.parts if self._scene else ()), *parts),
            arguments={
                name: self._meant(value) if name in _OFTEN_ENTRIES else value
                for name, value in arguments.items()
                if not isinstance(value, Undefined)
            },
            is_broken=bool(missing) or not has_text,
            scene=self._scene.id if self._scene else "",
            source=source,
        )

    def _reach_scene(self, draft: Draft, body: Callable[[], str] | None) -> None:
        if self._scene:
            says = f'a scene stands inside of scene "{self._scene.id}".'
            self._findings.add(Code.TAG_INSIDE, draft.source, says, "Close that with {% endscene %} first.")
        self._scenes.append(draft)
        outer, self._scene = self._scene, draft
        words, is_broken = self._evaluate(body, draft.source)
        self._scene = outer
        if words.strip() and not is_broken and draft.source.path not in self._with_prose:
            self._slips.written_outside(draft.source, words)

    def _reach_shot(self, draft: Draft, body: Callable[[], str] | None) -> None:
        self._in_shot = []
        words, is_broken = self._evaluate(body, draft.source)
        placed, self._in_shot = tuple(self._in_shot), None
        is_broken = is_broken or draft.is_broken
        words = carried(words.strip(), (words,))
        self._items.append(replace(draft, prompt=words, is_broken=is_broken, placed=placed))

    def _reach_say(self, draft: Draft, body: Callable[[], str] | None) -> str:
        """Keep a line that is said, and answer with the sentence that asks for it."""
        is_inside, self._is_saying = self._is_saying, True
        line, is_broken = self._evaluate(body, draft.source)
        self._is_saying = is_inside
        line = carried(unquoted(line.strip()), (line,))
        speaker = "" if draft.head is None else self._meant(draft.head)
        if is_inside:
            advice = "Close that with {% endsay %} first."
            self._findings.add(Code.TAG_INSIDE, draft.source, "a say stands inside of a say.", advice)
        elif self._in_shot is None:
            advice = "Put it into the shot in which it is said."
            self._findings.add(Code.OVER_NOTHING, draft.source, "this say stands outside of every shot.", advice)
        elif not str(speaker).strip() and not draft.is_broken:
            advice = 'Name who speaks: {% say hero %}, or {% say "The captain" %}.'
            self._findings.add(Code.MISSING_ARGUMENT, draft.source, "nobody says this.", advice)
        elif not line and not is_broken:
            advice = "Write them between {% say … %} and {% endsay %}."
            self._findings.add(Code.NO_WORDS, draft.source, "this say has no words.", advice)
        else:
            self._in_shot.append(replace(draft, head=speaker, prompt=line))
            return sentence(speaker, line)
        return ""

    def _meant(self, value: object) -> object:
        """The entry of the bible that is called `value`, if there is one."""
        return self._entries.get(value, value) if isinstance(value, str) else value

    def _evaluate(self, body: Callable[[], str] | None, source: Source) -> tuple[str, bool]:
        """The text between a tag and its end, and whether something was wrong in it."""
        before = len(self._findings) + self._slips.count
        try:
            words = bounded(body()) if body else ""
        except Exception as error:  # whatever a template does is a finding, never a traceback
            self._slips.failed(error, source)
            words = ""
        return words, len(self._findings) + self._slips.count > before
