"""series.yaml and the variants of project.yaml as written: what films are chosen from, and what each choice says anew.

Found here is only what makes the list unreadable. What is wrong within what a choice says is found when a film of it
is compiled, so that it holds up no other; `listing` multiplies the choices, `patched` uses what they say.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.compiler.catalogue import Code
from pipeline.compiler.findings import Findings, did_you_mean
from pipeline.compiler.kept_yaml import read_kept
from pipeline.compiler.project_file import Patch
from pipeline.compiler.sources import PROJECT_FILE
from pipeline.compiler.tables import WrittenRow, read_rows
from pipeline.compiler.yaml_tree import Entry, Node
from pipeline.model.finding import Source
from pipeline.model.series import EPISODE_PATTERN
from pipeline.model.value import Value

_TAKEN: Final = frozenset({"held_by"})  # what lies in `build/` beside the films' folders
_OF_A_ROW: Final = ("title", "storyboard")  # columns that are no variables
_NO_EPISODES: Final = "Write one - id: s01e01 a line below it, or the path of a table: episodes.csv."


class EpisodeEntry(Patch):
    """One film of the series; what it leaves open, project.yaml says."""

    id: str


class SeriesFile(Value):
    """series.yaml as written; read by hand below, so that what one entry says wrong is found with its film alone."""

    title: str = ""
    episodes: str | tuple[EpisodeEntry, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """An episode, or a value of a variant.

    Attributes:
        patch: a mapping: what it says anew.
    """

    name: str
    source: Source
    patch: Node


def read_choices(project_tree: Node | None, series_tree: Node | None, findings: Findings) -> list[tuple[Choice, ...]]:
    """What is chosen from: the episodes, then each variant."""
    lists = [_episodes(series_tree, findings)] if series_tree else []
    variants = project_tree.get("variants") if project_tree else None
    if variants is None or variants.value is None:
        return lists
    if not isinstance(variants.value, dict):
        advice = "Write one in each line below it, such as language: {en: {}, de: {}}."
        findings.add(Code.WRONG_VALUE, variants.source, '"variants" holds names and values.', advice)
        return lists
    return [*lists, *(_values(name, entry, findings) for name, entry in variants.value.items())]


def _values(variant: str, written: Entry, findings: Findings) -> tuple[Choice, ...]:
    """The values of one variant."""
    values = written.node.value
    if not isinstance(values, dict) or not values:
        says = f'"{variant}" holds names and values.' if values else f'"{variant}" has no values.'
        code = Code.WRONG_VALUE if values else Code.MISSING_KEY
        findings.add(code, written.source, says, "Write one in each line below it, such as short: {}.")
        return ()
    return tuple(_choice(Node(name, entry.source), entry.node, findings) for name, entry in values.items())


def _episodes(tree: Node, findings: Findings) -> tuple[Choice, ...]:
    """The entries of series.yaml, or the rows of the table that it names."""
    if not isinstance(tree.value, dict):
        findings.add(Code.WRONG_VALUE, tree.source, "this is no series.", "Write `episodes:` with a list below it.")
        return ()
    before = len(findings)
    for key, entry in tree.value.items():
        if key not in SeriesFile.model_fields:
            advice = did_you_mean(key, SeriesFile.model_fields)
            findings.add(Code.UNKNOWN_KEY, entry.source, f'there is no "{key}" here.', advice)
    title, episodes = tree.get("title"), tree.get("episodes")
    if title and not isinstance(title.value, str):
        findings.add(Code.WRONG_VALUE, tree.value_at("title"), '"title" must be text.', "Put quotes around it.")
    if episodes is None and len(findings) > before:  # it is misspelled
        return ()
    if episodes is None or not episodes.value:
        findings.add(Code.MISSING_KEY, tree.at("episodes"), "there are no episodes.", _NO_EPISODES)
        return ()
    if isinstance(episodes.value, str):
        choices = _rows(episodes, episodes.value, findings)
    elif isinstance(episodes.value, tuple):
        choices = tuple(_entry(node, findings) for node in episodes.value)
    else:
        findings.add(Code.WRONG_VALUE, tree.value_at("episodes"), '"episodes" must be a list.', _NO_EPISODES)
        return ()
    _check_ids(choices, findings)
    return choices


def _entry(node: Node, findings: Findings) -> Choice:
    """One episode of the list."""
    written = node.get("id")
    if written is None:
        says = "this episode has no id." if isinstance(node.value, dict) else "an episode holds names and values."
        findings.add(Code.MISSING_KEY, node.source, says, "Write - id: s01e01, and below it what is its own.")
        return Choice("", node.source, node)
    return _choice(written, node.without("id"), findings)


def _rows(node: Node, path: str, findings: Findings) -> tuple[Choice, ...]:
    """The rows of the table at `path`, an episode each."""
    path = path.removeprefix("./")
    sources = findings.sources
    if path not in sources.texts or not path.endswith(".csv"):
        advice = did_you_mean(path, sources.files, otherwise="Put the table there, or write a list.")
        findings.add(Code.NO_SUCH_FILE, node.source, f'there is no table "{path}" in the project.', advice)
        return ()
    before = len(findings)
    rows = read_rows(sources.texts[path], path, findings)
    place = Source(path=path, line=1)
    if rows and "id" not in rows[0].cells:
        findings.add(Code.MISSING_KEY, place, 'this table has no column "id".', "Add one: it names the episodes.")
        return ()
    if not rows and len(findings) == before:
        findings.add(Code.MISSING_KEY, place, "there are no episodes.", "Write a row for each.")
    named = _variables_of(read_kept(sources.texts.get(PROJECT_FILE, ""), PROJECT_FILE, Findings(sources)))
    return tuple(_row(row, named, findings) for row in rows)


def _variables_of(tree: Node | None) -> frozenset[str]:
    variables = tree.get("variables") if tree else None
    return frozenset(variables.value if variables and isinstance(variables.value, dict) else ())


def _row(row: WrittenRow, named: frozenset[str], findings: Findings) -> Choice:
    """A row as an episode. An empty cell leaves what project.yaml says; a variable that it does not name is empty.

    Args:
        named: the variables of project.yaml.
    """
    said = {column: Entry(row.source, Node(cell, row.source, cell)) for column, cell in row.cells.items()}
    own = {key: said[key] for key in _OF_A_ROW if row.cells.get(key)}
    variables = {
        column: entry
        for column, entry in said.items()
        if column not in ("id", *_OF_A_ROW) and (row.cells[column] or column not in named)
    }
    patch = Node({**own, "variables": Entry(row.source, Node(variables, row.source))}, row.source)
    return _choice(said["id"].node, patch, findings)


def _choice(name: Node, patch: Node, findings: Findings) -> Choice:
    """What is called `name`, if it can be called so."""
    text = name.value if isinstance(name.value, str) else name.text
    if not text:
        findings.add(Code.MISSING_KEY, name.source, "this episode has no id.", "Give it one, such as s01e01.")
    elif not EPISODE_PATTERN.fullmatch(text) or folded(text) in _TAKEN:
        says = f'"{text}" cannot name a film.'
        advice = "Use letters, digits, - and _, but no - or _ in front; a film's name begins the ids of its shots."
        if folded(text) in _TAKEN:
            advice = "Use another one: a file of ours is called so."
        findings.add(Code.EPISODE_NAME, name.source, says, advice)
    if patch.value is None:
        patch = Node({}, patch.source)
    if not isinstance(patch.value, dict):
        says = f'"{text}" holds names and values: what is said anew for its films.'
        findings.add(Code.WRONG_VALUE, patch.source, says, "Write {}, or variables: {name: value}.")
    return Choice(text, name.source, patch)


def _check_ids(choices: Sequence[Choice], findings: Findings) -> None:
    seen: dict[str, Choice] = {}
    for choice in choices:
        first = seen.setdefault(folded(choice.name), choice)
        if first is not choice and choice.name:
            says = f'the id "{choice.name}" is taken: {first.source.path}:{first.source.line}.'
            advice = "Give one of them another; large and small letters are the same here."
            findings.add(Code.FILM_TWICE, choice.source, says, advice)


def folded(name: str) -> str:
    """`name` as a disk may take it that knows no large and small letters."""
    return unicodedata.normalize("NFC", name).casefold()
