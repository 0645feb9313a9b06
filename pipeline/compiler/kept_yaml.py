"""YAML that is read once for all films of a series: a cell compiles one after another from the same texts."""

from __future__ import annotations

from functools import lru_cache

from pipeline.compiler.findings import Findings
from pipeline.compiler.sources import Sources
from pipeline.compiler.yaml_tree import Node, read_yaml
from pipeline.model.finding import Finding


def read_kept(text: str, path: str, findings: Findings) -> Node | None:
    """As `read_yaml`, of which it keeps the last results."""
    tree, found = _read(text, path)
    findings.repeat(found)
    return tree


@lru_cache(maxsize=4)  # project, bible and series; the largest trees take some 15 MB each
def _read(text: str, path: str) -> tuple[Node | None, tuple[Finding, ...]]:
    findings = Findings(Sources(project="", texts={path: text}))
    return read_yaml(text, path, findings), findings.all()
