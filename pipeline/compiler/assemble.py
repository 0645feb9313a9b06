"""Drafts → Outline: gives each item its id, and writes a scene's defaults into its items.

How arguments are read is in `reading`; what stands on items is placed by `placed`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pipeline.compiler.catalogue import Code
from pipeline.compiler.continuity import continuation
from pipeline.compiler.draft import Draft, Drafts
from pipeline.compiler.findings import Findings, sentences
from pipeline.compiler.outline import Locate, Outline, generation_of
from pipeline.compiler.pictures import MAX_REFS, Asked, Chosen, choose
from pipeline.compiler.placed import Placed, captions_of, logos_of, narrations_of, place_all, titles_of
from pipeline.compiler.reading import Reading, given
from pipeline.compiler.speech import without_subtitles
from pipeline.compiler.told import Origin, joined, origins_of
from pipeline.model.instructions import Continuation, Trim
from pipeline.model.storyboard import Card, Footage, Ingredient, Item, Music, Scene, Shot
from pipeline.timecode import SHOT_FRAMES, Frames

_CARD_FRAMES: Final[Frames] = 72
_FROM_THE_SCENE: Final = ("sound", "look", "mend")  # what holds where the item says nothing
_BROKEN: Final = "(has a finding)"  # stands for the prompt of a shot whose text could not be made


def assemble(drafts: Drafts, findings: Findings, locate: Locate, late_frame: Frames = 0) -> Outline:
    """The film that `drafts` ask for; whatever cannot be read is a finding, and its default stands in for it.

    Args:
        late_frame: which frame a shot goes on from that does not say.
    """
    return _Assembler(drafts, Reading(findings, locate), late_frame).outline()


class _Assembler:
    """One pass over the drafts of one film."""

    def __init__(self, drafts: Drafts, reading: Reading, late_frame: Frames) -> None:
        self._drafts = drafts
        self._reading = reading
        self._late_frame = late_frame
        self._scenes = {draft.id: reading.fields(draft) for draft in drafts.scenes}
        self._shots = {draft.id: None for draft in drafts.items if draft.tag == "shot"}
        self._allowed: dict[str, frozenset[Code]] = {}
        self._shot_before: str | None = None

    def outline(self) -> Outline:
        placed = place_all(self._drafts, self._reading)
        by_item: dict[str, list[Placed]] = {}
        for each in placed:
            by_item.setdefault(each.on, []).append(each)
        items: list[Item] = []
        for draft in self._drafts.items:
            fields = self._with_defaults(draft, is_first=not items)
            if self._reading.has_id(draft):
                items.append(self._item(draft, fields, by_item.get(draft.id, ())))
        return Outline(
            scenes=tuple(map(self._scene, self._drafts.scenes)),
            items=tuple(items),
            music=self._music(self._drafts.music),
            narrations=narrations_of(placed),
            logos=logos_of(placed, self._reading),
            allowed=self._allowed,
        )

    def _scene(self, draft: Draft) -> Scene:
        self._reading.has_id(draft)
        return Scene(id=draft.id, look=self._scenes[draft.id].get("look", ""), source=draft.source)

    def _with_defaults(self, draft: Draft, *, is_first: bool) -> dict[str, Any]:
        """The arguments of an item, with those of its scene where it says nothing. The film's first has no join."""
        fields = self._reading.fields(draft)
        if is_first and draft.parts:  # a join that `each` repeats is meant between the items that it makes
            for key in ("join", "lead", "lag"):
                fields.pop(key, None)
        scene = self._scenes.get(draft.scene, {})
        for key in (*_FROM_THE_SCENE, *(() if is_first else ("join",))):
            if key in scene:
                fields.setdefault(key, scene[key])
        return fields

    def _item(self, draft: Draft, fields: Mapping[str, Any], stands: Sequence[Placed]) -> Item:
        trim = fields.get("trim", Trim())
        length = (trim.stop or SHOT_FRAMES) - trim.start if draft.tag == "shot" else None
        common = {
            "id": draft.id,
            "scene": draft.scene,
            "titles": titles_of(stands, self._reading),
            "captions": captions_of(stands, length, self._reading),
            "source": draft.source,
            **given(fields, join="join", lead="lead", lag="lag"),
        }
        if draft.tag == "shot":
            return self._shot(draft, fields, common)
        if draft.tag == "card":
            frames = fields.get("for", _CARD_FRAMES)
            return Card(**common, text=fields.get("text", ""), frames=frames, **given(fields, ground="ground"))
        return Footage(**common, file=fields.get("file", ""), **given(fields, trim="trim", sound="sound", mend="mend"))

    def _shot(self, draft: Draft, fields: Mapping[str, Any], common: Mapping[str, Any]) -> Shot:
        scene = self._scenes.get(draft.scene, {})
        allowed = fields.get("allow", frozenset()) | scene.get("allow", frozenset())
        continues = self._continues(draft, fields)
        prompt, origins = _prompt(draft, fields.get("look", ""))
        asked = Asked(
            first=fields.get("first"),
            last=fields.get("last"),
            refs=fields.get("refs"),
            scene_refs=scene.get("refs", ()),
            origins=origins,
            generation=fields.get("type"),
            is_continued=continues is not None,
        )
        chosen = choose(asked)
        self._tell(draft, chosen, allowed)
        self._allowed[draft.id] = allowed
        self._shot_before = draft.id
        roles = [image.role for image in chosen.images] + ["first"] * (continues is not None)
        return Shot(
            **common,
            prompt=prompt,
            generation=fields.get("type", generation_of(roles)),
            images=chosen.images,
            continues=continues,
            made_of=tuple(Ingredient(name=each.name, text=each.text, source=each.source) for each in origins),
            **given(fields, trim="trim", sound="sound", mend="mend"),
        )

    def _continues(self, draft: Draft, fields: Mapping[str, Any]) -> Continuation | None:
        asked = fields.get("continues")
        if asked is None:
            return None
        try:
            return continuation(asked, draft.id, draft.parts, self._shot_before, self._shots, self._late_frame)
        except ValueError as error:
            says, advice = sentences(error)
            self._reading.add(Code.CONTINUES_NOTHING, draft, f"{says}.", advice, "continues")
            return None

    def _tell(self, draft: Draft, chosen: Chosen, allowed: frozenset[Code]) -> None:
        if chosen.left_behind:
            names = " and ".join(chosen.left_behind)
            says = f"the pictures of {names} cannot go along with {draft.id}: it begins or ends with a picture."
            advice = "Write {{ name.description }} for the words alone, or take the first or last picture away."
            self._reading.add(Code.REFS_LEFT_BEHIND, draft, says, advice, allowed=allowed)
        if chosen.too_many:
            says = f"{draft.id} has more than {MAX_REFS} pictures to go by: {chosen.too_many}."
            advice = "Write {{ name.description }} for the words without the pictures, or refs=[] for no pictures."
            self._reading.add(Code.NUMBER_OF_IMAGES, draft, says, advice)

    def _music(self, drafts: Sequence[Draft]) -> Music | None:
        for draft in drafts[1:]:
            says = f"a second music; the first is at {drafts[0].source}."
            self._reading.add(Code.SECOND_MUSIC, draft, says, "Keep one of them: a film has one track.")
        if not drafts:
            return None
        fields = self._reading.fields(drafts[0])
        same = {name: name for name in ("on", "trim", "duck", "fade_in", "fade_out")}
        said = given(fields, gain_db="gain", start="from", **same)
        return Music(file=fields.get("file", ""), source=drafts[0].source, **said)


def _prompt(draft: Draft, look: str) -> tuple[str, tuple[Origin, ...]]:
    """The whole prompt of a shot, and what it is made of: its text, what keeps subtitles away, its look."""
    prompt = draft.prompt or (_BROKEN if draft.is_broken else "")
    if any(each.tag == "say" for each in draft.placed):
        prompt = joined((prompt, without_subtitles(prompt, look)))
    whole = joined((prompt, "\n\n", look)) if prompt and look else prompt
    return whole, origins_of((whole,))
