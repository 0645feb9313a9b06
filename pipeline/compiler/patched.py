"""project.yaml as one film of a series has it: what the film says anew stands in its place, each value with its own.

Variables are taken over name by name, other mappings key by key, everything else as a whole.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from pipeline.compiler.catalogue import Code
from pipeline.compiler.findings import Findings, did_you_mean
from pipeline.compiler.listing import Listed
from pipeline.compiler.project_file import Patch, ProjectFile
from pipeline.compiler.schema import read_fields
from pipeline.compiler.series_file import Choice
from pipeline.compiler.yaml_tree import Entry, Node

_OF_THE_SERIES: Final = ("budget", "grants")


def patched(project_tree: Node, film: Listed, taken: Collection[str], findings: Findings) -> Node:
    """The tree of project.yaml for `film`. What cannot be said for one film is a finding.

    Args:
        taken: names of the bible; those of the film's own variables are given to templates where they are free.
    """
    if not isinstance(project_tree.value, dict):
        return project_tree
    tree = project_tree.without("variants")
    read_fields(ProjectFile, tree, findings)  # what is wrong there is wrong, whatever stands in its place
    for choice in film.choices:
        tree = _merged(tree, _said_anew(choice, findings))
    return _with_names(tree, film, taken)


def _said_anew(choice: Choice, findings: Findings) -> Node:
    """What `choice` says of project.yaml."""
    for key in _OF_THE_SERIES:
        if choice.patch.get(key):
            says = f'"{key}" belongs to the whole series, not to one film.'
            findings.add(Code.OF_THE_SERIES, choice.patch.at(key), says, "Write it into project.yaml.")
    read_fields(Patch, choice.patch.without(*_OF_THE_SERIES), findings)
    return choice.patch.without(*_OF_THE_SERIES, "storyboard", "variants")


def _merged(base: Node, patch: Node, *, whole: bool = False) -> Node:
    """`base` with what `patch` says in its place.

    Args:
        whole: the values of these mappings are taken as they are, mappings or not.
    """
    if not isinstance(base.value, dict) or not isinstance(patch.value, dict):
        return patch
    entries = dict(base.value)
    for key, entry in patch.value.items():
        old = entries.get(key)
        node = _merged(old.node, entry.node, whole=key == "variables") if old and not whole else entry.node
        entries[key] = Entry(entry.source, node)
    return Node(entries, base.source)


def _with_names(tree: Node, film: Listed, taken: Collection[str]) -> Node:
    """`tree` with the variables that say which film it is, unless these names mean something else."""
    variables = tree.get("variables") or Node({}, film.episode.source)
    if not isinstance(variables.value, dict):
        return tree
    ours = {"episode": film.called, "episode_title": film.episode.title}
    place = film.episode.source
    added = {
        name: Entry(place, Node(text, place, text))
        for name, text in ours.items()
        if name not in variables.value and name not in taken
    }
    return _merged(tree, Node({"variables": Entry(variables.source, Node(added, variables.source))}, tree.source))


def has_storyboard(film: Listed, findings: Findings) -> bool:
    """Whether the storyboard of `film`, which `findings` are about, is there; else that is a finding."""
    sources = findings.sources
    path = sources.storyboard_path
    if path in sources.texts and path.endswith((".jinja", ".yaml", ".json")):
        return True
    if not film.episode.storyboard:
        says = f"{film.episode.name} names no storyboard, and there is none that the films share."
        findings.add(Code.NO_STORYBOARD, film.episode.source, says, f"Write a {path}, or add storyboard: to it.")
        return False
    place = next(
        choice.patch.value_at("storyboard") for choice in reversed(film.choices) if choice.patch.get("storyboard")
    )
    known = [name for name in sources.texts if name.endswith(".jinja") and not name.startswith("templates/")]
    advice = did_you_mean(path, known, otherwise="Write it, or leave storyboard away.")
    findings.add(Code.NO_SUCH_FILE, place, f'there is no storyboard "{path}" in the project.', advice)
    return False
