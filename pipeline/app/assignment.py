"""What a command works on: one project, and how it is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from pipeline.access import Access
from pipeline.mandate import Mandate
from pipeline.model.capabilities import Capabilities
from pipeline.project import ProjectPaths, StorePaths, Workspace
from pipeline.settings import Settings
from pipeline.shoot.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One project, and how this command looks at it.

    Attributes:
        variables: `--var` on the command line; they win over project.yaml.
        budget: fields of the budget that the command line sets anew.
        mandate: what it may pay for.
        vendor: what is known of the vendor beyond its page; of a live one alone.
    """

    settings: Settings
    workspace: Workspace
    project: ProjectPaths
    access: Access
    variables: Mapping[str, str]
    budget: Mapping[str, int]
    mandate: Mandate = field(default_factory=Mandate)
    vendor: Capabilities = field(default_factory=Capabilities)

    @property
    def store(self) -> StorePaths:
        return self.workspace.store(self.access.world)

    @property
    def policy(self) -> Policy:
        return Policy.for_vendor(self.vendor).scaled(self.access.speed)

    def of_film(self, name: str) -> Self:
        """The same for one film of the project."""
        return replace(self, project=self.project.film_of(name))
