"""storyboard.yaml or .json: a Storyboard written by hand or by another tool, instead of a template."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from pipeline.compiler.arguments import READERS
from pipeline.compiler.catalogue import Code
from pipeline.compiler.findings import Findings, sentences
from pipeline.compiler.lint import lint
from pipeline.compiler.outline import Outline, generation_of
from pipeline.compiler.pictures import image, read_picture
from pipeline.compiler.project_file import ProjectFile
from pipeline.compiler.rules import check_rules
from pipeline.compiler.schema import read_fields
from pipeline.compiler.sources import Sources
from pipeline.compiler.yaml_tree import Node, read_yaml
from pipeline.model.finding import Source
from pipeline.model.storyboard import Storyboard
from pipeline.timecode import Frames, parse_frames

_TIMES: Final = (
    "frames",
    "start",
    "lead",
    "lag",
    "fade_in",
    "fade_out",
)  # counts of frames that may be written as "3s"
_READ_AS: Final = {"width": "width", "gain_db": "gain"}  # numbers that may be written as in templates: "12%", "-9dB"
_LISTS: Final = {
    # key: what a member is that is written as a text alone
    "scenes": "id",
    "items": "",
    "titles": "text",
    "captions": "text",
    "narrations": "file",
    "logos": "file",
    "made_of": "",
}
_KEYS: Final = {
    # what rules call by the name that templates have for it
    "first": "images",
    "for": "frames",
    "from": "start",
    "last": "images",
    "refs": "images",
    "type": "generation",
}


def read_document(sources: Sources, project: ProjectFile, findings: Findings) -> Storyboard | None:
    """The document of the project, with project.yaml for what it leaves open; None if there are findings."""
    path = sources.storyboard_path
    text = sources.texts.get(path, "")
    if path.endswith(".json"):
        text = _without_tabs(text)
    tree = read_yaml(text, path, findings)
    if tree is None:
        return None
    if not isinstance(tree.value, dict):
        findings.add(Code.NO_DOCUMENT, tree.source, "this is no storyboard.", "Write `items:` with a list below it.")
        return None
    storyboard = read_fields(Storyboard, tree, findings, _completed(tree, sources.project, project, findings))
    if storyboard is None:
        return None
    places = {node.source: node for node, _ in _placed(tree, tree.plain())}

    def locate(source: Source, argument: str) -> Source:
        return places[source].value_at(_KEYS.get(argument, argument)) if source in places else source

    outline = Outline(
        scenes=storyboard.scenes,
        items=storyboard.items,
        music=storyboard.music,
        narrations=storyboard.narrations,
        logos=storyboard.logos,
    )
    check_rules(outline, sources, findings, locate)
    if not findings:
        lint(outline, storyboard.aspect, sources, findings, locate)
    return storyboard


def _without_tabs(text: str) -> str:
    """JSON may be indented by tabs, YAML may not."""
    return "\n".join(" " * (len(line) - len(line.lstrip())) + line.lstrip() for line in text.split("\n"))


def _placed(node: Node, plain: Any) -> Iterator[tuple[Node, dict[str, Any]]]:
    """Every mapping that becomes a value with a `source`, as a node and as its plain value."""
    for key in _LISTS:
        listed = node.get(key)
        if listed and isinstance(listed.value, tuple):
            for member, value in zip(listed.value, plain[key], strict=True):
                if isinstance(value, dict):
                    yield member, value
                    yield from _placed(member, value)
    music = node.get("music")
    if music and isinstance(plain["music"], dict):
        yield music, plain["music"]


def _lengthen(fields: dict[str, Any]) -> None:
    """Put the whole form for what is written as a text alone."""
    for key, meant in _LISTS.items():
        members = fields.get(key)
        if isinstance(members, list):
            fields[key] = [{meant: each} if meant and isinstance(each, str) else each for each in members]
            for member in fields[key]:
                if isinstance(member, dict):
                    _lengthen(member)
    if isinstance(fields.get("music"), str):
        fields["music"] = {"file": fields["music"]}
    if isinstance(fields.get("images"), list):
        fields["images"] = [_image(each) if isinstance(each, str) else each for each in fields["images"]]


def _image(written: str) -> object:
    """A picture that is written alone is one to go by."""
    try:
        return image("ref", read_picture(written)).model_dump()
    except ValueError:
        return {"role": "ref", "url": written}


def _completed(tree: Node, name: str, project: ProjectFile, findings: Findings) -> dict[str, Any]:
    """The plain document with sources, types that follow from images, and project.yaml's values where it has none."""
    fields: dict[str, Any] = tree.plain()
    _lengthen(fields)
    schema = fields.pop("schema", Storyboard.schema_name)
    if schema != Storyboard.schema_name:
        says = f'this document says that it is a "{schema}".'
        findings.add(
            Code.NO_DOCUMENT, tree.at("schema"), says, f'Write a "{Storyboard.schema_name}", or leave `schema` out.'
        )
    fields["project"] = name
    fields.setdefault("title", project.title or name)
    fields.setdefault("aspect", project.aspect_ratio)
    fields.setdefault("resolution", project.resolution)
    fields.setdefault("delivery", project.ordered())
    fields.setdefault("budget", project.allowed())
    fields.setdefault("scenes", [])
    shot_before = ""
    for node, value in _placed(tree, fields):
        value.setdefault("source", node.source)
        _complete(node, value, findings)
        if value.get("kind") == "shot":
            _complete_shot(node, value, shot_before, project.continuity.frame, findings)
            shot_before = str(value.get("id", ""))
    return fields


def _complete(node: Node, value: dict[str, Any], findings: Findings) -> None:
    if value.get("kind") in ("shot", "footage", "card"):
        value.setdefault("scene", "")
        if isinstance(value.get("prompt"), str):
            value["prompt"] = value["prompt"].strip()
    for key in _TIMES:
        if isinstance(value.get(key), str):
            try:
                value[key] = parse_frames(value[key])
            except ValueError as error:
                says, advice = sentences(error)
                findings.add(Code.WRONG_VALUE, node.at(key), f"{key}: {says}.", advice)
                value[key] = 1
    for key, reader in _READ_AS.items():
        if isinstance(value.get(key), str):
            try:
                value[key] = READERS[reader](value[key])
            except ValueError as error:
                says, advice = sentences(error)
                findings.add(Code.WRONG_VALUE, node.at(key), f"{key}: {says}.", advice)
                value.pop(key)


def _complete_shot(node: Node, value: dict[str, Any], shot_before: str, late_frame: Frames, findings: Findings) -> None:
    """Which shot `continues: true` means, and the type that follows from the pictures."""
    if value.get("continues") is True and not shot_before:
        says = "there is no shot before this one."
        findings.add(Code.CONTINUES_NOTHING, node.at("continues"), says, "Name the one that it goes on from.")
    if isinstance(value.get("continues"), bool):
        goes_on = value["continues"] and shot_before
        value["continues"] = {"shot": shot_before, "frame": late_frame} if goes_on else None
    images = value.get("images", [])
    if "generation" not in value and isinstance(images, list):
        roles = [each.get("role") for each in images if isinstance(each, dict)]
        value["generation"] = generation_of([*roles, *(["first"] if value.get("continues") else [])])
