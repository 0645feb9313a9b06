"""Drafts → Outline: reads every argument, gives each item its id, and writes a scene's defaults into its items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.compiler.arguments import READERS, read_text
from pipeline.compiler.catalogue import Code
from pipeline.compiler.draft import Draft, Drafts
from pipeline.compiler.findings import Findings, did_you_mean, sentences
from pipeline.compiler.grammar import TAGS
from pipeline.compiler.outline import Locate, Outline, generation_of
from pipeline.model.storyboard import (
    ID_PATTERN,
    Card,
    Footage,
    Image,
    Item,
    Join,
    Music,
    Scene,
    Shot,
    Title,
)
from pipeline.timecode import Frames

_CARD_FRAMES: Frames = 72


def assemble(drafts: Drafts, findings: Findings, locate: Locate) -> Outline:
    """The film that `drafts` ask for; whatever cannot be read is a finding, and its default stands in for it."""
    return _Assembler(findings, locate).outline(drafts)


class _Assembler:
    """One pass over the drafts of one film."""

    def __init__(self, findings: Findings, locate: Locate) -> None:
        self._findings = findings
        self._locate = locate

    def outline(self, drafts: Drafts) -> Outline:
        scenes = {draft.id: self._read(draft) for draft in drafts.scenes}
        items: list[Item] = []
        for draft in drafts.items:
            written = self._read(draft)
            defaults = scenes.get(draft.scene, {})
            if items and "join" in defaults:
                written.setdefault("join", defaults["join"])
            for key in ("sound", "look"):
                if key in defaults:
                    written.setdefault(key, defaults[key])
            item = self._item(draft, written)
            if item:
                items.append(item)
        return Outline(
            scenes=tuple(self._scene(draft, scenes[draft.id]) for draft in drafts.scenes),
            items=self._with_titles(items, drafts.placed),
            music=self._music(drafts.music),
        )

    def _read(self, draft: Draft) -> dict[str, Any]:
        """The arguments of `draft` that it takes and that can be read."""
        fields: dict[str, Any] = {}
        known = TAGS[draft.tag].takes
        for name, value in draft.arguments.items():
            place = self._locate(draft.source, name)
            if name not in known:
                self._findings.add(
                    Code.UNKNOWN_ARGUMENT, place, f'a {draft.tag} takes no "{name}".', did_you_mean(name, known)
                )
            else:
                try:
                    fields[name] = READERS[name](value)
                except ValueError as error:
                    says, advice = sentences(error)
                    self._findings.add(Code.WRONG_ARGUMENT, place, f"{name}: {says}.", advice)
        for name in TAGS[draft.tag].needs:
            if name not in draft.arguments and not draft.is_broken:
                self._findings.add(
                    Code.MISSING_ARGUMENT, draft.source, f"this {draft.tag} has no {name}.", f'Add {name}="…".'
                )
        return fields

    def _scene(self, draft: Draft, fields: Mapping[str, Any]) -> Scene:
        self._check_id(draft)
        return Scene(id=draft.id, look=fields.get("look", ""), source=draft.source)

    def _item(self, draft: Draft, fields: Mapping[str, Any]) -> Item | None:
        if not self._check_id(draft):
            return None
        common = {
            "id": draft.id,
            "scene": draft.scene,
            "join": fields.get("join", Join()),
            "titles": tuple(self._title(title) for title in draft.placed),
            "source": draft.source,
        }
        if draft.tag == "shot":
            return self._shot(draft, fields, common)
        if draft.tag == "card":
            return Card(
                **common,
                text=fields.get("text", ""),
                frames=fields.get("for", _CARD_FRAMES),
                **_given(fields, ground="ground"),
            )
        return Footage(**common, file=fields.get("file", ""), **_given(fields, trim="trim", sound="sound"))

    def _shot(self, draft: Draft, fields: Mapping[str, Any], common: Mapping[str, Any]) -> Shot:
        images = (
            *(Image(role="first", url=fields["first"]) for _ in range("first" in fields)),
            *(Image(role="last", url=fields["last"]) for _ in range("last" in fields)),
            *(Image(role="ref", url=url) for url in fields.get("refs", ())),
        )
        prompt = draft.prompt or ("(has a finding)" if draft.is_broken else "")
        look = fields.get("look", "")
        return Shot(
            **common,
            prompt=f"{prompt}\n\n{look}" if prompt and look else prompt,
            generation=fields.get("type", generation_of([image.role for image in images])),
            images=images,
            **_given(fields, trim="trim", sound="sound"),
        )

    def _title(self, draft: Draft) -> Title:
        fields = self._read(draft)
        try:
            if not read_text(draft.head or "") and not draft.is_broken:
                self._findings.add(
                    Code.NO_WORDS, draft.source, "this title has no words.", 'Write them first: {% title "…" %}.'
                )
        except ValueError as error:
            says, advice = sentences(error)
            self._findings.add(Code.WRONG_ARGUMENT, draft.source, f"{says}.", advice)
        return Title(
            text=str(draft.head), source=draft.source, **_given(fields, place="place", start="from", frames="for")
        )

    def _with_titles(self, items: Sequence[Item], drafts: Sequence[Draft]) -> tuple[Item, ...]:
        """`items` with the titles that name theirs by `on`."""
        by_id = {item.id: item for item in items}
        for draft in drafts:
            on = self._read(draft).get("on", "")
            if on in by_id:
                titles = (*by_id[on].titles, self._title(draft))
                by_id[on] = by_id[on].model_copy(update={"titles": titles})
            elif on:
                place = self._locate(draft.source, "on")
                self._findings.add(Code.NO_SUCH_ITEM, place, f'no item is called "{on}".', did_you_mean(on, by_id))
            elif "on" not in draft.arguments and not draft.is_broken:
                advice = 'Put it into a shot, or name its item: on="…".'
                self._findings.add(Code.OVER_NOTHING, draft.source, "this title stands over nothing.", advice)
        return tuple(by_id[item.id] if by_id[item.id].source == item.source else item for item in items)

    def _music(self, drafts: Sequence[Draft]) -> Music | None:
        for draft in drafts[1:]:
            says = f"a second music; the first is at {drafts[0].source}."
            self._findings.add(Code.SECOND_MUSIC, draft.source, says, "Keep one of them: a film has one track.")
        if not drafts:
            return None
        fields = self._read(drafts[0])
        given = _given(fields, gain_db="gain", fade_in="fade_in", fade_out="fade_out")
        return Music(file=fields.get("file", ""), source=drafts[0].source, **given)

    def _check_id(self, draft: Draft) -> bool:
        item_id = draft.id
        if ID_PATTERN.fullmatch(item_id):
            return True
        if draft.is_broken:
            return False
        says = f'"{item_id}" is no id for a {draft.tag}.' if item_id else f"this {draft.tag} has no id."
        advice = "Use letters, digits, - and _, with dots between parts; it begins with a letter or digit."
        self._findings.add(
            Code.BAD_ID, draft.source, says, advice if item_id else f'Write one first: {{% {draft.tag} "name" … %}}.'
        )
        return False


def _given(fields: Mapping[str, Any], **names: str) -> dict[str, Any]:
    """Those of `fields` that were given, under the model's names for them."""
    return {name: fields[written] for name, written in names.items() if written in fields}
