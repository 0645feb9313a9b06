"""project.yaml: what holds for the whole film, whatever its storyboard says; and what a film of a series says anew."""

from __future__ import annotations

from typing import Any

from pydantic import Field, field_validator

from pipeline.compiler.catalogue import Code, read_allowed
from pipeline.compiler.findings import Findings
from pipeline.compiler.schema import read_fields
from pipeline.compiler.yaml_tree import Node
from pipeline.model.delivery import CaptionStyle, Copying, Delivery, Format, Lufs, Poster, Shape, once_each
from pipeline.model.instructions import MAX_FRAMES_BACK
from pipeline.model.storyboard import AspectRatio, Budget, Resolution
from pipeline.model.value import Value


class _Delivery(Value):
    loudness: Lufs = Delivery().loudness_lufs
    true_peak: float = Field(default=Delivery().true_peak_dbtp, ge=-9, le=0)
    captions: CaptionStyle = Delivery().captions
    copying: Copying = Field(default=Delivery().copying, alias="copy")  # pydantic has a method of that name
    shape: Shape | None = None
    formats: tuple[Format, ...] = ()
    poster: Poster | None = None

    @field_validator("formats")
    @classmethod
    def _once_each(cls, formats: tuple[Format, ...]) -> tuple[Format, ...]:
        return once_each(formats)


class _Budget(Value):
    max_credits: int | None = Field(default=None, ge=0)
    max_doubt_credits: int = Field(default=Budget().max_doubt_credits, ge=10)


class _Grants(Value):
    pay_again_credits: int = Field(default=0, ge=0)
    reshoot_failed: int = Field(default=0, ge=0, le=5)


class _Continuity(Value):
    frame: int = Field(default=0, ge=-MAX_FRAMES_BACK, le=0)


class _Lint(Value):
    allow: frozenset[Code] = frozenset()

    @field_validator("allow", mode="before")
    @classmethod
    def _codes(cls, written: object) -> object:
        """One text or a list of them; `read_allowed` says which codes there are."""
        words = [written] if isinstance(written, str) else written
        return read_allowed(" ".join(map(str, words))) if isinstance(words, list) else written


class _FilmKeys(Value):
    """What may be said for every film anew."""

    title: str = ""
    aspect_ratio: AspectRatio = AspectRatio.WIDE
    resolution: Resolution = Resolution.HD
    variables: dict[str, Any] = Field(default_factory=dict)
    delivery: _Delivery = _Delivery()
    continuity: _Continuity = _Continuity()
    lint: _Lint = _Lint()


class Patch(_FilmKeys):
    """What one film of a series says anew of project.yaml; an entry of series.yaml, or a value of a variant."""

    storyboard: str = ""


class ProjectFile(_FilmKeys):
    """project.yaml as written; `series_file` reads its variants."""

    budget: _Budget = _Budget()
    grants: _Grants = _Grants()
    variants: dict[str, dict[str, Patch | None]] = Field(default_factory=dict)

    def ordered(self) -> Delivery:
        return Delivery(
            loudness_lufs=self.delivery.loudness,
            true_peak_dbtp=self.delivery.true_peak,
            captions=self.delivery.captions,
            copying=self.delivery.copying,
            shape=self.delivery.shape,
            formats=self.delivery.formats,
            poster=self.delivery.poster,
        )

    def allowed(self) -> Budget:
        return Budget(
            max_credits=self.budget.max_credits,
            max_doubt_credits=self.budget.max_doubt_credits,
            pay_again_credits=self.grants.pay_again_credits,
            reshoot_failed=self.grants.reshoot_failed,
        )


def read_project(tree: Node, findings: Findings) -> ProjectFile:
    """project.yaml without its variables, which `variables` reads; its defaults where it has findings."""
    return read_fields(ProjectFile, tree, findings) or ProjectFile()
