"""The schemas that editors use say what the readers take."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.compiler.json_schemas import MODELS, schema_of, schema_text

KEPT = Path(__file__).parents[2] / "docs" / "schemas"


def parts_of(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The schema itself and what it refers to, by name."""
    schema = schema_of(name)
    yield name, schema
    yield from schema.get("$defs", {}).items()


@pytest.mark.parametrize("name", MODELS)
def test_the_kept_schema_is_the_one_the_models_give(name: str) -> None:
    """`make schemas` writes them anew."""
    assert (KEPT / f"{name}.schema.json").read_text(encoding="utf-8") == schema_text(name)


@pytest.mark.parametrize("name", MODELS)
def test_every_key_is_explained(name: str) -> None:
    """An editor shows the words beside the key."""
    silent = [
        f"{part}.{key}"
        for part, schema in parts_of(name)
        for key, value in schema.get("properties", {}).items()
        if not value.get("description")
    ]
    assert silent == []


@pytest.mark.parametrize("name", MODELS)
def test_no_reference_leads_nowhere(name: str) -> None:
    """Every `$ref` names a part that is there, and no private name is shown."""
    schema = schema_of(name)
    text = schema_text(name)
    named = {piece.split('"')[0] for piece in text.split("#/$defs/")[1:]}
    assert named <= set(schema.get("$defs", {})) and not any(part.startswith("_") for part in named)


def test_an_entry_of_the_bible_may_be_its_description_alone() -> None:
    """The short form is offered first."""
    assert schema_of("bible")["properties"]["characters"]["additionalProperties"]["anyOf"][0] == {"type": "string"}


def test_a_document_need_not_say_what_follows_from_elsewhere() -> None:
    """Neither its project nor the places of its lines."""
    assert schema_of("storyboard")["required"] == ["items"]
    assert schema_of("storyboard")["$defs"]["Shot"]["required"] == ["kind", "id", "prompt"]


def test_a_join_is_written_as_one_string() -> None:
    """As in templates."""
    join = schema_of("storyboard")["$defs"]["Join"]
    assert join["type"] == "string" and "dissolve 12" in join["examples"]
