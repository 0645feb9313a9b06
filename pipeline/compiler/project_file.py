"""project.yaml: what holds for the whole film, whatever its storyboard says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from pipeline.compiler.catalogue import Code
from pipeline.compiler.findings import Findings, did_you_mean
from pipeline.compiler.schema import read_fields
from pipeline.compiler.yaml_tree import Node, read_yaml
from pipeline.model.delivery import Delivery
from pipeline.model.storyboard import AspectRatio, Budget, Resolution
from pipeline.model.value import Value


class _Delivery(Value):
    loudness: float = Field(default=Delivery().loudness_lufs, ge=-40, le=-5)
    true_peak: float = Field(default=Delivery().true_peak_dbtp, ge=-9, le=0)


class _Budget(Value):
    max_credits: int | None = Field(default=None, ge=0)
    max_doubt_credits: int = Field(default=Budget().max_doubt_credits, ge=10)


class _Grants(Value):
    pay_again_credits: int = Field(default=0, ge=0)
    reshoot_failed: int = Field(default=0, ge=0, le=5)


class ProjectFile(Value):
    """project.yaml as written."""

    title: str = ""
    aspect_ratio: AspectRatio = AspectRatio.WIDE
    resolution: Resolution = Resolution.HD
    variables: dict[str, Any] = Field(default_factory=dict)
    delivery: _Delivery = _Delivery()
    budget: _Budget = _Budget()
    grants: _Grants = _Grants()

    def ordered(self) -> Delivery:
        return Delivery(loudness_lufs=self.delivery.loudness, true_peak_dbtp=self.delivery.true_peak)

    def allowed(self) -> Budget:
        return Budget(
            max_credits=self.budget.max_credits,
            max_doubt_credits=self.budget.max_doubt_credits,
            pay_again_credits=self.grants.pay_again_credits,
            reshoot_failed=self.grants.reshoot_failed,
        )


def read_project(tree: Node, overrides: Mapping[str, str], findings: Findings) -> ProjectFile:
    """project.yaml with `overrides` in place of its variables; its defaults where it has findings."""
    project = read_fields(ProjectFile, tree, findings) or ProjectFile()
    named = tree.get("variables")
    variables = named.plain() if named and isinstance(named.value, dict) else {}
    for name in variables:
        if not name.isidentifier():
            advice = "Use letters, digits and _ only."
            findings.add(
                Code.BAD_NAME, tree.at("variables", name), f'"{name}" cannot be written in a template.', advice
            )
    for name, text in overrides.items():
        place = tree.at("variables")
        if name not in variables:
            advice = did_you_mean(name, variables, otherwise="Add it to `variables` here first.")
            findings.add(Code.NO_SUCH_VARIABLE, place, f'there is no variable "{name}" to set with --var.', advice)
        elif (node := read_yaml(text, f"--var {name}", findings)) is not None:
            variables[name] = node.plain() if text.strip() else ""
    return project.model_copy(update={"variables": variables})
