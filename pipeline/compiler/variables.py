"""The variables of project.yaml as templates see them: plain values whose leaves know where they come from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.compiler.catalogue import Code
from pipeline.compiler.findings import Findings, did_you_mean
from pipeline.compiler.sources import Sources
from pipeline.compiler.tables import Row, read_table
from pipeline.compiler.told import told
from pipeline.compiler.yaml_tree import Node, read_yaml


def read_variables(tree: Node, overrides: Mapping[str, str], sources: Sources, findings: Findings) -> dict[str, Any]:
    """`variables` of the project.yaml that is `tree`, with `overrides` in their place.

    Args:
        overrides: values as written on the command line, read as YAML; project.yaml must name them.
    """
    written = tree.get("variables")
    nodes = {
        name: entry.node
        for name, entry in (written.value if written and isinstance(written.value, dict) else {}).items()
    }
    for name in nodes:
        if not name.isidentifier():
            advice = "Use letters, digits and _ only."
            findings.add(
                Code.BAD_NAME, tree.at("variables", name), f'"{name}" cannot be written in a template.', advice
            )
    for name, text in overrides.items():
        if name not in nodes:
            advice = did_you_mean(name, nodes, otherwise="Add it to `variables` here first.")
            says = f'there is no variable "{name}" to set with --var.'
            findings.add(Code.NO_SUCH_VARIABLE, tree.at("variables"), says, advice)
        elif (node := read_yaml(text, f"--var {name}", findings)) is not None:
            nodes[name] = node if text.strip() else Node("", node.source)
    return {name: _value(node, name, sources, findings) for name, node in nodes.items()}


def _value(node: Node, name: str, sources: Sources, findings: Findings) -> Any:
    """The value of `node`, which templates call `name`; the path of a table is its rows."""
    if isinstance(node.value, dict):
        return {key: _value(entry.node, f"{name}.{key}", sources, findings) for key, entry in node.value.items()}
    if isinstance(node.value, tuple):
        return [
            _value(member, _member_name(name, at, member), sources, findings) for at, member in enumerate(node.value)
        ]
    if isinstance(node.value, str) and node.value.endswith(".csv"):
        return _table(node, node.value, name, sources, findings)
    return told(node.value, name, node.source, written=node.text)


def _member_name(name: str, at: int, member: Node) -> str:
    """What a template would call a member of a list: by its id, else by its position; a text after the list itself."""
    if not isinstance(member.value, dict | tuple):
        return name
    named = member.get("id")
    return f"{name}.{named.value}" if named and named.value else f"{name}[{at}]"


def _table(node: Node, path: str, name: str, sources: Sources, findings: Findings) -> list[Row]:
    path = path.removeprefix("./")
    if path in sources.texts:
        return read_table(sources.texts[path], path, name, findings)
    if path in sources.files:  # set by --var: only what project.yaml names is read
        says, advice = f'the table "{path}" is not named in project.yaml.', "Name it there, as a variable of its own."
    else:
        tables = [file for file in sources.files if file.endswith(".csv")]
        says = f'there is no table "{path}" in the project.'
        advice = did_you_mean(path, tables, otherwise="Put the table there, or write other words.")
    findings.add(Code.NO_SUCH_FILE, node.source, says, advice)
    return []
