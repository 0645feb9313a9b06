"""Reads what a tag was given; whatever cannot be read is a finding at its place, and is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.compiler.arguments import OF_A_TAG, READERS, read_text
from pipeline.compiler.catalogue import Code
from pipeline.compiler.draft import Draft
from pipeline.compiler.each import slug
from pipeline.compiler.findings import Findings, nearest, sentences
from pipeline.compiler.grammar import OF_THE_WORDS, OTHER_NAMES, TAGS, Tag
from pipeline.compiler.outline import Locate
from pipeline.compiler.pinpoint import argument_name_place, words_place
from pipeline.compiler.scope import word_for_a_value
from pipeline.model.storyboard import ID_PATTERN


class Reading:
    """The arguments of the drafts of one film."""

    def __init__(self, findings: Findings, locate: Locate) -> None:
        self._findings = findings
        self._locate = locate

    def fields(self, draft: Draft) -> dict[str, Any]:
        """The arguments of `draft` that it takes and that can be read."""
        fields: dict[str, Any] = {}
        tag = TAGS[draft.tag]
        for name, value in draft.arguments.items():
            if name not in tag.takes:
                subject = draft.tag if draft.tag in ("footage", "music") else f"a {draft.tag}"
                says = f'{subject} takes no "{name}".'
                place = argument_name_place(self._findings.sources.texts, draft.source, name)
                self._findings.add(Code.UNKNOWN_ARGUMENT, place, says, _suggestion(name, tag))
                continue
            reader = OF_A_TAG.get((draft.tag, name)) or READERS[name]
            try:
                fields[name] = reader(value)
            except ValueError as error:
                says, advice = sentences(error)
                self.add(Code.WRONG_ARGUMENT, draft, f"{name}: {says}.", advice, name)
        for name in tag.needs:
            if name not in draft.arguments and not draft.is_broken:
                self.add(Code.MISSING_ARGUMENT, draft, f"this {draft.tag} has no {name}.", f'Add {name}="…".')
        return fields

    def words(self, draft: Draft) -> str:
        """What stands first in a tag that begins with words, and is not empty."""
        words = ""
        try:
            words = read_text("" if draft.head is None else draft.head)
        except ValueError as error:
            says, advice = sentences(error)
            self.add(Code.WRONG_ARGUMENT, draft, f"{says}.", advice)
            return str(draft.head)
        if not words and not draft.is_broken:
            advice = f'Write them first: {{% {draft.tag} "…" %}}.'
            if draft.head is None:
                advice += " If a name stands there, it is empty in project.yaml, where a # hides what follows it."
            self.add(Code.NO_WORDS, draft, f"this {draft.tag} has no words.", advice)
        return words

    def has_id(self, draft: Draft) -> bool:
        """Whether the id of `draft` is one."""
        if slip := word_for_a_value(self._findings.sources.texts, draft.source):
            name, advice, place = slip
            self._findings.add(Code.BAD_ID, place, f"{name} without brackets is the word itself.", advice)
            return False
        if ID_PATTERN.fullmatch(draft.id):
            return True
        if not draft.is_broken:
            says = f'"{draft.id}" is no id for a {draft.tag}.' if draft.id else f"this {draft.tag} has no id."
            advice = "Use letters, digits, - and _, with dots between parts; it begins with a letter or digit."
            if meant := slug(draft.id):
                advice = f'Write "{meant}".'
            if "{{" in draft.id:
                advice = f'Leave the braces away, and join by ~: {{% {draft.tag} "run-" ~ city %}}.'
            elif not draft.id:
                advice = f'Write one first: {{% {draft.tag} "name" … %}}.'
            place = words_place(self._findings.sources.texts, draft.source, f'"{draft.id}"')
            self._findings.add(Code.BAD_ID, place, says, advice)
        return False

    def add(
        self,
        code: Code,
        draft: Draft,
        says: str,
        advice: str,
        argument: str = "",
        allowed: frozenset[Code] = frozenset(),
    ) -> None:
        """A finding at `argument` of `draft`, or at its tag."""
        place = self._locate(draft.source, argument) if argument else draft.source
        self._findings.add(code, place, says, advice, allowed)


def _suggestion(name: str, tag: Tag) -> str:
    """What `tag` calls an argument that was written as `name`."""
    known = (*tag.takes, tag.head.value)
    if name in OF_THE_WORDS and tag is TAGS["shot"]:
        return "Write it into the words between {% shot %} and {% endshot %}."
    if meant := next((other for other in OTHER_NAMES.get(name, ()) if other in known), None):
        return f'Did you mean "{meant}"?'
    if owners := [owner for owner, other in TAGS.items() if name in other.takes]:
        return f'Leave it out: "{name}" belongs to {" and ".join(filter(None, (", ".join(owners[:-1]), owners[-1])))}.'
    return nearest(name, known) or f"There are: {', '.join(sorted((*tag.takes, 'when')))}."


def given(fields: Mapping[str, Any], **names: str) -> dict[str, Any]:
    """Those of `fields` that were given, under the model's names for them."""
    return {name: fields[written] for name, written in names.items() if written in fields}
