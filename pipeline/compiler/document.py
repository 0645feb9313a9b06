"""storyboard.yaml or .json: a Storyboard written by hand or by another tool, instead of a template."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from pipeline.compiler.catalogue import Code
from pipeline.compiler.findings import Findings, sentences
from pipeline.compiler.lint import lint
from pipeline.compiler.outline import Outline, generation_of
from pipeline.compiler.project_file import ProjectFile
from pipeline.compiler.rules import check_rules
from pipeline.compiler.schema import read_fields
from pipeline.compiler.sources import Sources
from pipeline.compiler.yaml_tree import Node, read_yaml
from pipeline.model.finding import Source
from pipeline.model.storyboard import Storyboard
from pipeline.timecode import parse_frames

_TIMES: Final = ("frames", "start", "fade_in", "fade_out")  # counts of frames that may be written as "3s"


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
        return places[source].at(argument) if source in places else source

    outline = Outline(scenes=storyboard.scenes, items=storyboard.items, music=storyboard.music)
    check_rules(outline, sources.files, findings, locate)
    if not findings:
        lint(outline, storyboard.aspect, sources, findings, locate)
    return storyboard


def _without_tabs(text: str) -> str:
    """JSON may be indented by tabs, YAML may not."""
    return "\n".join(" " * (len(line) - len(line.lstrip())) + line.lstrip() for line in text.split("\n"))


def _placed(node: Node, plain: Any) -> Iterator[tuple[Node, dict[str, Any]]]:
    """Every mapping that becomes a value with a `source`, as a node and as its plain value."""
    for key in ("scenes", "items", "titles"):
        listed = node.get(key)
        if listed and isinstance(listed.value, tuple):
            for member, value in zip(listed.value, plain[key], strict=True):
                if isinstance(value, dict):
                    yield member, value
                    yield from _placed(member, value)
    music = node.get("music")
    if music and isinstance(music.value, dict):
        yield music, plain["music"]


def _completed(tree: Node, name: str, project: ProjectFile, findings: Findings) -> dict[str, Any]:
    """The plain document with sources, types that follow from images, and project.yaml's values where it has none."""
    fields: dict[str, Any] = tree.plain()
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
    for node, value in _placed(tree, fields):
        value.setdefault("source", node.source)
        _complete(node, value, findings)
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
    images = value.get("images")
    if value.get("kind") == "shot" and "generation" not in value and isinstance(images, list):
        roles = [image.get("role") for image in images if isinstance(image, dict)]
        value["generation"] = generation_of(roles)
