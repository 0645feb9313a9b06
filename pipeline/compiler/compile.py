"""From sources to a Storyboard: brings the readers together and says everything that they found at once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from jinja2.defaults import DEFAULT_NAMESPACE

from pipeline.compiler.assemble import assemble
from pipeline.compiler.bible import KINDS, Entry, read_bible
from pipeline.compiler.catalogue import Code
from pipeline.compiler.compiled import Compiled
from pipeline.compiler.document import read_document
from pipeline.compiler.findings import Findings, did_you_mean
from pipeline.compiler.kept_yaml import read_kept
from pipeline.compiler.lint import lint
from pipeline.compiler.listing import Listed, find_film
from pipeline.compiler.patched import has_storyboard, patched
from pipeline.compiler.pinpoint import argument_place
from pipeline.compiler.project_file import ProjectFile, read_project
from pipeline.compiler.rules import check_rules
from pipeline.compiler.sources import BIBLE_FILE, PROJECT_FILE, Sources
from pipeline.compiler.syntax import report_syntax
from pipeline.compiler.template import run_template
from pipeline.compiler.variables import read_variables
from pipeline.compiler.yaml_tree import Node, read_yaml
from pipeline.model.finding import Source
from pipeline.model.storyboard import Storyboard

_NO_VARIABLES: Final[Mapping[str, str]] = MappingProxyType({})


def compile_storyboard(sources: Sources, variables: Mapping[str, str] = _NO_VARIABLES) -> Compiled:
    """The film that `sources` ask for.

    Args:
        variables: values as written on the command line; they win over project.yaml's, which must name them.

    Raises:
        StoryboardError: with everything that was found, warnings too.
    """
    return compile_into(Findings(sources), variables)


def compile_into(findings: Findings, variables: Mapping[str, str]) -> Compiled:
    """The same; `findings` know what was found even if this is stopped from outside."""
    sources = findings.sources
    read = read_kept if sources.episode else read_yaml
    project_tree = read(sources.texts.get(PROJECT_FILE, ""), PROJECT_FILE, findings)
    bible_tree = read(sources.texts.get(BIBLE_FILE, ""), BIBLE_FILE, findings)
    if project_tree is None or bible_tree is None:  # without their names, a template would seem full of mistakes
        if sources.storyboard_path.endswith(".jinja"):
            report_syntax(sources, sources.storyboard_path, findings)
        raise findings.error()
    film = _film_meant(project_tree, findings)
    sources = findings.sources
    entries = read_bible(bible_tree, sources.files, findings)
    if film:
        project_tree = patched(project_tree, film, entries, findings)
    project = read_project(project_tree, findings)
    findings.allow(project.lint.allow)
    values = read_variables(project_tree, variables, sources, findings)
    _check_names(values, project_tree, entries, bible_tree, findings)
    if film and not has_storyboard(film, findings):
        raise findings.error()
    if sources.storyboard_path.endswith(".jinja"):
        storyboard = _from_template(sources, project, {**values, **entries}, findings)
    else:
        storyboard = read_document(sources, project, findings)
    if storyboard is not None:
        _check_delivery(storyboard, project_tree, findings)
    if findings or storyboard is None:
        raise findings.error()
    if film:
        titled = storyboard.model_copy(update={"title": film.episode.title})
        storyboard = titled.within(film.episode.name)
    return Compiled(storyboard=storyboard, warnings=findings.warnings())


def _film_meant(project_tree: Node, findings: Findings) -> Listed | None:
    """The film of the series that is to be compiled, which `findings` are about from here on; None for the only one.

    Raises:
        StoryboardError: it is not known which.
    """
    before = len(findings)
    film = find_film(project_tree, findings)
    if len(findings) > before:
        raise findings.error()
    if film:
        findings.follow(findings.sources.of(film.episode))
    return film


def _from_template(
    sources: Sources, project: ProjectFile, names: Mapping[str, object], findings: Findings
) -> Storyboard | None:
    locate = partial(argument_place, sources.texts)
    drafts = run_template(sources, names, findings, locate)
    outline = assemble(drafts, findings, locate, project.continuity.frame)
    check_rules(outline, sources, findings, locate)
    start = Source(path=sources.storyboard_path, line=1)
    if not drafts.items and not findings:
        advice = "Write a {% shot %}; a template that extends another needs a `story` block there."
        findings.add(Code.NO_SHOT, start, "this storyboard has no shot.", advice)
    if findings:
        return None
    lint(outline, project.aspect_ratio, sources, findings, locate, names)
    return Storyboard(
        project=sources.project,
        title=project.title or sources.project,
        aspect=project.aspect_ratio,
        resolution=project.resolution,
        scenes=outline.scenes,
        items=outline.items,
        music=outline.music,
        narrations=outline.narrations,
        logos=outline.logos,
        delivery=project.ordered(),
        budget=project.allowed(),
    )


def _check_delivery(storyboard: Storyboard, project_tree: Node, findings: Findings) -> None:
    """What is delivered of single items names items that there are."""
    ids, delivery = [item.id for item in storyboard.items], storyboard.delivery
    named = [
        (item, project_tree.at("delivery", "formats", number, "items", item))
        for number, each in enumerate(delivery.formats)
        for item in each.items
    ]
    if delivery.poster:
        named.append((delivery.poster.item, project_tree.value_at("delivery", "poster")))
    for item, place in named:
        if item not in ids:
            findings.add(Code.NO_SUCH_ITEM, place, f'no item is called "{item}".', did_you_mean(item, ids))


def _check_names(
    values: Mapping[str, object],
    project_tree: Node,
    entries: Mapping[str, Entry],
    bible_tree: Node,
    findings: Findings,
) -> None:
    """A name means one thing in a template: variables, entries of the bible and Jinja's own do not share any."""
    for name in values:
        if name in DEFAULT_NAMESPACE:
            place = project_tree.at("variables", name)
            findings.add(
                Code.NAME_TAKEN, place, f'"{name}" is a name of Jinja\'s own.', "Call the variable something else."
            )
    for name, entry in entries.items():
        place = next((bible_tree.at(group, name) for group, kind in KINDS.items() if kind == entry.kind))
        if name in values:
            findings.add(
                Code.NAME_TAKEN, place, f'"{name}" is a variable of project.yaml too.', "Give one of them another name."
            )
        elif name in DEFAULT_NAMESPACE:
            findings.add(
                Code.NAME_TAKEN, place, f'"{name}" is a name of Jinja\'s own.', f"Call the {entry.kind} something else."
            )
