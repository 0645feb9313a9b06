"""What every type of the model is: frozen, closed to unknown fields, and readable as JSON."""

from __future__ import annotations

import json
from abc import abstractmethod
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_serializer, model_validator
from pydantic_core import to_json

from pipeline.errors import UsageError


class Value(BaseModel):
    """A frozen value; equal fields make equal values, unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Written(Value):
    """A value that is the same string wherever it is written: in a template, in YAML and in JSON."""

    @classmethod
    @abstractmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError, with a sentence, for text that is no such value."""

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        return dict(cls.parse(str(value))) if isinstance(value, str | int | float) else value

    @model_serializer
    def _to_text(self) -> str:
        return str(self)


class Document(Value):
    """What stands on an arrow between two stages, kept as a readable file in `build/`."""

    schema_name: ClassVar[str]
    """Name and version, such as "Storyboard.1"; the number goes up when old readers would misread."""

    def to_json(self) -> str:
        """Indented JSON, the schema first, a newline at the end; equal documents give equal text."""
        body = {"schema": self.schema_name, **self.model_dump(mode="json")}
        return to_json(body, indent=2).decode() + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The document that `to_json` wrote.

        Raises:
            UsageError: no JSON, another schema or version, or fields that do not fit.
        """
        try:
            body: Any = json.loads(text)
            schema = body.pop("schema", None) if isinstance(body, dict) else None
            if schema != cls.schema_name:
                raise UsageError(f"this is no {cls.schema_name} document (its schema says {schema!r}); make it anew")
            return cls.model_validate(body)
        except (ValueError, ValidationError) as error:
            raise UsageError(f"this {cls.schema_name} document cannot be read ({error}); make it anew") from error
